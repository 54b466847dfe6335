"""What is observed and which conditions hold, of one future, compiled: :mod:`borderlab.strategy.runtime.kernel`."""

from __future__ import annotations

from math import isnan
from pathlib import Path

import numpy as np

from borderlab.base.kernels import Kernels
from borderlab.strategy.runtime import program as p
from borderlab.strategy.runtime.program import Ints, Known, Reals, RuleProgress, Signals

RULES = Kernels("rules", [Path(__file__).with_name(f"{name}.py") for name in ("program", "truth", "kernel", "weekly")])


@RULES.inlined
def look(signals: Signals, known: Known, wake: Ints, week: int, seen: Reals, missing: Ints) -> None:
    """Take in the readings: thresholds that are crossed, readings that are missing, rings for changes."""
    for column in range(signals.spans.shape[0]):
        reading = seen[column]
        if known.span[column, 0] < reading and reading < known.span[column, 1]:
            continue
        _cross(signals, known, wake, week, reading, column)
        if isnan(reading):
            missing[week, column] += 1
    for number in range(signals.rings.shape[0]):
        place = signals.rings[number, 1] + (week & signals.rings[number, 2])
        known.ring[place] = seen[signals.rings[number, 0]]


@RULES.inlined
def _cross(signals: Signals, known: Known, wake: Ints, week: int, reading: float, column: int) -> None:
    """Look at every threshold of an indicator, and find the bounds between which none lies."""
    low, high = -np.inf, np.inf
    gone = isnan(reading)
    was_gone = isnan(known.span[column, 0])
    for node in range(signals.spans[column, 0], signals.spans[column, 1]):
        above, below = signals.bounds[node, p.ABOVE], signals.bounds[node, p.BELOW]
        # A bound that is not given is NaN: nothing lies on its far side.
        holds = not (reading <= above or reading >= below or gone)
        held = known.since[node] != p.NEVER
        if holds != held:
            known.since[node] = week if holds else p.NEVER
        if holds != held or gone != was_gone:
            _wake(signals, wake, node)
        for side in range(2):
            bound = signals.bounds[node, side]
            if bound <= reading:
                low = max(low, bound)
            if bound >= reading:
                high = min(high, bound)
    if gone:
        low = high = np.nan
    known.span[column, 0] = low
    known.span[column, 1] = high


@RULES.inlined
def _wake(signals: Signals, wake: Ints, node: int) -> None:
    for place in range(signals.woken[node, 0], signals.woken[node, 1]):
        wake[signals.wakes[place]] = p.NOW


@RULES.inlined
def get_ready(signals: Signals, known: Known, standing: RuleProgress, week: int, seen: Reals) -> None:
    """Take in what rules did the week before, and evaluate what must be counted every week."""
    leaves = signals.leaves.shape[0]
    for number in range(standing.moved[0]):
        r = standing.moved[1 + number]
        for place in range(signals.looked[r, 0], signals.looked[r, 1]):
            node = signals.looks[place]
            stands = _stands(standing.rules, r, signals.leaves[node, p.ASKED])
            if stands != (known.since[node] != p.NEVER):
                known.since[node] = week if stands else p.NEVER
                _wake(signals, standing.wake, node)
    standing.moved[0] = 0
    for place in range(len(signals.held)):
        node = signals.held[place]
        value = _change(signals, known, week, seen, node)
        if value != known.value[node]:
            known.value[node] = value
            known.since[node] = week if value == p.TRUE else p.NEVER
            _wake(signals, standing.wake, node)
    for place in range(len(signals.ready)):
        node = signals.ready[place]
        value, _ = _joint(signals, known, week, seen, node - leaves)
        if signals.holds[node] > 0:
            if value != p.TRUE:
                known.since[node] = p.NEVER
            elif known.since[node] == p.NEVER:
                known.since[node] = week
            if value == p.TRUE and week - known.since[node] < signals.holds[node]:
                value = p.FALSE
        if value != known.value[node]:
            known.value[node] = value
            _wake(signals, standing.wake, node)


