"""Section 4: what you would have to believe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from borderlab.evidence.tables.source import sources
from borderlab.explore.answers.beliefs import Belief
from borderlab.explore.results.drawn_values import parameter_rows
from borderlab.explore.results.focus import rules
from borderlab.language.numbers import percent
from borderlab.report.comparison.wording import Words
from borderlab.report.page.blocks import Blocks, Column
from borderlab.report.page.page import Page

if TYPE_CHECKING:
    from borderlab.explore.answers.compare import Compared


def beliefs_section(page: Page, done: Compared, words: Words) -> None:
    """For each strategy, the conditions under which it is the best of those compared, measure by measure."""
    tr, comparison = words.tr, done.comparison
    section = page.section(
        tr("What you would have to believe"),
        tr(
            "Every essay can be right. For each strategy and measure: in which of the plausible futures is it the "
            "best of all those compared, and what do these futures have in common?"
        ),
        id="believe",
    )
    for place, id_ in enumerate(comparison.ids):
        asked = [belief for belief in done.findings.beliefs if belief.strategy == id_]
        holds = [belief for belief in asked if belief.verdict == "holds"]
        section.text(_first_sentence(holds, words, id_))
        inner = section.group(tr("{strategy}: every question, and the evidence", strategy=words.names[id_]))
        _introduce(inner, done, words, place)
        _answers(inner, asked, words)
        for belief in holds:
            tell_belief(inner, belief, words)
    section.note(tie_words(words))
    section.note(
        tr(
            "Boxes are found by PRIM (peeling and pasting) among the {count} unknowns that move the answer most. A "
            "belief is kept if its quasi-p is at most {p} and it comes back in at least {again} of resamples; a box "
            "holds up if on futures it has not seen it keeps a density of {density} and closes a quarter of the gap "
            "between the base rate and certainty.",
            count=int(rules()["box.candidates"]),
            p=rules()["box.quasi_p"],
            again=percent(rules()["box.reproduced"]),
            density=percent(rules()["box.unseen_density"]),
        )
    )


def _first_sentence(holds: list[Belief], words: Words, id_: str) -> str:
    """The box of a strategy that holds best on unseen futures, as one sentence; or that there is none."""
    tr, name = words.tr, words.names[id_]
    if not holds:
        return tr(
            "{strategy}: no small set of beliefs tells the futures in which it is better from the others. Below stands "
            "why, question by question.",
            strategy=name,
        )
    # An answer to "best of all" says more than one to "better than the status quo".
    best = max(holds, key=lambda one: (one.over == "all", one.unseen["density"] * one.unseen["coverage"]))
    believed = words.together([words.clause(best, parameter) for parameter in best.box.limits])
    told = tr(
        "{strategy}: if one {beliefs}, it is better than {rival} on “{measure}” in {density} of futures. Over all "
        "plausible futures it is so in {base}.",
        strategy=name, rival=words.rival(best.over), measure=words.measure(best.measure),
        density=percent(best.unseen["density"]), beliefs=believed, base=percent(best.base),
    )  # fmt: skip
    return f"{told.rstrip('.')} ({rest(best, words)})."


def tie_words(words: Words) -> str:
    """What counts as better, said wherever a reader meets the question."""
    return words.tr(
        "“Better” means better by more than a tie: a difference of at most {tie} of the spread that the strategies "
        "asked about show over futures counts as not better. Two strategies that do the same on a measure therefore "
        "stand at 0 % against each other.",
        tie=words.tie,
    )


def _introduce(place: Blocks, done: Compared, words: Words, number: int) -> None:
    """What the strategy is, and whose position."""
    gist = words.gist(number)
    if gist:
        place.text(gist)
    position = done.comparison.strategies[number].position_of
    cited = [
        f"{sources()[one.source].title} ({sources()[one.source].publisher}, {sources()[one.source].date})"
        for one in position
        if one.source in sources()
    ]
    if cited:
        place.note(words.tr("Position of: {sources}", sources="; ".join(dict.fromkeys(cited))))


SHORT = {
    "holds": "the conditions are below",
    "always": "no particular belief is needed",
    "never": "hardly ever",
    "few": "too few futures to describe",
    "no box": "no small set of beliefs holds up",
}


def _answers(place: Blocks, asked: list[Belief], words: Words) -> None:
    """Every question of a strategy with its share and its answer in a few words."""
    tr = words.tr
    rivals = list(dict.fromkeys(belief.over for belief in asked))
    rows = []
    for measure in dict.fromkeys(belief.measure for belief in asked):
        cells = [words.measure(measure)]
        for rival in rivals:
            one = next(belief for belief in asked if (belief.measure, belief.over) == (measure, rival))
            answer = tr("{share}: {answer}", share=percent(one.base), answer=tr(SHORT[one.verdict]))
            cells.append(f"{answer} ({rest(one, words)})")
        rows.append(cells)
    heads = [
        tr("Best of all compared in") if rival == "all" else tr("Better than {other} in", other=words.rival(rival))
        for rival in rivals
    ]
    place.table([Column(tr("Measure")), *[Column(head) for head in heads]], rows)


def rest(belief: Belief, words: Words) -> str:
    """In what share of the other futures it is worse, and in what share it makes no difference that counts."""
    tr, neither, worse = words.tr, percent(belief.neither), percent(belief.worse)
    if " + " in belief.measure:
        return tr("worse on every one in {worse}, mixed or no difference in {neither}", worse=worse, neither=neither)
    if belief.over == "all":
        return tr("shares the lead in {neither}, behind in {worse}", neither=neither, worse=worse)
    return tr("no difference that counts in {neither}, worse in {worse}", neither=neither, worse=worse)


def question(belief: Belief, words: Words) -> str:
    """The question a belief answers, as a short heading, with what is so in the other futures."""
    return f"{_asked(belief, words)} ({rest(belief, words)})"


def _asked(belief: Belief, words: Words) -> str:
    tr = words.tr
    measure = " + ".join(words.measure(name) for name in belief.measure.split(" + "))
    share = percent(belief.base)
    if belief.over == "all":
        return tr("{measure}: best of all in {share} of plausible futures", measure=measure, share=share)
    return tr(
        "{measure}: better than {other} in {share} of plausible futures",
        measure=measure,
        other=words.rival(belief.over),
        share=share,
    )


def verdict(belief: Belief, words: Words) -> str:
    """What the search found, in a sentence."""
    tr = words.tr
    if belief.verdict == "always":
        return tr("It holds nearly everywhere: within the assumptions of this model no particular belief is needed.")
    if belief.verdict == "never":
        return tr("It hardly ever happens in this model, so there is nothing to describe.")
    if belief.verdict == "few":
        count = round(belief.base * len(words.comparison.index))
        return tr("Too few futures are of this kind ({count}) to describe them; draw more.", count=count)
    if belief.verdict == "no box":
        return tr(
            "No box holds up: no small set of beliefs tells these futures from the others on futures that the "
            "search has not seen."
        )
    assert belief.score is not None
    told = tr(
        "If you believe all of the following, it is so in {density} of futures ({unseen} on unseen ones); this covers "
        "{coverage} of all the futures in which it is so, and {mass} of all plausible futures.",
        density=percent(belief.score.density), unseen=percent(belief.unseen["density"]),
        coverage=percent(belief.score.coverage), mass=percent(belief.score.mass),
    )  # fmt: skip
    inside = tr(
        "In {worse} of the futures inside it is worse, in {neither} neither better nor worse by a margin that counts.",
        worse=percent(belief.worse_inside), neither=percent(belief.neither_inside),
    )  # fmt: skip
    return f"{told} {inside}"


def tell_belief(place: Blocks, belief: Belief, words: Words) -> None:
    """One question: heading, verdict, and for a box that holds its beliefs with their evidence."""
    tr = words.tr
    place.text(f"{question(belief, words)}. {verdict(belief, words)}")
    if belief.verdict != "holds":
        return
    rows = []
    for name in belief.box.limits:
        row = parameter_rows()[name]
        cited = "; ".join(sources()[one].title if one in sources() else one for one in row.sources)
        rows.append(
            [
                words.sentence(belief, name),
                words.looked_at(name),
                f"{tr(row.grade)}: {cited}",
                percent(belief.reproduced.get(name)),
                _p(belief.quasi_p.get(name)),
            ]
        )
    place.table(
        [
            Column(tr("One would have to believe that …")),
            Column(tr("Range looked at")),
            Column(tr("Evidence")),
            Column(tr("Comes back"), "right"),
            Column(tr("quasi-p"), "right"),
        ],
        rows,
        note=tr(
            "On unseen futures (mean of {splits} splits): coverage {coverage}, density {density} (lowest {low}), "
            "base rate {base}.",
            splits=int(belief.unseen["splits"]),
            coverage=percent(belief.unseen["coverage"]),
            density=percent(belief.unseen["density"]),
            low=percent(belief.unseen["density_low"]),
            base=percent(belief.base),
        ),
    )


def _p(value: float | None) -> str:
    if value is None or value < 0:
        return "–"
    return "< 0.001" if value < 0.001 else f"{value:.3f}"
