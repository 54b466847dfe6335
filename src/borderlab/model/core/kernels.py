"""Compiling of what equations call. Whole courses are compiled in :mod:`borderlab.model.core.course`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import FunctionType
from typing import Any

from borderlab.base.kernels import Kernels

_HERE = Path(__file__).parent

MODEL = Kernels("model", (*sorted(_HERE.glob("*.py")), *sorted((_HERE.parent / "modules").glob("*.py"))))
"""Everything that is compiled into a course, but for modules that somebody else brings."""

kernel, inlined = MODEL.kernel, MODEL.inlined


def as_written(value: Any) -> Any:
    """A compiled function as it is written, calling others as they are written; anything else as it is.

    Compiled functions that only others call cannot be called from Python at all. Counter-based random numbers wrap
    around: as written they run under ``np.errstate(over="ignore")``.
    """
    function = getattr(value, "py_func", None)
    return _written(function, {}) if isinstance(function, FunctionType) else value


def plain_calls(function: Callable[..., Any]) -> Callable[..., Any]:
    """A function that is not compiled, calling compiled ones as they are written."""
    return _written(function, {}) if isinstance(function, FunctionType) else function


def _written(function: FunctionType, made: dict[FunctionType, FunctionType]) -> FunctionType:
    if function not in made:
        names: dict[str, Any] = {"__builtins__": __builtins__}
        made[function] = FunctionType(function.__code__, names, function.__name__, function.__defaults__)
        for name in function.__code__.co_names:
            if name in function.__globals__:
                value = function.__globals__[name]
                called = getattr(value, "py_func", None)
                names[name] = _written(called, made) if isinstance(called, FunctionType) else value
    return made[function]
