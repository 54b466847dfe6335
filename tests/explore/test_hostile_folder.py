"""Folders of runs that somebody else made: read as data, never run, answered in words, within memory and time."""

from __future__ import annotations

import io
import json
import os
import pickle
import shutil
import zipfile

import numpy as np
import pytest

from borderlab.base.problems import InputError
from borderlab.cli.main import run
from borderlab.explore.running.arrays import file_hash, read_arrays, write_arrays
from borderlab.explore.running.chunk_check import check
from borderlab.explore.running.plan import Plan
from borderlab.explore.running.store import JOURNAL, Store
from borderlab.explore.running.workers import STRATEGIES, WORKERS, worker_of


def command(capsys, *words):
    with pytest.raises(SystemExit) as left:
        run([str(word) for word in words])
    return left.value.code or 0, *capsys.readouterr()


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A finished run of two strategies."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    words = ["compare", "institutional-dialogue", "--futures", "100", "--years", "1", "--workers", "1"]
    with pytest.raises(SystemExit) as left:
        run([*words, "--out", str(folder)])
    assert not left.value.code
    return folder


@pytest.fixture
def folder(whole, tmp_path):
    shutil.copytree(whole, tmp_path / "run")
    return tmp_path / "run"


def journal_of(folder):
    return json.loads((folder / JOURNAL).read_text(encoding="utf-8"))


def rewrite(folder, journal):
    """As somebody would who knows the format: with the hash of what it now says."""
    plan = Plan(journal["worker"], journal["inputs"], journal["futures"], journal["chunk"], journal.get("apart"))
    (folder / JOURNAL).write_text(json.dumps({**journal, "hash": plan.hash}), encoding="utf-8")


def unfinished(folder):
    """The same run with its second chunk still to do, so that --resume runs something."""
    journal = journal_of(folder)
    del journal["done"]["1"]
    (folder / "chunks" / "00001.npz").unlink()
    return journal


def test_the_run_itself_can_be_read_and_gone_on_with(folder, capsys):
    assert command(capsys, "report", folder)[0] == 0
    rewrite(folder, unfinished(folder))
    assert command(capsys, "compare", "--resume", folder, "--workers", "1")[0] == 0


WORKER_WORDS = [
    "os:system",
    "subprocess:run",
    "logging.config:dictConfig",
    "builtins:exec",
    "runpy:run_path",
    "borderlab.explore.running.chunk:run_strategies",
    "explore_toy:run",
    "strategies:",
    "",
    "../../evil",
    "x" * 100_000,
]


@pytest.mark.parametrize("word", WORKER_WORDS, ids=lambda word: word[:30] or "empty")
def test_no_worker_but_our_own_is_ever_run(folder, capsys, word):
    journal = unfinished(folder)
    marker = folder.parent / "ran"
    handlers = {"h": {"class": "logging.FileHandler", "filename": str(marker)}}
    journal.update(worker=word)
    journal["inputs"].update(version=1, handlers=handlers, root={"handlers": ["h"]}, args=f"touch {marker}")
    rewrite(folder, journal)
    for words in (["compare", "--resume", folder], ["report", folder]):
        status, out, err = command(capsys, *words)
        assert (status, out) == (2, "")
        assert "there is no worker" in err
        assert len(err) < 2000
    assert not marker.exists()


def test_the_list_of_workers_is_closed():
    assert set(WORKERS) == {STRATEGIES}
    assert WORKERS[STRATEGIES].run.__module__ == "borderlab.explore.running.chunk"
    with pytest.raises(InputError, match="Did you mean 'strategies'"):
        worker_of("strategys")


def _strategy(journal):
    return journal["inputs"]["strategies"][1]


def _deep():
    part = {"kind": "period", "after": "2027-01-01", "before": None, "held_weeks": 0}
    for _ in range(200):
        part = {"kind": "not", "part": part, "held_weeks": 0}
    return part


