"""Tables that a user lays over the shipped ones: rows of the same id take the place of shipped rows, others come after.

What is laid holds for the whole process. Rows are data, checked like shipped ones; nothing in them is ever run.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from borderlab.base.identity import hash_of
from borderlab.base.inputfile import kind_of, read_text
from borderlab.base.problems import InputError, Problem, nearest

OPEN = ("parameters/model", "parameters/structure", "parameters/levers", "levers", "indicators", "sources",
        "explore/measures")  # fmt: skip
"""Tables, and folders of tables, that may be laid over. Crossings and their surfaces are fitted to their tables, and
history is the same for everybody: those may not."""
_MOST_BYTES = 5_000_000


@dataclass(frozen=True)
class LaidRow:
    """One row: its cells by column, and where it stands."""

    cells: Mapping[str, str]
    file: str
    line: int


@dataclass(frozen=True, eq=False)
class Layer:
    """Rows by table, like ``levers/mine``, in order."""

    tables: Mapping[str, tuple[LaidRow, ...]]

    @property
    def content(self) -> dict[str, str]:
        """Table → hash of its rows."""
        return {name: hash_of([dict(row.cells) for row in rows]) for name, rows in self.tables.items()}


_LAYERS: list[Layer] = []


def layers() -> tuple[Layer, ...]:
    """What is laid now, the first one first."""
    return tuple(_LAYERS)


def content() -> dict[str, str]:
    """Table → hash of what is laid over it, for identities."""
    found: dict[str, list[str]] = {}
    for layer in _LAYERS:
        for name, one in layer.content.items():
            found.setdefault(name, []).append(one)
    return {name: parts[0] if len(parts) == 1 else hash_of(parts) for name, parts in found.items()}


def put(layer: Layer) -> None:
    """Lay one more layer. Whoever does it makes everything that was read from tables be read again."""
    _LAYERS.append(layer)


def take(layer: Layer) -> None:
    """Take a layer away; nothing if it is not there."""
    if layer in _LAYERS:
        _LAYERS.remove(layer)


def rows_laid(name: str) -> Iterator[LaidRow]:
    """Rows laid over a table, or over any table of a folder."""
    for layer in _LAYERS:
        for table, rows in layer.tables.items():
            if table == name or table.startswith(f"{name}/"):
                yield from rows


def layer_of(tables: Mapping[str, Iterable[Mapping[str, object]]]) -> Layer:
    """A layer from rows in memory.

    Raises:
        InputError: with every table that may not be laid over, and every row without an id.
    """
    problems: list[Problem] = []
    made: dict[str, tuple[LaidRow, ...]] = {}
    for name, records in tables.items():
        rows = [LaidRow({str(key): _cell(value) for key, value in one.items()}, name, place)
                for place, one in enumerate(records, start=1)]  # fmt: skip
        problems += [*_closed(name, name), *_nameless(rows)]
        made[name] = tuple(rows)
    if problems:
        raise InputError(problems)
    return Layer(made)


def layer_in(folder: str | Path) -> Layer:
    """A layer from the CSV files of a folder, which has the shape of ``reference/``.

    Raises:
        InputError: no such folder, nothing in it, a file that cannot be read, a table that may not be laid over.
    """
    home = Path(folder)
    if kind_of(home) != "folder":
        raise InputError(Problem("is no folder of tables.", str(folder)))
    problems: list[Problem] = []
    made: dict[str, tuple[LaidRow, ...]] = {}
    for path in sorted(home.rglob("*.csv")):
        name = path.relative_to(home).with_suffix("").as_posix()
        closed = _closed(name, str(path))
        problems += closed
        if not closed:
            rows = list(_read(path))
            problems += _nameless(rows)
            made[name] = tuple(rows)
    if not made and not problems:
        problems.append(Problem("holds no tables.", str(folder), cure=f"Put CSV files there, like {OPEN[2]}.csv."))
    if problems:
        raise InputError(problems)
    return Layer(made)


def _read(path: Path) -> Iterator[LaidRow]:
    lines = list(enumerate(io.StringIO(read_text(path, most=_MOST_BYTES)), start=1))
    kept = [(number, line) for number, line in lines if line.strip() and not line.lstrip().startswith("#")]
    reader = csv.DictReader(line for _, line in kept)
    for (number, _), record in zip(kept[1:], reader, strict=False):
        if None in record or None in record.values():
            raise InputError(Problem("the row has another number of cells than the header.", str(path), number))
        yield LaidRow({name: value.strip() for name, value in record.items()}, str(path), number)


def _closed(name: str, place: str) -> list[Problem]:
    if any(name == one or name.startswith(f"{one}/") for one in OPEN):
        return []
    cure = f"These may: {', '.join(OPEN)}."
    return [Problem("this table may not be laid over.", place, did_you_mean=nearest(name, OPEN), cure=cure)]


def _nameless(rows: Iterable[LaidRow]) -> list[Problem]:
    return [Problem("the row has no id.", row.file, row.line) for row in rows if not row.cells.get("id")]


def _cell(value: object) -> str:
    """
    >>> _cell(0.5), _cell(None), _cell(["a", "b"]), _cell(True)
    ('0.5', '', 'a;b', 'yes')
    """
    if value is None or value != value:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ";".join(map(str, value))
    return str(value)
