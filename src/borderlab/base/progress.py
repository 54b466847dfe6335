"""How far a piece of work is: told to whoever started it, who may also stop it.

Work says what it does with :func:`progress`. Who starts it says with :func:`watched` whom to tell and what stops it;
nobody is told otherwise, and nothing is ever printed from here but by :class:`Terminal`, which a face takes up.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, Protocol

QUIET_SECONDS = 2.0
LINE_SECONDS = 5.0

Advance = Callable[[float], None]
Progress = Callable[[str, float], None]
"""Told what is being done, in a word or two, and the share of it that is done, from 0 to 1."""


class Cancel(Protocol):
    """What stops a piece of work, like ``threading.Event``."""

    def is_set(self) -> bool:
        """Whether to stop."""


class Cancelled(Exception):
    """The work was stopped by whoever started it. Nothing half-made is left."""


@dataclass(frozen=True)
class _Watch:
    tell: Progress | None = None
    cancel: Cancel | None = None
    remark: Callable[[str], None] | None = None


_NOBODY = _Watch()
_WATCH: ContextVar[_Watch] = ContextVar("borderlab-progress", default=_NOBODY)


@contextmanager
def watched(progress: Progress | None = None, cancel: Cancel | None = None) -> Iterator[None]:
    """Let work in the block, in this thread, be followed and stopped. Inside another such block, what is not given
    stays.

    Args:
        progress: told of every step.
        cancel: looked at on every step; the work then ends with :class:`Cancelled`.
    """
    now = _WATCH.get()
    remark = getattr(progress, "remark", None) if progress is not None else now.remark
    token = _WATCH.set(_Watch(progress or now.tell, cancel or now.cancel, remark))
    try:
        check()
        yield
    finally:
        _WATCH.reset(token)


def check() -> None:
    """Stop here if the work was cancelled.

    Raises:
        Cancelled: it was.
    """
    cancel = _WATCH.get().cancel
    if cancel is not None and cancel.is_set():
        raise Cancelled("stopped before it was done")


def remark(text: str) -> None:
    """Say something about the work that is no step of it, to whoever follows it."""
    tell = _WATCH.get().remark
    if tell is not None:
        tell(text)


@contextmanager
def progress(label: str, total: float) -> Iterator[Advance]:
    """A piece of work of so many steps. The block gets a function that adds to the amount done.

    Raises:
        Cancelled: at a step, where the work is to stop.
    """
    watch = _WATCH.get()
    done = 0.0

    def tell(share: float) -> None:
        check()
        if watch.tell is not None:
            watch.tell(label, share)

    def advance(amount: float = 1.0) -> None:
        nonlocal done
        done += amount
        tell(min(done / total, 1.0) if total else 1.0)

    tell(0.0)
    yield advance
    if watch.tell is not None:
        watch.tell(label, 1.0)


class Terminal:
    """Shows progress on standard error: a bar on a terminal, a line every few seconds elsewhere.

    Nothing is shown in the first two seconds of a piece of work, and nothing ever goes to standard output. Close it
    (it is a context manager) so that no bar is left standing.
    """

    def __init__(self) -> None:
        self._label: str | None = None
        self._started = self._last = 0.0
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __call__(self, label: str, share: float) -> None:
        now = time.monotonic()
        if label != self._label or share == 0.0:
            self.close()
            self._label, self._started, self._last = label, now, now
        if share >= 1.0:
            self.close()
        elif now - self._started >= QUIET_SECONDS:
            self._show(label, share, now)

    def close(self) -> None:
        """Take the bar away."""
        self._label = None
        if self._bar is not None:
            self._bar.stop()
            self._bar = None

    def remark(self, text: str) -> None:
        """Show a remark on a line of its own."""
        print(text, file=sys.stderr, flush=True)

    def _show(self, label: str, share: float, now: float) -> None:
        if sys.stderr.isatty():
            if self._bar is None:
                self._bar, self._task = _bar(label)
            self._bar.update(self._task, completed=share)
        elif now - self._last >= LINE_SECONDS or self._last == self._started:
            self._last = now
            left = (now - self._started) * (1 - share) / share if share > 0 else float("inf")
            print(f"{label}: {share:.0%}, about {left:.0f} s left", file=sys.stderr, flush=True)


def _bar(label: str) -> tuple[Any, Any]:
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
    return bar, bar.add_task(label, total=1.0)
