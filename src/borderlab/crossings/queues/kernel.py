"""The simulation of one component: lanes that can exchange traffic, interval by interval, entity by entity.

In each interval every lane's posted wait is taken, users choose, and the arrivals of the interval are given booths by
the exact recursion of :mod:`~borderlab.crossings.queues.booths`. An entity is known by its home lane, interval and
number in it; no array of entities exists. Lanes with an approach of their own, no stage and nobody under way to them
take a short path; all others a general one. Both do the same arithmetic.
"""

from __future__ import annotations

import math

import numpy as np

from borderlab.crossings.queues.booths import advance, drop_first, keep_up, place
from borderlab.crossings.queues.choice import excess_wait, leaving
from borderlab.crossings.queues.compiled import entry, inlined, kernel, woven
from borderlab.crossings.queues.docks import line_up, make_room, time_in_secondary, work_off
from borderlab.crossings.queues.draws import (
    CHOICE,
    GAP,
    INTERVAL_SHIFT,
    NEXT_ENTITY,
    SECONDARY,
    SERVICE,
    STAGE,
    exponential,
    gamma_unit,
    uniform,
)
from borderlab.crossings.queues.histogram import bin_of, quantile
from borderlab.crossings.queues.inbox import DIVERTED, GONE, pop
from borderlab.crossings.queues.leavers import send_away
from borderlab.crossings.queues.stage import release_next
from borderlab.crossings.queues.state import (
    ARRIVALS,
    INTO,
    PUT_OFF,
    QUEUE_MAX,
    REFERRED,
    RETURNED,
    SECONDARY_TIME,
    SERVED,
    SHUT,
    STEP,
    SWITCHED_IN,
    SWITCHED_OUT,
    WAIT_MAX,
    WAIT_P95,
    WAIT_SUM,
    LaneCounts,
    LanePlan,
    LaneState,
)


@kernel
def _mate(plan: LanePlan, state: LaneState, i: int) -> int:
    # The lane of the same approach with most booths where lane i has none; -1 if there is none.
    best, most = -1, 0
    front = state.row[i]["front"]
    if front >= plan.intervals:
        return -1
    for j in range(state.row[i]["first"], state.row[i]["until"]):
        booths = plan.booths[state.row[j]["lane"], front]
        if j != i and booths > most and state.row[j]["stage"] < 0:
            best, most = j, booths
    return best


@inlined
def _ready(state: LaneState, i: int, time: float) -> float:
    # The earliest moment at which the approach lets one that joins lane i at ``time`` start.
    group = state.row[i]["group"]
    if group < 0:
        return time
    return max(time, max(state.row[i]["last"], state.ring[group, state.approach[group]["ring_at"]]))


@kernel
def _find_start(plan: LanePlan, out: LaneCounts, state: LaneState, i: int, ready: float, hop: bool) -> float:
    # Start of service of one that can start at ``ready`` in lane i; moves the front. Infinite if the period ends
    # first. With ``hop``, -1 when the lane closes before that and another lane of the same approach is open.
    while True:
        if state.row[i]["front"] >= plan.intervals:
            return math.inf
        start = max(ready, state.free[i, 0])
        limit = (state.row[i]["front"] + 1) * STEP
        if start < limit:
            return start
        if hop and state.row[i]["group"] >= 0 and state.row[i]["staffed"] == 0 and _mate(plan, state, i) >= 0:
            return -1.0
        if state.row[i]["stage"] >= 0 and release_next(plan, out, state, i, limit):
            continue
        if not advance(plan, state, i):
            return math.inf


@inlined
def _start(plan: LanePlan, out: LaneCounts, state: LaneState, i: int, time: float, hop: bool) -> float:
    # As _find_start for one that joins at ``time``; the usual case without a call.
    ready = _ready(state, i, time)
    start = max(ready, state.free[i, 0])
    if start < (state.row[i]["front"] + 1) * STEP:
        return start
    return _find_start(plan, out, state, i, ready, hop)


@inlined
def _refer(
    plan: LanePlan, out: LaneCounts, state: LaneState, i: int, done: float, key: np.uint64, counter: np.uint64
) -> None:
    # Send an entity whose primary ends at ``done`` to secondary.
    if state.row[i]["pool"] >= 0:
        line_up(state, i, done, key, counter)
    elif done < plan.intervals * STEP:
        lane, hour = state.row[i]["lane"], int(done / (4 * STEP))
        out.counts[REFERRED, lane, hour] += 1
        out.minutes[SECONDARY_TIME, lane, hour] += time_in_secondary(
            plan.secondary_min[lane], plan.lane[lane]["secondary_shape"], done, key, counter
        )


