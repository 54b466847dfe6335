"""The crossings as a table of text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from borderlab.base.words import translator
from borderlab.report.numbers import NONE, number

_SHORT = {"standard": "std", "ready": "ready", "sentri": "SENTRI", "fast": "FAST"}
_LETTER = {
    "truck": {"en": "trucks", "es": "carga"},
    "vehicle": {"en": "cars", "es": "vehículos"},
    "pedestrian": {"en": "foot", "es": "peatones"},
}


def listing_lines(rows: Sequence[dict[str, Any]], lang: str) -> list[str]:
    """One line for each crossing and mode: port, entries a year, typical wait, booths by lane class, hours."""
    tr = translator("crossings", lang)
    table = []
    for row in rows:
        name = row["name_es"] if lang == "es" and row.get("name_es") else row["name"]
        for mode in row["modes"]:
            table.append(
                [
                    row["id"],
                    name,
                    str(row["port"]),
                    _LETTER[mode][lang],
                    _by_mode(row.get("yearly_entries"), mode),
                    _wait(row.get("typical_wait_min"), row["lanes"], mode),
                    _booths(row, mode),
                    _hours(row.get("hours"), mode),
                ]
            )
    heads = ["id", "name", "port", "who", "entries a year", "typical wait", "lanes (booths)", "hours"]
    words = ["id", *(tr(head) for head in heads[1:])]
    widths = [max(len(line[column]) for line in [words, *table]) for column in range(len(words))]
    right = {4, 5}
    return [
        "  ".join(
            f"{cell:>{wide}}" if column in right else f"{cell:<{wide}}"
            for column, (cell, wide) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in [words, *table]
    ]


def _lanes_of(lanes: Sequence[str], mode: str) -> list[str]:
    start = {"truck": "commercial", "vehicle": "passenger", "pedestrian": "pedestrian"}[mode]
    return [lane for lane in lanes if lane.startswith(start)]


def _by_mode(value: Any, mode: str) -> str:
    found = value.get(mode) if isinstance(value, dict) else value
    return number(found) if isinstance(found, int | float) else NONE


def _wait(value: Any, lanes: Sequence[str], mode: str) -> str:
    if isinstance(value, dict):
        found = [value[key] for key in (mode, *_lanes_of(lanes, mode)) if isinstance(value.get(key), int | float)]
        value = found[0] if found else None
    return f"{number(value)} min" if isinstance(value, int | float) else NONE


def _booths(row: dict[str, Any], mode: str) -> str:
    booths = row.get("booths") or {}
    parts = []
    for lane in _lanes_of(row["lanes"], mode):
        count = booths.get(lane) if isinstance(booths, dict) else None
        parts.append(_SHORT[lane.split("-")[1]] + (f" {count}" if count is not None else ""))
    return ", ".join(parts)


def _hours(value: Any, mode: str) -> str:
    found = value.get(mode) if isinstance(value, dict) else value
    if isinstance(found, str):
        return found
    if isinstance(found, dict):
        return ", ".join(f"{days} {text}" for days, text in found.items())
    return "; ".join(str(part) for part in found) if isinstance(found, list) else NONE
