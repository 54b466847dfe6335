"""A name for every number of the shipped tables: ``crossings.lanes.world-trade.commercial-standard.booths``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from borderlab.evidence.catalogue.catalogue import tables

_NEVER = {"date", "line", "lat", "lon", "demand_size"}


@dataclass(frozen=True)
class Figure:
    """One number of one table.

    Attributes:
        name: table, key and column, with dots.
        value: the number.
        column: the column it stands in.
        row: the whole row.
        table, line: where it stands.
        siblings: names of the other numbers of the row.
    """

    name: str
    value: float
    column: str
    row: dict[str, str]
    table: str
    line: int
    siblings: tuple[str, ...]


def as_number(cell: str) -> float | None:
    """The number a cell holds, or None."""
    try:
        return float(cell)
    except ValueError:
        return None


def key_columns(rows: tuple[tuple[int, dict[str, str]], ...]) -> tuple[str, ...]:
    """The columns that name a row: ``id``, or the first columns that no two rows share."""
    columns = list(rows[0][1])
    if "id" in columns:
        return ("id",)
    for count in range(1, len(columns) + 1):
        keys = {tuple(row[column] for column in columns[:count]) for _, row in rows}
        if len(keys) == len(rows):
            return tuple(columns[:count])
    return tuple(columns)


def value_columns(rows: tuple[tuple[int, dict[str, str]], ...], keys: tuple[str, ...]) -> tuple[str, ...]:
    """The columns whose every filled cell is a number."""
    found = []
    for column in rows[0][1]:
        if column in keys or column in _NEVER:
            continue
        cells = [row[column] for _, row in rows if row.get(column)]
        if cells and all(as_number(cell) is not None for cell in cells):
            found.append(column)
    return tuple(found)


def figures(prefix: str = "") -> Iterator[Figure]:
    """Every number of every table whose table or row name fits ``prefix`` (a table, a key or a full name)."""
    for table, rows in tables().items():
        if not rows:
            continue
        dotted = table.replace("/", ".")
        keys = key_columns(rows)
        columns = value_columns(rows, keys)
        for line, row in rows:
            key = ".".join(row[column] for column in keys if row[column])
            for base in (key, f"{dotted}.{key}", f"{dotted.rsplit('.', 1)[-1]}.{key}"):
                if prefix and not (prefix == base or prefix.startswith(base + ".") or base.startswith(prefix + ".")):
                    continue
                filled = [column for column in columns if row.get(column)]
                names = tuple(f"{base}.{column}" for column in filled)
                for column, name in zip(filled, names, strict=True):
                    yield Figure(name, float(row[column]), column, row, table, line, names)
                break


def find_figures(name: str) -> list[Figure]:
    """The numbers that ``name`` stands for: one cell, or all numbers of a row or of a table."""
    found = list(figures(name))
    exact = [figure for figure in found if figure.name == name]
    return exact or [figure for figure in found if figure.name.startswith(name + ".")]
