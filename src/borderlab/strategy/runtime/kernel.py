"""The rules of one future through one week, compiled. A strategy is data: :mod:`borderlab.strategy.runtime.program`.

A week begins with what was observed at its start. All conditions look at that, and at where other rules stood at the
end of the week before, so that the order of rules does not matter. A reading that is missing (NaN) is unknown, never 0;
unknown follows Kleene's rules, and a rule fires only on what is known.

A rule that is idle fires if its condition is known to hold; a threat stands for its weeks and is then carried out,
unless ``until`` held first or ``when`` no longer holds; a measure is in force for at least and at most so many weeks,
then ends (at once, or fading over weeks), rests, and may fire again, but not in the week in which it ended.

Most weeks nothing happens, and that must cost next to nothing: a threshold is looked at again only when its indicator
leaves the bounds between which no threshold lies, and keeps the week since which it holds in place of a count; a
condition made of others is worked out only where its rule asks for it; values in force are renewed only where a
measure changed.
"""

from __future__ import annotations

from math import isnan

import numpy as np

from borderlab.strategy.runtime import program as p
from borderlab.strategy.runtime.program import Book, Out, Program, Reals, State
from borderlab.strategy.runtime.truth import RULES, get_ready, look, truth

# The numbers of borderlab.strategy.runtime.firings.Ending, which compiled code cannot import as an enumeration.
_RUNNING, _MET, _MET_UNDER_THREAT, _LIMIT, _LIFTED, _NOT_CARRIED_OUT, _NOT_CALLED_FOR, _MISSING, _DONE = range(9)
_CLOSE = 1e-9


@RULES.inlined
def reset(program: Program, state: State) -> None:
    """Put one future's rules back to before the first week."""
    for r in range(state.rules.shape[0]):
        for column in range(state.rules.shape[1]):
            state.rules[r, column] = 0
        state.rules[r, p.FADING] = -1
        state.rules[r, p.BEGIN] = -1
        state.rules[r, p.IMPOSED] = -1
        state.lifting[r, p.LIFTED] = 0.0
        state.lifting[r, p.LEVEL0] = np.nan
        state.wake[r] = p.NOW
    state.moved[0] = 0
    for node in range(len(state.since)):
        state.since[node] = p.NEVER
        state.value[node] = p.FALSE
        state.turn[node] = p.NEVER
    for column in range(state.span.shape[0]):  # no reading lies within
        state.span[column, 0] = np.nan
        state.span[column, 1] = np.nan
    for place in range(len(state.ring)):
        state.ring[place] = np.nan
    state.row[0] = -1


@RULES.inlined
def step(program: Program, state: State, week: int, seen: Reals, out: Out, book: Book, future: int) -> int:
    """Take one future through one week of all rules. Weeks must come in order.

    Args:
        program, state, out: of the strategy; ``out`` must be as the week before left it.
        week: from 0, below the calendar's weeks.
        seen: readings at the start of the week, ``[seen]``; NaN is unknown.
        book: takes down firings that end in this week, and readings that are missing.
        future: its number in the book.

    Returns:
        Bits NEW_THREAT … MET for the events of the week; CHANGED where anything in ``out`` may differ from the week
        before (always in week 0); ACTS where ``out.acts`` was written.
    """
    look(program, state, week, seen, book)
    get_ready(program, state, week, seen)
    flags, queued = _settle(program, state, week, out)
    for r in range(program.rules.shape[0]):
        if state.wake[r] > week:
            continue
        now = state.rules[r, p.STATE]
        if now == p.FORCE:
            moved, lifted, why = _go_on(program, state, week, seen, r)
        elif now == p.THREAT:
            moved, why = _stand(program, state, week, seen, r)
            lifted = True
        else:
            moved, why, lifted = _may_fire(program, state, week, seen, r), 0, True
        if not moved and why == 0:
            continue
        if why == 0 and now != p.FORCE:
            imposed = now == p.THREAT
            if not imposed:
                imposed = _fire(program, state, week, seen, r)
                if not imposed and program.rules[r, p.COERCIVE]:
                    flags |= p.NEW_THREAT | (p.PUBLIC if program.rules[r, p.OPENLY] else 0)
            if imposed:
                flags = _impose(program, state, week, seen, out, r, flags)
                if now == p.THREAT and program.rules[r, p.COERCIVE]:
                    flags |= p.EXECUTED
                if program.rules[r, p.MOMENTARY]:
                    why = _DONE
        if why != 0:
            flags |= _end(program, state, week, seen, book, future, r, why)
        if (why != 0 or now != p.FORCE) and program.rules[r, p.LAST_LOOK] > program.rules[r, p.FIRST_LOOK]:
            state.moved[0] += 1
            state.moved[state.moved[0]] = r
        flags |= p.CHANGED
        goes_on = why == 0 and now == p.FORCE
        queued = _ordered(program, state, week, out, r, goes_on, lifted or not goes_on, queued)
    for place in range(queued):
        _renew(program, state, week, out, state.queue[place])
    if program.due[week]:
        flags = _acting(out, flags)
        for act in range(len(program.act_weeks)):
            if program.act_weeks[act] == week:
                out.acts[act] = 1
    return flags


