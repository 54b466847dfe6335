"""Weeks and dates of a run, and when presidents change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal

# Terms fixed by the constitutions (source: leader-dates): the United States every 20 January after an election year
# of four, Mexico every 1 October of six years since 2024.
_US_FIRST, _MX_FIRST = 2029, 2030
_LAST_YEAR = 2100


@cache
def inaugurations() -> tuple[tuple[date, str], ...]:
    """Days on which a president takes office and the country (``us``, ``mx``), past and by law to come."""
    from borderlab.evidence.leader import leaders

    found = {(_day(str(one.start)), one.country.lower()) for one in leaders()}
    found |= {(date(year, 1, 20), "us") for year in range(_US_FIRST, _LAST_YEAR, 4)}
    found |= {(date(year, 10, 1), "mx") for year in range(_MX_FIRST, _LAST_YEAR, 6)}
    return tuple(sorted(found))


def _day(text: str) -> date:
    parts = [int(part) for part in text.split("-")]
    return date(*[*parts, 1, 1][:3])


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

    def since_change(self, week: int, country: Literal["us", "mx", "either"]) -> int | None:
        """Weeks since a president took office (0 in the week of it), or None if none ever did.

        An inauguration belongs to the week that holds its day.
        """
        last = self.day(week) + timedelta(days=6)
        days = [day for day, of in inaugurations() if country in (of, "either") and day <= last]
        return (last - days[-1]).days // 7 if days else None
