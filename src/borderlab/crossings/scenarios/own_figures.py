"""Figures that a scenario file brings: traffic of its own time, and published changes to set beside the simulated."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from borderlab.base.problems import nearest
from borderlab.crossings.border.places import MODES, ports
from borderlab.crossings.scenarios.fields import ScenarioFields
from borderlab.crossings.scenarios.scenario import Counted, OwnVolume
from borderlab.crossings.scenarios.where import crossings_at


def read_volumes(fields: ScenarioFields, document: Mapping[str, Any]) -> list[OwnVolume] | None:
    """Traffic of the scenario's own time; None if it has faults."""
    node = document.get("volumes")
    if node is None:
        return []
    if not isinstance(node, list) or not node:
        fields.add("'volumes' is not a list.", document, "volumes", cure="Begin each item with '- at: …'.")
        return None
    before = len(fields.problems.problems)
    found: list[OwnVolume] = []
    for index, item in enumerate(node):
        if not isinstance(item, Mapping):
            fields.add("a volume is not {at, mode, entries, source}.", node, index)
            continue
        fields.keys(item, ("at", "mode", "entries", "booths", "time", "source"), "a volume")
        for key in ("mode", "entries", "source"):
            if key not in item:
                fields.add(f"the volume has no '{key}'.", node, index)
        places = crossings_at(fields, item)
        modes = fields.choice(item, "mode", MODES, "mode") or ()
        if len(places) > 1:
            fields.add("a volume is for one crossing; this place has several.", item, "at")
        if not places or len(modes) != 1 or "entries" not in item:
            continue
        amount = fields.quantity(item, "entries", f"{modes[0]}/day", 1, 500_000, f"31000 {modes[0]}s/day")
        more = {
            key: fields.quantity(item, key, unit, low, high, example)
            for key, unit, low, high, example in (
                ("booths", "booth", 1, 80, "24 booths"),
                ("time", "minute", 0.05, 240, "34 s"),
            )
            if key in item
        }
        if amount is not None and None not in more.values():
            found.append(
                OwnVolume(
                    crossing=places[0],
                    mode=modes[0],
                    per_day=amount,
                    booths=more.get("booths"),
                    service_min=more.get("time"),
                    source=tuple(fields.sources(item, "source")),
                )
            )
    return found if len(fields.problems.problems) == before else None


def read_counted(fields: ScenarioFields, document: Mapping[str, Any]) -> list[Counted]:
    """Published changes by port, mode and month."""
    value = document.get("counted")
    if value is None:
        return []
    if not isinstance(value, list):
        fields.add("'counted' is not a list.", document, "counted", cure="Begin each item with '- at: …'.")
        return []
    names = {port.name.casefold(): code for code, port in ports().items()}
    found = []
    for index, item in enumerate(value):
        if not isinstance(item, Mapping):
            fields.add("an item of 'counted' is not {at, mode, month, change, source}.", value, index)
            continue
        before = len(fields.problems.problems)
        fields.keys(item, ("at", "mode", "month", "day", "change", "source"), "'counted'")
        for key in ("at", "mode", "day" if "day" in item else "month", "change", "source"):
            if key not in item:
                fields.add(f"the counted change has no '{key}'.", value, index)
        word = str(item.get("at", ""))
        port = word if word in ports() else names.get(word.casefold(), "")
        if not port and "at" in item:
            known = [*ports(), *(one.name for one in ports().values())]
            fields.add(f"'{word}' is no port.", item, "at", did_you_mean=nearest(word, known))
        modes = fields.choice(item, "mode", MODES, "mode") or ()
        day = fields.day(item, "day") if "day" in item else None
        month = f"{day:%Y-%m}" if day else str(item.get("month", ""))
        if "month" in item and not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", month):
            fields.add(f"'{month}' is not a month.", item, "month", cure="Write year-month, like 2022-04.")
        change = fields.quantity(item, "change", "share", -1.0, 10.0, "-20 %") if "change" in item else None
        if len(fields.problems.problems) == before and change is not None:
            source = "; ".join(fields.sources(item, "source"))
            found.append(Counted(port=port, mode=modes[0], month=month, day=day, change=change, source=source))
    return found
