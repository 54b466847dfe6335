"""The section of hours: posted waits hour by hour of the lanes that change most."""

from __future__ import annotations

from typing import Any

from borderlab.crossings.border.places import crossing
from borderlab.crossings.outcomes.affected import (
    hourly_waits,
    shut,
    window,
    worst_lanes,
)
from borderlab.crossings.outcomes.outcome import Outcome
from borderlab.language.numbers import minutes, number
from borderlab.report.crossings.phrases import (
    Words,
    lane_words,
)
from borderlab.report.page.blocks import Column
from borderlab.report.page.chart import waits_by_hour
from borderlab.report.page.page import Page


def hours_section(page: Page, outcome: Outcome, lang: str, tr: Words) -> None:
    """Add the section."""
    lanes = worst_lanes(outcome)
    if not lanes:
        return
    ordinary = not outcome.scenario.restrictions
    section = page.section(
        tr("Hour by hour") if ordinary else tr("Hour by hour where it changes most"),
        tr("The wait that a sign at the end of the line would post at each full hour."),
        id="hours",
    )
    first, last = window(outcome)
    names = {
        lane: f"{crossing(outcome.lanes[lane][0]).name(lang)}, {lane_words(outcome.lanes[lane][1], tr)}"
        for lane in lanes
    }
    sides = (tr("as usual"), tr("with the restrictions"))
    waits = hourly_waits(outcome, lanes, first, last)
    short = max((row["h"] for row in waits if row["h"] is not None), default=0.0) < 2
    factor = 60 if short else 1
    rows = [
        {
            "panel": names[row["lane"]],
            "side": sides[row["side"] == "scenario"],
            "t": row["t"],
            "h": None if row["h"] is None else round(row["h"] * factor, 2),
        }
        for row in waits
    ]
    shade = None
    if not ordinary:
        begin, end = max(outcome.scenario.first, first), min(outcome.scenario.last, last)
        shade = (f"{begin}T00:00", f"{end}T23:59")
    panels = [names[lane] for lane in lanes]
    unit = tr("minutes of wait") if short else tr("hours of wait")
    section.chart(
        waits_by_hour(rows, panels, sides, shade=shade, unit=unit),
        narrow=waits_by_hour(rows, panels, sides, shade=shade, unit=unit, narrow=True),
        title=tr("Waits at the crossings with most hours in line")
        if ordinary
        else tr("Waits at the crossings most affected"),
        subtitle=f"{unit[:1].upper()}{unit[1:]}. "
        + tr(
            "Local time. Each panel has its own scale. The line breaks where the crossing is closed or the line would "
            "not be served before it closes."
        )
        + ("" if ordinary else " " + tr("Shaded: the days of the restrictions.")),
        alt=_hours_alt(outcome, lanes, names, tr),
        table=_hours_table(outcome, lanes, names, tr),
    )


def _hours_alt(outcome: Outcome, lanes: list[int], names: dict[int, str], tr: Words) -> str:
    parts = []
    for lane in lanes:
        longest = [
            float(outcome.summed(s, "lane", "period")["max_wait_min"][lane, 0]) for s in ("baseline", "scenario")
        ]
        if shut(outcome)[lane]:
            parts.append(f"{names[lane]}: {tr('closed')}")
        elif outcome.scenario.restrictions:
            parts.append(
                tr(
                    "{name}: longest wait {after}, as usual {before}",
                    name=names[lane],
                    after=minutes(longest[1]),
                    before=minutes(longest[0]),
                )
            )
        else:
            parts.append(tr("{name}: longest wait {time}", name=names[lane], time=minutes(longest[0])))
    return tr("Lines of waits over time.") + " " + "; ".join(parts) + "."


def _hours_table(
    outcome: Outcome, lanes: list[int], names: dict[int, str], tr: Words
) -> tuple[list[Column | str], list[list[Any]]]:
    found = {side: outcome.summed(side, "lane", "period") for side in ("baseline", "scenario")}
    ordinary = not outcome.scenario.restrictions
    closed = shut(outcome)
    rows: list[list[Any]] = []
    for lane in lanes:
        row: list[Any] = [names[lane]]
        for name in ("mean_wait_min", "max_wait_min"):
            for side in ("baseline",) if ordinary else ("baseline", "scenario"):
                value = number(float(found[side][name][lane, 0]))
                row.append(tr("closed") if side == "scenario" and closed[lane] else value)
        rows.append(row)
    heads = [tr("Mean wait"), tr("Longest wait")]
    if ordinary:
        return [tr("Lane"), *(Column(head, "right", "min") for head in heads)], rows
    usual, with_them = tr("as usual"), tr("with the restrictions")
    columns: list[Column | str] = [tr("Lane")]
    for head in heads:
        columns += [Column(f"{head}, {usual}", "right", "min"), Column(f"{head}, {with_them}", "right", "min")]
    return columns, rows
