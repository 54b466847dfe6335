"""Reading of the shipped reference tables into checked, frozen rows."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

import borderlab.reference
from borderlab.base.problems import InputError, Problem, ProblemList
from borderlab.evidence.tables.laid import rows_laid

REFERENCE = Path(next(iter(borderlab.reference.__path__)))


class Row(BaseModel):
    """A row of a reference table. Frozen; an unknown column is an error; an empty cell is None."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class SourcedRow(Row):
    """A row that says where its figures come from. ``source`` holds one or more source ids, split by ``;``."""

    source: str

    @property
    def sources(self) -> tuple[str, ...]:
        """The source ids of the row."""
        return tuple(part.strip() for part in self.source.split(";") if part.strip())


R = TypeVar("R", bound=Row)


def read_rows(path: Path, model: type[R]) -> tuple[R, ...]:
    """Read a CSV table (UTF-8, one header line, ``#`` comment lines allowed) into rows of ``model``.

    Raises:
        InputError: with every faulty row of the table, by line.
    """
    problems = ProblemList(path.name)
    rows: list[R] = []
    with path.open(encoding="utf-8", newline="") as handle:
        lines = list(enumerate(handle, start=1))
    kept = [(number, line) for number, line in lines if line.strip() and not line.lstrip().startswith("#")]
    reader = csv.DictReader(line for _, line in kept)
    for (number, _), record in zip(kept[1:], reader, strict=False):
        if None in record or None in record.values():
            problems.add(f"the row has another number of cells than the header ({len(record)}).", line=number)
            continue
        cells = {name: (value.strip() or None) for name, value in record.items()}
        try:
            rows.append(model.model_validate(cells))
        except ValidationError as error:
            for fault in error.errors():
                column = ".".join(str(part) for part in fault["loc"])
                problems.add(f"{column}: {fault['msg']} (cell: {cells.get(column)!r}).", line=number)
    problems.raise_if_any()
    return tuple(rows)


@cache
def table(name: str, model: type[R]) -> tuple[R, ...]:
    """The rows of a shipped table. ``name`` is a path below ``reference/`` without ending, like ``"crossings/places"``.

    If ``name`` is a folder, the rows of all CSV files in it are read together. Rows that a user has laid over the table
    take the place of those of the same id, or come after.
    """
    path = REFERENCE / name
    files = sorted(path.glob("*.csv")) if path.is_dir() else [path.with_name(path.name + ".csv")]
    shipped = tuple(row for file in files for row in read_rows(file, model))
    laid = _laid(name, model)
    if not laid:
        return shipped
    own = {str(row.id): row for row in laid}  # type: ignore[attr-defined]
    known = {str(row.id) for row in shipped}  # type: ignore[attr-defined]
    kept = [own.get(str(row.id), row) for row in shipped]  # type: ignore[attr-defined]
    return (*kept, *(row for id_, row in own.items() if id_ not in known))


def _laid(name: str, model: type[R]) -> list[R]:
    problems: list[Problem] = []
    found: list[R] = []
    for row in rows_laid(name):
        cells = {column: cell or None for column, cell in row.cells.items()}
        try:
            found.append(model.model_validate(cells))
        except ValidationError as error:
            for fault in error.errors():
                column = ".".join(str(part) for part in fault["loc"])
                cause = f"{column}: {fault['msg']} (cell: {cells.get(column)!r})."
                problems.append(Problem(cause, row.file, row.line))
    if problems:
        raise InputError(problems)
    return found


class Named(Protocol):
    """A row that has a name of its own."""

    @property
    def id(self) -> str:
        """The name."""


N = TypeVar("N", bound=Named)


def by_id(rows: Iterable[N], what: str) -> dict[str, N]:
    """The rows by id, in their order; ``what`` they are, for the message.

    Raises:
        ValueError: an id stands twice.
    """
    found: dict[str, N] = {}
    for row in rows:
        if row.id in found:
            raise ValueError(f"{what} '{row.id}' stands twice in the reference tables")
        found[row.id] = row
    return found


def table_files() -> Iterator[Path]:
    """Every shipped CSV table."""
    return iter(sorted(REFERENCE.rglob("*.csv")))


__all__ = ["REFERENCE", "InputError", "Row", "SourcedRow", "by_id", "read_rows", "table", "table_files"]
