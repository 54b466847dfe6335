"""Strategies as plain values and back: so that a run's journal holds all it needs, and any process can rebuild it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from borderlab.base.problems import InputError, Problem
from borderlab.strategy.file.library import shipped
from borderlab.strategy.file.parse import load_strategy
from borderlab.strategy.tree import tree
from borderlab.strategy.tree.tree import Strategy

BASELINE = "status-quo"

_KINDS: dict[str, type] = {
    "indicator": tree.Threshold,
    "change": tree.Change,
    "period": tree.InPeriod,
    "leader change": tree.LeaderChange,
    "rule": tree.RuleState,
    "all": tree.AllOf,
    "any": tree.AnyOf,
    "not": tree.Not,
    "lever": tree.LeverAction,
    "programme": tree.ProgrammeStep,
}
_PARTS: dict[str, type] = {
    "constants": tree.Constant,
    "rules": tree.Rule,
    "programmes": tree.ProgrammeStep,
    "position_of": tree.EssayPlace,
    "from_essay": tree.EssayPlace,
    "threaten": tree.Threat,
    "lift": tree.Lift,
}
_DATES = {"after", "before", "on", "start", "end"}


def chosen_strategies(words: Sequence[str]) -> list[Strategy]:
    """The strategies to compare: ids or files; the status quo comes first and is added if it is not named.

    Raises:
        InputError: a file that cannot be used, or two strategies of one id.
    """
    names = list(words) or list(shipped())
    if BASELINE not in names:
        names.insert(0, BASELINE)
    names.sort(key=lambda name: name != BASELINE)
    found: list[Strategy] = []
    problems: list[Problem] = []
    for name in dict.fromkeys(names):
        try:
            found.append(load_strategy(name))
        except InputError as error:
            problems += error.problems
    ids = [strategy.id for strategy in found]
    for strategy in found:
        if ids.count(strategy.id) > 1:
            problems.append(
                Problem(
                    f"the id '{strategy.id}' is used by two strategies.", strategy.file, cure="Give each its own id."
                )
            )
    if problems:
        raise InputError(problems)
    return found


def rebuild(plain: Mapping[str, Any]) -> Strategy:
    """The strategy that ``Strategy.as_dict`` made ``plain`` from."""
    return _make(Strategy, plain)  # type: ignore[no-any-return]


def _make(kind: type, plain: Mapping[str, Any]) -> Any:
    known = {one.name for one in fields(kind)}
    return kind(**{name: _value(name, value) for name, value in plain.items() if name in known})


def _value(name: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        if name in _PARTS:
            return _make(_PARTS[name], value)
        if value.get("kind") in _KINDS:
            return _make(_KINDS[value["kind"]], value)
        return dict(value)
    if isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(_value(name, one) for one in value)
    if name in _DATES and isinstance(value, str):
        return date.fromisoformat(value)
    return value


def one_strategy(word: str) -> Strategy:
    """One strategy by id or file."""
    return load_strategy(word)
