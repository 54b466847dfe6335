"""What is observed and which conditions hold, of one future, compiled: :mod:`borderlab.strategy.runtime.kernel`."""

from __future__ import annotations

from math import isnan
from pathlib import Path

import numpy as np

from borderlab.base.kernels import Kernels
from borderlab.strategy.runtime import program as p
from borderlab.strategy.runtime.program import Book, Program, Reals, State

RULES = Kernels("rules", [Path(__file__).with_name(f"{name}.py") for name in ("program", "truth", "kernel", "weekly")])


@RULES.inlined
def look(program: Program, state: State, week: int, seen: Reals, book: Book) -> None:
    """Take in the readings: thresholds that are crossed, readings that are missing, rings for changes."""
    for column in range(program.spans.shape[0]):
        reading = seen[column]
        if state.span[column, 0] < reading and reading < state.span[column, 1]:
            continue
        _cross(program, state, week, reading, column)
        if isnan(reading):
            book.missing[week, column] += 1
    for number in range(program.rings.shape[0]):
        place = program.rings[number, 1] + (week & program.rings[number, 2])
        state.ring[place] = seen[program.rings[number, 0]]


@RULES.inlined
def _cross(program: Program, state: State, week: int, reading: float, column: int) -> None:
    """Look at every threshold of an indicator, and find the bounds between which none lies."""
    low, high = -np.inf, np.inf
    gone = isnan(reading)
    was_gone = isnan(state.span[column, 0])
    for node in range(program.spans[column, 0], program.spans[column, 1]):
        above, below = program.bounds[node, p.ABOVE], program.bounds[node, p.BELOW]
        # A bound that is not given is NaN: nothing lies on its far side.
        holds = not (reading <= above or reading >= below or gone)
        held = state.since[node] != p.NEVER
        if holds != held:
            state.since[node] = week if holds else p.NEVER
        if holds != held or gone != was_gone:
            _wake(program, state, node)
        for side in range(2):
            bound = program.bounds[node, side]
            if bound <= reading:
                low = max(low, bound)
            if bound >= reading:
                high = min(high, bound)
    if gone:
        low = high = np.nan
    state.span[column, 0] = low
    state.span[column, 1] = high


@RULES.inlined
def _wake(program: Program, state: State, node: int) -> None:
    for place in range(program.woken[node, 0], program.woken[node, 1]):
        state.wake[program.wakes[place]] = p.NOW


@RULES.inlined
def get_ready(program: Program, state: State, week: int, seen: Reals) -> None:
    """Take in what rules did the week before, and evaluate what must be counted every week."""
    leaves = program.leaves.shape[0]
    for number in range(state.moved[0]):
        r = state.moved[1 + number]
        for place in range(program.rules[r, p.FIRST_LOOK], program.rules[r, p.LAST_LOOK]):
            node = program.looks[place]
            stands = _stands(state, r, program.leaves[node, p.ASKED])
            if stands != (state.since[node] != p.NEVER):
                state.since[node] = week if stands else p.NEVER
                _wake(program, state, node)
    state.moved[0] = 0
    for place in range(len(program.held)):
        node = program.held[place]
        value = _change(program, state, week, seen, node)
        if value != state.value[node]:
            state.value[node] = value
            state.since[node] = week if value == p.TRUE else p.NEVER
            _wake(program, state, node)
    for place in range(len(program.ready)):
        node = program.ready[place]
        value, _ = _joint(program, state, week, seen, node - leaves)
        if program.holds[node] > 0:
            if value != p.TRUE:
                state.since[node] = p.NEVER
            elif state.since[node] == p.NEVER:
                state.since[node] = week
            if value == p.TRUE and week - state.since[node] < program.holds[node]:
                value = p.FALSE
        if value != state.value[node]:
            state.value[node] = value
            _wake(program, state, node)