@RULES.inlined
def finish(program: Program, state: State, book: Book, future: int) -> None:
    """Take down the firings of one future that are still running after its last week."""
    for r in range(program.rules.shape[0]):
        if state.rules[r, p.BEGIN] >= 0:
            _write(program, state, book, future, r, -1, _RUNNING)


@RULES.inlined
def truths(program: Program, state: State, week: int, seen: Reals, values: np.ndarray) -> None:  # type: ignore[type-arg]
    """The value of every rule's ``when`` in a week that has been stepped, into uint8 ``[rules]``."""
    for r in range(program.rules.shape[0]):
        values[r], _ = truth(program, state, week, seen, program.rules[r, p.WHEN])


# --- what a week does to a rule -----------------------------------------------------------------------------------


@RULES.inlined
def _may_fire(program: Program, state: State, week: int, seen: Reals, r: int) -> bool:
    """A week of a rule that is idle or at rest: whether it fires."""
    if state.rules[r, p.STATE] == p.REST:
        free = state.rules[r, p.SINCE] + program.rules[r, p.REST_WEEKS]
        if week < free:
            state.wake[r] = free
            return False
        state.rules[r, p.STATE] = p.IDLE
    times = program.rules[r, p.AT_MOST_TIMES]
    if times >= 0 and state.rules[r, p.FIRED] >= times:
        state.wake[r] = p.NEVER
        return False
    called, state.wake[r] = truth(program, state, week, seen, program.rules[r, p.WHEN])
    return bool(called == p.TRUE)


@RULES.inlined
def _stand(program: Program, state: State, week: int, seen: Reals, r: int) -> tuple[bool, int]:
    """A week of a threat: whether something comes of it, and why it is given up (0 if it is carried out)."""
    met, turn = p.FALSE, p.NEVER
    if program.rules[r, p.UNTIL] >= 0:
        met, turn = truth(program, state, week, seen, program.rules[r, p.UNTIL])
    if met == p.TRUE:
        return True, _MET_UNDER_THREAT
    due = state.rules[r, p.SINCE] + program.rules[r, p.THREAT_WEEKS]
    if week < due:
        state.wake[r] = min(turn, due)
        return False, 0
    called, _ = truth(program, state, week, seen, program.rules[r, p.WHEN])
    if called != p.TRUE:
        return True, _MISSING if called == p.UNKNOWN else _NOT_CALLED_FOR
    return True, 0 if program.rules[r, p.CARRY_OUT] else _NOT_CARRIED_OUT


