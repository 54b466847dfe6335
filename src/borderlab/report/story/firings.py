"""What happened in one future, told in dated sentences."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan

from borderlab.language.amounts import weeks_words
from borderlab.language.dates import date as day_words
from borderlab.language.translate import translator
from borderlab.strategy.runtime.firings import Ending, Firing, FiringLog
from borderlab.strategy.tree.plain_words import Teller
from borderlab.strategy.tree.tree import Strategy
from borderlab.strategy.tree.vocabulary import Readable

_WHY = {
    Ending.RUNNING: "still running",
    Ending.MET: "the aim was reached",
    Ending.MET_UNDER_THREAT: "the aim was reached before the threat fell due",
    Ending.LIMIT: "the time allowed was over",
    Ending.LIFTED_IN_STEPS: "every step was lifted",
    Ending.NOT_CARRIED_OUT: "the threat was not carried out",
    Ending.NO_LONGER_CALLED_FOR: "the reason for it was gone",
    Ending.READING_MISSING: "a reading was missing when it fell due",
    Ending.DONE: "done",
}


def ending_words(why: Ending, lang: str) -> str:
    """Why a firing ended."""
    return translator("strategy", lang)(_WHY[why])


def told(
    strategy: Strategy,
    log: FiringLog,
    future: int,
    lang: str = "en",
    indicators: Mapping[str, Readable] | None = None,
) -> list[str]:
    """The firings of one future in order of time, a paragraph each: when, what was seen, what was done, why it ended.

    Raises:
        IndexError: there is no such future.
    """
    teller = Teller(strategy, lang, indicators)
    return [_one(teller, firing) for firing in log.of(future)]


def _one(teller: Teller, firing: Firing) -> str:
    tr, lang = teller.tr, teller.lang
    rule = teller.strategy.rule(firing.rule)
    parts = [
        tr("{day}: the rule {rule} fired, as {seen}.", day=day_words(firing.begin, lang),
           rule=teller.rule_name(firing.rule), seen=_seen(teller, firing.seen))
    ]  # fmt: skip
    if rule.threaten is not None:
        parts.append(tr("It was announced from {begin}.", begin=day_words(firing.begin, lang)))
    if firing.imposed is not None and firing.why is not Ending.DONE:
        weeks = weeks_words(firing.weeks_in_force, lang)
        parts.append(tr("In force from {begin} for {weeks}.", begin=day_words(firing.imposed, lang), weeks=weeks))
    if firing.why is Ending.DONE:
        parts.append(_capital(f"{teller.actions(rule)}."))
    elif firing.end is not None:
        day = day_words(firing.end, lang)
        parts.append(tr("It ended on {day}: {why}.", day=day, why=ending_words(firing.why, lang)))
        parts.append(tr("At the end {seen}.", seen=_seen(teller, firing.seen_at_end)))
    return " ".join(parts)


def _seen(teller: Teller, readings: Mapping[str, float]) -> str:
    if not readings:
        return teller.tr("nothing is watched")
    said = []
    for name, value in readings.items():
        if isnan(value):
            said.append(teller.tr("{name} was not known", name=teller.indicator(name)))
        else:
            unit = teller.indicators[name].unit
            said.append(
                teller.tr("{name} stood at {value}", name=teller.indicator(name), value=teller.amount(value, unit))
            )
    return teller.joined(said)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
