"""The fitted border for a period: the network that simulations start from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from borderlab.crossings.border import volumes as vol
from borderlab.crossings.border.fitted import FittedTable, LaneFit, shipped
from borderlab.crossings.border.outputs import BEHIND, PEOPLE, TRUCKS, TRUCKS_BEHIND
from borderlab.crossings.border.places import MODE_OF, MODES, check_period, crossing, neighbours
from borderlab.crossings.queues.network import PER_HOUR, Network
from borderlab.crossings.queues.state import CLOSED, SHUT
from borderlab.evidence.tables.reads import Reads, each
from borderlab.evidence.tables.table import SourcedRow, table

Array = NDArray[np.float64]
LEAST_FACTOR, MOST_FACTOR = 0.25, 4.0
TRUSTED = ("commercial-fast", "passenger-sentri")
OVERRUN_HOURS, EARLY_HOURS = 6, 2
LEAST_PER_DAY = 10.0
"""Entries a day below which a crossing is nowhere to turn to."""


_LINES = ("diversion_sensitivity_{}", "put_off_{}", "return_share_{}", "cost_{}_hour")
_SECONDARY = ("secondary_share_{}", "secondary_min_{}")
_OF_ALL = ("capacity_follows_volume", "notice_min", "return_days", "diversion_size_power")


def _ids(names: Iterable[str], *modes: str) -> list[str]:
    return [f"crossings.{name.format(mode)}" for name in names for mode in modes or ("",)]


READS = Reads(
    __name__,
    {
        **each(_ids(_LINES, "truck"), TRUCKS),
        **each(_ids(_LINES, "vehicle", "pedestrian"), PEOPLE),
        **each(_ids(_SECONDARY, "truck"), TRUCKS_BEHIND),
        **each(_ids(_SECONDARY, "vehicle", "pedestrian"), BEHIND),
        **each(_ids(_OF_ALL), TRUCKS),
        **each(_ids(("secondary_trusted_ratio", "dock_use")), TRUCKS_BEHIND),
        "crossings.approach_storage": PEOPLE,  # only lanes of cars share an approach
    },
)


class Toll(SourcedRow):
    """What a mode pays to cross northbound at a crossing, US dollars."""

    crossing: str
    mode: str
    usd: float
    grade: str
    date: str


def value(name: str) -> float:
    """The default of a parameter of this room, by the part of its id after ``crossings.``."""
    return READS.number(f"crossings.{name}")


@dataclass(frozen=True)
class Period:
    """Hours of a period: the hour of the week and the month of each. H = 24 x days."""

    first: date
    days: int

    @property
    def week_hour(self) -> NDArray[np.int64]:
        """[H] hour of the week, Monday 00:00 = 0."""
        return (self.first.weekday() * 24 + np.arange(self.days * 24)) % 168

    @property
    def months(self) -> list[tuple[int, int]]:
        """[H] year and month of each hour."""
        days = [self.first + timedelta(days=day) for day in range(self.days)]
        return [(day.year, day.month) for day in days for _ in range(24)]


def build_network(
    start: date,
    days: int,
    *,
    crossings: Iterable[str] | None = None,
    volumes: Mapping[tuple[str, str], float] | None = None,
    observed: bool = False,
    table: FittedTable | None = None,
) -> Network:
    """The border on ordinary days of a period, hour by hour.

    Each month's entries of a port and mode are met in expectation; the week's shape, booths and service times are
    the fitted ones. A lane's capacity follows its ordinary volume (``crossings.capacity_follows_volume``), because
    officers are sent where the traffic is: with booths fixed, 2 % more traffic than in the fitted weeks would add
    hours of wait that nobody has seen.

    Args:
        start: first day, from 00:00 local time.
        days: how many days.
        crossings: ids to keep; None keeps all.
        volumes: (crossing, mode) -> entries a day, for a period of its own; any date passes, only those are kept.
        observed: use the counts as they were also in months that an episode moved.
        table: a fitted table; None takes the shipped one.

    Raises:
        InputError: a date outside the tables, or a crossing that does not exist.
    """
    fitted = table if table is not None else shipped()
    if volumes is None:
        check_period(start, start + min(timedelta(days=max(days, 1) - 1), date.max - start))
    keep = {crossing(name).id for name in crossings} if crossings is not None else None
    fits = [
        fit
        for fit in fitted.ordered()
        if (keep is None or fit.crossing in keep) and (volumes is None or (fit.crossing, fit.mode) in volumes)
    ]
    period = Period(start, days)
    rates, factors = zip(
        *(_rates(fit, fitted, period, volumes, observed) for fit in fits), strict=True
    ) if fits else ((), ())  # fmt: skip
    return assemble(fits, datetime.combine(start, datetime.min.time()), period, np.array(rates), np.array(factors))


def _rates(
    fit: LaneFit, fitted: FittedTable, period: Period, volumes: Mapping[tuple[str, str], float] | None, observed: bool
) -> tuple[Array, Array]:
    """[H] arrivals an hour and [H] factor on the service time of one lane."""
    hours = period.week_hour
    shape = fit.arrivals[hours]
    level = fitted.levels.get((fit.crossing, fit.mode), 0.0)
    out, factor = np.zeros(len(hours)), np.ones(len(hours))
    if volumes is not None:
        ratio = 7 * volumes[fit.crossing, fit.mode] / level if level > 0 else 0.0
        return shape * ratio * level * fit.share, np.full(len(hours), _factor(ratio))
    months = period.months
    for year, month in dict.fromkeys(months):
        mine = np.fromiter((key == (year, month) for key in months), dtype=bool, count=len(months))
        weeks = weeks_in(fit.arrivals, year, month)
        ordinary = vol.entries(fit.crossing, fit.mode, year, month).entries
        wanted = vol.entries(fit.crossing, fit.mode, year, month, True).entries if observed else ordinary
        out[mine] = shape[mine] * (wanted * fit.share / weeks if weeks > 0 else 0.0)
        factor[mine] = _factor(ordinary / weeks / level if weeks > 0 and level > 0 else 1.0)
    return out, factor


def weeks_in(arrivals: Array, year: int, month: int) -> float:
    """How many fitted weeks of arrivals a month holds, by its days of the week."""
    by_day = arrivals.reshape(7, 24).sum(axis=1)
    first = date(year, month, 1).weekday()
    return float(sum(by_day[(first + day) % 7] for day in range(vol.days_in(year, month))))


def _factor(ratio: float) -> float:
    if ratio <= 0:
        return 1.0
    return float(np.clip(ratio ** -value("capacity_follows_volume"), LEAST_FACTOR, MOST_FACTOR))


def assemble(fits: list[LaneFit], start: datetime, period: Period, rates: Array, factors: Array) -> Network:
    """A network of fitted lanes with their hourly arrivals [L,H] and service factors [L,H]."""
    count, hours = len(fits), period.week_hour
    booths = np.array([with_overrun(fit) for fit in fits], dtype=np.int16).reshape(count, 168)[:, hours]
    arrivals = np.repeat(rates.reshape(count, len(hours)) / PER_HOUR, PER_HOUR, axis=1)
    usual = np.array([fit.usual_wait for fit in fits], dtype=np.float32).reshape(count, 168)[:, hours]
    pools, docks = _docks(fits)
    approach, storage = _approaches(fits)
    none = np.empty(0, dtype=np.int32)
    by_mode = {name: _by_mode(fits, name) for name in ("diversion_sensitivity", "put_off", "return_share")}
    network = Network(
        start=start,
        crossing=tuple(fit.crossing for fit in fits),
        lane_class=tuple(fit.lane for fit in fits),
        mode=tuple(fit.mode for fit in fits),
        arrivals=np.ascontiguousarray(arrivals, dtype=np.float32),
        booths=np.ascontiguousarray(np.repeat(booths, PER_HOUR, axis=1)),
        service_min=np.array([fit.service_min for fit in fits], dtype=np.float64),
        service_shape=np.array([fit.shape for fit in fits], dtype=np.float64),
        service_factor=_narrow(factors.reshape(count, -1) if count else factors.reshape(0, 1)),
        secondary_share=np.array([[secondary_share(fit.lane)] for fit in fits], dtype=np.float32).reshape(count, 1),
        secondary_min=np.array([[value(f"secondary_min_{fit.mode}")] for fit in fits], np.float32).reshape(count, 1),
        secondary_shape=np.full(count, 1.0),
        secondary_pool=pools,
        pool_docks=docks,
        approach=approach,
        approach_storage=storage,
        stage=np.full(count, -1, dtype=np.int32),
        stage_share=np.empty((0, arrivals.shape[1]), dtype=np.float32),
        stage_min=np.empty((0, arrivals.shape[1]), dtype=np.float32),
        stage_places=np.empty((0, arrivals.shape[1]), dtype=np.int16),
        stage_shape=np.empty(0),
        stage_buffer=none,
        usual_wait=np.ascontiguousarray(usual),
        value_of_time=np.array([per_minute(fit.mode) for fit in fits], dtype=np.float64),
        sensitivity=by_mode["diversion_sensitivity"],
        put_off=by_mode["put_off"],
        notice_min=np.full(count, value("notice_min")),
        return_share=by_mode["return_share"],
        return_min=np.full(count, value("return_days") * 1440),
        **_edges(fits, traffic(fits, rates, period)),
    )
    network.check()
    return network


def _narrow(factors: Array) -> NDArray[np.float32]:
    """One column where nothing changes in time."""
    same = factors.shape[1] > 0 and bool((factors == factors[:, :1]).all())
    return np.ascontiguousarray(factors[:, :1] if same else factors, dtype=np.float32)


def _by_mode(fits: list[LaneFit], name: str) -> Array:
    return np.array([value(f"{name}_{fit.mode}") for fit in fits], dtype=np.float64)


def per_minute(mode: str) -> float:
    """Value of a minute of an entity, US dollars."""
    return value(f"cost_{mode}_hour") / 60


def secondary_share(lane: str) -> float:
    """Share of a lane class that is referred to secondary."""
    share = value(f"secondary_share_{MODE_OF[lane]}")
    return share * value("secondary_trusted_ratio") if lane in TRUSTED else share


def with_overrun(fit: LaneFit) -> NDArray[np.int64]:
    """[168] open booths, with the hours in which the gate is shut told apart.

    After closing, the booths of the last hour stay until the line that stands is served: nobody sets out then, so an
    ordinary line is gone soon; in a disturbed week it may take hours. In the two hours before opening early comers wait
    for the gate (CLOSED). In between nobody can join (SHUT): who comes back or turns up then comes another time, and
    who would not be served before does not join.
    """
    shut = fit.booths == 0
    out = np.where(shut, SHUT, fit.booths)
    for early in range(1, EARLY_HOURS + 1):
        out[shut & (np.roll(fit.booths, -early) > 0)] = CLOSED
    for hour in np.flatnonzero(shut & (np.roll(fit.booths, 1) > 0)):
        length = next((n for n in range(1, 168) if fit.booths[(hour + n) % 168] > 0), 168)
        for ahead in range(max(1, min(OVERRUN_HOURS, length - EARLY_HOURS))):
            out[(hour + ahead) % 168] = fit.booths[hour - 1]
    return out


def _docks(fits: list[LaneFit]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Dock pools by crossing and mode, large enough for the busiest ordinary hour at the stated use."""
    keys = list(dict.fromkeys((fit.crossing, fit.mode) for fit in fits))
    docks = []
    for key in keys:
        mine = [fit for fit in fits if (fit.crossing, fit.mode) == key]
        busy = np.zeros(168)
        for fit in mine:
            flow = np.minimum(fit.booths * 60 / fit.service_min, 1e9)
            busy += flow * secondary_share(fit.lane)
        need = busy.max(initial=0.0) * value(f"secondary_min_{key[1]}") / 60 / value("dock_use")
        docks.append(max(1, int(np.ceil(need))))
    place = {key: number for number, key in enumerate(keys)}
    pools = np.array([place[fit.crossing, fit.mode] for fit in fits], dtype=np.int32)
    return pools, np.array(docks, dtype=np.int32)


