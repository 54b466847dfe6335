"""What a parameter, switch or lever moves: the graph of the equations, with what strategies put in force and watch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

import numpy as np

from borderlab.crossings.surfaces.response import INPUTS
from borderlab.evidence.tables.lever import effect_pairs, levers
from borderlab.model.border.patterns import form
from borderlab.model.core.graph import Edges, closure, measures_in, wiring
from borderlab.model.core.world import World
from borderlab.model.futures.settings import variants
from borderlab.model.modules.patterns import OUTPUTS
from borderlab.model.run.measures import measure_ids
from borderlab.model.run.worlds import today
from borderlab.strategy.tree.tree import Strategy, indicators_of

Layer = Mapping[str, frozenset[str]]


@cache
def register() -> Layer:
    """Edges of the register: switches and their figures change parameters."""
    edges: Edges = {}
    for variant in variants():
        target = f"parameter:{variant.parameter}"
        edges.setdefault(f"switch:{variant.switch}", set()).add(target)
        if not _number(variant.by):
            edges.setdefault(f"parameter:{variant.by}", set()).add(target)
    return _frozen(edges)


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def in_force(world: World, touched: Iterable[str], coercive: Iterable[str] = ()) -> Layer:
    """Edges of levers that are moved: to their effects, to direct readings, and to patterns at the crossings.

    Args:
        touched: levers that are moved.
        coercive: those of them that a rule announces or imposes, which makes events of pressure.
    """
    edges: Edges = {}
    mine = set(touched)
    known = levers()
    for pair in effect_pairs():
        if pair.lever in mine:
            lever = known[pair.lever]
            hook = "detect at sectors" if pair.hook == "detect" and lever.places == "sector" else pair.hook
            for source in (f"lever:{pair.lever}", f"parameter:{pair.parameter}"):
                edges.setdefault(source, set()).add(f"effect:{hook}")
            if lever.hosted:
                edges.setdefault("programmes.hosting", set()).add(f"effect:{hook}")
            elif lever.actor == "mx" and pair.hook not in world.whole:
                edges.setdefault("effort.verified", set()).add(f"effect:{hook}")
    for id_ in mine:
        lever = known[id_]
        node = f"lever:{id_}"
        edges.setdefault(node, set()).add(f"change:{id_}")
        if "tariff" in lever.effects:
            edges[node].add("effect:tariff")
        if lever.surface_kind is not None:
            for output in _outputs(str(lever.surface_kind)):
                _surface(edges, node, str(lever.surface_kind), output, pressing=lever.coercive)
    for id_ in coercive:
        edges.setdefault(f"lever:{id_}", set()).add("effect:pressure")
    return _frozen(edges)


def _surface(edges: Edges, lever: str, kind: str, output: str, *, pressing: bool) -> None:
    targets = {f"effect:{output}"}
    if pressing and output == "throughput_lost":
        targets.add("effect:throughput_lost pressing")
    sources = [
        lever,
        *(f"parameter:{id_}" for id_ in INPUTS),
        "parameter:border.most_gain",
        "parameter:border.most_loss",
    ]
    if kind == "preclear":
        sources += ["parameter:preclear_yield_base", "effect:preclear_yield"]
    for source in sources:
        edges.setdefault(source, set()).update(targets)


@cache
def _outputs(kind: str) -> tuple[str, ...]:
    """Outputs that a kind of pattern moves at all."""
    found = form(kind, ())
    moved = np.abs(found.coefficients).sum(axis=(0, 1)) > 0.0
    return tuple(name for name, any_ in zip(OUTPUTS, moved, strict=True) if any_)


def watched(strategy: Strategy) -> Layer:
    """Edges of a strategy's rules: from what a rule reads to what it orders."""
    edges: Edges = {}
    for rule in strategy.rules:
        reads = [*indicators_of(rule.when), *indicators_of(rule.until)]
        if rule.lift.indicator is not None:
            reads.append(rule.lift.indicator)
        orders = {f"lever:{action.lever}" for action in rule.lever_actions}
        if rule.programme_steps:
            orders.add("act:")
        for id_ in reads:
            edges.setdefault(f"measure:{id_}", set()).update(orders)
    # A rule may wait for another: what moves the one moves the other.
    for rule in strategy.rules:
        for other in _rules_named(rule):
            for source, orders in list(edges.items()):
                if any(f"lever:{one.lever}" in orders for one in strategy.rule(other).lever_actions):
                    edges[source] |= {f"lever:{action.lever}" for action in rule.lever_actions}
                    if rule.programme_steps:
                        edges[source].add("act:")
    return _frozen(edges)


def _rules_named(rule: object) -> list[str]:
    from borderlab.strategy.tree.tree import RuleState, leaves

    conditions = [one for one in (rule.when, rule.until) if one is not None]  # type: ignore[attr-defined]
    return [leaf.rule for one in conditions for leaf in leaves(one) if isinstance(leaf, RuleState)]


def layers(strategy: Strategy | None, world: World | None = None) -> tuple[Layer, ...]:
    """All edges under a strategy; None moves nothing."""
    own = world or today()
    if strategy is None:
        return register(), wiring(own)
    by_rules = {action.lever for rule in strategy.rules for action in rule.lever_actions}
    touched = {*(one.lever for one in strategy.constants), *by_rules}
    coercive = {id_ for id_ in by_rules if levers()[id_].coercive}
    return register(), wiring(own), in_force(own, touched, coercive), watched(strategy)


def moved(starts: Iterable[str], strategy: Strategy | None, world: World | None = None) -> set[str]:
    """Measures that some nodes move under a strategy."""
    return measures_in(closure(layers(strategy, world), starts))


@cache
def _shipped() -> tuple[Strategy, ...]:
    from borderlab.strategy.file.library import shipped
    from borderlab.strategy.file.parse import load_strategy

    return tuple(load_strategy(id_) for id_ in shipped())


@cache
def moves(node: str) -> tuple[str, ...]:
    """Measures that a node moves with no strategy or under any shipped one, in table order.

    Args:
        node: ``parameter:ID``, ``switch:ID`` or ``lever:ID``. A lever is moved alone, by hand.
    """
    if node.startswith("lever:"):
        id_ = node.removeprefix("lever:")
        edges = (register(), wiring(today()), in_force(today(), [id_]))
        found = measures_in(closure(edges, [node]))
    else:
        found = moved([node], None)
        for strategy in _shipped():
            found |= moved([node], strategy)
    return tuple(id_ for id_ in measure_ids() if id_ in found)


@cache
def directly(node: str) -> tuple[str, ...]:
    """Measures that a node moves without any rule that watches: with no strategy, or with what a shipped one sets."""
    if node.startswith("lever:"):
        return moves(node)
    found = moved([node], None)
    for strategy in _shipped():
        found |= measures_in(closure(layers(strategy)[:-1], [node]))
    return tuple(id_ for id_ in measure_ids() if id_ in found)


def _frozen(edges: Edges) -> Layer:
    return {source: frozenset(targets) for source, targets in edges.items()}
