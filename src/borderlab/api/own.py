"""What a researcher brings without editing the package: own modules, and tables laid over the shipped ones."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from borderlab.api.identity import Own
from borderlab.base.identity import hash_of
from borderlab.base.problems import InputError, Problem
from borderlab.model.core.module import Measure, Module, begin_of, names, start_of, step_of
from borderlab.model.core.world import World
from borderlab.model.run.worlds import today

Modules = Sequence[type[Module]]


def world_of(modules: Modules) -> World | None:
    """The world with own modules in place of those of the same name, or beside them; None: the shipped one.

    Raises:
        InputError: with everything that does not fit: a read that nobody writes, an argument declared nowhere …
    """
    odd = [one for one in modules if not (isinstance(one, type) and issubclass(one, Module))]
    if odd:
        cure = "Derive a class from bl.Module, and give the class, not an object of it."
        raise InputError([Problem(f"{one!r} is no module of the model.", cure=cure) for one in odd])
    return _world(tuple(modules)) if modules else None


@cache
def _world(modules: tuple[type[Module], ...]) -> World:
    try:
        return today().replaced(*modules)
    except TypeError as error:  # equations whose text cannot be read
        raise InputError(Problem(f"a module cannot be read: {error}.")) from None


def own_modules(modules: Modules) -> Own:
    """How own modules stand in an identity: name → hash of equations and declarations."""
    return Own(modules={one.name: _content(one) for one in modules})


_DECLARED = (
    "name", "parameters", "inputs", "reads", "effects", "levers", "tables", "draws", "state", "writes", "arrays",
    "moved_by", "measures",
)  # fmt: skip


def _content(module: type[Module]) -> str:
    equations = [inspect.getsource(one) for one in (begin_of(module), start_of(module), step_of(module)) if one]
    return hash_of([equations, {name: _said(getattr(module, name)) for name in _DECLARED}])


def _said(value: Any) -> Any:
    """A declaration as plain values; kinds of text (taken whole, as of the week before) count."""
    if isinstance(value, Mapping):
        return {name: _said(one) for name, one in value.items()}
    if isinstance(value, tuple):
        return [_said(one) for one in value]
    return f"{type(value).__name__} {value!r}"


__all__ = ["Measure", "Module", "Modules", "names", "own_modules", "world_of"]
