"""What users do who see a longer posted wait than they are used to: stay, go to another crossing, put the trip off.

A multinomial logit on generalised cost, pivoted on usual conditions. Those who come to a lane are the ones that chose
it at its usual wait; if the excess wait lowers the lane's probability from P0 to P, the share 1 - P/P0 of them leaves,
and is split over the other options by how much the probability of each has risen. At usual waits nobody leaves.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from borderlab.crossings.queues.compiled import inlined, kernel
from borderlab.crossings.queues.state import LanePlan, LaneState

TO_PUT_OFF = 0
"""Option 0 is to put the trip off; option k is edge k - 1 of the lane."""


def usual_weights(plan: LanePlan) -> NDArray[np.float64]:
    """[L] sums of the logit weights of all options of a lane other than to stay, at usual waits."""
    lanes = plan.lane
    home = np.repeat(np.arange(len(lanes)), lanes["last_edge"] - lanes["first_edge"])
    cost = lanes["value_of_time"][home] * plan.edge["detour"] + plan.edge["extra"]
    total = np.exp(-lanes["put_off"])
    np.add.at(total, home, np.exp(-lanes["sensitivity"][home] * cost))
    return np.asarray(total, dtype=np.float64)


@inlined
def excess_wait(plan: LanePlan, lane: int, hour: int, posted: float) -> float:
    """Posted wait above the usual one, not below zero."""
    return max(0.0, posted - plan.usual_wait[lane, min(hour, plan.usual_wait.shape[1] - 1)])


@kernel
def _only_put_off(state: LaneState, i: int, options: int) -> float:
    for option in range(options):
        state.options[i, option] = 1.0
    return 1.0 if state.row[i]["barred"] else 0.0


@kernel
def leaving(plan: LanePlan, state: LaneState, i: int, couple: bool) -> float:
    """The share of lane i's arrivals that leaves it; fills ``options`` with the options' cumulative shares."""
    row = state.row[i]
    lane = plan.lane[row["lane"]]
    first, last = lane["first_edge"], lane["last_edge"]
    over = row["excess"] - lane["notice_min"]
    if not couple or (not row["barred"] and over <= 0.0):
        return _only_put_off(state, i, last - first + 1)
    theta, minute = lane["sensitivity"], lane["value_of_time"]
    stay = 0.0 if row["barred"] else math.exp(-theta * minute * over)
    off = math.exp(-lane["put_off"])
    total = stay + off
    for e in range(first, last):
        edge = plan.edge[e]
        other = state.row[plan.lane[edge["lane"]]["place"]]
        weight = 0.0
        if not other["barred"]:
            weight = math.exp(-theta * (minute * (edge["detour"] + other["excess"]) + edge["extra"]))
        state.options[i, 1 + e - first] = weight
        total += weight
    if total <= 0.0:
        return _only_put_off(state, i, last - first + 1)
    usual = 1.0 + row["usual"]
    # The rise of each option's probability against usual conditions.
    rise = max(0.0, off / total - off / usual)
    state.options[i, TO_PUT_OFF] = rise
    for e in range(first, last):
        edge = plan.edge[e]
        before = math.exp(-theta * (minute * edge["detour"] + edge["extra"])) / usual
        rise += max(0.0, state.options[i, 1 + e - first] / total - before)
        state.options[i, 1 + e - first] = rise
    if rise <= 0.0:
        # Nothing else has become more likely: who cannot stay puts the trip off.
        return _only_put_off(state, i, last - first + 1)
    for option in range(last - first + 1):
        state.options[i, option] /= rise
    return max(0.0, 1.0 - stay / total * usual)