@RULES.inlined
def _go_on(program: Program, state: State, week: int, seen: Reals, r: int) -> tuple[bool, bool, int]:
    """A week of a measure in force: whether what it has in force changes, whether because more or less of it is lifted,
    and why it ends (0 if it does not).
    """
    age = week - state.rules[r, p.SINCE]
    ramp = program.rules[r, p.LONGEST_RAMP]
    lifted, why, due = False, 0, int(state.rules[r, p.DUE])
    if due <= week or state.wake[r] == p.NOW:
        met, turn = p.FALSE, p.NEVER
        if age < program.rules[r, p.AT_LEAST]:
            turn = state.rules[r, p.SINCE] + program.rules[r, p.AT_LEAST]
        elif program.rules[r, p.UNTIL] >= 0 and state.rules[r, p.FADING] < 0:
            met, turn = truth(program, state, week, seen, program.rules[r, p.UNTIL])
        lifted, why = _lift(program, state, week, seen, r, met == p.TRUE)
        if state.rules[r, p.FADING] >= 0 or program.rules[r, p.IN_STEPS]:
            due = week + 1
        elif program.rules[r, p.AT_MOST] >= 0:
            due = min(turn, state.rules[r, p.SINCE] + program.rules[r, p.AT_MOST])
        else:
            due = turn
        state.rules[r, p.DUE] = due
    state.wake[r] = min(due, week + 1) if age + 1 < ramp else due
    return age < ramp or lifted, lifted, why


@RULES.inlined
def _lift(program: Program, state: State, week: int, seen: Reals, r: int, met: bool) -> tuple[bool, int]:
    """What is lifted of a measure this week: whether that changed, and why the measure ends (0 if it does not)."""
    age = week - state.rules[r, p.SINCE]
    before = state.lifting[r, p.LIFTED]
    if program.rules[r, p.IN_STEPS] and age >= program.rules[r, p.AT_LEAST]:
        column = program.rules[r, p.FOLLOWED]
        followed = seen[column] if column >= 0 else np.nan
        if isnan(state.lifting[r, p.LEVEL0]):  # nothing was known when it was imposed: count from the first reading
            state.lifting[r, p.LEVEL0] = followed
        gain = program.lifting[r, p.SENSE] * (followed - state.lifting[r, p.LEVEL0])
        if not isnan(gain):
            steps = np.floor(max(gain, 0.0) / program.lifting[r, p.PER] + _CLOSE)
            share = min(steps * program.lifting[r, p.STEP], 1.0)
            if program.rules[r, p.SNAP_BACK] or share > state.lifting[r, p.LIFTED]:
                state.lifting[r, p.LIFTED] = share
    why = 0
    fade = program.rules[r, p.FADE_WEEKS]
    if state.rules[r, p.FADING] < 0:
        if met:
            why = _MET
        elif (
            program.rules[r, p.IN_STEPS]
            and not program.rules[r, p.SNAP_BACK]
            and state.lifting[r, p.LIFTED] >= 1.0 - _CLOSE
        ):
            why = _LIFTED
        elif program.rules[r, p.AT_MOST] >= 0 and age >= program.rules[r, p.AT_MOST]:
            why = _LIMIT
        if why != 0 and fade > 1:
            state.rules[r, p.FADING] = week
            state.rules[r, p.FADE_WHY] = why
            why = 0
    if state.rules[r, p.FADING] >= 0:
        state.lifting[r, p.LIFTED] = min((week - state.rules[r, p.FADING] + 1) / fade, 1.0)
        if state.lifting[r, p.LIFTED] >= 1.0 - _CLOSE:
            why = int(state.rules[r, p.FADE_WHY])
    return bool(state.lifting[r, p.LIFTED] != before), why


@RULES.inlined
def _fire(program: Program, state: State, week: int, seen: Reals, r: int) -> bool:
    """Begin, with a threat or at once with the measure: whether the latter."""
    state.rules[r, p.FIRED] += 1
    state.rules[r, p.BEGIN] = week
    for place in range(program.watched.shape[1]):
        column = program.watched[r, place]
        state.kept[r, place] = np.float32(seen[column]) if column >= 0 else np.float32(np.nan)
    if program.rules[r, p.THREAT_WEEKS] < 0:
        return True
    state.rules[r, p.STATE] = p.THREAT
    state.rules[r, p.SINCE] = week
    state.wake[r] = week + 1
    return False


