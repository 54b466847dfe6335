"""The free numbers of a strategy: what a search may turn, within which bounds, and the strategy with other numbers.

A path names a number by what it is, like ``rules.squeeze-freight.when.below`` or ``levers.us.trainers.value``; where a
part has several of the kind, their place counts from 0: ``rules.squeeze-freight.do.1.to``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Any

from borderlab.base.problems import InputError, Problem, nearest
from borderlab.evidence.tables.lever import levers
from borderlab.language.amounts import CLOSED, in_percent, read_amount, read_weeks
from borderlab.language.number import written as plain
from borderlab.language.translate import translator
from borderlab.language.units import QuantityError
from borderlab.strategy.file.parse import parse_strategy
from borderlab.strategy.tree.tree import Strategy
from borderlab.strategy.tree.vocabulary import Readable, shipped_indicators

_LEVELS = ("above", "below", "rises", "falls")
_WEEKS = {
    "at_least": "least time in force",
    "at_most": "most time in force",
    "then_rest": "rest before it may fire again",
    "for": "time that a reading must hold, or that a threat stands",
}
_SPREAD = 2.0  # a threshold may be halved or doubled


@dataclass(frozen=True, slots=True)
class FreeNumber:
    """One number of a strategy file. ``low`` and ``high`` bound what a search may try, in ``unit``."""

    path: str
    unit: str
    value: float
    low: float
    high: float
    label_en: str
    label_es: str
    whole: bool = False


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where a number stands in the YAML tree. ``points``: an absolute change of a share, which ``%`` would not be."""

    number: FreeNumber
    node: Any
    key: str
    points: bool = False


def free_numbers(strategy: Strategy) -> tuple[FreeNumber, ...]:
    """The numbers in the strategy's own file (not in its bases), in the order written."""
    return tuple(spot.number for spot in _spots(_document(strategy.text)))


def with_numbers(strategy: Strategy, values: Mapping[str, float], *, new_id: str | None = None) -> Strategy:
    """The strategy with other numbers; its text is written anew, remarks kept, and checked as any file is.

    Raises:
        InputError: an unknown path, or numbers that contradict each other (a search may take that as no answer).
    """
    document = _document(strategy.text)
    spots = {spot.number.path: spot for spot in _spots(document)}
    for path, value in values.items():
        if path not in spots:
            raise InputError(Problem(f"there is no number '{path}'.", strategy.file, did_you_mean=nearest(path, spots)))
        spot = spots[path]
        spot.node[spot.key] = _written(value, spot)
    if new_id is not None:
        document["id"] = new_id
    name = f"{new_id}.yaml" if new_id else Path(strategy.file).name
    return parse_strategy(_text(document), str(Path(strategy.file).with_name(name)))


def _document(text: str) -> Any:
    from ruamel.yaml import YAML

    return YAML(typ="rt").load(text)


def _text(document: Any) -> str:
    from ruamel.yaml import YAML

    writer = YAML(typ="rt")
    writer.width = 120
    out = StringIO()
    writer.dump(document, out)
    return out.getvalue()


def _spots(document: Any) -> Iterator[_Spot]:
    known = shipped_indicators()
    settings = _list(document.get("levers"))
    often = Counter(item["lever"] for item in settings)
    place: Counter[str] = Counter()
    for item in settings:
        name = item["lever"]
        yield from _setting(item, f"levers.{name}.{place[name]}" if often[name] > 1 else f"levers.{name}")
        place[name] += 1
    for rule in _list(document.get("rules")):
        yield from _rule(rule, known)


def _list(node: Any) -> list[Any]:
    if node is None:
        return []
    return [node] if isinstance(node, Mapping) else list(node)


def _setting(item: Any, path: str) -> Iterator[_Spot]:
    if str(item["value"]).strip() in CLOSED:
        return
    lever = levers()[item["lever"]]
    value = read_amount(item["value"], lever.unit)
    yield _lever_spot(f"{path}.value", lever.id, value, item, "value")


def _lever_spot(path: str, name: str, value: float, node: Any, key: str) -> _Spot:
    """A lever's value may go to the bound on its own side of today's."""
    lever = levers()[name]
    low, high = (lever.default, lever.high) if value > lever.default else (lever.low, lever.default)
    number = FreeNumber(path, lever.unit, value, low, high, lever.name_en, lever.name_es)
    return _Spot(number, node, key)


def _rule(rule: Any, known: Mapping[str, Readable]) -> Iterator[_Spot]:
    path = f"rules.{rule['id']}"
    yield from _condition(rule["when"], f"{path}.when", known)
    if isinstance(rule.get("threaten"), Mapping):
        yield from _weeks(rule["threaten"], "for", f"{path}.threaten", 1)
    actions = [one for one in _list(rule["do"]) if "lever" in one]
    for place, action in enumerate(actions):
        if str(action["to"]).strip() in CLOSED:
            continue
        part = f"{path}.do.{place}.to" if len(actions) > 1 else f"{path}.do.to"
        value = read_amount(action["to"], levers()[action["lever"]].unit)
        yield _lever_spot(part, action["lever"], value, action, "to")
    if isinstance(rule.get("until"), Mapping):
        yield from _condition(rule["until"], f"{path}.until", known)
    for key in ("at_least", "at_most", "then_rest"):
        yield from _weeks(rule, key, path, 1 if key == "at_most" else 0)


def _weeks(node: Any, key: str, path: str, low: int) -> Iterator[_Spot]:
    if key not in node:
        return
    value = read_weeks(node[key])
    label_en, label_es = (translator("strategy", lang)(_WEEKS[key]) for lang in ("en", "es"))
    number = FreeNumber(f"{path}.{key}", "week", value, low, max(4 * value, 4), label_en, label_es, True)
    yield _Spot(number, node, key)


def _condition(node: Any, path: str, known: Mapping[str, Readable]) -> Iterator[_Spot]:
    for head in ("all", "any"):
        for place, part in enumerate(node.get(head, ())):
            yield from _condition(part, f"{path}.{place}", known)
    if "not" in node:
        yield from _condition(node["not"], f"{path}.not", known)
    if "indicator" in node:
        row = known[node["indicator"]]
        for key in (one for one in _LEVELS if one in node):
            yield _level(node, key, path, row)
    if "for" in node:
        yield from _weeks(node, "for", path, 1)


def _level(node: Any, key: str, path: str, row: Readable) -> _Spot:
    text = str(node[key]).strip()
    unit = "share" if key in ("rises", "falls") and in_percent(text) else row.unit
    value = read_amount(text, unit)
    high = value * _SPREAD
    if unit == "share" and key != "rises":
        high = min(high, 0.99)
    number = FreeNumber(f"{path}.{key}", unit, value, value / _SPREAD, high, row.name("en"), row.name("es"))
    points = key in ("rises", "falls") and row.unit in ("share", "index", "ratio") and unit == row.unit
    return _Spot(number, node, key, points and not in_percent(text))


def _written(value: float, spot: _Spot) -> str:
    """A value as a file writes it, read back to make sure."""
    number = spot.number
    if number.unit == "week":
        return f"{round(value)} weeks"
    if number.unit in ("share", "index", "ratio"):
        text = f"{plain(value * 100, 8)} {'points' if spot.points else '%'}"
    elif number.unit == "percent of GDP":
        text = f"{plain(value, 8)} % of GDP"
    else:
        text = f"{plain(value, 10)} {number.unit}"
    try:
        read_amount(text, number.unit)
    except QuantityError as error:
        raise InputError(f"{number.path}: {error}") from None
    return text
