"""Secondary inspection: docks that the lanes of a crossing share, first come first served.

Referred entities reach the docks in the order in which primary lets them go, not in that of their arrival at the
border. Each lane keeps its referred in a line ordered by time; the lines of a pool are merged up to the time before
which no further one can come.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from borderlab.crossings.booths import STEP, Lanes, Plan, place
from borderlab.crossings.compiled import inlined, kernel
from borderlab.crossings.draws import SECONDARY, gamma_unit


class Docks(NamedTuple):
    """Lines of n lanes, with room for a number of entities each, and the docks of p pools."""

    head: NDArray[np.int64]  # [n] first waiting in the line
    tail: NDArray[np.int64]  # [n] one past the last
    time: NDArray[np.float64]  # [n, room] end of primary
    key: NDArray[np.uint64]  # [n, room]
    counter: NDArray[np.uint64]  # [n, room]
    lost: NDArray[np.int64]  # [1] entities for which there was no room: must stay 0
    free: NDArray[np.float64]  # [p, most docks + 1]
    size: NDArray[np.int64]  # [p] docks
    first: NDArray[np.int64]  # [p + 1] lanes of a pool: members[first[p]:first[p + 1]]
    members: NDArray[np.int64]


@kernel
def make_room(docks: Docks, i: int) -> None:
    """Move the line of lane i to the beginning of its room."""
    head, count = docks.head[i], docks.tail[i] - docks.head[i]
    for q in range(count):
        docks.time[i, q] = docks.time[i, head + q]
        docks.key[i, q] = docks.key[i, head + q]
        docks.counter[i, q] = docks.counter[i, head + q]
    docks.head[i], docks.tail[i] = 0, count


@inlined
def line_up(docks: Docks, i: int, time: float, key: np.uint64, counter: np.uint64) -> None:
    """Put a referred entity in the line of lane i at its place by time."""
    head, at = docks.head[i], docks.tail[i]
    if at == docks.time.shape[1]:
        docks.lost[0] += 1
        return
    times, keys, counters = docks.time[i], docks.key[i], docks.counter[i]
    docks.tail[i] = at + 1
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


@inlined
def work_off(
    plan: Plan,
    lanes: Lanes,
    docks: Docks,
    pool: int,
    now: float,
    referred: NDArray[np.int32],
    wait_sum: NDArray[np.float32],
    time_sum: NDArray[np.float32],
) -> None:
    """Give docks to all who reach them before any later referral can; ``now`` is where the arrivals stand."""
    horizon = plan.intervals * STEP
    until = math.inf
    for at in range(docks.first[pool], docks.first[pool + 1]):
        i = docks.members[at]
        until = min(until, max(now, min(lanes.free[i, 0], (lanes.front[i] + 1) * STEP)))
    row = docks.free[pool]
    while True:
        best = -1
        soonest = until
        for at in range(docks.first[pool], docks.first[pool + 1]):
            i = docks.members[at]
            if docks.head[i] < docks.tail[i]:
                time = docks.time[i, docks.head[i]]
                if time < soonest:
                    best, soonest = i, time
        if best < 0:
            return
        head = docks.head[best]
        docks.head[best] = head + 1
        if soonest >= horizon:
            continue
        lane = lanes.lane[best]
        spent = time_in_secondary(
            plan.secondary_min[lane],
            plan.secondary_shape[lane],
            soonest,
            docks.key[best, head],
            docks.counter[best, head],
        )
        start = max(soonest, row[0])
        place(row, docks.size[pool], start + spent)
        hour = int(soonest / (4 * STEP))
        referred[lane, hour] += 1
        wait_sum[lane, hour] += start - soonest
        time_sum[lane, hour] += spent
