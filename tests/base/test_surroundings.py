"""Surroundings that fail: no home, read-only places, a full disk, damaged caches, slow servers, signals."""

from __future__ import annotations

import os
import resource
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from borderlab.base import machine
from borderlab.base.machine import at_hand, check_memory, processors
from borderlab.base.places import cache_home, data_home
from borderlab.base.problems import InputError

RUN = [sys.executable, "-c", "from borderlab.cli.main import run; run()"]
NOWHERE = dict.fromkeys(("HOME", "BORDERLAB_CACHE", "BORDERLAB_DATA", "XDG_CACHE_HOME", "TMPDIR"), "/proc/nowhere")
SMALL = ["--futures", "40", "--years", "1"]


def borderlab(*words, env=None, **how):
    env = {**os.environ, **(env or {})}
    return subprocess.run([*RUN, *words], env=env, capture_output=True, text=True, timeout=280, **how)


@pytest.mark.parametrize(
    "words",
    [["run", "status-quo", *SMALL], ["crossings", "simulate", "--from", "2026-12-07", "--days", "1"], ["data", "list"],
     ["why", "mig.noise"], ["today", "border-leverage"]],
    ids=lambda words: " ".join(words[:2]),
)  # fmt: skip
def test_nothing_can_be_kept_anywhere(words, tmp_path):
    env = {**NOWHERE, "TMPDIR": str(tmp_path)}
    done = borderlab(*words, env=env)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


def test_a_user_without_home_or_name_gets_an_answer(tmp_path):
    if os.geteuid() != 0:
        pytest.skip("only root can become another")
    if not _open_to_all(Path(machine.__file__)) or not _open_to_all(Path(sys.executable).resolve()):
        pytest.skip("the package, or Python itself, is not for others to read")

    def nobody():
        os.setgid(12345)
        os.setuid(12345)

    env = {name: value for name, value in os.environ.items() if name not in (*NOWHERE, "XDG_DATA_HOME")}
    done = subprocess.run([*RUN, "run", "status-quo", *SMALL], env=env, capture_output=True, text=True, timeout=280,
                          preexec_fn=nobody, cwd="/")  # fmt: skip
    assert done.returncode == 0, done.stderr
    done = subprocess.run([*RUN, "data", "list"], env=env, capture_output=True, text=True, preexec_fn=nobody, cwd="/")
    assert done.returncode == 2
    assert done.stderr.startswith("error: there is no place for data")


def _open_to_all(path):
    return all(one.stat().st_mode & 0o005 == 0o005 for one in path.parents)


def test_places_without_a_home(monkeypatch):
    for name in ("BORDERLAB_CACHE", "BORDERLAB_DATA", "XDG_CACHE_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os.path, "expanduser", lambda path: path)  # what it does for a user without a home
    assert not cache_home().exists()
    with pytest.raises(InputError, match="no place for data"):
        data_home()
    monkeypatch.undo()
    monkeypatch.setenv("BORDERLAB_DATA", "~nobody-of-that-name/x")
    with pytest.raises(InputError, match="no place for data"):
        data_home()


def test_systems_that_do_not_tell_which_processors(monkeypatch):
    assert processors() == len(os.sched_getaffinity(0))
    monkeypatch.delattr(os, "sched_getaffinity")
    assert processors() == os.cpu_count()
    from borderlab.cli.main import run

    with pytest.raises(SystemExit) as left:
        run(["crossings", "simulate", "--from", "2026-12-07", "--days", "1", "--json"])
    assert not left.value.code


def test_memory_at_hand_is_the_least_of_what_is_known(monkeypatch):
    found = at_hand()
    assert found is None or 0 <= found < 10**14
    monkeypatch.setattr(machine, "_machine", lambda: [8_000_000_000])
    monkeypatch.setattr(machine, "_container", lambda: [2_000_000_000])
    monkeypatch.setattr(machine, "_own_limit", list)
    assert at_hand() == 2_000_000_000
    check_memory(1_000_000_000, "--futures 5", "Ask for fewer.")
    with pytest.raises(InputError, match=r"--futures 5 needs about 3\.0 GB of memory; 2\.0 GB are at hand\. Ask for"):
        check_memory(3_000_000_000, "--futures 5", "Ask for fewer.")
    monkeypatch.setattr(machine, "_container", list)
    monkeypatch.setattr(machine, "_machine", list)
    check_memory(1e30, "--futures 5", "Ask for fewer.")  # unknown: nothing is refused


WRITERS = {
    "run": ["run", "status-quo", *SMALL],
    "compare": ["compare", "treaty-alliance", "--futures", "100", "--years", "1", "--workers", "1"],
    "evidence book": ["evidence", "book"],
    "crossings simulate": ["crossings", "simulate", "--from", "2026-12-07", "--days", "1"],
}


@pytest.mark.parametrize("words", WRITERS.values(), ids=WRITERS)
def test_a_disk_that_takes_no_more_is_one_message_and_nothing_half_written(tmp_path, words):
    """A limit of the size of a file stands for a full disk: both end a write in the middle."""

    def little():
        resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000))

    out = tmp_path / "out"
    done = borderlab(*words, "--out", str(out), preexec_fn=little)
    assert done.returncode in (1, 2), done.stderr  # 1 where what could not be written was no file of the user's
    assert "Traceback" not in done.stderr
    assert "File too large" in done.stderr
    assert not list(tmp_path.rglob("*.part"))
    assert not any(path.name in ("run.json", "report.html", "index.html", "simulation.json") for path in out.rglob("*"))


