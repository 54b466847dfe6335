"""A world: modules checked, sorted and wired by what they declare."""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from borderlab.base.problems import InputError, Problem, nearest
from borderlab.model.core.module import SPECIALS, Before, Measure, Module, Whole, begin_of, start_of, step_of
from borderlab.model.core.syntax import returned

Kind = Literal["own", "read", "before", "input", "effect", "lever", "draw", "table", "special", "parameter"]


@dataclass(frozen=True)
class Argument:
    """One argument of a module's equations and where it comes from.

    Attributes:
        local: its name in the equations.
        kind: own (state, constant or array of the module), read, before, input, effect, lever, draw, table, special or
            parameter.
        source: the variable ("module.name"), effect, lever, input, table or parameter.
    """

    local: str
    kind: Kind
    source: str


@dataclass(frozen=True)
class Wired:
    """A module in its place.

    Attributes:
        module: the class.
        step, start: arguments of its equations in their order.
        writes: what ``step`` returns, in the order in which it does; starts: likewise of ``start``.
        begins: names that ``begin`` gives beside those of ``start``.
    """

    module: type[Module]
    step: tuple[Argument, ...]
    start: tuple[Argument, ...]
    writes: tuple[str, ...]
    starts: tuple[str, ...]
    begins: tuple[str, ...]

    @property
    def name(self) -> str:
        """Of the module."""
        return self.module.name


