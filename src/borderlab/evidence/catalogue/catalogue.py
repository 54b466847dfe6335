"""Everything that has a name: sources, claims, parameters, levers, indicators, episodes, programmes, crossings, files.

Read as plain text, without checking each cell, so that ``why`` and ``evidence search`` answer at once. The checked
rows of the same tables are what the model reads; ``evidence check`` holds both to the rules.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import borderlab.reference
from borderlab.evidence.tables.laid import layers, rows_laid

ROOT = Path(next(iter(borderlab.reference.__path__)))

# Table or folder below reference/ -> kind of thing that a row is.
KINDS = {
    "sources": "source",
    "claims": "claim",
    "essays": "essay",
    "parameters": "parameter",
    "levers": "lever",
    "indicators": "indicator",
    "measures_6usc223": "measure",
    "programmes": "programme",
    "episodes": "episode",
    "conflicts": "conflict",
    "leaders": "leader",
    "sectors": "sector",
    "crossings/places": "crossing",
    "model/facts": "fact",
    "observe/series": "series",
    "observe/datasets": "dataset",
}
_FILES = {"strategies": "strategy", "scenarios": "scenario"}
_TITLES = ("name", "title", "topic", "counts", "meaning", "thesis")


@dataclass(frozen=True)
class Entry:
    """One thing with a name.

    Attributes:
        id: its name.
        kind: source, claim, parameter, lever, indicator, measure, episode, programme, conflict, leader, sector,
            crossing, strategy, rule, scenario, fact, series, dataset.
        row: the cells of its row by column (for a file: ``id``, ``title_en``, ``title_es``, ``source``, ``text``).
        table: the table it stands in, like ``parameters/model``.
        line: the line in that table, from 1.
    """

    id: str
    kind: str
    row: dict[str, str] = field(hash=False)
    table: str
    line: int

    def title(self, lang: str = "en") -> str:
        """What it is called, or what it means, in ``lang``."""
        for stem in _TITLES:
            found = self.row.get(f"{stem}_{lang}") or self.row.get(stem)
            if found:
                return found
        return self.id

    @property
    def sources(self) -> tuple[str, ...]:
        """Source ids of the row (of a source: itself)."""
        return (self.id,) if self.kind == "source" else split(self.row.get("source", ""))


def split(cell: str | None) -> tuple[str, ...]:
    """The parts of a cell that holds several, divided by ``;``."""
    return tuple(part.strip() for part in (cell or "").split(";") if part.strip())


def raw_rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Line number and cells of every row of a CSV table; ``#`` lines are left out."""
    with path.open(encoding="utf-8", newline="") as handle:
        lines = [(n, line) for n, line in enumerate(handle, 1) if line.strip() and line[0] != "#"]
    reader = csv.reader(line for _, line in lines)
    header = next(reader, [])
    for (number, _), cells in zip(lines[1:], reader, strict=False):
        yield number, dict(zip(header, map(str.strip, cells), strict=False))


def table_name(path: Path) -> str:
    """``parameters/model`` for the file of that table."""
    return path.relative_to(ROOT).with_suffix("").as_posix()


@cache
def _files_by_name() -> dict[str, Path]:
    return {table_name(path): path for path in sorted(ROOT.rglob("*.csv"))}


def _table_names() -> tuple[str, ...]:
    """Shipped tables, then those that a user has laid beside them."""
    laid = (name for layer in layers() for name in layer.tables)
    return tuple(dict.fromkeys([*_files_by_name(), *laid]))


@cache
def rows_of(table: str) -> tuple[tuple[int, dict[str, str]], ...]:
    """Line numbers and cells of one table; empty if there is no such table."""
    path = _files_by_name().get(table)
    shipped = tuple(raw_rows(path)) if path else ()
    own = {row.cells["id"]: (row.line, dict(row.cells)) for row in rows_laid(table)}
    if not own:
        return shipped
    kept = [own.pop(cells.get("id", ""), (line, cells)) for line, cells in shipped]
    return (*kept, *own.values())


