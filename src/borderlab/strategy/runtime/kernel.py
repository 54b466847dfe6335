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
from borderlab.strategy.runtime.program import (
    Book,
    Bytes,
    FutureState,
    Ints,
    Known,
    Measures,
    Orders,
    Plans,
    Program,
    Reals,
    RuleProgress,
    Signals,
)
from borderlab.strategy.runtime.truth import RULES, get_ready, look, truth

# The numbers of borderlab.strategy.runtime.firings.Ending, which compiled code cannot import as an enumeration.
_RUNNING, _MET, _MET_UNDER_THREAT, _LIMIT, _LIFTED, _NOT_CARRIED_OUT, _NOT_CALLED_FOR, _MISSING, _DONE = range(9)
_CLOSE = 1e-9


@RULES.inlined
def reset(program: Program, state: FutureState) -> None:
    """Put one future's rules back to before the first week."""
    known, standing = state.known, state.standing
    for r in range(standing.rules.shape[0]):
        for column in range(standing.rules.shape[1]):
            standing.rules[r, column] = 0
        standing.rules[r, p.FADING] = -1
        standing.rules[r, p.BEGIN] = -1
        standing.rules[r, p.IMPOSED] = -1
        standing.lifting[r, p.LIFTED] = 0.0
        standing.lifting[r, p.LEVEL0] = np.nan
        standing.wake[r] = p.NOW
    standing.moved[0] = 0
    for node in range(len(known.since)):
        known.since[node] = p.NEVER
        known.value[node] = p.FALSE
        known.turn[node] = p.NEVER
    for column in range(known.span.shape[0]):  # no reading lies within
        known.span[column, 0] = np.nan
        known.span[column, 1] = np.nan
    for place in range(len(known.ring)):
        known.ring[place] = np.nan
    state.row[0] = -1


@RULES.inlined
def step(program: Program, state: FutureState, week: int, seen: Reals, out: Orders, book: Book, future: int) -> int:
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
    signals, plans, measures = program.signals, program.plans, program.measures
    known, standing = state.known, state.standing
    look(signals, known, standing.wake, week, seen, book.missing)
    get_ready(signals, known, standing, week, seen)
    flags, queued = _settle(measures, state.queue, state.row, week, out)
    for r in range(plans.rules.shape[0]):
        if standing.wake[r] > week:
            continue
        now = standing.rules[r, p.STATE]
        if now == p.FORCE:
            moved, lifted, why = _go_on(signals, plans, known, standing, week, seen, r)
        elif now == p.THREAT:
            moved, why = _stand(signals, plans, known, standing, week, seen, r)
            lifted = True
        else:
            moved, why, lifted = _may_fire(signals, plans, known, standing, week, seen, r), 0, True
        if not moved and why == 0:
            continue
        if why == 0 and now != p.FORCE:
            imposed = now == p.THREAT
            if not imposed:
                imposed = _fire(plans, standing, week, seen, r)
                if not imposed and plans.rules[r, p.COERCIVE]:
                    flags |= p.NEW_THREAT | (p.PUBLIC if plans.rules[r, p.OPENLY] else 0)
            if imposed:
                flags = _impose(plans, standing, week, seen, out.acts, r, flags)
                if now == p.THREAT and plans.rules[r, p.COERCIVE]:
                    flags |= p.EXECUTED
                if plans.rules[r, p.MOMENTARY]:
                    why = _DONE
        if why != 0:
            flags |= _end(plans, standing, week, seen, book, future, r, why)
        if (why != 0 or now != p.FORCE) and signals.looked[r, 1] > signals.looked[r, 0]:
            standing.moved[0] += 1
            standing.moved[standing.moved[0]] = r
        flags |= p.CHANGED
        goes_on = why == 0 and now == p.FORCE
        queued = _order(plans, measures, standing, state.queue, week, out, r, goes_on, lifted or not goes_on, queued)
    for place in range(queued):
        _renew(measures, standing, state.row[0], week, out, state.queue[place])
    if plans.due[week]:
        flags = _acting(out.acts, flags)
        for act in range(len(plans.act_weeks)):
            if plans.act_weeks[act] == week:
                out.acts[act] = 1
    return flags


@RULES.inlined
def finish(program: Program, state: FutureState, book: Book, future: int) -> None:
    """Take down the firings of one future that are still running after its last week."""
    standing = state.standing
    for r in range(standing.rules.shape[0]):
        if standing.rules[r, p.BEGIN] >= 0:
            _write(standing, book, future, r, -1, _RUNNING)


@RULES.inlined
def truths(program: Program, state: FutureState, week: int, seen: Reals, values: np.ndarray) -> None:  # type: ignore[type-arg]
    """The value of every rule's ``when`` in a week that has been stepped, into uint8 ``[rules]``."""
    for r in range(len(values)):
        values[r], _ = truth(program.signals, state.known, week, seen, program.plans.rules[r, p.WHEN])


