"""The simulation of one component: lanes that can exchange traffic, interval by interval, entity by entity.

In each interval every lane's posted wait is taken, users choose, and the arrivals of the interval are given booths by
the exact recursion of :mod:`~borderlab.crossings.booths`. An entity is known by its home lane, interval and number in
it; no array of entities exists. Lanes with an approach of their own, no stage and nobody under way to them take a
short path; all others a general one. Both do the same arithmetic.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from borderlab.crossings.booths import STEP, Lanes, Plan, advance, drop_first, keep_up, place
from borderlab.crossings.choice import TO_PUT_OFF, excess_wait, leaving
from borderlab.crossings.compiled import entry, inlined, kernel
from borderlab.crossings.docks import Docks, line_up, make_room, time_in_secondary, work_off
from borderlab.crossings.draws import CHOICE, GAP, SECONDARY, SERVICE, STAGE, exponential, gamma_unit, uniform
from borderlab.crossings.inbox import DECIDED, DIVERTED, GONE, Inbox, pop, push
from borderlab.crossings.stage import Stages, release_next

BINS = 104
"""Bins of a wait histogram: eight to each doubling of (1 + wait in minutes), up to 5.7 days."""
_FIRST_BIN = 1023 << 3
_BIN_SHIFT = 49
_NEXT_ENTITY = np.uint64(256)
_INTERVAL_SHIFT = np.uint64(32)
_LAST_ATTEMPT = 7


class Out(NamedTuple):
    """What is counted, in canonical lane order; an array is written only where something happens."""

    arrivals: NDArray[np.int32]  # [L, H]
    served: NDArray[np.int32]
    diverted_away: NDArray[np.int32]
    diverted_in: NDArray[np.int32]
    put_off: NDArray[np.int32]
    returned: NDArray[np.int32]
    switched_out: NDArray[np.int32]
    switched_in: NDArray[np.int32]
    referred: NDArray[np.int32]
    staged: NDArray[np.int32]
    queue_max: NDArray[np.int32]
    wait_sum: NDArray[np.float32]
    wait_max: NDArray[np.float32]
    wait_p95: NDArray[np.float32]
    secondary_wait: NDArray[np.float32]
    secondary_time: NDArray[np.float32]
    stage_wait: NDArray[np.float32]
    stage_time: NDArray[np.float32]
    posted: NDArray[np.float32]  # [L, T]
    histogram: NDArray[np.uint32]  # [L, D, BINS]
    edge_flow: NDArray[np.int32]  # [E, D]
    still_queued: NDArray[np.int64]  # [L]


class Desk(NamedTuple):
    """Running sums of the current hour and interval, and the natives' generators [n lanes]."""

    entities: NDArray[np.int64]
    wait_sum: NDArray[np.float64]
    wait_max: NDArray[np.float64]
    counts: NDArray[np.uint32]  # [n, BINS]
    joined: NDArray[np.int64]
    arrived: NDArray[np.int64]
    queue: NDArray[np.int64]
    queue_max: NDArray[np.int64]
    next_time: NDArray[np.float64]
    next_counter: NDArray[np.uint64]
    gap: NDArray[np.float64]
    leave: NDArray[np.float64]
    excess: NDArray[np.float64]
    barred: NDArray[np.bool_]
    options: NDArray[np.float64]  # [n, most edges + 1]
    value: NDArray[np.float64]  # [1], seen through ``word`` as bits
    word: NDArray[np.int64]


@inlined
def bin_of(value: NDArray[np.float64], word: NDArray[np.int64], wait: float) -> int:
    """The histogram bin of a wait: exponent and first three bits of 1 + wait."""
    value[0] = 1.0 + wait
    return min((word[0] >> _BIN_SHIFT) - _FIRST_BIN, BINS - 1)