def _approaches(fits: list[LaneFit]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    keys = list(dict.fromkeys(fit.crossing for fit in fits if fit.approach))
    keys = [key for key in keys if sum(fit.approach and fit.crossing == key for fit in fits) > 1]
    place = {key: number for number, key in enumerate(keys)}
    approach = np.array([place.get(fit.crossing, -1) if fit.approach else -1 for fit in fits], dtype=np.int32)
    return approach, np.full(len(keys), int(value("approach_storage")), dtype=np.int32)


def traffic(fits: list[LaneFit], rates: Array, period: Period) -> dict[tuple[str, str], float]:
    """Entries a day of each crossing and mode in the period."""
    per_day: dict[tuple[str, str], float] = {}
    for fit, hourly in zip(fits, rates, strict=True):
        key = (fit.crossing, fit.mode)
        per_day[key] = per_day.get(key, 0.0) + float(hourly.sum()) / period.days
    return per_day


def _edges(fits: list[LaneFit], per_day: dict[tuple[str, str], float]) -> dict[str, Any]:
    """Where users of a lane may go: the same class at a neighbour, else its standard lane; or a plainer lane here.

    The pull of a crossing grows with its ordinary traffic beside that of the lane's own crossing, at most 1: a small
    gate is not an answer for the traffic of a large one.
    """
    index = {(fit.crossing, fit.lane): number for number, fit in enumerate(fits)}
    near: dict[tuple[str, str], list[tuple[str, float]]] = {}
    for row in neighbours():
        near.setdefault((row.crossing, row.mode), []).append((row.to, row.detour_min))
    toll = {(row.crossing, row.mode): row.usd for row in table("crossings/tolls", Toll)}
    power = value("diversion_size_power")
    ptr, edges = [0], list[tuple[int, float, float, float]]()
    for fit in fits:
        plain = fit.lane.split("-")[0] + "-standard"
        ready = fit.lane.split("-")[0] + "-ready"
        own, mine = toll.get((fit.crossing, fit.mode), 0.0), per_day[fit.crossing, fit.mode]
        here = {"passenger-sentri": (ready, plain), "passenger-ready": (plain,), "commercial-fast": (plain,)}
        beside = next((lane for lane in here.get(fit.lane, ()) if (fit.crossing, lane) in index), None)
        if beside is not None:
            edges.append((index[fit.crossing, beside], 0.0, 0.0, 1.0))
        for other, detour in near.get((fit.crossing, fit.mode), ()):
            theirs = per_day.get((other, fit.mode), 0.0)
            choices = [lane for lane in (fit.lane, ready, plain) if (other, lane) in index and _may_use(fit.lane, lane)]
            if choices and theirs >= LEAST_PER_DAY:
                extra = max(toll.get((other, fit.mode), 0.0) - own, 0.0)
                pull = min(1.0, theirs / max(mine, LEAST_PER_DAY)) ** power
                edges.append((index[other, choices[0]], detour, extra, pull))
        ptr.append(len(edges))
    lanes, minutes, dollars, sizes = zip(*edges, strict=True) if edges else ((), (), (), ())
    return {
        "alt_ptr": np.array(ptr, dtype=np.int32),
        "alt_lane": np.array(lanes, dtype=np.int32),
        "alt_detour_min": np.array(minutes, dtype=np.float32),
        "alt_extra_usd": np.array(dollars, dtype=np.float32),
        **({"alt_size": np.array(sizes, dtype=np.float32)} if "alt_size" in Network.__dataclass_fields__ else {}),
    }


def _may_use(own: str, other: str) -> bool:
    """Whether users of a lane class may use another: SENTRI also ready and standard, ready and FAST also standard."""
    rank = {"standard": 0, "ready": 1, "sentri": 2, "fast": 2}
    return rank[other.split("-")[1]] <= rank[own.split("-")[1]]


__all__ = ["MODES", "Period", "Toll", "assemble", "build_network", "value"]
