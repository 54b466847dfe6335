"""The arrays that the kernels share: what is given, what is counted, and where a component stands.

Each is a tuple of few arrays. Scalars that belong to a lane, an edge or a stage are records of one structured array:
compiling takes time in proportion to the number of arrays that functions hand on.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

STEP = 15.0
"""Minutes of an interval."""
CLOSED = 0
"""Booth count of a closed lane whose approach stays open: a queue stands and is served on reopening."""
BARRED = -1
"""Booth count of a lane that nobody can join: who comes goes elsewhere or puts the trip off; the queue stands."""
SHUT = -2
"""As BARRED, but by the known hours: who would not be served before it does not join either."""
BINS = 104
"""Bins of a wait histogram: eight to each doubling of (1 + wait in minutes), up to 5.7 days."""

LANE = np.dtype(
    [
        ("key", "u8"),  # squares key of seed and lane
        ("service_min", "f8"),
        ("service_shape", "f8"),
        ("secondary_shape", "f8"),
        ("value_of_time", "f8"),
        ("sensitivity", "f8"),
        ("put_off", "f8"),
        ("notice_min", "f8"),
        ("return_share", "f8"),
        ("return_min", "f8"),
        ("first_edge", "i8"),  # its edges are first_edge … last_edge - 1
        ("last_edge", "i8"),
        ("place", "i8"),  # in its component
    ]
)
EDGE = np.dtype([("lane", "i8"), ("edge", "i8"), ("detour", "f8"), ("extra", "f8")])
STAGE = np.dtype([("shape", "f8"), ("buffer", "i8")])

ROW = np.dtype(
    [
        ("lane", "i8"),  # row in the plan
        ("group", "i8"),  # shared approach or -1
        ("first", "i8"),  # the lanes first … until - 1 share it
        ("until", "i8"),
        ("stage", "i8"),  # stage or -1
        ("pool", "i8"),  # place in the component's dock pools or -1
        ("open", "i8"),  # finite entries of free
        ("staffed", "i8"),  # booths by the timetable at the front
        ("front", "i8"),  # interval in which the next start can lie
        ("started", "i8"),  # starts in the interval of the front so far
        ("mean", "f8"),  # mean service minutes at the front
        ("share", "f8"),  # share referred at the front
        ("last", "f8"),  # last start
        ("entities", "i8"),  # joined in the hour, with their waits
        ("wait_sum", "f8"),
        ("wait_max", "f8"),
        ("joined", "i8"),  # joined in the interval
        ("arrived", "i8"),  # natives that came in the hour
        ("queue", "i8"),
        ("queue_max", "i8"),
        ("next_time", "f8"),  # generator of natives
        ("next_counter", "u8"),
        ("gap", "f8"),
        ("leave", "f8"),  # share that leaves in the interval
        ("excess", "f8"),  # posted wait over the usual
        ("barred", "i8"),
        ("usual", "f8"),  # weights of all options but to stay, at usual waits
        ("unsettled", "i8"),  # booths whose release is not known yet
        ("closing", "i8"),  # booths that close when released
        ("places", "i8"),  # open places of the stage at its front
        ("stage_front", "i8"),
        ("stage_ring_at", "i8"),
        ("entered", "f8"),  # last entry to the stage
        ("line_head", "i8"),  # referred waiting for docks: line[i, head:tail]
        ("line_tail", "i8"),
        ("boxed", "i8"),  # entities under way to the lane
    ]
)
APPROACH = np.dtype([("ring_at", "i8"), ("ring_size", "i8")])
BOOTH = np.dtype([("done", "f8"), ("key", "u8"), ("counter", "u8"), ("goes", "i8")])
LINE = np.dtype([("time", "f8"), ("key", "u8"), ("counter", "u8")])
BOX = np.dtype([("time", "f8"), ("key", "u8"), ("counter", "u8"), ("kind", "i8")])
POOL = np.dtype([("first", "i8"), ("docks", "i8")])


class LanePlan(NamedTuple):
    """What is given for the whole network. The arrays by interval and hour are the network's own."""

    intervals: int
    lead_hours: int  # hours from midnight to the first interval
    lane: NDArray[Any]  # [L] LANE
    edge: NDArray[Any]  # [E] EDGE, sorted by the key of the target within a lane
    stage: NDArray[Any]  # [S] STAGE
    arrivals: NDArray[np.float32]
    booths: NDArray[np.int16]
    service_factor: NDArray[np.float32]
    secondary_share: NDArray[np.float32]
    secondary_min: NDArray[np.float32]
    usual_wait: NDArray[np.float32]
    stage_share: NDArray[np.float32]
    stage_min: NDArray[np.float32]
    stage_places: NDArray[np.int16]


class LaneState(NamedTuple):
    """Where one component of n lanes stands; lane i of it is ``row[i]``."""

    row: NDArray[Any]  # [n] ROW
    free: NDArray[np.float64]  # [n, most booths + 2] when booths become free, ascending, then infinities
    served: NDArray[np.uint16]  # [n, T] starts by interval, behind the front
    counts: NDArray[np.uint32]  # [n, BINS] waits of the hour
    options: NDArray[np.float64]  # [n, most edges + 1] cumulative shares of the options of those who leave
    approach: NDArray[Any]  # [groups] APPROACH
    ring: NDArray[np.float64]  # [groups, most k + 1] last starts of the approach
    booth: NDArray[Any]  # [n, c] BOOTH, those not settled
    place_free: NDArray[np.float64]  # [n, most places + 2] when places of the stage become free
    place_ring: NDArray[np.float64]  # [n, most buffer] last starts at the stage
    scratch: NDArray[np.float64]  # [most places + 2]
    line: NDArray[Any]  # [n, room] LINE, by time
    box: NDArray[Any]  # [n, room] BOX, a heap by time
    pool: NDArray[Any]  # [p + 1] POOL
    members: NDArray[np.int64]  # lanes of the pools
    dock_free: NDArray[np.float64]  # [p, most docks + 1]
    lost: NDArray[np.int64]  # [1] entities for which line or box had no room: must stay 0
    value: NDArray[np.float64]  # [1], seen through ``word`` as bits
    word: NDArray[np.int64]


COUNTS = (
    "arrivals",
    "served",
    "diverted_away",
    "diverted_in",
    "put_off",
    "returned",
    "switched_out",
    "switched_in",
    "referred",
    "staged",
    "queue_max",
)
"""Layers of ``LaneCounts.counts``."""
ARRIVALS, SERVED, AWAY, INTO, PUT_OFF, RETURNED, SWITCHED_OUT, SWITCHED_IN, REFERRED, STAGED, QUEUE_MAX = range(11)
MINUTES = ("wait_sum", "wait_max", "wait_p95", "secondary_wait", "secondary_time", "stage_wait", "stage_time")
"""Layers of ``LaneCounts.minutes``."""
WAIT_SUM, WAIT_MAX, WAIT_P95, SECONDARY_WAIT, SECONDARY_TIME, STAGE_WAIT, STAGE_TIME = range(7)


class LaneCounts(NamedTuple):
    """What is counted. An array is written only where something happens: untouched pages take no memory."""

    counts: NDArray[np.int32]  # [COUNTS, L, H]
    minutes: NDArray[np.float32]  # [MINUTES, L, H]
    posted: NDArray[np.float32]  # [L, T]
    histogram: NDArray[np.uint32]  # [L, D, BINS]
    edge_flow: NDArray[np.int32]  # [E, D]
    still_queued: NDArray[np.int64]  # [L]
