"""Conditions evaluated week by week over all futures at once, with what is not known kept apart from what is false.

A reading that is missing (NaN, or not given at all) is unknown, never 0. Unknown follows Kleene's rules: ``all`` of
something false and something unknown is false; ``not`` unknown is unknown. A rule fires only on what is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from borderlab.strategy.runtime.calendar import Calendar
from borderlab.strategy.tree.tree import (
    AllOf,
    AnyOf,
    Change,
    Condition,
    InPeriod,
    LeaderChange,
    Not,
    RuleState,
    Threshold,
    leaves,
)
from tests.strategy.reference_rules.machine import hold

Mask = NDArray[np.bool_]
Reading = NDArray[np.float64]


@dataclass(slots=True)
class Truth:
    """Where a condition is true; where it is unknown (None if that is nowhere)."""

    true: Mask
    unknown: Mask | None = None

    def false(self) -> Mask:
        """Where it is known not to hold."""
        return ~self.true if self.unknown is None else ~(self.true | self.unknown)


class Readings:
    """What is observed this week and, for changes over a time, in the weeks before.

    Args:
        conditions: those that will be evaluated, to know which indicators to keep and how far back.
        n_futures: length of every array.
    """

    def __init__(self, conditions: Iterable[Condition], n_futures: int, extra: Iterable[str] = ()) -> None:
        self.n = n_futures
        self.names: dict[str, None] = dict.fromkeys(extra)
        self._back: dict[str, int] = {}
        for condition in conditions:
            for leaf in leaves(condition):
                if isinstance(leaf, Threshold | Change):
                    self.names[leaf.indicator] = None
                if isinstance(leaf, Change):
                    self._back[leaf.indicator] = max(self._back.get(leaf.indicator, 0), leaf.over_weeks)
        self._ring = {name: np.full((back + 1, n_futures), np.nan) for name, back in self._back.items()}
        self._nan = np.full(n_futures, np.nan)
        self.now: dict[str, Reading] = {}
        self.missing: dict[str, Mask | None] = {}
        self.missing_weeks = dict.fromkeys(self.names, 0)

    def take(self, week: int, observed: Mapping[str, Reading | float]) -> None:
        """Take in the readings of a week."""
        for name in self.names:
            value = observed.get(name)
            if value is None:
                array = self._nan
            else:
                array = np.asarray(value, dtype=np.float64)
                if array.shape != (self.n,):
                    array = np.broadcast_to(array, (self.n,))
            gone = np.isnan(array)
            none_gone = not gone.any()
            self.now[name], self.missing[name] = array, None if none_gone else gone
            if not none_gone and gone.all():
                self.missing_weeks[name] += 1
            if name in self._ring:
                ring = self._ring[name]
                ring[week % len(ring)] = array

    def forget(self, name: str) -> None:
        """Forget the weeks before: from now on the indicator counts something else, and a change would be of words."""
        if name in self._ring:
            self._ring[name][:] = np.nan

    def before(self, name: str, week: int, weeks: int) -> Reading:
        """The reading ``weeks`` ago; NaN where there was none."""
        ring = self._ring[name]
        return self._nan if week - weeks < 0 else ring[(week - weeks) % len(ring)]


class Evaluator:
    """One condition with the counters that its holds need."""

    def __init__(self, condition: Condition, readings: Readings, calendar: Calendar) -> None:
        self.condition, self.readings, self.calendar = condition, readings, calendar
        self.parts = [Evaluator(part, readings, calendar) for part in _parts(condition)]
        self.held = np.zeros(readings.n, dtype=np.int32) if condition.held_weeks > 1 else None
        self._none = np.zeros(readings.n, dtype=bool)
        self._every = np.ones(readings.n, dtype=bool)

    def at(self, week: int, states: Mapping[str, Mapping[str, Mask]]) -> Truth:
        """Where the condition holds in ``week``. Call once a week, in order: holds are counted here.

        ``for: 4 weeks`` holds from the fourth weekly reading in a row. An unknown reading breaks the row.
        """
        truth = self._now(week, states)
        if self.held is None:
            return truth
        return Truth(hold(truth.true, self.held, self.condition.held_weeks), truth.unknown)

    def _now(self, week: int, states: Mapping[str, Mapping[str, Mask]]) -> Truth:
        condition = self.condition
        if isinstance(condition, Threshold):
            return self._threshold(condition)
        if isinstance(condition, Change):
            return self._change(condition, week)
        if isinstance(condition, InPeriod):
            day = self.calendar.day(week)
            inside = (condition.after is None or day >= condition.after) and (
                condition.before is None or day < condition.before
            )
            return self._flat(inside)
        if isinstance(condition, LeaderChange):
            since = self.calendar.since_change(week, condition.country)
            return self._flat(since is not None and since < max(condition.within_weeks, 1))
        if isinstance(condition, RuleState):
            return Truth(states[condition.rule][condition.state])
        truths = [part.at(week, states) for part in self.parts]
        if isinstance(condition, Not):
            return Truth(truths[0].false(), truths[0].unknown)
        return _joined(truths, every=isinstance(condition, AllOf))

    def _flat(self, holds: bool) -> Truth:
        return Truth(self._every if holds else self._none)

    def _threshold(self, condition: Threshold) -> Truth:
        value = self.readings.now[condition.indicator]
        bounds = []
        if condition.above is not None:
            bounds.append(value > condition.above)
        if condition.below is not None:
            bounds.append(value < condition.below)
        true = bounds[0] if len(bounds) == 1 else bounds[0] & bounds[1]
        return Truth(true, self.readings.missing[condition.indicator])

    def _change(self, condition: Change, week: int) -> Truth:
        now = self.readings.now[condition.indicator]
        then = self.readings.before(condition.indicator, week, condition.over_weeks)
        step = now - then if condition.sense == "rises" else then - now
        need = condition.amount * then if condition.relative else condition.amount
        unknown = np.isnan(step)
        # Nothing can rise by a share of nothing: from zero, any rise counts.
        true = (step >= need) & (step > 0)
        return Truth(true, unknown if unknown.any() else None)


def _parts(condition: Condition) -> tuple[Condition, ...]:
    if isinstance(condition, AllOf | AnyOf):
        return condition.parts
    return (condition.part,) if isinstance(condition, Not) else ()


def _joined(truths: list[Truth], *, every: bool) -> Truth:
    true = truths[0].true
    certain = all(one.unknown is None for one in truths)
    if certain:
        for one in truths[1:]:
            true = true & one.true if every else true | one.true
        return Truth(true)
    false = truths[0].false()
    for one in truths[1:]:
        true, false = (true & one.true, false | one.false()) if every else (true | one.true, false & one.false())
    unknown = ~(true | false)
    return Truth(true, unknown if unknown.any() else None)
