"""Equations written for one future and one week, compiled into functions of whole arrays of futures.

A module of the model states its equations once, as a plain function of numbers that writes its results at place 0::

    @per_future(outputs=1)
    def _settled(level, gain, loss, after):
        after[0] = level + gain - loss * level

and calls it with scalars and arrays [n] mixed, as it would call a NumPy function; each output is a fresh array [n].
One pass over the futures takes the place of a dozen array operations, and what a future gets depends on its own numbers
alone. ``_settled.plain`` is the function as written, for reading and for debugging without a compiler.
"""

from __future__ import annotations

import ast
import inspect
import textwrap
from collections.abc import Callable
from functools import cached_property, lru_cache
from math import exp
from types import FunctionType
from typing import Any

import numpy as np
from numba import njit, types

from borderlab.model.core.rates import Array, Number

_ALL = "_of_all"
_FUTURE = "_future"


class PerFuture:
    """The equations of one future as a function of arrays. Compiled at the first call; kept beside the source."""

    def __init__(self, plain: Callable[..., None], outputs: int) -> None:
        self.plain, self.outputs = plain, outputs
        self.__doc__, self.__name__ = plain.__doc__, plain.__name__
        self._names = list(inspect.signature(plain).parameters)
        self.inputs = len(self._names) - outputs

    def __call__(self, *values: Number, out: Array | None = None) -> Any:
        """The outputs: one array [n], or rows [outputs, n] to be unpacked.

        Args:
            values: inputs in the order of the equations; floats, truth values, or float64 or bool arrays [n].
            out: where to write, float64 [outputs, n]; made if not given.
        """
        n = 1
        for value in values:
            if isinstance(value, np.ndarray) and value.size > 1:
                n = value.size
                break
        rows = np.empty((self.outputs, n)) if out is None else out
        self._kernel(*[_whole(value, n) for value in values], *rows)
        return rows if self.outputs > 1 else rows[0]

    @cached_property
    def _kernel(self) -> Callable[..., None]:
        read = types.Array(types.float64, 1, "C", readonly=True)
        signature = types.void(*[read] * self.inputs, *[types.float64[::1]] * self.outputs)
        compiled: Callable[..., None] = njit(signature, cache=True, nogil=True, error_model="numpy")(self._loop())
        return compiled

    def _loop(self) -> FunctionType:
        """The same equations with a loop over futures around them."""
        tree = ast.parse(textwrap.dedent(inspect.getsource(self.plain)))
        function = tree.body[0]
        assert isinstance(function, ast.FunctionDef)
        inputs, outputs = self._names[: self.inputs], set(self._names[self.inputs :])
        for node in ast.walk(function):
            if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id in outputs:
                node.slice = ast.Name(_FUTURE, ast.Load())
        reads = "".join(f"    {name} = {name}{_ALL}[{_FUTURE}]\n" for name in inputs)
        loop = ast.parse(f"for {_FUTURE} in range(len({inputs[0]}{_ALL})):\n{reads}").body[0]
        assert isinstance(loop, ast.For)
        loop.body += function.body
        function.body, function.decorator_list = [loop], []
        for argument in function.args.args[: self.inputs]:
            argument.arg += _ALL
        ast.increment_lineno(tree, self.plain.__code__.co_firstlineno - 1)
        code = compile(ast.fix_missing_locations(tree), inspect.getfile(self.plain), "exec")
        body = next(one for one in code.co_consts if inspect.iscode(one))
        made = FunctionType(body, self.plain.__globals__, f"{self.plain.__name__}{_ALL}")
        made.__module__ = self.plain.__module__
        return made


def per_future(outputs: int) -> Callable[[Callable[..., None]], PerFuture]:
    """Compile the equations of one future. The last ``outputs`` parameters are what they write, at place 0.

    Every parameter is float64; a truth value is 0 or 1.
    """
    return lambda plain: PerFuture(plain, outputs)


@njit(inline="always")
def clip(value: float, low: float, high: float) -> float:
    """``value``, or the bound that it passes."""
    return min(max(value, low), high)


@njit(inline="always")
def factor(log_change: float) -> float:
    """The factor that a shift of a logarithm makes. Most shifts are 0 most of the time, and ``exp`` is dear."""
    return exp(log_change) if log_change != 0.0 else 1.0


def _whole(value: Number, n: int) -> Array:
    """The value as a contiguous float64 [n]."""
    if not isinstance(value, np.ndarray):
        return _filled(float(value), n)
    if value.shape == (n,) and value.dtype.char == "d" and value.flags.c_contiguous:
        return value
    return np.ascontiguousarray(np.broadcast_to(value, (n,)), float)


@lru_cache(maxsize=256)
def _filled(value: float, n: int) -> Array:
    """An array of one value: most inputs that are the same for all futures are the same every week."""
    array = np.full(n, value)
    array.flags.writeable = False
    return array