@kernel
def _shut_before(plan: LanePlan, lane: int, time: float, start: float) -> bool:
    # Whether the known hours shut the lane between joining it and being served.
    last = int(min(start, plan.intervals * STEP - 1.0) / STEP)
    for interval in range(int(time / STEP), last + 1):  # noqa: SIM110 - numba has no generators here
        if plan.booths[lane, interval] == SHUT:
            return True
    return False


@inlined
def _turns_back(plan: LanePlan, out: LaneCounts, lane: int, time: float, start: float, hour: int) -> bool:
    # Whether one that comes foresees not to be served before the lane shuts, and puts the trip off.
    if start - time > STEP and _shut_before(plan, lane, time, start):
        out.counts[PUT_OFF, lane, hour] += 1
        return True
    return False


@woven
def _join(
    plan: LanePlan,
    out: LaneCounts,
    state: LaneState,
    home: int,
    time: float,
    key: np.uint64,
    counter: np.uint64,
) -> None:
    # One entity joins lane ``home`` (or the open lane of the same approach) and is given its booth.
    i = home
    start = _start(plan, out, state, i, time, True)
    if start < 0.0:
        i = _mate(plan, state, home)
        start = _find_start(plan, out, state, i, _ready(state, i, time), False)
        hour = int(time / (4 * STEP))
        out.counts[SWITCHED_OUT, state.row[home]["lane"], hour] += 1
        out.counts[SWITCHED_IN, state.row[i]["lane"], hour] += 1
    lane = state.row[i]["lane"]
    if _turns_back(plan, out, lane, time, start, int(time / (4 * STEP))):
        return
    state.row[i]["joined"] += 1
    group = state.row[i]["group"]
    if group >= 0:
        state.row[i]["last"] = start
        state.ring[group, state.approach[group]["ring_at"]] = start
        state.approach[group]["ring_at"] = (state.approach[group]["ring_at"] + 1) % state.approach[group]["ring_size"]
    served = start < math.inf
    wait = (start if served else plan.intervals * STEP) - time
    state.row[i]["entities"] += 1
    state.row[i]["wait_sum"] += wait
    state.row[i]["wait_max"] = max(state.row[i]["wait_max"], wait)
    state.counts[i, bin_of(state.value, state.word, wait)] += 1
    if not served:
        return
    state.row[i]["started"] += 1
    done = start + state.row[i]["mean"] * gamma_unit(key, counter + SERVICE, plan.lane[lane]["service_shape"])
    stage = state.row[i]["stage"]
    if stage < 0:
        place(state.free[i], state.row[i]["open"], done)
    else:
        drop_first(state.free[i], state.row[i]["open"], 1)
        state.row[i]["open"] -= 1
        q = state.row[i]["unsettled"]
        state.booth[i, q]["done"] = done
        state.booth[i, q]["goes"] = uniform(key, counter + STAGE) < plan.stage_share[stage, state.row[i]["front"]]
        state.booth[i, q]["key"] = key
        state.booth[i, q]["counter"] = counter
        state.row[i]["unsettled"] = q + 1
    if state.row[i]["share"] > 0.0 and uniform(key, counter + SECONDARY) < state.row[i]["share"]:
        _refer(plan, out, state, i, done, key, counter)


@inlined
def _next_native(plan: LanePlan, state: LaneState, i: int, until: float) -> None:
    # Move the generator of lane i on to its next arrival that stays.
    key = plan.lane[state.row[i]["lane"]]["key"]
    while True:
        state.row[i]["next_counter"] += NEXT_ENTITY
        state.row[i]["next_time"] += state.row[i]["gap"] * exponential(key, state.row[i]["next_counter"] + GAP)
        if state.row[i]["next_time"] >= until:
            state.row[i]["next_time"] = math.inf
            return
        state.row[i]["arrived"] += 1
        if state.row[i]["leave"] <= 0.0 or uniform(key, state.row[i]["next_counter"] + CHOICE) >= state.row[i]["leave"]:
            return


@woven
def _open_interval(plan: LanePlan, state: LaneState, i: int, t: int) -> None:
    # Set the generator of lane i to its first arrival of interval t that stays.
    rate = plan.arrivals[state.row[i]["lane"], t]
    if rate <= 0.0:
        state.row[i]["next_time"] = math.inf
        return
    state.row[i]["gap"] = STEP / rate
    state.row[i]["next_time"] = t * STEP
    state.row[i]["next_counter"] = (np.uint64(t) << INTERVAL_SHIFT) - NEXT_ENTITY
    _next_native(plan, state, i, (t + 1) * STEP)


