"""Puts restrictions in force: a network of the ordinary border in, the network of the scenario out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from borderlab.base.problems import InputError, Problem
from borderlab.crossings.border.outputs import STAGE
from borderlab.crossings.border.places import crossing
from borderlab.crossings.queues.network import PER_HOUR, Network
from borderlab.crossings.queues.state import BARRED
from borderlab.crossings.scenarios.restriction import PROGRAMME, Restriction
from borderlab.evidence.tables.reads import Reads, each

READS = Reads(__name__, each(("crossings.stage_shape", "crossings.stage_room"), STAGE))


def in_force(restriction: Restriction, start: datetime, n_hours: int) -> NDArray[np.bool_]:
    """[H] in which hours from ``start`` a restriction holds."""
    hours = np.arange(n_hours)
    begin = datetime.combine(restriction.first, datetime.min.time())
    end = datetime.combine(restriction.last + timedelta(days=1), datetime.min.time())
    offset = start.weekday() * 24 + start.hour
    week = np.array(restriction.week())[(offset + hours) % 168]
    first = (begin - start).total_seconds() / 3600
    last = (end - start).total_seconds() / 3600
    inside: NDArray[np.bool_] = (hours >= first) & (hours < last) & week
    return inside


def _at(lanes: list[int], times: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Index of the block of these lanes and times."""
    return np.asarray(lanes, dtype=np.int64)[:, None], np.flatnonzero(times)[None, :]


class _Change:
    """A network being changed: fresh, writable copies of the arrays that restrictions touch."""

    def __init__(self, network: Network) -> None:
        self.base = network
        self.arrivals = network.arrivals.copy()
        self.booths = network.booths.copy()
        self.service_factor = network.hourly("service_factor")
        self.secondary_share = network.hourly("secondary_share")
        self.secondary_min = network.hourly("secondary_min")
        self.stages: dict[int, list[NDArray[np.float64]]] = {}

    def groups(self, restriction: Restriction) -> Iterator[list[int]]:
        """The lanes chosen at each crossing and mode, as indices: booths and places are counted over them."""
        found: dict[tuple[str, str], list[int]] = {}
        net = self.base
        for lane in range(net.n_lanes):
            if net.crossing[lane] in restriction.crossings and net.lane_class[lane] in restriction.lane_classes:
                found.setdefault((net.crossing[lane], net.mode[lane]), []).append(lane)
        yield from found.values()

    def finish(self) -> Network:
        """The changed network, checked."""
        changed = self.base.with_(
            arrivals=self.arrivals,
            booths=self.booths,
            service_factor=self.service_factor,
            secondary_share=self.secondary_share,
            secondary_min=self.secondary_min,
        )
        if self.stages:
            changed = _with_stages(changed, self.stages)
        changed.check()
        return changed


def apply_restrictions(network: Network, restrictions: Iterable[Restriction]) -> Network:
    """The network with restrictions in force.

    Booths and places are counted for each crossing and mode over the lane classes chosen, and split between them
    by their usual booths (booths) or by their traffic (places of a stage).
    """
    change = _Change(network)
    # Demand and enrolment first: places of a stage are split by the traffic that then comes.
    order = {"demand": 0, "sentri-share": 1, "fast-share": 1, "booths": 2, "cap-booths": 3, "close": 4, "add-stage": 5}
    for restriction in sorted(restrictions, key=lambda one: order.get(one.kind, 2)):
        hours = in_force(restriction, network.start, network.n_hours)
        if not hours.any():
            continue
        for lanes in change.groups(restriction):
            _apply(change, restriction, lanes, hours)
    return change.finish()


