"""Weeks and dates of a run, and when presidents change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from borderlab.evidence.tables.leader import last_inauguration

_COUNTRIES: dict[str, Literal["US", "MX"] | None] = {"us": "US", "mx": "MX", "either": None}


@dataclass(frozen=True, slots=True)
class Calendar:
    """Week ``w`` of a run begins ``7 w`` days after ``start``.

    >>> Calendar(date(2027, 1, 4), 520).day(2)
    datetime.date(2027, 1, 18)
    """

    start: date
    weeks: int

    def day(self, week: int) -> date:
        """The first day of a week."""
        return self.start + timedelta(days=7 * week)

    def week_of(self, day: date) -> int:
        """The first week that begins on or after ``day``; negative before the start."""
        return -((self.start - day).days // 7)

    def span(self, start: date | None, end: date | None) -> tuple[int, int]:
        """The weeks of what is dated, as ``range`` takes them: the first in force, and the first no longer.

        No start is the first week of the run, no end its last; weeks before the run are negative.

        >>> Calendar(date(2027, 1, 4), 52).span(date(2027, 1, 6), date(2027, 3, 3))
        (1, 9)
        """
        return 0 if start is None else self.week_of(start), self.weeks if end is None else self.week_of(end)

    def since_change(self, week: int, country: Literal["us", "mx", "either"]) -> int | None:
        """Weeks since a president took office (0 in the week of it), or None if none ever did.

        An inauguration belongs to the week that holds its day.
        """
        last = self.day(week) + timedelta(days=6)
        day = last_inauguration(last, _COUNTRIES[country])
        return None if day is None else (last - day).days // 7
