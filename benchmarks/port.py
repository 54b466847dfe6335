"""One port for all engines: time-varying arrivals, ten booths, secondary inspection on eight docks.

9,007 vehicles a day, gamma(2) service of 45 s on average, peak load 0.90, 10 % to secondary for 5 min (exponential).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import numpy as np
from tests.crossings.reference_solutions import natives

from borderlab.crossings.queues.network import PER_DAY, Network, plain_network

PER_VEHICLE_DAY, BOOTHS, SERVICE_MIN, DOCKS, SECONDARY_MIN, SHARE = 9007, 10, 0.75, 8, 5.0, 0.10
PEAK_LOAD = 0.90
SEED = 1


def profile(days: int) -> np.ndarray:
    """[T] expected arrivals in each quarter of an hour."""
    mean = PER_VEHICLE_DAY / PER_DAY
    peak = PEAK_LOAD * BOOTHS * 15.0 / SERVICE_MIN
    hour = np.arange(PER_DAY * days) / 4 % 24
    return mean + (peak - mean) * np.sin((hour - 8) / 24 * 2 * np.pi)


def port(days: int, copies: int = 1, *, exchanging: bool = False) -> Network:
    """The port, once or more often.

    ``exchanging`` copies lie 3 minutes from each other; their users see posted waits and react to any.
    """
    lanes = [(f"port-{copy}", "passenger-standard", "vehicle") for copy in range(copies)]
    changes = {}
    if exchanging:
        changes = {
            "alt_ptr": np.arange(0, copies * (copies - 1) + 1, copies - 1, dtype=np.int32),
            "alt_lane": np.array([j for i in range(copies) for j in range(copies) if j != i], dtype=np.int32),
            "alt_detour_min": np.full(copies * (copies - 1), 3.0, dtype=np.float32),
            "alt_extra_usd": np.zeros(copies * (copies - 1), dtype=np.float32),
            "usual_wait": np.zeros((copies, 1), dtype=np.float32),
            "notice_min": np.zeros(copies),
        }
    return plain_network(
        datetime(2026, 1, 1),
        lanes,
        np.tile(profile(days).astype(np.float32), (copies, 1)),
        np.full((copies, PER_DAY * days), BOOTHS, dtype=np.int16),
        np.full(copies, SERVICE_MIN),
        secondary_share=np.full((copies, 1), SHARE, dtype=np.float32),
        secondary_min=np.full((copies, 1), SECONDARY_MIN, dtype=np.float32),
        secondary_pool=np.arange(copies, dtype=np.int32),
        pool_docks=np.full(copies, DOCKS, dtype=np.int32),
        **changes,
    )


@dataclass(frozen=True)
class Draws:
    """Pre-drawn vehicles as plain lists: gap to the one before, service minutes, secondary minutes or 0."""

    times: list[float]
    gaps: list[float]
    services: list[float]
    secondary: list[float]


def draws(days: int) -> Draws:
    """The very vehicles that the engine simulates on the port's first ``days``."""
    found = natives(port(days), 0, SEED)
    referred = np.where(found.referred < np.float32(SHARE), SECONDARY_MIN * found.inside, 0.0)
    return Draws(
        found.times.tolist(),
        np.diff(found.times, prepend=0.0).tolist(),
        (SERVICE_MIN * found.units).tolist(),
        referred.tolist(),
    )
