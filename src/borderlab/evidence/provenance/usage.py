"""Which modules, measures, strategies, claims and tables lean on a name.

Links between rows, strategies and claims are read off the tables; what code reads, computes and moves is what the rooms
above declare (:mod:`borderlab.evidence.provenance.declared`). No source text is read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from borderlab.evidence.catalogue.catalogue import Entry, all_entries, rows_of, split, tables
from borderlab.evidence.provenance.declared import Declarations

_LINKS = (
    "model",
    "episodes",
    "programmes",
    "episode",
    "indicator",
    "statute_id",
    "residual_series",
    "position_of",
    "choices",
)


@dataclass(frozen=True)
class Use:
    """One thing that leans on a name.

    Attributes:
        kind: module, indicator, lever, strategy, scenario, claim, measure, table …
        name: its id, or the module's dotted name.
    """

    kind: str
    name: str


@cache
def _readers() -> dict[str, tuple[str, ...]]:
    return {row["table"]: split(row["modules"]) for _, row in rows_of("readers")}


def readers(table: str) -> tuple[str, ...]:
    """Modules that read a table (``crossings/lanes``), or the folder that it stands in, from ``readers.csv``."""
    return _readers().get(table) or _readers().get(table.split("/")[0]) or ()


@cache
def _pointers() -> dict[str, tuple[Use, ...]]:
    """For every word that a row, a strategy or a scenario points to: which of them do."""
    found: dict[str, dict[Use, None]] = {}
    for entry in all_entries():
        use = Use(entry.kind, entry.id)
        if entry.kind in ("strategy", "scenario"):
            words = set(re.findall(r"[\w.-]*\w", entry.row["text"]))
        else:
            words = {word for column in _LINKS if entry.row.get(column) for word in split(entry.row[column])}
        for word in words:
            if word != entry.id:
                found.setdefault(word, {})[use] = None
    return {word: tuple(uses) for word, uses in found.items()}


def linked(name: str) -> list[Use]:
    """Rows of tables, strategies and scenarios that point to ``name``."""
    return list(_pointers().get(name, ()))


def citing(source: str) -> list[Use]:
    """Rows of every table that rest on a source; figures without an id are named by their table."""
    found: dict[Use, None] = {}
    for entry in all_entries():
        if entry.kind == "source" and entry.id == source:
            continue
        cited = entry.sources if entry.kind != "source" else ()
        if source in cited or source in split(entry.row.get("official_source")):
            found[Use(entry.kind, entry.id)] = None
    known = {(entry.table) for entry in all_entries()}
    for table, rows in tables().items():
        if table not in known and any(source in split(row.get("source")) for _, row in rows):
            found[Use("table", table)] = None
    return list(found)


_DECLARED = ("parameter", "lever", "indicator")
"""Kinds that modules read one by one, by name; of the others they read the table."""


def used_by(entry: Entry, declarations: Declarations) -> list[Use]:
    """Everything that leans on an entry: modules, results that they give, levers, strategies, claims, tables."""
    found: dict[Use, None] = {}
    if entry.kind == "source":
        return citing(entry.id)
    declared = declarations.of(entry.kind, entry.id)
    modules = declared.modules if entry.kind in _DECLARED else readers(entry.table)
    if entry.kind == "indicator":
        modules = (*modules, *_observed(entry.id))
    for lever in declared.levers:
        found[Use("lever", lever)] = None
        found.update(dict.fromkeys(use for use in linked(lever) if use.kind == "strategy"))
    for module in dict.fromkeys(modules):
        found[Use("module", module)] = None
    for id_ in near(entry, declarations):
        found[Use("indicator", id_)] = None
    for use in linked(entry.id):
        found[use] = None
    if entry.kind == "claim":
        found[Use("essay", entry.row["source"])] = None
    return list(found)


def _observed(indicator: str) -> tuple[str, ...]:
    """The module that reads an indicator's official figures, where there are any."""
    table = "observe/indicators"
    return readers(table) if any(row["indicator"] == indicator for _, row in rows_of(table)) else ()


def near(entry: Entry, declarations: Declarations) -> list[str]:
    """What an entry moves that the modules which read it compute themselves."""
    declared = declarations.of(entry.kind, entry.id)
    return [
        id_ for id_ in declared.moves if set(declarations.of("indicator", id_).modules) & set(declared.modules)
    ]  # fmt: skip


def reaches(entry: Entry, declarations: Declarations) -> list[str]:
    """What an entry moves through other modules than those that read it."""
    direct = set(near(entry, declarations))
    return [id_ for id_ in declarations.of(entry.kind, entry.id).moves if id_ not in direct]