# --- what a week does to a rule -----------------------------------------------------------------------------------


@RULES.inlined
def _may_fire(
    signals: Signals, plans: Plans, known: Known, standing: RuleProgress, week: int, seen: Reals, r: int
) -> bool:
    """A week of a rule that is idle or at rest: whether it fires."""
    if standing.rules[r, p.STATE] == p.REST:
        free = standing.rules[r, p.SINCE] + plans.rules[r, p.REST_WEEKS]
        if week < free:
            standing.wake[r] = free
            return False
        standing.rules[r, p.STATE] = p.IDLE
    times = plans.rules[r, p.AT_MOST_TIMES]
    if times >= 0 and standing.rules[r, p.FIRED] >= times:
        standing.wake[r] = p.NEVER
        return False
    called, standing.wake[r] = truth(signals, known, week, seen, plans.rules[r, p.WHEN])
    return bool(called == p.TRUE)


@RULES.inlined
def _stand(
    signals: Signals, plans: Plans, known: Known, standing: RuleProgress, week: int, seen: Reals, r: int
) -> tuple[bool, int]:
    """A week of a threat: whether something comes of it, and why it is given up (0 if it is carried out)."""
    met, turn = p.FALSE, p.NEVER
    if plans.rules[r, p.UNTIL] >= 0:
        met, turn = truth(signals, known, week, seen, plans.rules[r, p.UNTIL])
    if met == p.TRUE:
        return True, _MET_UNDER_THREAT
    due = standing.rules[r, p.SINCE] + plans.rules[r, p.THREAT_WEEKS]
    if week < due:
        standing.wake[r] = min(turn, due)
        return False, 0
    called, _ = truth(signals, known, week, seen, plans.rules[r, p.WHEN])
    if called != p.TRUE:
        return True, _MISSING if called == p.UNKNOWN else _NOT_CALLED_FOR
    return True, 0 if plans.rules[r, p.CARRY_OUT] else _NOT_CARRIED_OUT


@RULES.inlined
def _go_on(
    signals: Signals, plans: Plans, known: Known, standing: RuleProgress, week: int, seen: Reals, r: int
) -> tuple[bool, bool, int]:
    """A week of a measure in force: whether what it has in force changes, whether because more or less of it is lifted,
    and why it ends (0 if it does not).
    """
    age = week - standing.rules[r, p.SINCE]
    ramp = plans.rules[r, p.LONGEST_RAMP]
    lifted, why, due = False, 0, int(standing.rules[r, p.DUE])
    if due <= week or standing.wake[r] == p.NOW:
        met, turn = p.FALSE, p.NEVER
        if age < plans.rules[r, p.AT_LEAST]:
            turn = standing.rules[r, p.SINCE] + plans.rules[r, p.AT_LEAST]
        elif plans.rules[r, p.UNTIL] >= 0 and standing.rules[r, p.FADING] < 0:
            met, turn = truth(signals, known, week, seen, plans.rules[r, p.UNTIL])
        lifted, why = _lift(plans, standing, week, seen, r, met == p.TRUE)
        if standing.rules[r, p.FADING] >= 0 or plans.rules[r, p.IN_STEPS]:
            due = week + 1
        elif plans.rules[r, p.AT_MOST] >= 0:
            due = min(turn, standing.rules[r, p.SINCE] + plans.rules[r, p.AT_MOST])
        else:
            due = turn
        standing.rules[r, p.DUE] = due
    standing.wake[r] = min(due, week + 1) if age + 1 < ramp else due
    return age < ramp or lifted, lifted, why


@RULES.inlined
def _lift(plans: Plans, standing: RuleProgress, week: int, seen: Reals, r: int, met: bool) -> tuple[bool, int]:
    """What is lifted of a measure this week: whether that changed, and why the measure ends (0 if it does not)."""
    age = week - standing.rules[r, p.SINCE]
    before = standing.lifting[r, p.LIFTED]
    if plans.rules[r, p.IN_STEPS] and age >= plans.rules[r, p.AT_LEAST]:
        column = plans.rules[r, p.FOLLOWED]
        followed = seen[column] if column >= 0 else np.nan
        if isnan(standing.lifting[r, p.LEVEL0]):  # nothing was known when it was imposed: count from the first reading
            standing.lifting[r, p.LEVEL0] = followed
        gain = plans.lifting[r, p.SENSE] * (followed - standing.lifting[r, p.LEVEL0])
        if not isnan(gain):
            steps = np.floor(max(gain, 0.0) / plans.lifting[r, p.PER] + _CLOSE)
            share = min(steps * plans.lifting[r, p.STEP], 1.0)
            if plans.rules[r, p.SNAP_BACK] or share > standing.lifting[r, p.LIFTED]:
                standing.lifting[r, p.LIFTED] = share
    why = 0
    fade = plans.rules[r, p.FADE_WEEKS]
    if standing.rules[r, p.FADING] < 0:
        if met:
            why = _MET
        elif (
            plans.rules[r, p.IN_STEPS]
            and not plans.rules[r, p.SNAP_BACK]
            and standing.lifting[r, p.LIFTED] >= 1.0 - _CLOSE
        ):
            why = _LIFTED
        elif plans.rules[r, p.AT_MOST] >= 0 and age >= plans.rules[r, p.AT_MOST]:
            why = _LIMIT
        if why != 0 and fade > 1:
            standing.rules[r, p.FADING] = week
            standing.rules[r, p.FADE_WHY] = why
            why = 0
    if standing.rules[r, p.FADING] >= 0:
        standing.lifting[r, p.LIFTED] = min((week - standing.rules[r, p.FADING] + 1) / fade, 1.0)
        if standing.lifting[r, p.LIFTED] >= 1.0 - _CLOSE:
            why = int(standing.rules[r, p.FADE_WHY])
    return bool(standing.lifting[r, p.LIFTED] != before), why


