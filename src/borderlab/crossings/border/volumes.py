"""How many cross: entries by port, mode and month, their ordinary level, and the split of ports to crossings."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from functools import cache
from typing import Literal

from borderlab.crossings.border.places import Grade, crossings, ports
from borderlab.evidence.tables.table import SourcedRow, table

FIRST_YEAR, LAST_YEAR = 2015, 2030
TEXAS = "Texas"


class _Monthly(SourcedRow):
    port: str
    mode: str
    year: int
    grade: Grade
    m01: float | None
    m02: float | None
    m03: float | None
    m04: float | None
    m05: float | None
    m06: float | None
    m07: float | None
    m08: float | None
    m09: float | None
    m10: float | None
    m11: float | None
    m12: float | None

    def cells(self) -> list[float | None]:
        """The twelve months."""
        return [getattr(self, f"m{month:02d}") for month in range(1, 13)]


class _Season(SourcedRow):
    port: str
    mode: str
    f01: float
    f02: float
    f03: float
    f04: float
    f05: float
    f06: float
    f07: float
    f08: float
    f09: float
    f10: float
    f11: float
    f12: float


class YearVolume(SourcedRow):
    """Entries of a port and mode in a year. ``missing`` lists the months that no file has."""

    port: str
    mode: str
    year: int
    entries: float
    grade: Literal["measured", "estimated", "partial"]
    missing: str | None


class _Growth(SourcedRow):
    port: str
    mode: str
    per_year: float
    grade: Grade


class DisturbedMonths(SourcedRow):
    """Months in which an event moved the counts; baselines use the ordinary level instead.

    ``ports`` holds port codes, ``texas`` or ``all``; ``clean_months`` are taken on each side of the window.
    """

    episode: str
    modes: str
    ports: str
    first: str
    last: str
    clean_months: int


class _Share(SourcedRow):
    crossing: str
    mode: str
    year: int
    share: float
    grade: Grade


@dataclass(frozen=True)
class Volume:
    """Entries in a month, how well they are known, and from where.

    ``measured``: read from a count; ``estimated``: from a yearly total or around an episode; ``judged``: grown beyond
    the last count.
    """

    entries: float
    grade: Grade
    source: str


Key = tuple[int, int]


@cache
def _counts() -> dict[tuple[str, str], dict[Key, tuple[float, Grade, str]]]:
    out: dict[tuple[str, str], dict[Key, tuple[float, Grade, str]]] = {}
    for row in table("crossings/monthly", _Monthly):
        months = out.setdefault((row.port, row.mode), {})
        for month, value in enumerate(row.cells(), start=1):
            if value is not None and (row.grade == "measured" or (row.year, month) not in months):
                months[row.year, month] = (value, row.grade, row.source)
    return out


@cache
def _seasons() -> dict[tuple[str, str], list[float]]:
    return {
        (row.port, row.mode): [getattr(row, f"f{month:02d}") for month in range(1, 13)]
        for row in table("crossings/months", _Season)
    }


@cache
def _growth() -> dict[tuple[str, str], float]:
    return {(row.port, row.mode): row.per_year for row in table("crossings/growth", _Growth)}


def yearly() -> tuple[YearVolume, ...]:
    """Entries by port, mode and year."""
    return table("crossings/volumes", YearVolume)


def episodes() -> tuple[DisturbedMonths, ...]:
    """The episodes whose months have an ordinary level beside the counted one."""
    return table("crossings/episodes", DisturbedMonths)


def season(port: str, mode: str, month: int) -> float:
    """Per-day index of a month, mean 1; 1 where the port has no such traffic."""
    return _seasons().get((port, mode), [1.0] * 12)[month - 1]


def days_in(year: int, month: int) -> int:
    """Days of a month."""
    return calendar.monthrange(year, month)[1]


def observed(port: str, mode: str, year: int, month: int) -> float | None:
    """The counted entries of a month, or None where no count was read."""
    found = _counts().get((port, mode), {}).get((year, month))
    return found[0] if found and found[1] == "measured" else None


def episode_of(port: str, mode: str, year: int, month: int) -> DisturbedMonths | None:
    """The episode that moved this count, if any."""
    text = f"{year}-{month:02d}"
    for row in episodes():
        named = set(row.ports.split(";"))
        hit = "all" in named or port in named or ("texas" in named and ports()[port].state == TEXAS)
        if hit and mode in row.modes.split(";") and row.first <= text <= row.last:
            return row
    return None


@cache
def monthly(port: str, mode: str, year: int, month: int, as_counted: bool = False) -> Volume:
    """Entries of a port, mode and month, from 2015 to 2030.

    Ordinary level unless ``as_counted``: a month that an episode moved gets the season's shape times the level of the
    clean months around it. Months beyond the counts grow from the last counted year at the port's own rate.

    Raises:
        ValueError: the year is outside 2015 … 2030.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"{year} is outside {FIRST_YEAR} … {LAST_YEAR}")
    counts = _counts().get((port, mode))
    if not counts:
        return Volume(0.0, "measured", "bts-border-crossings")
    episode = None if as_counted else episode_of(port, mode, year, month)
    if episode is not None:
        level = _level_around(port, mode, episode, (year, month))
        return Volume(level * _days(port, mode, year, month), "estimated", "borderlab-computed;bts-border-crossings")
    if (year, month) in counts:
        return Volume(*counts[year, month])
    return _beyond(port, mode, year, month)


