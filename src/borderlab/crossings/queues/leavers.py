"""Those who leave a lane: each takes the option it draws, another lane or to put the trip off and perhaps come back."""

from __future__ import annotations

import numpy as np

from borderlab.crossings.queues.choice import TO_PUT_OFF
from borderlab.crossings.queues.compiled import kernel
from borderlab.crossings.queues.draws import CHOICE, GAP, INTERVAL_SHIFT, NEXT_ENTITY, exponential, uniform
from borderlab.crossings.queues.inbox import DECIDED, DIVERTED, GONE, push
from borderlab.crossings.queues.state import AWAY, PUT_OFF, RETURNED, STEP, LaneCounts, LanePlan, LaneState

_LAST_ATTEMPT = 7


@kernel
def _send(
    plan: LanePlan,
    out: LaneCounts,
    state: LaneState,
    i: int,
    time: float,
    key: np.uint64,
    counter: np.uint64,
    attempt: int,
    draw: float,
) -> None:
    # One that leaves lane i takes an option; ``draw`` is uniform in [0, 1).
    lane = state.row[i]["lane"]
    hour = int(time / (4 * STEP))
    first, last = plan.lane[lane]["first_edge"], plan.lane[lane]["last_edge"]
    option = 0
    while option < last - first and draw >= state.options[i, option]:
        option += 1
    if option == TO_PUT_OFF:
        out.counts[PUT_OFF, lane, hour] += 1
        slot = counter + CHOICE + np.uint64(4 * attempt)
        if attempt < _LAST_ATTEMPT and uniform(key, slot + np.uint64(1)) < plan.lane[lane]["return_share"]:
            back = time + plan.lane[lane]["return_min"] * (0.5 + uniform(key, slot + np.uint64(2)))
            if back < plan.intervals * STEP:
                push(state, i, back, key, counter, attempt + 1)
        return
    edge = first + option - 1
    out.counts[AWAY, lane, hour] += 1
    out.edge_flow[plan.edge[edge]["edge"], (plan.lead_hours + hour) // 24] += 1
    there = time + plan.edge[edge]["detour"]
    if there < plan.intervals * STEP:
        push(state, plan.lane[plan.edge[edge]["lane"]]["place"], there, key, counter, DIVERTED)


@kernel
def send_away(plan: LanePlan, out: LaneCounts, state: LaneState, i: int, t: int) -> None:
    """Send away those of lane i's arrivals of interval t that leave it."""
    lane = state.row[i]["lane"]
    key = plan.lane[lane]["key"]
    leave = state.row[i]["leave"]
    until = (t + 1) * STEP
    rate = plan.arrivals[lane, t]
    if rate > 0.0:
        counter = np.uint64(t) << INTERVAL_SHIFT
        time = t * STEP + STEP / rate * exponential(key, counter + GAP)
        while time < until:
            draw = uniform(key, counter + CHOICE)
            if draw < leave:
                _send(plan, out, state, i, time, key, counter, 0, draw / leave)
            counter += NEXT_ENTITY
            time += STEP / rate * exponential(key, counter + GAP)
    # Those who come back look at the sign again.
    q = 0
    while q < state.row[i]["boxed"]:
        kind = state.box[i, q]["kind"]
        if state.box[i, q]["time"] < until and 0 < kind < DECIDED:
            back, its_key, its_counter = state.box[i, q]["time"], state.box[i, q]["key"], state.box[i, q]["counter"]
            draw = uniform(its_key, its_counter + CHOICE + np.uint64(4 * kind))
            state.box[i, q]["kind"] = GONE if draw < leave else kind + DECIDED
            if draw < leave:
                out.counts[RETURNED, lane, int(back / (4 * STEP))] += 1
                _send(plan, out, state, i, back, its_key, its_counter, kind, draw / leave)
        q += 1