@RULES.inlined
def _impose(program: Program, state: State, week: int, seen: Reals, out: Out, r: int, flags: int) -> int:
    """Put in force what a rule orders: the flags so far, and of that."""
    state.rules[r, p.STATE] = p.FORCE
    state.rules[r, p.SINCE] = week
    state.rules[r, p.IMPOSED] = week
    state.rules[r, p.DUE] = week + 1
    state.wake[r] = week + 1
    state.rules[r, p.FADING] = -1
    state.lifting[r, p.LIFTED] = 0.0
    column = program.rules[r, p.FOLLOWED]
    state.lifting[r, p.LEVEL0] = seen[column] if column >= 0 else np.nan
    if program.rules[r, p.COERCIVE]:
        flags |= p.NEW_IMPOSITION | p.PUBLIC
    if program.rules[r, p.LAST_ACT] > program.rules[r, p.FIRST_ACT]:
        flags = _acting(out, flags)
        for act in range(program.rules[r, p.FIRST_ACT], program.rules[r, p.LAST_ACT]):
            out.acts[act] = 1
    return flags


@RULES.inlined
def _acting(out: Out, flags: int) -> int:
    """With ACTS; the acts of an earlier week are wiped."""
    if not flags & p.ACTS:
        for act in range(len(out.acts)):
            out.acts[act] = 0
    return flags | p.ACTS


@RULES.inlined
def _end(program: Program, state: State, week: int, seen: Reals, book: Book, future: int, r: int, why: int) -> int:
    """End a threat or a measure; the flags of that."""
    place = _write(program, state, book, future, r, week, why)
    if place >= 0:
        for spot in range(program.watched.shape[1]):
            column = program.watched[r, spot]
            if column >= 0:
                book.last[place, spot] = np.float32(seen[column])
    state.rules[r, p.BEGIN] = -1
    state.rules[r, p.IMPOSED] = -1
    state.rules[r, p.EVER_ENDED] = 1
    state.rules[r, p.SINCE] = week
    state.wake[r] = week + 1
    state.rules[r, p.STATE] = p.REST if program.rules[r, p.REST_WEEKS] > 0 else p.IDLE
    if not program.rules[r, p.COERCIVE]:
        return 0
    if why in (_MET, _MET_UNDER_THREAT, _LIFTED):
        return p.MET
    return p.DROPPED if why in (_LIMIT, _NOT_CARRIED_OUT) else 0


@RULES.kernel
def _write(program: Program, state: State, book: Book, future: int, r: int, week: int, why: int) -> int:
    """Write a firing into the book, without last readings; its place, or -1 where the book is full."""
    place = book.written[0]
    book.written[0] += 1
    if place >= len(book.rows):
        return -1
    book.rows[place, 0] = r
    book.rows[place, 1] = future
    book.rows[place, 2] = state.rules[r, p.BEGIN]
    book.rows[place, 3] = state.rules[r, p.IMPOSED]
    book.rows[place, 4] = week
    book.rows[place, 5] = why
    for spot in range(program.watched.shape[1]):
        book.first[place, spot] = state.kept[r, spot]
        book.last[place, spot] = np.float32(np.nan)
    return int(place)


# --- what is in force ---------------------------------------------------------------------------------------------


@RULES.inlined
def _settle(program: Program, state: State, week: int, out: Out) -> tuple[int, int]:
    """Take over the settings without rule where they changed: flags, and how many levers were queued to be renewed."""
    row, before = program.settled_of[week], state.row[0]
    if row == before:
        return 0, 0
    state.row[0] = row
    queued = 0
    if before < 0:  # the first week: everything
        for slot in range(len(out.intensity)):
            out.intensity[slot] = 0.0
            out.announced[slot] = 0.0
        for lever in range(program.levers.shape[0]):
            state.queue[queued] = lever
            queued += 1
    else:
        for place in range(program.renewed[row, 0], program.renewed[row, 1]):
            lever = program.settled_levers[place]
            if program.levers[lever, p.FIRST_ACTION] < program.levers[lever, p.LAST_ACTION]:
                state.queue[queued] = lever
                queued += 1
            else:
                out.imposed[lever] = program.settled[row, lever]
                _at_sectors(program, out, row, lever)
    for slot in range(program.settled_slots.shape[1]):
        out.intensity[slot] = program.settled_slots[row, slot]
    return p.CHANGED, queued


