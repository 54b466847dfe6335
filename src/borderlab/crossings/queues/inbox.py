"""Entities on their way to a lane: those diverted from another lane and those that come back later.

One binary heap per lane, ordered by the time of arrival.
"""

from __future__ import annotations

import numpy as np

from borderlab.crossings.queues.compiled import kernel
from borderlab.crossings.queues.state import LaneState

DIVERTED = -1
"""Kind of an entity that has chosen this lane; other kinds count the times an entity has put its trip off."""
DECIDED = 1000
"""Added to the kind of an entity that has come back and has chosen to stay."""
GONE = 5000
"""Kind of an entity that came back and left again; it is dropped when its turn comes."""


@kernel
def push(state: LaneState, i: int, time: float, key: np.uint64, counter: np.uint64, kind: int) -> None:
    """Put an entity on the heap of lane i."""
    at = state.row[i]["boxed"]
    if at == state.box.shape[1]:
        state.lost[0] += 1
        return
    times, keys, counters, kinds = (
        state.box[i]["time"],
        state.box[i]["key"],
        state.box[i]["counter"],
        state.box[i]["kind"],
    )
    state.row[i]["boxed"] = at + 1
    while at > 0:
        above = (at - 1) // 2
        if times[above] <= time:
            break
        times[at] = times[above]
        keys[at] = keys[above]
        counters[at] = counters[above]
        kinds[at] = kinds[above]
        at = above
    times[at] = time
    keys[at] = key
    counters[at] = counter
    kinds[at] = kind


@kernel
def pop(state: LaneState, i: int) -> None:
    """Remove the first entity of lane i, which must be there."""
    times, keys, counters, kinds = (
        state.box[i]["time"],
        state.box[i]["key"],
        state.box[i]["counter"],
        state.box[i]["kind"],
    )
    size = state.row[i]["boxed"] - 1
    state.row[i]["boxed"] = size
    time, key, counter, kind = times[size], keys[size], counters[size], kinds[size]
    at = 0
    while True:
        below = 2 * at + 1
        if below >= size:
            break
        if below + 1 < size and times[below + 1] < times[below]:
            below += 1
        if times[below] >= time:
            break
        times[at] = times[below]
        keys[at] = keys[below]
        counters[at] = counters[below]
        kinds[at] = kinds[below]
        at = below
    if size > 0:
        times[at] = time
        keys[at] = key
        counters[at] = counter
        kinds[at] = kind
