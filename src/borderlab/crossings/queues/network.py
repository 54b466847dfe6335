"""The network: everything the engine needs to know of a border for a period, as plain arrays.

A :class:`Network` is the seam between data and simulation. `baseline` builds it from the fitted tables, `restrictions`
change copies of it, the `engine` runs it. It holds L lanes (a lane is one lane class at one crossing) over T intervals
of 15 minutes, H = T / 4 hours, from a local wall-clock start.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from borderlab.crossings.queues.state import SHUT

INTERVAL_MIN = 15.0
"""Length of an interval in minutes: posted waits are renewed once an interval."""
PER_HOUR = 4
PER_DAY = 96


def stream_key(crossing: str, lane_class: str) -> int:
    """The 64-bit key of a lane's random numbers: a hash of its name, so other lanes never change it.

    >>> stream_key("world-trade", "commercial-fast") == stream_key("world-trade", "commercial-standard")
    False
    """
    digest = hashlib.blake2b(f"{crossing}/{lane_class}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


@dataclass(frozen=True, eq=False)
class Network:
    """A border for a period: L lanes, T intervals of 15 min, H = T/4 hours.

    P counts dock pools, S stages, A approaches, E edges between lanes.
    Arrays marked [L,H|1] have one column for every hour, or a single column where nothing changes in time.

    Attributes:
        start: local wall-clock time of the first interval (the same clock face at every crossing).
        crossing, lane_class, mode: [L] names; a (crossing, lane_class) pair stands once.
        arrivals: [L,T] float32, expected entities that set out to join the lane in the interval (Poisson).
        booths: [L,T] int16, open booths; ``CLOSED`` (0) lets a queue stand, ``BARRED`` (-1) also turns arrivals away;
            before ``SHUT`` (-2) users also foresee that they would not be served, and put the trip off.
        service_min: [L] mean minutes at a booth, move-up included.
        service_shape: [L] gamma shape of the service time (2 and other small whole numbers are fastest).
        service_factor: [L,H|1] float32, multiplies the service time of a start in that hour.
        secondary_share: [L,H|1] float32, share referred to secondary after primary.
        secondary_min: [L,H|1] float32, mean minutes in secondary; secondary_shape: [L] its gamma shape.
        secondary_pool: [L] int32, the dock pool used, or -1 for docks without limit.
        pool_docks: [P] int32, docks of a pool; its lanes share them, first come first served.
        approach: [L] int32, the shared approach the lane hangs on, or -1 for its own.
        approach_storage: [A] int32, vehicles k that fit beyond the split: an entity never starts before the one that
            came k + 1 before it to the same approach. 0 is one strict queue.
        stage: [L] int32, the series stage after primary, or -1. A stage belongs to one lane.
        stage_share, stage_min: [S,T] float32, share of entities sent through it and their mean minutes there.
        stage_places: [S,T] int16, open places; stage_shape: [S] gamma shape.
        stage_buffer: [S] int32, entities that can stand before it; when full, booths stay blocked.
        alt_ptr: [L+1] int32, alt_lane: [E] int32: the other lanes that users of a lane may go to (CSR; same mode).
        alt_detour_min, alt_extra_usd: [E] float32, minutes and dollars that going there adds.
        alt_size: [E] float32, above 0: multiplies the option's logit weight (how large the other crossing is).
        usual_wait: [L,H|1] float32, posted wait that users expect (min); only the excess over it makes them divert.
        value_of_time: [L] USD per entity-minute.
        sensitivity: [L] logit weight of a dollar of generalised cost (1/USD).
        put_off: [L] logit disutility of putting the trip off (larger: rarer).
        notice_min: [L] excess wait (min) that users do not react to.
        return_share: [L] share of those who put off that comes back; return_min: [L] mean minutes until then.
    """

    start: datetime
    crossing: tuple[str, ...]
    lane_class: tuple[str, ...]
    mode: tuple[str, ...]
    arrivals: NDArray[np.float32]
    booths: NDArray[np.int16]
    service_min: NDArray[np.float64]
    service_shape: NDArray[np.float64]
    service_factor: NDArray[np.float32]
    secondary_share: NDArray[np.float32]
    secondary_min: NDArray[np.float32]
    secondary_shape: NDArray[np.float64]
    secondary_pool: NDArray[np.int32]
    pool_docks: NDArray[np.int32]
    approach: NDArray[np.int32]
    approach_storage: NDArray[np.int32]
    stage: NDArray[np.int32]
    stage_share: NDArray[np.float32]
    stage_min: NDArray[np.float32]
    stage_places: NDArray[np.int16]
    stage_shape: NDArray[np.float64]
    stage_buffer: NDArray[np.int32]
    alt_ptr: NDArray[np.int32]
    alt_lane: NDArray[np.int32]
    alt_detour_min: NDArray[np.float32]
    alt_extra_usd: NDArray[np.float32]
    alt_size: NDArray[np.float32]
    usual_wait: NDArray[np.float32]
    value_of_time: NDArray[np.float64]
    sensitivity: NDArray[np.float64]
    put_off: NDArray[np.float64]
    notice_min: NDArray[np.float64]
    return_share: NDArray[np.float64]
    return_min: NDArray[np.float64]

    @property
    def n_lanes(self) -> int:
        """L."""
        return len(self.crossing)

    @property
    def n_intervals(self) -> int:
        """T."""
        return int(self.arrivals.shape[1])

    @property
    def n_hours(self) -> int:
        """H."""
        return self.n_intervals // PER_HOUR

    @property
    def keys(self) -> NDArray[np.uint64]:
        """[L] stream keys of the lanes."""
        pairs = zip(self.crossing, self.lane_class, strict=True)
        return np.array([stream_key(crossing, lane) for crossing, lane in pairs], dtype=np.uint64)

    @property
    def end(self) -> datetime:
        """Local wall-clock time at which the last interval ends."""
        return self.start + timedelta(minutes=INTERVAL_MIN * self.n_intervals)

    def dates(self) -> list[date]:
        """The calendar days touched, in order."""
        days = -(-(self.start.hour * PER_HOUR + self.start.minute // 15 + self.n_intervals) // PER_DAY)
        return [self.start.date() + timedelta(days=day) for day in range(days)]

    def lane(self, crossing: str, lane_class: str) -> int:
        """Index of a lane. Raises KeyError if there is none."""
        for index, pair in enumerate(zip(self.crossing, self.lane_class, strict=True)):
            if pair == (crossing, lane_class):
                return index
        raise KeyError(f"{crossing}/{lane_class}")

    def interval(self, when: datetime) -> int:
        """The interval that holds a wall-clock time, clipped to 0 … T."""
        index = int((when - self.start).total_seconds() // (60 * INTERVAL_MIN))
        return min(max(index, 0), self.n_intervals)

    def with_(self, **changes: Any) -> Network:
        """A copy with some arrays replaced. Never write into the arrays of a network that others hold."""
        return replace(self, **changes)

    def hourly(self, name: str) -> NDArray[np.float32]:
        """A fresh, writable [L,H] copy of an [L,H|1] array, such as ``service_factor``."""
        array = getattr(self, name)
        return np.array(np.broadcast_to(array, (self.n_lanes, self.n_hours)))

    def take(self, lanes: Sequence[int] | NDArray[np.integer]) -> Network:
        """The network of some lanes alone, in the order given; edges to lanes left out are dropped."""
        lanes = np.asarray(lanes, dtype=np.int64)
        place = np.full(self.n_lanes, -1, dtype=np.int32)
        place[lanes] = np.arange(len(lanes), dtype=np.int32)
        edges = [np.arange(self.alt_ptr[lane], self.alt_ptr[lane + 1]) for lane in lanes]
        edges = [edge[place[self.alt_lane[edge]] >= 0] for edge in edges]
        flat = np.concatenate(edges) if edges else np.empty(0, dtype=np.int64)
        sizes = np.array([len(edge) for edge in edges], dtype=np.int32)
        changes: dict[str, Any] = {
            "alt_ptr": np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32),
            "alt_lane": place[self.alt_lane[flat]],
            "alt_detour_min": self.alt_detour_min[flat],
            "alt_extra_usd": self.alt_extra_usd[flat],
            "alt_size": self.alt_size[flat],
        }
        for name in _lane_arrays():
            value = getattr(self, name)
            changes[name] = tuple(value[lane] for lane in lanes) if isinstance(value, tuple) else value[lanes]
        return replace(self, **changes)

    def check(self) -> None:
        """Raise ValueError, naming every array that has a wrong shape, type or value."""
        faults = _faults(self)
        if faults:
            raise ValueError("not a network: " + "; ".join(faults))


_SHAPES = {
    "arrivals": "LT", "booths": "LT", "service_factor": "Lh", "secondary_share": "Lh", "secondary_min": "Lh",
    "usual_wait": "Lh", "stage_share": "ST", "stage_min": "ST", "stage_places": "ST", "stage_shape": "S",
    "stage_buffer": "S", "pool_docks": "P", "approach_storage": "A", "alt_lane": "E", "alt_detour_min": "E",
    "alt_extra_usd": "E", "alt_size": "E", "alt_ptr": "p",
}  # fmt: skip
_INDEX = {"secondary_pool": "pool_docks", "approach": "approach_storage", "stage": "stage_buffer"}
_POSITIVE = ("service_min", "service_shape", "secondary_shape", "stage_shape", "alt_size")
_SHARES = ("secondary_share", "stage_share", "return_share")
_TYPES = {
    "arrivals": "f4", "booths": "i2", "service_factor": "f4", "secondary_share": "f4", "secondary_min": "f4",
    "secondary_pool": "i4", "pool_docks": "i4", "approach": "i4", "approach_storage": "i4", "stage": "i4",
    "stage_share": "f4", "stage_min": "f4", "stage_places": "i2", "stage_buffer": "i4", "alt_ptr": "i4",
    "alt_lane": "i4", "alt_detour_min": "f4", "alt_extra_usd": "f4", "alt_size": "f4", "usual_wait": "f4",
}  # fmt: skip


def _lane_arrays() -> list[str]:
    names = [field.name for field in fields(Network) if field.name != "start"]
    return [name for name in names if _SHAPES.get(name, "L").startswith("L")]


def _faults(net: Network) -> list[str]:
    faults: list[str] = []
    lanes, intervals = net.n_lanes, net.n_intervals
    sizes = {"L": lanes, "T": intervals, "p": lanes + 1}
    if intervals % PER_HOUR or (net.start.minute, net.start.second) != (0, 0):
        faults.append("the period is not made of whole hours")
    if len({*zip(net.crossing, net.lane_class, strict=True)}) != lanes:
        faults.append("a lane stands twice")
    for field in fields(net):
        value = getattr(net, field.name)
        if not isinstance(value, np.ndarray):
            continue
        wanted = np.dtype(_TYPES.get(field.name, "f8"))
        if value.dtype != wanted:
            faults.append(f"{field.name} is {value.dtype}, not {wanted}")
        shape = _SHAPES.get(field.name, "L")
        given = value.shape + (0,) * (len(shape) - value.ndim)
        for letter, size in zip(shape, given, strict=False):
            right = size in (1, intervals // PER_HOUR) if letter == "h" else size == sizes.setdefault(letter, size)
            if value.ndim != len(shape) or not right:
                faults.append(f"{field.name} has shape {value.shape}")
                break
        if value.dtype.kind == "f" and not np.isfinite(value).all():
            faults.append(f"{field.name} is not finite everywhere")
        elif value.dtype.kind == "f" and field.name != "alt_extra_usd" and (value < 0).any():
            faults.append(f"{field.name} is negative somewhere")
    faults += [f"{name} is not above zero" for name in _POSITIVE if (getattr(net, name) <= 0).any()]
    faults += [f"{name} is above 1" for name in _SHARES if (getattr(net, name) > 1).any()]
    for name, rows in _INDEX.items():
        index = getattr(net, name)
        if index.size and (index.max() >= len(getattr(net, rows)) or index.min() < -1):
            faults.append(f"{name} points outside {rows}")
    if net.alt_lane.size and (net.alt_lane.min() < 0 or net.alt_lane.max() >= lanes):
        faults.append("alt_lane points outside the lanes")
    if (net.pool_docks < 1).any():
        faults.append("a dock pool without docks")
    used = net.stage[net.stage >= 0]
    if len(np.unique(used)) != len(used):
        faults.append("two lanes share a stage")
    if (net.booths < SHUT).any():
        faults.append("booths below -2")
    return faults


def plain_network(
    start: datetime,
    lanes: Sequence[tuple[str, str, str]],
    arrivals: NDArray[np.float32],
    booths: NDArray[np.int16],
    service_min: Sequence[float] | NDArray[np.float64],
    **changes: Any,
) -> Network:
    """A network of (crossing, lane class, mode) lanes with nothing but arrivals, booths and a service time.

    No secondary, no stage, no shared approach, no alternatives; gamma(2) service. ``changes`` replace any array.
    """
    count = len(lanes)
    intervals = arrivals.shape[1]

    def by_lane(value: float) -> NDArray[np.float64]:
        return np.full(count, value)

    def by_hour(value: float) -> NDArray[np.float32]:
        return np.full((count, 1), value, dtype=np.float32)

    def none(dtype: str, *shape: int) -> NDArray[Any]:
        return np.empty(shape or (0,), dtype=dtype)

    given: dict[str, Any] = {
        "start": start,
        "crossing": tuple(lane[0] for lane in lanes),
        "lane_class": tuple(lane[1] for lane in lanes),
        "mode": tuple(lane[2] for lane in lanes),
        "arrivals": np.ascontiguousarray(arrivals, dtype=np.float32),
        "booths": np.ascontiguousarray(booths, dtype=np.int16),
        "service_min": np.asarray(service_min, dtype=np.float64),
        "service_shape": by_lane(2.0),
        "service_factor": by_hour(1.0),
        "secondary_share": by_hour(0.0),
        "secondary_min": by_hour(0.0),
        "secondary_shape": by_lane(1.0),
        "secondary_pool": np.full(count, -1, dtype=np.int32),
        "pool_docks": none("i4"),
        "approach": np.full(count, -1, dtype=np.int32),
        "approach_storage": none("i4"),
        "stage": np.full(count, -1, dtype=np.int32),
        "stage_share": none("f4", 0, intervals),
        "stage_min": none("f4", 0, intervals),
        "stage_places": none("i2", 0, intervals),
        "stage_shape": none("f8"),
        "stage_buffer": none("i4"),
        "alt_ptr": np.zeros(count + 1, dtype=np.int32),
        "alt_lane": none("i4"),
        "alt_detour_min": none("f4"),
        "alt_extra_usd": none("f4"),
        "alt_size": np.ones(len(changes.get("alt_lane", ())), dtype=np.float32),
        "usual_wait": by_hour(0.0),
        "value_of_time": by_lane(0.5),
        "sensitivity": by_lane(0.05),
        "put_off": by_lane(4.0),
        "notice_min": by_lane(15.0),
        "return_share": by_lane(0.5),
        "return_min": by_lane(24 * 60.0),
    }
    network = Network(**{**given, **changes})
    network.check()
    return network
