"""The store of compiled kernels: what it notices, what it survives."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
from numba.core.registry import CPUDispatcher

from borderlab.base.kernels import Kernels
from borderlab.crossings.queues import compiled, histogram, kernel
from borderlab.strategy.runtime import truth, weekly
from tests.crossings import reference_solutions

HEAD = "from pathlib import Path\nfrom borderlab.base.kernels import Kernels\n"
INNER = HEAD + "GROUP = Kernels('test', [Path(__file__), Path(__file__).with_name('outer.py')])\nSTEP = {step}\n" + (
    "@GROUP.inlined\ndef inner(x):\n    return x + STEP\n"
)  # fmt: skip
OUTER = "from inner import GROUP, inner\n@GROUP.entry\ndef outer(x):\n    return inner(x) * 2\n"
CALL = (
    "from outer import outer\n"
    "print(outer(1), sum(outer.stats.cache_hits.values()), sum(outer.stats.cache_misses.values()))"
)


class Sandbox:
    """A folder with two small kernel files, and a cache, in which fresh processes run."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.cache = folder, folder / "cache"
        self.write(1)
        (folder / "outer.py").write_text(OUTER)

    def write(self, step: int) -> None:
        (self.folder / "inner.py").write_text(INNER.format(step=step))

    def run(self) -> list[int]:
        """The result, and how often the store had the code and had not."""
        done = subprocess.run(
            [sys.executable, "-c", CALL],
            cwd=self.folder,
            env={**os.environ, "BORDERLAB_CACHE": str(self.cache), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert not done.stderr
        return [int(word) for word in done.stdout.split()]

    def kept(self) -> list[Path]:
        return sorted(self.cache.glob("kernels-test-*/*"))


@pytest.fixture
def sandbox(tmp_path):
    return Sandbox(tmp_path)


def test_code_is_kept_and_found_again(sandbox):
    assert sandbox.run() == [4, 0, 1]
    assert sandbox.run() == [4, 1, 0]


def test_a_change_in_a_function_of_another_file_is_noticed(sandbox):
    assert sandbox.run()[0] == 4
    sandbox.write(step=5)
    assert sandbox.run() == [12, 0, 1]
    sandbox.write(step=1)  # as it was: what was kept then serves again
    assert sandbox.run() == [4, 1, 0]


@pytest.mark.parametrize("damage", ["empty", "cut", "flipped", "text"])
def test_a_damaged_file_is_made_anew(sandbox, damage):
    sandbox.run()
    (file,) = sandbox.kept()
    content = file.read_bytes()
    middle = len(content) // 2
    file.write_bytes(
        {
            "empty": b"",
            "cut": content[:middle],
            "flipped": content[:middle] + bytes([content[middle] ^ 1]) + content[middle + 1 :],
            "text": b"not a kernel\n" * 9,
        }[damage]
    )
    assert sandbox.run() == [4, 0, 1]
    assert sandbox.run() == [4, 1, 0]
    assert file.read_bytes() != b""


def test_a_store_that_cannot_be_made_costs_time_alone(sandbox):
    sandbox.cache.write_text("a file where the folder should be")
    assert sandbox.run() == [4, 0, 1]
    assert sandbox.run() == [4, 0, 1]
    assert sandbox.cache.read_text() == "a file where the folder should be"


def test_a_folder_of_somebody_else_is_not_trusted(tmp_path, monkeypatch):
    monkeypatch.setenv("BORDERLAB_CACHE", str(tmp_path))
    assert Kernels("mine", []).folder is not None
    monkeypatch.setattr(os, "getuid", lambda: 4242)
    assert Kernels("mine", []).folder is None


def test_the_key_is_of_all_sources_and_of_groups_that_are_used(tmp_path):
    one, two = tmp_path / "one.py", tmp_path / "two.py"
    one.write_text("a")
    two.write_text("b")
    below = Kernels("below", [one])
    above = Kernels("above", [two], using=[below])
    keys = {below.source_hash, above.source_hash, Kernels("above", [two]).source_hash}
    assert len(keys) == 3
    one.write_text("c")
    assert Kernels("below", [one]).source_hash != below.source_hash
    assert Kernels("above", [two], using=[Kernels("below", [one])]).source_hash != above.source_hash


def test_text_that_is_in_no_file_is_part_of_the_key(tmp_path, monkeypatch):
    monkeypatch.setenv("BORDERLAB_CACHE", str(tmp_path))
    results = []
    for number in (1, 2):
        text = textwrap.dedent(f"def made(x):\n    return x + {number}.5\n")
        names: dict = {}
        exec(compile(text, "<made>", "exec"), names)
        made = Kernels("made", []).entry(names["made"], text)
        results.append(made(1.0))
    assert results == [2.5, 3.5]
    assert len(list(tmp_path.glob("kernels-made-*/made-*.kernel"))) == 2


def test_a_kernel_closes_over_nothing():
    step = 2.0

    def closed(x):
        return x + step

    with pytest.raises(TypeError, match="closes over"):
        Kernels("closed", []).entry(closed)


def test_kernels_divide_as_numpy_does(tmp_path, monkeypatch):
    monkeypatch.setenv("BORDERLAB_CACHE", str(tmp_path))

    def ratio(x, y):
        return x / y

    assert Kernels("ratio", []).entry(ratio)(1.0, 0.0) == np.inf


def made_from(function) -> set[Path]:
    """Every file of the package that a compiled function takes functions or numbers from."""
    found: set[Path] = set()
    todo, done = [function], set()
    while todo:
        one = todo.pop()
        if one in done:
            continue
        done.add(one)
        found.add(Path(one.py_func.__code__.co_filename))
        for name in one.py_func.__code__.co_names:
            value = one.py_func.__globals__.get(name)
            if isinstance(value, CPUDispatcher):
                todo.append(value)
    return found


QUEUES = [kernel.run_component, histogram.quantile, reference_solutions._draw]
RULES = [weekly.reset_all, weekly.step_all, weekly.finish_all, weekly.truths_all, weekly.active_rules]


@pytest.mark.parametrize("entry", [*QUEUES, *RULES])
def test_a_group_names_all_that_its_entries_are_made_from(entry):
    group = entry._cache._group
    own = Path(entry.py_func.__code__.co_filename)  # is always part of the key
    assert made_from(entry) <= {*group.sources, own}
    assert group is (compiled.QUEUES if entry in QUEUES else truth.RULES)
    assert all(path.exists() for path in group.sources)
