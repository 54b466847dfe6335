"""Broken files: each says what is wrong with it, where, and the nearest right word. All faults of a file at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from borderlab.base.problems import InputError
from borderlab.strategy.file.parse import check_file, load_strategy

FOLDER = Path(__file__).parent / "broken"
FILES = sorted(FOLDER.glob("*.yaml"))


def expected(path: Path) -> list[tuple[str, str, str]]:
    """The lines '#! line | message | nearest word' of a broken file."""
    found = []
    for text in path.read_text(encoding="utf-8").splitlines():
        if text.startswith("#!"):
            line, message, near = (part.strip() for part in text[2:].split(" | "))
            found.append((line, message, near))
    return found


def test_the_corpus_is_large_enough():
    assert len(FILES) >= 60


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_broken_file(path):
    problems = check_file(path)
    found = [
        (str(one.line or "-"), " ".join(p for p in (one.cause, one.cure) if p), one.did_you_mean or "-")
        for one in problems
    ]
    assert found == expected(path)
    assert {Path(one.file).name for one in problems} == {path.name}


def test_a_fault_in_a_base_names_that_file(tmp_path):
    text = (FOLDER / "bare-number.yaml").read_text(encoding="utf-8")
    (tmp_path / "below.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "above.yaml").write_text(
        "schema: borderlab/strategy/1\nid: above\ntitle: {en: A, es: A}\ngist: {en: a, es: a}\nbase: below.yaml\n"
    )
    problems = check_file(tmp_path / "above.yaml")
    assert [(Path(one.file).name, one.line) for one in problems] == [("above.yaml", 5), ("below.yaml", 7)]


def test_a_circle_of_three_is_found(tmp_path):
    for name, base in (("a", "b"), ("b", "c"), ("c", "a")):
        head = f"schema: borderlab/strategy/1\nid: {name}\ntitle: {{en: A, es: A}}\ngist: {{en: a, es: a}}\n"
        (tmp_path / f"{name}.yaml").write_text(f"{head}base: {base}.yaml\n")
    assert "a → b → c → a" in " ".join(one.cause for one in check_file(tmp_path / "a.yaml"))


def test_what_is_no_strategy_at_all(tmp_path):
    with pytest.raises(InputError, match="Did you mean 'border-leverage'"):
        load_strategy("border-leverag")
    with pytest.raises(InputError, match="No such file"):
        load_strategy(tmp_path / "none.yaml")
    (tmp_path / "empty.yaml").write_text("\n")
    with pytest.raises(InputError, match="the file is empty"):
        load_strategy(tmp_path / "empty.yaml")
    (tmp_path / "latin.yaml").write_bytes("title: situación".encode("latin-1"))
    with pytest.raises(InputError, match="not UTF-8"):
        load_strategy(tmp_path / "latin.yaml")
    with pytest.raises(InputError):
        load_strategy(tmp_path)


def test_conditions_too_deep_are_refused(tmp_path):
    deep = "{not: " * 40 + "{after: 2027-01-01}" + "}" * 40
    head = "schema: borderlab/strategy/1\nid: x\ntitle: {en: A, es: A}\ngist: {en: a, es: a}\n"
    (tmp_path / "deep.yaml").write_text(
        f"{head}rules:\n  - id: r\n    when: {deep}\n    do: {{lever: us.tariff, to: 5 %}}\n"
    )
    assert any("nested more than" in one.cause for one in check_file(tmp_path / "deep.yaml"))


def test_conditions_that_unfold_without_end_are_refused(tmp_path):
    lines = ["gist: {en: a, es: a}", "a0: &a0 {after: 2027-01-01}"]
    lines += [f"a{n}: &a{n} {{all: [{', '.join([f'*a{n - 1}'] * 9)}]}}" for n in range(1, 9)]
    lines += ["rules:", "  - id: r", "    when: *a8", "    do: {lever: us.tariff, to: 5 %}", "    until: never"]
    (tmp_path / "bomb.yaml").write_text("\n".join(lines))
    assert any("more than 500 conditions" in one.cause for one in check_file(tmp_path / "bomb.yaml"))
