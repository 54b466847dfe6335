"""Progress on standard error for work that takes longer than two seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

QUIET_SECONDS = 2.0
LINE_SECONDS = 5.0

Advance = Callable[[float], None]


@contextmanager
def progress(label: str, total: float) -> Iterator[Advance]:
    """Show how far a piece of work is: a bar on a terminal, a line every few seconds elsewhere.

    The block gets a function that adds to the amount done. Nothing is shown in the first two seconds, and
    nothing ever goes to standard output.
    """
    started = time.monotonic()
    done = 0.0
    bar = None
    task = None
    last_line = started

    def advance(amount: float = 1.0) -> None:
        nonlocal done, bar, task, last_line
        done += amount
        now = time.monotonic()
        if now - started < QUIET_SECONDS:
            return
        if sys.stderr.isatty():
            if bar is None:
                bar, task = _bar(label, total)
            bar.update(task, completed=done)
        elif now - last_line >= LINE_SECONDS or (last_line == started):
            last_line = now
            share = min(done / total, 1.0) if total else 1.0
            left = (now - started) * (1 - share) / share if share > 0 else float("inf")
            print(f"{label}: {share:.0%}, about {left:.0f} s left", file=sys.stderr, flush=True)

    try:
        yield advance
    finally:
        if bar is not None:
            bar.stop()


def _bar(label: str, total: float):  # type: ignore[no-untyped-def]
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TimeRemainingColumn(),
        console=Console(file=getattr(sys.stderr, "below", sys.stderr)),
        transient=True,
    )
    bar.start()
    return bar, bar.add_task(label, total=total)
