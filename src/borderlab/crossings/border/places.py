"""The crossings, their lanes, hours and neighbours: typed access to the shipped tables."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import field_validator

from borderlab.base.problems import InputError, Problem, nearest
from borderlab.evidence.tables.table import SourcedRow, table

MODES = ("truck", "vehicle", "pedestrian")
LANE_CLASSES = (
    "commercial-standard",
    "commercial-fast",
    "passenger-standard",
    "passenger-ready",
    "passenger-sentri",
    "pedestrian-standard",
    "pedestrian-ready",
)
MODE_OF = {
    lane: {"commercial": "truck", "passenger": "vehicle", "pedestrian": "pedestrian"}[lane.split("-")[0]]
    for lane in LANE_CLASSES
}
REGIONS = ("san-diego", "imperial-yuma", "arizona", "el-paso", "big-bend-del-rio", "laredo", "rio-grande-valley")
FIRST_DATE = date(2015, 1, 1)
LAST_DATE = date(2030, 12, 31)

Grade = Literal["measured", "estimated", "judged"]


def _split(value: object) -> object:
    return tuple(part for part in value.split(";") if part) if isinstance(value, str) else (value or ())


class Crossing(SourcedRow):
    """One bridge or gate.

    Attributes:
        id: name in files and results, like ``world-trade``.
        name_en, name_es: as people call it in each language.
        cbp: numbers in CBP's wait-time feeds; empty where the feed has none.
        port, port_name: the BTS port of entry that counts it (four-digit text).
        region: one of :data:`REGIONS`.
        lat, lon: degrees.
        modes: which of :data:`MODES` cross here.
    """

    id: str
    name_en: str
    name_es: str
    cbp: tuple[str, ...] = ()
    port: str
    port_name: str
    region: Literal[
        "san-diego", "imperial-yuma", "arizona", "el-paso", "big-bend-del-rio", "laredo", "rio-grande-valley"
    ]
    us_state: str
    mx_state: str
    us_city: str
    mx_city: str
    lat: float
    lon: float
    modes: tuple[Literal["truck", "vehicle", "pedestrian"], ...]

    _cbp = field_validator("cbp", mode="before")(_split)
    _modes = field_validator("modes", mode="before")(_split)

    def name(self, lang: str = "en") -> str:
        """The name in a language ("en" or "es")."""
        return self.name_es if lang == "es" else self.name_en

    @property
    def cbp_numbers(self) -> tuple[str, ...]:
        """Numbers in CBP's feeds."""
        return self.cbp


class LaneRow(SourcedRow):
    """A lane class at a crossing: most booths ever open (99th percentile of readings) and booths usually open."""

    crossing: str
    lane: str
    booths: int
    usual: int
    grade: Grade
    date: str


class HoursRow(SourcedRow):
    """Opening hours of a mode at a crossing on some days; ``opens`` = ``closes`` means shut."""

    crossing: str
    mode: str
    days: Literal["all", "mon-fri", "sat", "sun", "sat-sun"]
    opens: int
    closes: int
    date: str


class Neighbour(SourcedRow):
    """A crossing that traffic of another can turn to, with the road distance and the minutes it takes."""

    crossing: str
    to: str
    mode: str
    distance_km: float
    detour_min: float
    grade: Grade


class Trade(SourcedRow):
    """Freight value of a port in a year, US dollars, by means of transport and direction."""

    port: str
    transport: Literal["truck", "rail"]
    direction: Literal["northbound", "southbound"]
    year: int
    usd: float
    grade: Grade


@dataclass(frozen=True)
class Port:
    """A port of entry as BTS counts it, with its crossings from west to east."""

    code: str
    name: str
    state: str
    crossings: tuple[str, ...]


def crossings() -> tuple[Crossing, ...]:
    """Every crossing, west to east."""
    return table("crossings/places", Crossing)


@cache
def _by_id() -> dict[str, Crossing]:
    return {row.id: row for row in crossings()}


def crossing(name: str) -> Crossing:
    """One crossing by id. Raises InputError with the nearest id if there is none."""
    found = _by_id().get(name)
    if found is None:
        raise InputError(Problem(f"there is no crossing '{name}'.", did_you_mean=nearest(name, _by_id())))
    return found


