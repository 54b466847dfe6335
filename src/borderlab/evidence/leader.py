"""Who was president when."""

from __future__ import annotations

from functools import cache
from typing import Literal

from borderlab.evidence.dates import Moment, fraction
from borderlab.evidence.table import SourcedRow, table


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