CHANGES = {
    "no strategies": lambda j: j["inputs"].update(strategies=[]),
    "strategies a text": lambda j: j["inputs"].update(strategies="status-quo"),
    "strategy a number": lambda j: j["inputs"]["strategies"].__setitem__(1, 7),
    "strategy empty": lambda j: j["inputs"]["strategies"].__setitem__(1, {}),
    "strategy twice": lambda j: j["inputs"]["strategies"].__setitem__(1, j["inputs"]["strategies"][0]),
    "unknown part": lambda j: _strategy(j).update(__class__="os.system"),
    "kind of a condition": lambda j: _strategy(j)["rules"][0].update(when={"kind": "os.system"}),
    "kind a list": lambda j: _strategy(j)["rules"][0].update(when={"kind": ["not"]}),
    "condition missing": lambda j: _strategy(j)["rules"][0].pop("when"),
    "condition too deep": lambda j: _strategy(j)["rules"][0].update(when=_deep()),
    "weeks of a million years": lambda j: _strategy(j)["rules"][0].update(rest_weeks=10**9),
    "weeks negative": lambda j: _strategy(j)["rules"][0].update(rest_weeks=-1),
    "weeks a huge number": lambda j: _strategy(j)["rules"][0].update(rest_weeks=10**39),
    "weeks a text": lambda j: _strategy(j)["rules"][0].update(rest_weeks="four"),
    "fires for ever": lambda j: _strategy(j)["rules"][0].update(at_most_times=10**12),
    "unknown lever": lambda j: _strategy(j).update(
        constants=[{"lever": "us.nothing", "value": 1.0, "at": [], "over_weeks": 0}]
    ),
    "lever out of bounds": lambda j: _strategy(j).update(
        constants=[{"lever": "us.tariff", "value": 1e9, "at": [], "over_weeks": 0}]
    ),
    "unknown place": lambda j: _strategy(j).update(
        constants=[{"lever": "us.freight_inspection_share", "value": 0.9, "at": ["/etc/passwd"], "over_weeks": 0}]
    ),
    "title with no Spanish": lambda j: _strategy(j).update(title={"en": "A"}),
    "id with a path": lambda j: _strategy(j).update(id="../../../etc/cron.d/x"),
    "seed negative": lambda j: j["inputs"].update(seed=-1),
    "seed a text": lambda j: j["inputs"].update(seed="1"),
    "years of ages": lambda j: j["inputs"].update(years=1e6),
    "years true": lambda j: j["inputs"].update(years=True),
    "start no date": lambda j: j["inputs"].update(start="soon"),
    "start far away": lambda j: j["inputs"].update(start="9999-12-31"),
    "measures unknown": lambda j: j["inputs"].update(measures=["__import__('os')"]),
    "measures none": lambda j: j["inputs"].pop("measures"),
    "measures twice": lambda j: j["inputs"].update(measures=[j["inputs"]["measures"][0]] * 2),
    "unknowns a list": lambda j: j["inputs"].update(unknowns=[]),
    "unknown parameter": lambda j: j["inputs"]["unknowns"].update({"evil": None}),
    "options of a number": lambda j: j["inputs"]["unknowns"].update({next(iter(j["inputs"]["unknowns"])): ["a"]}),
    "weights of nothing": lambda j: j["inputs"].update(weights={"nothing": 1}),
    "futures of ages": lambda j: j.update(futures=10**12),
    "chunk of ages": lambda j: j.update(chunk=10**12),
    "apart elsewhere": lambda j: j.update(apart="unknowns"),
    "apart a list": lambda j: j.update(apart=["strategies"]),
    "done a list": lambda j: j.update(done=[0, 1]),
    "done of paths": lambda j: j.update(done={"../0": "aa"}),
    "everything a word": lambda j: j["inputs"].update(everything="yes"),
    "format of the future": lambda j: j.update(format=99),
    "format a list": lambda j: j.update(format=[1]),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("how", ["report", "resume"])
def test_a_journal_that_says_what_cannot_be_is_refused(folder, capsys, change, how):
    journal = unfinished(folder) if how == "resume" else journal_of(folder)
    change(journal)
    try:
        rewrite(folder, journal)
    except (TypeError, AttributeError, KeyError):  # no plan can be made of it, so no hash either
        (folder / JOURNAL).write_text(json.dumps(journal))
    before = sorted(path.relative_to(folder) for path in folder.rglob("*"))
    words = ["report", folder] if how == "report" else ["compare", "--resume", folder, "--workers", "1"]
    status, out, err = command(capsys, *words)
    assert (status, out) == (2, "")
    assert err.startswith("error: ")
    assert len(err) < 1000
    assert sorted(path.relative_to(folder) for path in folder.rglob("*")) == before


TEXTS = {
    "empty": b"",
    "blank": b"  \n",
    "zero bytes": b"\0" * 100,
    "not UTF-8": b'{"format": "\xff"}',
    "torn": b'{"format": 1, "done',
    "list": b"[]",
    "number": b"1",
    "null": b"null",
    "deep": b"[" * 200_000,
    "deep mappings": b'{"a":' * 50_000,
    "not a number": b'{"format": NaN}',
    "huge number": b'{"format": 1e999}',
    "five thousand digits": b'{"format": ' + b"9" * 5000 + b"}",
    "half a letter": b'{"format": "\\ud800"}',
    "python": b"__import__('os').system('touch ran')",
    "yaml tag": b"!!python/object/apply:os.system ['touch ran']",
    "pickle": pickle.dumps({"format": 1}),
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
@pytest.mark.parametrize("how", [["report"], ["compare", "--resume"]], ids=["report", "resume"])
def test_a_journal_that_is_no_journal_is_refused(tmp_path, monkeypatch, capsys, text, how):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "run").mkdir()
    (tmp_path / "run" / JOURNAL).write_bytes(text)
    status, out, err = command(capsys, *how, "run")
    assert (status, out) == (2, "")
    assert "journal cannot be read" in err
    assert not (tmp_path / "ran").exists()


class Evil:
    """Would make a file if it were ever unpickled."""

    def __init__(self, marker):
        self.marker = str(marker)

    def __reduce__(self):
        return os.mkdir, (self.marker,)


def put_chunk(folder, number, raw):
    path = folder / "chunks" / f"{number:05d}.npz"
    path.write_bytes(raw)
    journal = journal_of(folder)
    journal["done"][str(number)] = file_hash(path)
    (folder / JOURNAL).write_text(json.dumps(journal))


def npz(**members):
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as bundle:
        for name, raw in members.items():
            bundle.writestr(f"{name}.npy", raw)
    return kept.getvalue()


def npy(array, **options):
    kept = io.BytesIO()
    np.lib.format.write_array(kept, array, **options)
    return kept.getvalue()


def lying_header(shape, dtype="<f8"):
    kept = io.BytesIO()
    np.lib.format.write_array_header_1_0(kept, {"descr": dtype, "fortran_order": False, "shape": shape})
    return kept.getvalue()


def arrays_of(folder, number):
    return read_arrays(folder / "chunks" / f"{number:05d}.npz", lambda headers: None)


@pytest.mark.parametrize("how", [["report"], ["compare", "--resume"]], ids=["report", "resume"])
@pytest.mark.parametrize("kind", ["object array", "bare pickle", "object in a plan"])
def test_nothing_is_unpickled(folder, tmp_path, capsys, how, kind):
    marker = tmp_path / "ran"
    if kind == "bare pickle":
        put_chunk(folder, 1, pickle.dumps(Evil(marker)))
    elif kind == "object array":
        put_chunk(folder, 1, npz(measures=npy(np.array([Evil(marker)], dtype=object), allow_pickle=True)))
    else:
        found = {name: npy(array) for name, array in arrays_of(folder, 1).items()}
        found["index"] = npy(np.array([Evil(marker)], dtype=object), allow_pickle=True)
        put_chunk(folder, 1, npz(**found))
    status, _, err = command(capsys, *how, folder)
    assert status == 2
    assert "the chunk cannot be used" in err
    assert not marker.exists()


def _with(**changed):
    def change(arrays):
        return npz(**{name: npy(array) for name, array in {**arrays, **changed}.items()})

    return change


def _raw(**changed):
    def change(arrays):
        return npz(**{**{name: npy(array) for name, array in arrays.items()}, **changed})

    return change


CHUNKS = {
    "empty": lambda arrays: b"",
    "no zip": lambda arrays: b"PK\x03\x04" + b"x" * 100,
    "no arrays": lambda arrays: npz(),
    "one array missing": lambda arrays: npz(**{n: npy(a) for n, a in arrays.items() if n != "index"}),
    "one array more": _with(evil=np.zeros(3)),
    "a terabyte claimed": _raw(measures=lying_header((1, 72, 10**10))),
    "a negative shape": _raw(measures=lying_header((1, -72, 3))),
    "a shape of code": _raw(measures=lying_header((1,)).replace(b"(1,)", b"f()")),
    "cut off": lambda arrays: npz(**{n: npy(a)[:-4] for n, a in arrays.items()}),
    "all zeros packed": _raw(measures=lying_header((10**8,)) + b"\0" * 10**7),
    "other type": lambda arrays: _with(measures=arrays["measures"].astype("<f4"))(arrays),
    "complex": lambda arrays: _with(measures=arrays["measures"].astype(complex))(arrays),
    "a measure too few": lambda arrays: _with(measures=arrays["measures"][:, 1:])(arrays),
    "not finite": lambda arrays: _with(measures=np.full_like(arrays["measures"], np.nan))(arrays),
    "endless": lambda arrays: _with(series=np.full_like(arrays["series"], np.inf))(arrays),
    "index elsewhere": lambda arrays: _with(index=arrays["index"] + 10**6)(arrays),
    "index negative": lambda arrays: _with(index=arrays["index"] - 50)(arrays),
    "plausible of another length": _with(plausible=np.ones(7, dtype=bool)),
    "firings of no rule": lambda arrays: _with(
        **{"firings.0": np.full((6, 3), 99, dtype=np.int32)}
    )(arrays),
}  # fmt: skip


@pytest.mark.parametrize("made", CHUNKS.values(), ids=CHUNKS)
def test_a_chunk_that_cannot_be_right_is_refused(folder, capsys, made):
    put_chunk(folder, 1, made(arrays_of(folder, 1)))
    status, _, err = command(capsys, "report", folder)
    assert status == 2
    assert "00001.npz: the chunk cannot be used" in err


def test_drawn_codes_of_no_option_are_refused(folder, capsys):
    arrays = arrays_of(folder, 0)
    options = list(journal_of(folder)["inputs"]["unknowns"].values())
    arrays["drawn"][:, next(place for place, one in enumerate(options) if one)] = 1e9
    put_chunk(folder, 0, npz(**{name: npy(array) for name, array in arrays.items()}))
    status, _, err = command(capsys, "report", folder)
    assert status == 2
    assert "an option that there is not" in err


def test_a_true_chunk_passes_the_check(folder):
    store = Store.open(folder)
    for number, arrays in enumerate(store.chunks()):
        check(*store.plan.work(number)[1:], arrays)


@pytest.mark.parametrize("name", ["tables", "chunks"])
@pytest.mark.parametrize("there", [True, False], ids=["to a folder", "to nothing"])
def test_links_in_a_folder_make_nothing_elsewhere(folder, tmp_path, capsys, name, there):
    elsewhere = tmp_path / "elsewhere"
    if there:
        elsewhere.mkdir()
    journal = unfinished(folder)
    rewrite(folder, journal)
    shutil.rmtree(folder / name)
    (folder / name).symlink_to(elsewhere)
    status, _, err = command(capsys, "compare", "--resume", folder, "--workers", "1")
    assert status == 2
    assert "is a link or a file where a folder of our own should stand" in err
    assert list(elsewhere.iterdir()) == [] if there else not elsewhere.exists()


@pytest.mark.parametrize("name", [".lock", "results.json", "report.html", "tables/runs.parquet"])
def test_links_to_files_make_and_change_nothing_elsewhere(folder, tmp_path, capsys, name):
    there, nowhere = tmp_path / "there", tmp_path / "nowhere"
    there.write_text("mine")
    for target in (there, nowhere):
        (folder / name).unlink(missing_ok=True)
        (folder / name).symlink_to(target)
        rewrite(folder, unfinished(folder) if (folder / "chunks" / "00001.npz").exists() else journal_of(folder))
        command(capsys, "compare", "--resume", folder, "--workers", "1")
    assert there.read_text() == "mine"
    assert not nowhere.exists()


def test_a_written_chunk_is_read_as_written(tmp_path):
    arrays = {"a": np.arange(6.0).reshape(2, 3), "b": np.zeros((0, 4), dtype=np.int32), "c": np.array([True])}
    write_arrays(tmp_path / "x.npz", arrays)
    found = read_arrays(tmp_path / "x.npz", lambda headers: None)
    assert {name: (array.dtype, array.tolist()) for name, array in found.items()} == {
        name: (array.dtype, array.tolist()) for name, array in arrays.items()
    }
