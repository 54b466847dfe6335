"""A further inspection in series after primary, which blocks the booths when its buffer is full.

Texas, April 2022: every truck, few places, 45 to 60 minutes each; the line before the state's inspection filled the
bridge. An entity sent through the stage leaves its booth only when there is a place or room in the buffer (blocking
after service), in the order in which primary ends. Entities not sent leave at once. Because releases of booths now
depend on the stage, ends of primary are worked off in order of time: the next release is settled only when it is
known that nobody who starts later can come before it.
"""

from __future__ import annotations

import math

import numpy as np

from borderlab.crossings.queues.booths import drop_first, insert, place
from borderlab.crossings.queues.compiled import kernel, woven
from borderlab.crossings.queues.draws import STAGE, gamma_unit
from borderlab.crossings.queues.state import STAGE_TIME, STAGE_WAIT, STAGED, STEP, LaneCounts, LanePlan, LaneState


@kernel
def _start(plan: LanePlan, state: LaneState, i: int, stage: int, ready: float) -> float:
    # Earliest start at a place for one that is ready; moves the stage's front.
    row = state.place_free[i]
    while True:
        start = max(ready, row[0])
        front = state.row[i]["stage_front"]
        if start < (front + 1) * STEP:
            return start
        if front >= plan.intervals:
            return math.inf
        front += 1
        state.row[i]["stage_front"] = front
        before = state.row[i]["places"]
        now = 0 if front == plan.intervals else max(plan.stage_places[stage, front], 0)
        for more in range(now - before):
            insert(row, before + more, front * STEP)
        if now < before:
            drop_first(row, before, before - now)
        state.row[i]["places"] = now


@woven
def _entry(plan: LanePlan, state: LaneState, i: int, stage: int, done: float) -> tuple[float, float]:
    # When one whose primary ends at ``done`` can enter the stage, and when it starts there.
    ready = max(done, state.row[i]["entered"])
    if plan.stage[stage]["buffer"] == 0:
        start = _start(plan, state, i, stage, ready)
        return start, start
    ready = max(ready, state.place_ring[i, state.row[i]["stage_ring_at"]])
    return ready, _start(plan, state, i, stage, ready)


@kernel
def release_next(
    plan: LanePlan,
    out: LaneCounts,
    state: LaneState,
    i: int,
    limit: float,
) -> bool:
    """Settle the next release of a booth of lane i if it comes before ``limit``; False if none does."""
    stage = state.row[i]["stage"]
    by, goer = -1, -1
    for q in range(state.row[i]["unsettled"]):
        if state.booth[i, q]["goes"]:
            if goer < 0 or state.booth[i, q]["done"] < state.booth[i, goer]["done"]:
                goer = q
        elif by < 0 or state.booth[i, q]["done"] < state.booth[i, by]["done"]:
            by = q
    release = state.booth[i, by]["done"] if by >= 0 else math.inf
    chosen = by
    if goer >= 0 and state.booth[i, goer]["done"] < min(release, limit):
        # Try the entry on the stage as it stands; put it back if another booth is released first.
        places, front = state.row[i]["places"], state.row[i]["stage_front"]
        for q in range(len(state.scratch)):
            state.scratch[q] = state.place_free[i, q]
        entry, start = _entry(plan, state, i, stage, state.booth[i, goer]["done"])
        if entry <= release and entry < limit:
            _enter(plan, out, state, i, goer, entry, start)
            release, chosen = entry, goer
        else:
            for q in range(len(state.scratch)):
                state.place_free[i, q] = state.scratch[q]
            state.row[i]["places"], state.row[i]["stage_front"] = places, front
    if chosen < 0 or release >= limit:
        return False
    last = state.row[i]["unsettled"] - 1
    state.booth[i, chosen]["done"] = state.booth[i, last]["done"]
    state.booth[i, chosen]["goes"] = state.booth[i, last]["goes"]
    state.booth[i, chosen]["key"] = state.booth[i, last]["key"]
    state.booth[i, chosen]["counter"] = state.booth[i, last]["counter"]
    state.row[i]["unsettled"] = last
    if state.row[i]["closing"] > 0:
        state.row[i]["closing"] -= 1
    else:
        insert(state.free[i], state.row[i]["open"], release)
        state.row[i]["open"] += 1
    return True


@woven
def _enter(
    plan: LanePlan,
    out: LaneCounts,
    state: LaneState,
    i: int,
    goer: int,
    entry: float,
    start: float,
) -> None:
    stage = state.row[i]["stage"]
    horizon = plan.intervals * STEP
    state.row[i]["entered"] = entry
    if plan.stage[stage]["buffer"] > 0:
        state.place_ring[i, state.row[i]["stage_ring_at"]] = start
        state.row[i]["stage_ring_at"] = (state.row[i]["stage_ring_at"] + 1) % plan.stage[stage]["buffer"]
    done = state.booth[i, goer]["done"]
    hour = min(int(done / (4 * STEP)), plan.intervals // 4 - 1)
    lane = state.row[i]["lane"]
    out.counts[STAGED, lane, hour] += 1
    out.minutes[STAGE_WAIT, lane, hour] += min(start, max(horizon, done)) - done
    if start < horizon:
        minutes = plan.stage_min[stage, int(start / STEP)]
        spent = minutes * gamma_unit(
            state.booth[i, goer]["key"],
            state.booth[i, goer]["counter"] + STAGE + np.uint64(1),
            plan.stage[stage]["shape"],
        )
        out.minutes[STAGE_TIME, lane, hour] += spent
        place(state.place_free[i], state.row[i]["places"], start + spent)
