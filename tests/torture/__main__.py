"""``make torture``: all kinds of hostile input, kills, and determinism, with their counts in ``docs/torture.json``.

``--share 0.1`` takes a tenth of the mutants, ``--only inputs,words`` some kinds; only whole runs write counts.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from queue import Queue

from tests.torture import kinds, lasting
from tests.torture.trial import Ended, Server, Trial

COUNTS = kinds.ROOT / "docs" / "torture.json"
RUN = [sys.executable, "-c", "from borderlab.cli.main import run; run()"]


@dataclass
class Count:
    """How the tries of one kind went."""

    tries: int = 0
    failures: int = 0
    tracebacks: int = 0
    seconds: float = 0.0

    def add(self, fault: str | None, seconds: float) -> None:
        """One more try."""
        self.tries += 1
        self.seconds += seconds
        if fault:
            self.failures += 1
            self.tracebacks += fault.startswith("traceback")


def good_run(folder: Path) -> Path:
    """A small finished run, for folders made from it."""
    words = ["compare", "treaty-alliance", "--futures", "60", "--years", "1", "--workers", "1", "--out", str(folder)]
    subprocess.run([*RUN, *words], check=True, capture_output=True)
    return folder


def tries(share: float, whole: Path) -> dict[str, Callable[[Path], Iterator[Trial]]]:
    """Each kind with what makes its tries in a folder."""
    return {
        "inputs": kinds.inputs,
        "outputs": kinds.outputs,
        "words": kinds.words,
        "too much": kinds.too_much,
        "yaml": lambda base: kinds.yaml_files(base, share),
        "layered files": kinds.layered_files,
        "tables": lambda base: kinds.tables(base, share),
        "archives": kinds.archives,
        "fitted tables": lambda base: kinds.fitted_tables(base, share),
        "run folders": lambda base: kinds.run_folders(base, whole, share),
    }


def hostile(chosen: dict[str, Callable[[Path], Iterator[Trial]]], base: Path, workers: int) -> dict[str, Count]:
    """Run kinds side by side, each in its own folder, and say each failure as it comes."""
    counts: dict[str, Count] = {}
    lock = threading.Lock()
    waiting: Queue[str] = Queue()
    for name in chosen:
        waiting.put(name)

    def work(number: int) -> None:
        server = Server()
        while not waiting.empty():
            name = waiting.get()
            for trial in chosen[name](base / str(number)):
                ended: Ended = server.run(trial)
                fault = ended.fault(trial)
                with lock:
                    counts.setdefault(trial.kind, Count()).add(fault, ended.seconds)
                    if fault:
                        print(f"FAILED {trial.kind}: {trial.name}: {fault}", flush=True)
        server.close()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return counts


def main() -> int:
    """Run what was asked for; 1 if anything failed."""
    parser = argparse.ArgumentParser(prog="make torture", description=__doc__)
    parser.add_argument("--share", type=float, default=1.0, help="part of the mutants that are tried")
    parser.add_argument("--only", default="", help="kinds, split by commas")
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    only = {name.strip() for name in asked.only.split(",") if name.strip()}
    begun = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="borderlab-torture-") as folder:
        base = Path(folder)
        every = tries(asked.share, good_run(base / "whole"))
        counts = hostile({name: make for name, make in every.items() if not only or name in only}, base, asked.workers)
        for name, check in (("kills", lasting.kills), ("determinism", lasting.determinism)):
            if not only or name in only:
                counts[name] = Count()
                for what, fault, seconds in check(base / name, asked.share):
                    counts[name].add(fault, seconds)
                    if fault:
                        print(f"FAILED {name}: {what}: {fault}", flush=True)
    print(f"\n{'kind':<18}{'tries':>8}{'failures':>10}{'tracebacks':>12}")
    for name, count in counts.items():
        print(f"{name:<18}{count.tries:>8,}{count.failures:>10,}{count.tracebacks:>12,}")
    failures = sum(count.failures for count in counts.values())
    print(f"{time.monotonic() - begun:.0f} s")
    if not only:
        write(counts, asked.share)
    return 1 if failures else 0


def write(counts: dict[str, Count], share: float) -> None:
    """Keep the counts for the validation report."""
    from borderlab.base.identity import code_hash

    rows = {
        name: {"tries": one.tries, "failures": one.failures, "tracebacks": one.tracebacks}
        for name, one in counts.items()
    }
    kept = {"day": datetime.now(UTC).date().isoformat(), "code": code_hash()[:12], "share": share, "kinds": rows}
    COUNTS.write_text(json.dumps(kept, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