@cache
def ports() -> dict[str, Port]:
    """Ports of entry by BTS code."""
    groups: dict[str, list[Crossing]] = {}
    for row in crossings():
        groups.setdefault(row.port, []).append(row)
    return {
        code: Port(code, rows[0].port_name, rows[0].us_state, tuple(row.id for row in rows))
        for code, rows in groups.items()
    }


def lanes() -> tuple[LaneRow, ...]:
    """Lane classes of every crossing with their booths."""
    return table("crossings/lanes", LaneRow)


@cache
def lanes_of(name: str) -> tuple[LaneRow, ...]:
    """Lane classes of one crossing."""
    return tuple(row for row in lanes() if row.crossing == name)


def hours() -> tuple[HoursRow, ...]:
    """Opening hours; a crossing and mode without a row is open 24 hours."""
    return table("crossings/hours", HoursRow)


def neighbours() -> tuple[Neighbour, ...]:
    """Where the traffic of each crossing and mode can turn to."""
    return table("crossings/neighbours", Neighbour)


def trade() -> tuple[Trade, ...]:
    """Freight value by port, truck or rail, and direction. Northbound value is not two-way value."""
    return table("crossings/trade", Trade)


_DAYS = {"all": range(7), "mon-fri": range(5), "sat": (5,), "sun": (6,), "sat-sun": (5, 6)}


@cache
def _mask(name: str, mode: str) -> NDArray[np.bool_]:
    rows = [row for row in hours() if row.crossing == name and row.mode == mode]
    mask = np.full((7, 24), not rows)
    for row in rows:
        for day in _DAYS[row.days]:
            mask[day, row.opens : row.closes] = True
    flat = mask.ravel()
    flat.setflags(write=False)
    return flat


def open_mask(name: str, mode: str) -> NDArray[np.bool_]:
    """bool[168]: open in each hour of the week, Monday 00:00 first, local time."""
    return _mask(name, mode)


@cache
def cbp_numbers() -> dict[str, str]:
    """Crossing id by number in CBP's feeds (lower case)."""
    return {number.lower(): row.id for row in crossings() for number in row.cbp}


def resolve(word: str) -> tuple[str, ...]:
    """Crossing ids that a word names: a crossing, a BTS port code or name, a region, a CBP number, or ``all``.

    >>> resolve("2304") == resolve("Laredo") and "world-trade" in resolve("laredo")
    True
    >>> resolve("230404")
    ('world-trade',)

    Raises:
        InputError: nothing has that name; the nearest known word is named.
    """
    text = word.strip()
    low = text.casefold()
    if low == "all":
        return tuple(row.id for row in crossings())
    if low in _by_id():
        return (low,)
    if low in cbp_numbers():
        return (cbp_numbers()[low],)
    if text in ports():
        return ports()[text].crossings
    for port in ports().values():
        if port.name.casefold() == low:
            return port.crossings
    if low in REGIONS:
        return tuple(row.id for row in crossings() if row.region == low)
    for row in crossings():
        if low in (row.name_en.casefold(), row.name_es.casefold()):
            return (row.id,)
    raise InputError(
        Problem(
            f"'{word}' is no crossing, port, region or CBP number.",
            did_you_mean=nearest(text, known_words()),
            cure="'borderlab crossings list' shows them all.",
        )
    )


def known_words() -> list[str]:
    """Every word that :func:`resolve` takes."""
    found: Iterable[str] = (
        *_by_id(),
        *ports(),
        *(port.name for port in ports().values()),
        *REGIONS,
        *cbp_numbers(),
        "all",
    )
    return list(dict.fromkeys(found))


def check_period(first: date, last: date) -> None:
    """Raise InputError, naming the range, when a date lies outside what the tables can serve."""
    problems = [
        Problem(f"{day} lies outside the tables, which serve {FIRST_DATE} to {LAST_DATE}.")
        for day in (first, last)
        if not FIRST_DATE <= day <= LAST_DATE
    ]
    if not problems and last < first:
        problems = [Problem(f"the period ends ({last}) before it begins ({first}).")]
    if problems:
        raise InputError(problems)
