"""From posted waits and open booths back to arrivals and service times.

While a queue stands, the flow is open booths divided by the service time, and arrivals are the flow plus the change of
the queue. Where waits are short, the flow is what an M/G/c queue needs to show that wait. The service time of a
crossing and mode follows from the entries that were counted: the flows of a week must add up to them.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

IDLE = 0.25
"""Use of the booths in an open hour with no wait at all."""
FULL = 0.985
"""Use of the booths in an hour in which a queue stands."""
FLOOR = 0.02
"""Least arrivals of an open hour, as a part of what the booths can serve."""
LATENT = 0.006
"""Demand beyond what joins, in hours in which a queue stands: users who would come if the wait were shorter than usual.
It holds the queue at its usual length, as the users' own choice does on the road."""
HARDLY_MIN = 0.5
"""A posted wait below this reads as nobody waiting."""


def mean_wait(use: float, booths: int, service_min: float, shape: float = 2.0) -> float:
    """Mean wait (min) of an M/G/c queue by Sakasegawa's formula with the Allen–Cunneen factor.

    >>> round(mean_wait(0.8, 1, 1.0, 1.0), 3)    # M/M/1: rho / (1 - rho)
    4.0
    """
    factor = (1 + 1 / shape) / 2
    return float(service_min * factor * use ** (math.sqrt(2 * (booths + 1)) - 1) / (booths * (1 - use)))


def use_for(wait_min: float, booths: int, service_min: float, shape: float = 2.0) -> float:
    """The use of the booths at which an M/G/c queue shows a mean wait; between IDLE and FULL."""
    if wait_min < HARDLY_MIN or booths < 1:
        return IDLE
    low, high = IDLE, FULL
    if mean_wait(high, booths, service_min, shape) <= wait_min:
        return FULL
    if mean_wait(low, booths, service_min, shape) >= wait_min:
        return IDLE
    for _ in range(30):
        middle = (low + high) / 2
        if mean_wait(middle, booths, service_min, shape) < wait_min:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def use_week(wait_min: Array, booths: NDArray[np.int64], service_min: float, shape: float) -> Array:
    """[168] use of the booths in each hour of the week, from the waits at its two ends; 0 where closed.

    A short wait on opening or closing does not make the hour idle: the mean of both ends is taken.
    """
    ahead = np.roll(wait_min, -1)
    ahead = np.where(np.roll(booths, -1) > 0, ahead, wait_min)
    middle = (wait_min + ahead) / 2
    out = np.zeros(168)
    known: dict[tuple[float, int], float] = {}
    for hour in np.flatnonzero(booths > 0):
        key = (round(float(middle[hour]), 1), int(booths[hour]))
        if key not in known:
            known[key] = use_for(*key, service_min, shape)
        out[hour] = known[key]
    return out


def invert_mode(
    waits: list[Array],
    booths: list[NDArray[np.int64]],
    ratios: list[float],
    per_week: float,
    shape: float,
    longest: float = math.inf,
) -> tuple[float, list[Array]]:
    """Arrivals of the lanes of one crossing and mode, and their common service time.

    Args:
        waits: for each lane, [168] posted wait at each full hour, min.
        booths: for each lane, [168] open booths, 0 closed.
        ratios: each lane's service time as a multiple of the common one.
        per_week: entries of all lanes in a week.
        shape: gamma shape of the service time.
        longest: longest service time to believe (min); where it binds, the booths are idler than waits can tell.

    Returns:
        The common service time (min), and for each lane [168] who sets out in the hour; they sum to ``per_week`` plus
        the latent demand.
    """
    service = 1.0
    uses: list[Array] = []
    for _ in range(12):
        uses = [
            use_week(wait, places, service * ratio, shape)
            for wait, places, ratio in zip(waits, booths, ratios, strict=True)
        ]
        minutes = sum(
            float((use * places).sum()) * 60 / ratio for use, places, ratio in zip(uses, booths, ratios, strict=True)
        )
        renewed = minutes / max(per_week, 1.0)
        if abs(renewed / service - 1) < 1e-4:
            break
        service = math.sqrt(service * renewed)
    out = []
    for wait, places, use, ratio in zip(waits, booths, uses, ratios, strict=True):
        flow = use * places * 60 / (service * ratio) * np.where(use >= FULL - 1e-6, 1 + LATENT, 1.0)
        queue = wait * np.where(places > 0, places, 0) / (service * ratio)
        out.append(arrivals_from(flow, queue, places, service * ratio))
    if service > longest:
        # Fewer come than the booths could serve at any wait: the hours are idler than IDLE says.
        out = [lane * (per_week / sum(float(each.sum()) for each in out)) for lane in out]
        service = longest
    return service, out


def arrivals_from(flow: Array, queue: Array, booths: NDArray[np.int64], service_min: float) -> Array:
    """[168] arrivals: flow plus change of queue, spread so that none is negative; sums to the flow.

    ``queue`` is what stands at each full hour. Those queued on opening came in the hour before.
    """
    week = flow + np.roll(queue, -1) - queue
    is_open = booths > 0
    before = ~is_open & np.roll(is_open, -1)
    least = FLOOR * booths * 60 / service_min
    out: Array = np.where(is_open | before, np.maximum(week, least), 0.0)
    wanted, given = float(flow.sum()), float(out.sum())
    return out * (wanted / given) if given > 0 else out
