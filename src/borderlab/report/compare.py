"""The report of a comparison: eight sections, one offline page, in English or Spanish."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from borderlab.evidence.indicator import Indicator
from borderlab.explore.focus import focus
from borderlab.report.compare_beliefs import beliefs_section
from borderlab.report.compare_border import border_section
from borderlab.report.compare_charts import ranges, trade_offs
from borderlab.report.compare_ground import ground_section
from borderlab.report.compare_matters import matters_section
from borderlab.report.compare_time import time_section
from borderlab.report.compare_words import METRIC_WORDS, Words, chart_format
from borderlab.report.numbers import number, percent, period
from borderlab.report.page import Column, Page, Section, Stat

if TYPE_CHECKING:
    from borderlab.explore.compare import Compared

GROUPS = {
    "security": "Security",
    "cooperation": "Cooperation",
    "people": "People",
    "cost": "Cost",
}


def write_report(done: Compared, path: Path, lang: str, command: str) -> Path:
    """Write the page of a finished comparison and give its path."""
    return build(done, lang, command).write(path)


def build(done: Compared, lang: str, command: str) -> Page:
    """The page of a finished comparison."""
    words = Words(done.comparison, lang)
    page = _opening(done, words)
    _who_wins(page, done, words)
    _trades(page, done, words)
    _robust(page, done, words)
    beliefs_section(page, done, words)
    time_section(page, done, words)
    border_section(page, done, words)
    matters_section(page, done, words)
    sources = ground_section(page, done, words, command)
    page.footer(hash=done.comparison.hash, command=command, sources=sources)
    return page


def _opening(done: Compared, words: Words) -> Page:
    tr, comparison = words.tr, done.comparison
    end = comparison.start.replace(year=comparison.start.year + round(comparison.inputs["years"]))
    page = Page(
        lang=words.lang,
        title=tr(
            "{count} strategies for the border, in {futures} futures",
            count=len(comparison.ids),
            futures=number(comparison.drawn),
        ),
        kicker=tr("Comparison of strategies, {period}", period=period(comparison.start, end, words.lang)),
        lede=tr(
            "What each strategy does, to whom, and what one would have to believe for it to be the best. "
            "This is not a forecast: each future is one set of assumptions worked out, and most of them are judgement."
        ),
    )
    differ = [one.id for one in comparison.headline if not _all_alike(done, one.id)]
    agree = sum(comparison.rank_changes[name].agrees for name in differ)
    holds = sum(belief.verdict == "holds" for belief in done.findings.beliefs)
    note = (
        tr("where none holds, the page says why")
        if holds
        else tr("no small set of beliefs decides between the strategies here; more futures may show one")
    )
    page.stats(
        [
            Stat(
                percent(comparison.plausible_share),
                tr("of the futures drawn reproduce what history shows"),
                words.few()
                or tr("{count} futures; everything below is about them", count=number(len(comparison.index))),
            ),
            Stat(
                tr("{some} of {all}", some=agree, all=len(differ)),
                tr("headline measures on which the strategies differ have one leader by every metric"),
                tr("on the others the choice of metric decides") if agree < len(differ) else None,
            ),
            Stat(
                tr("{some} of {all}", some=holds, all=len(done.findings.beliefs)),
                tr("questions “when is it better?” have an answer that holds on unseen futures"),
                note,
            ),
        ]
    )
    return page


def _all_alike(done: Compared, measure: str) -> bool:
    """Do all strategies share the lead by every metric?"""
    count = len(done.comparison.ids)
    return all(len(leaders) == count for leaders in done.comparison.rank_changes[measure].leaders.values())


def _headline(done: Compared) -> dict[str, Indicator]:
    return {one.id: one for one in done.comparison.headline}


def _spread(done: Compared, measure: str) -> float:
    values = done.comparison.values[measure]
    return float(np.ptp(np.quantile(values, [0.05, 0.95])))


# 1. Who wins on what


def _who_wins(page: Page, done: Compared, words: Words) -> None:
    tr, comparison = words.tr, done.comparison
    section = page.section(
        tr("Who wins on what"),
        tr(
            "Median over the plausible futures and, for each measure, the range that holds nine futures in ten. "
            "Measures are averages over the whole period."
        ),
        id="who-wins",
    )
    section.text(_leaders_in_words(done, words))
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
    rest = [one for one in comparison.measures if one.id not in _headline(done)]
    if rest:
        group = section.group(tr("{count} further measures", count=len(rest)))
        columns, rows = _full_rows(done, words, rest)
        group.table(columns, rows)
    _weighted(section, done, words)


def _leaders_in_words(done: Compared, words: Words) -> str:
    tr, comparison = words.tr, done.comparison
    led: dict[str, list[str]] = {}
    for one in comparison.headline:
        leaders = comparison.rank_changes[one.id].leaders["median"]
        if len(leaders) < len(comparison.ids):
            for place in leaders:
                led.setdefault(comparison.ids[place], []).append(words.measure(one.id))
    parts = [
        tr(
            "{strategy} has the best median on {measures}",
            strategy=words.names[id_],
            measures=words.together(led[id_]),
        )
        for id_ in comparison.ids
        if id_ in led
    ]
    return (
        tr("No strategy is best on everything.") + " " + "; ".join(parts) + "."
        if len(led) > 1
        else ("; ".join(parts) + ".")
    )


def _median_table(section: Section, done: Compared, words: Words) -> None:
    tr, comparison = words.tr, done.comparison
    columns = [Column(tr("Measure")), *[Column(name, "right") for name in words.names.values()]]
    rows = []
    for one in comparison.headline:
        standing, spread, values = comparison.standing[one.id], _spread(done, one.id), comparison.values[one.id]
        better = tr("more is better") if comparison.better(one.id) == "up" else tr("less is better")
        cells = [f"{words.measure(one.id)} ({words.shown_unit(one)}; {better})"]
        for place, s in enumerate(standing):
            shown = words.value(one, s.median)
            arrow = (
                "" if place == 0 else words.arrow(one, float(np.median(values[place] - values[0])), 0.0, spread) + " "
            )
            cells.append(f"{arrow}{shown}")
        rows.append(cells)
    section.table(
        columns,
        rows,
        caption=tr("Medians over plausible futures"),
        note=tr(
            "▲ better than the status quo in the same future (median), ▼ worse, = the difference is below a "
            "hundredth of the spread over futures. Nothing here is added up: there is no single score unless you "
            "give weights."
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
        values, spread = comparison.values[one.id], _spread(done, one.id)
        sign = 1 if comparison.better(one.id) == "up" else -1
        for place, s in enumerate(comparison.standing[one.id]):
            change = values[place] - values[0]
            middle = float(np.median(change))
            gap = words.value(one, middle)
            gap = gap if gap.startswith("−") or middle == 0 else f"+{gap}"
            arrow = words.arrow(one, middle, 0.0, spread)
            rows.append(
                [
                    f"{words.measure(one.id)} ({words.shown_unit(one)})",
                    words.names[comparison.ids[place]],
                    words.value(one, s.median),
                    words.band(one, s.p05, s.p95),
                    "–" if place == 0 else f"{arrow} {gap}",
                    "–" if place == 0 else percent(float((sign * change > 0).mean())),
                ]
            )
    return columns, rows


def _panel(done: Compared, words: Words, one: Indicator) -> dict[str, object]:
    comparison = done.comparison
    scale, unit = words.chart_unit(one)
    rows = [
        {
            "name": words.names[id_],
            "p05": _short(s.p05 * scale),
            "median": _short(s.median * scale),
            "p95": _short(s.p95 * scale),
            "shown": f"{words.value(one, s.median)} ({words.band(one, s.p05, s.p95)})",
        }
        for id_, s in zip(comparison.ids, comparison.standing[one.id], strict=True)
    ]
    largest = max(abs(row["p95"]) for row in rows)  # type: ignore[arg-type]
    return {
        "title": f"{words.measure(one.id)}, {unit}",
        "rows": rows,
        "base": rows[0]["median"],
        "format": chart_format(largest),
    }


def _short(value: float) -> float:
    """Five figures are enough for a chart and keep the page small."""
    return float(f"{value:.5g}")


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


# 2. Trade-offs


def _trades(page: Page, done: Compared, words: Words) -> None:
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
        changes = [_median_change(done, gain, place) for gain in gains]
        shown = [words.value(_headline(done)[gain], change) for gain, change in zip(gains, changes, strict=True)]
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


def _median_change(done: Compared, measure: str, place: int) -> float:
    values = done.comparison.values[measure]
    return float(np.median(values[place] - values[0]))


def _trade_panel(done: Compared, words: Words, gain: str, side: str) -> dict[str, object]:
    comparison = done.comparison
    one, values, cost = _headline(done)[gain], comparison.values[gain], _cost(done, side) / 1e6
    rows = []
    for place, id_ in enumerate(comparison.ids):
        y05, y, y95 = (_short(float(v)) for v in np.quantile(values[place] - values[0], [0.05, 0.5, 0.95]))
        x05, x, x95 = (_short(float(v)) for v in np.quantile(cost[place], [0.05, 0.5, 0.95]))
        shown = f"{words.value(one, y)}; {words.money(x * 1e6)}"
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
        "y_format": chart_format(max(abs(float(row["y05"])) for row in rows)),
        "rows": rows,
    }


# 3. Robustness


def _robust(page: Page, done: Compared, words: Words) -> None:
    tr, comparison = words.tr, done.comparison
    section = page.section(
        tr("Robustness"),
        tr(
            "A strategy can be best on average and still be a bad bet. Regret is what a strategy gives up, in the "
            "unit of the measure, against the best of the strategies compared in the same future."
        ),
        id="robustness",
    )
    rows = []
    for one in comparison.headline:
        change = comparison.rank_changes[one.id]
        cells = [words.measure(one.id)]
        for metric in METRIC_WORDS:
            if metric not in change.leaders:
                cells.append("–")
            elif len(change.leaders[metric]) == len(comparison.ids):
                cells.append(tr("all alike"))
            else:
                cells.append(", ".join(words.names[comparison.ids[place]] for place in change.leaders[metric]))
        rows.append(cells)
    section.table(
        [Column(tr("Measure")), *[Column(Words.capital(tr(word))) for word in METRIC_WORDS.values()]],
        rows,
        caption=tr("Who leads by which metric"),
    )
    said = [text for one in comparison.headline if (text := _rank_words(done, words, one.id))]
    if said:
        section.text(tr("Where the ranking changes with the metric:"))
        section.bullets(said)
    else:
        section.text(tr("On every headline measure one strategy leads by every metric."))
    inner = section.group(tr("Every figure: expected value, regret and thresholds"))
    for one in comparison.headline:
        inner.table(*_robust_rows(done, words, one), caption=f"{words.measure(one.id)}, {words.shown_unit(one)}")
    _thresholds(section, done, words)


def _rank_words(done: Compared, words: Words, measure: str) -> str | None:
    tr, comparison = words.tr, done.comparison
    change = comparison.rank_changes[measure]
    if change.agrees:
        return None
    by_leader: dict[tuple[int, ...], list[str]] = {}
    for metric, leaders in change.leaders.items():
        by_leader.setdefault(leaders, []).append(tr(METRIC_WORDS[metric]))
    parts = [
        _lead(words, [words.names[comparison.ids[place]] for place in leaders], metrics, len(comparison.ids))
        for leaders, metrics in by_leader.items()
    ]
    text = f"{words.measure(measure)}: " + "; ".join(parts) + "."
    place, best, worst, moved = change.largest_move
    if moved >= 2:
        ranks = change.all_ranks
        text += " " + tr(
            "{strategy} falls from rank {best_rank} by {best} to rank {worst_rank} by {worst}.",
            strategy=words.names[comparison.ids[place]],
            best_rank=ranks[best][place], best=tr(METRIC_WORDS[best]),
            worst_rank=ranks[worst][place], worst=tr(METRIC_WORDS[worst]),
        )  # fmt: skip
    return text


def _lead(words: Words, leaders: list[str], metrics: list[str], compared: int) -> str:
    """Who leads by which metrics, one, several or nobody."""
    tr, by = words.tr, words.together(metrics)
    if len(leaders) == compared:
        return tr("no one leads by {metrics}", metrics=by)
    if len(leaders) > 1:
        return tr("{strategies} lead by {metrics}", strategies=words.together(leaders), metrics=by)
    return tr("{strategy} leads by {metrics}", strategy=leaders[0], metrics=by)


def _robust_rows(done: Compared, words: Words, one: Indicator) -> tuple[list[Column], list[list[str]]]:
    tr, comparison = words.tr, done.comparison
    columns = [
        Column(tr("Strategy")),
        Column(tr("Expected value"), "right"),
        Column(tr("90th-percentile regret"), "right"),
        Column(tr("Maximum regret"), "right"),
        Column(tr("Futures that meet the threshold"), "right"),
    ]
    rows = [
        [
            words.names[id_],
            words.value(one, s.expected),
            words.value(one, s.regret_p90),
            words.value(one, s.regret_max),
            percent(s.satisficing),
        ]
        for id_, s in zip(comparison.ids, comparison.standing[one.id], strict=True)
    ]
    return columns, rows


def _thresholds(section: Section, done: Compared, words: Words) -> None:
    tr, comparison = words.tr, done.comparison
    rows = []
    for name, (value, basis) in comparison.thresholds.items():
        if name not in comparison.values:
            continue
        one = next(m for m in comparison.measures if m.id == name)
        up = comparison.better(name) == "up"
        if basis == "of-today":
            shown = (
                tr("at least {share} of its level at the start", share=percent(value))
                if up
                else tr("at most {share} of its level at the start", share=percent(value))
            )
        else:
            pattern = "at least {value}" if up else "at most {value}"
            shown = tr(pattern, value=words.value(one, value))
        row = focus().get(name)
        given = row is None or (row.threshold, row.basis) != (value, basis)
        reason = (
            tr("given by you") if given or row is None else (row.reason_es if words.lang == "es" else row.reason_en)
        )
        rows.append([words.measure(name), shown, reason or "–"])
    met = [
        tr("{strategy}: {share}", strategy=words.names[id_], share=percent(share))
        for id_, share in zip(comparison.ids, comparison.all_met, strict=True)
    ]
    section.text(
        tr("Share of plausible futures in which every threshold below is met at once: {shares}.", shares="; ".join(met))
    )
    inner = section.group(tr("The thresholds, and why"))
    inner.table(
        [Column(tr("Measure")), Column(tr("Good enough")), Column(tr("Why"))],
        rows,
        note=tr("Thresholds are judgement, stated before the runs. Replace them with --thresholds."),
    )