@pytest.mark.parametrize("how", ["bytes", "cut", "folder", "empty", "pipe"])
def test_a_damaged_chart_bundle_is_made_again(tmp_path, monkeypatch, how):
    from borderlab.report.page.vega import vega_bundle

    monkeypatch.setenv("BORDERLAB_CACHE", str(tmp_path))
    vega_bundle.cache_clear()
    good = vega_bundle()
    (kept,) = tmp_path.glob("vega-*.js")
    raw = kept.read_bytes()
    damaged = {"bytes": raw[:5000] + b"\xff\xfe" + raw[5002:], "cut": raw[: len(raw) // 2], "empty": b""}
    if how in damaged:
        kept.write_bytes(damaged[how])
    else:
        kept.unlink()
        kept.mkdir() if how == "folder" else os.mkfifo(kept)
    vega_bundle.cache_clear()
    assert vega_bundle() == good
    if how in damaged:
        assert kept.read_bytes() == raw
    vega_bundle.cache_clear()


@pytest.mark.parametrize("text", ["", "[]", "{", '{"form": 1}', "null", "[" * 100_000, '{"form": 1, "outputs": []}'])
def test_a_damaged_surface_of_the_cache_is_not_used(tmp_path, text):
    from borderlab.crossings.surfaces.surface import _kept

    (tmp_path / "x.json").write_text(text)
    assert _kept(tmp_path / "x.json", "cut-trucks", ()) is None
    assert _kept(tmp_path / "none.json", "cut-trucks", ()) is None
    assert _kept(tmp_path, "cut-trucks", ()) is None


def test_a_surface_of_another_pattern_is_not_used(tmp_path):
    from borderlab.crossings.surfaces.surface import FOLDER, _kept

    shipped = FOLDER / "cut-trucks.json"
    assert _kept(shipped, "cut-trucks", ()).kind == "cut-trucks"
    assert _kept(shipped, "cut-vehicles", ()) is None
    assert _kept(shipped, "cut-trucks", ("pharr",)) is None


@pytest.fixture
def drip():
    """A server that sends what it has a byte at a time."""
    server = socket.create_server(("127.0.0.1", 0))
    ends = []

    def serve(text, begin=0):
        def loop():
            caller, _ = server.accept()
            ends.append(caller)
            try:
                caller.sendall(text[:begin])
                for place in range(begin, len(text)):
                    caller.sendall(text[place : place + 1])
                    time.sleep(0.05)
            except OSError:
                pass

        threading.Thread(target=loop, daemon=True).start()
        return f"http://127.0.0.1:{server.getsockname()[1]}/a"

    yield serve
    server.close()
    for caller in ends:
        caller.close()


ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n\r\n" + b"a,b\n" * 10_000


@pytest.mark.parametrize(("begin", "said"), [(0, "has not answered in"), (60, "bytes a second; that would never end")])
def test_a_server_that_sends_a_byte_at_a_time_is_given_up(tmp_path, monkeypatch, drip, begin, said):
    from borderlab.observe.store import fetch as room

    monkeypatch.setattr(room, "ANSWER_S", 1.5)
    monkeypatch.setattr(room, "PATIENCE_S", 1.0)
    begun = time.monotonic()
    with pytest.raises(InputError, match=said):
        room.download(drip(ANSWER, begin), tmp_path / "x", lambda url: None, 10_000_000)
    assert time.monotonic() - begun < 10


STATUS_LINES = [
    b"HTTP/1.1 503 \x1b[2J\x1b]0;owned\x07 sorry\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Type: \x1b[31mtext/html\r\n\r\nx",
    b"\x1b[2Jnothing\r\n\r\n",
    b"HTTP/1.1 302 x\r\nLocation: http://127.0.0.1:1/\x1b[2J\r\n\r\n",
]


@pytest.mark.parametrize("answer", STATUS_LINES)
def test_a_servers_words_give_the_terminal_no_command(tmp_path, capsys, drip, answer):
    from borderlab.cli.main import run

    with pytest.raises(SystemExit) as left:
        run(["data", "fetch", "bts", "--from-url", drip(answer, len(answer))])
    assert left.value.code == 2
    out, err = capsys.readouterr()
    assert "\x1b" not in out + err
    assert "\x07" not in err


SIGNALLED = {
    "compare": ["compare", "institutional-dialogue", "--futures", "3000", "--years", "10", "--workers", "1"],
    "run": ["run", "border-leverage", "--futures", "4000", "--years", "10"],
    "crossings simulate": ["crossings", "simulate", "texas-2022"],
}


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
@pytest.mark.parametrize("words", SIGNALLED.values(), ids=SIGNALLED)
def test_signals_have_one_status_and_leave_nothing_half_written(tmp_path, words, number, status):
    out = tmp_path / "out"
    process = subprocess.Popen(
        [*RUN, *words, "--out", str(out)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    until = time.monotonic() + 60
    while not out.exists() and process.poll() is None and time.monotonic() < until and words[0] != "crossings":
        time.sleep(0.02)
    time.sleep(1.5)
    process.send_signal(number)
    _, err = process.communicate(timeout=60)
    if process.returncode in (0, -number):
        pytest.skip("it was done, or had not begun, when the signal came")
    assert process.returncode == status, err
    assert "Traceback" not in err
    assert not list(tmp_path.rglob("*.part"))
    assert not list(out.rglob("report.html"))
