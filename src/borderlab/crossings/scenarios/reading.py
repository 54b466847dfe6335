"""Reads a scenario file strictly: every fault is told, with its line, its cause and the nearest right word."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from borderlab.base.inputfile import read_text
from borderlab.base.problems import InputError, Problem
from borderlab.base.yamlfile import MAX_BYTES, parse_yaml
from borderlab.crossings.border.places import check_period
from borderlab.crossings.scenarios.fields import ScenarioFields
from borderlab.crossings.scenarios.keys import SCHEMA, TOP
from borderlab.crossings.scenarios.own_figures import read_counted, read_volumes
from borderlab.crossings.scenarios.restriction_list import read_restrictions
from borderlab.crossings.scenarios.scenario import MAX_DAYS, Scenario

FIRST_OWN, LAST_OWN = date(1960, 1, 1), date(2030, 12, 31)


def read_scenario(path: str | Path) -> Scenario:
    """Read and check one scenario file.

    Raises:
        InputError: with every fault of the file.
    """
    path = Path(path)
    text = read_text(path, most=MAX_BYTES)
    try:
        document = parse_yaml(text, str(path))
    except InputError as error:
        raise _with_line_of_bad_date(error, path, text) from None
    return _scenario(ScenarioFields(path), document, text)


def _with_line_of_bad_date(error: InputError, path: Path, text: str) -> InputError:
    """YAML itself refuses 2022-04-31, without saying where. Say where."""
    if (
        len(error.problems) != 1
        or error.problems[0].line is not None
        or "not valid YAML" not in error.problems[0].cause
    ):
        return error
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        for word in re.findall(r"\b\d{4}-\d{2}-\d{2}\b", line):
            try:
                date.fromisoformat(word)
            except ValueError:
                found.append(Problem(f"there is no day {word}.", str(path), number, "Write year-month-day."))
    return InputError(found) if found else error


def _scenario(fields: ScenarioFields, doc: Mapping[str, Any], text: str) -> Scenario:
    # The scenario, or an InputError with every fault.
    fields.keys(doc, TOP, "a scenario")
    if "schema" in doc and doc["schema"] != SCHEMA:
        fields.add(f"the schema '{doc['schema']}' is not known.", doc, "schema", cure=f"Write 'schema: {SCHEMA}'.")
    title = fields.words(doc, "title", needed=True)
    gist = fields.words(doc, "gist")
    span = _period(fields, doc)
    volumes = read_volumes(fields, doc)
    if span and volumes is not None:
        _check_dates(fields, doc, span, bool(volumes))
    restrictions = read_restrictions(fields, doc, span)
    name = doc.get("id", fields.path.stem)
    if not isinstance(name, str) or not re.fullmatch(r"[a-z0-9][a-z0-9-]*", name):
        if "id" in doc:
            fields.add("id is not a word of small letters, digits and hyphens.", doc, "id")
        name = re.sub(r"[^a-z0-9]+", "-", str(name).lower()).strip("-") or "scenario"
    notes = fields.remarks(doc, "assumptions", ())
    observed = fields.remarks(doc, "observed", ("source",))
    counted = read_counted(fields, doc)
    bounds = fields.remarks(doc, "upper_bounds", ("usd", "source"))
    sources = fields.sources(doc, "sources")
    fields.problems.raise_if_any()
    assert span is not None
    return Scenario(
        id=name,
        title_en=title[0],
        title_es=title[1],
        gist_en=gist[0],
        gist_es=gist[1],
        first=span[0],
        last=span[1],
        volumes=tuple(volumes or ()),
        restrictions=tuple(restrictions),
        sources=tuple(sources),
        assumptions=tuple((note["en"], note["es"]) for note in notes),
        observed=tuple((note["en"], note["es"], note["source"]) for note in observed),
        counted=tuple(counted),
        upper_bounds=tuple((note["en"], note["es"], note["usd"], note["source"]) for note in bounds),
        text=text,
    )


def _period(fields: ScenarioFields, document: Mapping[str, Any]) -> tuple[date, date] | None:
    node = document.get("period")
    if node is None:
        fields.add("'period' is missing.", document, cure="Add 'period: {from: 2022-04-08, to: 2022-04-15}'.")
        return None
    if not isinstance(node, Mapping):
        fields.add("'period' is not {from: …, to: …}.", document, "period", cure="Write two dates.")
        return None
    fields.keys(node, ("from", "to"), "'period'")
    absent = [key for key in ("from", "to") if key not in node]
    for key in absent:
        fields.add(f"'period' has no '{key}'.", document, "period")
    ends = [fields.day(node, key) for key in ("from", "to") if key in node]
    if absent or None in ends:
        return None
    first, last = ends
    assert first is not None
    assert last is not None
    if last < first:
        fields.add(f"the period ends ({last}) before it begins ({first}).", node, "to")
        return None
    if (last - first).days >= MAX_DAYS:
        fields.add(f"the period has {(last - first).days + 1} days; at most {MAX_DAYS} are simulated.", node, "to")
        return None
    return first, last


def _check_dates(
    fields: ScenarioFields, document: Mapping[str, Any], span: tuple[date, date], own_volumes: bool
) -> None:
    node = document["period"]
    if own_volumes:
        if span[0] < FIRST_OWN or span[1] > LAST_OWN:
            fields.add(f"the period lies outside {FIRST_OWN} … {LAST_OWN}.", node, "from")
        return
    try:
        check_period(*span)
    except InputError as error:
        for problem in error.problems:
            fields.add(
                problem.cause, node, "from", cure=problem.cure or "Give 'volumes' with a source for other years."
            )
