"""Coded history as inputs of the model: what was threatened and in force, week by week, in each episode.

The rows of ``reference/model/history.csv`` give each input as points in time: a ``step`` holds its value until the
next point, a ``linear`` point is joined to the next by a line. What Washington did apart from pressure
(``us_measures``) and what would have happened without either government (``log_baseline``) are inputs too: they are
judged, and graded so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal

import numpy as np

from borderlab.base.problems import InputError, Problem, nearest
from borderlab.evidence.tables.parameter import Grade
from borderlab.evidence.tables.table import SourcedRow, table
from borderlab.model.core.inputs import Border, Drive
from borderlab.model.core.rates import Array, weeks_in
from borderlab.model.futures.futures import Futures
from borderlab.model.futures.parameters import Settings
from borderlab.model.run.world import Opening, World

Series = Literal[
    "tariff_threatened",
    "tariff_imposed",
    "throughput_threatened",
    "throughput_lost",
    "expected_cost",
    "us_measures",
    "own_effort",
    "log_baseline",
    "new_pressure",
    "executed",
    "dropped",
]


class Point(SourcedRow):
    """One point of one input of an episode."""

    episode: str
    series: Series
    day: date
    value: float
    join: Literal["step", "linear"]
    grade: Grade
    note: str | None = None


class Episode(SourcedRow):
    """One episode that the model is run through.

    Attributes:
        id: short name, as ``borderlab hindcast`` takes it.
        name_en, name_es: what it is called.
        start: first day of the run, when the pressure began (or the month that others are compared with).
        months: how long it runs.
        institution: institution level at its start.
        focus: share of the demand that was about migration.
        gdp_us, gdp_mx: yearly GDP of its time, USD.
    """

    id: str
    name_en: str
    name_es: str
    start: date
    months: float
    institution: float
    focus: float
    gdp_us: float
    gdp_mx: float
    date: str
    note: str | None = None

    def name(self, lang: str) -> str:
        """What it is called in ``lang``."""
        return self.name_es if lang == "es" else self.name_en


@cache
def episodes() -> dict[str, Episode]:
    """The episodes by id, in order of time."""
    return {row.id: row for row in sorted(table("model/episodes", Episode), key=lambda row: row.start)}


def episode(id_: str) -> Episode:
    """One episode.

    Raises:
        InputError: there is no such episode.
    """
    try:
        return episodes()[id_]
    except KeyError:
        cure = f"There are {', '.join(episodes())}."
        raise InputError(
            Problem(f"no episode is called '{id_}'.", cure=cure, did_you_mean=nearest(id_, episodes()))
        ) from None


def _points(id_: str, series: str) -> list[Point]:
    rows = table("model/history", Point)
    return sorted((row for row in rows if row.episode == id_ and row.series == series), key=lambda row: row.day)


def _values(id_: str, series: str, days: Array) -> Array:
    """A series at the middle of each week; 0 before its first point."""
    return joined(_points(id_, series), days)


def joined(points: Sequence[Point], days: Array) -> Array:
    """Points in order of time as values on days (ordinals): each is joined to the next as its own ``join`` says.

    Before the first the value is 0; the last holds on.
    """
    if not points:
        return np.zeros(len(days))
    at = np.array([point.day.toordinal() for point in points], float)
    value = np.array([point.value for point in points])
    linear = np.array([point.join == "linear" for point in points])
    place = np.searchsorted(at, days, side="right") - 1
    here = np.maximum(place, 0)
    found = np.where(linear[here], np.interp(days, at, value), value[here])
    return np.where(place < 0, 0.0, found)


def _events(id_: str, series: str, start: date, weeks: int) -> set[int]:
    """Weeks in which an event of the series falls."""
    return {min(max((point.day - start).days // 7, 0), weeks - 1) for point in _points(id_, series)}


def drives(id_: str) -> Iterator[Drive]:
    """The weekly inputs of an episode."""
    one = episode(id_)
    weeks = round(one.months * 365.25 / 12 / 7)
    days = one.start.toordinal() + 7.0 * np.arange(weeks) + 3.5
    series = {
        name: _values(id_, name, days)
        for name in ("tariff_threatened", "tariff_imposed", "throughput_threatened", "throughput_lost",
                     "expected_cost", "us_measures", "own_effort", "log_baseline")
    }  # fmt: skip
    events = {name: _events(id_, name, one.start, weeks) for name in ("new_pressure", "executed", "dropped")}
    for week in range(weeks):
        now = {name: float(values[week]) for name, values in series.items()}
        yield Drive(
            week=week,
            tariff_threatened=now["tariff_threatened"],
            tariff_imposed=now["tariff_imposed"],
            throughput_threatened=now["throughput_threatened"],
            border=Border(throughput_lost=now["throughput_lost"]),
            expected_cost=now["expected_cost"],
            us_measures=now["us_measures"],
            new_pressure=week in events["new_pressure"],
            executed=week in events["executed"],
            dropped=week in events["dropped"],
            log_baseline=now["log_baseline"],
            shifts={"effort_migration": now["own_effort"]},
        )


TRACES = (
    "arrivals",
    "concession",
    "effort_migration",
    "effort_security",
    "leverage",
    "cost_mx",
    "cost_us",
    "institution",
    "backlash",
)


@dataclass(frozen=True)
class Trace:
    """What the model does through an episode. Arrays float64 [weeks, futures].

    ``arrivals`` is relative to the start, ``cost_*`` are shares of one month's GDP, ``before`` holds the values at
    rest before the first week [futures].
    """

    episode: Episode
    weeks: tuple[date, ...]
    series: dict[str, Array]
    before: dict[str, Array]

    def month_means(self, name: str, months: list[int]) -> Array:
        """Means of a series over calendar months counted from that of the start (0), float64 [months, futures]."""
        first = self.episode.start
        label = np.array([12 * (d.year - first.year) + d.month - first.month for d in map(_middle, self.weeks)])
        series, before = self.series[name], self.before[name]
        return np.array([series[label == m].mean(axis=0) if (label == m).any() else before for m in months])

    def after(self, name: str, months: float) -> Array:
        """A series ``months`` months after the start [futures]."""
        return self.series[name][min(weeks_in(months), len(self.weeks) - 1)]


def _middle(week: date) -> date:
    return week + timedelta(days=3)


def trace(id_: str, futures: Futures, *, us_measures: bool = True) -> Trace:
    """Run futures through an episode. Without ``us_measures``, what Washington did apart from pressure is left out."""
    one = episode(id_)
    settings = Settings(futures)
    world = World(settings, Opening(today=False, institution=one.institution, backlash=0.0, focus=one.focus))
    before = _now(world)
    found: dict[str, list[Array]] = {name: [] for name in TRACES}
    count = 0
    for drive in drives(id_):
        if not us_measures:
            drive.us_measures = 0.0
        world.step(drive)
        for name, value in _now(world).items():
            found[name].append(value)
        count += 1
    weeks = tuple(one.start + timedelta(days=7 * week) for week in range(count))
    return Trace(one, weeks, {name: np.array(values) for name, values in found.items()}, before)


def _now(world: World) -> dict[str, Array]:
    return {
        "arrivals": world.migration.arrivals / world.migration.arrivals_start,
        "concession": world.bargaining.concession,
        "effort_migration": world.effort.migration,
        "effort_security": world.effort.security,
        "leverage": world.bargaining.leverage,
        "cost_mx": world.economy.cost_mx,
        "cost_us": world.economy.cost_us,
        "institution": world.institutions.level,
        "backlash": world.bargaining.backlash,
    }
