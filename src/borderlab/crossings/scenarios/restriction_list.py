"""The restrictions of a scenario file, each read and held against the others."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from borderlab.base.problems import nearest
from borderlab.base.yamlfile import line_of
from borderlab.crossings.scenarios.fields import ScenarioFields
from borderlab.crossings.scenarios.keys import SAID_FOR, WHERE_AND_WHEN
from borderlab.crossings.scenarios.period import DAY_SETS, DAYS, parse_hours
from borderlab.crossings.scenarios.restriction import KINDS, PROGRAMME, Restriction, RestrictionKind
from borderlab.crossings.scenarios.where import crossings_at, crossings_with_programme, lane_classes_of


def read_restrictions(
    fields: ScenarioFields, document: Mapping[str, Any], span: tuple[date, date] | None
) -> list[Restriction]:
    """The restrictions without faults; two that contradict each other are a fault of the later one."""
    node = document.get("restrictions")
    if node is None or node == []:
        fields.add(
            "'restrictions' is missing or empty.",
            document,
            "restrictions" if "restrictions" in document else None,
            cure="For an ordinary week use 'borderlab crossings simulate --from DATE --days 7'.",
        )
        return []
    if not isinstance(node, list):
        fields.add("'restrictions' is not a list.", document, "restrictions", cure="Begin each with '- kind: …'.")
        return []
    found = []
    for index, item in enumerate(node):
        if not isinstance(item, Mapping):
            fields.add("a restriction is not a mapping.", node, index, cure="Begin it with '- kind: close'.")
            continue
        restriction = _restriction(fields, item, line_of(node, index), span)
        if restriction is not None:
            found.append(restriction)
    for later, second in enumerate(found):
        for first in found[:later]:
            why = first.contradicts(second)
            if why:
                shared = sorted(set(first.crossings) & set(second.crossings))
                fields.problems.add(
                    f"contradicts the restriction of line {first.line}: {why}, at {_few(shared)}.",
                    line=second.line,
                    cure="Change dates, hours, lanes or places so that they do not overlap.",
                )
    return found


def _restriction(
    fields: ScenarioFields, item: Mapping[str, Any], line: int | None, span: tuple[date, date] | None
) -> Restriction | None:
    before = len(fields.problems.problems)
    kind = _kind(fields, item, line)
    known = [*WHERE_AND_WHEN, *(field.name for field in kind.fields)] if kind else None
    if known:
        fields.keys(item, known, f"'{kind.name}'" if kind else "")
    crossings = crossings_at(fields, item)
    if kind and kind.name in PROGRAMME:
        crossings = crossings_with_programme(fields, item, crossings, PROGRAMME[kind.name])
    classes = lane_classes_of(fields, item, crossings, kind)
    values = _values(fields, item, kind, line) if kind else {}
    days = _days(fields, item)
    hours = _hours(fields, item)
    ends = [fields.day(item, key) if key in item else None for key in ("from", "to")]
    first = ends[0] or (span[0] if span else None)
    last = ends[1] or (span[1] if span else None)
    if first and last and last < first:
        fields.add(f"it ends ({last}) before it begins ({first}).", item, "to" if "to" in item else "from")
    elif first and last and span and (first < span[0] or last > span[1]):
        fields.add(
            f"{first} to {last} is not inside the period {span[0]} to {span[1]}.",
            item,
            "from" if first < span[0] else "to",
            cure="Widen 'period' or change the dates.",
        )
    note = fields.words(item, "note")
    source = fields.sources(item, "source")
    if len(fields.problems.problems) > before or kind is None or first is None or last is None:
        return None
    return Restriction(
        kind=kind.name,
        crossings=crossings,
        lane_classes=classes,
        first=first,
        last=last,
        days=days,
        hours=hours,
        values=values,
        source=tuple(source),
        note_en=note[0] or None,
        note_es=note[1] or None,
        file=str(fields.path),
        line=line,
    )


def _kind(fields: ScenarioFields, item: Mapping[str, Any], line: int | None) -> RestrictionKind | None:
    name = item.get("kind")
    if name in KINDS:
        return KINDS[str(name)]
    if name is None:
        hint = next((SAID_FOR[str(key)] for key in item if SAID_FOR.get(str(key)) == "kind"), None)
        fields.problems.add("the restriction has no 'kind'.", line=line, cure=f"One of: {', '.join(KINDS)}.")
        if hint is None:
            return None
    else:
        word = SAID_FOR.get(str(name).lower())
        fields.add(
            f"there is no restriction of kind '{name}'.",
            item,
            "kind",
            did_you_mean=word if word in KINDS else nearest(str(name), KINDS),
            cure=f"Known: {', '.join(KINDS)}.",
        )
    return None


def _values(
    fields: ScenarioFields, item: Mapping[str, Any], kind: RestrictionKind, line: int | None
) -> dict[str, float]:
    names = [field.name for field in kind.fields]
    given = [name for name in names if item.get(name) is not None]
    missing = [name for name in kind.needs if name not in given]
    for name in missing:
        fields.problems.add(
            f"'{kind.name}' needs '{name}'.", line=line, cure=f"For example: '{name}: {kind.field(name).example}'."
        )
    for wanted, few in ((kind.one_of, True), (kind.any_of, False)):
        count = sum(name in given for name in wanted)
        if wanted and (count == 0 or (few and count > 1)):
            which = " or ".join(f"'{name}: {kind.field(name).example}'" for name in wanted)
            fields.problems.add(f"'{kind.name}' needs {'one' if few else 'at least one'} of {which}.", line=line)
    values = {}
    for name in given:
        field = kind.field(name)
        value = fields.quantity(item, name, field.unit, field.low, field.high, field.example)
        if value is not None:
            values[name] = value
    return values


def _days(fields: ScenarioFields, item: Mapping[str, Any]) -> tuple[int, ...]:
    if item.get("days") is None:
        return ()
    if isinstance(item["days"], str) and item["days"] in DAY_SETS:
        return DAY_SETS[item["days"]]
    chosen = fields.choice(item, "days", DAYS, "day")
    return tuple(sorted(DAYS.index(day) for day in chosen or ()))


def _hours(fields: ScenarioFields, item: Mapping[str, Any]) -> tuple[int, int] | None:
    if item.get("hours") is None:
        return None
    try:
        return parse_hours(str(item["hours"]))
    except ValueError as error:
        fields.add(f"'{item['hours']}': {error}.", item, "hours")
        return None


def _few(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
