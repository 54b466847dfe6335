"""Comparisons, beliefs and sensitivity as plain text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from borderlab.evidence.tables.indicator import Indicator, indicators
from borderlab.explore.answers.beliefs import Belief, advantage, margin_of
from borderlab.explore.answers.change import change
from borderlab.explore.answers.sensitivity import REST, Moves
from borderlab.explore.discovery.cart import leaves
from borderlab.explore.results.comparison import Comparison
from borderlab.explore.results.drawn_values import parameter_rows
from borderlab.language.numbers import number, percent
from borderlab.language.translate import translator
from borderlab.report.comparison.beliefs import question, tie_words, verdict
from borderlab.report.comparison.sensitivity import mark
from borderlab.report.comparison.wording import Words, figure
from borderlab.report.page.text_table import blocks, terminal_width, wrapped

if TYPE_CHECKING:
    from borderlab.explore.answers.compare import Compared


def lines(done: Compared, lang: str) -> list[str]:
    """The medians of the headline measures, as wide as the terminal, and what they stand on."""
    comparison = done.comparison
    words = Words(comparison, lang)
    tr = words.tr
    rows = [[_label(words, one), *_cells(words, one)] for one in comparison.headline]
    holds = sum(belief.verdict == "holds" for belief in done.findings.beliefs)
    return [
        *wrapped(tr("Medians over {count} plausible futures", count=number(len(comparison.index)))),
        *(wrapped(words.few()) if words.few() else []),
        "",
        *blocks(list(words.names.values()), rows, terminal_width()),
        "",
        *wrapped(
            tr(
                "▲ better than the status quo in the same future, ▼ worse, ≈ a tie: a median change of at most {tie} "
                "of the spread over futures.",
                tie=words.tie,
            )
        ),
        *wrapped(
            tr(
                "What you would have to believe: {some} of {all} questions have an answer that holds on unseen "
                "futures; see the report.",
                some=holds,
                all=len(done.findings.beliefs),
            )
        ),
        "",
        *ground_lines(words),
    ]


def ground_lines(words: Words) -> list[str]:
    """Over which futures, what share is plausible, which inputs are judged, that it is no forecast, and the hash."""
    comparison = words.comparison
    text = standing_lines(comparison.drawn, comparison.inputs["seed"], len(comparison.index), words.lang)
    return text + wrapped(words.tr("Hash: {hash}", hash=comparison.hash))


def standing_lines(drawn: int, seed: int, kept: int, lang: str) -> list[str]:
    """What any result over drawn futures stands on, in three sentences."""
    tr = translator("comparison", lang)
    grades = [row.grade for row in parameter_rows().values()]
    said = [
        tr(
            "Futures: {drawn} drawn (seed {seed}); {kept} of them ({share}) are plausible, that is, reproduce the "
            "coded facts of history. Only these count.",
            drawn=number(drawn),
            seed=seed,
            kept=number(kept),
            share=percent(kept / drawn),
        ),
        tr(
            "Inputs: {judged} of {total} unknowns are judged, not measured; among them how Mexico responds to pressure "
            "and the effect of most levers. 'borderlab why NAME' shows range and source.",
            judged=grades.count("judged"),
            total=len(grades),
        ),
        tr("This is not a forecast: it says what follows from these assumptions, and how far they leave it open."),
    ]
    return [line for text in said for line in wrapped(text)]


def _label(words: Words, one: Indicator) -> str:
    return f"{words.measure(one.id)}, {words.chart_unit(one)[1]}"


def _cells(words: Words, one: Indicator) -> list[str]:
    """The medians of a measure, each with a sign for its change in the same future."""
    comparison, scale = words.comparison, words.chart_unit(one)[0]
    cells = []
    for place, standing in enumerate(comparison.standing[one.id]):
        sign = change(comparison, one.id, place).sign + " " if place else ""
        cells.append(sign + figure(standing.median * scale))
    return cells


def belief_lines(comparison: Comparison, beliefs: list[Belief], lang: str) -> list[str]:
    """Each question with its verdict and its beliefs, what counts as better, and what it all stands on."""
    words = Words(comparison, lang)
    tr = words.tr
    text: list[str] = []
    for belief in beliefs:
        text += ["", *wrapped(f"{words.names[belief.strategy]}. {question(belief, words)}.")]
        text += wrapped(verdict(belief, words), "  ")
        if belief.verdict != "holds":
            continue
        for name in belief.box.limits:
            row = parameter_rows()[name]
            text += wrapped(f"– {words.sentence(belief, name)}", "  ", "    ")
            evidence = tr(
                "{grade} ({sources}); range looked at: {range}; comes back in {share} of resamples",
                grade=tr(row.grade),
                sources=", ".join(row.sources),
                range=words.looked_at(name),
                share=percent(belief.reproduced.get(name)),
            )
            text += wrapped(evidence, "      ")
        unseen = belief.unseen
        on_unseen = tr(
            "On unseen futures (mean of {splits} splits): coverage {coverage}, density {density} (lowest {low}), "
            "base rate {base}.",
            splits=int(unseen["splits"]),
            coverage=percent(unseen["coverage"]),
            density=percent(unseen["density"]),
            low=percent(unseen["density_low"]),
            base=percent(belief.base),
        )
        text += wrapped(on_unseen, "  ")
    few = wrapped(words.few()) if words.few() else []
    return [*few, *text[0 if few else 1 :], "", *wrapped(tie_words(words)), "", *ground_lines(words)]


def tree_lines(comparison: Comparison, first: str, second: str, measures: list[str], lang: str) -> list[str]:
    """The leaves of a classification tree for each measure: a second opinion on the box."""
    from borderlab.explore.answers.findings import relevant

    words = Words(comparison, lang)
    one, other = comparison.ids.index(first), comparison.ids.index(second)
    chosen = relevant(comparison.variables.names, comparison.strategies[one], comparison.strategies[other])
    text = []
    for measure in measures:
        values = comparison.values[measure]
        hits = advantage(values, one, [other], comparison.better(measure)) > margin_of(values[[one, other]])
        text += ["", words.tr("Tree for {measure}: leaves, densest first", measure=words.measure(measure))]
        if not 0 < hits.mean() < 1:
            text.append("  " + words.tr("It is so in every future or in none: there is nothing to tell apart."))
            continue
        for leaf in leaves(comparison.variables.columns(chosen), hits, least_mass=0.1, most_leaves=6):
            limits = ", ".join(f"{name} {_limits(allowed)}" for name, allowed in leaf.box.limits.items())
            share = words.tr(
                "density {density}, coverage {coverage}",
                density=percent(leaf.score.density),
                coverage=percent(leaf.score.coverage),
            )
            text += wrapped(f"{share}: {limits or words.tr('everything else')}", "  ", "      ")
    return text


def _limits(allowed: tuple[object, ...]) -> str:
    if all(isinstance(one, str) for one in allowed):
        return " | ".join(str(one) for one in allowed)
    return f"{allowed[0]:.3g} … {allowed[1]:.3g}"


def sensitivity_lines(comparison: Comparison, found: Moves, lang: str) -> list[str]:
    """The unknowns that move a measure most, judged ones marked."""
    words = Words(comparison, lang)
    tr, rows = words.tr, parameter_rows()
    one = indicators()[found.measure]
    title = tr(
        "{measure} ({unit}) under {strategy}, {count} plausible futures",
        measure=words.measure(found.measure),
        unit=words.shown_unit(one),
        strategy=words.names[found.strategy],
        count=number(len(comparison.index)),
    )
    reading = tr(
        "First figure: how far the outcome moves with the unknown (PAWN index, 0 nothing, 1 everything; what stays "
        "below {floor} cannot be told from chance and is left out). Second: its part in a fit by extremely randomised "
        "trees (R² {fit}). † judged, not measured.",
        floor=f"{found.screened.floor:.2f}",
        fit=f"{found.fit:.2f}",
    )
    text = [*wrapped(title), *wrapped(reading), ""]
    strongest = found.strongest()
    if not strongest:
        text.append(tr("With these futures no unknown stands out from chance."))
    for name, index, tree in strongest:
        label = Words.capital(words.meaning(rows[name])) + mark(rows[name].grade)
        text += wrapped(f"{index:.2f}  {tree:.2f}  {label} [{name}]", "  ", " " * 14)
    if found.sobol is not None:
        s = found.sobol
        text += ["", tr("Sobol' indices over all futures, {runs} runs: first order, total (± 95 %)", runs=s.runs)]
        for place in np.argsort(-s.total):
            name = s.names[place]
            label = tr(REST) if name == REST else Words.capital(words.meaning(rows[name])) + mark(rows[name].grade)
            first = f"{s.first[place]:5.2f} ± {s.first_conf[place]:.2f}"
            text.append(f"  {first}  {s.total[place]:5.2f} ± {s.total_conf[place]:.2f}  {label}")
    return [*text, "", *ground_lines(words)]
