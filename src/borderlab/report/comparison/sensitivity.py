"""Section 7: what matters most."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING

from borderlab.explore.results.drawn_values import parameter_rows
from borderlab.explore.results.focus import focus
from borderlab.language.numbers import percent
from borderlab.report.comparison.charts import heat, strongest_bars
from borderlab.report.comparison.wording import Words
from borderlab.report.page.blocks import Column
from borderlab.report.page.page import Page

if TYPE_CHECKING:
    from borderlab.explore.answers.compare import Compared

SHOWN = 14


def matters_section(page: Page, done: Compared, words: Words) -> None:
    """The unknowns that move most what the strategies achieve, with their grade."""
    tr = words.tr
    rows = parameter_rows()
    section = page.section(
        tr("What matters most"),
        tr(
            "How strongly each unknown moves the difference that a strategy makes against the status quo, from the "
            "runs at hand (PAWN index: 0 nothing, 1 everything; mean over strategies). What cannot be told from "
            "chance is left out."
        ),
        id="what-matters",
    )
    table = strengths(done)
    order = sorted(table, key=lambda name: -max(table[name].values()))[:SHOWN]
    if not order:
        section.text(tr("With these futures no unknown stands out from chance."))
        return
    judged = sum(rows[name].grade == "judged" for name in order)
    section.text(
        tr(
            "{judged} of the {count} unknowns that matter most are judged, not measured: they are marked with a "
            "dagger (†). Better evidence on them would do most to settle the argument.",
            judged=judged,
            count=len(order),
        )
    )
    measures = [name for name in focus() if any(name in strength for strength in table.values())]
    labels = {name: Words.capital(words.meaning(rows[name])) + mark(rows[name].grade) for name in order}
    cells = [
        {
            "parameter": _lines(labels[name], 58),
            "measure": words.measure(measure),
            "index": round(table[name].get(measure, 0.0), 3),
            "shown": f"{table[name].get(measure, 0.0):.2f}",
        }
        for name in order
        for measure in measures
    ]
    names = [words.measure(measure) for measure in measures]
    strongest = []  # a phone has no room for the grid: each unknown with the measure that it moves most
    for name in order:
        measure = max(table[name], key=lambda one: table[name][one])
        strongest.append(
            {
                "parameter": _lines(labels[name], 48),
                "index": round(table[name][measure], 3),
                "measure": words.measure(measure),
            }
        )
    columns = [
        Column(tr("Unknown")),
        Column(tr("Grade")),
        Column(tr("Range looked at")),
        *[Column(n, "right") for n in names],
    ]
    body = [
        [
            labels[name],
            tr(rows[name].grade),
            words.looked_at(name),
            *[f"{table[name].get(measure, 0.0):.2f}" if table[name].get(measure) else "–" for measure in measures],
        ]
        for name in order
    ]
    section.chart(
        heat(cells, [_lines(label, 58) for label in labels.values()], names, title=tr("PAWN index")),
        narrow=strongest_bars(strongest, title=tr("PAWN index")),
        title=tr("The unknowns that move the results most"),
        subtitle=tr("† judged: set by judgement, with no measurement behind it"),
        alt=tr(
            "A grid of unknowns and measures, darker where the unknown moves the measure more; the figures are in the "
            "table below."
        ),
        table=(columns, body),
    )
    share = sum(row.grade == "judged" for row in rows.values()) / max(len(rows), 1)
    section.note(tr("Of all {count} unknowns drawn, {share} are judged.", count=len(rows), share=percent(share)))


def _lines(label: str, width: int) -> str:
    """A label in the fewest lines of about the same length that hold it."""
    count = -(-len(label) // width)
    return "\n".join(textwrap.wrap(label, max(-(-len(label) // count) + 6, 12)))


def mark(grade: str) -> str:
    """The dagger of judged parameters."""
    return " †" if grade == "judged" else ""


def strengths(done: Compared) -> dict[str, dict[str, float]]:
    """Parameter -> measure -> mean index over the strategies but the status quo (0 where it is below the floor)."""
    found: dict[str, dict[str, float]] = {}
    base = done.comparison.ids[0]
    for measure, by_strategy in done.findings.importance.items():
        others = {id_: one for id_, one in by_strategy.items() if id_ != base}
        for importance in others.values():
            for name, index in importance.top(10):
                here = found.setdefault(name, {})
                here[measure] = here.get(measure, 0.0) + index / len(others)
    return found
