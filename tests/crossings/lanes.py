"""Small networks for the tests of the engine."""

from __future__ import annotations

from datetime import datetime

import numpy as np

from borderlab.crossings.queues.network import PER_DAY, Network, plain_network

START = datetime(2026, 3, 2)
CLASS = {"vehicle": "passenger-standard", "truck": "commercial-standard", "pedestrian": "pedestrian-standard"}


def network_of(lanes, *, days=1, per_hour=60.0, booths=2, service_min=1.0, service_shape=2.0, **changes) -> Network:
    """Lanes (crossing, mode) or (crossing, mode, class) with constant or given [L,T] arrivals and booths."""
    named = [(lane[0], lane[2] if len(lane) > 2 else CLASS[lane[1]], lane[1]) for lane in lanes]
    shape = (len(lanes), PER_DAY * days)
    arrivals = np.broadcast_to(np.asarray(per_hour, dtype=np.float32) / 4, shape)
    open_booths = np.broadcast_to(np.asarray(booths, dtype=np.int16), shape)
    service = np.broadcast_to(np.asarray(service_min, dtype=float), (len(lanes),)).copy()
    changes.setdefault("service_shape", np.full(len(lanes), float(service_shape)))
    return plain_network(START, named, arrivals.copy(), open_booths.copy(), service, **changes)


def edges(pairs, count, *, detour=10.0, extra=0.0):
    """CSR arrays of edges (from, to) between lanes."""
    pairs = sorted(pairs)
    ends = np.zeros(count + 1, dtype=np.int32)
    for home, _ in pairs:
        ends[home + 1 :] += 1
    return {
        "alt_ptr": ends,
        "alt_lane": np.array([to for _, to in pairs], dtype=np.int32),
        "alt_detour_min": np.full(len(pairs), detour, dtype=np.float32),
        "alt_extra_usd": np.full(len(pairs), extra, dtype=np.float32),
    }


def same(first, second, lanes=None, other=None):
    """Whether two tallies agree bit by bit on some lanes."""
    from borderlab.crossings.queues.state import COUNTS, MINUTES

    lanes = list(range(first.network.n_lanes)) if lanes is None else lanes
    other = lanes if other is None else other
    names = (*COUNTS, *MINUTES, "posted", "histogram", "still_queued")
    return all(
        np.array_equal(getattr(first, n)[lanes], getattr(second, n)[other], equal_nan=n == "posted") for n in names
    )
