"""Secondary inspection: docks that the lanes of a crossing share, first come first served.

Referred entities reach the docks in the order in which primary lets them go, not in that of their arrival at the
border. Each lane keeps its referred in a line ordered by time; the lines of a pool are merged up to the time before
which no further one can come.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from borderlab.crossings.queues.booths import place
from borderlab.crossings.queues.compiled import inlined, kernel, woven
from borderlab.crossings.queues.draws import SECONDARY, gamma_unit
from borderlab.crossings.queues.state import (
    REFERRED,
    SECONDARY_TIME,
    SECONDARY_WAIT,
    STEP,
    LaneCounts,
    LanePlan,
    LaneState,
)


@kernel
def make_room(state: LaneState, i: int) -> None:
    """Move the line of lane i to the beginning of its room."""
    head, count = state.row[i]["line_head"], state.row[i]["line_tail"] - state.row[i]["line_head"]
    for q in range(count):
        state.line[i, q]["time"] = state.line[i, head + q]["time"]
        state.line[i, q]["key"] = state.line[i, head + q]["key"]
        state.line[i, q]["counter"] = state.line[i, head + q]["counter"]
    state.row[i]["line_head"], state.row[i]["line_tail"] = 0, count


@inlined
def line_up(state: LaneState, i: int, time: float, key: np.uint64, counter: np.uint64) -> None:
    """Put a referred entity in the line of lane i at its place by time."""
    head, at = state.row[i]["line_head"], state.row[i]["line_tail"]
    if at == state.line.shape[1]:
        state.lost[0] += 1
        return
    times, keys, counters = state.line[i]["time"], state.line[i]["key"], state.line[i]["counter"]
    state.row[i]["line_tail"] = at + 1
    while at > head and times[at - 1] > time:
        times[at] = times[at - 1]
        keys[at] = keys[at - 1]
        counters[at] = counters[at - 1]
        at -= 1
    times[at] = time
    keys[at] = key
    counters[at] = counter


@kernel
def time_in_secondary(
    means: NDArray[np.float32], shape: float, time: float, key: np.uint64, counter: np.uint64
) -> float:
    """Minutes that an entity spends in secondary when it gets there at ``time``; ``means`` by hour, or one."""
    hour = min(int(time / (4 * STEP)), len(means) - 1)
    return means[hour] * gamma_unit(key, counter + SECONDARY + np.uint64(1), shape)


@woven
def work_off(
    plan: LanePlan,
    out: LaneCounts,
    state: LaneState,
    pool: int,
    now: float,
) -> None:
    """Give docks to all who reach them before any later referral can; ``now`` is where the arrivals stand."""
    horizon = plan.intervals * STEP
    until = math.inf
    for at in range(state.pool[pool]["first"], state.pool[pool + 1]["first"]):
        i = state.members[at]
        until = min(until, max(now, min(state.free[i, 0], (state.row[i]["front"] + 1) * STEP)))
    row = state.dock_free[pool]
    while True:
        best = -1
        soonest = until
        for at in range(state.pool[pool]["first"], state.pool[pool + 1]["first"]):
            i = state.members[at]
            if state.row[i]["line_head"] < state.row[i]["line_tail"]:
                time = state.line[i, state.row[i]["line_head"]]["time"]
                if time < soonest:
                    best, soonest = i, time
        if best < 0:
            return
        head = state.row[best]["line_head"]
        state.row[best]["line_head"] = head + 1
        if soonest >= horizon:
            continue
        lane = state.row[best]["lane"]
        spent = time_in_secondary(
            plan.secondary_min[lane],
            plan.lane[lane]["secondary_shape"],
            soonest,
            state.line[best, head]["key"],
            state.line[best, head]["counter"],
        )
        start = max(soonest, row[0])
        place(row, state.pool[pool]["docks"], start + spent)
        hour = int(soonest / (4 * STEP))
        out.counts[REFERRED, lane, hour] += 1
        out.minutes[SECONDARY_WAIT, lane, hour] += start - soonest
        out.minutes[SECONDARY_TIME, lane, hour] += spent
