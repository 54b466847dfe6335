"""What the public files look like: columns, labels, data sets, known faults. All of it stands in tables."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import Literal

from borderlab.evidence.tables.table import SourcedRow, table


class FileColumn(SourcedRow):
    """One column of a public file; see ``reference/observe/columns.csv``."""

    dataset: str
    column: str
    names: str
    need: Literal["yes", "no", "note"]
    values: Literal["open", "closed", "count", "amount"]

    @property
    def ordered_headings(self) -> tuple[str, ...]:
        """The headings it goes by, folded, the likeliest first."""
        return tuple(fold(name) for name in self.names.split("|"))

    @property
    def headings(self) -> frozenset[str]:
        """The same without order."""
        return frozenset(self.ordered_headings)


class Label(SourcedRow):
    """One word of a public file and our word for it."""

    dataset: str
    column: str
    published: str
    ours: str
    changed: Literal["yes", "no"]
    note: str | None = None


class Dataset(SourcedRow):
    """One public data set.

    Attributes:
        key: columns that make a row unique, besides the period, split by ``;``.
        unit: of ``value``.
        period: month or moment.
        url: official address, for people.
    """

    id: str
    title_en: str
    title_es: str
    unit: str
    period: Literal["month", "moment"]
    key: str
    url: str | None = None

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The key columns."""
        return tuple(part.strip() for part in self.key.split(";"))


class KnownFault(SourcedRow):
    """A fault that a published series is known to have.

    Attributes:
        where: ``column=value`` pairs split by ``;`` (``value`` may be ``a|b``).
        first, last: months it touches.
        effect: what readers of a series do: ``missing`` (no value), ``suspect`` (value kept, marked) or ``note``.
    """

    id: str
    dataset: str
    where: str | None = None
    first: str
    last: str | None = None
    effect: Literal["missing", "suspect", "note"]
    what_en: str
    what_es: str


@cache
def datasets() -> dict[str, Dataset]:
    """Every data set by id."""
    return {row.id: row for row in table("observe/datasets", Dataset)}


@cache
def columns_of(dataset: str) -> tuple[FileColumn, ...]:
    """The columns of a data set."""
    return tuple(row for row in table("observe/columns", FileColumn) if row.dataset == dataset)


@cache
def labels_of(dataset: str, column: str) -> dict[str, Label]:
    """Folded published word -> label, for one column."""
    rows = table("observe/labels", Label)
    return {fold(row.published): row for row in rows if (row.dataset, row.column) == (dataset, column)}


@cache
def faults_of(dataset: str) -> tuple[KnownFault, ...]:
    """Known faults of a data set."""
    return tuple(row for row in table("observe/faults", KnownFault) if row.dataset == dataset)


def fold(text: str) -> str:
    """A heading or label as letters and figures alone: case, accents, blanks, brackets, dots and dashes say nothing.

    >>> fold("Bien_jurídico  afectado"), fold("Sum.Qty..lbs.") == fold("Sum Qty (lbs)")
    ('bienjuridicoafectado', True)
    """
    plain = unicodedata.normalize("NFKD", text.replace("\ufeff", ""))
    return "".join(letter for letter in plain if letter.isalnum()).casefold()
