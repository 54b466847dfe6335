"""Section 6: which crossings the strategies' restrictions touch."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from borderlab.language.numbers import number, percent
from borderlab.report.comparison.over_time import rule_words
from borderlab.report.comparison.wording import Words
from borderlab.report.page import style
from borderlab.report.page.blocks import Column
from borderlab.report.page.page import Page

if TYPE_CHECKING:
    from borderlab.explore.answers.compare import Compared


UNTOUCHED = 0.06  # size of a crossing that no strategy names, beside 1 for one strategy


def border_section(page: Page, done: Compared, words: Words) -> None:
    """Map and table of the crossings that any rule or standing setting restricts, or speeds up."""
    tr = words.tr
    section = page.section(
        tr("At the border"),
        tr("Where the strategies act on crossings: by which rule, in how many futures, and for how long."),
        id="at-the-border",
    )
    rows, touched = _touched(done, words)
    if not rows:
        section.text(tr("None of these strategies changes anything at a crossing."))
        return
    if touched:
        _map(section, touched, words)
    section.table(
        [
            Column(tr("Strategy")),
            Column(tr("Rule")),
            Column(tr("What is done")),
            Column(tr("Where")),
            Column(tr("In force at some time in"), "right"),
            Column(tr("Weeks, median"), "right"),
        ],
        rows,
        note=tr(
            "Effects on waits, trucks and cost come from the response surface of the exact simulation of every "
            "crossing; the command “borderlab crossings simulate” runs a restriction vehicle by vehicle."
        ),
    )


def _touched(done: Compared, words: Words) -> tuple[list[list[str]], dict[str, dict[str, float]]]:
    """Table rows, and crossing -> strategy -> share of futures in which it is touched."""
    from borderlab.crossings.border.places import crossings
    from borderlab.evidence.tables.lever import levers

    tr, comparison = words.tr, done.comparison
    known = levers()
    every = {one.id: one.name(words.lang) for one in crossings()}
    rows: list[list[str]] = []
    touched: dict[str, dict[str, float]] = {}
    for place, strategy in enumerate(comparison.strategies):
        acts: list[tuple[str, str, tuple[str, ...], int | None]] = [
            (rule_words(rule, words), action.lever, action.at, number_)
            for number_, rule in enumerate(strategy.rules)
            for action in rule.lever_actions
        ]
        acts += [(tr("at all times"), one.lever, one.at, None) for one in strategy.constants]
        for rule, lever, at, number_ in acts:
            if known[lever].surface_kind is None:
                continue
            share, weeks = 1.0, None
            if number_ is not None:
                spent = comparison.weeks[place][number_]
                share = float((spent > 0).mean())
                weeks = float(np.median(spent[spent > 0])) if share > 0 else 0.0
            where = ", ".join(every.get(id_, id_) for id_ in at) if at else tr("the whole border")
            lever_name = known[lever].name_es if words.lang == "es" else known[lever].name_en
            rows.append(
                [
                    words.names[strategy.id],
                    rule,
                    lever_name,
                    where,
                    percent(share),
                    tr("always") if weeks is None else number(weeks),
                ]
            )
            for id_ in at:  # what acts on the whole border would colour every crossing alike: it stands in the table
                here = touched.setdefault(id_, {})
                here[strategy.id] = max(here.get(strategy.id, 0.0), share)
    return rows, touched


def _map(section, touched: dict[str, dict[str, float]], words: Words) -> None:  # type: ignore[no-untyped-def]
    from borderlab.crossings.border.places import crossings
    from borderlab.report.page.map import Spot, border_map

    tr = words.tr
    groups = [
        (tr("touched by one strategy"), style.SEQUENTIAL[1]),
        (tr("touched by two or three"), style.SEQUENTIAL[2]),
        (tr("touched by four or more"), style.SEQUENTIAL[4]),
        (tr("touched by none"), style.BASELINE),
    ]
    spots, rows = [], []
    for one in crossings():
        here = {id_: share for id_, share in touched.get(one.id, {}).items() if share > 0}
        group = groups[3] if not here else groups[0 if len(here) == 1 else 1 if len(here) < 4 else 2]
        who = "; ".join(f"{words.names[id_]} {percent(share)}" for id_, share in here.items()) or "–"
        spots.append(Spot(one.name(words.lang), one.lon, one.lat, float(len(here)) or UNTOUCHED, group[0], who))
        rows.append([one.name(words.lang), number(len(here)), who])
    wide, narrow = (border_map(spots, groups, words.lang, size_title=None, narrow=slim) for slim in (False, True))
    section.chart(
        wide,
        narrow=narrow,
        title=tr("Crossings that the strategies name"),
        subtitle=tr("rules that act on the whole border are in the table only"),
        alt=tr(
            "Map of the border with a dot for each crossing, larger where more strategies act; the table below names "
            "them."
        ),
        table=(
            [Column(tr("Crossing")), Column(tr("Strategies"), "right"), Column(tr("Share of futures touched"))],
            rows,
        ),
    )