@RULES.inlined
def _at_sectors(program: Program, out: Out, row: int, lever: int) -> None:
    """What settings put at sectors."""
    at = program.levers[lever, p.SECTOR_ROW]
    if at >= 0:
        for sector in range(out.sectors.shape[1]):
            out.sectors[at, sector] = program.settled_sectors[row, at, sector]


@RULES.inlined
def _ordered(
    program: Program, state: State, week: int, out: Out, r: int, goes_on: bool, lifted: bool, queued: int
) -> int:
    """Renew, or queue to be renewed, what a rule orders; how many levers are in the queue then."""
    weeks = week - state.rules[r, p.SINCE] + 1
    for place in range(program.rules[r, p.FIRST_ORDER], program.rules[r, p.LAST_ORDER]):
        action = program.orders[place]
        if not lifted and weeks > program.actions[action, p.OVER_WEEKS]:
            continue  # fully in force since last week at the latest
        lever = program.actions[action, p.LEVER]
        if goes_on and program.actions[action, p.ALONE]:
            today = program.defaults[lever]
            here = today + program.reach[action] * _share(program, state, weeks, r, action)
            out.imposed[lever] = here
            if program.actions[action, p.SLOT] >= 0:
                out.intensity[program.actions[action, p.SLOT]] = here - today
        else:
            state.queue[queued] = lever
            queued += 1
    return queued


@RULES.inlined
def _share(program: Program, state: State, weeks: int, r: int, action: int) -> float:
    """How much of an action is in force: by equal parts over its weeks, less what is lifted."""
    share = 1.0 - state.lifting[r, p.LIFTED]
    over = program.actions[action, p.OVER_WEEKS]
    if weeks < over:
        share *= weeks / over
    return share


@RULES.inlined
def _renew(program: Program, state: State, week: int, out: Out, lever: int) -> None:
    """Work out one lever anew. Where several uses meet, the one furthest from today's holds; of equals the first."""
    today = program.defaults[lever]
    row = state.row[0]
    value, threatened = program.settled[row, lever], today
    at = program.levers[lever, p.SECTOR_ROW]
    further = program.levers[lever, p.FURTHER]
    _at_sectors(program, out, row, lever)
    for action in range(program.levers[lever, p.FIRST_ACTION], program.levers[lever, p.LAST_ACTION]):
        r, slot = program.actions[action, p.RULE], program.actions[action, p.SLOT]
        now = state.rules[r, p.STATE]
        here, announced = today, 0.0
        if now == p.FORCE:
            weeks = week - state.rules[r, p.SINCE] + 1
            here = today + program.reach[action] * _share(program, state, weeks, r, action)
            if at >= 0:
                for sector in range(out.sectors.shape[1]):
                    if program.actions[action, p.SECTORS] >> sector & 1:
                        out.sectors[at, sector] = _furthest(out.sectors[at, sector], here, today, further)
            elif abs(here - today) > abs(value - today):
                value = here
        elif now == p.THREAT:
            announced = program.reach[action]
            threatened = _furthest(threatened, today + announced, today, further)
        if slot >= 0:
            out.intensity[slot] = here - today
            out.announced[slot] = announced
    if at >= 0:
        total = 0.0
        for sector in range(out.sectors.shape[1]):
            total += out.sectors[at, sector]
        value = total / out.sectors.shape[1]
    out.imposed[lever] = value
    out.threatened[lever] = threatened


@RULES.inlined
def _furthest(first: float, second: float, today: float, further: int) -> float:
    """The value further from today's, for a lever that can go up, down, or either way."""
    if further == p.UPWARD:
        return max(first, second)
    if further == p.DOWNWARD:
        return min(first, second)
    return second if abs(second - today) > abs(first - today) else first
