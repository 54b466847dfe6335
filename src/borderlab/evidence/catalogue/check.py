"""Whether every shipped number has a source, a date and a grade, and every claim a place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from borderlab.base.problems import InputError
from borderlab.evidence.catalogue.catalogue import kind_of, split, tables
from borderlab.evidence.catalogue.figures import key_columns, value_columns

# A grade is the row's own, or what stands in for it in tables of this kind.
_GRADES = ("grade", "confidence", "reliability")
_DATES = ("date", "year", "period", "month", "season")


@dataclass(frozen=True)
class Fault:
    """One shipped number or row that says too little.

    Attributes:
        place: table and line.
        name: of the row.
        cause: what is missing.
    """

    place: str
    name: str
    cause: str

    def __str__(self) -> str:
        return f"{self.place}: {self.name}: {self.cause}"


def faults() -> list[Fault]:
    """Every fault of the shipped tables; an empty list is what a release needs."""
    found = [*_table_faults(), *_claim_faults(), *_link_faults(), *_name_faults(), *_reading_faults()]
    return sorted(set(found), key=lambda fault: fault.place)


def _reliability() -> dict[str, str]:
    return {
        row["id"]: row.get("reliability", "")
        for table, rows in tables().items()
        if table.startswith("sources/")
        for _, row in rows
    }


def _dates() -> dict[str, str]:
    return {
        row["id"]: row.get("date", "")
        for table, rows in tables().items()
        if table.startswith("sources/")
        for _, row in rows
    }


def _table_faults() -> Iterator[Fault]:
    """A row with a figure needs a known source, and a date and a grade: its own, or those of its sources."""
    reliable, dated = _reliability(), _dates()
    for table, rows in tables().items():
        if not rows:
            yield Fault(f"{table}.csv:1", table, "the table is empty")
            continue
        keys = key_columns(rows)
        has_figures = bool(value_columns(rows, keys))
        for line, row in rows:
            place, name = f"{table}.csv:{line}", ".".join(row[column] for column in keys)
            if table.startswith("sources/"):
                if not (row.get("date") and row.get("reliability") and row.get("publisher")):
                    yield Fault(place, name, "a source needs a publisher, a date and a reliability")
                continue
            cited = split(row.get("source"))
            if not cited:
                yield Fault(place, name, "no source")
            for source in cited:
                if source not in reliable:
                    yield Fault(place, name, f"unknown source '{source}'")
            if not has_figures or not cited:
                continue
            if not any(row.get(column) for column in _DATES) and not any(dated.get(source) for source in cited):
                yield Fault(place, name, "no date")
            if not any(row.get(column) for column in _GRADES) and not any(reliable.get(source) for source in cited):
                yield Fault(place, name, "no grade")


def _claim_faults() -> Iterator[Fault]:
    for table, rows in tables().items():
        if kind_of(table) != "claim":
            continue
        for line, row in rows:
            for column, cause in (
                ("place", "no place in the essay"),
                ("verdict", "no verdict"),
                ("period", "no period"),
            ):
                if not row.get(column):
                    yield Fault(f"{table}.csv:{line}", row["id"], cause)


def _link_faults() -> Iterator[Fault]:
    """Claims point to parameters, levers, indicators and episodes that exist."""
    ids: dict[str, set[str]] = {}
    for table, rows in tables().items():
        kind = kind_of(table)
        if kind and rows and "id" in rows[0][1]:
            ids.setdefault(kind, set()).update(row["id"] for _, row in rows)
    model = set().union(*(ids.get(kind, set()) for kind in ("parameter", "lever", "indicator")))
    sources = ids.get("source", set())
    for table, rows in tables().items():
        if kind_of(table) != "claim":
            continue
        for line, row in rows:
            place = f"{table}.csv:{line}"
            for word in split(row.get("model")):
                if word not in model:
                    yield Fault(place, row["id"], f"'{word}' is no parameter, lever or indicator")
            for word in split(row.get("episodes")):
                if word not in ids.get("episode", set()):
                    yield Fault(place, row["id"], f"'{word}' is no episode")
            for word in split(row.get("programmes")):
                if word not in ids.get("programme", set()):
                    yield Fault(place, row["id"], f"'{word}' is no programme")
            for word in split(row.get("official_source")):
                if word not in sources:
                    yield Fault(place, row["id"], f"unknown source '{word}'")


def _name_faults() -> Iterator[Fault]:
    """Measures of the law and episodes point to indicators and series that exist."""
    known = {
        kind: {row["id"] for table, rows in tables().items() if kind_of(table) == kind for _, row in rows}
        for kind in ("indicator", "series")
    }
    pointers = {
        "measures_6usc223": {"indicator": "indicator", "series": "series"},
        "episodes": {"residual_series": "series"},
    }
    for table, columns in pointers.items():
        for line, row in tables().get(table, ()):
            for column, kind in columns.items():
                if row.get(column) and row[column] not in known[kind]:
                    yield Fault(f"{table}.csv:{line}", row["id"], f"'{row[column]}' is no {kind}")


def _reading_faults() -> Iterator[Fault]:
    """The typed tables read without a fault: units, ranges, ids that stand once."""
    from borderlab.evidence.tables.claim import claims
    from borderlab.evidence.tables.conflict import conflicts
    from borderlab.evidence.tables.episode import episodes
    from borderlab.evidence.tables.indicator import indicators
    from borderlab.evidence.tables.leader import leaders
    from borderlab.evidence.tables.lever import levers
    from borderlab.evidence.tables.parameter import parameters
    from borderlab.evidence.tables.programme import programmes
    from borderlab.evidence.tables.source import sources
    from borderlab.evidence.tables.statute import statutory_measures

    for read in (
        sources, parameters, levers, indicators, claims, conflicts, episodes, leaders, programmes, statutory_measures,
    ):  # fmt: skip
        try:
            read()
        except InputError as error:
            for problem in error.problems:
                yield Fault(f"{problem.file}:{problem.line}", read.__name__, problem.cause)
        except ValueError as error:
            yield Fault(read.__name__, read.__name__, str(error))


def counted() -> dict[str, int]:
    """How many rows of each kind were checked, and how many figures."""
    found: dict[str, int] = {}
    figures = 0
    for table, rows in tables().items():
        if not rows:
            continue
        kind = kind_of(table) or "other rows"
        found[kind] = found.get(kind, 0) + len(rows)
        columns = value_columns(rows, key_columns(rows))
        figures += sum(bool(row.get(column)) for _, row in rows for column in columns)
    return {**dict(sorted(found.items())), "figures": figures}
