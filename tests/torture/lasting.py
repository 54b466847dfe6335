"""What must go on holding: a killed run goes on to the same bytes, and equal runs are equal under any circumstances."""

from __future__ import annotations

import hashlib
import itertools
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

RUN = [sys.executable, "-c", "from borderlab.cli.main import run; run()"]
KILLED = ["compare", "treaty-alliance", "--futures", "600", "--years", "1", "--chunk", "60"]
Found = tuple[str, str | None, float]
"""What was tried, what was wrong with it (or None), and how long it took."""


def _digest(folder: Path) -> dict[str, str]:
    """Hashes of all files of a run but for the page, which names its own folder nowhere and is made from these."""
    files = [path for path in sorted(folder.rglob("*")) if path.is_file() and path.name not in (".lock",)]
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def kills(base: Path, share: float = 1.0, seed: int = 1) -> Iterator[Found]:
    """Kill a comparison at chance moments, again and again, then let it end: every file is that of an unbroken run."""
    draw = random.Random(seed)
    base.mkdir(parents=True, exist_ok=True)
    begun = time.monotonic()
    subprocess.run([*RUN, *KILLED, "--workers", "1", "--out", str(base / "whole")], check=True, capture_output=True)
    lasts = time.monotonic() - begun
    wanted = _digest(base / "whole")
    for number in range(max(1, round(12 * share))):
        folder = base / f"cut-{number}"
        started = time.monotonic()
        workers = str(1 + number % 2)
        how = signal.SIGKILL if number % 3 else signal.SIGTERM
        for attempt in range(3):
            words = [*KILLED, "--out", str(folder)] if attempt == 0 else ["compare", "--resume", str(folder)]
            if attempt and not (folder / "journal.json").exists():
                words = [*KILLED, "--out", str(folder)]
            process = subprocess.Popen(
                [*RUN, *words, "--workers", workers], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
            time.sleep(draw.uniform(0.2, 1.0) * lasts)
            process.send_signal(how)
            process.wait()
        words = (
            ["compare", "--resume", str(folder)]
            if (folder / "journal.json").exists()
            else [*KILLED, "--out", str(folder)]
        )
        done = subprocess.run([*RUN, *words, "--workers", workers], capture_output=True, text=True)
        fault = None
        if done.returncode:
            fault = f"status {done.returncode}: {done.stderr.strip()[-200:]}"
        else:
            found = _digest(folder)
            odd = sorted(name for name in {*wanted, *found} if wanted.get(name) != found.get(name))
            left = [name for name in odd if name.endswith(".part")]
            if odd:
                fault = f"{'left behind' if left else 'differs'}: {', '.join((left or odd)[:3])}"
        yield f"{how.name} with {workers} workers", fault, time.monotonic() - started
        shutil.rmtree(folder, ignore_errors=True)


def determinism(base: Path, share: float = 1.0, seed: int = 1) -> Iterator[Found]:
    """The same command under other numbers of workers, hash seeds, locales and time zones gives the same bytes."""
    draw = random.Random(seed)
    base.mkdir(parents=True, exist_ok=True)
    ways = list(itertools.product(("1", "2", "4"), ("0", "1", "12345"), ("C", "C.UTF-8", "es_MX.UTF-8"),
                                  ("UTC", "America/Tijuana", "Asia/Kathmandu")))  # fmt: skip
    chosen = draw.sample(ways, max(2, round(15 * share)))
    wanted: dict[str, dict[str, str]] = {}
    for workers, hashes, locale, zone in chosen:
        env = {**os.environ, "PYTHONHASHSEED": hashes, "LC_ALL": locale, "LANG": locale, "TZ": zone}
        env |= {"OMP_NUM_THREADS": workers, "NUMBA_NUM_THREADS": workers}
        for name, words in (
            ("compare", ["compare", "treaty-alliance", "--futures", "200", "--years", "1", "--workers", workers]),
            ("run", ["run", "border-leverage", "--futures", "200", "--years", "2"]),
            ("simulate", ["crossings", "simulate", "--from", "2026-12-07", "--days", "2", "--threads", workers]),
        ):
            started = time.monotonic()
            folder = base / "out"
            shutil.rmtree(folder, ignore_errors=True)
            done = subprocess.run([*RUN, *words, "--out", str(folder)], env=env, capture_output=True, text=True)
            fault = f"status {done.returncode}: {done.stderr.strip()[-200:]}" if done.returncode else None
            if fault is None:
                found = _digest(folder)
                before = wanted.setdefault(name, found)
                odd = sorted(one for one in {*before, *found} if before.get(one) != found.get(one))
                fault = f"differs: {', '.join(odd[:3])}" if odd else None
            yield f"{name}, workers {workers}, hash seed {hashes}, {locale}, {zone}", fault, time.monotonic() - started
