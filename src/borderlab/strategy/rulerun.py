"""One rule at work over all futures: idle, threatened, in force, at rest. Exact to the week."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from borderlab.strategy.evaluate import Mask, Reading, Readings, Truth
from borderlab.strategy.firings import Ending, LogBook
from borderlab.strategy.tree import Rule

IDLE, THREAT, FORCE, REST = 0, 1, 2, 3
Index = NDArray[np.intp]
_NOBODY: Index = np.zeros(0, dtype=np.intp)


@dataclass(slots=True)
class Moves:
    """What changed for a rule this week: the futures, as indices."""

    threatened: Index = field(default_factory=lambda: _NOBODY)
    imposed: Index = field(default_factory=lambda: _NOBODY)
    executed: Index = field(default_factory=lambda: _NOBODY)  # imposed after a threat
    met: Index = field(default_factory=lambda: _NOBODY)  # ended because 'until' held
    dropped: Index = field(default_factory=lambda: _NOBODY)  # ended unmet: a threat not carried out, or a limit


class RuleRun:
    """State of one rule in every future.

    A week begins with what was observed at its start. A rule that is idle fires if its condition is known to hold;
    a threat stands for its weeks and is then carried out, unless ``until`` held first or ``when`` no longer holds;
    a measure stays at least and at most as long as the rule says, counted in weeks at which it is in force; it then
    ends (at once or over weeks), rests, and may fire again.
    """

    def __init__(self, rule: Rule, n_futures: int, log: LogBook, number: int) -> None:
        self.rule, self.log, self.number = rule, log, number
        self.state = np.zeros(n_futures, dtype=np.int8)
        self.since = np.zeros(n_futures, dtype=np.int32)  # week in which the state began
        self.fired = np.zeros(n_futures, dtype=np.int16)
        self.lifted = np.zeros(n_futures)  # share of the measure lifted, 0..1
        self.fading = np.full(n_futures, -1, dtype=np.int32)  # week in which lifting over weeks began
        self.fade_end = np.zeros(n_futures, dtype=np.int8)  # why it fades
        self.level0 = np.full(n_futures, np.nan)  # reading from which steps of lifting are counted
        self.ever_ended = np.zeros(n_futures, dtype=bool)
        self._resting = self._threats = self._forces = 0

    @property
    def active(self) -> bool:
        """Anything threatened or in force in any future."""
        return bool(self._threats or self._forces)

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
        moves = Moves()
        if self._resting:
            self._wake(week)
        may_fire = when.true & (self.state == IDLE) if when.true.any() else None
        if self._threats:
            self._threatened(week, when, until, readings, moves)
        if self._forces:
            self._in_force(week, until, readings, moves)
        if may_fire is not None:
            self._fire(week, np.flatnonzero(may_fire), readings, moves)
        return moves

    def _wake(self, week: int) -> None:
        up = np.flatnonzero((self.state == REST) & (week - self.since >= self.rule.rest_weeks))
        self.state[up] = IDLE
        self._resting -= len(up)

    def _fire(self, week: int, who: Index, readings: Readings, moves: Moves) -> None:
        if self.rule.at_most_times is not None:
            who = who[self.fired[who] < self.rule.at_most_times]
        if not len(who):
            return
        self.fired[who] += 1
        self.log.begin(self.number, who, week, readings)
        if self.rule.threaten is not None:
            self.state[who], self.since[who] = THREAT, week
            self._threats += len(who)
            moves.threatened = who
        else:
            self._impose(week, who, readings)
            moves.imposed = who
            if not self.rule.lever_actions:  # founding a programme is done when it is done; nothing stays in force
                self._end(week, who, Ending.DONE, readings)

    def _impose(self, week: int, who: Index, readings: Readings) -> None:
        self._threats -= int((self.state[who] == THREAT).sum())
        self.state[who], self.since[who] = FORCE, week
        self.lifted[who], self.fading[who] = 0.0, -1
        if self.rule.lift.indicator is not None:
            self.level0[who] = readings.now[self.rule.lift.indicator][who]
        self._forces += len(who)
        self.log.impose(self.number, who, week)

    def _threatened(self, week: int, when: Truth, until: Truth | None, readings: Readings, moves: Moves) -> None:
        threat = self.rule.threaten
        if threat is None:  # a rule without 'threaten' has no one in this state
            return
        who = np.flatnonzero(self.state == THREAT)
        met = until.true[who] if until is not None else np.zeros(len(who), dtype=bool)
        moves.met = who[met]
        self._end(week, who[met], Ending.MET_UNDER_THREAT, readings)
        left = who[~met]
        due = left[week - self.since[left] >= threat.weeks]
        if not len(due):
            return
        holds = when.true[due]
        missing = np.zeros(len(due), dtype=bool) if when.unknown is None else when.unknown[due] & ~holds
        self._end(week, due[~holds & ~missing], Ending.NO_LONGER_CALLED_FOR, readings)
        self._end(week, due[missing], Ending.READING_MISSING, readings)
        stands = due[holds]
        if threat.carry_out:
            self._impose(week, stands, readings)
            moves.imposed = moves.executed = stands
        else:
            self._end(week, stands, Ending.NOT_CARRIED_OUT, readings)
            moves.dropped = stands

    def _in_force(self, week: int, until: Truth | None, readings: Readings, moves: Moves) -> None:
        rule, begun = self.rule, len(moves.executed)
        who = np.flatnonzero(self.state == FORCE)
        if begun:
            who = np.setdiff1d(who, moves.executed, assume_unique=True)
        age = week - self.since[who]
        if rule.lift.style == "steps":
            self._step_down(who[age >= rule.at_least_weeks], readings)
        staying = self.fading[who] < 0
        met = np.zeros(len(who), dtype=bool)
        if until is not None:
            met = staying & until.true[who] & (age >= rule.at_least_weeks)
        due = np.zeros(len(who), dtype=bool)
        if rule.at_most_weeks is not None:
            due = staying & ~met & (age >= rule.at_most_weeks)
        self._finish(week, who[met], Ending.MET, readings)
        self._finish(week, who[due], Ending.LIMIT, readings)
        moves.met = np.concatenate([moves.met, who[met]]) if len(moves.met) else who[met]
        moves.dropped = np.concatenate([moves.dropped, who[due]]) if len(moves.dropped) else who[due]
        if rule.lift.style == "over":
            self._fade(week, readings)
        elif rule.lift.style == "steps":
            free = who[(self.lifted[who] >= 1 - 1e-9) & (self.state[who] == FORCE)]
            if not rule.lift.snap_back:
                self._end(week, free, Ending.LIFTED_IN_STEPS, readings)
                moves.met = np.concatenate([moves.met, free])

    def _step_down(self, who: Index, readings: Readings) -> None:
        lift = self.rule.lift
        now: Reading = readings.now[lift.indicator or ""][who]
        unset = np.isnan(self.level0[who])
        if unset.any():  # nothing was known when it was imposed: steps count from the first reading
            self.level0[who[unset]] = now[unset]
        gain = now - self.level0[who] if lift.sense == "rises" else self.level0[who] - now
        steps = np.floor(np.maximum(gain, 0.0) / lift.per + 1e-9) * lift.step
        share = np.minimum(steps, 1.0)
        known = ~np.isnan(share)
        old = self.lifted[who]
        share = np.where(known, share if lift.snap_back else np.maximum(old, np.where(known, share, 0.0)), old)
        self.lifted[who] = share

    def _finish(self, week: int, who: Index, why: Ending, readings: Readings) -> None:
        """Begin the end of a measure."""
        if not len(who):
            return
        if self.rule.lift.style == "over" and self.rule.lift.weeks > 1:
            self.fading[who], self.fade_end[who] = week, why
        else:
            self._end(week, who, why, readings)

    def _fade(self, week: int, readings: Readings) -> None:
        who = np.flatnonzero((self.state == FORCE) & (self.fading >= 0))
        if not len(who):
            return
        self.lifted[who] = np.minimum((week - self.fading[who] + 1) / self.rule.lift.weeks, 1.0)
        done = who[self.lifted[who] >= 1 - 1e-9]
        for why in (Ending.MET, Ending.LIMIT):
            self._end(week, done[self.fade_end[done] == why], why, readings)

    def _end(self, week: int, who: Index, why: Ending, readings: Readings) -> None:
        if not len(who):
            return
        threats = int((self.state[who] == THREAT).sum())
        self._threats -= threats
        self._forces -= len(who) - threats
        self.log.end(self.number, who, week, why, readings)
        self.ever_ended[who] = True
        self.since[who] = week
        if self.rule.rest_weeks:
            self.state[who] = REST
            self._resting += len(who)
        else:
            self.state[who] = IDLE

    def strength(self, week: int, over_weeks: int) -> Reading:
        """How much of an action is in force this week: phased in over its weeks, less what is lifted. 0..1."""
        on = self.state == FORCE
        level = np.where(on, 1.0 - self.lifted, 0.0)
        if over_weeks > 1:
            level *= np.minimum((week - self.since + 1) / over_weeks, 1.0)
        return level
