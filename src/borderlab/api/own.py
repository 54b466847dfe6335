"""What a researcher brings without editing the package: own modules, and tables laid over the shipped ones."""

from __future__ import annotations

import inspect
import sys
import threading
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from borderlab.api.identity import Own
from borderlab.base.identity import hash_of
from borderlab.base.problems import InputError, Problem, nearest
from borderlab.evidence.tables import laid
from borderlab.evidence.tables.indicator import indicators
from borderlab.evidence.tables.lever import DIRECT_HOOKS, effect_pairs
from borderlab.evidence.tables.parameter import parameters
from borderlab.model.core.module import Measure, Module, begin_of, names, start_of, step_of
from borderlab.model.core.world import World
from borderlab.model.futures.futures import drawn_parameters
from borderlab.model.run.worlds import today

_LOCK = threading.RLock()
_FROM_TABLES = [["borderlab", room] for room in ("evidence", "crossings", "strategy", "model", "explore", "report")]
_ELSEWHERE = frozenset({"expected_cost", "detect"})
"""Effects that are taken up by tables of a run and not by a shift of the week."""
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


class Laid:
    """Tables that are laid over the shipped ones; :meth:`lift` takes them away, as does the end of a ``with``.

    Attributes:
        content: table → hash of what is laid over it, as identities have it.
    """

    def __init__(self, layer: laid.Layer) -> None:
        self._layer = layer
        self.content = layer.content

    def lift(self) -> None:
        """Take the tables away; nothing if that is done."""
        with _LOCK:
            laid.take(self._layer)
            forget()

    def __enter__(self) -> Laid:
        return self

    def __exit__(self, *_: object) -> None:
        self.lift()


def use_tables(tables: str | Path | Mapping[str, Iterable[Mapping[str, object]]]) -> Laid:
    """Lay own tables over the shipped ones: own parameters, levers, indicators, sources, measures of comparisons.

    A row of a shipped id takes that row's place; others are added. It holds for the whole process and is not to be done
    while something runs in another thread; results of before stay as they are. Every identity names what is laid.

    Args:
        tables: a folder in the shape of ``reference/`` (``parameters/levers.csv``, ``levers/mine.csv``, …), or rows by
            table: ``{"indicators/mine": [{"id": "my.measure", …}]}``.

    Raises:
        InputError: with everything that is wrong; nothing is then laid.
    """
    layer = laid.layer_of(tables) if isinstance(tables, Mapping) else laid.layer_in(tables)
    with _LOCK:
        laid.put(layer)
        try:
            forget()
            _check()
        except BaseException:
            laid.take(layer)
            forget()
            raise
    return Laid(layer)


def own_tables() -> Own:
    """How tables that are laid now stand in an identity."""
    return Own(tables=laid.content())


def check_tables(own: Own) -> None:
    """Refuse what was made under other tables than those that are laid now.

    Raises:
        InputError: it was.
    """
    if dict(own.tables) != laid.content():
        raise InputError(
            Problem("these futures were drawn under other tables than are laid now.", cure="Draw them again.")
        )


def forget() -> None:
    """Let everything that was worked out from tables be worked out again."""
    for name, module in list(sys.modules.items()):
        if name.split(".")[:2] in _FROM_TABLES and not name.startswith("borderlab.model.core."):
            for value in list(vars(module).values()):
                clear = getattr(value, "cache_clear", None)
                if callable(clear):
                    clear()


def _check() -> None:
    """Read what may be laid over, and see that every lever's effects have a size and somebody who takes them up."""
    problems: list[Problem] = []
    known, hooks = parameters(), {*today().effects, *_ELSEWHERE, *DIRECT_HOOKS}
    indicators()
    for pair in effect_pairs():
        if pair.hook not in hooks:
            cure = f"The model takes up {', '.join(sorted(hooks))}."
            cause = f"lever '{pair.lever}' has the effect '{pair.hook}', which nobody takes up."
            problems.append(Problem(cause, did_you_mean=nearest(pair.hook, hooks), cure=cure))
        elif pair.parameter not in known:
            cure = "Lay a row of that id over parameters/levers."
            problems.append(Problem(f"lever '{pair.lever}' needs the parameter '{pair.parameter}'.", cure=cure))
    if problems:
        raise InputError(problems)
    drawn_parameters()


__all__ = ["Laid", "Measure", "Module", "Modules", "names", "own_modules", "own_tables", "use_tables", "world_of"]
