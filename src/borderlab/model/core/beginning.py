"""Before the first week: constants and state of every module, over all futures at once."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from borderlab.model.core.module import Module, begin_of
from borderlab.model.core.random import Keys
from borderlab.model.core.rates import Array, Number
from borderlab.model.core.source import Layout
from borderlab.model.core.world import World


class Values(Protocol):
    """Parameters by reference, each a number or float64 [n]."""

    n: int

    def __getitem__(self, reference: str) -> Number: ...


@dataclass(frozen=True)
class Opening:
    """How a world begins.

    Attributes:
        today: from today's state in people, dollars and programmes; else an index of a past episode, where effort
            stands at rest.
        institution: level I; None takes the parameter of today.
        backlash: level F; None takes the parameter of today.
        focus: share of a concession that goes to migration; None takes the parameter of today.
        programmes: ids of those that live or may be founded, in order.
    """

    today: bool = True
    institution: float | None = None
    backlash: float | None = None
    focus: float | None = None
    programmes: tuple[str, ...] = ()


Beginning = Mapping[str, Number | Sequence[Number]]
"""Every value before the first week ("module.name"): a number, float64 [n], or one of either for each row."""


def begin(world: World, values: Values, opening: Opening, key: Keys) -> Beginning:
    """Run ``begin`` of every module, each after those whose values it asks for."""
    found: dict[str, Any] = {}
    waiting = {module.name: module for module in world.modules if begin_of(module) is not None}
    while waiting:
        ready = [module for module in waiting.values() if not _missing(module, found)]
        if not ready:
            raise ValueError(f"modules {', '.join(waiting)} ask for each other's values before the first week")
        for module in ready:
            function = begin_of(waiting.pop(module.name))
            assert function is not None
            given = _given(module, values, opening, key, found)
            found.update({f"{module.name}.{name}": value for name, value in function(**given).items()})
    return found


def _asked(module: type[Module]) -> list[str]:
    function = begin_of(module)
    assert function is not None
    names = []
    for one in inspect.signature(function).parameters.values():
        names.append(one.name if one.kind is not one.VAR_KEYWORD else "**")
    return names


def _missing(module: type[Module], found: Mapping[str, Any]) -> list[str]:
    return [name for name in _asked(module) if name in module.reads and str(module.reads[name]) not in found]


def _given(
    module: type[Module], values: Values, opening: Opening, key: Keys, found: Mapping[str, Any]
) -> dict[str, Any]:
    given: dict[str, Any] = {}
    asked = _asked(module)
    for name in asked:
        if name == "opening":
            given[name] = opening
        elif name == "key":
            given[name] = key
        elif name in module.reads:
            given[name] = found[str(module.reads[name])]
        elif name in module.parameters:
            given[name] = values[module.parameters[name]]
        elif name != "**":
            raise ValueError(f"module '{module.name}': begin() asks for '{name}', which it declares nowhere")
    if "**" in asked:
        given |= {name: values[id_] for name, id_ in module.parameters.items() if name not in given}
    return given


def columns(layout: Layout, beginning: Beginning, values: Values) -> Array:
    """The scalars that the course takes, float64 [columns, n]."""
    made = np.empty((len(layout.columns), values.n))
    for row, name in enumerate(layout.columns):
        made[row] = values[name[1:]] if name.startswith("=") else beginning[name]
    return made


def rows(layout: Layout, beginning: Beginning, n: int) -> tuple[Array, np.ndarray, dict[str, int]]:
    """Rows of state that futures start with: float64 [rows, n], where each begins, and how many each has."""
    lengths = {name: len(beginning[name]) for name in layout.rows}  # type: ignore[arg-type]
    made = np.empty((sum(lengths.values()), n))
    at = np.zeros(len(layout.rows), dtype=np.int64)
    place = 0
    for number, name in enumerate(layout.rows):
        at[number] = place
        for value in beginning[name]:  # type: ignore[union-attr]
            made[place] = value
            place += 1
    return made, at, lengths
