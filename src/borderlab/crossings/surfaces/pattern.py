"""Patterns of restrictions that a strategy can put in force, at an intensity from 0 (nothing) to the lever's limit."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from borderlab.crossings.queues.network import PER_DAY, PER_HOUR, Network
from borderlab.crossings.queues.state import BARRED
from borderlab.evidence.tables.reads import Reads, each


@dataclass(frozen=True)
class Kind:
    """What a pattern does: the modes it touches and the largest intensity of its lever."""

    modes: tuple[str, ...]
    most: float = 1.0


KINDS: dict[str, Kind] = {
    "inspect-freight": Kind(("truck",)),
    "cut-trucks": Kind(("truck",)),
    "cut-vehicles": Kind(("vehicle",)),
    "cut-pedestrians": Kind(("pedestrian",)),
    "limit-travel": Kind(("vehicle", "pedestrian")),
    "staff-ports": Kind(("truck", "vehicle", "pedestrian"), 0.5),
    "fast-share": Kind(("truck",), 0.3),
    "sentri-share": Kind(("vehicle",), 0.3),
    "preclear": Kind(("truck",)),
}
_FREIGHT = (
    "throughput_lost", "trucks_lost", "value_delayed", "truck_cost", "wait_change.truck", "lost.truck",
    "delay_hours.truck",
)  # fmt: skip
_INSPECTION = ("surface.inspection_places", "surface.inspection_min", "crossings.stage_shape", "crossings.stage_room")
READS = Reads(
    __name__,
    {
        **each(_INSPECTION, _FREIGHT),
        "surface.limit_vehicle": ("traveller_hours", "wait_change.vehicle", "lost.vehicle", "delay_hours.vehicle"),
        "surface.limit_pedestrian": (
            "traveller_hours", "wait_change.pedestrian", "lost.pedestrian", "delay_hours.pedestrian",
        ),
        "surface.people_per_vehicle": ("traveller_hours",),
        "surface.lost_trip_hours": ("traveller_hours",),
    },
)  # fmt: skip
"""Outputs of a response surface, when it is made anew: the shipped ones stand as they were made."""
_PROGRAMME = {"fast-share": "commercial-fast", "sentri-share": "passenger-sentri"}
_MOST_ENROLLED = 0.9


def value(name: str) -> float:
    """The default of a parameter ``surface.<name>``."""
    return READS.number(f"surface.{name}")


def in_force(network: Network, kind: str, at: tuple[str, ...], intensity: float) -> Network:
    """The network with a pattern in force throughout; ``at`` names crossings, none means all.

    - ``inspect-freight``: that share of trucks goes through an added inspection after primary, as in Texas in 2022.
    - ``cut-…``: that share of the open booths is shut; 1 closes the crossings to the mode.
    - ``limit-travel``: fewer people set out; 1 is the limits of 2020 and 2021.
    - ``staff-ports``: that share of the open booths is added.
    - ``fast-share``, ``sentri-share``: that share of all traffic moves into the programme's lanes, with the booths
      that it needs there; a crossing opens as many as before.
    - ``preclear``: that share of trucks needs half the usual inspection time at the booth and in secondary.
    """
    rule = KINDS[kind]
    if intensity <= 0.0:
        return network
    lanes = [
        lane
        for lane in range(network.n_lanes)
        if network.mode[lane] in rule.modes and (not at or network.crossing[lane] in at)
    ]
    if kind == "inspect-freight":
        return _inspected(network, lanes, intensity)
    if kind.startswith("cut-"):
        return _rescaled(network, lanes, 1.0 - intensity)
    if kind == "staff-ports":
        return _rescaled(network, lanes, 1.0 + intensity)
    if kind == "limit-travel":
        arrivals = network.arrivals.copy()
        for lane in lanes:
            arrivals[lane] *= 1.0 - intensity * value(f"limit_{network.mode[lane]}")
        return network.with_(arrivals=arrivals)
    if kind == "preclear":
        factor, minutes = network.hourly("service_factor"), network.hourly("secondary_min")
        factor[lanes] *= 1.0 - intensity / 2
        minutes[lanes] *= 1.0 - intensity / 2
        return network.with_(service_factor=factor, secondary_min=minutes)
    return _enrolled(network, lanes, _PROGRAMME[kind], intensity)


def _rescaled(network: Network, lanes: list[int], factor: float) -> Network:
    booths = network.booths.copy()
    if factor <= 0.0:
        booths[lanes] = BARRED
        return network.with_(booths=booths)
    return _with_booths(network, {lane: np.maximum(booths[lane], 0) * factor for lane in lanes})


def _with_booths(network: Network, wanted: dict[int, NDArray[np.float64]]) -> Network:
    # Booths by lane and interval, fractions too: rounded up, and the service time stretched so that the capacity is
    # exact. Where a lane is shut it stays shut.
    booths, slow = network.booths.copy(), network.hourly("service_factor")
    for lane, number in wanted.items():
        given = np.ceil(number - 1e-9)
        booths[lane] = np.where(booths[lane] > 0, given, booths[lane])
        ratio = np.divide(given, number, out=np.ones_like(number), where=number > 0)
        slow[lane] *= ratio.reshape(-1, PER_HOUR).mean(axis=1)
    return network.with_(booths=booths, service_factor=slow)


def _enrolled(network: Network, lanes: list[int], programme: str, points: float) -> Network:
    # Move points of a crossing's traffic from its other lanes into the programme's, and officers with it: the open
    # booths of a crossing stay as many. The programme's lanes get what keeps their load, as far as the others lose
    # traffic; inspections there are shorter, so that booths are left over, and those stay with the others.
    arrivals = network.arrivals.copy()
    wanted: dict[int, NDArray[np.float64]] = {}
    for crossing in dict.fromkeys(network.crossing[lane] for lane in lanes):
        group = [lane for lane in lanes if network.crossing[lane] == crossing]
        inside = [lane for lane in group if network.lane_class[lane] == programme]
        others = [lane for lane in group if lane not in inside]
        members, rest = arrivals[inside].sum(dtype=np.float64), arrivals[others].sum(dtype=np.float64)
        total = members + rest
        if members <= 0.0 or rest <= 0.0:
            continue
        target = min(members / total + points, max(_MOST_ENROLLED, members / total))
        more, left = target * total / members, (1.0 - target) * total / rest
        arrivals[inside] *= more
        arrivals[others] *= left
        open_in, open_out = (np.maximum(network.booths[part], 0).astype(np.float64) for part in (inside, others))
        moved = np.minimum(open_in.sum(axis=0) * (more - 1.0), open_out.sum(axis=0) * (1.0 - left))
        for part, now, change in ((inside, open_in, moved), (others, open_out, -moved)):
            there = now.sum(axis=0)
            factor = np.divide(there + change, there, out=np.ones_like(there), where=there > 0)
            wanted.update({lane: row * factor for lane, row in zip(part, now, strict=True)})
    return _with_booths(network.with_(arrivals=arrivals), wanted)


def _inspected(network: Network, lanes: list[int], share: float) -> Network:
    # A stage of its own behind every lane; the places of a crossing are split by traffic.
    stage = network.stage.copy()
    places, minutes = [], []
    used = [lane for lane in lanes if network.arrivals[lane].sum() > 0]
    by_crossing: dict[str, float] = {}
    daily = {lane: float(network.arrivals[lane].sum()) / (network.n_intervals / PER_DAY) for lane in used}
    for lane in used:
        by_crossing[network.crossing[lane]] = by_crossing.get(network.crossing[lane], 0.0) + daily[lane]
    for index, lane in enumerate(used):
        crossing = by_crossing[network.crossing[lane]]
        wanted = max(value("inspection_places") * crossing / 1000.0, 1.0) * daily[lane] / crossing
        stage[lane] = index
        places.append(max(int(np.ceil(wanted - 1e-9)), 1))
        minutes.append(value("inspection_min") * places[-1] / wanted)
    shape = (len(used), network.n_intervals)
    return network.with_(
        stage=stage,
        stage_share=np.full(shape, share, dtype=np.float32),
        stage_min=np.repeat(np.array(minutes, dtype=np.float32)[:, None], shape[1], axis=1).reshape(shape),
        stage_places=np.repeat(np.array(places, dtype=np.int16)[:, None], shape[1], axis=1).reshape(shape),
        stage_shape=np.full(len(used), READS.number("crossings.stage_shape")),
        stage_buffer=np.full(len(used), int(READS.number("crossings.stage_room")), dtype=np.int32),
    )
