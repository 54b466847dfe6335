"""The evidence book: a page for each essay, the timeline, where sources differ, the measures of the law."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from borderlab.base.safefile import whole_folder
from borderlab.evidence.catalogue.catalogue import entries
from borderlab.evidence.catalogue.timeline import timeline
from borderlab.evidence.tables.claim import Claim, claims, claims_of
from borderlab.evidence.tables.conflict import conflicts
from borderlab.evidence.tables.essay import Essay, essays
from borderlab.evidence.tables.statute import statutory_measures
from borderlab.language.translate import translator
from borderlab.report.book.cards import claim_blocks, model_places
from borderlab.report.book.foot import book_hash, finish, new_page
from borderlab.report.book.text import figure, term, unit_words
from borderlab.report.book.timeline import timeline_page
from borderlab.report.book.verdicts import VERDICTS, verdict_spec
from borderlab.report.page.blocks import Column, Link, Stat
from borderlab.report.page.page import Page

FIRST, LAST = "1969", "2026"
MARKER = "book.json"
INDEX, TIMELINE, CONFLICTS, MEASURES = "index.html", "timeline.html", "conflicts.html", "measures.html"


def essay_file(essay: str) -> str:
    """The file of an essay's page."""
    return f"{essay}.html"


def write_book(out: Path, lang: str) -> list[Path]:
    """Write every page of the book into a folder, whole or not at all; give the pages, the first to open first.

    Raises:
        InputError: the folder holds other things or cannot be written.
    """
    import json

    pages: dict[str, Page] = {INDEX: index_page(lang)}
    pages |= {essay_file(essay.id): essay_page(essay, lang) for essay in essays().values()}
    pages[TIMELINE] = timeline_page(timeline(FIRST), lang, FIRST, LAST)
    pages[CONFLICTS] = conflicts_page(lang)
    pages[MEASURES] = measures_page(lang)
    with whole_folder(out, marker=MARKER) as folder:
        for name, page in pages.items():
            page.links, page.links_label = links(name, lang), translator("evidence", lang)("Pages of the book")
            (folder / name).write_text(page.html(), encoding="utf-8")
        facts = {"kind": "borderlab evidence book", "lang": lang, "pages": list(pages), "hash": book_hash(lang)}
        (folder / MARKER).write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    return [out / name for name in pages]


def links(here: str, lang: str) -> list[Link]:
    """The pages of the book, as each of them lists them."""
    tr = translator("evidence", lang)
    names = [(tr("Overview"), INDEX)]
    names += [(_short(essay), essay_file(essay.id)) for essay in essays().values()]
    names += [(tr("Timeline"), TIMELINE), (tr("Where sources differ"), CONFLICTS), (tr("Measures in law"), MEASURES)]
    return [Link(name, href, href == here) for name, href in names]


def _short(essay: Essay) -> str:
    authors = [name.split()[-1] for name in essay.author.split(", ")]
    return f"{' & '.join(authors)} {essay.date[:4]}"


def _tally(found: Sequence[Claim]) -> Counter[str]:
    return Counter(claim.verdict for claim in found)