def _apply(change: _Change, restriction: Restriction, lanes: list[int], hours: NDArray[np.bool_]) -> None:
    values = restriction.values
    intervals = np.repeat(hours, PER_HOUR)
    match restriction.kind:
        case "close":
            change.booths[_at(lanes, intervals)] = BARRED
        case "cap-booths":
            usual = change.booths[_at(lanes, intervals)]
            if "booths" in values:
                total = np.minimum(np.maximum(usual, 0).sum(axis=0), values["booths"])
            else:
                total = np.maximum(usual, 0).sum(axis=0) * values["share"]
            _set_booths(change, lanes, hours, total)
        case "booths":
            usual = np.maximum(change.booths[_at(lanes, intervals)], 0).sum(axis=0)
            total = np.full(usual.shape, values["booths"]) if "booths" in values else usual + values["add"]
            _set_booths(change, lanes, hours, np.where(usual > 0, np.maximum(total, 0), 0))
        case "service-time":
            for lane in lanes:
                usual_min = change.base.service_min[lane]
                factor = change.service_factor[lane, hours]
                if "factor" in values:
                    factor = factor * values["factor"]
                elif "time" in values:
                    factor = np.full_like(factor, values["time"] / usual_min)
                else:
                    factor = factor + values["add"] / usual_min
                change.service_factor[lane, hours] = factor
        case "secondary":
            if "share" in values:
                change.secondary_share[_at(lanes, hours)] = values["share"]
            if "time" in values:
                change.secondary_min[_at(lanes, hours)] = values["time"]
        case "demand":
            change.arrivals[_at(lanes, intervals)] *= np.float32(1 + values["change"])
        case "sentri-share" | "fast-share":
            _enrol(change, lanes, restriction, intervals)
        case "add-stage":
            _add_stage(change, lanes, values, intervals)
        case _:
            raise ValueError(f"no restriction of kind '{restriction.kind}'")


def _set_booths(change: _Change, lanes: list[int], hours: NDArray[np.bool_], total: NDArray[np.floating]) -> None:
    """Share out ``total`` open booths (one number an interval in force) over lanes by their usual booths.

    A lane that is open keeps at least one booth while the total is above zero; what this or the rounding gives
    too much is taken back through the service time, so that the capacity is exactly that of the total.
    """
    intervals = np.repeat(hours, PER_HOUR)
    usual = change.booths[_at(lanes, intervals)]
    open_now = np.maximum(usual, 0).astype(float)
    sum_now = open_now.sum(axis=0)
    wanted = open_now * np.divide(total, sum_now, out=np.zeros_like(sum_now), where=sum_now > 0)
    booths = _round_shares(wanted)
    booths = np.where((wanted > 0) & (booths < 1), 1, booths)
    change.booths[_at(lanes, intervals)] = np.where(usual > 0, booths, usual).astype(np.int16)
    # Over- and under-shares within a crossing even out in `_round_shares`; only the sum is corrected.
    given = booths.sum(axis=0)
    slow = np.divide(given, total, out=np.ones_like(sum_now), where=(total > 0) & (given > 0))
    by_hour = np.maximum(slow.reshape(-1, PER_HOUR).mean(axis=1), 1e-6)
    change.service_factor[_at(lanes, hours)] *= by_hour.astype(np.float32)


def _round_shares(wanted: NDArray[np.floating]) -> NDArray[np.floating]:
    """Whole numbers near ``wanted`` [lanes, times] whose column sums are the sums rounded up (largest remainder)."""
    floor = np.floor(wanted + 1e-9)
    missing = np.ceil(wanted.sum(axis=0) - 1e-6) - floor.sum(axis=0)
    rank = np.argsort(np.argsort(-(wanted - floor), axis=0, kind="stable"), axis=0)
    rounded: NDArray[np.floating] = floor + ((rank < missing) & (wanted > 0))
    return rounded


