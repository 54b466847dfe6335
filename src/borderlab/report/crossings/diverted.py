"""The section of those diverted: where else they went, and who came later or not at all."""

from __future__ import annotations

from borderlab.crossings.border.places import crossing
from borderlab.crossings.outcomes.affected import (
    touched_modes,
)
from borderlab.crossings.outcomes.outcome import Outcome
from borderlab.language.dates import period
from borderlab.language.numbers import number, three_figures
from borderlab.report.crossings.map import short_name
from borderlab.report.crossings.phrases import (
    Words,
    mode_words,
)
from borderlab.report.page.blocks import Column
from borderlab.report.page.chart import bars
from borderlab.report.page.page import Page


def diverted_section(page: Page, outcome: Outcome, lang: str, tr: Words) -> None:
    """Add the section."""
    section = page.section(tr("Where the diverted went"), id="diverted")
    flows = outcome.diverted()
    moved = [row for row in flows if row["scenario"] - row["baseline"] >= 20]
    found = {side: outcome.summed(side, "mode", "span") for side in ("baseline", "scenario")}
    for mode in touched_modes(outcome)[:2]:
        place = found["baseline"]["labels"].index(mode)
        left, put_off, back = (
            float(found["scenario"][name][place, 0] - found["baseline"][name][place, 0])
            for name in ("diverted_away", "put_off", "came_back")
        )
        if max(left, put_off) < 20:
            continue
        section.text(
            tr(
                "{mode}: {left} went to another crossing or lane, {put_off} put the trip off, and {back} of those came "
                "back in the days simulated.",
                mode=mode_words(mode, tr)[:1].upper() + mode_words(mode, tr)[1:],
                left=number(three_figures(left)),
                put_off=number(three_figures(put_off)),
                back=number(three_figures(back)),
            )
        )
    if not moved:
        section.text(tr("Hardly anybody goes to another crossing."))
        return
    top = moved[:10]
    drawn = [
        {
            "label": f"{short_name(crossing(row['from']).name(lang))} → {short_name(crossing(row['to']).name(lang))}"
            + ("" if len({flow["mode"] for flow in top}) == 1 else f" ({mode_words(row['mode'], tr)})"),
            "value": row["scenario"] - row["baseline"],
            "shown": number(row["scenario"] - row["baseline"]),
        }
        for row in top
    ]
    section.chart(
        bars(drawn, colour="#17527a"),
        narrow=bars(drawn, colour="#17527a", narrow=True),
        title=tr("From which crossing to which"),
        subtitle=tr(
            "More than without the restrictions, over all days simulated ({when}).",
            when=period(outcome.first, outcome.last, lang),
        ),
        alt="; ".join(f"{row['label']} {row['shown']}" for row in drawn) + ".",
        table=(
            [tr("From"), tr("To"), tr("Who"), Column(tr("More than usual"), "right")],
            [
                [
                    crossing(row["from"]).name(lang),
                    crossing(row["to"]).name(lang),
                    mode_words(row["mode"], tr),
                    number(row["scenario"] - row["baseline"]),
                ]
                for row in moved[:40]
            ],
        ),
    )
