"""Strategies as plain values and back: so that a run's journal holds all it needs, and any process can rebuild it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import date
from functools import cache
from math import isfinite
from types import UnionType
from typing import Any, Literal, Union, cast, get_args, get_origin, get_type_hints

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
_DEEPEST = 60
_MOST_ITEMS = 20_000


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
    """The strategy that ``Strategy.as_dict`` made ``plain`` from.

    Raises:
        ValueError: a part is missing, is not known, or is of another kind than the tree has there. Journals come from
            anybody; what is built here is a tree of plain values, whatever the journal says.
    """
    return _made(Strategy, plain, "the strategy", 0)  # type: ignore[no-any-return]


@cache
def _hints(kind: type) -> dict[str, Any]:
    return {one.name: get_type_hints(kind, vars(tree))[one.name] for one in fields(kind) if one.compare}


def _made(kind: type, plain: Any, where: str, depth: int) -> Any:
    if not isinstance(plain, Mapping):
        raise ValueError(f"{where} is no {kind.__name__}")
    if depth > _DEEPEST:
        raise ValueError(f"{where} is nested too deeply")
    hints = _hints(kind)
    odd = [str(name) for name in plain if name not in hints and name != "kind"]
    if odd:
        raise ValueError(f"{where} has the unknown part '{odd[0][:40]}'")
    values = {name: _value(hints[name], plain[name], f"{where}, {name}", depth + 1) for name in hints if name in plain}
    try:
        return kind(**values)
    except TypeError:
        raise ValueError(f"{where} lacks a part of a {kind.__name__}") from None


def _value(hint: Any, value: Any, where: str, depth: int) -> Any:
    """``value`` as the type ``hint`` of the tree has it."""
    kind = get_origin(hint)
    if kind is Literal:
        if not isinstance(value, str) or value not in get_args(hint):
            raise ValueError(f"{where} is {str(value)[:40]!r}")
        return value
    if kind in (Union, UnionType):
        return _one_of(get_args(hint), value, where, depth)
    if kind is tuple:
        if not isinstance(value, list | tuple) or len(value) > _MOST_ITEMS:
            raise ValueError(f"{where} is no list of at most {_MOST_ITEMS} items")
        return tuple(_value(get_args(hint)[0], one, where, depth + 1) for one in value)
    if kind is not None and issubclass(kind, Mapping):
        if not isinstance(value, Mapping) or not all(isinstance(text, str) for pair in value.items() for text in pair):
            raise ValueError(f"{where} is no mapping of texts")
        return dict(value)
    if is_dataclass(hint):
        return _made(cast(type, hint), value, where, depth)
    if hint is date:
        return date.fromisoformat(value if isinstance(value, str) else "none")
    if hint is float and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if not isinstance(value, hint) or (isinstance(value, bool) and hint is not bool):
        raise ValueError(f"{where} is {str(value)[:40]!r}")
    if isinstance(value, float) and not isfinite(value):
        raise ValueError(f"{where} is not finite")
    return value


def _one_of(kinds: Sequence[Any], value: Any, where: str, depth: int) -> Any:
    if value is None and type(None) in kinds:
        return None
    kinds = [kind for kind in kinds if kind is not type(None)]
    if isinstance(value, Mapping) and "kind" in value:
        word = value["kind"]
        wanted = _KINDS.get(word) if isinstance(word, str) else None
        if wanted not in kinds:
            raise ValueError(f"{where} is of the unknown kind {str(word)[:40]!r}")
        return _made(cast(type, wanted), value, where, depth)
    if len(kinds) != 1:
        raise ValueError(f"{where} does not say its kind")
    return _value(kinds[0], value, where, depth)


def one_strategy(word: str) -> Strategy:
    """One strategy by id or file."""
    return load_strategy(word)
