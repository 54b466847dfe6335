"""What a strategy has in force each week, over all futures at once: for histories, and for what is told or tested.

The rules themselves stand in :mod:`borderlab.strategy.runtime.kernel`; here they are looped over futures, week by week.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from borderlab.evidence.tables.lever import SurfaceKind
from borderlab.strategy.runtime import program as p
from borderlab.strategy.runtime.building import build
from borderlab.strategy.runtime.calendar import Calendar
from borderlab.strategy.runtime.firings import FiringLog
from borderlab.strategy.runtime.program import blank_book, blank_out, blank_state, larger
from borderlab.strategy.runtime.weekly import active_rules, finish_all, reset_all, step_all, truths_all
from borderlab.strategy.tree.tree import Form, Strategy

Mask = NDArray[np.bool_]
Reading = NDArray[np.float64]
_ROWS = 256
"""Room for firings in a new log."""


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
    """What holds this week. Arrays are ``[futures]``.

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


class StrategyRuntime:
    """A strategy at work. One object serves all futures of a run (or one history); futures never touch each other.

    Args:
        strategy: the checked tree.
        n_futures: length of every array.
        calendar: start and length; weeks must be stepped 0, 1, 2, …
    """

    def __init__(self, strategy: Strategy, n_futures: int, calendar: Calendar) -> None:
        self.strategy, self.n, self.calendar = strategy, n_futures, calendar
        self.program, self.layout = build(strategy, calendar)
        self._states = blank_state(self.program, n_futures)
        self._outs = blank_out(self.program, n_futures)
        self._book = blank_book(self.program, _ROWS)
        self._seen = np.full((n_futures, len(self.layout.seen)), np.nan)
        self._flags = np.zeros(n_futures, dtype=np.int32)
        self._active = np.zeros(len(strategy.rules), dtype=np.uint8)
        self._next = 0
        reset_all(self.program, self._states)

    @property
    def reads(self) -> frozenset[str]:
        """The indicators that the rules read: only these are taken from ``observed``."""
        return frozenset(self.layout.seen)

    def unknown(self) -> dict[str, int]:
        """For each indicator read, the weeks so far in which no future had a reading; those with none are left out."""
        weeks = (self._book.missing[: self._next] == self.n).sum(axis=0)
        return {name: int(count) for name, count in zip(self.layout.seen, weeks, strict=True) if count}

    def step(self, week: int, observed: Mapping[str, Reading | float]) -> InForce:
        """What is in force in ``week``, given what was observed at its start.

        Args:
            week: 0, 1, 2, … in order.
            observed: readings by indicator, one per future or one for all; NaN or absent is unknown.

        Raises:
            ValueError: a week out of order, or after the last of the calendar.
        """
        if week != self._next:
            raise ValueError(f"week {week} out of order; the next is {self._next}")
        if week >= self.calendar.weeks:
            raise ValueError(f"week {week} is after the last of the calendar, which has {self.calendar.weeks}")
        self._next += 1
        for column, name in enumerate(self.layout.seen):
            value = observed.get(name)
            self._seen[:, column] = np.nan if value is None else value
        # A rule ends at most one firing a week.
        self._book = larger(self._book, int(self._book.written[0]) + self.n * len(self.layout.rules))
        step_all(self.program, self._states, week, self._seen, self._outs, self._book, self._flags)
        return self._in_force(week)

    def forget(self, indicator: str) -> None:
        """Forget the readings of the weeks before: the indicator counts something else from now on, and the difference
        would be one of words. Changes over a time that reaches back are unknown until it has passed."""
        column = self.layout.seen.index(indicator) if indicator in self.layout.seen else -1
        for of, first, mask in self.program.signals.rings:
            if of == column:
                self._states.known.ring[:, first : first + mask + 1] = np.nan

    def firings(self) -> FiringLog:
        """What every rule did so far."""
        room = int(self._book.written[0]) + self.n * len(self.layout.rules)
        self._book = larger(self._book, room)
        book = self._book._replace(written=self._book.written.copy())  # rows beyond are free to be written
        finish_all(self.program, self._states, book)
        return FiringLog.of_book(book, self.layout, self.n, self._next)

    def called(self) -> NDArray[np.uint8]:
        """Whether each rule's ``when`` held in the week just stepped: ``[futures, rules]``, FALSE, UNKNOWN or TRUE of
        :mod:`borderlab.strategy.runtime.program`.
        """
        values = np.zeros((self.n, len(self.layout.rules)), dtype=np.uint8)
        if self._next:
            truths_all(self.program, self._states, self._next - 1, self._seen, values)
        return values

    def standing(self) -> NDArray[np.int32]:
        """Where each rule stands, ``[futures, rules]``: IDLE, THREAT, FORCE or REST of
        :mod:`borderlab.strategy.runtime.program`.
        """
        return self._states.standing.rules[:, :, p.STATE].copy()

    def _in_force(self, week: int) -> InForce:
        layout, outs = self.layout, self._outs
        return InForce(
            imposed=dict(zip(layout.touched, outs.imposed.T.copy(), strict=True)),
            threatened=dict(zip(layout.touched, outs.threatened.T.copy(), strict=True)),
            restrictions=self._restrictions(week),
            sectors=dict(zip(layout.at_sectors, outs.sectors.transpose(1, 0, 2).copy(), strict=True)),
            new_threat=self._flags & p.NEW_THREAT != 0,
            new_imposition=self._flags & p.NEW_IMPOSITION != 0,
            public=self._flags & p.PUBLIC != 0,
            executed=self._flags & p.EXECUTED != 0,
            dropped=self._flags & p.DROPPED != 0,
            met=self._flags & p.MET != 0,
            programmes=self._programmes(),
        )

    def _restrictions(self, week: int) -> tuple[Restriction, ...]:
        """Of settings that hold, and of rules that have something in force or announced in any future."""
        active_rules(self._states, self._active)
        return tuple(
            Restriction(
                slot.rule_id,
                slot.lever_id,
                slot.surface_kind,
                slot.at,
                self._outs.intensity[:, place].copy(),
                self._outs.announced[:, place].copy(),
            )
            for place, slot in enumerate(self.layout.slots)
            if (self._active[slot.rule] if slot.rule >= 0 else slot.weeks[0] <= week < slot.weeks[1])
        )

    def _programmes(self) -> tuple[ProgrammeAction, ...]:
        if not self.layout.acts:
            return ()
        acting = self._flags & p.ACTS != 0
        where = (self._outs.acts != 0) & acting[:, None]
        return tuple(
            ProgrammeAction(act.action, act.programme, act.form, where[:, place].copy(), act.rule_id)
            for place, act in enumerate(self.layout.acts)
            if where[:, place].any()
        )


__all__ = ["Calendar", "InForce", "ProgrammeAction", "Restriction", "StrategyRuntime"]
