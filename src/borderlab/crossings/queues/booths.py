"""Booths of a lane: the exact multi-server recursion under a timetable (Kiefer and Wolfowitz, 1955).

A lane holds the times at which its open booths become free, in ascending order, closed by infinities. An entity takes
the first; its own end of service is put in place with minima and maxima only, so there is no branch to mispredict and
the compiler vectorises it.

Starts of service never run backward in a lane, so the timetable is followed by a *front*: the interval in which the
next start can lie. When the front passes into an interval with more booths, booths free at its beginning are added;
with fewer, the booths that are or become free first close. A booth that closes ends the service it is at.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from borderlab.crossings.queues.compiled import inlined, kernel, woven
from borderlab.crossings.queues.state import STEP, LanePlan, LaneState


@inlined
def place(row: NDArray[np.float64], size: int, time: float) -> None:
    """Replace the first of ``size`` ascending entries by ``time``, keeping order; row[size] must be infinite."""
    for q in range(size):
        row[q] = min(row[q + 1], max(row[q], time))


@kernel
def insert(row: NDArray[np.float64], size: int, time: float) -> None:
    """Add ``time`` to ``size`` ascending entries followed by infinities."""
    q = size
    while q > 0 and row[q - 1] > time:
        row[q] = row[q - 1]
        q -= 1
    row[q] = time


@kernel
def drop_first(row: NDArray[np.float64], size: int, count: int) -> None:
    """Remove the first ``count`` of ``size`` ascending entries."""
    for q in range(size):
        row[q] = row[q + count] if q + count < size else math.inf


@kernel
def enter_front(plan: LanePlan, state: LaneState, i: int, interval: int) -> None:
    """Set what depends on the hour of the front."""
    lane = state.row[i]["lane"]
    hour = interval // 4
    state.row[i]["mean"] = (
        plan.lane[lane]["service_min"] * plan.service_factor[lane, min(hour, plan.service_factor.shape[1] - 1)]
    )
    state.row[i]["share"] = plan.secondary_share[lane, min(hour, plan.secondary_share.shape[1] - 1)]


@kernel
def advance(plan: LanePlan, state: LaneState, i: int) -> bool:
    """Move the front of lane i one interval on; False at the end of the period, where no booth is left."""
    front = state.row[i]["front"]
    if front >= plan.intervals:
        return False
    row = state.free[i]
    state.served[i, front] = state.row[i]["started"]
    state.row[i]["started"] = 0
    front += 1
    state.row[i]["front"] = front
    if front == plan.intervals:
        drop_first(row, state.row[i]["open"], state.row[i]["open"])
        state.row[i]["open"] = 0
        return False
    before = state.row[i]["staffed"]
    now = max(plan.booths[state.row[i]["lane"], front], 0)
    if now != before:
        state.row[i]["staffed"] = now
        if now > before:
            # A closing booth that has not finished stays open instead.
            kept = min(state.row[i]["closing"], now - before)
            state.row[i]["closing"] -= kept
            for _ in range(now - before - kept):
                insert(row, state.row[i]["open"], front * STEP)
                state.row[i]["open"] += 1
        else:
            gone = min(before - now, state.row[i]["open"])
            drop_first(row, state.row[i]["open"], gone)
            state.row[i]["open"] -= gone
            # Only a lane with a stage has booths whose end of service is not known yet; those close when it is.
            state.row[i]["closing"] += before - now - gone
    if front % 4 == 0:
        enter_front(plan, state, i, front)
    return True


@woven
def keep_up(plan: LanePlan, state: LaneState, i: int, interval: int) -> None:
    """Move the front of a lane without a stage up to ``interval``, if it is behind."""
    while state.row[i]["front"] < interval:
        front = state.row[i]["front"] + 1
        if max(plan.booths[state.row[i]["lane"], front], 0) != state.row[i]["staffed"]:
            advance(plan, state, i)
            continue
        state.served[i, front - 1] = state.row[i]["started"]
        state.row[i]["started"] = 0
        state.row[i]["front"] = front
        if front % 4 == 0:
            lane = state.row[i]["lane"]
            hour = front // 4
            factor = plan.service_factor[lane, min(hour, plan.service_factor.shape[1] - 1)]
            state.row[i]["mean"] = plan.lane[lane]["service_min"] * factor
            state.row[i]["share"] = plan.secondary_share[lane, min(hour, plan.secondary_share.shape[1] - 1)]
