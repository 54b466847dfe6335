"""Where a number comes from, and what leans on it."""

from __future__ import annotations

from typing import Any

from borderlab.base.problems import InputError, Problem, nearest
from borderlab.evidence.catalogue.catalogue import Entry, entries, rows_of, split, tables
from borderlab.evidence.catalogue.figures import Figure, as_number, figures, find_figures
from borderlab.evidence.provenance.answer import Answer
from borderlab.evidence.provenance.computed import result_answer
from borderlab.evidence.provenance.declared import UNDECLARED, Declarations
from borderlab.evidence.provenance.usage import Use, reaches, readers, used_by

# When one name stands for several kinds, the first of these answers.
_ORDER = (
    "parameter", "lever", "indicator", "measure", "crossing", "episode", "programme", "claim", "strategy", "scenario",
    "rule", "fact", "conflict", "sector", "leader", "series", "dataset", "source", "essay",
)  # fmt: skip
_GRADES = {"H": "measured", "M": "estimated", "L": "judged", "J": "judged"}


def why(name: str, declarations: Declarations = UNDECLARED) -> Answer:
    """Where ``name`` comes from: a parameter, lever, indicator, claim, crossing, episode, figure of a table, result …

    Args:
        name: of the thing.
        declarations: what the rooms above declare: modules that read or compute it, what it moves and what moves it.

    Raises:
        InputError: nothing has that name; says the nearest that does.
    """
    name = name.strip()
    found = entries().get(name)
    if found:
        return _of_entry(min(found, key=lambda entry: _ORDER.index(entry.kind)), declarations)
    cell = _of_topic(name) or _of_cell(name, declarations)
    if cell:
        return cell
    numbers = find_figures(name)
    if numbers:
        return _of_figures(name, numbers)
    result = result_answer(name, declarations)
    if result:
        return result
    raise InputError(
        Problem(
            f"nothing is called '{name}'.",
            did_you_mean=_nearest(name),
            cure="'borderlab evidence search WORDS' finds names.",
        )
    )


def _nearest(name: str) -> str | None:
    known = list(entries())
    folded = {one.casefold(): one for one in known}
    if name.casefold() in folded:
        return folded[name.casefold()]
    return nearest(name, known) or nearest(name, {figure.name for figure in figures()})


def _number_or_text(cell: str) -> Any:
    number = as_number(cell)
    return cell if number is None else number


def _of_entry(entry: Entry, declarations: Declarations) -> Answer:
    value, range_, unit, note = _figure_of(entry)
    declared = declarations.of(entry.kind, entry.id)
    computed = declarations.of("indicator", entry.id)  # a lever may have the name of what measures it
    return Answer(
        name=entry.id,
        kind=entry.kind if not _is_switch(entry) else "switch",
        meaning_en=entry.title("en"),
        meaning_es=entry.title("es"),
        value=value,
        range=range_,
        unit=unit,
        grade=_grade(entry),
        date=entry.row.get("date") or None,
        sources=_sources(entry),
        used=tuple(used_by(entry, declarations)),
        reached=tuple(reaches(entry, declarations)),
        moves=declared.moves,
        moves_directly=declared.moves_directly,
        computed_by=computed.modules,
        moved_by=computed.moved_by,
        note=note,
        place=f"{entry.table}.yaml:{entry.line}"
        if entry.kind in ("strategy", "scenario", "rule")
        else f"{entry.table}.csv:{entry.line}",
    )


def _is_switch(entry: Entry) -> bool:
    return entry.kind == "parameter" and entry.row.get("distribution") == "choice"


def _sources(entry: Entry) -> tuple[str, ...]:
    official = split(entry.row.get("official_source")) if entry.kind == "claim" else ()
    return tuple(dict.fromkeys((*entry.sources, *official)))


def _grade(entry: Entry) -> str | None:
    given = entry.row.get("grade") or None
    if given:
        return given
    if entry.kind == "claim":
        return "stated"
    confidence = entry.row.get("confidence") or entry.row.get("reliability") or ""
    return _GRADES.get(confidence)


def _bounds(row: dict[str, str]) -> list[Any] | None:
    low, high = row.get("low", ""), row.get("high", "")
    return [as_number(low), as_number(high)] if low or high else None


def _figure_of(entry: Entry) -> tuple[Any, list[Any] | None, str | None, str | None]:
    """Value, range, unit and note of an entry, as its kind has them."""
    row = entry.row
    note = row.get("note") or row.get("official_note_en") or row.get("limitation") or row.get("limitation_en") or None
    unit = row.get("unit") or None
    if _is_switch(entry):
        return row["default"], [part.split(":")[0].strip() for part in split(row.get("choices"))], "switch", note
    if entry.kind in ("parameter", "lever"):
        return _number_or_text(row.get("default", "")), _bounds(row), unit, note
    if entry.kind in ("claim", "conflict"):
        return as_number(row.get("value", "")), _bounds(row), unit, note
    if entry.kind == "fact":
        return as_number(row.get("observed", "")), _bounds(row), unit, note
    if entry.kind in ("episode", "programme", "crossing"):
        named = [{"name": figure.name, "value": figure.value} for figure in find_figures(entry.id)]
        return named or None, None, None, note
    return None, None, unit, note