@dataclass(frozen=True)
class World:
    """Modules that make a whole.

    Args:
        modules: in any order; a later one of the same name takes the place of an earlier one.

    Raises:
        InputError: a read that nobody writes, an argument that is declared nowhere, a declaration that nobody reads,
        two
            modules that need each other in the same week, a measure twice; all of them at once.
    """

    modules: tuple[type[Module], ...]
    wired: tuple[Wired, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        kept = {module.name: module for module in self.modules}
        object.__setattr__(self, "modules", tuple(kept.values()))
        problems: list[Problem] = []
        found = {name: self._wire(module, kept, problems) for name, module in kept.items()}
        problems += _measured_twice(kept.values())
        problems += _carried_twice(kept.values())
        order = _sorted(found, problems)
        if problems:
            raise InputError(problems)
        object.__setattr__(self, "wired", tuple(found[name] for name in order))

    def replaced(self, *modules: type[Module]) -> World:
        """The same world with some modules in place of those of the same name, or beside them."""
        return World((*self.modules, *modules))

    def _wire(self, module: type[Module], kept: Mapping[str, type[Module]], problems: list[Problem]) -> Wired:
        begins, starts, writes = (tuple(returned(one)) if one else () for one in
                                  (begin_of(module), start_of(module), step_of(module)))  # fmt: skip
        own = {*begins, *starts, *module.state, *module.arrays}
        used: set[str] = set()

        def arguments(function: Any) -> Iterator[Argument]:
            for local in inspect.signature(function).parameters if function else ():
                found = _argument(module, local, own)
                if found is None:
                    problems.append(_undeclared(module, local, own))
                else:
                    used.add(local)
                    yield found

        step, start = tuple(arguments(step_of(module))), tuple(arguments(start_of(module)))
        used |= set(_begin_arguments(module))
        problems += _unread(module, used)
        problems += _unwritten(module, kept)
        for name in writes:
            if name not in module.state and name not in module.writes:
                problems.append(Problem(f"module '{module.name}' gives '{name}', which it does not declare."))
        for name in (*module.state, *module.writes):
            given = {*writes, *begins, *starts} if name in module.state else set(writes)
            if name not in given:
                problems.append(Problem(f"module '{module.name}' declares '{name}' and never gives it."))
        return Wired(module, step, start, writes, starts, begins)

    @cached_property
    def measures(self) -> dict[str, tuple[Wired, Measure]]:
        """Every measure with the module that has it, in order of the modules."""
        return {measure.id: (wired, measure) for wired in self.wired for measure in wired.module.measures}

    @cached_property
    def parameters(self) -> dict[str, str]:
        """Every parameter reference that a module reads, with the first module that does."""
        found: dict[str, str] = {}
        for wired in self.wired:
            for reference in wired.module.parameters.values():
                found.setdefault(reference, wired.name)
        return found

    @cached_property
    def effects(self) -> tuple[str, ...]:
        """Effects of levers that some module takes up."""
        return tuple(dict.fromkeys(hook for wired in self.wired for hook in wired.module.effects.values()))

    @cached_property
    def whole(self) -> frozenset[str]:
        """Effects that are taken up whole."""
        return frozenset(str(hook) for wired in self.wired for hook in wired.module.effects.values()
                         if isinstance(hook, Whole))  # fmt: skip

    @cached_property
    def levers(self) -> tuple[str, ...]:
        """Levers whose change against today some module reads directly."""
        return tuple(dict.fromkeys(lever for wired in self.wired for lever in wired.module.levers.values()))

    @cached_property
    def inputs(self) -> tuple[str, ...]:
        """Columns of the weekly table of inputs."""
        return tuple(dict.fromkeys(name for wired in self.wired for name in wired.module.inputs))

    @cached_property
    def tables(self) -> tuple[str, ...]:
        """Arrays that a run must bring."""
        return tuple(dict.fromkeys(name for wired in self.wired for name in wired.module.tables.values()))

    def loop(self) -> str:
        """The order of a week, one module a line, with what it reads and writes."""
        lines = []
        for wired in self.wired:
            reads = ", ".join(f"{one.source}{' (week before)' if one.kind == 'before' else ''}" for one in wired.step
                              if one.kind in ("read", "before"))  # fmt: skip
            lines.append(f"{wired.name}: {reads or 'nothing'} -> {', '.join(wired.writes)}")
        return "\n".join(lines)


def argument_of(module: type[Module], local: str) -> Argument | None:
    """Where an argument of a module's equations comes from; None for what is declared nowhere."""
    made = [name for one in (begin_of(module), start_of(module)) if one for name in returned(one)]
    return _argument(module, local, {*made, *module.state, *module.arrays})


def _argument(module: type[Module], local: str, own: set[str]) -> Argument | None:
    if local in own:
        return Argument(local, "own", f"{module.name}.{local}")
    if local in module.reads:
        source = module.reads[local]
        return Argument(local, "before" if isinstance(source, Before) else "read", str(source))
    if local in module.inputs:
        return Argument(local, "input", local)
    for kind, declared in (("effect", module.effects), ("lever", module.levers), ("table", module.tables),
                           ("parameter", module.parameters)):  # fmt: skip
        if local in declared:
            return Argument(local, kind, declared[local])  # type: ignore[arg-type]
    if local in module.draws:
        return Argument(local, "draw", local)
    if local in SPECIALS:
        return Argument(local, "special", local)
    return None


def _begin_arguments(module: type[Module]) -> list[str]:
    function = begin_of(module)
    if function is None:
        return []
    given = inspect.signature(function).parameters.values()
    found = [one.name for one in given if one.kind is not one.VAR_KEYWORD]
    if len(found) < len(given):  # ``**rest`` takes every parameter that is not named
        found += list(module.parameters)
    return found


def _undeclared(module: type[Module], local: str, own: set[str]) -> Problem:
    known = [*own, *module.reads, *module.inputs, *module.effects, *module.levers, *module.tables, *module.parameters,
             *module.draws, *SPECIALS]  # fmt: skip
    return Problem(
        f"module '{module.name}': its equations ask for '{local}', which it declares nowhere.",
        did_you_mean=nearest(local, known),
    )


def _unread(module: type[Module], used: set[str]) -> Iterator[Problem]:
    for what in ("parameters", "reads", "effects", "levers", "tables", "draws"):
        for local in getattr(module, what):
            if local not in used:
                yield Problem(f"module '{module.name}' declares '{local}' among its {what} and never reads it.")
    draws = {draw.step for draw in module.draws.values()}
    for local in module.inputs:
        if local not in used and local not in draws:
            yield Problem(f"module '{module.name}' declares the input '{local}' and never reads it.")


def _unwritten(module: type[Module], kept: Mapping[str, type[Module]]) -> Iterator[Problem]:
    for local, source in module.reads.items():
        owner, _, name = str(source).partition(".")
        if owner not in kept:
            yield Problem(
                f"module '{module.name}' reads '{source}', but there is no module '{owner}'.",
                did_you_mean=nearest(owner, kept),
            )
        elif name not in gives(kept[owner]):
            yield Problem(
                f"module '{module.name}' reads '{local}' from '{source}', which module '{owner}' does not write.",
                did_you_mean=nearest(name, gives(kept[owner])),
            )


def gives(module: type[Module]) -> dict[str, None]:
    """Every name that others may read of a module: state, results, arrays, and constants made at the beginning."""
    made = [name for one in (begin_of(module), start_of(module)) if one for name in returned(one)]
    return dict.fromkeys([*module.state, *module.writes, *module.arrays, *made])


def _measured_twice(modules: Iterable[type[Module]]) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for module in modules:
        for measure in module.measures:
            if measure.id in seen:
                yield Problem(f"measure '{measure.id}' is given by '{seen[measure.id]}' and by '{module.name}'.")
            seen[measure.id] = module.name
            if measure.variable and measure.variable not in gives(module):
                yield Problem(f"measure '{measure.id}' is '{measure.variable}', which '{module.name}' does not write.")


def _carried_twice(modules: Iterable[type[Module]]) -> Iterator[Problem]:
    ways: dict[str, tuple[bool, str]] = {}
    for module in modules:
        for hook in module.effects.values():
            way, first = ways.setdefault(str(hook), (isinstance(hook, Whole), module.name))
            if way != isinstance(hook, Whole):
                yield Problem(
                    f"effect '{hook}' is taken up whole by one of '{first}' and '{module.name}', not by both."
                )


def _sorted(found: Mapping[str, Wired], problems: list[Problem]) -> list[str]:
    """Modules in an order in which each comes after those that it reads in the same week; as given where free."""
    needs = {
        name: {
            source.partition(".")[0]
            for one in wired.step
            if one.kind == "read" and not _constant(found, source := one.source)
        }
        & found.keys() - {name}  # a read of what is not there has its own message
        for name, wired in found.items()
    }
    order: list[str] = []
    while len(order) < len(found):
        ready = next((name for name in found if name not in order and needs[name] <= {*order}), None)
        if ready is None:
            left = [name for name in found if name not in order]
            problems.append(
                Problem(
                    f"modules {', '.join(left)} need each other in the same week.",
                    cure="Let one of them read what stood the week before: Before('module.variable').",
                )
            )
            return [*order, *left]
        order.append(ready)
    return order


def _constant(found: Mapping[str, Wired], source: str) -> bool:
    """Whether a variable is made at the beginning and never written again, so that nobody need wait for it."""
    owner, _, name = source.partition(".")
    wired = found.get(owner)
    return wired is not None and name not in wired.writes and name not in wired.module.arrays
