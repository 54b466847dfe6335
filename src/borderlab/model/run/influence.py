"""What a parameter, switch or lever moves: the graph of the equations, with what strategies put in force and watch."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

import numpy as np

from borderlab.crossings.border.places import crossings
from borderlab.crossings.surfaces.response import INPUTS
from borderlab.evidence.tables.lever import effect_pairs, levers
from borderlab.model.border.approximation import PARAMETERS
from borderlab.model.border.patterns import closed, form, registered
from borderlab.model.core.graph import Edges, reach, wiring
from borderlab.model.core.world import World
from borderlab.model.futures.settings import variants
from borderlab.model.modules.patterns import MODES, OUTPUTS
from borderlab.model.run.measures import measure_ids
from borderlab.model.run.worlds import today
from borderlab.strategy.tree.tree import Strategy, indicators_of

Layer = Mapping[str, frozenset[str]]
_A_TENTH_MORE = 1.1


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
            sources = _sources(node, str(lever.surface_kind))
            for output in _outputs(str(lever.surface_kind)):
                for source in sources:
                    _surface(edges, source, output, pressing=lever.coercive)
    for id_ in coercive:
        edges.setdefault(f"lever:{id_}", set()).add("effect:pressure")
    return _frozen(edges)


def _surface(edges: Edges, source: str, output: str, *, pressing: bool) -> None:
    targets = edges.setdefault(source, set())
    targets.add(f"effect:{output}")
    if pressing and output == "throughput_lost":
        targets.add("effect:throughput_lost pressing")


def _sources(lever: str, kind: str) -> tuple[str, ...]:
    """What the outputs of a lever's pattern depend on."""
    own = (lever, *(f"parameter:{id_}" for id_ in INPUTS), "parameter:border.most_gain", "parameter:border.most_loss")
    return (*own, "parameter:preclear_yield_base", "effect:preclear_yield") if kind == "preclear" else own


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


@cache
def closed_form() -> Layer:
    """Edges of the closed form that stands in for a pattern without a fitted surface: what changes with each figure."""
    figures = dict(registered())
    one_place = next(one.id for one in crossings() if set(one.modes) == set(MODES))
    kinds = {str(lever.surface_kind): lever.coercive for lever in levers().values() if lever.surface_kind is not None}
    edges: Edges = {}
    for kind, pressing in kinds.items():
        for id_ in PARAMETERS:
            changed = tuple({**figures, id_: figures[id_] * _A_TENTH_MORE}.items())
            for at in ((), (one_place,)):
                one, other = closed(kind, at, tuple(figures.items())), closed(kind, at, changed)
                for place, output in enumerate(OUTPUTS):
                    if (one.coefficients[..., place] != other.coefficients[..., place]).any():
                        _surface(edges, f"parameter:{id_}", output, pressing=pressing)
    return _frozen(edges)


def layers(strategy: Strategy | None, world: World | None = None) -> tuple[Layer, ...]:
    """All edges under a strategy, those of its rules last; None moves nothing."""
    own = world or today()
    if strategy is None:
        return register(), wiring(own)
    by_rules = {action.lever for rule in strategy.rules for action in rule.lever_actions}
    touched = {*(one.lever for one in strategy.constants), *by_rules}
    coercive = {id_ for id_ in by_rules if levers()[id_].coercive}
    return register(), wiring(own), in_force(own, touched, coercive), watched(strategy)


def everything(world: World) -> tuple[Layer, ...]:
    """All edges where every lever is moved, some of them by a rule, and some patterns have no fitted surface."""
    coercive = {id_ for id_, lever in levers().items() if lever.coercive}
    return register(), wiring(world), in_force(world, levers(), coercive), closed_form()


@cache
def _shipped() -> tuple[Strategy, ...]:
    from borderlab.strategy.file.library import shipped
    from borderlab.strategy.file.parse import load_strategy

    return tuple(load_strategy(id_) for id_ in shipped())


class Influences:
    """What each node of a world moves: with no strategy, under any shipped one, and where any lever is set.

    Nodes are ``parameter:ID``, ``switch:ID`` and ``lever:ID``; a lever is moved alone, by hand. Rules of a strategy of
    one's own may carry an influence further: from what they watch to all that they order.
    """

    def __init__(self, world: World) -> None:
        self.world = world
        self.measures = measure_ids(world)
        every = everything(world)
        graphs = [layers(strategy, world) for strategy in _shipped()]
        self._near = _joined(reach(graph, self.measures) for graph in (every, *(graph[:-1] for graph in graphs)))
        self._all = _joined([self._near, *(reach(graph, self.measures) for graph in graphs)])
        self._next: Edges = {}
        for layer in every:
            for source, targets in layer.items():
                self._next.setdefault(source, set()).update(targets)

    def moves(self, node: str) -> tuple[str, ...]:
        """Measures that a node moves, in table order."""
        return self.directly(node) if node.startswith("lever:") else self._named(self._all.get(node, 0))

    def directly(self, node: str) -> tuple[str, ...]:
        """Measures that a node moves without any rule that watches them."""
        if not node.startswith("lever:"):
            return self._named(self._near.get(node, 0))
        edges = (register(), wiring(self.world), in_force(self.world, [node.removeprefix("lever:")]))
        return self._named(reach(edges, self.measures).get(node, 0))

    def readers(self, node: str) -> list[str]:
        """Modules whose equations a node enters, as dotted names below the package."""
        owner = {wired.name: wired.module.__module__.removeprefix("borderlab.") for wired in self.world.wired}
        found: dict[str, None] = {}
        queue, seen = [node], {node}
        while queue:
            for target in sorted(self._next.get(queue.pop(), ())):
                if target.partition(".")[0] in owner:
                    found[owner[target.partition(".")[0]]] = None
                elif target not in seen and not target.startswith("measure:"):
                    seen.add(target)
                    queue.append(target)
        return list(found)

    def _named(self, bits: int) -> tuple[str, ...]:
        return tuple(id_ for place, id_ in enumerate(self.measures) if bits >> place & 1)


def _joined(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    found: dict[str, int] = {}
    for part in parts:
        for node, bits in part.items():
            found[node] = found.get(node, 0) | bits
    return found


@cache
def influences(world: World) -> Influences:
    """The influences of a world, worked out once."""
    return Influences(world)


def moves(node: str) -> tuple[str, ...]:
    """Measures that a node of today's world moves, in table order."""
    return influences(today()).moves(node)


def directly(node: str) -> tuple[str, ...]:
    """Measures that a node of today's world moves without any rule that watches them."""
    return influences(today()).directly(node)


def _frozen(edges: Edges) -> Layer:
    return {source: frozenset(targets) for source, targets in edges.items()}
