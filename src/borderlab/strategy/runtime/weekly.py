"""The rules of many futures through one week: the kernel of one future in a loop, for what goes week by week."""

from __future__ import annotations

from borderlab.strategy.runtime import program as p
from borderlab.strategy.runtime.kernel import finish, reset, step, truths
from borderlab.strategy.runtime.program import (
    Book,
    Bytes,
    FutureState,
    Ints,
    Known,
    Orders,
    Program,
    Reals,
    RuleProgress,
)
from borderlab.strategy.runtime.truth import RULES


@RULES.inlined
def _state(states: FutureState, i: int) -> FutureState:
    known, standing = states.known, states.standing
    return FutureState(
        Known(known.since[i], known.value[i], known.turn[i], known.span[i], known.ring[i]),
        RuleProgress(standing.rules[i], standing.lifting[i], standing.kept[i], standing.wake[i], standing.moved[i]),
        states.queue[i],
        states.row[i],
    )


@RULES.inlined
def _out(outs: Orders, i: int) -> Orders:
    return Orders(
        outs.imposed[i], outs.threatened[i], outs.sectors[i], outs.intensity[i], outs.announced[i], outs.acts[i]
    )


@RULES.entry
def reset_all(program: Program, states: FutureState) -> None:
    """Put all futures back to before the first week."""
    for i in range(len(states.row)):
        reset(program, _state(states, i))


@RULES.entry
def step_all(
    program: Program, states: FutureState, week: int, seen: Reals, outs: Orders, book: Book, flags: Ints
) -> None:
    """Take all futures through a week: ``seen`` is ``[futures, seen]``; ``flags`` takes what it brought each."""
    for i in range(len(flags)):
        flags[i] = step(program, _state(states, i), week, seen[i], _out(outs, i), book, i)


@RULES.entry
def finish_all(program: Program, states: FutureState, book: Book) -> None:
    """Take down the firings that are still running, in every future."""
    for i in range(len(states.row)):
        finish(program, _state(states, i), book, i)


@RULES.entry
def truths_all(program: Program, states: FutureState, week: int, seen: Reals, values: Bytes) -> None:
    """The value of every rule's ``when``, into ``[futures, rules]``."""
    for i in range(len(values)):
        truths(program, _state(states, i), week, seen[i], values[i])


@RULES.entry
def active_rules(states: FutureState, active: Bytes) -> None:
    """Which rules are threatened or in force in any future, into ``[rules]``."""
    for r in range(len(active)):
        active[r] = 0
        for i in range(len(states.row)):
            now = states.standing.rules[i, r, p.STATE]
            if now in (p.THREAT, p.FORCE):
                active[r] = 1
                break