def index_page(lang: str) -> Page:
    """What the book is, and how the claims of the five essays stand."""
    tr = translator("evidence", lang)
    every = list(claims().values())
    tally = _tally(every)
    page = new_page(
        lang=lang,
        title=tr("Five essays, claim by claim"),
        kicker=tr("borderlab evidence book"),
        lede=tr("What each author says about U.S.–Mexico border security, beside what official data show."),
    )
    page.stats(_stats(every, tr))
    section = page.section(tr("How the claims stand"))
    section.text(
        tr(
            "Every figure of the five essays was coded, and every statement of what brings about what. Each was held "
            "against an official series where one exists. Most cannot be checked: they rest on judgement, on one "
            "event, or on counts that nobody publishes."
        )
    )
    counts = {_short(essay): dict(_tally(claims_of(essay.id))) for essay in essays().values()}
    section.chart(
        verdict_spec(counts, lang),
        narrow=verdict_spec(counts, lang, narrow=True),
        title=tr("Claims of each essay by verdict"),
        subtitle=tr("number of claims; longer essays make more"),
        alt=tr("Bars for five essays, each split by verdict; the figures stand in the table below the chart."),
        table=(
            [tr("Essay"), *(Column(term("verdict", verdict, lang), "right") for verdict in VERDICTS)],
            [[name, *(by.get(verdict, 0) for verdict in VERDICTS)] for name, by in counts.items()],
        ),
    )
    section.note(
        tr(
            "The bars do not rank the essays: an essay with many figures has more that can be checked, "
            "and more to err in."
        )
    )
    arguments = page.section(tr("What each essay argues"))
    arguments.bullets(
        [(f"{_short(essay)}: {essay.publication.title}", _thesis(essay, lang)) for essay in essays().values()]
    )
    reading = page.section(tr("How to read a verdict"))
    reading.bullets(_meanings(tr, lang))
    reading.callout(
        tr(
            "A verdict is about a statement, not about an author. A figure that holds does not prove the argument it "
            "serves, and a figure that does not hold does not refute it."
        )
    )
    assert sum(tally.values()) == len(every)
    return finish(page, lang, list(essays()))


def _thesis(essay: Essay, lang: str) -> str:
    return essay.thesis_es if lang == "es" else essay.thesis_en


def _meanings(tr: Callable[..., str], lang: str) -> list[tuple[str, str]]:
    return [
        (term("verdict", "holds", lang), tr("The official figure is the same, but for rounding.")),
        (
            term("verdict", "holds-roughly", lang),
            tr("The direction or size is right, with a caveat on what is counted, on the date or on a part."),
        ),
        (
            term("verdict", "does-not-hold", lang),
            tr("The official figure for what the words name is another one. The note says which count would fit."),
        ),
        (
            term("verdict", "cannot-be-checked", lang),
            tr("No official series was kept, or the statement is about cause and effect that data do not settle."),
        ),
    ]


def _stats(found: Sequence[Claim], tr: Callable[..., str]) -> list[Stat]:
    tally = _tally(found)
    checked = len(found) - tally["cannot-be-checked"]
    return [
        Stat(str(len(found)), tr("claims coded"), tr("figures and statements of cause")),
        Stat(str(checked), tr("held against official data")),
        Stat(str(tally["holds"] + tally["holds-roughly"]), tr("hold, or hold roughly")),
        Stat(str(tally["does-not-hold"]), tr("do not hold as worded")),
    ]


def essay_page(essay: Essay, lang: str) -> Page:
    """One essay: its argument as a chain of claims, its figures, and where it stands in the model."""
    tr = translator("evidence", lang)
    own = claims_of(essay.id)
    source = essay.publication
    page = new_page(
        lang=lang,
        title=source.title,
        kicker=f"{essay.author} · {source.publisher} · {source.date}",
        lede=_thesis(essay, lang),
    )
    page.stats(_stats(own, tr))
    causal = [claim for claim in own if claim.kind == "causal"]
    figures = [claim for claim in own if claim.kind == "quantitative"]
    checked = [claim for claim in figures if claim.verdict != "cannot-be-checked"]
    numbers = {claim.id: str(place) for place, claim in enumerate([*causal, *checked], 1)}
    chain = page.section(
        tr("The argument as a chain of claims"),
        tr("What the essay says brings about what, in its own order, in our words, with what speaks to it."),
        id="argument",
    )
    claim_blocks(chain, causal, lang, linked=True, start=1)
    held = page.section(
        tr("Its figures beside official ones"),
        tr("Every figure that an official series, a law or a dated record can speak to."),
        id="figures",
    )
    if checked:
        claim_blocks(held, checked, lang, linked=False, start=len(causal) + 1)
    else:
        held.text(tr("No figure of this essay could be held against an official series."))
    rest = [claim for claim in figures if claim.verdict == "cannot-be-checked"]
    if rest:
        group = held.group(tr("{n} figures that cannot be checked", n=len(rest)))
        group.table(*_unchecked(rest, lang))
    place = page.section(
        tr("Where it stands in the model"),
        tr(
            "The parameters, switches, levers and indicators that its claims bear on. Strategy in the library: {id}.",
            id=_strategy(essay.strategy, lang),
        ),
        id="model",
    )
    model_places(place, own, numbers, lang)
    cited = [essay.id, *(name for claim in own for name in claim.official_sources)]
    return finish(page, lang, cited)


