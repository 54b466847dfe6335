"""Section 3: expected value, regret and thresholds, and where the ranking changes with the metric."""

from __future__ import annotations

from typing import TYPE_CHECKING

from borderlab.evidence.tables.indicator import Indicator
from borderlab.explore.results.focus import focus
from borderlab.language.numbers import percent
from borderlab.report.comparison.wording import METRIC_WORDS, Words
from borderlab.report.page.blocks import Column, Section
from borderlab.report.page.page import Page

if TYPE_CHECKING:
    from borderlab.explore.answers.compare import Compared


def robust_section(page: Page, done: Compared, words: Words) -> None:
    """Who leads by which metric, in a table and in words, and how many futures are good enough."""
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
        Column(Words.capital(tr("90th-percentile regret")), "right"),
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
    if comparison.all_met.max() >= 0.01:
        met = [
            tr("{strategy}: {share}", strategy=words.names[id_], share=percent(share))
            for id_, share in zip(comparison.ids, comparison.all_met, strict=True)
        ]
        section.text(
            tr(
                "Share of plausible futures in which every threshold below is met at once: {shares}.",
                shares="; ".join(met),
            )
        )
    else:
        section.text(
            tr("No strategy meets every threshold below at once in more than one plausible future in a hundred.")
        )
    inner = section.group(tr("The thresholds, and why"))
    inner.table(
        [Column(tr("Measure")), Column(tr("Good enough")), Column(tr("Why"))],
        rows,
        note=tr("Thresholds are judgement, stated before the runs. Replace them with --thresholds."),
    )
