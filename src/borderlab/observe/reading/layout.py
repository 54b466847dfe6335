"""What the public files look like: columns, labels, data sets, known faults. All of it stands in tables."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Literal

from borderlab.evidence.tables.table import SourcedRow, table


class Column(SourcedRow):
    """One column of a public file; see ``reference/observe/columns.csv``."""

    dataset: str
    column: str
    names: str
    need: Literal["yes", "no", "note"]
    values: Literal["open", "closed"]

    @property
    def headings(self) -> frozenset[str]:
        """The headings it goes by, folded."""
        return frozenset(fold(name) for name in self.names.split("|"))


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
def columns_of(dataset: str) -> tuple[Column, ...]:
    """The columns of a data set."""
    return tuple(row for row in table("observe/columns", Column) if row.dataset == dataset)


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
    """A heading or label without case, accents, underscores and doubled blanks.

    >>> fold("Bien_jurídico  afectado")
    'bien juridico afectado'
    """
    plain = unicodedata.normalize("NFKD", text.replace("\ufeff", ""))
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[\s_]+", " ", plain).strip().casefold()
