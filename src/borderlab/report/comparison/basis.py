"""Section 8: assumptions, evidence, plausible share, stability, limits, and how to make the page again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from borderlab import __version__
from borderlab.base.identity import code_hash
from borderlab.explore.results.drawn_values import parameter_rows
from borderlab.explore.results.robustness import METRICS
from borderlab.language.numbers import number, percent
from borderlab.report.comparison.wording import METRIC_WORDS, Words
from borderlab.report.page.blocks import Column, Section
from borderlab.report.page.page import Page

if TYPE_CHECKING:
    from borderlab.explore.answers.compare import Compared
    from borderlab.model.history.history_match import Fact

METHOD = ("bryant-lempert-2010", "friedman-fisher-1999", "mcphail-2018", "pianosi-wagener-2018", "borderlab-thresholds")


def ground_section(page: Page, done: Compared, words: Words) -> list[str]:
    """Write the section; gives the ids of all sources that the page stands on."""
    tr, comparison = words.tr, done.comparison
    section = page.section(tr("What this stands on"), id="what-this-stands-on")
    section.text(
        tr(
            "{drawn} futures were drawn; {kept} ({share}) reproduce the coded history and are used. A future that "
            "does not may still come true; it is left out because it contradicts what has been seen.",
            drawn=number(comparison.drawn),
            kept=number(len(comparison.index)),
            share=percent(comparison.plausible_share),
        )
    )
    _facts(section, done, words)
    _stability(section, done, words)
    _grades(section, words)
    section.callout(
        tr(
            "What the model cannot say: what will happen; what a strategy is worth in money or in lives; what either "
            "government will decide; anything about persons. How much of the fall of arrivals in 2019 was Mexico's "
            "effort and how much U.S. measures is not settled, and is drawn, not decided."
        ),
        tone="caution",
    )
    if done.store.other_version:
        section.callout(
            tr(
                "The runs were made by version {made}; this page by version {page}. The figures are those of the runs.",
                made=done.store.other_version,
                page=f"{__version__} ({code_hash()[:12]})",
            )
        )
    listed = sorted({one for row in parameter_rows().values() for one in row.sources})
    from borderlab.evidence.tables.source import sources

    cited = {place.source for strategy in comparison.strategies for place in strategy.position_of}
    return [one for one in [*METHOD, *sorted(cited), *listed] if one in sources()]


def _facts(section: Section, done: Compared, words: Words) -> None:
    tr = words.tr
    facts = fact_words(words)
    passed = done.comparison.facts.mean(axis=1)
    if len(facts) != len(passed):
        return
    rows = [[text, percent(float(share))] for text, share in zip(facts, passed, strict=True)]
    inner = section.group(tr("What a plausible future must reproduce"))
    inner.table([Column(tr("Fact of history")), Column(tr("Futures that reproduce it"), "right")], rows)


def fact_words(words: Words) -> list[str]:
    """The stylised facts in words with what the record says, in the order of the run's table."""
    from borderlab.model.history.history_match import facts

    return [f"{Words.capital(one.name(words.lang))}: {_record(one, words.lang)}" for one in facts()]


def _record(fact: Fact, lang: str) -> str:
    return fact.observed_es if lang == "es" else fact.observed_en


def _stability(section: Section, done: Compared, words: Words) -> None:
    tr = words.tr
    stable = done.findings.stability
    wide = [one.relative_width for one in stable.values()]
    shaky = [name for name, one in stable.items() if min(one.leader_kept.values()) < 0.8]
    if words.few():
        section.text(words.few())
    if wide:
        section.text(
            tr(
                "Are these futures enough? Drawn again with replacement 100 times, the medians move by at most "
                "{width} of the spread over futures.",
                width=percent(max(wide)),
            )
            + " "
            + (
                tr(
                    "On {measures} the leader changes in more than one draw of five: treat it as a tie or draw more "
                    "futures.",
                    measures=words.together([words.measure(name) for name in shaky]),
                )
                if shaky
                else tr("The leader of every headline measure stays the same in at least four draws of five.")
            )
        )
    inner = section.group(tr("Stability of every headline measure"))
    shown = [metric for metric in METRICS if metric in ("median", "expected", "regret_p90")]
    inner.table(
        [
            Column(tr("Measure")),
            Column(tr("Width of the median"), "right"),
            *[Column(tr("Leader kept: {metric}", metric=tr(METRIC_WORDS[m])), "right") for m in shown],
        ],
        [
            [words.measure(name), percent(one.relative_width, 1), *[percent(one.leader_kept[m]) for m in shown]]
            for name, one in stable.items()
        ],
        note=tr("Width: 90 % interval of the median under resampling, as a share of the 5 to 95 % band."),
    )


def _grades(section: Section, words: Words) -> None:
    tr = words.tr
    rows = parameter_rows()
    grades = [row.grade for row in rows.values()]
    counts = {grade: grades.count(grade) for grade in ("measured", "estimated", "judged")}
    section.text(
        tr(
            "{total} unknowns are drawn: {measured} measured, {estimated} estimated, {judged} judged. Each has a "
            "range and a source; the command “borderlab why NAME” shows them.",
            total=len(rows),
            **counts,
        )
    )
    inner = section.group(tr("All unknowns, with range, grade and source"), paper=False)
    inner.table(
        [
            Column(tr("Unknown")),
            Column(tr("Range looked at")),
            Column(tr("Grade")),
            Column(tr("Source")),
            Column(tr("Name")),
        ],
        [
            [Words.capital(words.meaning(row)), words.looked_at(name), tr(row.grade), ", ".join(row.sources), name]
            for name, row in rows.items()
        ],
    )