def _enrol(change: _Change, lanes: list[int], restriction: Restriction, intervals: NDArray[np.bool_]) -> None:
    """Move travellers between the programme's lane and the others of its mode, keeping each interval's total.

    Raises:
        InputError: points added or taken would lead above 100 % or below 0 %.
    """
    net, values, programme = change.base, restriction.values, PROGRAMME[restriction.kind]
    here, mode = net.crossing[lanes[0]], net.mode[lanes[0]]
    group = [lane for lane in range(net.n_lanes) if net.crossing[lane] == here and net.mode[lane] == mode]
    inside = [lane for lane in group if net.lane_class[lane] == programme]
    if not inside or len(group) == 1:
        return
    flow = change.arrivals[_at(group, intervals)].astype(float)
    total = flow.sum(axis=0)
    member = np.array([lane in inside for lane in group])
    enrolled = flow[member].sum(axis=0)
    if not 0 < enrolled.sum() < total.sum():
        return
    usual = enrolled.sum() / total.sum()
    target = values["share"] if "share" in values else usual + values["add"]
    if not 0 <= target <= 1:
        raise InputError(
            Problem(
                f"'{restriction.kind}' with {values['add'] * 100:+.0f} points makes {target:.0%} at "
                f"{crossing(here).name_en}, where {usual:.0%} are enrolled.",
                restriction.file,
                restriction.line,
                f"Between {-usual * 100:.0f} and {(1 - usual) * 100:.0f} points can be added there.",
            )
        )
    share = np.divide(enrolled, total, out=np.zeros_like(total), where=total > 0)
    new = _shifted(share, total, target)
    up = np.divide(new, share, out=np.zeros_like(share), where=share > 0)
    down = np.divide(1 - new, 1 - share, out=np.zeros_like(share), where=share < 1)
    flow[member] *= up
    flow[~member] *= down
    change.arrivals[_at(group, intervals)] = flow.astype(np.float32)


def _shifted(share: NDArray[np.floating], weight: NDArray[np.floating], target: float) -> NDArray[np.floating]:
    """Shares with their odds multiplied by one number, so that their weighted mean is ``target``."""
    if target in (0.0, 1.0):
        return np.where((share > 0) & (share < 1), target, share)
    low, high = -20.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        odds = np.exp(middle)
        moved = share * odds / (1 - share + share * odds)
        if (moved * weight).sum() < target * weight.sum():
            low = middle
        else:
            high = middle
    return np.asarray(moved)


def _add_stage(change: _Change, lanes: list[int], values: dict[str, float], intervals: NDArray[np.bool_]) -> None:
    traffic = change.arrivals[_at(lanes, intervals)].sum(axis=1).astype(float)
    lanes = [lane for lane, amount in zip(lanes, traffic, strict=True) if amount > 0]
    traffic = traffic[traffic > 0]
    if not lanes:
        return
    wanted = values["places"] * traffic / traffic.sum()
    places = np.maximum(_round_shares(wanted[:, None])[:, 0], 1)
    slow = places.sum() / values["places"]
    for lane, count in zip(lanes, places, strict=True):
        if lane not in change.stages:
            blank = np.zeros(change.base.n_intervals)
            change.stages[lane] = [blank.copy(), blank.copy(), blank.copy()]
        share, minutes, open_places = change.stages[lane]
        share[intervals], minutes[intervals], open_places[intervals] = values["share"], values["time"] * slow, count


def _with_stages(network: Network, stages: dict[int, list[NDArray[np.float64]]]) -> Network:
    """Hang a stage on each lane. Outside its hours nobody new is sent, and those inside or waiting are finished."""
    stage = np.full(network.n_lanes, -1, dtype=np.int32)
    shares, minutes, places = [], [], []
    for index, (lane, (share, time, count)) in enumerate(stages.items()):
        stage[lane] = index
        shares.append(share)
        minutes.append(np.where(time > 0, time, time.max()))
        places.append(np.where(count > 0, count, count.max()))
    return network.with_(
        stage=stage,
        stage_share=np.array(shares, dtype=np.float32),
        stage_min=np.array(minutes, dtype=np.float32),
        stage_places=np.array(places, dtype=np.int16),
        stage_shape=np.full(len(stages), READS.number("crossings.stage_shape")),
        stage_buffer=np.full(len(stages), int(READS.number("crossings.stage_room")), dtype=np.int32),
    )
