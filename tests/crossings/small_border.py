"""A border of three truck crossings with known numbers, for tests that need no fitted table."""

from datetime import date, datetime

import numpy as np

from borderlab.crossings.queues.network import PER_DAY, PER_HOUR, Network, plain_network

LANES = [
    ("pharr", "commercial-standard", "truck"),
    ("pharr", "commercial-fast", "truck"),
    ("progreso", "commercial-standard", "truck"),
    ("otay-mesa-commercial", "commercial-standard", "truck"),
    ("san-ysidro", "passenger-standard", "vehicle"),
]
PER_HOUR_OF = (60.0, 20.0, 6.0, 50.0, 300.0)
BOOTHS = (6, 2, 1, 6, 12)
SERVICE_MIN = (3.0, 2.0, 5.0, 4.0, 1.5)


def small_border(start: date, days: int, **_: object) -> Network:
    """Open from 6 to 22; drivers of Pharr can go to Progreso, nobody else can go anywhere."""
    intervals = days * PER_DAY
    hour = np.arange(intervals) // PER_HOUR % 24
    open_now = (hour >= 6) & (hour < 22)
    rates = np.array(PER_HOUR_OF)[:, None] / PER_HOUR * open_now[None, :]
    booths = np.array(BOOTHS)[:, None] * open_now[None, :]
    return plain_network(
        datetime.combine(start, datetime.min.time()),
        LANES,
        rates.astype(np.float32),
        booths.astype(np.int16),
        SERVICE_MIN,
        alt_ptr=np.array([0, 1, 1, 1, 1, 1], dtype=np.int32),
        alt_lane=np.array([2], dtype=np.int32),
        alt_detour_min=np.array([40.0], dtype=np.float32),
        alt_extra_usd=np.array([3.0], dtype=np.float32),
        usual_wait=np.full((5, 1), 5.0, dtype=np.float32),
    )