@RULES.inlined
def _fire(plans: Plans, standing: RuleProgress, week: int, seen: Reals, r: int) -> bool:
    """Begin, with a threat or at once with the measure: whether the latter."""
    standing.rules[r, p.FIRED] += 1
    standing.rules[r, p.BEGIN] = week
    for place in range(plans.watched.shape[1]):
        column = plans.watched[r, place]
        standing.kept[r, place] = np.float32(seen[column]) if column >= 0 else np.float32(np.nan)
    if plans.rules[r, p.THREAT_WEEKS] < 0:
        return True
    standing.rules[r, p.STATE] = p.THREAT
    standing.rules[r, p.SINCE] = week
    standing.wake[r] = week + 1
    return False


@RULES.inlined
def _impose(plans: Plans, standing: RuleProgress, week: int, seen: Reals, acts: Bytes, r: int, flags: int) -> int:
    """Put in force what a rule orders: the flags so far, and of that."""
    standing.rules[r, p.STATE] = p.FORCE
    standing.rules[r, p.SINCE] = week
    standing.rules[r, p.IMPOSED] = week
    standing.rules[r, p.DUE] = week + 1
    standing.wake[r] = week + 1
    standing.rules[r, p.FADING] = -1
    standing.lifting[r, p.LIFTED] = 0.0
    column = plans.rules[r, p.FOLLOWED]
    standing.lifting[r, p.LEVEL0] = seen[column] if column >= 0 else np.nan
    if plans.rules[r, p.COERCIVE]:
        flags |= p.NEW_IMPOSITION | p.PUBLIC
    if plans.rules[r, p.LAST_ACT] > plans.rules[r, p.FIRST_ACT]:
        flags = _acting(acts, flags)
        for act in range(plans.rules[r, p.FIRST_ACT], plans.rules[r, p.LAST_ACT]):
            acts[act] = 1
    return flags


@RULES.inlined
def _acting(acts: Bytes, flags: int) -> int:
    """With ACTS; the acts of an earlier week are wiped."""
    if not flags & p.ACTS:
        for act in range(len(acts)):
            acts[act] = 0
    return flags | p.ACTS


@RULES.inlined
def _end(
    plans: Plans, standing: RuleProgress, week: int, seen: Reals, book: Book, future: int, r: int, why: int
) -> int:
    """End a threat or a measure; the flags of that."""
    place = _write(standing, book, future, r, week, why)
    if place >= 0:
        for spot in range(plans.watched.shape[1]):
            column = plans.watched[r, spot]
            if column >= 0:
                book.last[place, spot] = np.float32(seen[column])
    standing.rules[r, p.BEGIN] = -1
    standing.rules[r, p.IMPOSED] = -1
    standing.rules[r, p.EVER_ENDED] = 1
    standing.rules[r, p.SINCE] = week
    standing.wake[r] = week + 1
    standing.rules[r, p.STATE] = p.REST if plans.rules[r, p.REST_WEEKS] > 0 else p.IDLE
    if not plans.rules[r, p.COERCIVE]:
        return 0
    if why in (_MET, _MET_UNDER_THREAT, _LIFTED):
        return p.MET
    return p.DROPPED if why in (_LIMIT, _NOT_CARRIED_OUT) else 0


@RULES.kernel
def _write(standing: RuleProgress, book: Book, future: int, r: int, week: int, why: int) -> int:
    """Write a firing into the book, without last readings; its place, or -1 where the book is full."""
    place = book.written[0]
    book.written[0] += 1
    if place >= len(book.rows):
        return -1
    book.rows[place, 0] = r
    book.rows[place, 1] = future
    book.rows[place, 2] = standing.rules[r, p.BEGIN]
    book.rows[place, 3] = standing.rules[r, p.IMPOSED]
    book.rows[place, 4] = week
    book.rows[place, 5] = why
    for spot in range(standing.kept.shape[1]):
        book.first[place, spot] = standing.kept[r, spot]
        book.last[place, spot] = np.float32(np.nan)
    return int(place)


