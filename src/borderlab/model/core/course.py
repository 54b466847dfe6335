"""The compiled course of a world: text made from the declarations, compiled once, kept on disk by all its sources."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from math import nan
from pathlib import Path
from typing import Any

from borderlab.base.kernels import Kernels
from borderlab.model.core.kernels import MODEL, as_written
from borderlab.model.core.module import Module
from borderlab.model.core.random import exponential_draw, normal_draw, unit_draw
from borderlab.model.core.source import Layout, Text, course_text

_FILE = "<course>"


@dataclass(frozen=True)
class Rules:
    """The compiled functions of the rule program, and the group of kernels that they are of."""

    reset: Callable[..., Any]
    advance: Callable[..., Any]
    finish: Callable[..., Any]
    group: Kernels


@cache
def compiled(layout: Layout, rules: Rules | None = None) -> Callable[..., Any]:
    """The course as a compiled function of the arguments of :func:`borderlab.model.core.source.signature`.

    Args:
        rules: what takes the rules of a strategy through a week; None where nothing is ruled.
    """
    source = course_text(layout)
    made = _function(source, rules, lambda name, value: value)
    files = [_file(module) for module in layout.world.modules]
    known = sorted({path for path in files if path is not None})
    group = Kernels("course", known, using=(MODEL, *((rules.group,) if rules else ())))
    # What stands in no file (a notebook) may call functions whose text nobody can watch: compiled anew each time.
    return group.entry(made, text=source.text, keep=None not in files)  # type: ignore[no-any-return]


def plain(layout: Layout, rules: Rules | None = None) -> Callable[..., Any]:
    """The same function without compilation: slow, for tests and for stepping through with a debugger.

    Every function that it calls is uncompiled, too. Random numbers wrap around: run it under
    ``np.errstate(over="ignore")``.
    """
    return _function(course_text(layout), rules, lambda name, value: as_written(value))


def _file(module: type[Module]) -> Path | None:
    """The file that a module stands in; None for one that was written at a prompt or in a notebook."""
    try:
        path = Path(inspect.getfile(module))
    except (TypeError, OSError):
        return None
    return path if path.is_file() else None


def _function(source: Text, rules: Rules | None, shown: Callable[[str, Any], Any]) -> Callable[..., Any]:
    names: dict[str, Any] = {
        "__name__": __name__,
        "nan": nan,
        "normal_draw": normal_draw,
        "unit_draw": unit_draw,
        "exponential_draw": exponential_draw,
        **source.names,
    }
    if rules is not None:
        names |= {"reset": rules.reset, "advance": rules.advance, "finish": rules.finish}
    names = {name: shown(name, value) for name, value in names.items()}
    exec(compile(source.text, _FILE, "exec"), names)
    made: Callable[..., Any] = names["course"]
    return made
