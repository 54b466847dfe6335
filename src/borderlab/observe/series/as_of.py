"""What an official series showed on a given day: the newest value published by then, and how old it was.

Values are those of the newest vintage; what was first published may have been revised since.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from borderlab.observe.series.breaks import Break
from borderlab.observe.series.indicator import official, officials
from borderlab.observe.series.series import Point, definition
from borderlab.observe.store.store import Store


@dataclass(frozen=True)
class Seen:
    """A value as it stood on a day; ``age_days`` since the end of its period.

    ``meaning`` counts the changes of what is counted up to then: values of two meanings are not compared.
    """

    value: float
    period: date
    age_days: int
    source: str
    vintage: str
    meaning: int = 0


class AsOf:
    """One indicator through time.

    Raises:
        InputError: no official series stands for it.
    """

    def __init__(self, indicator: str, store: Store | None = None) -> None:
        self.indicator = indicator
        self.row = definition(officials()[indicator].series if indicator in officials() else indicator)
        every = official(indicator, store=store).points
        self.points = [point for point in every if point.whole and point.flag != "suspect"]
        self._incomplete = [point.period for point in every if point.flag == "incomplete"]
        stops = [one for one in every_break(every) if one.stops]
        self._meaning = [sum(one.first <= point.period for one in stops) for point in self.points]
        self._published = [_month_end(point.period) + timedelta(days=self.row.lag_days) for point in self.points]
        if self.row.every == "level":  # a level stands from the month in which it was announced
            self._published = [point.period for point in self.points]

    def on(self, day: date) -> Seen | None:
        """The newest value known on ``day``; None if there was none or it was too old."""
        place = bisect_right(self._published, day) - 1
        if place < 0:
            return None
        point = self.points[place]
        age = (day - _month_end(point.period)).days
        if age > self.row.holds_months * 30.44 + self.row.lag_days or point.value is None:
            return None
        return Seen(point.value, point.period, age, point.source, point.vintage, self._meaning[place])

    @property
    def incomplete(self) -> bool:
        """Whether there are values that lack parts, which are never taken for the whole."""
        return bool(self._incomplete)

    def incomplete_since(self, day: date) -> bool:
        """Whether values that lack parts are newer than the last whole one, up to ``day``."""
        last = self.points[-1].period if self.points else date.min
        return any(last < month <= day for month in self._incomplete)

    @property
    def first_day(self) -> date | None:
        """The first day on which anything was known."""
        return self._published[0] if self.points else None


def every_break(points: Iterable[Point]) -> list[Break]:
    """The breaks that begin at any of the points."""
    return [one for point in points for one in point.breaks]


def _month_end(month: date) -> date:
    following = date(month.year + month.month // 12, month.month % 12 + 1, 1)
    return following - timedelta(days=1)
