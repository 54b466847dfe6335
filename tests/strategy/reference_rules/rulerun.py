"""One rule at work over all futures: idle, threatened, in force, at rest. Exact to the week."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from borderlab.strategy.runtime.firings import Ending
from borderlab.strategy.tree.tree import Rule
from tests.strategy.reference_rules.evaluate import Mask, Reading, Readings, Truth
from tests.strategy.reference_rules.logbook import LogBook
from tests.strategy.reference_rules.machine import BEGUN, EXECUTED, FORCE, IDLE, IMPOSED, REST, THREAT, advance, put

Index = NDArray[np.intp]
_NOBODY: Index = np.zeros(0, dtype=np.intp)
_MET = np.array([why in (Ending.MET, Ending.MET_UNDER_THREAT, Ending.LIFTED_IN_STEPS) for why in Ending])
_DROPPED = np.array([why in (Ending.LIMIT, Ending.NOT_CARRIED_OUT) for why in Ending])


@dataclass(slots=True)
class Moves:
    """What changed for a rule this week: the futures, as indices."""

    threatened: Index = field(default_factory=lambda: _NOBODY)
    imposed: Index = field(default_factory=lambda: _NOBODY)
    executed: Index = field(default_factory=lambda: _NOBODY)  # imposed after a threat
    met: Index = field(default_factory=lambda: _NOBODY)  # ended because 'until' held
    dropped: Index = field(default_factory=lambda: _NOBODY)  # ended unmet: a threat not carried out, or a limit


class RuleRun:
    """State of one rule in every future; :func:`borderlab.strategy.runtime.machine.advance` holds what a week does."""

    def __init__(self, rule: Rule, n_futures: int, log: LogBook, number: int) -> None:
        self.rule, self.log, self.number = rule, log, number
        self.state = np.zeros(n_futures, dtype=np.int8)
        self.since = np.zeros(n_futures, dtype=np.int32)  # week in which the state began
        self.fired = np.zeros(n_futures, dtype=np.int32)
        self.lifted = np.zeros(n_futures)  # share of the measure lifted, 0..1
        self.fading = np.full(n_futures, -1, dtype=np.int32)  # week in which lifting over weeks began
        self.fade_why = np.zeros(n_futures, dtype=np.int8)
        self.level0 = np.full(n_futures, np.nan)  # reading from which steps of lifting are counted
        self.ever_ended = np.zeros(n_futures, dtype=bool)
        self._begun = np.zeros(n_futures, dtype=np.intp)  # futures in which something began this week, and how
        self._how = np.zeros(n_futures, dtype=np.int8)
        self._ended = np.zeros(n_futures, dtype=np.intp)  # futures in which something ended this week, and why
        self._why = np.zeros(n_futures, dtype=np.int8)
        self._blank = np.full(n_futures, np.nan)
        self._never = np.zeros(n_futures, dtype=bool)
        self._plan = _plan(rule)
        self.threats = self.forces = self.rests = 0

    @property
    def active(self) -> bool:
        """Anything threatened or in force in any future."""
        return bool(self.threats or self.forces)

    def states(self) -> dict[str, Mask]:
        """The states that other rules may look at."""
        idle = (self.state == IDLE) | (self.state == REST)
        return {
            "threatened": self.state == THREAT,
            "in force": self.state == FORCE,
            "ended": self.ever_ended & idle,
        }

    def step(self, week: int, when: Truth, until: Truth | None, readings: Readings) -> Moves:
        """Go through one week. ``when`` and ``until`` are of this week."""
        if not (self.active or self.rests) and not when.true.any():
            return Moves()
        followed = self.rule.lift.indicator
        self.threats, self.forces, self.rests, begun, ended = advance(
            week,
            when.true,
            self._never if when.unknown is None else when.unknown,
            self._never if until is None else until.true,
            self._blank if followed is None else readings.now[followed],
            self.state,
            self.since,
            self.fired,
            self.lifted,
            self.fading,
            self.fade_why,
            self.level0,
            self.ever_ended,
            self._begun,
            self._how,
            self._ended,
            self._why,
            *self._plan,
        )
        return self._moves(week, begun, ended, readings) if begun or ended else Moves()

    def _moves(self, week: int, n_begun: int, n_ended: int, readings: Readings) -> Moves:
        """Take down what the week did. Ends come first: a future may end one firing only before it begins the next."""
        moves = Moves()
        ended, why = self._ended[:n_ended].copy(), self._why[:n_ended].copy()
        momentary = not self.rule.lever_actions
        if n_ended and not momentary:
            self.log.end(self.number, ended, week, why, readings)
            moves.met = ended[_MET[why]]
            moves.dropped = ended[_DROPPED[why]]
        if not n_begun:
            return moves
        begun, kind = self._begun[:n_begun].copy(), self._how[:n_begun].copy()
        fresh = begun[kind != EXECUTED]
        if len(fresh):
            self.log.begin(self.number, fresh, week, readings)
        moves.threatened = begun[kind == BEGUN]
        moves.imposed = begun[kind != BEGUN]
        moves.executed = begun[kind == EXECUTED]
        if len(moves.imposed):
            self.log.impose(self.number, moves.imposed, week)
        if momentary:
            self.log.end(self.number, ended, week, why, readings)
        return moves

    def put(
        self, week: int, over_weeks: int, default: float, target: float, furthest: Reading, *, wanted: bool = True
    ) -> Reading:
        """The value that one action has in force, if it is ``wanted``; ``furthest`` takes it where it is further from
        today's.
        """
        value = np.empty(len(furthest) if wanted else 0)
        put(week, self.state, self.since, self.lifted, over_weeks, default, target, value, furthest)
        return value


def _plan(rule: Rule) -> tuple[int | float | bool, ...]:
    """The rule as the numbers that the machine takes, in its order."""
    never = -1
    return (
        never if rule.threaten is None else rule.threaten.weeks,
        rule.threaten is None or rule.threaten.carry_out,
        rule.at_least_weeks,
        never if rule.at_most_weeks is None else rule.at_most_weeks,
        rule.rest_weeks,
        never if rule.at_most_times is None else rule.at_most_times,
        rule.lift.weeks if rule.lift.style == "over" else 0,
        rule.lift.style == "steps",
        rule.lift.step,
        rule.lift.per or 1.0,
        1.0 if rule.lift.sense == "rises" else -1.0,
        rule.lift.snap_back,
        not rule.lever_actions,
    )


__all__ = ["FORCE", "IMPOSED", "THREAT", "Moves", "RuleRun"]
