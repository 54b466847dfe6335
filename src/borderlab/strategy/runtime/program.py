"""A strategy as flat arrays: what compiled code needs to take one future through its rules, week by week.

:func:`borderlab.strategy.runtime.building.build` makes a :class:`Program` (arrays alone, for compiled code) and a
:class:`Layout` (what every column stands for, for Python) of a strategy and a calendar.
:mod:`borderlab.strategy.runtime.kernel` holds the functions. Types and dimensions of the arrays are the same for every
strategy, also for one without rules, so that one compiled function serves all::

    program, layout = build(strategy, calendar)
    state, out = blank_state(program), blank_out(program)      # of one future; used again for the next
    book = blank_book(program, rows=1000)                      # of any number of futures
    for future in ...:
        reset(program, state)
        for week in range(calendar.weeks):
            flags = step(program, state, week, seen, out, book, future)
        finish(program, state, book, future)

``seen`` is float64 ``[watched]``: what was observed at the start of the week, NaN where it is unknown.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from borderlab.evidence.tables.lever import SurfaceKind
from borderlab.strategy.runtime.calendar import Calendar
from borderlab.strategy.tree.tree import Form

Ints = NDArray[np.int32]
Reals = NDArray[np.float64]
Bytes = NDArray[np.uint8]
Shapes = Sequence[tuple[tuple[int, ...], Any]]

# Events and news of a week, as bits of what ``step`` returns. Events are those of coercive rules alone.
NEW_THREAT, NEW_IMPOSITION, PUBLIC, EXECUTED, DROPPED, MET = 1, 2, 4, 8, 16, 32
CHANGED, ACTS = 64, 128

# A rule's state; a rule's plan, as columns of ``Plans.rules``.
IDLE, THREAT, FORCE, REST = 0, 1, 2, 3
(
    WHEN, UNTIL, THREAT_WEEKS, CARRY_OUT, AT_LEAST, AT_MOST, REST_WEEKS, AT_MOST_TIMES, FADE_WEEKS, IN_STEPS,
    SNAP_BACK, MOMENTARY, FOLLOWED, COERCIVE, OPENLY, LONGEST_RAMP, FIRST_ORDER, LAST_ORDER, FIRST_ACT, LAST_ACT,
) = range(20)  # fmt: skip
RULE_COLUMNS = 20
STEP, PER, SENSE = 0, 1, 2  # of Plans.lifting
# Of RuleProgress.rules and RuleProgress.lifting.
STATE, SINCE, FIRED, FADING, FADE_WHY, EVER_ENDED, BEGIN, IMPOSED, DUE = range(9)
LIFTED, LEVEL0 = 0, 1

# What a condition is known to be: Kleene's three values, so that 'all' is the least and 'any' the most.
FALSE, UNKNOWN, TRUE = 0, 1, 2
# Leaves: how the value is found; columns of Signals.leaves; what a condition on another rule asks for.
THRESHOLD, OF_RULE, HELD_CHANGE, CHANGE, DATES = range(5)
KIND, COLUMN, OVER, RING, RING_MASK, FALLS, RELATIVE, ASKED = range(8)
IS_THREATENED, IS_IN_FORCE, HAS_ENDED = 0, 1, 2
ABOVE, BELOW = 0, 1  # of Signals.bounds; the amount of a change stands in the first
# Joints (all, any, not): columns of Signals.joints.
ALL_OF, ANY_OF, NOT = 0, 1, 2
OP, FIRST_PART, LAST_PART, FIRST_BELOW, IS_READY = range(5)
# Columns of Measures.actions and Measures.levers; which value of several holds.
RULE, LEVER, OVER_WEEKS, SLOT, SECTORS, ALONE = range(6)
SECTOR_ROW, FIRST_ACTION, LAST_ACTION, FURTHER = range(4)
EITHER_SIDE, UPWARD, DOWNWARD = 0, 1, 2
NEVER = 1 << 30
"""A week that does not come: where a condition does not hold, it has held since then."""
NOW = -1
"""A week that is always past: a rule that must be looked at now."""


class Signals(NamedTuple):
    """Indicators and conditions. A node is a leaf, or a joint (all, any, not) of nodes; leaves come first.

    Attributes:
        spans: ``[seen, 2]``: first and last (excluded) leaf of each indicator's thresholds.
        leaves: ``[leaves, 8]``, the thresholds first, indicator by indicator.
        bounds: ``[leaves, 2]``: above, below (NaN none); the amount of a change.
        holds: ``[nodes]``: weeks in a row after the first that a node must hold.
        joints: ``[joints, 5]``; a joint comes after its parts, directly after those below it.
        parts: nodes, those of one joint in a row.
        held, ready: changes and joints that are evaluated every week, in order.
        woken: ``[nodes, 2]``: range in ``wakes`` of the rules that must be looked at when a node's value changes.
        wakes: rules.
        looked: ``[rules, 2]``: range in ``looks`` of the leaves that look at a rule.
        looks: leaves.
        rings: ``[rings, 3]``: column of ``seen``, first place and mask of the readings kept for changes.
        dates: ``[weeks, conditions on dates and presidents]``: 1 where one holds.
        turns: the same shape: the next week in which that is no longer so.
    """

    spans: Ints
    leaves: Ints
    bounds: Reals
    holds: Ints
    joints: Ints
    parts: Ints
    held: Ints
    ready: Ints
    woken: Ints
    wakes: Ints
    looked: Ints
    looks: Ints
    rings: Ints
    dates: Bytes
    turns: Ints


class Plans(NamedTuple):
    """The rules as such.

    Attributes:
        rules: ``[rules, RULE_COLUMNS]``: the plan of each rule.
        lifting: ``[rules, 3]``: step, per and sense (+1, -1) of lifting in steps.
        watched: ``[rules, most watched]``: columns of ``seen`` that the log keeps.
        act_weeks: ``[acts]``: week of a dated act. Acts of rules come first.
        due: ``[weeks]``: 1 where a dated act falls in the week.
    """

    rules: Ints
    lifting: Reals
    watched: Ints
    act_weeks: Ints
    due: Bytes


class Measures(NamedTuple):
    """What rules and settings do with levers.

    Attributes:
        levers: ``[touched, 4]``: row in ``out.sectors``, range of actions, which of several values holds.
        defaults: ``[touched]``: today's values.
        actions: ``[actions, 6]``, lever by lever and there in the order of the rules; ALONE where nothing else
            touches the lever and it is not put at sectors.
        reach: ``[actions]``: what an action orders less today's value.
        orders: actions, those of one rule in a row.
        settled_of: ``[weeks]``: which row of the next three holds; they are of settings without a rule.
        settled: ``[rows, touched]``: values in force.
        settled_sectors: ``[rows, at sectors, 9]``: values at sectors.
        settled_slots: ``[rows, settings that restrict crossings]``: intensities; their slots come first.
        renewed: ``[rows, 2]``: range in ``settled_levers`` of what differs from the row before.
        settled_levers: columns of levers that settings touch.
    """

    levers: Ints
    defaults: Reals
    actions: Ints
    reach: Reals
    orders: Ints
    settled_of: Ints
    settled: Reals
    settled_sectors: Reals
    settled_slots: Reals
    renewed: Ints
    settled_levers: Ints


class Program(NamedTuple):
    """A strategy for compiled code; ``-1`` is none. In parts, so that a function takes what it needs alone.

    Attributes:
        sizes: slots, acts, places in the rings.
    """

    signals: Signals
    plans: Plans
    measures: Measures
    sizes: Ints


class Known(NamedTuple):
    """What is known of the conditions in one future (or, with a first axis more, in many).

    Attributes:
        since: ``[nodes]``: week since which a condition holds, :data:`NEVER` where it does not.
        value: ``[nodes]``: this week's value of joints, and of changes that must hold for weeks.
        turn: ``[nodes]``: the week before which that cannot become or cease to be true, unless an event comes.
        span: ``[seen, 2]``: bounds between which a reading changes no threshold.
        ring: readings of weeks before.
    """

    since: Ints
    value: Bytes
    turn: Ints
    span: Reals
    ring: Reals


class RuleProgress(NamedTuple):
    """Where the rules stand.

    Attributes:
        rules: ``[rules, 9]``; ``lifting`` ``[rules, 2]``; ``kept`` ``[rules, most watched]``: readings at the firing.
        wake: ``[rules]``: the week before which nothing can happen to a rule, unless an event wakes it.
        moved: ``[1 + rules]``: how many rules changed their state this week that others look at, and which.
    """

    rules: Ints
    lifting: Reals
    kept: NDArray[np.float32]
    wake: Ints
    moved: Ints


class FutureState(NamedTuple):
    """Where one future stands (or many).

    Attributes:
        queue: levers whose values change this week.
        row: ``[1]``: which row of the settings is in force.
    """

    known: Known
    standing: RuleProgress
    queue: Ints
    row: Ints


class Orders(NamedTuple):
    """What holds in one future this week. Only what changed is written, so the arrays must stay as they are.

    Attributes:
        imposed, threatened: ``[touched]``: values in force and announced; today's value elsewhere.
        sectors: ``[at sectors, 9]``: values in force at Border Patrol sectors.
        intensity, announced: ``[slots]``: of levers that act through the crossings, less today's value.
        acts: ``[acts]``: 1 where something is done with a programme; to be read only where ACTS is returned.
    """

    imposed: Reals
    threatened: Reals
    sectors: Reals
    intensity: Reals
    announced: Reals
    acts: Bytes


class Book(NamedTuple):
    """The log of firings that have ended, and weeks without readings.

    A full book loses rows but counts them: where ``written`` is above the number of rows, make it larger and run again
    from a future whose beginning was noted.

    Attributes:
        rows: ``[capacity, 6]``: rule, future, week it fired, week imposed (-1), week ended (-1), why.
        first, last: ``[capacity, most watched]``: readings at the firing and at the end.
        written: ``[1]``: firings so far.
        missing: ``[weeks, seen]``: futures without a reading.
    """

    rows: Ints
    first: NDArray[np.float32]
    last: NDArray[np.float32]
    written: NDArray[np.int64]
    missing: Ints


@dataclass(frozen=True, slots=True)
class Slot:
    """A use of a lever that acts through the response surface of the crossings.

    Attributes:
        rule_id: the rule, or ``levers`` for a setting without a rule. ``rule``: its place, -1 for a setting.
        weeks: of a setting, the first in force and the first no longer; all weeks for a rule.
    """

    rule_id: str
    rule: int
    lever_id: str
    surface_kind: SurfaceKind
    at: tuple[str, ...]
    weeks: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Act:
    """Something done with a programme, by a rule (``rule`` its place, else -1) or on a date."""

    action: str
    programme: str
    form: Form | None
    rule_id: str | None
    rule: int


@dataclass(frozen=True, slots=True)
class Layout:
    """What the columns of a :class:`Program` stand for.

    Attributes:
        rules: ids. ``seen``: indicators, the columns of readings.
        watched: for each rule, the indicators whose readings the log keeps.
        touched: levers. ``at_sectors``: those of them that are put at Border Patrol sectors.
        sectors: ids of the sectors, in order.
        slots, acts: as in :class:`Orders`.
    """

    rules: tuple[str, ...]
    seen: tuple[str, ...]
    watched: tuple[tuple[str, ...], ...]
    touched: tuple[str, ...]
    at_sectors: tuple[str, ...]
    sectors: tuple[str, ...]
    slots: tuple[Slot, ...]
    acts: tuple[Act, ...]
    calendar: Calendar


def blank_state(program: Program, futures: int | None = None) -> FutureState:
    """State before the first week, of one future or (arrays ``[futures, …]``) of many. Must be reset before use."""
    rules, wide = program.plans.watched.shape
    nodes, levers = len(program.signals.holds), len(program.measures.levers)
    known: Shapes = (
        ((nodes,), np.int32),
        ((nodes,), np.uint8),
        ((nodes,), np.int32),
        ((len(program.signals.spans), 2), np.float64),
        ((int(program.sizes[2]),), np.float64),
    )
    standing: Shapes = (
        ((rules, 9), np.int32),
        ((rules, 2), np.float64),
        ((rules, wide), np.float32),
        ((rules,), np.int32),
        ((1 + rules,), np.int32),
    )
    queue, row = _zeros((((levers + len(program.measures.actions),), np.int32), ((1,), np.int32)), futures)
    return FutureState(Known(*_zeros(known, futures)), RuleProgress(*_zeros(standing, futures)), queue, row)


def blank_out(program: Program, futures: int | None = None) -> Orders:
    """Room for what holds, of one future or (arrays ``[futures, …]``) of many."""
    touched, slots = len(program.measures.levers), int(program.sizes[0])
    shapes: Shapes = (
        ((touched,), np.float64),
        ((touched,), np.float64),
        (program.measures.settled_sectors.shape[1:], np.float64),
        ((slots,), np.float64),
        ((slots,), np.float64),
        ((int(program.sizes[1]),), np.uint8),
    )
    return Orders(*_zeros(shapes, futures))


def blank_book(program: Program, rows: int) -> Book:
    """An empty log with room for so many firings."""
    wide = program.plans.watched.shape[1]
    return Book(
        np.zeros((rows, 6), dtype=np.int32),
        np.zeros((rows, wide), dtype=np.float32),
        np.zeros((rows, wide), dtype=np.float32),
        np.zeros(1, dtype=np.int64),
        np.zeros((len(program.plans.due), len(program.signals.spans)), dtype=np.int32),
    )


def larger(book: Book, rows: int) -> Book:
    """The same log with room for at least so many firings; itself if it has the room."""
    if rows <= len(book.rows):
        return book
    size = max(rows, 2 * len(book.rows))
    more = size - len(book.rows)
    return Book(
        np.pad(book.rows, ((0, more), (0, 0))),
        np.pad(book.first, ((0, more), (0, 0))),
        np.pad(book.last, ((0, more), (0, 0))),
        book.written,
        book.missing,
    )


def _zeros(shapes: Shapes, futures: int | None) -> list[NDArray[Any]]:
    more = () if futures is None else (futures,)
    return [np.zeros((*more, *shape), dtype=kind) for shape, kind in shapes]
