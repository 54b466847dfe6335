"""The crossings as a table of text for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from borderlab.language.numbers import NONE, number
from borderlab.language.translate import translator

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
                    _wait(row, mode),
                    _booths(row, mode),
                    _hours(row.get("hours"), mode, lang),
                ]
            )
    heads = ["id", "name", "port", "who", "entries a year", "typical wait", "lanes (booths)", "hours"]
    words = ["id", *(tr(head) for head in heads[1:])]
    widths = [max(len(line[column]) for line in [words, *table]) for column in range(len(words))]
    right = {4, 5}
    lines = [
        "  ".join(
            f"{cell:>{wide}}" if column in right else f"{cell:<{wide}}"
            for column, (cell, wide) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in [words, *table]
    ]
    return [*lines, "", tr("* too few readings: borrowed from the nearest crossing like it")]


_DAYS_ES = {"mon": "lun", "fri": "vie", "sat": "sáb", "sun": "dom", "closed": "cerrado"}


def _lanes_of(lanes: Sequence[str], mode: str) -> list[str]:
    start = {"truck": "commercial", "vehicle": "passenger", "pedestrian": "pedestrian"}[mode]
    return [lane for lane in lanes if lane.startswith(start)]


def _by_mode(value: Any, mode: str) -> str:
    found = value.get(mode) if isinstance(value, dict) else value
    return number(found) if isinstance(found, int | float) else NONE


def _wait(row: dict[str, Any], mode: str) -> str:
    """The typical wait of the mode's first lane class that has one; a star if it is borrowed."""
    waits, fits = row.get("typical_wait_min") or {}, row.get("calibration") or {}
    for lane in _lanes_of(row["lanes"], mode):
        if isinstance(waits.get(lane), int | float):
            star = "*" if fits.get(lane, {}).get("status") == "borrowed" else " "
            return f"{number(waits[lane])} min{star}"
    return NONE + " "


def _booths(row: dict[str, Any], mode: str) -> str:
    booths = row.get("booths") or {}
    parts = []
    for lane in _lanes_of(row["lanes"], mode):
        count = booths.get(lane) if isinstance(booths, dict) else None
        parts.append(_SHORT[lane.split("-")[1]] + (f" {count}" if count is not None else ""))
    return ", ".join(parts)


def _hours(value: Any, mode: str, lang: str) -> str:
    text = value.get(mode, NONE) if isinstance(value, dict) else NONE
    if lang == "es":
        for english, spanish in _DAYS_ES.items():
            text = text.replace(english, spanish)
    return str(text)