def _days(port: str, mode: str, year: int, month: int) -> float:
    return days_in(year, month) * season(port, mode, month)


def _level(port: str, mode: str, months: list[Key]) -> float | None:
    counts = _counts()[port, mode]
    pairs = [(counts[key][0], _days(port, mode, *key)) for key in months if key in counts]
    weight = sum(days for _, days in pairs)
    return sum(value for value, _ in pairs) / weight if weight > 0 else None


def _shift(key: Key, months: int) -> Key:
    place = key[0] * 12 + key[1] - 1 + months
    return place // 12, place % 12 + 1


def _level_around(port: str, mode: str, episode: DisturbedMonths, key: Key) -> float:
    first = (int(episode.first[:4]), int(episode.first[5:7]))
    last = (int(episode.last[:4]), int(episode.last[5:7]))
    size = episode.clean_months
    before = _level(port, mode, [_shift(first, -n) for n in range(1, size + 1)])
    after = _level(port, mode, [_shift(last, n) for n in range(1, size + 1)])
    if before is None or after is None:
        return before if before is not None else (after or 0.0)
    window = (last[0] - first[0]) * 12 + last[1] - first[1] + 2
    part = ((key[0] - first[0]) * 12 + key[1] - first[1] + 1) / window
    return before + (after - before) * part


def _beyond(port: str, mode: str, year: int, month: int) -> Volume:
    """A month that no file has: the nearest twelve known months, grown or shrunk at the port's rate."""
    counts = _counts()[port, mode]
    known = sorted(counts)
    last = known[-1] if (year, month) > known[-1] else known[0]
    step = -1 if last == known[-1] else 1
    window = [_shift(last, step * n) for n in range(12)]
    level = _level(port, mode, window) or 0.0
    centre = _shift(last, step * 5)
    years = year - centre[0] + (month - centre[1] - 0.5) / 12
    gaps = known[0] < (year, month) < known[-1]
    if gaps:
        near = sorted(known, key=lambda key: abs((key[0] - year) * 12 + key[1] - month))[:6]
        return Volume(
            (_level(port, mode, near) or 0.0) * _days(port, mode, year, month), "estimated", "borderlab-computed"
        )
    grown = level * (1 + _growth().get((port, mode), 0.01)) ** years
    return Volume(grown * _days(port, mode, year, month), "judged", "borderlab-computed;borderlab-judgement")


@cache
def _shares() -> dict[tuple[str, str], dict[int, float]]:
    out: dict[tuple[str, str], dict[int, float]] = {}
    for row in table("crossings/shares", _Share):
        out.setdefault((row.crossing, row.mode), {})[row.year] = row.share
    return out


@cache
def crossing_share(name: str, mode: str, year: int) -> float:
    """Share of its port's entries of a mode that uses a crossing in a year (the nearest year that is known)."""
    row = next(row for row in crossings() if row.id == name)
    if mode not in row.modes:
        return 0.0
    known = _shares().get((name, mode))
    if known is None:
        return 1.0
    raw = {
        other.id: _nearest_year(_shares().get((other.id, mode), {}), year)
        for other in crossings()
        if other.port == row.port and mode in other.modes
    }
    total = sum(raw.values())
    return raw[name] / total if total > 0 else 0.0


def _nearest_year(values: dict[int, float], year: int) -> float:
    if not values:
        return 0.0
    if year in values:
        return values[year]
    return values[min(values, key=lambda known: (abs(known - year), -known))]


def entries(name: str, mode: str, year: int, month: int, as_counted: bool = False) -> Volume:
    """Entries of one crossing and mode in a month."""
    row = next(row for row in crossings() if row.id == name)
    whole = monthly(row.port, mode, year, month, as_counted)
    return Volume(whole.entries * crossing_share(name, mode, year), whole.grade, whole.source)