@RULES.inlined
def _stands(state: State, r: int, asked: int) -> bool:
    """Whether a rule stood in a state at the end of the week before."""
    now = state.rules[r, p.STATE]
    if asked == p.IS_THREATENED:
        return bool(now == p.THREAT)
    if asked == p.IS_IN_FORCE:
        return bool(now == p.FORCE)
    return bool(state.rules[r, p.EVER_ENDED] and now != p.THREAT and now != p.FORCE)


@RULES.inlined
def _change(program: Program, state: State, week: int, seen: Reals, node: int) -> int:
    """Whether an indicator has risen or fallen by so much. Nothing can rise by a share of nothing: any rise counts."""
    now = seen[program.leaves[node, p.COLUMN]]
    # A place of the ring that no week of this future has reached holds NaN.
    back = (week - program.leaves[node, p.OVER]) & program.leaves[node, p.RING_MASK]
    then = state.ring[program.leaves[node, p.RING] + back]
    gone = then - now if program.leaves[node, p.FALLS] else now - then
    need = program.bounds[node, 0] * (then if program.leaves[node, p.RELATIVE] else 1.0)
    if gone >= need and gone > 0.0:
        return p.TRUE
    return p.UNKNOWN if isnan(gone) else p.FALSE


@RULES.inlined
def _leaf(program: Program, state: State, week: int, seen: Reals, node: int) -> tuple[int, int]:
    kind = program.leaves[node, p.KIND]
    if kind == p.CHANGE:
        return _change(program, state, week, seen, node), week + 1
    column = program.leaves[node, p.COLUMN]
    if kind == p.DATES:
        return (p.TRUE if program.dates[week, column] else p.FALSE), int(program.turns[week, column])
    since = int(state.since[node])
    if since != p.NEVER:
        full = since + program.holds[node]
        return (p.TRUE, p.NEVER) if full <= week else (p.FALSE, full)
    if kind == p.THRESHOLD:
        return (p.UNKNOWN if isnan(seen[column]) else p.FALSE), p.NEVER
    return (p.UNKNOWN if kind == p.HELD_CHANGE and state.value[node] == p.UNKNOWN else p.FALSE), p.NEVER


@RULES.inlined
def _joint(program: Program, state: State, week: int, seen: Reals, joint: int) -> tuple[int, int]:
    """A condition made of others, the joints among which have been evaluated."""
    leaves = program.leaves.shape[0]
    op = program.joints[joint, p.OP]
    value = p.FALSE if op == p.ANY_OF else p.TRUE
    # Parts that decide: true ones of 'any', others of 'all'. While one of them stays as it is, so does the whole.
    decided, last, first = False, week, p.NEVER
    for place in range(program.joints[joint, p.FIRST_PART], program.joints[joint, p.LAST_PART]):
        part = program.parts[place]
        if part < leaves:
            found, turn = _leaf(program, state, week, seen, part)
        else:
            found, turn = int(state.value[part]), int(state.turn[part])
            if op == p.NOT and not program.joints[part - leaves, p.IS_READY]:
                turn = week + 1  # it may cease to be false before it becomes true
        if op == p.NOT:
            return p.TRUE - found, turn
        value = max(value, found) if op == p.ANY_OF else min(value, found)
        if (found == p.TRUE) == (op == p.ANY_OF):
            decided, last = True, max(last, turn)
        else:
            first = min(first, turn)
    return value, last if decided else first


@RULES.inlined
def truth(program: Program, state: State, week: int, seen: Reals, node: int) -> tuple[int, int]:
    """A condition's value, and the week before which it cannot become or cease to be true unless it is woken."""
    leaves = program.leaves.shape[0]
    if node < leaves:
        return _leaf(program, state, week, seen, node)
    last = node - leaves
    for joint in range(program.joints[last, p.FIRST_BELOW], last + 1):
        if not program.joints[joint, p.IS_READY]:
            state.value[leaves + joint], state.turn[leaves + joint] = _joint(program, state, week, seen, joint)
    return int(state.value[node]), int(state.turn[node])