# --- what is in force ---------------------------------------------------------------------------------------------


@RULES.inlined
def _settle(measures: Measures, queue: Ints, current: Ints, week: int, out: Orders) -> tuple[int, int]:
    """Take over the settings without rule where they changed: flags, and how many levers were queued to be renewed."""
    row, before = measures.settled_of[week], current[0]
    if row == before:
        return 0, 0
    current[0] = row
    queued = 0
    if before < 0:  # the first week: everything
        for slot in range(len(out.intensity)):
            out.intensity[slot] = 0.0
            out.announced[slot] = 0.0
        for lever in range(measures.levers.shape[0]):
            queue[queued] = lever
            queued += 1
    else:
        for place in range(measures.renewed[row, 0], measures.renewed[row, 1]):
            lever = measures.settled_levers[place]
            if measures.levers[lever, p.FIRST_ACTION] < measures.levers[lever, p.LAST_ACTION]:
                queue[queued] = lever
                queued += 1
            else:
                out.imposed[lever] = measures.settled[row, lever]
                _at_sectors(measures, out, row, lever)
    for slot in range(measures.settled_slots.shape[1]):
        out.intensity[slot] = measures.settled_slots[row, slot]
    return p.CHANGED, queued


@RULES.inlined
def _at_sectors(measures: Measures, out: Orders, row: int, lever: int) -> None:
    """What settings put at sectors."""
    at = measures.levers[lever, p.SECTOR_ROW]
    if at >= 0:
        for sector in range(out.sectors.shape[1]):
            out.sectors[at, sector] = measures.settled_sectors[row, at, sector]


@RULES.inlined
def _order(
    plans: Plans,
    measures: Measures,
    standing: RuleProgress,
    queue: Ints,
    week: int,
    out: Orders,
    r: int,
    goes_on: bool,
    lifted: bool,
    queued: int,
) -> int:
    """Renew, or queue to be renewed, what a rule orders; how many levers are in the queue then."""
    weeks = week - standing.rules[r, p.SINCE] + 1
    for place in range(plans.rules[r, p.FIRST_ORDER], plans.rules[r, p.LAST_ORDER]):
        action = measures.orders[place]
        if not lifted and weeks > measures.actions[action, p.OVER_WEEKS]:
            continue  # fully in force since last week at the latest
        lever = measures.actions[action, p.LEVER]
        if goes_on and measures.actions[action, p.ALONE]:
            today = measures.defaults[lever]
            here = today + measures.reach[action] * _share(measures, standing, weeks, r, action)
            out.imposed[lever] = here
            if measures.actions[action, p.SLOT] >= 0:
                out.intensity[measures.actions[action, p.SLOT]] = here - today
        else:
            queue[queued] = lever
            queued += 1
    return queued


@RULES.inlined
def _share(measures: Measures, standing: RuleProgress, weeks: int, r: int, action: int) -> float:
    """How much of an action is in force: by equal parts over its weeks, less what is lifted."""
    share = 1.0 - standing.lifting[r, p.LIFTED]
    over = measures.actions[action, p.OVER_WEEKS]
    if weeks < over:
        share *= weeks / over
    return share


@RULES.inlined
def _renew(measures: Measures, standing: RuleProgress, row: int, week: int, out: Orders, lever: int) -> None:
    """Work out one lever anew. Where several uses meet, the one furthest from today's holds; of equals the first."""
    today = measures.defaults[lever]
    value, threatened = measures.settled[row, lever], today
    at = measures.levers[lever, p.SECTOR_ROW]
    further = measures.levers[lever, p.FURTHER]
    _at_sectors(measures, out, row, lever)
    for action in range(measures.levers[lever, p.FIRST_ACTION], measures.levers[lever, p.LAST_ACTION]):
        r, slot = measures.actions[action, p.RULE], measures.actions[action, p.SLOT]
        now = standing.rules[r, p.STATE]
        here, announced = today, 0.0
        if now == p.FORCE:
            weeks = week - standing.rules[r, p.SINCE] + 1
            here = today + measures.reach[action] * _share(measures, standing, weeks, r, action)
            if at >= 0:
                for sector in range(out.sectors.shape[1]):
                    if measures.actions[action, p.SECTORS] >> sector & 1:
                        out.sectors[at, sector] = _furthest(out.sectors[at, sector], here, today, further)
            elif abs(here - today) > abs(value - today):
                value = here
        elif now == p.THREAT:
            announced = measures.reach[action]
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
