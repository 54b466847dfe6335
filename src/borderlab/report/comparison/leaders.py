"""Section 1: who wins on what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from borderlab.evidence.tables.indicator import Indicator
from borderlab.explore.answers.change import change
from borderlab.explore.results.focus import focus
from borderlab.language.numbers import number, percent
from borderlab.report.comparison.charts import ranges
from borderlab.report.comparison.wording import Words, chart_format
from borderlab.report.page.blocks import Column, Section
from borderlab.report.page.page import Page

if TYPE_CHECKING:
    from borderlab.explore.answers.compare import Compared

GROUPS = {
    "security": "Security",
    "cooperation": "Cooperation",
    "people": "People",
    "cost": "Cost",
}


def wins_section(page: Page, done: Compared, words: Words) -> None:
    """Every measure under every strategy, beside the status quo."""
    tr, comparison = words.tr, done.comparison
    section = page.section(
        tr("Who wins on what"),
        tr(
            "Median over the plausible futures and, for each measure, the range that holds nine futures in ten. "
            "Measures are averages over the whole period."
        ),
        id="who-wins",
    )
    _leaders(section, done, words)
    _median_table(section, done, words)
    names = list(words.names.values())
    for group, title in GROUPS.items():
        chosen = [one for one in comparison.headline if focus()[one.id].group == group]
        if not chosen:
            continue
        panels = [_panel(done, words, one) for one in chosen]
        section.chart(
            ranges(panels, names, narrow=False),
            narrow=ranges(panels, names, narrow=True),
            title=tr(title),
            subtitle=tr("dot: median; bar: 5 to 95 % of plausible futures; dashed line: median of the status quo"),
            alt=tr(
                "For each measure and strategy a bar from the 5th to the 95th percentile and a dot at the median; "
                "the figures are in the table below."
            ),
            table=_full_rows(done, words, chosen),
        )
    rest = [one for one in comparison.measures if one not in comparison.headline]
    if rest:
        further = section.group(tr("{count} further measures", count=len(rest)), paper=False)
        columns, rows = _full_rows(done, words, rest)
        further.table(columns, rows)
    _weighted(section, done, words)


def _leaders(section: Section, done: Compared, words: Words) -> None:
    """Which strategy has the best median on what, a line each."""
    tr, comparison = words.tr, done.comparison
    led: dict[str, list[str]] = {}
    for one in comparison.headline:
        leaders = comparison.rank_changes[one.id].leaders["median"]
        if len(leaders) < len(comparison.ids):
            for place in leaders:
                led.setdefault(comparison.ids[place], []).append(words.inside(words.measure(one.id)))
    if not led:
        section.text(tr("On no headline measure does the median of one strategy stand out."))
        return
    first = tr("No strategy is best on everything.") + " " if len(led) > 1 else ""
    section.text(first + tr("The best median belongs to:"))
    section.bullets(
        [
            tr("{strategy}: {measures}", strategy=words.names[id_], measures="; ".join(led[id_]))
            for id_ in comparison.ids
            if id_ in led
        ]
    )


def _median_table(section: Section, done: Compared, words: Words) -> None:
    tr, comparison = words.tr, done.comparison
    columns = [Column(tr("Measure")), *[Column(name, "right", wrap=True) for name in words.names.values()]]
    rows = []
    for one in comparison.headline:
        better = tr("more is better") if comparison.better(one.id) == "up" else tr("less is better")
        cells = [f"{words.measure(one.id)}\n{words.shown_unit(one)}; {better}"]
        for place, s in enumerate(comparison.standing[one.id]):
            shown = words.value(one, s.median)
            if place:
                found = change(comparison, one.id, place)
                # Where nothing differs in any future, a second line would only repeat it.
                moved = np.ptp(comparison.values[one.id][[0, place]], axis=0).any()
                more = words.gap(one, found.middle) + "\n" + tr("better in {share}", share=percent(found.share))
                shown = f"{found.sign}\u00a0{shown}\n{more if moved else tr('no change')}"
            cells.append(shown)
        rows.append(cells)
    section.table(
        columns,
        rows,
        caption=tr("Medians over plausible futures"),
        note=tr(
            "Below each median: the median change against the status quo in the same future, and the share of futures "
            "in which the strategy is better. It may differ from the gap between the two medians, which come from "
            "different futures. ▲ better than the status quo, ▼ worse, ≈ a tie: the median change is at most "
            "{tie} of the spread that the two show over futures. A tie does not count as better. Costs, budgets and "
            "hours lost are counted against today's levers: 0 is as today, and hours below 0 are saved. Nothing here "
            "is added up: there is no single score unless you give weights.",
            tie=words.tie,
        ),
    )


def _full_rows(done: Compared, words: Words, chosen: list[Indicator]) -> tuple[list[Column], list[list[str]]]:
    tr, comparison = words.tr, done.comparison
    columns = [
        Column(tr("Measure")),
        Column(tr("Strategy")),
        Column(tr("Median"), "right"),
        Column(tr("5 to 95 %"), "right"),
        Column(tr("Against the status quo, same future"), "right"),
        Column(tr("Better in"), "right"),
    ]
    rows = []
    for one in chosen:
        for place, s in enumerate(comparison.standing[one.id]):
            found = change(comparison, one.id, place)
            rows.append(
                [
                    f"{words.measure(one.id)} ({words.shown_unit(one)})",
                    words.names[comparison.ids[place]],
                    words.value(one, s.median),
                    words.band(one, s.p05, s.p95),
                    "–" if place == 0 else f"{found.sign} {words.gap(one, found.middle)}",
                    "–" if place == 0 else percent(found.share),
                ]
            )
    return columns, rows


def _panel(done: Compared, words: Words, one: Indicator) -> dict[str, object]:
    comparison = done.comparison
    scale, unit = words.chart_unit(one)
    rows: list[dict[str, Any]] = [
        {
            "name": words.names[id_],
            "p05": words.short(s.p05 * scale),
            "median": words.short(s.median * scale),
            "p95": words.short(s.p95 * scale),
            "shown": f"{words.value(one, s.median)} ({words.band(one, s.p05, s.p95)})",
        }
        for id_, s in zip(comparison.ids, comparison.standing[one.id], strict=True)
    ]
    largest = max(abs(row["p95"]) for row in rows)
    return {
        "title": words.measure(one.id),
        "unit": unit,
        "rows": rows,
        "base": rows[0]["median"],
        "format": chart_format(largest),
    }


def _weighted(section: Section, done: Compared, words: Words) -> None:
    tr, comparison = words.tr, done.comparison
    if comparison.scores is None:
        return
    total = sum(comparison.weights.values())
    section.text(
        tr(
            "With your weights ({weights}), each measure placed between the worst (0) and the best (100) strategy of "
            "the same future:",
            weights=", ".join(f"{words.measure(name)} {percent(w / total)}" for name, w in comparison.weights.items()),
        )
    )
    rows = [
        [
            words.names[id_],
            number(100 * float(s.mean())),
            number(100 * float(np.quantile(s, 0.05))),
            number(100 * float(np.quantile(s, 0.95))),
        ]
        for id_, s in zip(comparison.ids, comparison.scores, strict=True)
    ]
    columns = [
        Column(tr("Strategy")),
        Column(tr("Mean score"), "right"),
        Column("5 %", "right"),
        Column("95 %", "right"),
    ]
    section.table(columns, rows, caption=tr("Weighted score, 0 to 100"))
