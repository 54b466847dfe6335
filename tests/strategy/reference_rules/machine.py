"""What one week does to one rule, future by future: the state machine itself."""

from __future__ import annotations

from math import isnan
from typing import Any

import numpy as np

IDLE, THREAT, FORCE, REST = 0, 1, 2, 3
BEGUN, IMPOSED, EXECUTED = 1, 2, 3  # a threat made; imposed with no threat; imposed after one
# The numbers of borderlab.strategy.runtime.firings.Ending, which compiled code cannot import as an enumeration.
_MET, _MET_UNDER_THREAT, _LIMIT, _LIFTED, _NOT_CARRIED_OUT, _NOT_CALLED_FOR, _MISSING, _DONE = 1, 2, 3, 4, 5, 6, 7, 8
_CLOSE = 1e-9
_Array = np.ndarray[Any, Any]


def advance(
    week: int,
    when: _Array,
    when_unknown: _Array,
    until: _Array,
    followed: _Array,
    state: _Array,
    since: _Array,
    fired: _Array,
    lifted: _Array,
    fading: _Array,
    fade_why: _Array,
    level0: _Array,
    ever_ended: _Array,
    begun: _Array,
    begun_how: _Array,
    ended: _Array,
    ended_why: _Array,
    threat_weeks: int,
    carry_out: bool,
    at_least: int,
    at_most: int,
    rest: int,
    at_most_times: int,
    fade_weeks: int,
    in_steps: bool,
    step: float,
    per: float,
    sense: float,
    snap_back: bool,
    momentary: bool,
) -> tuple[int, int, int, int, int]:
    """Take one rule through one week in every future. State arrays are changed in place.

    A week begins with what was observed at its start. A rule that is idle fires if its condition is known to hold;
    a threat stands for its weeks and is then carried out, unless ``until`` held first or ``when`` no longer holds;
    a measure is in force for at least and at most so many weeks, then ends (at once, or fading over weeks), rests,
    and may fire again, but not in the week in which it ended.

    Args:
        when, when_unknown, until: the conditions of this week, bool ``[futures]``.
        followed: reading that steps of lifting follow; NaN where none is known.
        state … ever_ended: the rule's state, ``[futures]``.
        begun, begun_how: filled with the futures in which something began, and how (BEGUN, IMPOSED, EXECUTED).
        ended, ended_why: filled with the futures in which something ended, and why.
        threat_weeks, at_most, at_most_times: -1 for none. The rest as in the tree; ``sense`` is +1 or -1;
            ``momentary`` rules (programmes alone) are over as soon as they are done.

    Returns:
        Futures threatened, in force, at rest, after the week; how many began and ended something in it.
    """
    threats, forces, rests, n_begun, n_ended = 0, 0, 0, 0, 0
    for i in range(len(state)):
        now = state[i]
        if now == REST and week - since[i] >= rest:
            now = IDLE
            state[i] = IDLE
        if now == IDLE and not when[i]:
            continue
        why, how = 0, 0
        if now == IDLE:
            if at_most_times < 0 or fired[i] < at_most_times:
                fired[i] += 1
                since[i] = week
                now, how = (THREAT, BEGUN) if threat_weeks >= 0 else (FORCE, IMPOSED)
        elif now == THREAT:
            if until[i]:
                why = _MET_UNDER_THREAT
            elif week - since[i] >= threat_weeks:
                if not when[i]:
                    why = _MISSING if when_unknown[i] else _NOT_CALLED_FOR
                elif carry_out:
                    now, how = FORCE, EXECUTED
                    since[i] = week
                else:
                    why = _NOT_CARRIED_OUT
        elif now == FORCE:
            age = week - since[i]
            if in_steps and age >= at_least:
                if isnan(level0[i]):  # nothing was known when it was imposed: count from the first reading
                    level0[i] = followed[i]
                gain = sense * (followed[i] - level0[i])
                if not isnan(gain):
                    share = min(np.floor(max(gain, 0.0) / per + _CLOSE) * step, 1.0)
                    if snap_back or share > lifted[i]:
                        lifted[i] = share
            if fading[i] < 0:
                if until[i] and age >= at_least:
                    why = _MET
                elif in_steps and not snap_back and lifted[i] >= 1.0 - _CLOSE:
                    why = _LIFTED
                elif at_most >= 0 and age >= at_most:
                    why = _LIMIT
                if why != 0 and fade_weeks > 1:
                    fading[i] = week
                    fade_why[i] = why
                    why = 0
            if fading[i] >= 0:
                lifted[i] = min((week - fading[i] + 1) / fade_weeks, 1.0)
                if lifted[i] >= 1.0 - _CLOSE:
                    why = fade_why[i]
        if how != 0:
            begun[n_begun] = i
            begun_how[n_begun] = how
            n_begun += 1
            if how != BEGUN:
                lifted[i] = 0.0
                fading[i] = -1
                level0[i] = followed[i]
                if momentary:
                    why = _DONE
        if why != 0:
            ended[n_ended] = i
            ended_why[n_ended] = why
            n_ended += 1
            ever_ended[i] = True
            since[i] = week
            now = REST if rest > 0 else IDLE
        state[i] = now
        threats += now == THREAT
        forces += now == FORCE
        rests += now == REST
    return threats, forces, rests, n_begun, n_ended


def put(
    week: int,
    state: _Array,
    since: _Array,
    lifted: _Array,
    over_weeks: int,
    default: float,
    target: float,
    value: _Array,
    furthest: _Array,
) -> None:
    """Write what one action has in force into ``value``, and into ``furthest`` where that is further from today's.

    The value goes from ``default`` to ``target`` by equal parts over ``over_weeks``, less the share that is lifted.
    An empty ``value`` is not wanted.
    """
    wanted = len(value) > 0
    for i in range(len(state)):
        here = default
        if state[i] == FORCE:
            share = 1.0 - lifted[i]
            if over_weeks > 1:
                share *= min((week - since[i] + 1) / over_weeks, 1.0)
            here = default + (target - default) * share
            if abs(here - default) > abs(furthest[i] - default):
                furthest[i] = here
        if wanted:
            value[i] = here


def hold(true: _Array, held: _Array, weeks: int) -> _Array:
    """Where something has been true for so many weeks in a row; ``held`` counts them and is changed in place."""
    found = np.empty(len(true), dtype=np.bool_)
    for i in range(len(true)):
        held[i] = held[i] + 1 if true[i] else 0
        found[i] = held[i] >= weeks
    return found


def row_means(table: _Array) -> _Array:
    """The mean of each row: a lever put at sectors, seen for the border as a whole. NumPy is slow on short rows."""
    means = np.empty(len(table))
    for row in range(len(table)):
        total = 0.0
        for value in table[row]:
            total += value
        means[row] = total / table.shape[1]
    return means