def _of_topic(name: str) -> Answer | None:
    """A topic on which sources differ: every value of it."""
    values = [row for _, row in rows_of("conflicts") if row["topic"] == name]
    if not values:
        return None
    units = dict.fromkeys(row["unit"] for row in values)
    return Answer(
        name=name,
        kind="conflict",
        meaning_en=values[0]["topic_en"],
        meaning_es=values[0]["topic_es"],
        value=[
            {
                "name": row["id"],
                "value": as_number(row["value"]),
                "range": _bounds(row),
                "counts": row["counts_en"],
                "used": row["used"] == "yes",
            }
            for row in values
        ],
        range=None,
        unit=next(iter(units)) if len(units) == 1 else None,
        grade=None,
        date=max(row["date"] for row in values),
        sources=tuple(dict.fromkeys(source for row in values for source in split(row["source"]))),
        used=(),
        reached=(),
        note=next((row["note_en"] for row in values if row["note_en"]), None),
        place="conflicts.csv",
    )


def _of_cell(name: str, declarations: Declarations) -> Answer | None:
    """One cell of a row that has an id: ``tariff-2019.days_to_concession``."""
    head, _, column = name.rpartition(".")
    for entry in sorted(entries().get(head, ()), key=lambda entry: _ORDER.index(entry.kind)):
        if entry.row.get(column) and entry.kind not in ("strategy", "scenario"):
            sources = split(entry.row.get("official_source")) if column.startswith("official") else ()
            return Answer(
                name=name,
                kind=f"{entry.kind} figure",
                meaning_en=f"{entry.title('en')}: {column}",
                meaning_es=f"{entry.title('es')}: {column}",
                value=_number_or_text(entry.row[column]),
                range=None,
                unit=_unit_of(entry.row, column),
                grade=_grade(entry),
                date=entry.row.get("date") or None,
                sources=sources or entry.sources,
                used=tuple(used_by(entry, declarations)),
                reached=(),
                note=entry.row.get("note") or None,
                place=f"{entry.table}.csv:{entry.line}",
            )
    return None


_UNITS = {
    "usd": "USD", "min": "min", "km": "km", "days": "day", "booths": "booths", "usual": "booths", "entries": "entries",
    "share": "share", "opens": "hour of day", "closes": "hour of day", "year": "year",
}  # fmt: skip


def _unit_of(row: dict[str, str], column: str) -> str | None:
    """The unit of a cell: the row's own, else what the column's name ends with."""
    if column.startswith("official"):
        return row.get("official_unit") or row.get("unit") or None
    if column in ("value", "low", "high", "default", "observed", "threshold"):
        return row.get("unit") or None
    if f"{column}_unit" in row:
        return row[f"{column}_unit"] or None
    for part in reversed(column.split("_")):
        if part in _UNITS:
            return _UNITS[part]
    return row.get("unit") or None


def _of_figures(name: str, found: list[Figure]) -> Answer:
    """Numbers of tables that are no named things: lanes, tolls, monthly counts …"""
    first = found[0]
    one = len(found) == 1
    sources = dict.fromkeys(source for figure in found for source in split(figure.row.get("source")))
    grades = dict.fromkeys(figure.row.get("grade") or "" for figure in found)
    table_uses = [Use("module", module) for module in readers(first.table)]
    return Answer(
        name=name,
        kind="figure" if one else "figures",
        meaning_en=f"{first.column} of table {first.table}" if one else f"{len(found)} numbers of table {first.table}",
        meaning_es=f"{first.column} de la tabla {first.table}" if one else f"{len(found)} cifras de {first.table}",
        value=first.value if one else [{"name": figure.name, "value": figure.value} for figure in found[:200]],
        range=_bounds(first.row) if one else None,
        unit=_unit_of(first.row, first.column) if one else None,
        grade=next(iter(grades)) or None if len(grades) == 1 else None,
        date=first.row.get("date") or first.row.get("year") or None,
        sources=tuple(sources),
        used=tuple(table_uses),
        reached=(),
        note=first.row.get("note") or None,
        place=f"{first.table}.csv:{first.line}",
    )


def names() -> list[str]:
    """Every name that :func:`why` answers, without the single cells of the tables."""
    return [*entries(), *(table.replace("/", ".") for table in tables())]
