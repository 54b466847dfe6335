"""The closed list of workers: who may run the chunks of a run, what inputs they take, and how their arrays must look.

A run's folder may come from anybody, and so may a result that a cluster sends back. A worker is therefore looked up
here by its name and nowhere else, and neither inputs nor arrays are used before they have been checked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from borderlab.base.problems import InputError, Problem, nearest
from borderlab.explore.running import chunk
from borderlab.explore.running import chunk_check as chunkcheck

Run = Callable[[Mapping[str, Any], int, int], dict[str, np.ndarray]]
Arrays = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class Worker:
    """What may run a chunk.

    Attributes:
        run: called with (inputs, first future, number of futures) in any process on any machine; depends on nothing
            else. It is handed to other processes by its name in our own code.
        check_inputs: raises ValueError where inputs from a journal are not what the worker takes.
        headers: called like ``run`` with the dtype and shape that each array of a file claims, before any is read;
            raises ValueError where they are not those of that chunk.
        check: called like ``run`` with the arrays; raises ValueError where shape, type or a value cannot be right.
    """

    run: Run
    check_inputs: Callable[[Mapping[str, Any]], None]
    headers: Callable[[Mapping[str, Any], int, int, Mapping[str, tuple[np.dtype[Any], tuple[int, ...]]]], None]
    check: Callable[[Mapping[str, Any], int, int, Arrays], None]


STRATEGIES = "strategies"

WORKERS: dict[str, Worker] = {
    STRATEGIES: Worker(chunk.run_strategies, chunkcheck.check_inputs, chunkcheck.check_headers, chunkcheck.check)
}


def worker_of(name: str) -> Worker:
    """The worker of that name.

    Raises:
        InputError: there is none.
    """
    if name not in WORKERS:
        raise InputError(
            Problem(
                f"there is no worker '{name[:80]}'.",
                did_you_mean=nearest(name[:80], WORKERS),
                cure="A run's folder names one of borderlab's own workers; nothing else in it is ever run.",
            )
        )
    return WORKERS[name]
