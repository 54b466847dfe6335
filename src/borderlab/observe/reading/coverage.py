"""Which parts make a whole: a file of one port, state or office serves its own part and is no sum over all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from typing import Literal

from borderlab.evidence.tables.table import SourcedRow, table

Filter = Mapping[str, frozenset[str]]


class CoverageColumn(SourcedRow):
    """A column that parts a data set; see ``reference/observe/coverage_columns.csv``.

    ``needs`` says which sums need all parts, ``presence`` what counts as a part being there, ``most_lacking`` the
    percent of the whole that a sum may lack.
    """

    dataset: str
    column: str
    noun_en: str
    noun_es: str
    needs: Literal["whole", "any"]
    presence: Literal["month", "near"]
    most_lacking: float


class PartRow(SourcedRow):
    """One part of a whole, with its share in percent of the rows of ``scope``; see ``observe/coverage.csv``."""

    dataset: str
    column: str
    scope: str | None = None
    part: str
    name: str
    first: str | None = None
    last: str | None = None
    share: float

    def stands(self, month: str) -> bool:
        """Whether the part exists in a month (``2019-03``)."""
        return (self.first or "") <= month <= (self.last or "9999")


@dataclass(frozen=True)
class Shortfall:
    """What a sum lacks.

    Attributes:
        column: the dimension along which parts are missing.
        noun_en, noun_es: what the parts are called.
        held, of: parts that are there, and that there should be.
        missing: the parts that weigh, heaviest first.
        refused: parts whose value stood in the file and was refused.
    """

    column: str
    noun_en: str
    noun_es: str
    held: int
    of: int
    missing: tuple[str, ...]
    refused: bool = False

    def json_ready(self) -> dict[str, object]:
        """For the rows of ``data show --json``."""
        found: dict[str, object] = {"column": self.column, "parts": self.noun_en, "held": self.held, "of": self.of}
        return found | {"missing": list(self.missing)} | ({"refused": True} if self.refused else {})


def words_of(text: str | None) -> dict[str, frozenset[str]]:
    """Column -> words of a condition written like ``measure=Trucks;lane=a|b``."""
    pairs = (part.split("=", 1) for part in (text or "").split(";") if part)
    return {column: frozenset(words.split("|")) for column, words in pairs}


@cache
def columns_that_part(dataset: str) -> tuple[CoverageColumn, ...]:
    """The columns along which a file of the data set may hold some parts only."""
    return tuple(row for row in table("observe/coverage_columns", CoverageColumn) if row.dataset == dataset)


@cache
def _rows(dataset: str, column: str) -> tuple[tuple[PartRow, frozenset[tuple[str, frozenset[str]]]], ...]:
    rows = table("observe/coverage", PartRow)
    return tuple(
        (row, frozenset(words_of(row.scope).items())) for row in rows if (row.dataset, row.column) == (dataset, column)
    )


def parts_of(dataset: str, column: str, taken: Filter | None = None, month: date | None = None) -> dict[str, PartRow]:
    """The parts that make a whole of the rows that ``taken`` chooses (None: of any), in a month (None: ever)."""
    key = None if taken is None else frozenset((name, words) for name, words in taken.items())
    return _parts(dataset, column, key, f"{month:%Y-%m}" if month else None)


@lru_cache(maxsize=20_000)
def _parts(
    dataset: str, column: str, taken: frozenset[tuple[str, frozenset[str]]] | None, month: str | None
) -> dict[str, PartRow]:
    return {
        row.part: row
        for row, scope in _rows(dataset, column)
        if (taken is None or scope <= taken) and (month is None or row.stands(month))
    }


def shortfall(
    column: CoverageColumn, taken: Filter | None, month: date, present: Iterable[str | None]
) -> Shortfall | None:
    """What a sum of the month lacks along a column, or None if it is whole.

    A row that is not parted along the column (None among ``present``) stands for all parts.
    """
    there = set(present)
    expected = {
        part: row for part, row in parts_of(column.dataset, column.column, taken, month).items() if row.share > 0
    }
    lost = {part: row.share for part, row in expected.items() if part not in there}
    if not expected or None in there or sum(lost.values()) <= column.most_lacking:
        return None
    heavy = sorted((part for part, share in lost.items() if share >= 0.05), key=lambda part: -lost[part])
    held = len(expected) - len(lost)
    return Shortfall(column.column, column.noun_en, column.noun_es, held, len(expected), tuple(heavy))


def share_of(dataset: str, column: str, taken: Filter | None, month: date, part: str) -> float:
    """Percent of the whole that a part has; 0 if it is not known."""
    row = parts_of(dataset, column, taken, month).get(part)
    return row.share if row else 0.0
