"""Section 2: what is gained against what it costs each side, and which strategies are dominated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from borderlab.explore.answers.change import change
from borderlab.report.comparison.charts import trade_offs
from borderlab.report.comparison.wording import Words, chart_format
from borderlab.report.page.blocks import Column
from borderlab.report.page.page import Page

if TYPE_CHECKING:
    from borderlab.evidence.tables.indicator import Indicator
    from borderlab.explore.answers.compare import Compared


def trades_section(page: Page, done: Compared, words: Words) -> None:
    """Security gained against cost on each side; dominated strategies by name."""
    tr, comparison = words.tr, done.comparison
    section = page.section(
        tr("Trade-offs"),
        tr(
            "What each strategy changes against the status quo in the same future, and what it costs each side: trade "
            "measures and public budgets together."
        ),
        id="trade-offs",
    )
    names = list(words.names.values())
    gains = [name for name in ("arrivals", "drugs.fentanyl_entering", "mx.homicides") if name in comparison.values]
    panels = [_trade_panel(done, words, gain, side) for gain in gains for side in ("us", "mx")]
    rows = []
    for place, id_ in enumerate(comparison.ids):
        changes = [change(comparison, gain, place).middle for gain in gains]
        shown = [words.gap(_headline(done)[gain], one) for gain, one in zip(gains, changes, strict=True)]
        spent = [words.money(float(np.median(_cost(done, side)[place]))) for side in ("us", "mx")]
        rows.append([words.names[id_], *shown, *spent])
    columns = [
        Column(tr("Strategy")),
        *[Column(words.measure(name), "right", words.shown_unit(_headline(done)[name])) for name in gains],
        Column(tr("Cost to the United States"), "right", tr("dollars a month")),
        Column(tr("Cost to Mexico"), "right", tr("dollars a month")),
    ]
    section.chart(
        trade_offs(panels, names, narrow=False),
        narrow=trade_offs(panels, names, narrow=True),
        title=tr("Down and to the left is better"),
        subtitle=tr(
            "dot: median change against the status quo; lines: 5 to 95 % of plausible futures; cost on a scale that "
            "shortens large figures"
        ),
        alt=tr(
            "Six panels: change in arrivals, fentanyl and homicides against the cost to the United States and to "
            "Mexico; the medians are in the table below."
        ),
        table=(columns, rows),
    )
    worse = [(place, by) for place, by in enumerate(done.findings.dominated) if by is not None]
    if worse:
        for place, by in worse:
            section.text(
                tr(
                    "On the medians of all headline measures {strategy} is dominated by {other}: never better, "
                    "somewhere worse.",
                    strategy=words.names[comparison.ids[place]],
                    other=words.names[comparison.ids[by]],
                )
            )
    else:
        section.text(
            tr(
                "No strategy is dominated: each is better than each other one on the median of some headline measure, "
                "so that the choice between them is a choice between aims."
            )
        )


def _cost(done: Compared, side: str) -> np.ndarray:
    """[strategies, futures]: what trade measures and the public budget cost a side, dollars a month."""
    values = done.comparison.values
    return values[f"trade.cost_{side}"] + values[f"budget.{side}"]


def _headline(done: Compared) -> dict[str, Indicator]:
    return {one.id: one for one in done.comparison.headline}


def _trade_panel(done: Compared, words: Words, gain: str, side: str) -> dict[str, object]:
    comparison = done.comparison
    heights: list[float] = []
    one, values, cost = _headline(done)[gain], comparison.values[gain], _cost(done, side) / 1e6
    rows = []
    for place, id_ in enumerate(comparison.ids):
        y05, y, y95 = (words.short(float(v)) for v in np.quantile(values[place] - values[0], [0.05, 0.5, 0.95]))
        x05, x, x95 = (words.short(float(v)) for v in np.quantile(cost[place], [0.05, 0.5, 0.95]))
        shown = f"{words.gap(one, y)}; {words.money(x * 1e6)}"
        heights.append(y05)
        rows.append(
            {"name": words.names[id_], "x": x, "x05": x05, "x95": x95, "y": y, "y05": y05, "y95": y95, "shown": shown}
        )
    title = (
        "Cost to the United States, million dollars a month"
        if side == "us"
        else ("Cost to Mexico, million dollars a month")
    )
    return {
        "title": words.measure(gain),
        "x_title": words.tr(title),
        "y_title": words.tr("change, {unit}", unit=words.shown_unit(one)),
        "y_format": chart_format(max(abs(height) for height in heights)),
        "rows": rows,
    }
