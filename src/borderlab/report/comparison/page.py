"""The report of a comparison: eight sections, one offline page, in English or Spanish."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from borderlab.language.dates import period
from borderlab.language.numbers import number, percent
from borderlab.report.comparison.basis import ground_section
from borderlab.report.comparison.beliefs import beliefs_section
from borderlab.report.comparison.border import border_section
from borderlab.report.comparison.leaders import wins_section
from borderlab.report.comparison.over_time import time_section
from borderlab.report.comparison.robustness import robust_section
from borderlab.report.comparison.sensitivity import matters_section
from borderlab.report.comparison.trade_offs import trades_section
from borderlab.report.comparison.wording import Words
from borderlab.report.page.blocks import Stat
from borderlab.report.page.page import Page

if TYPE_CHECKING:
    from borderlab.explore.answers.compare import Compared


def write_report(done: Compared, path: Path, lang: str, command: str) -> Path:
    """Write the page of a finished comparison and give its path."""
    return build(done, lang, command).write(path)


def build(done: Compared, lang: str, command: str) -> Page:
    """The page of a finished comparison."""
    words = Words(done.comparison, lang)
    page = _opening(done, words)
    wins_section(page, done, words)
    trades_section(page, done, words)
    robust_section(page, done, words)
    beliefs_section(page, done, words)
    time_section(page, done, words)
    border_section(page, done, words)
    matters_section(page, done, words)
    sources = ground_section(page, done, words)
    page.footer(hash=done.comparison.hash, command=command, sources=sources)
    return page


def years_on(day: date, years: int) -> date:
    """The same day so many years on; of 29 February in a year without one, 28 February.

    >>> years_on(date(2028, 2, 29), 10)
    datetime.date(2038, 2, 28)
    """
    return date(day.year + years, day.month, min(day.day, monthrange(day.year + years, day.month)[1]))


def _opening(done: Compared, words: Words) -> Page:
    tr, comparison = words.tr, done.comparison
    end = years_on(comparison.start, round(comparison.inputs["years"]))
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
                tr("headline measures have the same leader however one ranks: by median, mean, regret or threshold"),
                tr("on the others the way of ranking decides") if agree < len(differ) else None,
            ),
            Stat(
                tr("{some} of {all}", some=holds, all=len(done.findings.beliefs)),
                tr("questions “when is it better?” have an answer that holds on futures kept aside"),
                note,
            ),
        ]
    )
    return page


def _all_alike(done: Compared, measure: str) -> bool:
    """Do all strategies share the lead by every metric?"""
    count = len(done.comparison.ids)
    return all(len(leaders) == count for leaders in done.comparison.rank_changes[measure].leaders.values())
