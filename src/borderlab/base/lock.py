"""One writer at a time in a folder."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from borderlab.base.inputfile import system_problem
from borderlab.base.problems import InputError, Problem

LOCK = ".lock"


@contextmanager
def writing(folder: Path, taken: Problem, patience_s: float = 0.0) -> Iterator[None]:
    """Hold the folder's lock while the block runs; the system lets it go if the process dies.

    Args:
        folder: made if it is not there.
        taken: what is told when another process holds the lock.
        patience_s: seconds to wait for it.

    Raises:
        InputError: another process held it all that time, or the folder cannot be written.
    """
    path = folder / LOCK
    try:
        folder.mkdir(parents=True, exist_ok=True)
        # A link named .lock could make a file anywhere.
        flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        handle = os.open(path, flags, 0o666)
    except (OSError, ValueError) as error:
        raise InputError(system_problem(folder, error, "cannot be written")) from None
    try:
        until = time.monotonic() + patience_s
        while not _try_lock(handle):
            if time.monotonic() > until:
                raise InputError(taken)
            time.sleep(0.05)
        yield
    finally:
        os.close(handle)


def _try_lock(handle: int) -> bool:
    try:
        import fcntl
    except ImportError:  # Windows
        import msvcrt

        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
