"""Rules and settings of one strategy that work against each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from borderlab.base.problems import ProblemList
from borderlab.strategy.tree.tree import Constant, LeverAction, Rule
from borderlab.strategy.tree.vocabulary import levers

_EVER = (date.min, date.max)


def note_strife(
    problems: ProblemList, lines: Mapping[int, int | None], constants: Sequence[Constant], rules: Sequence[Rule]
) -> None:
    """Note where two parts pull a lever both ways at one place, or where a part can change nothing.

    Where several parts set a lever the same way, the one furthest from today's value holds; that is no conflict.
    """
    _between_constants(problems, lines, constants)
    _between_rules(problems, lines, rules)
    _rules_and_constants(problems, lines, constants, rules)


def _side(lever: str, value: float) -> int:
    return 1 if value > levers()[lever].default else -1


def _meet(first: Sequence[str], second: Sequence[str]) -> bool:
    return not first or not second or bool(set(first) & set(second))


def _line(lines: Mapping[int, int | None], *parts: object) -> int | None:
    return next((lines[id(part)] for part in parts if id(part) in lines), None)


def _between_constants(problems: ProblemList, lines: Mapping[int, int | None], constants: Sequence[Constant]) -> None:
    before: dict[str, list[Constant]] = {}
    for second in constants:
        others = before.setdefault(second.lever, [])
        for first in others:
            if not _meet(first.at, second.at):
                continue
            begin = max(first.start or _EVER[0], second.start or _EVER[0])
            end = min(first.end or _EVER[1], second.end or _EVER[1])
            if begin < end:
                other = _line(lines, first)
                problems.add(
                    f"'{second.lever}' is set twice for the same place and time (see line {other}).",
                    line=_line(lines, second),
                )
                break  # each setting is named once, however many others it meets
        others.append(second)


def _between_rules(problems: ProblemList, lines: Mapping[int, int | None], rules: Sequence[Rule]) -> None:
    for number, second in enumerate(rules):
        for first in rules[:number]:
            for one in first.lever_actions:
                for two in second.lever_actions:
                    if (
                        one.lever == two.lever
                        and _meet(one.at, two.at)
                        and _side(one.lever, one.to) != _side(two.lever, two.to)
                    ):
                        problems.add(
                            f"rules '{first.id}' and '{second.id}' conflict: "
                            f"they move '{one.lever}' to opposite sides of today's value.",
                            line=_line(lines, two, one),
                        )


def _rules_and_constants(
    problems: ProblemList, lines: Mapping[int, int | None], constants: Sequence[Constant], rules: Sequence[Rule]
) -> None:
    for rule in rules:
        for action in rule.lever_actions:
            for constant in constants:
                if constant.lever == action.lever and _meet(constant.at, action.at):
                    _one_of_each(problems, lines, rule, action, constant)


def _one_of_each(
    problems: ProblemList, lines: Mapping[int, int | None], rule: Rule, action: LeverAction, constant: Constant
) -> None:
    line = _line(lines, action, constant)
    if _side(action.lever, action.to) != _side(action.lever, constant.value):
        problems.add(
            f"rule '{rule.id}' conflicts with 'levers': they move '{action.lever}' to opposite sides of today's value.",
            line=line,
        )
        return
    start = levers()[action.lever].default
    covered = not constant.at or (action.at and set(action.at) <= set(constant.at))
    if (
        covered
        and constant.start is None
        and constant.end is None
        and abs(action.to - start) <= abs(constant.value - start)
    ):
        problems.add(
            f"'{action.lever}' in rule '{rule.id}' can change nothing: "
            "'levers' holds it as far from today's value already.",
            line=line,
            cure="Move it further in the rule, or less far in 'levers'.",
        )
