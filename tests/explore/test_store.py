"""A run's folder: resumed, damaged, locked, full, of another version; and workers that die."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from borderlab.base.problems import InputError
from borderlab.base.progress import Terminal, watched
from borderlab.explore.running import arrays
from borderlab.explore.running.execute import run_missing
from borderlab.explore.running.plan import Plan
from borderlab.explore.running.store import JOURNAL, Store

pytestmark = pytest.mark.usefixtures("toy_path")


def plan(futures=60, chunk=10, **inputs):
    return Plan("toy", inputs, futures, chunk)


def files(folder):
    return {path.relative_to(folder): path.read_bytes() for path in sorted(folder.rglob("*.npz"))}


def finished(folder, the_plan, **how):
    store = Store.create(folder, the_plan)
    run_missing(store, **how)
    return store


def joined(store):
    return np.concatenate([chunk["measures"] for chunk in store.chunks()], axis=1)


def test_files_are_the_same_for_any_number_of_workers(tmp_path):
    finished(tmp_path / "one", plan(), workers=1)
    finished(tmp_path / "three", plan(), workers=3)
    assert files(tmp_path / "one") == files(tmp_path / "three")
    assert (tmp_path / "one" / JOURNAL).read_bytes() == (tmp_path / "three" / JOURNAL).read_bytes()


def test_results_and_hash_do_not_depend_on_the_size_of_chunks(tmp_path):
    small = finished(tmp_path / "small", plan(chunk=7), workers=1)
    large = finished(tmp_path / "large", plan(chunk=60), workers=1)
    assert joined(small).tolist() == joined(large).tolist()
    assert small.plan.hash == large.plan.hash


def test_a_killed_run_goes_on_and_ends_the_same(tmp_path):
    finished(tmp_path / "whole", plan(seconds=0.15), workers=1)
    code = (
        "from borderlab.explore.running.store import Store; from borderlab.explore.running.plan import Plan;"
        "from borderlab.explore.running.execute import run_missing; import explore_toy; explore_toy.listed();"
        f"run_missing(Store.create({str(tmp_path / 'cut')!r}, Plan('toy', {{'seconds': 0.15}}, 60, 10)),"
        "workers=1)"
    )
    process = subprocess.Popen([sys.executable, "-c", code])
    chunks = tmp_path / "cut" / "chunks"
    while len(list(chunks.glob("*.npz")) if chunks.exists() else []) < 2:
        time.sleep(0.01)
        assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.wait()
    kept = len(list(chunks.glob("*.npz")))
    store = Store.open(tmp_path / "cut")
    assert len(store.done) >= kept - 1
    assert store.missing
    run_missing(store, workers=2)
    assert files(tmp_path / "cut") == files(tmp_path / "whole")


def test_a_worker_that_dies_once_is_replaced(tmp_path, capsys):
    fatal = {"at": 25, "marker": str(tmp_path / "died")}
    with watched(Terminal()):
        store = finished(tmp_path / "run", plan(fatal=fatal), workers=2)
    assert "A worker process died" in capsys.readouterr().err
    assert joined(store).tolist() == joined(finished(tmp_path / "calm", plan(), workers=1)).tolist()


def test_workers_that_keep_dying_give_a_message_and_keep_what_is_done(tmp_path, capsys):
    fatal = {"at": 55, "marker": str(tmp_path / "died"), "always": True}
    store = Store.create(tmp_path / "run", plan(fatal=fatal))
    with pytest.raises(InputError, match="worker processes died three times"), watched(Terminal()):
        run_missing(store, workers=2)
    assert f"compare --resume {tmp_path / 'run'}" in capsys.readouterr().err
    again = Store.open(tmp_path / "run")
    assert 0 < len(again.done) < 6
    assert 5 in again.missing


def test_a_damaged_chunk_is_made_again(tmp_path):
    store = finished(tmp_path / "run", plan(), workers=1)
    before = files(tmp_path / "run")
    path = store.chunk_path(2)
    path.write_bytes(path.read_bytes()[:-20])
    again = Store.open(tmp_path / "run")
    assert (again.damaged, again.missing) == ([2], [2])
    run_missing(again, workers=1)
    assert files(tmp_path / "run") == before


def test_a_run_of_another_version_is_not_touched(tmp_path):
    finished(tmp_path, plan(), workers=1)
    journal = json.loads((tmp_path / JOURNAL).read_text())
    journal.update(code="0" * 64, borderlab="0.0.7")
    (tmp_path / JOURNAL).write_text(json.dumps(journal))
    before = files(tmp_path)
    with pytest.raises(InputError, match=r"another version of borderlab \(0\.0\.7"):
        Store.open(tmp_path)
    assert files(tmp_path) == before


def test_a_finished_run_of_another_version_can_be_read_and_an_unfinished_one_cannot(tmp_path):
    store = finished(tmp_path, plan(), workers=1)
    journal = json.loads((tmp_path / JOURNAL).read_text())
    journal.update(code="0" * 64, borderlab="0.0.7", hash="feed")
    (tmp_path / JOURNAL).write_text(json.dumps(journal))
    read = Store.open(tmp_path, to_read=True)
    assert (read.finished, read.hash, read.other_version) == (True, "feed", "0.0.7 (000000000000)")
    assert joined(read).tolist() == joined(store).tolist()
    del journal["done"]["3"]
    (tmp_path / JOURNAL).write_text(json.dumps(journal))
    with pytest.raises(InputError, match="another version"):
        Store.open(tmp_path, to_read=True)


def test_another_run_in_the_folder_is_not_overwritten(tmp_path):
    finished(tmp_path, plan(), workers=1)
    with pytest.raises(InputError, match="holds another run"):
        Store.create(tmp_path, plan(futures=61))
    assert Store.create(tmp_path, plan()).finished


@pytest.mark.parametrize("what", ["other files", "a file", "no folder", "no journal", "torn journal"])
def test_a_bad_folder_is_named_and_left_alone(tmp_path, what):
    folder = tmp_path / "run"
    if what == "a file":
        folder.write_text("mine")
    elif what != "no folder":
        folder.mkdir()
        (folder / "thesis.docx").write_text("mine")
    if what == "torn journal":
        (folder / JOURNAL).write_text('{"format": 1, "done"')
    act = Store.create if what in ("other files", "a file") else None
    with pytest.raises(InputError, match=str(folder)):
        if act:
            act(folder, plan())
        else:
            Store.open(folder)
    if folder.is_dir():
        assert (folder / "thesis.docx").read_text() == "mine"


def test_a_folder_that_may_not_be_written(tmp_path):
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    tmp_path.chmod(0o500)
    with pytest.raises(InputError, match="cannot be written"):
        Store.create(tmp_path / "run", plan())


def test_a_full_disk_stops_the_run_and_keeps_what_is_done(tmp_path, monkeypatch, capsys):
    store = Store.create(tmp_path / "run", plan())
    write, calls = np.lib.format.write_array, []

    def full(*args, **kwargs):
        calls.append(1)
        if len(calls) > 5:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(*args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(arrays.np.lib.format, "write_array", full)
        with pytest.raises(InputError, match="No space left on device"), watched(Terminal()):
            run_missing(store, workers=1)
    assert "2 of 6 chunks are kept" in capsys.readouterr().err
    assert not list((tmp_path / "run").rglob("*.part"))
    again = Store.open(tmp_path / "run")
    assert again.missing == [2, 3, 4, 5]


def test_two_processes_do_not_write_to_one_folder(tmp_path):
    store = Store.create(tmp_path, plan())
    with store.locked(), pytest.raises(InputError, match="another borderlab is writing"):
        run_missing(Store.open(tmp_path), workers=1)
    run_missing(store, workers=1)
    assert store.finished


@pytest.mark.parametrize(
    "wrong",
    [
        {"futures": "many"},
        {"futures": 0},
        {"chunk": 0},
        {"inputs": []},
        {"done": {"x": "aa"}},
        {"done": [1]},
        {"apart": "nothing"},
        {"worker": None},
    ],
)
def test_a_journal_that_makes_no_sense_is_named_and_left_alone(tmp_path, wrong):
    finished(tmp_path, plan(), workers=1)
    path = tmp_path / JOURNAL
    text = json.dumps({**json.loads(path.read_text()), **wrong})
    path.write_text(text)
    with pytest.raises(InputError, match="the journal cannot be read"):
        Store.open(tmp_path)
    assert path.read_text() == text


def test_what_is_run_apart_shares_a_span_and_the_first_leads():
    apart = Plan("toy", {"who": ["a", "b", "c"]}, 25, 10, apart="who")
    assert apart.chunks == 9
    assert apart.hash == Plan("toy", {"who": ["a", "b", "c"]}, 25, 10).hash
    assert [apart.work(number)[1:] for number in (0, 7)] == [
        ({"who": ["a"], "lead": True}, 0, 10),
        ({"who": ["b"], "lead": False}, 20, 5),
    ]


def test_half_written_files_of_a_killed_run_are_swept_up(tmp_path):
    store = Store.create(tmp_path, plan())
    (tmp_path / "chunks").mkdir()
    for name in (f".{JOURNAL}.abc.part", "chunks/.00002.npz.xyz.part"):
        (tmp_path / name).write_bytes(b"half")
    run_missing(store, workers=1)
    assert not list(tmp_path.rglob("*.part"))
    assert store.finished


def test_a_folder_that_cannot_be_locked_is_named(tmp_path):
    store = Store.create(tmp_path, plan())
    (tmp_path / ".lock").mkdir()
    with pytest.raises(InputError, match="cannot be written"):
        run_missing(store, workers=1)