@RULES.inlined
def _stands(rules: Ints, r: int, asked: int) -> bool:
    """Whether a rule stood in a state at the end of the week before."""
    now = rules[r, p.STATE]
    if asked == p.IS_THREATENED:
        return bool(now == p.THREAT)
    if asked == p.IS_IN_FORCE:
        return bool(now == p.FORCE)
    return bool(rules[r, p.EVER_ENDED] and now != p.THREAT and now != p.FORCE)


@RULES.inlined
def _change(signals: Signals, known: Known, week: int, seen: Reals, node: int) -> int:
    """Whether an indicator has risen or fallen by so much. Nothing can rise by a share of nothing: any rise counts."""
    now = seen[signals.leaves[node, p.COLUMN]]
    # A place of the ring that no week of this future has reached holds NaN.
    back = (week - signals.leaves[node, p.OVER]) & signals.leaves[node, p.RING_MASK]
    then = known.ring[signals.leaves[node, p.RING] + back]
    gone = then - now if signals.leaves[node, p.FALLS] else now - then
    need = signals.bounds[node, 0] * (then if signals.leaves[node, p.RELATIVE] else 1.0)
    if gone >= need and gone > 0.0:
        return p.TRUE
    return p.UNKNOWN if isnan(gone) else p.FALSE


@RULES.inlined
def _leaf(signals: Signals, known: Known, week: int, seen: Reals, node: int) -> tuple[int, int]:
    kind = signals.leaves[node, p.KIND]
    if kind == p.CHANGE:
        return _change(signals, known, week, seen, node), week + 1
    column = signals.leaves[node, p.COLUMN]
    if kind == p.DATES:
        return (p.TRUE if signals.dates[week, column] else p.FALSE), int(signals.turns[week, column])
    since = int(known.since[node])
    if since != p.NEVER:
        full = since + signals.holds[node]
        return (p.TRUE, p.NEVER) if full <= week else (p.FALSE, full)
    if kind == p.THRESHOLD:
        return (p.UNKNOWN if isnan(seen[column]) else p.FALSE), p.NEVER
    return (p.UNKNOWN if kind == p.HELD_CHANGE and known.value[node] == p.UNKNOWN else p.FALSE), p.NEVER


@RULES.inlined
def _joint(signals: Signals, known: Known, week: int, seen: Reals, joint: int) -> tuple[int, int]:
    """A condition made of others, the joints among which have been evaluated."""
    leaves = signals.leaves.shape[0]
    op = signals.joints[joint, p.OP]
    value = p.FALSE if op == p.ANY_OF else p.TRUE
    # Parts that decide: true ones of 'any', others of 'all'. While one of them stays as it is, so does the whole.
    decided, last, first = False, week, p.NEVER
    for place in range(signals.joints[joint, p.FIRST_PART], signals.joints[joint, p.LAST_PART]):
        part = signals.parts[place]
        if part < leaves:
            found, turn = _leaf(signals, known, week, seen, part)
        else:
            found, turn = int(known.value[part]), int(known.turn[part])
            if op == p.NOT and not signals.joints[part - leaves, p.IS_READY]:
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
def truth(signals: Signals, known: Known, week: int, seen: Reals, node: int) -> tuple[int, int]:
    """A condition's value, and the week before which it cannot become or cease to be true unless it is woken."""
    leaves = signals.leaves.shape[0]
    if node < leaves:
        return _leaf(signals, known, week, seen, node)
    last = node - leaves
    for joint in range(signals.joints[last, p.FIRST_BELOW], last + 1):
        if not signals.joints[joint, p.IS_READY]:
            known.value[leaves + joint], known.turn[leaves + joint] = _joint(signals, known, week, seen, joint)
    return int(known.value[node]), int(known.turn[node])
