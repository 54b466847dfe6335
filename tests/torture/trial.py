"""One try: a command with its surroundings, run in a forked child of a warm process, and how it ended.

A command that is started anew needs a second to import what it uses; a child forked from a process that has all of it
needs some milliseconds. Each child has its own limits of memory and time, its own streams and its own folder.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

READ_SCENARIO = "(read scenario)"
MEMORY = 3_000_000_000
"""Bytes of addresses that a try may take beyond what the warm process has."""


@dataclass(frozen=True)
class Trial:
    """What is tried.

    Attributes:
        kind: under which it is counted. name: tells it from the others of its kind.
        words: the command line. env: variables set for it. cwd: the folder it is run in.
        allowed: statuses that it may end with. seconds: how long it may take.
    """

    kind: str
    name: str
    words: tuple[str, ...]
    cwd: str
    env: dict[str, str] = field(default_factory=dict)
    allowed: tuple[int, ...] = (2,)
    seconds: float = 30.0


@dataclass(frozen=True)
class Ended:
    """How it ended: status (negative: the signal that killed it), what it printed, seconds and memory it took."""

    status: int
    out: str
    err: str
    seconds: float
    grown_mb: float

    def fault(self, trial: Trial) -> str | None:
        """What was wrong with that end, or None."""
        if "Traceback" in self.err or "Traceback" in self.out:
            return "traceback: " + self.err.strip().splitlines()[-1][:200]
        if self.status == -signal.SIGKILL:
            return f"still running after {trial.seconds:.0f} s"
        if self.status not in trial.allowed:
            return f"status {self.status}: {(self.err or self.out).strip()[-200:]}"
        if self.status and not (self.err + self.out).strip():
            return "no message"
        if len(self.err) > 100_000:
            return f"{len(self.err)} letters of message"
        if any(ord(letter) < 32 and letter not in "\n\t" for letter in self.out + self.err):
            return "a control character was printed"
        return None


def _child(trial: Trial, out: int, err: int, folder: str) -> None:
    """In the forked child: become the command."""
    os.setsid()
    limit = _size() + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", closefd=False, buffering=1)  # noqa: SIM115
    os.environ.update({"TMPDIR": folder, **trial.env})
    tempfile.tempdir = None
    os.chdir(trial.cwd)
    from borderlab.cli.main import run

    status = 1
    try:
        words = list(trial.words)
        if words[0] == READ_SCENARIO:
            _end_where_the_work_begins()
            words = ["crossings", "simulate", *words[1:]]
        run(words)
    except SystemExit as left:
        status = left.code if isinstance(left.code, int) else 0 if left.code is None else 1
    except BaseException:
        import traceback

        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError):
                status = status or 1
        os._exit(status & 0xFF)


def _end_where_the_work_begins() -> None:
    """Let ``crossings simulate`` end well once its file is read: simulating each good one would take hours."""
    from borderlab.crossings.outcomes import simulate

    def done(*_: object, **__: object) -> None:
        raise SystemExit(0)

    simulate.simulate = done  # type: ignore[assignment]


def _size() -> int:
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()


def run_here(trial: Trial) -> Ended:
    """Fork a child of this very process, which must have no threads, and wait for it."""
    with (
        tempfile.TemporaryDirectory(prefix="torture-") as folder,
        tempfile.TemporaryFile() as out,
        tempfile.TemporaryFile() as err,
    ):
        begun = time.monotonic()
        child = os.fork()
        if child == 0:
            _child(trial, out.fileno(), err.fileno(), folder)
        status, usage = _waited(child, begun + trial.seconds)
        seconds = time.monotonic() - begun
        texts = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read(2_000_000).decode("utf-8", "backslashreplace"))
    return Ended(status, *texts, seconds, usage / 1024)


def _waited(child: int, until: float) -> tuple[int, float]:
    while True:
        found, status, usage = os.wait4(child, os.WNOHANG)
        if found:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child, signal.SIGKILL)  # what it started and left
            return os.waitstatus_to_exitcode(status), usage.ru_maxrss
        if time.monotonic() > until:
            os.killpg(child, signal.SIGKILL)
        time.sleep(0.002)


def warm() -> None:
    """Import and read once what every command uses, without starting a thread."""
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    import borderlab.cli.main  # noqa: F401
    from borderlab.base.identity import code_hash
    from borderlab.crossings.scenarios.library import load_scenario, scenario_ids
    from borderlab.evidence.catalogue.catalogue import known_kinds
    from borderlab.explore.answers import compare  # noqa: F401
    from borderlab.observe.store import store  # noqa: F401
    from borderlab.strategy.file.library import shipped
    from borderlab.strategy.file.parse import load_strategy

    code_hash()
    known_kinds()
    for name in shipped():
        load_strategy(name)
    for name in scenario_ids():
        load_scenario(name)


class Server:
    """A warm process that forks a child for each try. One at a time; start several for several at once."""

    def __init__(self) -> None:
        root = Path(__file__).resolve().parents[2]
        env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(root / "src"), str(root)])}
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.torture.trial"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=root,
            env=env,
        )

    def run(self, trial: Trial) -> Ended:
        """Try it."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asdict(trial)) + "\n")
        self._process.stdin.flush()
        answer = self._process.stdout.readline()
        if not answer:
            raise RuntimeError("the warm process is gone")
        return Ended(**json.loads(answer))

    def close(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def _serve() -> None:
    warm()
    for line in sys.stdin:
        values: dict[str, Any] = json.loads(line)
        trial = Trial(**{**values, "words": tuple(values["words"]), "allowed": tuple(values["allowed"])})
        print(json.dumps(asdict(run_here(trial))), flush=True)


if __name__ == "__main__":
    _serve()
