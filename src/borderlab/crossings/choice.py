"""What users do who see a longer posted wait than they are used to: stay, go to another crossing, put the trip off.

A multinomial logit on generalised cost, pivoted on usual conditions. Those who come to a lane are the ones that chose
it at its usual wait; if the excess wait lowers the lane's probability from P0 to P, the share 1 - P/P0 of them leaves,
and is split over the other options by how much the probability of each has risen. At usual waits nobody leaves.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from borderlab.crossings.booths import Plan
from borderlab.crossings.compiled import inlined, kernel

TO_PUT_OFF = 0
"""Option 0 is to put the trip off; option k is edge k - 1 of the lane."""


def usual_weights(plan: Plan) -> NDArray[np.float64]:
    """[L] sums of the logit weights of all options of a lane other than to stay, at usual waits."""
    lane = np.repeat(np.arange(len(plan.keys)), np.diff(plan.alt_ptr))
    cost = plan.value_of_time[lane] * plan.alt_detour_min + plan.alt_extra_usd
    total = np.exp(-plan.put_off)
    np.add.at(total, lane, np.exp(-plan.sensitivity[lane] * cost))
    return total


@inlined
def excess_wait(plan: Plan, lane: int, hour: int, posted: float) -> float:
    """Posted wait above the usual one, not below zero."""
    return max(0.0, posted - plan.usual_wait[lane, min(hour, plan.usual_wait.shape[1] - 1)])


@kernel
def _only_put_off(cumulative: NDArray[np.float64], options: int) -> None:
    for option in range(options):
        cumulative[option] = 1.0


@kernel
def leaving(
    plan: Plan,
    lane: int,
    place_of: NDArray[np.int64],
    excess: NDArray[np.float64],
    barred: NDArray[np.bool_],
    usual: float,
    couple: bool,
    cumulative: NDArray[np.float64],
) -> float:
    """The share of a lane's arrivals that leaves it; fills ``cumulative`` with the options' cumulative shares.

    ``excess`` [n] and ``barred`` [n] tell the excess wait and whether a lane can be joined, by place in the component;
    ``usual`` is the lane's of :func:`usual_weights`. ``cumulative`` ends at 1.
    """
    i = place_of[lane]
    first, last = plan.alt_ptr[lane], plan.alt_ptr[lane + 1]
    if not couple:
        _only_put_off(cumulative, last - first + 1)
        return 1.0 if barred[i] else 0.0
    over = excess[i] - plan.notice_min[lane]
    if not barred[i] and over <= 0.0:
        return 0.0
    theta = plan.sensitivity[lane]
    stay = 0.0 if barred[i] else math.exp(-theta * plan.value_of_time[lane] * over)
    off = math.exp(-plan.put_off[lane])
    total = stay + off
    for edge in range(first, last):
        j = place_of[plan.alt_lane[edge]]
        weight = 0.0
        if not barred[j]:
            minutes = plan.alt_detour_min[edge] + excess[j]
            weight = math.exp(-theta * (plan.value_of_time[lane] * minutes + plan.alt_extra_usd[edge]))
        cumulative[1 + edge - first] = weight
        total += weight
    share = max(0.0, 1.0 - (stay / total) * (1.0 + usual)) if total > 0.0 else 1.0
    # The rise of each option's probability against usual conditions.
    rise = max(0.0, off / total - off / (1.0 + usual)) if total > 0.0 else 1.0
    cumulative[TO_PUT_OFF] = rise
    for edge in range(first, last):
        minutes = plan.alt_detour_min[edge]
        before = math.exp(-theta * (plan.value_of_time[lane] * minutes + plan.alt_extra_usd[edge])) / (1.0 + usual)
        if total > 0.0:
            rise += max(0.0, cumulative[1 + edge - first] / total - before)
        cumulative[1 + edge - first] = rise
    if rise <= 0.0:
        # Nothing else has become more likely: who cannot stay puts the trip off.
        _only_put_off(cumulative, last - first + 1)
        return 1.0 if barred[i] else 0.0
    for option in range(last - first + 1):
        cumulative[option] /= rise
    return share
