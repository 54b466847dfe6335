"""The compiled course of a world: text made from the declarations, compiled once, kept on disk by all its sources."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from math import nan
from pathlib import Path
from typing import Any

from borderlab.base.kernels import Kernels
from borderlab.model.core.kernels import MODEL
from borderlab.model.core.module import start_of, step_of
from borderlab.model.core.random import exponential_draw, normal_draw, salt, unit_draw
from borderlab.model.core.source import Layout, text
from borderlab.model.core.syntax import as_tuple
from borderlab.model.core.world import World

_FILE = "<course>"


@cache
def layout_of(world: World, ruled: bool) -> Layout:
    """The layout of a world; one object for each."""
    return Layout(world, ruled)


@cache
def compiled(world: World, rules: tuple[Callable[..., Any], Callable[..., Any]] | None) -> Callable[..., Any]:
    """The course as a compiled function of the arguments of :func:`borderlab.model.core.source.signature`.

    Args:
        world: the modules.
        rules: functions ``advance`` and ``reset`` of the rule program, compiled; None where nothing is ruled.
    """
    layout = layout_of(world, rules is not None)
    source = text(layout)
    group = _group(world)
    return group.entry(_function(source, layout, rules, compile_=True), text=source)  # type: ignore[no-any-return]


def plain(world: World, rules: tuple[Callable[..., Any], Callable[..., Any]] | None = None) -> Callable[..., Any]:
    """The same function without compilation: slow, for tests and for stepping through with a debugger."""
    layout = layout_of(world, rules is not None)
    return _function(text(layout), layout, rules, compile_=False)


def _group(world: World) -> Kernels:
    files = {Path(inspect.getfile(module)) for module in world.modules}
    return Kernels("course", sorted(files), using=(MODEL, *_rule_groups()))


def _rule_groups() -> tuple[Kernels, ...]:
    return ()


def _function(source: str, layout: Layout, rules: Any, *, compile_: bool) -> Callable[..., Any]:
    names: dict[str, Any] = {"nan": nan, "normal_draw": normal_draw, "unit_draw": unit_draw,
                             "exponential_draw": exponential_draw}  # fmt: skip
    if rules is not None:
        names["advance"], names["reset"] = rules
    for wired in layout.world.wired:
        for kind, function in (("step", step_of(wired.module)), ("start", start_of(wired.module))):
            if function is not None:
                equations = as_tuple(function)
                names[f"{kind}_{wired.name}"] = MODEL.kernel(equations) if compile_ else equations
        for name, draw in wired.module.draws.items():
            names[f"salt_{wired.name}_{name}"] = salt(draw.purpose)
    exec(compile(source, _FILE, "exec"), names)
    made: Callable[..., Any] = names["course"]
    return made
