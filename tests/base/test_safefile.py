"""Files and folders for a user: whole or absent, rights as the umask has them, a user's own files left alone."""

from __future__ import annotations

import errno
import json
import os
import signal
import stat
import subprocess
import sys
import time

import pytest

from borderlab.base import safefile
from borderlab.base.problems import InputError
from borderlab.base.safefile import MANIFEST, check_folder, folder_in, names_in, whole_file, whole_folder

MARKER = "run.json"


def write(folder, **files):
    with whole_folder(folder, marker=MARKER) as part:
        for name, text in {MARKER[:-5]: "{}", **files}.items():
            (part / f"{name}.json").write_text(text)


def held(folder):
    return {path.name: path.read_text() for path in folder.iterdir() if path.name != MANIFEST}


@pytest.mark.parametrize("umask", [0o077, 0o022, 0o002, 0o027])
def test_rights_are_those_of_the_umask(tmp_path, umask):
    before = os.umask(umask)
    try:
        with whole_file(tmp_path / "file") as part:
            part.write_text("x")
        write(tmp_path / "folder")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file").stat().st_mode) == 0o666 & ~umask
    assert stat.S_IMODE((tmp_path / "folder").stat().st_mode) == 0o777 & ~umask
    assert stat.S_IMODE((tmp_path / "folder" / MARKER).stat().st_mode) == 0o666 & ~umask


def test_a_second_run_replaces_its_own_files_and_leaves_the_users(tmp_path):
    write(tmp_path / "out", old="1", same="1")
    (tmp_path / "out" / "my notes.md").write_text("mine")
    (tmp_path / "out" / "sub").mkdir()
    write(tmp_path / "out", new="2", same="2")
    (tmp_path / "out" / "sub").rmdir()
    assert held(tmp_path / "out") == {MARKER: "{}", "new.json": "2", "same.json": "2", "my notes.md": "mine"}


def test_a_users_file_of_the_same_name_is_not_overwritten(tmp_path):
    write(tmp_path / "out")
    (tmp_path / "out" / "new.json").write_text("mine")
    with pytest.raises(InputError, match=r"a file of yours named new\.json"):
        write(tmp_path / "out", new="2")
    assert held(tmp_path / "out") == {MARKER: "{}", "new.json": "mine"}


def test_what_another_kind_of_run_made_is_not_replaced(tmp_path):
    """A simulation's folder once passed for the folder of a run, which then removed all the simulation had made."""
    with whole_folder(tmp_path / "out", marker="simulation.json") as part:
        (part / "simulation.json").write_text("{}")
        (part / "report.html").write_text("months of work")
    before = held(tmp_path / "out")
    for refuse in (lambda: write(tmp_path / "out"), lambda: check_folder(tmp_path / "out", marker=MARKER)):
        with pytest.raises(InputError, match="holds other files"):
            refuse()
    assert held(tmp_path / "out") == before
    check_folder(tmp_path / "out", marker="simulation.json")


def test_a_folder_of_a_time_before_the_manifest_is_taken_up(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / MARKER).write_text("old")
    (tmp_path / "out" / "notes.md").write_text("mine")
    write(tmp_path / "out", new="2")
    assert held(tmp_path / "out") == {MARKER: "{}", "new.json": "2", "notes.md": "mine"}


@pytest.mark.parametrize("name", ["../precious", "/etc/precious", "a/../../precious", "..", "", "a\0b"])
def test_a_manifest_that_somebody_wrote_deletes_nothing_elsewhere(tmp_path, name):
    precious = tmp_path / "precious"
    precious.write_text("mine")
    write(tmp_path / "out")
    (tmp_path / "out" / MANIFEST).write_text(json.dumps({"files": [name, MARKER]}))
    write(tmp_path / "out", new="2")
    assert precious.read_text() == "mine"


@pytest.mark.parametrize("text", ["", "[]", "{", '{"files": 7}', '{"files": [7, null]}', "[" * 100_000])
def test_a_broken_manifest_stops_nothing(tmp_path, text):
    write(tmp_path / "out")
    (tmp_path / "out" / MANIFEST).write_text(text)
    write(tmp_path / "out")
    assert held(tmp_path / "out") == {MARKER: "{}"}


def test_what_fails_leaves_what_was_there(tmp_path):
    write(tmp_path / "out", old="1")
    before = held(tmp_path / "out")
    with pytest.raises(RuntimeError), whole_folder(tmp_path / "out", marker=MARKER) as part:
        (part / MARKER).write_text("half")
        raise RuntimeError
    assert held(tmp_path / "out") == before
    with pytest.raises(RuntimeError), whole_folder(tmp_path / "new", marker=MARKER):
        raise RuntimeError
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("number", range(6))
def test_a_kill_while_files_are_moved_leaves_a_folder_that_the_next_run_takes_up(tmp_path, monkeypatch, number):
    write(tmp_path / "out", a="1", b="1", c="1")
    (tmp_path / "out" / "notes.md").write_text("mine")
    replace, calls = os.replace, []

    def killed(*names):
        calls.append(names)
        if len(calls) > number:
            raise KeyboardInterrupt
        replace(*names)

    with monkeypatch.context() as patched:
        patched.setattr(safefile.os, "replace", killed)
        with pytest.raises(KeyboardInterrupt):
            write(tmp_path / "out", a="2", b="2", d="2")
    assert (tmp_path / "out" / "notes.md").read_text() == "mine"
    kept = held(tmp_path / "out")
    if MARKER in kept and kept.get("d.json") != "2":  # whole: all of the old
        assert {kept["a.json"], kept["b.json"], kept["c.json"]} == {"1"}
    write(tmp_path / "out", a="3")
    assert held(tmp_path / "out") == {MARKER: "{}", "a.json": "3", "notes.md": "mine"}


