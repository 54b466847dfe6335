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
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from borderlab.crossings.compiled import inlined, kernel

STEP = 15.0
"""Minutes of an interval."""


class Plan(NamedTuple):
    """What is given: arrays of a whole network in canonical lane order (see ``engine``)."""

    intervals: int
    lead_hours: int  # hours from midnight to the first interval
    keys: NDArray[np.uint64]
    arrivals: NDArray[np.float32]
    booths: NDArray[np.int16]
    service_min: NDArray[np.float64]
    service_shape: NDArray[np.float64]
    service_factor: NDArray[np.float32]
    secondary_share: NDArray[np.float32]
    secondary_min: NDArray[np.float32]
    secondary_shape: NDArray[np.float64]
    pool_docks: NDArray[np.int32]
    stage_share: NDArray[np.float32]
    stage_min: NDArray[np.float32]
    stage_places: NDArray[np.int16]
    stage_shape: NDArray[np.float64]
    stage_buffer: NDArray[np.int32]
    alt_ptr: NDArray[np.int32]
    alt_lane: NDArray[np.int32]
    alt_edge: NDArray[np.int32]
    alt_detour_min: NDArray[np.float32]
    alt_extra_usd: NDArray[np.float32]
    usual_wait: NDArray[np.float32]
    value_of_time: NDArray[np.float64]
    sensitivity: NDArray[np.float64]
    put_off: NDArray[np.float64]
    notice_min: NDArray[np.float64]
    return_share: NDArray[np.float64]
    return_min: NDArray[np.float64]


class Lanes(NamedTuple):
    """State of the lanes of one component; index i is the place of a lane in ``lane``."""

    lane: NDArray[np.int64]  # [n] row in the plan
    free: NDArray[np.float64]  # [n, most booths + 2] ascending, then infinities
    open: NDArray[np.int64]  # [n] finite entries of free
    staffed: NDArray[np.int64]  # [n] booths by the timetable at the front
    front: NDArray[np.int64]  # [n] interval of the front
    started: NDArray[np.int64]  # [n] starts in the interval of the front so far
    served: NDArray[np.uint16]  # [n, T] starts by interval, behind the front
    mean: NDArray[np.float64]  # [n] mean service minutes at the front
    share: NDArray[np.float64]  # [n] share referred at the front
    last: NDArray[np.float64]  # [n] last start
    group: NDArray[np.int64]  # [n] shared approach or -1
    first: NDArray[np.int64]  # [n] the lanes first … until - 1 share the approach
    until: NDArray[np.int64]  # [n]
    ring: NDArray[np.float64]  # [groups, most k + 1] last starts of the approach
    ring_at: NDArray[np.int64]  # [groups] where the oldest stands
    ring_size: NDArray[np.int64]  # [groups] k + 1
    stage: NDArray[np.int64]  # [n] stage of the lane or -1
    pool: NDArray[np.int64]  # [n] place in the component's dock pools or -1


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
def enter_front(plan: Plan, lanes: Lanes, i: int, interval: int) -> None:
    """Set what depends on the hour of the front."""
    lane = lanes.lane[i]
    hour = interval // 4
    lanes.mean[i] = plan.service_min[lane] * plan.service_factor[lane, min(hour, plan.service_factor.shape[1] - 1)]
    lanes.share[i] = plan.secondary_share[lane, min(hour, plan.secondary_share.shape[1] - 1)]


@kernel
def advance(plan: Plan, lanes: Lanes, closing: NDArray[np.int64], i: int) -> bool:
    """Move the front of lane i one interval on; False at the end of the period, where no booth is left."""
    front = lanes.front[i]
    if front >= plan.intervals:
        return False
    row = lanes.free[i]
    lanes.served[i, front] = lanes.started[i]
    lanes.started[i] = 0
    front += 1
    lanes.front[i] = front
    if front == plan.intervals:
        drop_first(row, lanes.open[i], lanes.open[i])
        lanes.open[i] = 0
        return False
    before = lanes.staffed[i]
    now = max(plan.booths[lanes.lane[i], front], 0)
    if now != before:
        lanes.staffed[i] = now
        if now > before:
            # A closing booth that has not finished stays open instead.
            kept = min(closing[i], now - before)
            closing[i] -= kept
            for _ in range(now - before - kept):
                insert(row, lanes.open[i], front * STEP)
                lanes.open[i] += 1
        else:
            gone = min(before - now, lanes.open[i])
            drop_first(row, lanes.open[i], gone)
            lanes.open[i] -= gone
            # Only a lane with a stage has booths whose end of service is not known yet; those close when it is.
            closing[i] += before - now - gone
    if front % 4 == 0:
        enter_front(plan, lanes, i, front)
    return True


@inlined
def keep_up(plan: Plan, lanes: Lanes, closing: NDArray[np.int64], i: int, interval: int) -> None:
    """Move the front of a lane without a stage up to ``interval``, if it is behind."""
    while lanes.front[i] < interval:
        front = lanes.front[i] + 1
        if max(plan.booths[lanes.lane[i], front], 0) != lanes.staffed[i]:
            advance(plan, lanes, closing, i)
            continue
        lanes.served[i, front - 1] = lanes.started[i]
        lanes.started[i] = 0
        lanes.front[i] = front
        if front % 4 == 0:
            lane = lanes.lane[i]
            hour = front // 4
            factor = plan.service_factor[lane, min(hour, plan.service_factor.shape[1] - 1)]
            lanes.mean[i] = plan.service_min[lane] * factor
            lanes.share[i] = plan.secondary_share[lane, min(hour, plan.secondary_share.shape[1] - 1)]
