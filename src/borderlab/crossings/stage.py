"""A further inspection in series after primary, which blocks the booths when its buffer is full.

Texas, April 2022: every truck, few places, 45 to 60 minutes each; the line before the state's inspection filled the
bridge. An entity sent through the stage leaves its booth only when there is a place or room in the buffer (blocking
after service), in the order in which primary ends. Entities not sent leave at once. Because releases of booths now
depend on the stage, ends of primary are worked off in order of time: the next release is settled only when it is
known that nobody who starts later can come before it.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from borderlab.crossings.booths import STEP, Lanes, Plan, drop_first, insert, place
from borderlab.crossings.compiled import kernel
from borderlab.crossings.draws import STAGE, gamma_unit


class Stages(NamedTuple):
    """Booths whose end of primary is not yet settled [n lanes, c], and the stages [s of this component]."""

    count: NDArray[np.int64]  # [n] unsettled booths
    closing: NDArray[np.int64]  # [n] booths that close when released
    done: NDArray[np.float64]  # [n, c] end of primary
    goes: NDArray[np.bool_]  # [n, c] sent through the stage
    key: NDArray[np.uint64]  # [n, c]
    counter: NDArray[np.uint64]  # [n, c]
    free: NDArray[np.float64]  # [n, most places + 2] when places become free
    places: NDArray[np.int64]  # [n] open places at the stage's front
    front: NDArray[np.int64]  # [n] interval of the stage's front
    entered: NDArray[np.float64]  # [n] last entry
    ring: NDArray[np.float64]  # [n, most buffer] last starts at the stage
    ring_at: NDArray[np.int64]  # [n]
    scratch: NDArray[np.float64]  # [most places + 2]


@kernel
def _start(plan: Plan, stages: Stages, i: int, stage: int, ready: float) -> float:
    # Earliest start at a place for one that is ready; moves the stage's front.
    row = stages.free[i]
    while True:
        start = max(ready, row[0])
        front = stages.front[i]
        if start < (front + 1) * STEP:
            return start
        if front >= plan.intervals:
            return math.inf
        front += 1
        stages.front[i] = front
        before = stages.places[i]
        now = 0 if front == plan.intervals else max(plan.stage_places[stage, front], 0)
        for more in range(now - before):
            insert(row, before + more, front * STEP)
        if now < before:
            drop_first(row, before, before - now)
        stages.places[i] = now


@kernel
def _entry(plan: Plan, stages: Stages, i: int, stage: int, done: float) -> tuple[float, float]:
    # When one whose primary ends at ``done`` can enter the stage, and when it starts there.
    ready = max(done, stages.entered[i])
    if plan.stage_buffer[stage] == 0:
        start = _start(plan, stages, i, stage, ready)
        return start, start
    ready = max(ready, stages.ring[i, stages.ring_at[i]])
    return ready, _start(plan, stages, i, stage, ready)


@kernel
def release_next(
    plan: Plan,
    lanes: Lanes,
    stages: Stages,
    i: int,
    limit: float,
    staged: NDArray[np.int32],
    wait_sum: NDArray[np.float32],
    time_sum: NDArray[np.float32],
) -> bool:
    """Settle the next release of a booth of lane i if it comes before ``limit``; False if none does."""
    stage = lanes.stage[i]
    by, goer = -1, -1
    for q in range(stages.count[i]):
        if stages.goes[i, q]:
            if goer < 0 or stages.done[i, q] < stages.done[i, goer]:
                goer = q
        elif by < 0 or stages.done[i, q] < stages.done[i, by]:
            by = q
    release = stages.done[i, by] if by >= 0 else math.inf
    chosen = by
    if goer >= 0 and stages.done[i, goer] < min(release, limit):
        # Try the entry on the stage as it stands; put it back if another booth is released first.
        places, front = stages.places[i], stages.front[i]
        for q in range(len(stages.scratch)):
            stages.scratch[q] = stages.free[i, q]
        entry, start = _entry(plan, stages, i, stage, stages.done[i, goer])
        if entry <= release and entry < limit:
            _enter(plan, lanes, stages, i, goer, entry, start, staged, wait_sum, time_sum)
            release, chosen = entry, goer
        else:
            for q in range(len(stages.scratch)):
                stages.free[i, q] = stages.scratch[q]
            stages.places[i], stages.front[i] = places, front
    if chosen < 0 or release >= limit:
        return False
    last = stages.count[i] - 1
    stages.done[i, chosen] = stages.done[i, last]
    stages.goes[i, chosen] = stages.goes[i, last]
    stages.key[i, chosen] = stages.key[i, last]
    stages.counter[i, chosen] = stages.counter[i, last]
    stages.count[i] = last
    if stages.closing[i] > 0:
        stages.closing[i] -= 1
    else:
        insert(lanes.free[i], lanes.open[i], release)
        lanes.open[i] += 1
    return True


@kernel
def _enter(
    plan: Plan,
    lanes: Lanes,
    stages: Stages,
    i: int,
    goer: int,
    entry: float,
    start: float,
    staged: NDArray[np.int32],
    wait_sum: NDArray[np.float32],
    time_sum: NDArray[np.float32],
) -> None:
    stage = lanes.stage[i]
    horizon = plan.intervals * STEP
    stages.entered[i] = entry
    if plan.stage_buffer[stage] > 0:
        stages.ring[i, stages.ring_at[i]] = start
        stages.ring_at[i] = (stages.ring_at[i] + 1) % plan.stage_buffer[stage]
    done = stages.done[i, goer]
    hour = min(int(done / (4 * STEP)), plan.intervals // 4 - 1)
    lane = lanes.lane[i]
    staged[lane, hour] += 1
    wait_sum[lane, hour] += min(start, max(horizon, done)) - done
    if start < horizon:
        minutes = plan.stage_min[stage, int(start / STEP)]
        spent = minutes * gamma_unit(
            stages.key[i, goer], stages.counter[i, goer] + STAGE + np.uint64(1), plan.stage_shape[stage]
        )
        time_sum[lane, hour] += spent
        place(stages.free[i], stages.places[i], start + spent)
