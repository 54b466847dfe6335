"""The weekly table of inputs that the calendar fills: time, season, presidents."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

import numpy as np

from borderlab.evidence.tables.leader import takes_office
from borderlab.evidence.tables.table import SourcedRow, table
from borderlab.model.core.rates import WEEKS_PER_YEAR, Array

PRESIDENT_OF_2029 = date(2029, 1, 20)
"""From here on the switch ``us_policy_2029`` says what becomes of U.S. rules."""


class Season(SourcedRow):
    """Seasonal factor of migration by calendar month; 1 is the year's mean."""

    month: int
    factor: float
    date: str
    note: str | None = None


@cache
def log_season() -> Array:
    """Logarithms of the seasonal factors, January first [12]."""
    return np.log([row.factor for row in sorted(table("model/season", Season), key=lambda row: row.month)])


def _president_mx(week: int, day: date) -> float:
    """The year in which the president takes office who does so this week, else 0."""
    return float(day.year) if takes_office("MX", day) else 0.0


_COLUMNS: dict[str, Callable[[int, date], float]] = {
    "years": lambda week, _: week / WEEKS_PER_YEAR,
    "log_season": lambda _, day: float(log_season()[(day + timedelta(days=3)).month - 1]),
    "leader_mx": lambda _, day: float(takes_office("MX", day)),
    "leader_us": lambda _, day: float(takes_office("US", day)),
    "president_mx": _president_mx,
    "relaxing": lambda _, day: float(day >= PRESIDENT_OF_2029),
}


def inputs(columns: tuple[str, ...], start: date, weeks: int) -> Array:
    """The inputs of every week, float64 [weeks, columns].

    Raises:
        KeyError: an input that no calendar gives.
    """
    found = np.empty((weeks, len(columns)))
    for week in range(weeks):
        day = start + timedelta(days=7 * week)
        for place, name in enumerate(columns):
            found[week, place] = _COLUMNS[name](week, day)
    return found
