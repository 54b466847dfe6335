"""What series there are, and where each is read."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import Literal

from borderlab.evidence.tables.table import SourcedRow, table
from borderlab.observe.reading.coverage import words_of


class SeriesRow(SourcedRow):
    """The definition of a series; see ``reference/observe/series.csv``.

    ``absent`` says what a month without a row is: ``gap`` (no value) or ``zero`` (BTS's rule since 2017). ``every``
    is how often there is a value; ``lag_days`` go by before it is published, and for ``holds_months`` it may be taken
    as the newest.
    """

    id: str
    title_en: str
    title_es: str
    unit: str
    by: str | None = None
    aggregate: Literal["sum", "mean"]
    absent: Literal["gap", "zero"]
    every: Literal["month", "year", "level"]
    lag_days: int
    holds_months: int


class Feed(SourcedRow):
    """Where a series is read: ``store:<data set>`` or ``shipped:<table>``.

    In ``where``, ``column=-`` takes rows that have nothing in the column, ``column=+`` those that have something,
    ``column=23*`` those in which it begins so.
    """

    series: str
    rank: int
    place: str
    where: str | None = None

    @property
    def filter(self) -> dict[str, frozenset[str]]:
        """Column -> words taken."""
        return words_of(self.where)

    @property
    def table(self) -> str:
        """The data set or the shipped table."""
        return self.place.split(":", 1)[1]

    @property
    def imported(self) -> bool:
        """Whether it is read from the user's own data."""
        return self.place.startswith("store:")


@cache
def definitions() -> dict[str, SeriesRow]:
    """Every series by id."""
    return {row.id: row for row in table("observe/series", SeriesRow)}


@cache
def feeds() -> dict[str, tuple[Feed, ...]]:
    """The feeds of every series, best first."""
    found: dict[str, list[Feed]] = defaultdict(list)
    for row in sorted(table("observe/feeds", Feed), key=lambda row: (row.series, row.rank)):
        found[row.series].append(row)
    return {name: tuple(rows) for name, rows in found.items()}