@entry
def quantile(counts: NDArray[np.uint32], share: float, largest: float) -> float:
    """A quantile of waits from a histogram, linear within a bin, never above the largest wait."""
    total = 0.0
    for b in range(BINS):
        total += counts[b]
    if total == 0.0 or largest <= 0.0:
        return 0.0
    wanted = share * total
    below = 0.0
    for b in range(BINS):
        count = counts[b]
        if count > 0 and below + count >= wanted:
            low = 2.0 ** (b // 8) * (1.0 + (b % 8) / 8.0) - 1.0
            width = 2.0 ** (b // 8) / 8.0
            high = min(low + width, largest) if b < BINS - 1 else largest
            return min(low + (high - low) * (wanted - below) / count, largest)
        below += count
    return largest


@kernel
def _mate(plan: Plan, lanes: Lanes, i: int) -> int:
    # The lane of the same approach with most booths where lane i has none; -1 if there is none.
    best, most = -1, 0
    front = lanes.front[i]
    if front >= plan.intervals:
        return -1
    for j in range(lanes.first[i], lanes.until[i]):
        booths = plan.booths[lanes.lane[j], front]
        if j != i and booths > most and lanes.stage[j] < 0:
            best, most = j, booths
    return best


@inlined
def _ready(lanes: Lanes, i: int, time: float) -> float:
    # The earliest moment at which the approach lets one that joins lane i at ``time`` start.
    group = lanes.group[i]
    if group < 0:
        return time
    return max(time, max(lanes.last[i], lanes.ring[group, lanes.ring_at[group]]))


@kernel
def _find_start(plan: Plan, out: Out, lanes: Lanes, stages: Stages, i: int, ready: float, hop: bool) -> float:
    # Start of service of one that can start at ``ready`` in lane i; moves the front. Infinite if the period ends
    # first. With ``hop``, -1 when the lane closes before that and another lane of the same approach is open.
    while True:
        if lanes.front[i] >= plan.intervals:
            return math.inf
        start = max(ready, lanes.free[i, 0])
        limit = (lanes.front[i] + 1) * STEP
        if start < limit:
            return start
        if hop and lanes.group[i] >= 0 and lanes.staffed[i] == 0 and _mate(plan, lanes, i) >= 0:
            return -1.0
        if lanes.stage[i] >= 0 and release_next(
            plan, lanes, stages, i, limit, out.staged, out.stage_wait, out.stage_time
        ):
            continue
        if not advance(plan, lanes, stages.closing, i):
            return math.inf


@inlined
def _start(plan: Plan, out: Out, lanes: Lanes, stages: Stages, i: int, time: float, hop: bool) -> float:
    # As _find_start for one that joins at ``time``; the usual case without a call.
    ready = _ready(lanes, i, time)
    start = max(ready, lanes.free[i, 0])
    if start < (lanes.front[i] + 1) * STEP:
        return start
    return _find_start(plan, out, lanes, stages, i, ready, hop)


@inlined
def _refer(
    plan: Plan, out: Out, lanes: Lanes, docks: Docks, i: int, done: float, key: np.uint64, counter: np.uint64
) -> None:
    # Send an entity whose primary ends at ``done`` to secondary.
    if lanes.pool[i] >= 0:
        line_up(docks, i, done, key, counter)
    elif done < plan.intervals * STEP:
        lane, hour = lanes.lane[i], int(done / (4 * STEP))
        out.referred[lane, hour] += 1
        out.secondary_time[lane, hour] += time_in_secondary(
            plan.secondary_min[lane], plan.secondary_shape[lane], done, key, counter
        )


@inlined
def _join(
    plan: Plan,
    out: Out,
    lanes: Lanes,
    stages: Stages,
    docks: Docks,
    desk: Desk,
    home: int,
    time: float,
    key: np.uint64,
    counter: np.uint64,
) -> None:
    # One entity joins lane ``home`` (or the open lane of the same approach) and is given its booth.
    i = home
    start = _start(plan, out, lanes, stages, i, time, True)
    if start < 0.0:
        i = _mate(plan, lanes, home)
        start = _find_start(plan, out, lanes, stages, i, _ready(lanes, i, time), False)
        hour = int(time / (4 * STEP))
        out.switched_out[lanes.lane[home], hour] += 1
        out.switched_in[lanes.lane[i], hour] += 1
    lane = lanes.lane[i]
    desk.joined[i] += 1
    group = lanes.group[i]
    if group >= 0:
        lanes.last[i] = start
        lanes.ring[group, lanes.ring_at[group]] = start
        lanes.ring_at[group] = (lanes.ring_at[group] + 1) % lanes.ring_size[group]
    served = start < math.inf
    wait = (start if served else plan.intervals * STEP) - time
    desk.entities[i] += 1
    desk.wait_sum[i] += wait
    desk.wait_max[i] = max(desk.wait_max[i], wait)
    desk.counts[i, bin_of(desk.value, desk.word, wait)] += 1
    if not served:
        return
    lanes.started[i] += 1
    done = start + lanes.mean[i] * gamma_unit(key, counter + SERVICE, plan.service_shape[lane])
    stage = lanes.stage[i]
    if stage < 0:
        place(lanes.free[i], lanes.open[i], done)
    else:
        drop_first(lanes.free[i], lanes.open[i], 1)
        lanes.open[i] -= 1
        q = stages.count[i]
        stages.done[i, q] = done
        stages.goes[i, q] = uniform(key, counter + STAGE) < plan.stage_share[stage, lanes.front[i]]
        stages.key[i, q] = key
        stages.counter[i, q] = counter
        stages.count[i] = q + 1
    if lanes.share[i] > 0.0 and uniform(key, counter + SECONDARY) < lanes.share[i]:
        _refer(plan, out, lanes, docks, i, done, key, counter)


@inlined
def _next_native(plan: Plan, lanes: Lanes, desk: Desk, i: int, until: float) -> None:
    # Move the generator of lane i on to its next arrival that stays.
    key = plan.keys[lanes.lane[i]]
    while True:
        desk.next_counter[i] += _NEXT_ENTITY
        desk.next_time[i] += desk.gap[i] * exponential(key, desk.next_counter[i] + GAP)
        if desk.next_time[i] >= until:
            desk.next_time[i] = math.inf
            return
        desk.arrived[i] += 1
        if desk.leave[i] <= 0.0 or uniform(key, desk.next_counter[i] + CHOICE) >= desk.leave[i]:
            return


@inlined
def _open_interval(plan: Plan, lanes: Lanes, desk: Desk, i: int, t: int) -> None:
    # Set the generator of lane i to its first arrival of interval t that stays.
    rate = plan.arrivals[lanes.lane[i], t]
    if rate <= 0.0:
        desk.next_time[i] = math.inf
        return
    desk.gap[i] = STEP / rate
    desk.next_time[i] = t * STEP
    desk.next_counter[i] = (np.uint64(t) << _INTERVAL_SHIFT) - _NEXT_ENTITY
    _next_native(plan, lanes, desk, i, (t + 1) * STEP)


@kernel
def _send(
    plan: Plan,
    out: Out,
    lanes: Lanes,
    desk: Desk,
    box: Inbox,
    place_of: NDArray[np.int64],
    i: int,
    time: float,
    key: np.uint64,
    counter: np.uint64,
    attempt: int,
    draw: float,
) -> None:
    # One that leaves lane i takes an option; ``draw`` is uniform in [0, 1).
    lane = lanes.lane[i]
    hour = int(time / (4 * STEP))
    first, last = plan.alt_ptr[lane], plan.alt_ptr[lane + 1]
    option = 0
    while option < last - first and draw >= desk.options[i, option]:
        option += 1
    if option == TO_PUT_OFF:
        out.put_off[lane, hour] += 1
        slot = counter + CHOICE + np.uint64(4 * attempt)
        if attempt < _LAST_ATTEMPT and uniform(key, slot + np.uint64(1)) < plan.return_share[lane]:
            back = time + plan.return_min[lane] * (0.5 + uniform(key, slot + np.uint64(2)))
            if back < plan.intervals * STEP:
                push(box, i, back, key, counter, attempt + 1)
        return
    edge = first + option - 1
    out.diverted_away[lane, hour] += 1
    out.edge_flow[plan.alt_edge[edge], (plan.lead_hours + hour) // 24] += 1
    there = time + plan.alt_detour_min[edge]
    if there < plan.intervals * STEP:
        push(box, place_of[plan.alt_lane[edge]], there, key, counter, DIVERTED)


@kernel
def _choose(
    plan: Plan, out: Out, lanes: Lanes, desk: Desk, box: Inbox, place_of: NDArray[np.int64], i: int, t: int
) -> None:
    # Send away those of lane i's arrivals of interval t that leave it.
    lane = lanes.lane[i]
    key = plan.keys[lane]
    leave = desk.leave[i]
    until = (t + 1) * STEP
    rate = plan.arrivals[lane, t]
    if rate > 0.0:
        counter = np.uint64(t) << _INTERVAL_SHIFT
        time = t * STEP + STEP / rate * exponential(key, counter + GAP)
        while time < until:
            draw = uniform(key, counter + CHOICE)
            if draw < leave:
                _send(plan, out, lanes, desk, box, place_of, i, time, key, counter, 0, draw / leave)
            counter += _NEXT_ENTITY
            time += STEP / rate * exponential(key, counter + GAP)
    # Those who come back look at the sign again.
    q = 0
    while q < box.size[i]:
        kind = box.kind[i, q]
        if box.time[i, q] < until and 0 < kind < DECIDED:
            back, its_key, its_counter = box.time[i, q], box.key[i, q], box.counter[i, q]
            draw = uniform(its_key, its_counter + CHOICE + np.uint64(4 * kind))
            box.kind[i, q] = GONE if draw < leave else kind + DECIDED
            if draw < leave:
                out.returned[lane, int(back / (4 * STEP))] += 1
                _send(plan, out, lanes, desk, box, place_of, i, back, its_key, its_counter, kind, draw / leave)
        q += 1


@inlined
def _serve_general(
    plan: Plan,
    out: Out,
    lanes: Lanes,
    stages: Stages,
    docks: Docks,
    desk: Desk,
    box: Inbox,
    first: int,
    last: int,
    t: int,
) -> None:
    # Give booths to all who join the lanes first … last - 1, which share an approach, in the order they come.
    until = (t + 1) * STEP
    for i in range(first, last):
        _open_interval(plan, lanes, desk, i, t)
    while True:
        best, soonest, boxed = -1, until, False
        for i in range(first, last):
            if desk.next_time[i] < soonest:
                best, soonest, boxed = i, desk.next_time[i], False
            if box.size[i] > 0 and box.time[i, 0] < soonest:
                best, soonest, boxed = i, box.time[i, 0], True
        if best < 0:
            return
        if boxed:
            key, counter, kind = box.key[best, 0], box.counter[best, 0], box.kind[best, 0]
            pop(box, best)
            if kind == GONE:
                continue
            came = out.diverted_in if kind == DIVERTED else out.returned
            came[lanes.lane[best], int(soonest / (4 * STEP))] += 1
        else:
            key, counter = plan.keys[lanes.lane[best]], desk.next_counter[best]
        _join(plan, out, lanes, stages, docks, desk, best, soonest, key, counter)
        if not boxed:
            _next_native(plan, lanes, desk, best, until)


@inlined
def _serve_plain(plan: Plan, out: Out, lanes: Lanes, stages: Stages, docks: Docks, desk: Desk, i: int, t: int) -> None:
    # The short path: a lane of its own to which only natives come, all of whom stay.
    lane = lanes.lane[i]
    rate = plan.arrivals[lane, t]
    if rate <= 0.0:
        return
    key = plan.keys[lane]
    row = lanes.free[i]
    counts = desk.counts[i]
    gap = STEP / rate
    until = (t + 1) * STEP
    shape = plan.service_shape[lane]
    limit = (lanes.front[i] + 1) * STEP
    mean, share, size = lanes.mean[i], lanes.share[i], lanes.open[i]
    joined, started = 0, 0
    wait_sum, wait_max = 0.0, desk.wait_max[i]
    counter = np.uint64(t) << _INTERVAL_SHIFT
    time = t * STEP + gap * exponential(key, counter + GAP)
    while time < until:
        unit = gamma_unit(key, counter + SERVICE, shape)
        start = max(time, row[0])
        if start >= limit:
            lanes.started[i] += started
            started = 0
            start = _find_start(plan, out, lanes, stages, i, time, False)
            limit = (lanes.front[i] + 1) * STEP
            mean, share, size = lanes.mean[i], lanes.share[i], lanes.open[i]
        if start < math.inf:
            done = start + mean * unit
            place(row, size, done)
            started += 1
            if share > 0.0 and uniform(key, counter + SECONDARY) < share:
                _refer(plan, out, lanes, docks, i, done, key, counter)
            wait = start - time
        else:
            wait = plan.intervals * STEP - time
        joined += 1
        wait_sum += wait
        wait_max = max(wait_max, wait)
        counts[bin_of(desk.value, desk.word, wait)] += 1
        counter += _NEXT_ENTITY
        time += gap * exponential(key, counter + GAP)
    lanes.started[i] += started
    desk.joined[i] += joined
    desk.arrived[i] += joined
    desk.entities[i] += joined
    desk.wait_sum[i] += wait_sum
    desk.wait_max[i] = wait_max


@inlined
def _look(
    plan: Plan,
    out: Out,
    lanes: Lanes,
    stages: Stages,
    desk: Desk,
    place_of: NDArray[np.int64],
    usual: NDArray[np.float64],
    couple: bool,
    t: int,
) -> bool:
    # Post the waits of interval t and find the shares that leave; True if anybody does.
    now = t * STEP
    excess, barred = desk.excess, desk.barred
    for i in range(len(lanes.lane)):
        lane = lanes.lane[i]
        if lanes.stage[i] < 0:
            keep_up(plan, lanes, stages.closing, i, t)
        while lanes.front[i] < t:
            # Settle what ends before the front moves on, as a search for a later start would.
            if lanes.stage[i] >= 0 and release_next(
                plan, lanes, stages, i, (lanes.front[i] + 1) * STEP, out.staged, out.stage_wait, out.stage_time
            ):
                continue
            advance(plan, lanes, stages.closing, i)
        start = _start(plan, out, lanes, stages, i, now, True)
        if start < 0.0:
            mate = _mate(plan, lanes, i)
            start = _find_start(plan, out, lanes, stages, mate, _ready(lanes, mate, now), False)
        posted = min(start, plan.intervals * STEP) - now
        out.posted[lane, t] = posted if plan.booths[lane, t] > 0 else math.nan
        excess[i] = excess_wait(plan, lane, t // 4, posted)
        barred[i] = plan.booths[lane, t] < 0
        desk.leave[i] = 0.0
    anybody = False
    for i in range(len(lanes.lane)):
        lane = lanes.lane[i]
        if barred[i] or (couple and excess[i] > plan.notice_min[lane]):
            desk.leave[i] = leaving(plan, lane, place_of, excess, barred, usual[i], couple, desk.options[i])
            anybody = anybody or desk.leave[i] > 0.0
    return anybody


@inlined
def _close_interval(plan: Plan, out: Out, lanes: Lanes, desk: Desk, t: int) -> None:
    # Count queues; at the end of an hour write its sums.
    hour = t // 4
    for i in range(len(lanes.lane)):
        lane = lanes.lane[i]
        served = lanes.served[i, t] if lanes.front[i] > t else lanes.started[i]
        desk.queue[i] += desk.joined[i] - served
        desk.joined[i] = 0
        if served:
            out.served[lane, hour] += served
        if desk.queue[i] > desk.queue_max[i]:
            desk.queue_max[i] = desk.queue[i]
        if t % 4 < 3:
            continue
        if desk.arrived[i]:
            out.arrivals[lane, hour] += desk.arrived[i]
            desk.arrived[i] = 0
        if desk.queue_max[i]:
            out.queue_max[lane, hour] = desk.queue_max[i]
            desk.queue_max[i] = desk.queue[i]
        entities = desk.entities[i]
        if entities == 0:
            continue
        counts = desk.counts[i]
        largest = desk.wait_max[i]
        day = (plan.lead_hours + hour) // 24
        if largest > 0.0:
            out.wait_sum[lane, hour] = desk.wait_sum[i]
            out.wait_max[lane, hour] = largest
            out.wait_p95[lane, hour] = quantile(counts, 0.95, largest)
            for b in range(bin_of(desk.value, desk.word, largest) + 1):
                out.histogram[lane, day, b] += counts[b]
                counts[b] = 0
        else:
            out.histogram[lane, day, 0] += counts[0]
            counts[0] = 0
        desk.entities[i] = 0
        desk.wait_sum[i] = 0.0
        desk.wait_max[i] = 0.0


@inlined
def _room(plan: Plan, lanes: Lanes, docks: Docks, box: Inbox, t: int) -> bool:
    # Whether lines and inboxes can take all that may come in interval t: twelve standard deviations above the mean.
    most = 0.0
    for i in range(len(lanes.lane)):
        rate = plan.arrivals[lanes.lane[i], t]
        most += rate + 12.0 * math.sqrt(rate) + 40.0 + box.size[i]
    for i in range(len(lanes.lane)):
        if box.size[i] + most > box.time.shape[1]:
            return False
        if lanes.pool[i] >= 0 and docks.tail[i] + most > docks.time.shape[1]:
            make_room(docks, i)
            if docks.tail[i] + most > docks.time.shape[1]:
                return False
    return True


@entry
def run_component(
    plan: Plan,
    out: Out,
    lanes: Lanes,
    stages: Stages,
    docks: Docks,
    box: Inbox,
    desk: Desk,
    place_of: NDArray[np.int64],
    usual: NDArray[np.float64],
    couple: bool,
    first: int,
) -> int:
    """Simulate the lanes of one component from interval ``first`` on; write ``out``.

    ``place_of`` [L] gives a lane's place in the component, ``usual`` [n] the weights of its options at usual waits.
    Returns the interval reached: before the end of the period only if ``docks`` or ``box`` need more room, after
    which the caller calls again from there.
    """
    n = len(lanes.lane)
    for t in range(first, plan.intervals):
        if not _room(plan, lanes, docks, box, t):
            return t
        until = (t + 1) * STEP
        if _look(plan, out, lanes, stages, desk, place_of, usual, couple, t):
            for i in range(n):
                if desk.leave[i] > 0.0:
                    _choose(plan, out, lanes, desk, box, place_of, i, t)
        i = 0
        while i < n:
            last = lanes.until[i]
            boxed = box.size[i] > 0 and box.time[i, 0] < until
            if last - i == 1 and lanes.stage[i] < 0 and desk.leave[i] <= 0.0 and not boxed:
                _serve_plain(plan, out, lanes, stages, docks, desk, i, t)
            else:
                _serve_general(plan, out, lanes, stages, docks, desk, box, i, last, t)
            i = last
        for pool in range(len(docks.size)):
            work_off(plan, lanes, docks, pool, until, out.referred, out.secondary_wait, out.secondary_time)
        _close_interval(plan, out, lanes, desk, t)
    for i in range(n):
        out.still_queued[lanes.lane[i]] = desk.queue[i]
        # What is still on its way through the stage when the period ends.
        while lanes.stage[i] >= 0 and release_next(
            plan, lanes, stages, i, plan.intervals * STEP, out.staged, out.stage_wait, out.stage_time
        ):
            pass
    return plan.intervals
