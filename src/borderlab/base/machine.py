"""How much of the machine is at hand: processors and memory; and a refusal of work that would need more of it."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from borderlab.base.problems import InputError, Problem

_CGROUPS = (
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
    ("/sys/fs/cgroup/memory/memory.limit_in_bytes", "/sys/fs/cgroup/memory/memory.usage_in_bytes"),
)
_SPARED = 200_000_000
"""Left to everything else."""
_SMALL = 500_000_000
"""What needs less is never refused: what is at hand goes up and down by as much."""


def processors() -> int:
    """How many processors this process may use; not every system tells which ones."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def at_hand() -> int | None:
    """Bytes that this process can still take, by the machine, its container and its own limits; None if unknown."""
    found = [*_machine(), *_container(), *_own_limit()]
    return max(min(found), 0) if found else None


def check_memory(needed: float, what: str, cure: str) -> None:
    """Refuse work that needs more memory than there is.

    Args:
        needed: bytes. what: the option that asks for it, with its value. cure: what to ask for instead.

    Raises:
        InputError: says what is needed and what is there.
    """
    there = at_hand()
    if there is None or needed < _SMALL or needed <= max(there - _SPARED, 0):
        return
    raise InputError(Problem(f"{what} needs about {_gb(needed)} GB of memory; {_gb(there)} GB are at hand.", cure=cure))


def _gb(count: float) -> str:
    return f"{count / 1e9:,.1f}" if count < 1e13 else "many thousand"


def _machine() -> list[int]:
    with contextlib.suppress(OSError, ValueError, IndexError):
        for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
            if line.startswith("MemAvailable:"):
                return [int(line.split()[1]) * 1024]
    with contextlib.suppress(OSError, ValueError, AttributeError):
        return [os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")]
    return []


def _container() -> list[int]:
    for most, used in _CGROUPS:
        with contextlib.suppress(OSError, ValueError):
            return [int(Path(most).read_text(encoding="ascii")) - int(Path(used).read_text(encoding="ascii"))]
    return []


def _own_limit() -> list[int]:
    with contextlib.suppress(ImportError, OSError, ValueError, AttributeError):
        import resource

        most, _ = resource.getrlimit(resource.RLIMIT_AS)
        if most != resource.RLIM_INFINITY:
            pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
            return [most - pages * resource.getpagesize()]
    return []
