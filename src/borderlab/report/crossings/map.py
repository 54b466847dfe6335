"""The map section of a crossings report: traffic as size, change of wait as colour."""

from __future__ import annotations

import math
from typing import Any

from borderlab.crossings.border.places import crossing
from borderlab.crossings.outcomes.affected import crossing_rows, touched_modes
from borderlab.crossings.outcomes.outcome import Outcome
from borderlab.language.numbers import minutes, number, signed
from borderlab.report.crossings.phrases import Words, mode_words
from borderlab.report.page.blocks import Column
from borderlab.report.page.map import Spot, border_map
from borderlab.report.page.page import Page

_CLOSED = "#1b2430"
# Upper end of each class in minutes of change, its words and its colour.
_CHANGE = (
    (-30.0, "more than 30 min shorter", "#14527d"),
    (-5.0, "5 to 30 min shorter", "#7fb2d6"),
    (5.0, "within 5 min of the usual", "#b4b7b9"),
    (30.0, "5 to 30 min longer", "#f0bd92"),
    (120.0, "30 min to 2 h longer", "#dd7a3a"),
    (math.inf, "more than 2 h longer", "#9c2f06"),
)
_WAIT = (
    (10.0, "less than 10 min", "#b3c3cc"),
    (30.0, "10 to 30 min", "#8fbcd8"),
    (60.0, "30 to 60 min", "#5b9cc4"),
    (120.0, "1 to 2 h", "#17527a"),
    (math.inf, "more than 2 h", "#0b2c45"),
)


def map_section(page: Page, outcome: Outcome, lang: str, tr: Words) -> None:
    """Add the map, one for each of the two modes that change most."""
    ordinary = not outcome.scenario.restrictions
    if ordinary:
        modes = [mode for mode in ("truck", "vehicle") if any(lane[2] == mode for lane in outcome.lanes)]
        section = page.section(tr("Traffic and waits along the border"), id="map")
    else:
        modes = touched_modes(outcome)[:2]
        section = page.section(tr("Where waits change"), id="map")
        if not modes:
            section.text(tr("No wait changes by more than chance."))
    for mode in modes:
        rows = [row for row in crossing_rows(outcome, mode) if row["baseline"]["per_day"] > 0.5]
        classes = _WAIT if ordinary else _CHANGE
        groups = [(tr(words), colour) for _, words, colour in classes]
        if not ordinary:
            groups.append((tr("closed"), _CLOSED))
        spots = _spots(rows, ordinary, lang, tr)
        size = tr("{mode} a day, as usual", mode=mode_words(mode, tr))
        title = (
            tr("Mean wait of {mode} and how many cross", mode=mode_words(mode, tr))
            if ordinary
            else tr("Change of the mean wait of {mode} while the restrictions last", mode=mode_words(mode, tr))
        )
        section.chart(
            border_map(spots, groups, lang, size_title=size),
            narrow=border_map(spots, groups, lang, size_title=size, narrow=True),
            title=title,
            subtitle=tr("Each dot is a crossing; its size is the traffic it usually has."),
            alt=_alt(rows, title, ordinary, lang, tr),
            source=tr("Shapes: Natural Earth, U.S. Census Bureau."),
            table=_table(rows, ordinary, lang, tr),
        )


def _group(row: dict[str, Any], ordinary: bool, tr: Words) -> str:
    if not ordinary and row["closed"]:
        return tr("closed")
    value = row["baseline"]["mean"] if ordinary else row["change"]
    if math.isnan(value):
        value = 0.0
    return tr(next(words for top, words, _ in (_WAIT if ordinary else _CHANGE) if value < top or top == math.inf))


