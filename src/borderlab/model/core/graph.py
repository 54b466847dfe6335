"""What depends on what: from a parameter, a lever or a switch to the measures that it moves. Derived from declarations.

Nodes are texts: ``parameter:kc``, ``lever:us.tariff``, ``effect:intent``, ``switch:backlash``, ``act:`` (what a
strategy does with programmes), variables as ``migration.q`` and measures as ``measure:encounters``. The edges within a
module
come from its equations themselves: which arguments each result is made from, through values, branches and arrays.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache

from borderlab.model.core.module import Module, begin_of, start_of, step_of
from borderlab.model.core.syntax import dependencies
from borderlab.model.core.world import Argument, Wired, World, argument_of

Edges = dict[str, set[str]]
"""Node → nodes that depend on it directly."""


@cache
def wiring(world: World) -> Mapping[str, frozenset[str]]:
    """The edges of a world's own equations: node → nodes that are worked out from it."""
    edges: Edges = {}
    for wired in world.wired:
        for target, sources in _of_module(wired, world):
            for source in sources:
                edges.setdefault(source, set()).add(target)
    for id_, (wired, measure) in world.measures.items():
        if measure.plus:
            for part in measure.plus:
                edges.setdefault(f"measure:{part}", set()).add(f"measure:{id_}")
            continue
        edges.setdefault(f"{wired.name}.{measure.variable}", set()).add(f"measure:{id_}")
        if measure.times:
            edges.setdefault(f"{wired.name}.{measure.times}", set()).add(f"measure:{id_}")
    return {source: frozenset(targets) for source, targets in edges.items()}


def _of_module(wired: Wired, world: World) -> Iterator[tuple[str, frozenset[str]]]:
    module = wired.module
    for function in (begin_of(module), start_of(module), step_of(module)):
        if function is None:
            continue
        for name, needs in dependencies(function).items():
            sources = frozenset(node for need in needs for node in _nodes(module, need, world))
            yield f"{module.name}.{name}", sources
    for name, hooks in module.moved_by.items():
        yield f"{module.name}.{name}", frozenset(f"effect:{hook}" for hook in hooks)


def _nodes(module: type[Module], local: str, world: World) -> Iterator[str]:
    """What an argument of a module's equations stands for."""
    if local in ("opening", "key", "week", "place", "flags"):
        return
    found = argument_of(module, local)
    if found is None:
        if local in module.parameters:
            yield from _parameter(module.parameters[local])
        elif local not in module.reads:  # ``**`` of begin(): every parameter of the module
            for reference in module.parameters.values():
                yield from _parameter(reference)
        return
    yield from _node(found)


def _node(one: Argument) -> Iterator[str]:
    if one.kind in ("own", "read", "before"):
        yield one.source
    elif one.kind == "effect":
        yield f"effect:{one.source}"
    elif one.kind == "lever":
        yield f"change:{one.source}"
    elif one.kind == "parameter":
        yield from _parameter(one.source)
    elif one.kind == "table" and one.source == "orders.acts":
        yield "act:"


def _parameter(reference: str) -> Iterator[str]:
    if "@" in reference:
        return  # a bound of what is drawn, or a lever's value today: nothing that a future changes
    if ":" in reference:
        yield f"switch:{reference.split(':')[0]}"
    else:
        yield f"parameter:{reference}"


def reach(edges: Iterable[Mapping[str, frozenset[str]]], measures: Sequence[str]) -> dict[str, int]:
    """Every node from which a measure can be reached, with those measures as bits in the order of ``measures``."""
    back: dict[str, list[str]] = {}
    for layer in edges:
        for source, targets in layer.items():
            for target in targets:
                back.setdefault(target, []).append(source)
    found = {f"measure:{id_}": 1 << place for place, id_ in enumerate(measures)}
    queue = list(found)
    while queue:
        node = queue.pop()
        bits = found[node]
        for source in back.get(node, ()):
            known = found.get(source, 0)
            if known | bits != known:
                found[source] = known | bits
                queue.append(source)
    return found
