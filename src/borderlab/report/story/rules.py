"""The rules of a strategy in one future, as they are told: announced, put in force, lifted in part, ended."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import isnan
from typing import Any

import numpy as np

from borderlab.evidence.tables.lever import levers
from borderlab.language.dates import date as day_words
from borderlab.language.translate import translator
from borderlab.model.run.moments import Moment
from borderlab.report.story.firings import ending_words
from borderlab.report.story.wording import amount
from borderlab.strategy.runtime.firings import Ending, Firing
from borderlab.strategy.tree.plain_words import Teller
from borderlab.strategy.tree.tree import LeverAction, Rule

LEAST_STEP = 0.1
"""Share of a measure by which it must be eased since it was last told of."""


@dataclass
class _Followed:
    """What was told of one firing."""

    imposed: bool = False
    ended: bool = False
    share: float = 0.0


class RuleTeller:
    """Tells what the rules do, week by week. One object follows one future from its first week."""

    def __init__(self, teller: Teller) -> None:
        self.teller, self.lang = teller, teller.lang
        self.tr = translator("model", teller.lang)
        self._followed: dict[tuple[str, date], _Followed] = {}

    def week(self, now: Moment) -> Iterator[str]:
        """The lines of a week."""
        assert now.runtime is not None
        for firing in now.runtime.firings().of(0):
            key = (firing.rule, firing.begin)
            rule = self.teller.strategy.rule(firing.rule)
            if key not in self._followed:
                self._followed[key] = _Followed(imposed=rule.threaten is None)
                yield from self._begun(rule, firing)
            told = self._followed[key]
            if firing.imposed is not None and not told.imposed:
                told.imposed = True
                text = "The terms are not met: what rule {rule} announced is put in force."
                yield self.tr(text, rule=self.teller.rule_name(rule.id))
            if told.ended:
                continue
            if firing.end is not None:
                told.ended = True
                yield from self._ended(rule, firing)
            elif firing.imposed is not None:
                yield from self._eased(rule, told, now)

    def _begun(self, rule: Rule, firing: Firing) -> Iterator[str]:
        tr, name = self.tr, self.teller.rule_name(rule.id)
        if firing.seen:
            yield tr("Seen: {seen}. Rule {rule} applies.", seen=self._seen(firing.seen), rule=name)
        else:
            yield tr("Rule {rule} applies.", rule=name)
        threat = rule.threaten
        if threat is None:
            yield _sentence(self.teller.actions(rule))
            return
        what = self.teller.actions(rule, infinitive=True)
        due = day_words(firing.begin + timedelta(weeks=threat.weeks), self.lang)
        if not threat.carry_out:
            yield tr("The United States warns, and would not carry it out: {what}.", what=what)
        elif threat.public:
            yield tr("The United States announces for {day}, unless its terms are met: {what}.", day=due, what=what)
        else:
            text = "The United States lets Mexico know in private, for {day} unless its terms are met: {what}."
            yield tr(text, day=due, what=what)

    def _ended(self, rule: Rule, firing: Firing) -> Iterator[str]:
        if firing.why is Ending.DONE:
            return
        name, why = self.teller.rule_name(rule.id), ending_words(firing.why, self.lang)
        if firing.seen_at_end:
            yield self.tr("Rule {rule} ends: {why}; {seen}.", rule=name, why=why, seen=self._seen(firing.seen_at_end))
        else:
            yield self.tr("Rule {rule} ends: {why}.", rule=name, why=why)
        if firing.imposed is not None and rule.lever_actions:
            yield self.tr("What it had put in force is lifted.")

    def _eased(self, rule: Rule, told: _Followed, now: Moment) -> Iterator[str]:
        """A measure that is lifted in part: each step as it comes, or the beginning of a lifting over weeks."""
        share = max((_share(one, rule, now) for one in rule.lever_actions), default=0.0)
        if share > told.share:
            told.share = share
        if share > told.share - LEAST_STEP:
            return
        if rule.lift.style == "over":
            told.share = -1.0
            weeks = self.teller.weeks(rule.lift.weeks)
            yield self.tr(
                "What rule {rule} put in force is lifted over {weeks}.",
                rule=self.teller.rule_name(rule.id),
                weeks=weeks,
            )
            return
        told.share = share
        yield self.tr(
            "As a reward, rule {rule} keeps {share} of its measure in force.",
            rule=self.teller.rule_name(rule.id),
            share=amount(share, "share", self.lang),
        )

    def _seen(self, readings: Mapping[str, float]) -> str:
        said = []
        for id_, value in readings.items():
            name = self.teller.indicator(id_)
            if isnan(value):
                said.append(self.tr("{name} was not known", name=name))
            else:
                unit = self.teller.indicators[id_].unit
                said.append(self.tr("{name} at {value}", name=name, value=amount(value, unit, self.lang)))
        return self.teller.joined(said)


def _share(action: LeverAction, rule: Rule, now: Moment) -> float:
    """How much of what a rule orders is in force."""
    lever = levers()[action.lever]
    whole = action.to - lever.default
    value: Any = None
    if lever.surface_kind:
        assert now.in_force is not None
        mine = [one for one in now.in_force.restrictions if one.rule_id == rule.id and one.lever_id == lever.id]
        value = max((float(one.intensity[0]) for one in mine if one.at == action.at), default=0.0)
    elif whole:
        assert now.in_force is not None
        value = float(np.asarray(now.in_force.imposed[lever.id])[0]) - lever.default
    return float(np.clip(value / whole, 0.0, 1.0)) if whole and value is not None else 0.0


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:] + "."
