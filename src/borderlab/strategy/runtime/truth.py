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


@RULES.kernel
def _cross(program: Program, state: State, week: int, reading: float, column: int) -> None:
    """Look at every threshold of an indicator, and find the bounds between which none lies."""
    low, high = -np.inf, np.inf
    for node in range(program.spans[column, 0], program.spans[column, 1]):
        above, below = program.bounds[node, p.ABOVE], program.bounds[node, p.BELOW]
        # A bound that is not given is NaN: nothing lies on its far side.
        if not (reading <= above or reading >= below or isnan(reading)):
            if state.since[node] == p.NEVER:
                state.since[node] = week
        else:
            state.since[node] = p.NEVER
        for side in range(2):
            bound = program.bounds[node, side]
            if bound <= reading:
                low = max(low, bound)
            if bound >= reading:
                high = min(high, bound)
    if isnan(reading):
        low = high = np.nan
    state.span[column, 0] = low
    state.span[column, 1] = high


@RULES.inlined
def get_ready(program: Program, state: State, week: int, seen: Reals) -> None:
    """Evaluate what must be counted every week, or looked at before any rule moves."""
    leaves = program.leaves.shape[0]
    for place in range(len(program.ready)):
        node = program.ready[place]
        if node >= leaves:
            value = _joint(program, state, week, seen, node - leaves)
        elif program.leaves[node, p.OF_RULE] >= 0:
            value = (
                p.TRUE if _stands(state, program.leaves[node, p.COLUMN], program.leaves[node, p.OF_RULE]) else p.FALSE
            )
        else:
            value = _change(program, state, week, seen, node)
        if program.holds[node] > 0:
            if value != p.TRUE:
                state.since[node] = p.NEVER
            else:
                if state.since[node] == p.NEVER:
                    state.since[node] = week
                if week - state.since[node] < program.holds[node]:
                    value = p.FALSE
        state.value[node] = value


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
    over = program.leaves[node, p.OVER]
    if week < over:
        return p.UNKNOWN
    now = seen[program.leaves[node, p.COLUMN]]
    then = state.ring[program.leaves[node, p.RING] + ((week - over) & program.leaves[node, p.RING_MASK])]
    gone = then - now if program.leaves[node, p.FALLS] else now - then
    if isnan(gone):
        return p.UNKNOWN
    need = program.bounds[node, 0] * then if program.leaves[node, p.RELATIVE] else program.bounds[node, 0]
    return p.TRUE if gone >= need and gone > 0.0 else p.FALSE


@RULES.inlined
def _leaf(program: Program, state: State, week: int, seen: Reals, node: int) -> int:
    kind = program.leaves[node, p.KIND]
    if kind == p.THRESHOLD:
        if state.since[node] <= week - program.holds[node]:
            return p.TRUE
        return p.UNKNOWN if isnan(seen[program.leaves[node, p.COLUMN]]) else p.FALSE
    if kind == p.READY:
        return int(state.value[node])
    if kind == p.DATES:
        return p.TRUE if program.dates[week, program.leaves[node, p.COLUMN]] else p.FALSE
    return _change(program, state, week, seen, node)


@RULES.inlined
def _joint(program: Program, state: State, week: int, seen: Reals, joint: int) -> int:
    """A condition made of others, whose values stand."""
    leaves = program.leaves.shape[0]
    op = program.joints[joint, p.OP]
    value = p.FALSE if op == p.ANY_OF else p.TRUE
    for place in range(program.joints[joint, p.FIRST_PART], program.joints[joint, p.LAST_PART]):
        part = program.parts[place]
        found = _leaf(program, state, week, seen, part) if part < leaves else int(state.value[part])
        if op == p.ANY_OF:
            value = max(value, found)
            if value == p.TRUE:
                break
        else:
            value = min(value, found)
            if value == p.FALSE:
                break
    return p.TRUE - value if op == p.NOT else value


@RULES.inlined
def truth(program: Program, state: State, week: int, seen: Reals, node: int) -> int:
    """A condition's value, with all below it."""
    leaves = program.leaves.shape[0]
    if node < leaves:
        return _leaf(program, state, week, seen, node)
    last = node - leaves
    for joint in range(program.joints[last, p.FIRST_BELOW], last + 1):
        if not program.joints[joint, p.IS_READY]:
            state.value[leaves + joint] = _joint(program, state, week, seen, joint)
    return int(state.value[node])
