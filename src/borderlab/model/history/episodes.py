"""Coded history as inputs of the model: what was threatened and in force, week by week, in each episode.

The rows of ``reference/model/history.csv`` give each input as points in time: a ``step`` holds its value until the
next point, a ``linear`` point is joined to the next by a line. What Washington did apart from pressure
(``us_measures``) and what would have happened without either government (``log_baseline``) are inputs too: they are
judged, and graded so.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal

import numpy as np

from borderlab.base.problems import InputError, Problem, nearest
from borderlab.evidence.tables.parameter import Grade
from borderlab.evidence.tables.table import SourcedRow, table
from borderlab.model.core.beginning import Opening, begin
from borderlab.model.core.course import compiled
from borderlab.model.core.execution import execute, prepare
from borderlab.model.core.rates import WEEKS_PER_YEAR, Array, weeks_in
from borderlab.model.core.world import World
from borderlab.model.futures.futures import Futures
from borderlab.model.futures.settings import Settings
from borderlab.model.history.world import past
from borderlab.model.run.worlds import layout_of

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


_SERIES: dict[str, Series] = {
    "recorded_tariff": "tariff_imposed",
    "recorded_tariff_threat": "tariff_threatened",
    "recorded_expected_cost": "expected_cost",
    "recorded_us_measures": "us_measures",
    "recorded_effort": "own_effort",
    "recorded_log_baseline": "log_baseline",
    "recorded_lost": "throughput_lost",
    "recorded_lost_threat": "throughput_threatened",
}
_EVENTS: dict[str, Series] = {
    "recorded_pressure": "new_pressure",
    "recorded_executed": "executed",
    "recorded_dropped": "dropped",
}


def inputs(id_: str, columns: Sequence[str], *, us_measures: bool = True) -> Array:
    """The weekly inputs of an episode, float64 [weeks, columns]; no president takes office in it."""
    one = episode(id_)
    weeks = round(one.months * WEEKS_PER_YEAR / 12)
    days = (one.start.toordinal() + 7.0 * np.arange(weeks) + 3.5).astype(np.float64)
    found = np.zeros((weeks, len(columns)))
    for place, name in enumerate(columns):
        if name == "recorded_us_measures" and not us_measures:
            continue
        if name in _SERIES:
            found[:, place] = _values(id_, _SERIES[name], days)
        elif name in _EVENTS:
            found[list(_events(id_, _EVENTS[name], one.start, weeks)), place] = 1.0
        elif name == "years":
            found[:, place] = np.arange(weeks) / WEEKS_PER_YEAR
    return found


TRACES = {
    "arrivals": "migration.relative",
    "concession": "bargaining.concession",
    "effort_migration": "effort.migration",
    "effort_security": "effort.security",
    "leverage": "bargaining.leverage",
    "cost_mx": "economy.cost_mx",
    "cost_us": "economy.cost_us",
    "institution": "institutions.level",
    "backlash": "bargaining.F",
}
"""What is kept of an episode, and the variable of the model that it is."""


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


def trace(id_: str, futures: Futures, *, us_measures: bool = True, world: World | None = None) -> Trace:
    """Run futures through an episode. Without ``us_measures``, what Washington did apart from pressure is left out.

    Args:
        world: other modules than the shipped ones.
    """
    one, world = episode(id_), past(world)
    layout = layout_of(world)
    settings = Settings(futures)
    opening = Opening(today=False, institution=one.institution, backlash=0.0, focus=one.focus)
    beginning = begin(world, settings, opening, futures.key)
    tables = {"own_effort_at": np.array([world.effects.index("effort_migration")], np.int64)}
    sizes = {"effects": len(world.effects), "direct": len(world.levers)}
    weekly = inputs(id_, world.inputs, us_measures=us_measures)
    prepared = prepare(layout, compiled(layout), beginning, settings, futures.key, weekly, tables, sizes)
    taken = execute(prepared, tuple(TRACES.values()), kind=np.float64)
    weeks = tuple(one.start + timedelta(days=7 * week) for week in range(len(weekly)))
    before = {
        name: np.broadcast_to(np.asarray(beginning[source], np.float64), (futures.n,))
        for name, source in TRACES.items()
    }
    return Trace(one, weeks, {name: taken.series[source].T for name, source in TRACES.items()}, before)
