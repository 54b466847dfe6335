"""The rules of many futures through one week: the kernel of one future in a loop, for what goes week by week."""

from __future__ import annotations

from borderlab.strategy.runtime import program as p
from borderlab.strategy.runtime.kernel import finish, reset, step, truths
from borderlab.strategy.runtime.program import Book, Bytes, Ints, Out, Program, Reals, State
from borderlab.strategy.runtime.truth import RULES


@RULES.inlined
def _state(states: State, i: int) -> State:
    return State(
        states.rules[i],
        states.lifting[i],
        states.kept[i],
        states.wake[i],
        states.moved[i],
        states.since[i],
        states.value[i],
        states.turn[i],
        states.span[i],
        states.ring[i],
        states.queue[i],
        states.row[i],
    )


@RULES.inlined
def _out(outs: Out, i: int) -> Out:
    return Out(outs.imposed[i], outs.threatened[i], outs.sectors[i], outs.intensity[i], outs.announced[i], outs.acts[i])


@RULES.entry
def reset_all(program: Program, states: State) -> None:
    """Put all futures back to before the first week."""
    for i in range(len(states.rules)):
        reset(program, _state(states, i))


@RULES.entry
def step_all(program: Program, states: State, week: int, seen: Reals, outs: Out, book: Book, flags: Ints) -> None:
    """Take all futures through a week: ``seen`` is ``[futures, seen]``; ``flags`` takes what it brought each."""
    for i in range(len(flags)):
        flags[i] = step(program, _state(states, i), week, seen[i], _out(outs, i), book, i)


@RULES.entry
def finish_all(program: Program, states: State, book: Book) -> None:
    """Take down the firings that are still running, in every future."""
    for i in range(len(states.rules)):
        finish(program, _state(states, i), book, i)


@RULES.entry
def truths_all(program: Program, states: State, week: int, seen: Reals, values: Bytes) -> None:
    """The value of every rule's ``when``, into ``[futures, rules]``."""
    for i in range(len(values)):
        truths(program, _state(states, i), week, seen[i], values[i])


@RULES.entry
def active_rules(states: State, active: Bytes) -> None:
    """Which rules are threatened or in force in any future, into ``[rules]``."""
    for r in range(len(active)):
        active[r] = 0
        for i in range(len(states.rules)):
            now = states.rules[i, r, p.STATE]
            if now in (p.THREAT, p.FORCE):
                active[r] = 1
                break
