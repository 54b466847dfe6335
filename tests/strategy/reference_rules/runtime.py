"""What a strategy has in force each week, over all futures at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from borderlab.evidence.tables.lever import Lever, SurfaceKind, levers, sectors
from borderlab.strategy.runtime.calendar import Calendar
from borderlab.strategy.tree.tree import (
    Constant,
    Form,
    ProgrammeStep,
    Rule,
    RuleState,
    Strategy,
    indicators_of,
    leaves,
)
from tests.strategy.reference_rules.evaluate import Evaluator, Mask, Reading, Readings
from tests.strategy.reference_rules.logbook import LogBook
from tests.strategy.reference_rules.machine import row_means
from tests.strategy.reference_rules.rulerun import THREAT, Moves, RuleRun


@dataclass(slots=True)
class Restriction:
    """A lever that acts through the crossings response surface, as one rule or setting puts it in force.

    Attributes:
        rule_id: the rule, or ``levers`` for a setting without a rule.
        lever_id: what is set.
        surface_kind: the pattern of the response surface.
        at: crossing ids; none means every crossing.
        intensity: in force this week, float64 ``[futures]``, 0..1.
        threatened: announced, float64 ``[futures]``, 0..1.
    """

    rule_id: str
    lever_id: str
    surface_kind: SurfaceKind
    at: tuple[str, ...]
    intensity: Reading
    threatened: Reading


@dataclass(slots=True)
class ProgrammeAction:
    """A programme founded, strengthened or let lapse this week, in the futures of ``where``."""

    action: str
    programme: str
    form: Form | None
    where: Mask
    rule_id: str | None


@dataclass(slots=True)
class InForce:
    """What holds this week. Arrays are ``[futures]``, valid until the next step.

    Attributes:
        imposed: value in force per lever that the strategy ever touches; today's value elsewhere.
        threatened: value announced per lever; today's value where no threat stands.
        restrictions: every use of a lever of the crossings response surface.
        sectors: value per sector, ``[futures, 9]``, of levers put at Border Patrol sectors.
        new_threat, new_imposition: a threat was made, a measure was imposed this week.
        public: of these, one was made in public. A measure imposed is always public.
        executed, dropped, met: a threat was carried out; a threat or measure was given up unmet; ``until`` held.
        programmes: what is done with programmes this week.
    """

    imposed: dict[str, Reading]
    threatened: dict[str, Reading]
    restrictions: tuple[Restriction, ...]
    sectors: dict[str, Reading]
    new_threat: Mask
    new_imposition: Mask
    public: Mask
    executed: Mask
    dropped: Mask
    met: Mask
    programmes: tuple[ProgrammeAction, ...] = ()


@dataclass(slots=True)
class _Week:
    """What holds, as it is put together."""

    imposed: dict[str, Reading]
    threatened: dict[str, Reading]
    sectors: dict[str, Reading]
    restrictions: list[Restriction] = field(default_factory=list)


@dataclass(slots=True)
class _RuleParts:
    """One rule with its state and conditions."""

    rule: Rule
    run: RuleRun
    when: Evaluator
    until: Evaluator | None
    coercive: bool
    moves: Moves = field(default_factory=Moves)


class StrategyRuntime:
    """A strategy at work. One object serves all futures of a run (or one history); futures never touch each other.

    Args:
        strategy: the checked tree.
        n_futures: length of every array.
        calendar: start and length; weeks must be stepped 0, 1, 2, …
    """

    def __init__(self, strategy: Strategy, n_futures: int, calendar: Calendar) -> None:
        self.strategy, self.n, self.calendar = strategy, n_futures, calendar
        rules = strategy.rules
        self._watched = tuple(_watched(rule) for rule in rules)
        conditions = [one for rule in rules for one in (rule.when, rule.until) if one is not None]
        self.readings = Readings(conditions, n_futures, [name for names in self._watched for name in names])
        self.log = LogBook(n_futures, self._watched)
        self._rules = [self._parts(rule, number) for number, rule in enumerate(rules)]
        looked_at = {leaf.rule for one in conditions for leaf in leaves(one) if isinstance(leaf, RuleState)}
        self._looked_at = [part for part in self._rules if part.rule.id in looked_at]
        self._states = {part.rule.id: part.run.states() for part in self._looked_at}
        self._known = levers()
        actions = [one for rule in rules for one in rule.lever_actions]
        touched = [*(one.lever for one in strategy.constants), *(one.lever for one in actions)]
        self._touched = tuple(dict.fromkeys(touched))
        self._at_sectors = tuple(name for name in self._touched if self._known[name].places == "sector")
        self._sector_ids = tuple(sectors())
        self._default = {name: np.full(n_futures, self._known[name].default) for name in self._touched}
        self._zero = np.zeros(n_futures)
        self._never = np.zeros(n_futures, dtype=bool)
        for array in (*self._default.values(), self._zero, self._never):
            array.flags.writeable = False
        self._next = 0
        self._last: tuple[tuple[float, ...], _Week] | None = None

    def _parts(self, rule: Rule, number: int) -> _RuleParts:
        when = Evaluator(rule.when, self.readings, self.calendar)
        until = Evaluator(rule.until, self.readings, self.calendar) if rule.until is not None else None
        coercive = any(levers()[one.lever].coercive for one in rule.lever_actions)
        return _RuleParts(rule, RuleRun(rule, self.n, self.log, number), when, until, coercive)

    @property
    def reads(self) -> frozenset[str]:
        """The indicators that the rules read: only these are taken from ``observed``."""
        return frozenset(self.readings.names)

    def unknown(self) -> dict[str, int]:
        """For each indicator read, the weeks so far in which no future had a reading; those with none are left out."""
        return {name: weeks for name, weeks in self.readings.missing_weeks.items() if weeks}

    def step(self, week: int, observed: Mapping[str, Reading | float]) -> InForce:
        """What is in force in ``week``, given what was observed at its start.

        Args:
            week: 0, 1, 2, … in order.
            observed: readings by indicator, one per future or one for all; NaN or absent is unknown.

        Raises:
            ValueError: a week out of order.
        """
        if week != self._next:
            raise ValueError(f"week {week} out of order; the next is {self._next}")
        self._next += 1
        self.readings.take(week, observed)
        truths = [  # all conditions first, so that the order of rules does not matter
            (part.when.at(week, self._states), part.until.at(week, self._states) if part.until is not None else None)
            for part in self._rules
        ]
        for part, (when, until) in zip(self._rules, truths, strict=True):
            part.moves = part.run.step(week, when, until, self.readings)
        self._states = {part.rule.id: part.run.states() for part in self._looked_at}
        return self._in_force(week)

    def _in_force(self, week: int) -> InForce:
        settled = self._settled(week)
        now = _Week(dict(settled.imposed), dict(self._default), dict(settled.sectors), list(settled.restrictions))
        for part in self._rules:
            if part.run.active:
                self._order(part, week, now)
        for name in self._at_sectors:
            if now.sectors[name] is not settled.sectors[name]:
                now.imposed[name] = row_means(now.sectors[name])
        return InForce(
            now.imposed, now.threatened, tuple(now.restrictions), now.sectors, *self._events(), self._programmes(week)
        )

    def _settled(self, week: int) -> _Week:
        """What the settings without rule put in force; put together anew only in weeks in which one changes."""
        shares = tuple(self._share(constant, week) for constant in self.strategy.constants)
        if self._last is None or self._last[0] != shares:
            now = _Week(dict(self._default), {}, {name: self._blank_sectors(name) for name in self._at_sectors})
            for constant, share in zip(self.strategy.constants, shares, strict=True):
                if share > 0:
                    self._set(constant, share, now)
            for name in self._at_sectors:
                now.imposed[name] = row_means(now.sectors[name])
            for array in (*now.imposed.values(), *now.sectors.values()):
                array.flags.writeable = False
            self._last = (shares, now)
        return self._last[1]

    def _set(self, constant: Constant, share: float, now: _Week) -> None:
        """A setting without rule."""
        lever = self._known[constant.lever]
        value = np.full(self.n, lever.default + (constant.value - lever.default) * share)
        if lever.places == "sector":
            self._at_places(lever, constant.at, value, now)
        else:
            now.imposed[lever.id] = _further(now.imposed[lever.id], value, lever)
        self._restrict("levers", lever, constant.at, value, self._zero, now)

    def _order(self, part: _RuleParts, week: int, now: _Week) -> None:
        """What a rule has in force and announced. Where several uses meet, the one furthest from today's holds."""
        threat = (part.run.state == THREAT).astype(np.float64) if part.run.threats else None
        for action in part.rule.lever_actions:
            lever = self._known[action.lever]
            plan = (week, action.over_weeks, lever.default, action.to)
            if not part.run.forces:
                value = self._default[lever.id]
            elif lever.places == "sector":
                value = part.run.put(*plan, np.full(self.n, lever.default))
                self._at_places(lever, action.at, value, now)
            else:
                furthest = now.imposed[lever.id]
                if not furthest.flags.writeable:  # the settings' own array: others may still hold it
                    furthest = now.imposed[lever.id] = furthest.copy()
                value = part.run.put(*plan, furthest, wanted=lever.surface_kind is not None)
            announced = self._zero
            if threat is not None:
                announced = threat * (action.to - lever.default)
                now.threatened[lever.id] = _further(now.threatened[lever.id], lever.default + announced, lever)
            self._restrict(part.rule.id, lever, action.at, value, announced, now)

    def _at_places(self, lever: Lever, at: tuple[str, ...], value: Reading, now: _Week) -> None:
        columns = [self._sector_ids.index(one) for one in at] or slice(None)
        table = now.sectors[lever.id]
        if not table.flags.writeable:
            table = now.sectors[lever.id] = table.copy()
        table[:, columns] = _further(table[:, columns], value[:, None], lever)

    def _restrict(
        self, rule_id: str, lever: Lever, at: tuple[str, ...], value: Reading, announced: Reading, now: _Week
    ) -> None:
        if lever.surface_kind is not None:
            intensity = value - lever.default if lever.default else value
            now.restrictions.append(Restriction(rule_id, lever.id, lever.surface_kind, at, intensity, announced))

    def _blank_sectors(self, name: str) -> Reading:
        return np.full((self.n, len(self._sector_ids)), self._known[name].default)

    def _share(self, constant: Constant, week: int) -> float:
        """How much of a dated setting holds in a week, 0..1."""
        first = 0 if constant.start is None else self.calendar.week_of(constant.start)
        if week < first or (constant.end is not None and week >= self.calendar.week_of(constant.end)):
            return 0.0
        return min((week - first + 1) / constant.over_weeks, 1.0) if constant.over_weeks > 1 else 1.0

    def _events(self) -> tuple[Mask, Mask, Mask, Mask, Mask, Mask]:
        """New threats, new impositions, public ones, threats carried out, dropped, met; of coercive rules alone."""
        parts = [part for part in self._rules if part.coercive]
        threat = self._mask([part.moves.threatened for part in parts])
        force = self._mask([part.moves.imposed for part in parts])
        open_threats = self._mask(
            [part.moves.threatened for part in parts if part.rule.threaten is not None and part.rule.threaten.public]
        )
        executed, dropped, met = (
            self._mask([getattr(part.moves, name) for part in parts]) for name in ("executed", "dropped", "met")
        )
        return threat, force, open_threats | force, executed, dropped, met

    def _mask(self, parts: list[NDArray[np.intp]]) -> Mask:
        parts = [part for part in parts if len(part)]
        if not parts:
            return self._never
        mask = np.zeros(self.n, dtype=bool)
        for part in parts:
            mask[part] = True
        return mask

    def _programmes(self, week: int) -> tuple[ProgrammeAction, ...]:
        out = [
            ProgrammeAction(step.action, step.programme, step.form, self._mask([part.moves.imposed]), part.rule.id)
            for part in self._rules
            if len(part.moves.imposed)
            for step in part.rule.programme_steps
        ]
        for step in self.strategy.programmes:
            if self._due(step, week):
                out.append(ProgrammeAction(step.action, step.programme, step.form, ~self._never, None))
        return tuple(out)

    def _due(self, step: ProgrammeStep, week: int) -> bool:
        """Whether a dated step falls in this week; one dated before the start is done in the first."""
        if step.on is None:
            return False
        return max(self.calendar.week_of(step.on), 0) == week


def _watched(rule: Rule) -> tuple[str, ...]:
    extra = (rule.lift.indicator,) if rule.lift.indicator is not None else ()
    return tuple(dict.fromkeys((*indicators_of(rule.when), *indicators_of(rule.until), *extra)))


def _further(first: Reading, second: Reading, lever: Lever) -> Reading:
    """Elementwise, the value further from today's."""
    if lever.default <= lever.low:
        return np.maximum(first, second)
    if lever.default >= lever.high:
        return np.minimum(first, second)
    return np.where(np.abs(second - lever.default) > np.abs(first - lever.default), second, first)


__all__ = ["Calendar", "InForce", "ProgrammeAction", "Restriction", "StrategyRuntime"]