def _strategy(name: str, lang: str) -> str:
    """A shipped strategy by its title and id."""
    found = [entry for entry in entries().get(name, ()) if entry.kind == "strategy"]
    return f"{found[0].title(lang)} ({name})" if found else name


def _unchecked(rest: Sequence[Claim], lang: str) -> tuple[list[str | Column], list[list[str]]]:
    tr = translator("evidence", lang)
    rows = []
    for claim in rest:
        shown = claim.to_json(lang)
        stated = figure(claim.value, claim.low, claim.high, unit_words(claim.unit, lang))
        rows.append([shown["paraphrase"], stated, shown["note"] or "–", claim.place])
    return [tr("Statement"), tr("Figure"), tr("Note"), tr("Place")], rows


def conflicts_page(lang: str) -> Page:
    """Every topic on which sources differ, with what each value counts."""
    tr = translator("evidence", lang)
    topics = conflicts()
    page = new_page(
        lang=lang,
        title=tr("Where sources differ"),
        kicker=tr("borderlab evidence book"),
        lede=tr("The same words often count different things. Every value stands here with what it counts."),
    )
    page.stats(
        [
            Stat(str(len(topics)), tr("topics")),
            Stat(str(sum(len(values) for values in topics.values())), tr("values")),
        ]
    )
    section = page.section(tr("Values side by side"), id="values")
    for topic, values in topics.items():
        rows = []
        for value in values:
            shown = figure(value.value, value.low, value.high, unit_words(value.unit, lang))
            counts = value.counts_es if lang == "es" else value.counts_en
            rows.append([shown, counts, value.period, value.source, tr("yes") if value.used == "yes" else tr("no")])
        note = next((value.note_es if lang == "es" else value.note_en for value in values if value.note_en), None)
        section.table(
            [tr("Value"), tr("What it counts"), tr("Period"), tr("Source"), tr("Used here")],
            rows,
            caption=f"{values[0].topic_es if lang == 'es' else values[0].topic_en} ({topic})",
            note=note,
        )
    return finish(page, lang, [value.source for values in topics.values() for value in values])


def measures_page(lang: str) -> Page:
    """The 43 measures of the law and which can be computed from what is public."""
    tr = translator("evidence", lang)
    every = list(statutory_measures().values())
    tally = Counter(measure.computable for measure in every)
    page = new_page(
        lang=lang,
        title=tr("What the law asks to be measured"),
        kicker=tr("borderlab evidence book"),
        lede=tr(
            "The 43 measures of 6 U.S.C. 223. None of them measures cooperation, Mexican effort, trade harm "
            "or extortion."
        ),
    )
    page.stats(
        [
            Stat(str(len(every)), tr("measures in law")),
            Stat(str(tally["yes"]), tr("computable from public series")),
            Stat(str(tally["partly"] + tally["model"]), tr("in part, or with an estimate from the model")),
            Stat(str(tally["no"]), tr("not computable")),
        ]
    )
    for part in dict.fromkeys(measure.part for measure in every):
        section = page.section(term("part", part, lang), id=part)
        section.table(
            [tr("Measure"), tr("Id"), tr("Computable"), tr("Indicator"), tr("Limitation")],
            [
                [
                    measure.name_es if lang == "es" else measure.name_en,
                    measure.id,
                    term("computable", measure.computable, lang),
                    measure.indicator or "–",
                    (measure.limitation_es if lang == "es" else measure.limitation_en) or "–",
                ]
                for measure in every
                if measure.part == part
            ],
        )
    return finish(page, lang, ["6usc223", "gao-19-305", "gao-22-104651", "gao-24-106277"])
