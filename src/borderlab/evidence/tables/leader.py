"""Who was president when, and when presidents take office: the one calendar of them.

Past presidents stand in ``reference/leaders.csv``. Days to come follow from the two constitutions, which
``reference/terms.csv`` holds as a first day and a number of years (source: inaugurations). The model and the rules of
strategies read the same days.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import MAXYEAR, date, timedelta
from functools import cache
from typing import Literal

from borderlab.evidence.tables.dates import Moment, first_day, fraction
from borderlab.evidence.tables.table import SourcedRow, table


class Leader(SourcedRow):
    """One presidential term, or two in a row.

    Attributes:
        id: short name.
        country: US or MX.
        name: of the president.
        short: the surname in use.
        start, end: days of taking and leaving office; no end for one in office.
        date: to when the row holds.
    """

    id: str
    country: Literal["US", "MX"]
    name: str
    short: str
    start: Moment
    end: Moment | None = None
    date: str


class Term(SourcedRow):
    """How a constitution sets the days of taking office to come.

    Attributes:
        country: US or MX.
        first: the first such day that is not in the table of leaders.
        every_years: years from one to the next.
    """

    country: Literal["US", "MX"]
    first: date
    every_years: int
    note: str | None = None


@cache
def leaders() -> tuple[Leader, ...]:
    """Every president since 1964 (Mexico) and 1963 (United States), by the day of taking office."""
    return tuple(sorted(table("leaders", Leader), key=lambda leader: leader.start))


def changes(start: str, end: str, country: Literal["US", "MX"] | None = None) -> int:
    """How many changes of president lie between two dates (of one country, or of both).

    >>> changes("2007-10-22", "2021-10")
    5
    """
    low, high = fraction(start), fraction(end)
    return sum(
        low < fraction(leader.start) <= high for leader in leaders() if country is None or leader.country == country
    )


@cache
def inaugurations(country: Literal["US", "MX"] | None = None) -> tuple[tuple[date, str], ...]:
    """Every day on which a president takes office with the country, in order: past ones, and to come by law.

    Args:
        country: US or MX; both without it.

    >>> [day.isoformat() for day, _ in inaugurations("US") if 2040 < day.year < 2050]
    ['2041-01-20', '2045-01-20', '2049-01-20']
    """
    days = {(first_day(leader.start), leader.country) for leader in leaders()}
    for term in table("terms", Term):
        for year in range(term.first.year, MAXYEAR + 1, term.every_years):
            days.add((term.first.replace(year=year), term.country))
    return tuple(sorted(one for one in days if country in (one[1], None)))


@cache
def _days(country: Literal["US", "MX"] | None) -> tuple[date, ...]:
    return tuple(day for day, _ in inaugurations(country))


def last_inauguration(day: date, country: Literal["US", "MX"] | None = None) -> date | None:
    """The last day up to ``day`` on which a president took office (of one country, or of either); None before all."""
    days = _days(country)
    place = bisect_right(days, day)
    return days[place - 1] if place else None


def takes_office(country: Literal["US", "MX"], week_start: date) -> bool:
    """Whether a president takes office in the seven days from ``week_start``.

    >>> takes_office("US", date(2029, 1, 15)), takes_office("US", date(2029, 1, 22))
    (True, False)
    """
    days = _days(country)
    place = bisect_left(days, week_start)
    return place < len(days) and days[place] - week_start < timedelta(days=7)
