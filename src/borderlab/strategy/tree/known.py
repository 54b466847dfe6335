"""Whether a tree that was not read from a strategy file holds only what such a file could have held.

A run's journal keeps strategies as plain trees. A tree that somebody wrote by hand may name a lever that there is not,
a value far out of bounds or a time of a million years, none of which the model is built to meet.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

from borderlab.language.amounts import LONGEST_WEEKS
from borderlab.strategy.tree.tree import (
    MOST_TIMES,
    Change,
    Condition,
    Constant,
    InPeriod,
    LeaderChange,
    LeverAction,
    ProgrammeStep,
    Rule,
    RuleState,
    Strategy,
    Threshold,
    leaves,
)

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MOST_PARTS = 5000


def impossible_parts(strategy: Strategy) -> list[str]:
    """What no strategy file could have said, each in a few words; none if the tree can be run."""
    found = [] if _ID.fullmatch(strategy.id) else [f"'{strategy.id[:60]}' is no id"]
    found += [f"it has no {name} in English and Spanish" for name in ("title", "gist")
              if set(getattr(strategy, name)) != {"en", "es"}]  # fmt: skip
    parts = [*strategy.constants, *strategy.rules, *strategy.programmes]
    if len(parts) > _MOST_PARTS:
        return [*found, f"it has {len(parts)} parts"]
    for setting in strategy.constants:
        found += _lever_faults(setting)
    rules = {rule.id for rule in strategy.rules}
    if len(rules) != len(strategy.rules):
        found.append("a rule stands twice")
    for rule in strategy.rules:
        found += _rule_faults(rule, rules)
    for step in strategy.programmes:
        found += _step_faults(step)
        if step.on is None:
            found.append(f"the step '{step.programme[:60]}' has no date")
    return found


def _rule_faults(rule: Rule, rules: set[str]) -> Iterator[str]:
    if not _ID.fullmatch(rule.id):
        yield f"'{rule.id[:60]}' is no id"
    if not rule.do:
        yield f"rule '{rule.id}' does nothing"
    for one in rule.do:
        yield from _step_faults(one) if isinstance(one, ProgrammeStep) else _lever_faults(one)
    for condition in (rule.when, rule.until):
        yield from _condition_faults(condition, rules)
    times = [rule.at_least_weeks, rule.at_most_weeks or 0, rule.rest_weeks, rule.lift.weeks]
    times += [] if rule.threaten is None else [rule.threaten.weeks]
    yield from _weeks(times)
    if rule.at_most_times is not None and not 1 <= rule.at_most_times <= MOST_TIMES:
        yield f"rule '{rule.id}' may fire {rule.at_most_times} times"
    lift = rule.lift
    if not 0 < lift.step <= 1 or not 0 <= lift.per < math.inf or (lift.style == "steps" and not lift.per):
        yield f"the lift of rule '{rule.id}' has steps that cannot be"
    if lift.indicator is not None or lift.style == "steps":
        yield from _indicator(lift.indicator)


def _condition_faults(condition: Condition | None, rules: set[str]) -> Iterator[str]:
    for leaf in leaves(condition):
        yield from _weeks([leaf.held_weeks])
        if isinstance(leaf, Threshold | Change):
            yield from _indicator(leaf.indicator)
        if isinstance(leaf, Threshold):
            if leaf.above is None and leaf.below is None:
                yield f"a condition on '{leaf.indicator}' has no level"
        elif isinstance(leaf, Change):
            yield from _weeks([leaf.over_weeks])
            if leaf.over_weeks < 1:
                yield f"a change of '{leaf.indicator}' takes no time"
        elif isinstance(leaf, InPeriod):
            if leaf.after is None and leaf.before is None:
                yield "a period has no end"
        elif isinstance(leaf, LeaderChange):
            yield from _weeks([leaf.within_weeks])
        elif isinstance(leaf, RuleState) and leaf.rule not in rules:
            yield f"there is no rule '{leaf.rule[:60]}'"


def _lever_faults(part: Constant | LeverAction) -> Iterator[str]:
    from borderlab.strategy.tree.vocabulary import UnknownPlace, levers, places_of

    lever = levers().get(part.lever)
    if lever is None:
        yield f"there is no lever '{part.lever[:60]}'"
        return
    value = part.value if isinstance(part, Constant) else part.to
    if not lever.low - 1e-9 <= value <= lever.high + 1e-9:
        yield f"'{lever.id}' is {value:g}"
    yield from _weeks([part.over_weeks])
    if part.at and lever.places is None:
        yield f"'{lever.id}' acts on the whole border"
        return
    for place in part.at:
        try:
            found = places_of(lever, place)
        except UnknownPlace as error:
            yield str(error)[:120]
        else:
            if found != (place,):
                yield f"'{place[:60]}' is no single place for '{lever.id}'"


def _step_faults(step: ProgrammeStep) -> Iterator[str]:
    if not _ID.fullmatch(step.programme):
        yield f"'{step.programme[:60]}' is no programme"
    if step.form is None and step.action != "let lapse":
        yield f"programme '{step.programme}' has no form"


def _indicator(name: str | None) -> Iterator[str]:
    from borderlab.strategy.tree.vocabulary import shipped_indicators

    known = shipped_indicators()
    if name is None or name not in known or not known[name].observable:
        yield f"no rule can read '{str(name)[:60]}'"


def _weeks(times: list[int]) -> Iterator[str]:
    for weeks in times:
        if not 0 <= weeks <= LONGEST_WEEKS:
            yield f"a time of {weeks:.6g} weeks cannot be" if abs(weeks) < 1e300 else "a time without end"