@cache
def tables() -> dict[str, tuple[tuple[int, dict[str, str]], ...]]:
    """Every shipped CSV table by name: line numbers and cells."""
    return {table: rows_of(table) for table in _table_names()}


def kind_of(table: str) -> str | None:
    """What a row of this table is, or None if its rows are plain figures."""
    return KINDS.get(table) or KINDS.get(table.split("/")[0])


@cache
def entries() -> dict[str, tuple[Entry, ...]]:
    """Everything by name; a name may stand for several kinds (an essay is a source and a strategy's author)."""
    found: dict[str, list[Entry]] = {}
    for table in _table_names():
        kind = kind_of(table)
        rows = rows_of(table) if kind else ()
        if kind is not None and rows and "id" in rows[0][1]:
            for line, row in rows:
                found.setdefault(row["id"], []).append(Entry(row["id"], kind, row, table, line))
    for folder, kind in _FILES.items():
        for path in sorted((ROOT / folder).glob("*.y*ml")):
            whole = _file_entry(path, kind)
            found.setdefault(path.stem, []).append(whole)
            if kind == "strategy":
                for rule in _rule_entries(path, whole):
                    found.setdefault(rule.id, []).append(rule)
    return {name: tuple(things) for name, things in found.items()}


def all_entries() -> Iterator[Entry]:
    """Everything that has a name, in the order of the tables."""
    for things in entries().values():
        yield from things


@cache
def _source_ids() -> frozenset[str]:
    return frozenset(
        row["id"] for table in _files_by_name() if table.startswith("sources/") for _, row in rows_of(table)
    )


def _file_entry(path: Path, kind: str) -> Entry:
    """A strategy or scenario file, by a light reading of its first words (the room that runs it checks it)."""
    text = path.read_text(encoding="utf-8")
    titles = re.search(r"^title:\s*\{\s*en:\s*(.+?),\s*es:\s*(.+?)\s*\}\s*$", text, re.M)
    block = re.search(r"^title:\s*\n\s+en:\s*(.+?)\s*\n\s+es:\s*(.+?)\s*$", text, re.M)
    words = titles or block
    known = _source_ids()
    cited = [word for word in re.findall(r"[a-z0-9][a-z0-9.-]+", text) if word in known]
    row = {
        "id": path.stem,
        "title_en": words[1].strip("'\" ") if words else path.stem,
        "title_es": words[2].strip("'\" ") if words else path.stem,
        "source": ";".join(dict.fromkeys(cited)),
        "text": text,
    }
    return Entry(path.stem, kind, row, f"{path.parent.name}/{path.stem}", 1)


def _rule_entries(path: Path, whole: Entry) -> Iterator[Entry]:
    """The rules of a strategy file, by the same light reading; each carries its own lines as text."""
    lines = whole.row["text"].splitlines()
    starts = [n for n, line in enumerate(lines) if re.match(r"\s*- id: \S+\s*$", line)]
    for start, end in zip(starts, (*starts[1:], len(lines)), strict=False):
        text = "\n".join(lines[start:end])
        titles = re.search(r"title:\s*\{\s*en:\s*(.+?),\s*es:\s*(.+?)\s*\}", text)
        essay = re.search(r"source:\s*([\w-]+)", text)
        row = {
            "id": lines[start].split(":", 1)[1].strip(),
            "title_en": titles[1].strip("'\" ") if titles else "",
            "title_es": titles[2].strip("'\" ") if titles else "",
            "source": essay[1] if essay and essay[1] in _source_ids() else whole.row["source"],
            "text": text,
        }
        yield Entry(row["id"], "rule", row, f"{path.parent.name}/{path.stem}", start + 1)


def known_kinds() -> frozenset[str]:
    """Every kind of thing that has a name."""
    return frozenset((*KINDS.values(), *_FILES.values(), "rule"))
