"""What an official series showed on a given day: the newest value published by then, and how old it was.

Values are those of the newest vintage; what was first published may have been revised since.
"""

from __future__ import annotations

from bisect import bisect_right
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from borderlab.observe.series.indicator import official, officials
from borderlab.observe.series.series import Point, definition
from borderlab.observe.store.store import Store


@dataclass(frozen=True)
class Seen:
    """A value as it stood on a day; ``age_days`` since the end of its period."""

    value: float
    period: date
    age_days: int
    source: str
    vintage: str


class AsOf:
    """One indicator through time.

    Raises:
        InputError: no official series stands for it.
    """

    def __init__(self, indicator: str, store: Store | None = None) -> None:
        self.indicator = indicator
        self.row = definition(officials()[indicator].series if indicator in officials() else indicator)
        self.points = [p for p in official(indicator, store=store).points if p.value is not None and not _faulty(p)]
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
        return Seen(point.value, point.period, age, point.source, point.vintage)

    @property
    def first_day(self) -> date | None:
        """The first day on which anything was known."""
        return self._published[0] if self.points else None


def _faulty(point: Point) -> bool:
    return point.flag in ("suspect", "incomplete")


def _month_end(month: date) -> date:
    return month.replace(day=monthrange(month.year, month.month)[1])
