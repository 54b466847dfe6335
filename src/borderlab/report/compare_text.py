"""Comparisons, beliefs and sensitivity as plain text for a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from borderlab.evidence.indicator import Indicator, indicators
from borderlab.explore.beliefs import Belief, advantage, margin_of
from borderlab.explore.candidates import parameter_rows
from borderlab.explore.comparison import Comparison
from borderlab.explore.matters import REST, Moves
from borderlab.explore.tree import leaves
from borderlab.report.compare_beliefs import question, verdict
from borderlab.report.compare_matters import mark
from borderlab.report.compare_words import Words, digits_for
from borderlab.report.numbers import number, percent

if TYPE_CHECKING:
    from borderlab.explore.compare import Compared


def lines(done: Compared, lang: str) -> list[str]:
    """The medians of the headline measures, one line each, and how much holds up."""
    comparison = done.comparison
    words = Words(comparison, lang)
    tr, names = words.tr, list(words.names.values())
    text = [
        tr(
            "{drawn} futures drawn, {kept} ({share}) reproduce history. Medians over these; ▲ better, ▼ worse than the "
            "status quo in the same future (median difference). Not a forecast.",
            drawn=comparison.drawn,
            kept=len(comparison.index),
            share=percent(comparison.plausible_share),
        ),
        *filter(None, [words.few()]),
        "",
    ]
    rows = [[_label(words, one), *_cells(words, one)] for one in comparison.headline]
    room = max(len(row[0]) for row in rows) + 1
    width = max(len(cell) for cell in [*names, *(cell for row in rows for cell in row[1:])]) + 2
    text.append(" " * room + "".join(f"{name:>{width}}" for name in names))
    text += [f"{row[0]:{room}}" + "".join(f"{cell:>{width}}" for cell in row[1:]) for row in rows]
    holds = sum(belief.verdict == "holds" for belief in done.findings.beliefs)
    text += [
        "",
        tr(
            "What you would have to believe: {some} of {all} questions have an answer that holds on unseen futures; "
            "see the report.",
            some=holds,
            all=len(done.findings.beliefs),
        ),
    ]
    return text


def _label(words: Words, one: Indicator) -> str:
    return f"{words.measure(one.id)}, {words.chart_unit(one)[1]}"


def _cells(words: Words, one: Indicator) -> list[str]:
    """The medians of a measure, each with an arrow for its change in the same future."""
    comparison, scale = words.comparison, words.chart_unit(one)[0]
    values = comparison.values[one.id]
    spread = float(np.ptp(np.quantile(values, [0.05, 0.95])))
    cells = []
    for place, standing in enumerate(comparison.standing[one.id]):
        arrow = words.arrow(one, float(np.median(values[place] - values[0])), 0.0, spread) + " " if place else ""
        cells.append(arrow + number(standing.median * scale, digits_for(standing.median * scale)))
    return cells


def belief_lines(comparison: Comparison, beliefs: list[Belief], lang: str) -> list[str]:
    """Each question with its verdict and its beliefs."""
    words = Words(comparison, lang)
    tr = words.tr
    text = [words.few()] if words.few() else []
    for belief in beliefs:
        text += ["", f"{words.names[belief.strategy]}: {question(belief, words)}.", "  " + verdict(belief, words)]
        if belief.verdict != "holds":
            continue
        for name in belief.box.limits:
            row = parameter_rows()[name]
            text.append(f"  – {words.sentence(belief, name)}")
            text.append(
                "      "
                + tr(
                    "{grade} ({sources}); range looked at: {range}; comes back in {share} of resamples",
                    grade=tr(row.grade),
                    sources=", ".join(row.sources),
                    range=words.looked_at(name),
                    share=percent(belief.reproduced.get(name)),
                )
            )
        unseen = belief.unseen
        text.append(
            "  "
            + tr(
                "On unseen futures (mean of {splits} splits): coverage {coverage}, density {density} (lowest {low}), "
                "base rate {base}.",
                splits=int(unseen["splits"]),
                coverage=percent(unseen["coverage"]),
                density=percent(unseen["density"]),
                low=percent(unseen["density_low"]),
                base=percent(belief.base),
            )
        )
    return text if text[0] else text[1:]


def tree_lines(comparison: Comparison, first: str, second: str, measures: list[str], lang: str) -> list[str]:
    """The leaves of a classification tree for each measure: a second opinion on the box."""
    from borderlab.explore.findings import relevant

    words = Words(comparison, lang)
    one, other = comparison.ids.index(first), comparison.ids.index(second)
    chosen = relevant(comparison.variables.names, comparison.strategies[one], comparison.strategies[other])
    text = []
    for measure in measures:
        values = comparison.values[measure]
        hits = advantage(values, one, [other], comparison.better(measure)) > margin_of(values)
        text += ["", words.tr("Tree for {measure}: leaves, densest first", measure=words.measure(measure))]
        if not 0 < hits.mean() < 1:
            continue
        for leaf in leaves(comparison.variables.columns(chosen), hits, least_mass=0.1, most_leaves=6):
            limits = ", ".join(f"{name} {_limits(allowed)}" for name, allowed in leaf.box.limits.items())
            text.append(f"  density {leaf.score.density:.2f}  coverage {leaf.score.coverage:.2f}  {limits}")
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
    text = [
        tr(
            "{measure} ({unit}) under {strategy}, {count} plausible futures",
            measure=words.measure(found.measure),
            unit=words.shown_unit(one),
            strategy=words.names[found.strategy],
            count=len(comparison.index),
        ),
        tr(
            "PAWN index (floor {floor}), importance by extra trees (R² {fit}); † judged, not measured",
            floor=f"{found.screened.floor:.2f}",
            fit=f"{found.fit:.2f}",
        ),
        "",
    ]
    strongest = found.strongest()
    if not strongest:
        text.append(tr("With these futures no unknown stands out from chance."))
    for name, index, tree in strongest:
        label = Words.capital(words.meaning(rows[name])) + mark(rows[name].grade)
        text.append(f"  {index:.2f}  {tree:.2f}  {label} [{name}]")
    if found.sobol is not None:
        s = found.sobol
        text += ["", tr("Sobol' indices over all futures, {runs} runs: first order, total (± 95 %)", runs=s.runs)]
        for place in np.argsort(-s.total):
            name = s.names[place]
            label = tr(REST) if name == REST else Words.capital(words.meaning(rows[name])) + mark(rows[name].grade)
            first = f"{s.first[place]:5.2f} ± {s.first_conf[place]:.2f}"
            text.append(f"  {first}  {s.total[place]:5.2f} ± {s.total_conf[place]:.2f}  {label}")
    return text