KILLED = """
import sys, time
from pathlib import Path
from borderlab.base.safefile import whole_file, whole_folder
home = Path(sys.argv[1])
with whole_file(home / "file") as one, whole_folder(home / "out", marker="run.json") as other:
    one.write_text("half")
    (other / "half").write_text("half")
    print("ready", flush=True)
    time.sleep(60)
"""


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_what_a_killed_process_left_is_swept_by_the_next_and_what_a_living_one_holds_is_not(tmp_path, how):
    def start():
        process = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        assert process.stdout.readline() == "ready\n"
        return process

    process = start()
    with whole_file(tmp_path / "other") as part:
        part.write_text("x")
    assert len(list(tmp_path.rglob(".*.part"))) == 2, "a living process keeps its parts"
    with pytest.raises(InputError, match="another borderlab is writing to this folder"):
        write(tmp_path / "out")
    process.send_signal(how)
    process.wait()
    assert len(list(tmp_path.rglob(".*.part"))) == 2
    safefile._swept.clear()
    with whole_file(tmp_path / "file") as part:
        part.write_text("whole")
    write(tmp_path / "out")
    assert not list(tmp_path.rglob(".*.part"))
    assert (tmp_path / "file").read_text() == "whole"
    assert held(tmp_path / "out") == {MARKER: "{}"}


def test_files_of_a_user_that_look_alike_are_not_swept(tmp_path):
    names = [".x.part", "x.0123456789ab.part", ".x.0123456789AB.part", ".x.0123456789ab.partial"]
    for name in names:
        (tmp_path / name).write_text("mine")
    with whole_file(tmp_path / "file") as part:
        part.write_text("x")
    assert set(names) <= {path.name for path in tmp_path.iterdir()}


@pytest.mark.parametrize(
    "path", ["x" * 300, "a\0b", "a\ud800b", "file/below", "/proc/nowhere/x", "/dev/null", "/dev/full", "", "x" * 5000]
)
@pytest.mark.parametrize("how", ["file", "folder", "check"])
def test_a_place_that_cannot_be_written_is_one_message(tmp_path, monkeypatch, path, how):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").write_text("mine")
    if how == "folder" and path == "":
        pytest.skip("the folder one stands in")
    if how == "check" and path == "":
        pytest.skip("the folder one stands in")
    with pytest.raises(InputError) as caught:
        if how == "file":
            with whole_file(path):
                pass
        elif how == "folder":
            with whole_folder(path, marker=MARKER):
                pass
        else:
            check_folder(path, marker=MARKER)
    assert len(caught.value.problems) == 1
    assert [one.name for one in tmp_path.iterdir()] == ["file"]
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    assert stat.S_ISCHR(os.stat("/dev/full").st_mode)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO, errno.EDQUOT])
def test_what_the_system_says_while_writing_is_told(tmp_path, number):
    for how in (lambda: whole_file(tmp_path / "file"), lambda: whole_folder(tmp_path / "out", marker=MARKER)):
        with pytest.raises(InputError, match=os.strerror(number)), how():
            raise OSError(number, os.strerror(number))
    assert list(tmp_path.iterdir()) == []


def test_a_folder_inside_ours_is_no_link(tmp_path):
    assert folder_in(tmp_path, "tables") == folder_in(tmp_path, "tables") == tmp_path / "tables"
    (tmp_path / "link").symlink_to("/tmp")
    (tmp_path / "nowhere").symlink_to(tmp_path / "made")
    (tmp_path / "file").write_text("")
    for name in ("link", "nowhere", "file"):
        with pytest.raises(InputError, match="is a link or a file"):
            folder_in(tmp_path, name)
    assert not (tmp_path / "made").exists()


def test_names_leave_out_parts(tmp_path):
    (tmp_path / ".run.json.0123456789ab.part").mkdir()
    (tmp_path / "b").write_text("")
    (tmp_path / "a").write_text("")
    assert names_in(tmp_path) == ["a", "b"]
    assert names_in(tmp_path / "none") == []
    with pytest.raises(InputError):
        names_in(tmp_path / "a")


def test_many_files_in_one_folder_are_looked_through_once(tmp_path):
    begun = time.monotonic()
    for number in range(500):
        with whole_file(tmp_path / str(number)) as part:
            part.write_text("x")
    assert time.monotonic() - begun < 5
