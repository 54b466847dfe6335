"""The kernels of the queues as one group: see :mod:`borderlab.base.kernels`."""

from __future__ import annotations

from pathlib import Path

from borderlab.base.kernels import Kernels

SOURCES = (
    "compiled", "draws", "state", "booths", "choice", "docks", "inbox", "leavers", "stage", "histogram", "kernel",
)  # fmt: skip
QUEUES = Kernels("queues", [Path(__file__).with_name(f"{name}.py") for name in SOURCES])

entry, kernel, inlined, woven = QUEUES.entry, QUEUES.kernel, QUEUES.inlined, QUEUES.woven


def kernel_hash() -> str:
    """A hash of the kernel sources."""
    return QUEUES.source_hash
