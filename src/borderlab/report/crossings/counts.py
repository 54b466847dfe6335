"""The section of counts: who crosses in the month, beside what was counted."""

from __future__ import annotations

from typing import Any

from borderlab.crossings.border.places import ports
from borderlab.crossings.outcomes.affected import (
    notable,
    port_changes,
    touched_modes,
)
from borderlab.crossings.outcomes.contract import day_change
from borderlab.crossings.outcomes.outcome import Outcome
from borderlab.evidence.tables.source import sources
from borderlab.language.dates import date, period
from borderlab.language.numbers import NONE, number, percent
from borderlab.report.crossings.headline import change_words, month_words
from borderlab.report.crossings.phrases import (
    Words,
    mode_words,
)
from borderlab.report.page.blocks import Column, Section
from borderlab.report.page.chart import bars
from borderlab.report.page.page import Page


def counts_section(page: Page, outcome: Outcome, lang: str, tr: Words) -> None:
    """Add the section."""
    changes = port_changes(outcome)
    known = {(one.port, one.mode, one.month) for one in outcome.scenario.counted if not one.day}
    rows = notable(changes)
    rows += [row for row in changes if (row.port, row.mode, row.month) in known and row not in rows]
    section = page.section(
        tr("Who crosses in the month"),
        tr(
            "Entries of whole calendar months, the way they are published: a restriction of a few days is set against "
            "all days of its month."
        ),
        id="counts",
    )
    if not rows:
        section.text(tr("No port's count changes by more than half a per cent."))
    months = list(dict.fromkeys(row.month for row in rows))
    for mode in [mode for mode in touched_modes(outcome) if any(row.mode == mode for row in rows)][:2]:
        mine = sorted((row for row in rows if row.mode == mode), key=lambda row: row.share)
        if len(mine) > 14:
            mine = sorted(sorted(mine, key=lambda row: -abs(row.entities))[:14], key=lambda row: row.share)
        counted = {
            (one.port, one.month): one.change for one in outcome.scenario.counted if one.mode == mode and not one.day
        }
        drawn: list[dict[str, Any]] = [
            {
                "label": ports()[row.port].name
                + (f", {month_words(row.month, lang).split(' ')[0]}" if len(months) > 1 else ""),
                "value": round(row.share * 100, 2),
                "shown": change_words(row.share),
                "tone": "worse" if row.entities < 0 else "better",
                "mark": round(100 * counted[row.port, row.month], 2) if (row.port, row.month) in counted else None,
            }
            for row in mine
        ]
        when = month_words(months[0], lang) if len(months) == 1 else period(outcome.first, outcome.last, lang)
        ticked = any(row["mark"] is not None for row in drawn)
        section.chart(
            bars(drawn),
            narrow=bars(drawn, narrow=True, step=26),
            title=tr("Change of {mode} by port, {when}", mode=mode_words(mode, tr), when=when),
            subtitle=tr("Per cent of the entries without the restrictions.")
            + (" " + tr("Black marks: the change that was counted.") if ticked else ""),
            alt="; ".join(f"{row['label']} {row['shown']}" + _counted_words(row, tr) for row in drawn) + ".",
            table=(
                [tr("Port"), Column(tr("Simulated"), "right"), *([Column(tr("Counted"), "right")] if ticked else [])],
                [
                    [row["label"], row["shown"]]
                    + ([NONE if row["mark"] is None else change_words(row["mark"] / 100)] if ticked else [])
                    for row in drawn
                ],
            ),
        )
    _observed(section, outcome, lang, tr)
    every = section.group(tr("All ports and months"))
    every.table(
        [
            tr("Port"),
            tr("Who"),
            tr("Month"),
            *(Column(tr(head), "right") for head in ("As usual", "With them", "Change")),
        ],
        [
            [
                ports()[row.port].name,
                mode_words(row.mode, tr),
                row.month,
                (number(row.baseline), row.baseline),
                (number(row.scenario), row.scenario),
                (percent(row.share, 1, sign=True), row.share),
            ]
            for row in sorted(changes, key=lambda row: (row.mode, row.month, row.port))
        ],
        sortable=True,
    )


def _counted_words(row: dict[str, Any], tr: Words) -> str:
    return "" if row["mark"] is None else f" ({tr('counted')} {change_words(row['mark'] / 100)})"


def _observed(section: Section, outcome: Outcome, lang: str, tr: Words) -> None:
    for one in outcome.scenario.counted:
        simulated = day_change(outcome, one) if one.day else None
        if one.day and simulated is not None:
            section.text(
                tr(
                    "{mode} at {place} on {day}: {simulated} in the simulation, {counted} as counted.",
                    mode=mode_words(one.mode, tr)[:1].upper() + mode_words(one.mode, tr)[1:],
                    place=ports()[one.port].name,
                    day=date(one.day, lang),
                    simulated=change_words(simulated / 100),
                    counted=change_words(one.change),
                )
            )
    for english, spanish, source in outcome.scenario.observed:
        found = sources().get(source)
        named = f" ({found.publisher}, {found.date})" if found else ""
        section.callout(f"{tr('What was counted')}: {spanish if lang == 'es' else english}{named}")