@woven
def _serve_general(
    plan: LanePlan,
    out: LaneCounts,
    state: LaneState,
    first: int,
    last: int,
    t: int,
) -> None:
    # Give booths to all who join the lanes first … last - 1, which share an approach, in the order they come.
    until = (t + 1) * STEP
    for i in range(first, last):
        _open_interval(plan, state, i, t)
    while True:
        best, soonest, boxed = -1, until, False
        for i in range(first, last):
            if state.row[i]["next_time"] < soonest:
                best, soonest, boxed = i, state.row[i]["next_time"], False
            if state.row[i]["boxed"] > 0 and state.box[i, 0]["time"] < soonest:
                best, soonest, boxed = i, state.box[i, 0]["time"], True
        if best < 0:
            return
        if boxed:
            key, counter, kind = state.box[best, 0]["key"], state.box[best, 0]["counter"], state.box[best, 0]["kind"]
            pop(state, best)
            if kind == GONE:
                continue
            lane, hour = state.row[best]["lane"], int(soonest / (4 * STEP))
            out.counts[INTO if kind == DIVERTED else RETURNED, lane, hour] += 1
            if state.row[best]["barred"]:
                # Closed by the time it gets here: the trip is put off after all.
                out.counts[PUT_OFF, lane, hour] += 1
                continue
        else:
            key, counter = plan.lane[state.row[best]["lane"]]["key"], state.row[best]["next_counter"]
        _join(plan, out, state, best, soonest, key, counter)
        if not boxed:
            _next_native(plan, state, best, until)


