"""What the readings say of an ordinary week: waits and open booths by hour and kind of day, per lane."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from borderlab.crossings.border.fitted import GROUP_OF_DAY, GROUPS
from borderlab.crossings.border.places import MODE_OF, open_mask
from borderlab.crossings.fitting.waits import Waits

Array = NDArray[np.float64]

HOUR_KERNEL = (1.0, 0.6, 0.25)
"""Weight of readings 0, 1 and 2 hours away."""
OTHER_DAYS = 0.25
"""Weight of readings of another kind of day."""
HALF_LIFE_DAYS = 14.0
"""Age at which a reading weighs half as much as the newest. These three were chosen by fitting on the readings to
3 June 2026 and looking at those of the next three weeks; the last three weeks of the file were not looked at."""
FLOOR_PERCENTILE, MOST_FLOOR_MIN = 10.0, 5.0
ENOUGH, SOME = 120, 30
"""Readings of a lane for a fit of its own, and for a level of its own on a borrowed shape."""


@dataclass(frozen=True)
class Profile:
    """One lane's ordinary week.

    Attributes:
        readings: how many there were inside opening hours.
        wait_min: [4,24] weighted median posted wait at the full hour, by kind of day; NaN where closed.
        booths: [4,24] weighted median of open lanes; NaN where closed.
        climatology: [24] plain median of the readings of each hour; the median of all where an hour has none.
        open: [4,24] whether the lane is open.
        floor_min: what is posted when nobody waits: the 10th percentile of readings, at most 5 minutes.
    """

    readings: int
    wait_min: Array
    booths: Array
    climatology: Array
    open: NDArray[np.bool_]
    floor_min: float = 0.0


def group_mask(crossing: str, lane: str) -> NDArray[np.bool_]:
    """bool[4,24]: open by kind of day (a Wednesday stands for Monday to Thursday)."""
    week = open_mask(crossing, MODE_OF[lane]).reshape(7, 24)
    return week[[2, 4, 5, 6]]


def weighted_median(values: Array, weights: Array) -> float:
    """The value at which half of the weight is reached; NaN without weight.

    >>> weighted_median(np.array([1.0, 2.0, 9.0]), np.array([1.0, 1.0, 3.0]))
    9.0
    """
    order = np.argsort(values, kind="stable")
    running = np.cumsum(weights[order])
    if not len(running) or running[-1] <= 0:
        return float("nan")
    return float(values[order][np.searchsorted(running, running[-1] / 2)])


def profile(waits: Waits, lane: int) -> Profile:
    """The ordinary week of one lane of ``waits``."""
    mask = group_mask(*waits.lanes[lane])
    mine = waits.lane == lane
    hour, group = waits.hour[mine], GROUP_OF_DAY[waits.weekday[mine]]
    inside = mask[group, hour]
    hour, group = hour[inside], group[inside]
    wait, booths = waits.wait_min[mine][inside], waits.booths[mine][inside]
    time = waits.time[mine][inside]
    shape = (len(GROUPS), 24)
    if not len(wait):
        empty = np.full(shape, np.nan)
        return Profile(0, empty, empty.copy(), np.full(24, np.nan), mask)
    age = (waits.time.max() - time) / np.timedelta64(86400, "s")
    fresh = 0.5 ** (age / HALF_LIFE_DAYS)
    whole = float(np.median(wait))
    climate = np.array([np.median(wait[hour == h]) if (hour == h).any() else whole for h in range(24)])
    seen = np.isfinite(booths)
    target, places = np.full(shape, np.nan), np.full(shape, np.nan)
    for kind in range(len(GROUPS)):
        same = np.where(group == kind, 1.0, OTHER_DAYS)
        for h in range(24):
            if not mask[kind, h]:
                continue
            apart = np.minimum((hour - h) % 24, (h - hour) % 24)
            near = np.select([apart == 0, apart == 1, apart == 2], HOUR_KERNEL, 0.0)
            weight = same * near * fresh
            target[kind, h] = weighted_median(wait, weight)
            places[kind, h] = weighted_median(booths[seen], weight[seen])
    floor = min(float(np.percentile(wait, FLOOR_PERCENTILE)), MOST_FLOOR_MIN) if len(wait) >= SOME else 0.0
    return Profile(len(wait), fill(target, mask), fill(places, mask), climate, mask, floor)


def fill(values: Array, mask: NDArray[np.bool_]) -> Array:
    """Open hours without a value get one by straight line between the hours beside them, else from other days."""
    out = values.copy()
    for kind in range(out.shape[0]):
        known = np.flatnonzero(np.isfinite(out[kind]))
        wanted = np.flatnonzero(mask[kind] & ~np.isfinite(out[kind]))
        if len(known) and len(wanted):
            out[kind, wanted] = np.interp(wanted, known, out[kind, known], period=24)
    for h in range(24):
        gap = mask[:, h] & ~np.isfinite(out[:, h])
        if gap.any():
            others = out[:, h][np.isfinite(out[:, h])]
            rest = out[np.isfinite(out)]
            out[gap, h] = np.median(others) if len(others) else (np.median(rest) if len(rest) else np.nan)
    return out


def shared_approach(waits: Waits, crossing: str) -> bool:
    """Whether ready and standard waits of a crossing move as one queue: most paired readings within 5 minutes."""
    index = {pair: number for number, pair in enumerate(waits.lanes)}
    first, second = index.get((crossing, "passenger-standard")), index.get((crossing, "passenger-ready"))
    if first is None or second is None:
        return False
    a = dict(zip(waits.time[waits.lane == first].tolist(), waits.wait_min[waits.lane == first].tolist(), strict=True))
    b = dict(zip(waits.time[waits.lane == second].tolist(), waits.wait_min[waits.lane == second].tolist(), strict=True))
    both = [(a[moment], b[moment]) for moment in a.keys() & b.keys()]
    busy = [(x, y) for x, y in both if max(x, y) >= 10]
    if len(busy) < 60:
        return False
    return sum(abs(x - y) <= 5 for x, y in busy) / len(busy) >= 0.6


def to_week(groups: Array) -> Array:
    """[4,24] by kind of day to [168] by hour of the week, Monday 00:00 first."""
    return np.ascontiguousarray(groups[GROUP_OF_DAY].reshape(168))
