"""The page of a strategy that was run: what it does beside the status quo, its rules, and what the result rests on."""

from __future__ import annotations

from borderlab.language.dates import period
from borderlab.language.numbers import number, percent
from borderlab.language.translate import translator
from borderlab.model.history.hindcast import band
from borderlab.report.page.blocks import Column, Stat
from borderlab.report.page.page import Page
from borderlab.report.story.run import HEADLINES, Summary
from borderlab.report.story.wording import plain, scaled


def run_page(summary: Summary, lang: str) -> Page:
    """The page, in English or Spanish."""
    tr = translator("model", lang)
    result = summary.result
    page = Page(
        lang=lang,
        title=summary.strategy.title.get(lang) or summary.strategy.id,
        kicker=tr("A strategy beside the status quo, {period}", period=period(result.weeks[0], result.weeks[-1], lang)),
        lede=summary.strategy.gist.get(lang, ""),
    )
    page.stats(
        [
            Stat(number(summary.kept), tr("plausible futures: those that reproduce what history shows")),
            Stat(percent(summary.plausible_share), tr("of the futures drawn are plausible")),
        ]
    )
    section = page.section(
        tr("What it does"),
        tr("Median and 5–95 % band over {kept} plausible futures; status quo in the same futures.", kept=summary.kept),
    )
    section.table(
        [
            Column(tr("Measure")),
            Column(tr("status quo"), "right"),
            Column(tr("this strategy"), "right"),
            Column(tr("5–95 %"), "right"),
        ],
        [_row(summary, id_, lang) for id_ in HEADLINES if id_ in result.measures],
    )
    rules = summary.rule_lines(lang)
    page.section(rules[0] if len(rules) > 1 else tr("Rules")).bullets([line.strip() for line in rules[1:]] or rules)
    page.section(tr("What this rests on")).bullets(summary.basis(lang))
    page.footer(hash=summary.hash)
    return page


def _row(summary: Summary, id_: str, lang: str) -> list[object]:
    from borderlab.evidence.tables.indicator import indicators

    row = indicators()[id_]
    mine, base = band(summary.result.measures[id_]), band(summary.baseline.measures[id_])
    largest = max(abs(mine["p95"]), abs(mine["p05"]), abs(base["median"]))
    scale, unit = scaled(largest, row.unit, lang)
    low, middle, high, before = (
        plain(value / scale) for value in (*(mine[k] for k in ("p05", "median", "p95")), base["median"])
    )
    return [f"{row.name(lang)}, {unit}", before, middle, f"{low} – {high}"]
