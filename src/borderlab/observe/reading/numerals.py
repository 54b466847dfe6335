"""How a file writes its numbers: one question for a whole column, never one for each cell.

``12,500`` is twelve and a half or twelve thousand five hundred. What settles it stands elsewhere in the column
(``905,25`` has a decimal comma, ``1,234.5`` a decimal point), in another column of the file, or in what is counted:
people come whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Mark = Literal[".", ","]
MAJORITY = 0.9  # share of the telling cells that must agree; fewer, and the file is refused
MOST_DIGITS = 18
_SPACES = " \u00a0\u2009\u202f'\u2019"
_EXPONENT = r"(?:[eE][+-]?\d{1,2})?"
_GROUPED_BY_SPACE = re.compile(rf"[1-9]\d{{0,2}}(?:[{_SPACES}]\d{{3}})+(?:[.,]\d+)?")
_LOSSY = re.compile(r"\d[.,]\d\dE\+?(\d+)")
_FORMS: dict[Mark, re.Pattern[str]] = {
    ".": re.compile(rf"(?:[1-9]\d{{0,2}}(?:,\d{{3}})+|\d+|(?=\.\d))(?:\.\d*)?{_EXPONENT}"),
    ",": re.compile(rf"(?:[1-9]\d{{0,2}}(?:\.\d{{3}})+|\d+|(?=,\d))(?:,\d*)?{_EXPONENT}"),
}


@dataclass(frozen=True)
class Cell:
    """A text as a number under either decimal mark; None where it is none.

    ``rounded``: written in scientific notation by a spreadsheet, which keeps three digits and loses the rest.
    """

    text: str
    point: str | None
    comma: str | None
    rounded: bool = False

    @property
    def telling(self) -> Mark | None:
        """The decimal mark that the text must have, where it can have only one."""
        if (self.point is None) == (self.comma is None):
            return None
        return "." if self.point is not None else ","

    @property
    def open(self) -> bool:
        """Whether it is a number under both marks, and not the same one."""
        return self.point is not None and self.comma is not None and Decimal(self.point) != Decimal(self.comma)

    def under(self, mark: Mark) -> str | None:
        """The number in plain digits with a decimal point, or None."""
        return self.point if mark == "." else self.comma


def read_cell(text: str) -> Cell:
    """What a text may mean as a number.

    >>> read_cell("905,25").telling, read_cell("1,234,567").telling, read_cell("12,500").open
    (',', '.', True)
    """
    plain = text.strip().replace("\u2212", "-").removeprefix("US$").removeprefix("$").strip()
    sign = "-" if plain.startswith("-") else ""
    plain = plain.lstrip("+-") if plain[:2] not in ("--", "++", "+-", "-+") else plain
    if _GROUPED_BY_SPACE.fullmatch(plain):
        plain = re.sub(f"[{_SPACES}]", "", plain)
    found = {mark: _plain(plain, sign, mark) for mark in _FORMS}
    return Cell(text, found["."], found[","], bool((hit := _LOSSY.fullmatch(plain)) and int(hit[1]) > 2))


def _plain(text: str, sign: str, mark: Mark) -> str | None:
    if not _FORMS[mark].fullmatch(text) or not text.isascii():
        return None
    group = "," if mark == "." else "."
    number = Decimal(sign + text.replace(group, "").replace(mark, "."))
    if number.adjusted() > MOST_DIGITS:
        return None
    return f"{number:f}"


@dataclass(frozen=True)
class ColumnOfNumbers:
    """The cells of one column that are not plain digits.

    Attributes:
        whole: the column counts something, so that a fraction is no value of it.
        cells: distinct texts with the first row they stand in.
        largest_plain: the largest number that stands in plain digits.
    """

    name: str
    whole: bool
    cells: tuple[tuple[Cell, int], ...]
    largest_plain: float = 0.0

    def votes(self) -> dict[Mark, int]:
        """How many distinct texts can only have a decimal point, only a decimal comma."""
        found: dict[Mark, int] = {".": 0, ",": 0}
        for cell, _ in self.cells:
            if cell.telling:
                found[cell.telling] += 1
        return found

    def first_with(self, mark: Mark | None) -> tuple[str, int] | None:
        """The first text (by row) that has only this mark, or for None the first that may have either."""
        hits = [(row, cell.text) for cell, row in self.cells if (cell.telling == mark if mark else cell.open)]
        return (min(hits)[1], min(hits)[0]) if hits else None


@dataclass(frozen=True)
class Undecided(Exception):
    """The file does not tell how its numbers are written: a text and its row for each reading."""

    column: str
    cause: str
    row: int


def decide(columns: Iterable[ColumnOfNumbers], delimiter: str) -> dict[str, Mark]:
    """The decimal mark of each column.

    Raises:
        Undecided: a column is written in both ways, or nothing tells how it is written.
    """
    known = list(columns)
    file_votes = {mark: sum(column.votes()[mark] for column in known) for mark in _FORMS}
    return {column.name: _mark(column, file_votes, delimiter) for column in known}


def _mark(column: ColumnOfNumbers, file_votes: Mapping[Mark, int], delimiter: str) -> Mark:
    votes = column.votes()
    total = votes["."] + votes[","]
    if total:
        best: Mark = "." if votes["."] >= votes[","] else ","
        if votes[best] >= MAJORITY * total:
            return best
        (one, at), (other, at_other) = column.first_with(".") or ("", 0), column.first_with(",") or ("", 0)
        cause = (
            f"writes numbers in two ways: '{one}' (row {at}) has a decimal point, '{other}' (row {at_other}) a decimal"
            " comma"
        )
        raise Undecided(column.name, cause, min(at, at_other))
    first = column.first_with(None)
    if first is None:
        return "."
    if file_votes["."] != file_votes[","] and min(file_votes.values()) == 0:
        return "." if file_votes["."] else ","
    if column.whole:
        return _mark_of_counts(column, first)
    if delimiter == ",":
        return "."
    text, row = first
    cause = f"does not tell whether '{text}' (row {row}) has a decimal comma or parts thousands"
    raise Undecided(column.name, cause, row)


def _mark_of_counts(column: ColumnOfNumbers, first: tuple[str, int]) -> Mark:
    """Counts are whole: a mark before three digits parts thousands, unless other cells speak against it."""
    marks = {"," if "," in cell.text else "." for cell, _ in column.cells if cell.open}
    fractions = any(Decimal(cell.point or "0") % 1 for cell, _ in column.cells if cell.open and "." in cell.text)
    if marks == {","}:
        return "."
    if marks == {"."} and fractions and column.largest_plain < 1000:
        return ","
    if marks == {"."} and column.largest_plain >= 1000:
        return "."  # thousands are not parted here, so that the fraction is a fault of its own row
    text, row = first
    raise Undecided(column.name, f"does not tell whether '{text}' (row {row}) has decimals or parts thousands", row)


def correction(cell: Cell, mark: Mark) -> str | None:
    """What was mended in a cell, in words for the account of the import."""
    text = cell.text.strip()
    if cell.under(mark) is None:
        return None
    said = []
    if mark == "." and "," in text:
        said.append("thousands commas removed from the value")
    if mark == "," and "," in text:
        said.append("decimal comma of the value read as such")
    if mark == "," and "." in text:
        said.append("thousands points removed from the value")
    if any(space in text for space in _SPACES):
        said.append("thousands spaces removed from the value")
    if cell.rounded:
        said.append("rounded by a spreadsheet: scientific notation with three digits, the rest is lost")
    return ";".join(said) or None