@woven
def _serve_plain(plan: LanePlan, out: LaneCounts, state: LaneState, i: int, t: int) -> None:
    # The short path: a lane of its own to which only natives come, all of whom stay.
    lane = state.row[i]["lane"]
    rate = plan.arrivals[lane, t]
    if rate <= 0.0:
        return
    key = plan.lane[lane]["key"]
    row = state.free[i]
    counts = state.counts[i]
    gap = STEP / rate
    until = (t + 1) * STEP
    shape = plan.lane[lane]["service_shape"]
    limit = (state.row[i]["front"] + 1) * STEP
    mean, share, size = state.row[i]["mean"], state.row[i]["share"], state.row[i]["open"]
    arrived, joined, started = 0, 0, 0
    wait_sum, wait_max = 0.0, state.row[i]["wait_max"]
    counter = np.uint64(t) << INTERVAL_SHIFT
    time = t * STEP + gap * exponential(key, counter + GAP)
    while time < until:
        unit = gamma_unit(key, counter + SERVICE, shape)
        start = max(time, row[0])
        if start >= limit:
            state.row[i]["started"] += started
            started = 0
            start = _find_start(plan, out, state, i, time, False)
            limit = (state.row[i]["front"] + 1) * STEP
            mean, share, size = state.row[i]["mean"], state.row[i]["share"], state.row[i]["open"]
        arrived += 1
        if not _turns_back(plan, out, lane, time, start, t // 4):
            if start < math.inf:
                done = start + mean * unit
                place(row, size, done)
                started += 1
                if share > 0.0 and uniform(key, counter + SECONDARY) < share:
                    _refer(plan, out, state, i, done, key, counter)
                wait = start - time
            else:
                wait = plan.intervals * STEP - time
            joined += 1
            wait_sum += wait
            wait_max = max(wait_max, wait)
            counts[bin_of(state.value, state.word, wait)] += 1
        counter += NEXT_ENTITY
        time += gap * exponential(key, counter + GAP)
    state.row[i]["started"] += started
    state.row[i]["joined"] += joined
    state.row[i]["arrived"] += arrived
    state.row[i]["entities"] += joined
    state.row[i]["wait_sum"] += wait_sum
    state.row[i]["wait_max"] = wait_max


@woven
def _look(
    plan: LanePlan,
    out: LaneCounts,
    state: LaneState,
    couple: bool,
    t: int,
) -> bool:
    # Post the waits of interval t and find the shares that leave; True if anybody does.
    now = t * STEP
    for i in range(len(state.row)):
        lane = state.row[i]["lane"]
        if state.row[i]["stage"] < 0:
            keep_up(plan, state, i, t)
        while state.row[i]["front"] < t:
            # Settle what ends before the front moves on, as a search for a later start would.
            if state.row[i]["stage"] >= 0 and release_next(plan, out, state, i, (state.row[i]["front"] + 1) * STEP):
                continue
            advance(plan, state, i)
        start = _start(plan, out, state, i, now, True)
        if start < 0.0:
            mate = _mate(plan, state, i)
            start = _find_start(plan, out, state, mate, _ready(state, mate, now), False)
        posted = min(start, plan.intervals * STEP) - now
        out.posted[lane, t] = posted if plan.booths[lane, t] > 0 else math.nan
        state.row[i]["excess"] = excess_wait(plan, lane, t // 4, posted)
        state.row[i]["barred"] = plan.booths[lane, t] < 0
        state.row[i]["leave"] = 0.0
    anybody = False
    for i in range(len(state.row)):
        row = state.row[i]
        if row["barred"] or (couple and row["excess"] > plan.lane[row["lane"]]["notice_min"]):
            row["leave"] = leaving(plan, state, i, couple)
            anybody = anybody or row["leave"] > 0.0
    return anybody


@woven
def _close_interval(plan: LanePlan, out: LaneCounts, state: LaneState, t: int) -> None:
    # Count queues; at the end of an hour write its sums.
    hour = t // 4
    for i in range(len(state.row)):
        lane = state.row[i]["lane"]
        served = state.served[i, t] if state.row[i]["front"] > t else state.row[i]["started"]
        state.row[i]["queue"] += state.row[i]["joined"] - served
        state.row[i]["joined"] = 0
        if served:
            out.counts[SERVED, lane, hour] += served
        if state.row[i]["queue"] > state.row[i]["queue_max"]:
            state.row[i]["queue_max"] = state.row[i]["queue"]
        if t % 4 < 3:
            continue
        if state.row[i]["arrived"]:
            out.counts[ARRIVALS, lane, hour] += state.row[i]["arrived"]
            state.row[i]["arrived"] = 0
        if state.row[i]["queue_max"]:
            out.counts[QUEUE_MAX, lane, hour] = state.row[i]["queue_max"]
            state.row[i]["queue_max"] = state.row[i]["queue"]
        entities = state.row[i]["entities"]
        if entities == 0:
            continue
        counts = state.counts[i]
        largest = state.row[i]["wait_max"]
        day = (plan.lead_hours + hour) // 24
        if largest > 0.0:
            out.minutes[WAIT_SUM, lane, hour] = state.row[i]["wait_sum"]
            out.minutes[WAIT_MAX, lane, hour] = largest
            out.minutes[WAIT_P95, lane, hour] = quantile(counts, 0.95, largest)
            for b in range(bin_of(state.value, state.word, largest) + 1):
                out.histogram[lane, day, b] += counts[b]
                counts[b] = 0
        else:
            out.histogram[lane, day, 0] += counts[0]
            counts[0] = 0
        state.row[i]["entities"] = 0
        state.row[i]["wait_sum"] = 0.0
        state.row[i]["wait_max"] = 0.0


@woven
def _room(plan: LanePlan, state: LaneState, t: int) -> bool:
    # Whether lines and inboxes can take all that may come in interval t: twelve standard deviations above the mean.
    most = 0.0
    for i in range(len(state.row)):
        rate = plan.arrivals[state.row[i]["lane"], t]
        most += rate + 12.0 * math.sqrt(rate) + 40.0 + state.row[i]["boxed"]
    for i in range(len(state.row)):
        if state.row[i]["boxed"] + most > state.box.shape[1]:
            return False
        if state.row[i]["pool"] >= 0 and state.row[i]["line_tail"] + most > state.line.shape[1]:
            make_room(state, i)
            if state.row[i]["line_tail"] + most > state.line.shape[1]:
                return False
    return True


@entry
def run_component(
    plan: LanePlan,
    out: LaneCounts,
    state: LaneState,
    couple: bool,
    first: int,
) -> int:
    """Simulate the lanes of one component from interval ``first`` on; write ``out``.

    Returns the interval reached: before the end of the period only if ``line`` or ``box`` need more room, after which
    the caller calls again from there.
    """
    n = len(state.row)
    for t in range(first, plan.intervals):
        if not _room(plan, state, t):
            return t
        until = (t + 1) * STEP
        if _look(plan, out, state, couple, t):
            for i in range(n):
                if state.row[i]["leave"] > 0.0:
                    send_away(plan, out, state, i, t)
        i = 0
        while i < n:
            last = state.row[i]["until"]
            boxed = state.row[i]["boxed"] > 0 and state.box[i, 0]["time"] < until
            if last - i == 1 and state.row[i]["stage"] < 0 and state.row[i]["leave"] <= 0.0 and not boxed:
                _serve_plain(plan, out, state, i, t)
            else:
                _serve_general(plan, out, state, i, last, t)
            i = last
        for pool in range(len(state.pool) - 1):
            work_off(plan, out, state, pool, until)
        _close_interval(plan, out, state, t)
    for i in range(n):
        out.still_queued[state.row[i]["lane"]] = state.row[i]["queue"]
        # What is still on its way through the stage when the period ends.
        while state.row[i]["stage"] >= 0 and release_next(plan, out, state, i, plan.intervals * STEP):
            pass
    return plan.intervals