def _spots(rows: list[dict[str, Any]], ordinary: bool, lang: str, tr: Words) -> list[Spot]:
    def weight(row: dict[str, Any]) -> float:
        if ordinary:
            return float(row["baseline"]["per_day"])
        if row["closed"]:
            return 1e9 + float(row["baseline"]["per_day"])
        return float(abs(row["change"]) * row["baseline"]["per_day"]) if not math.isnan(row["change"]) else 0.0

    def counts(row: dict[str, Any]) -> bool:
        return ordinary or row["closed"] or abs(row["change"]) >= 5

    named = {row["crossing"] for row in sorted(rows, key=weight, reverse=True)[:9] if counts(row)}
    spots = []
    for row in sorted(rows, key=weight, reverse=True):
        place = crossing(row["crossing"])
        label = None
        if place.id in named:
            label = short_name(place.name(lang))
            if not ordinary and not row["closed"]:
                label += f" {_change(row['change'])}"
        if ordinary:
            detail = tr("mean wait {time}", time=minutes(row["baseline"]["mean"]))
        elif row["closed"]:
            detail = tr("closed")
        else:
            detail = tr(
                "mean wait {after}, as usual {before}",
                after=minutes(row["scenario"]["mean"]),
                before=minutes(row["baseline"]["mean"]),
            )
        spots.append(
            Spot(
                name=place.name(lang),
                lon=place.lon,
                lat=place.lat,
                size=round(row["baseline"]["per_day"]),
                group=_group(row, ordinary, tr),
                detail=detail,
                label=label,
            )
        )
    return spots


def short_name(name: str) -> str:
    """A name for a map: without what it has in common with its neighbours.

    >>> short_name("Ysleta–Zaragoza Bridge"), short_name("Puente Internacional Lincoln–Juárez")
    ('Ysleta–Zaragoza', 'Lincoln–Juárez')
    """
    name = name.partition(" (")[0]
    for word in (" International Bridge", " Bridge", "Puente Internacional ", "Puente del ", "Puente de ", "Puente "):
        name = name.removesuffix(word) if word.startswith(" ") else name.removeprefix(word)
    return name


def _change(value: float) -> str:
    """A change of wait: minutes up to two hours, whole hours above."""
    shown = minutes(abs(value)) if abs(value) < 119.5 else f"{abs(value) / 60:,.0f} h"
    return f"+{shown}" if value >= 0 else f"−{shown}"


def _alt(rows: list[dict[str, Any]], title: str, ordinary: bool, lang: str, tr: Words) -> str:
    key = (lambda row: -row["baseline"]["per_day"]) if ordinary else (lambda row: -abs(row["change"] or 0))
    known = [row for row in rows if not math.isnan(row["change"])]
    parts = []
    for row in sorted(known, key=key)[:6]:
        shown = minutes(row["baseline"]["mean"]) if ordinary else _change(row["change"])
        parts.append(f"{crossing(row['crossing']).name(lang)} {shown}")
    closed = [crossing(row["crossing"]).name(lang) for row in rows if row["closed"] and not ordinary]
    if closed:
        parts.append(tr("closed") + ": " + ", ".join(closed[:6]))
    return f"{tr('Map of the border')}. {title}. " + "; ".join(parts) + "."


def _table(
    rows: list[dict[str, Any]], ordinary: bool, lang: str, tr: Words
) -> tuple[list[Column | str], list[list[Any]]]:
    heads: list[Column | str] = [
        tr("Crossing"),
        Column(tr("A day, as usual"), "right"),
        Column(tr("Mean wait, as usual"), "right", "min"),
    ]
    if not ordinary:
        heads += [
            Column(tr("A day, with the restrictions"), "right"),
            Column(tr("Mean wait, with the restrictions"), "right", "min"),
            Column(tr("Change"), "right", "min"),
        ]
    out = []
    for row in sorted(rows, key=lambda one: -one["baseline"]["per_day"]):
        cells: list[Any] = [
            crossing(row["crossing"]).name(lang),
            number(row["baseline"]["per_day"]),
            number(row["baseline"]["mean"]),
        ]
        if not ordinary:
            cells += [number(row["scenario"]["per_day"]), number(row["scenario"]["mean"]), signed(row["change"])]
        out.append(cells)
    return heads, out
