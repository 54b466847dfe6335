"""Futures: one draw each of everything that nobody knows exactly."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from borderlab.base.machine import check_memory
from borderlab.base.problems import InputError, Problem, nearest
from borderlab.evidence.tables.assumption import Assumption
from borderlab.evidence.tables.parameter import Parameter, model_parameters
from borderlab.model.core.random import Keys, keys, uniform
from borderlab.model.core.rates import Array

MOST_FUTURES = 1_000_000_000
"""The sequence has 2³⁰ points."""
MOST_SEED = 2**63
_BYTES_A_FUTURE = 10_000
"""Measured: 7,500 of what is drawn; up to twice 2,300 of the points, which are made to the next power of two."""


def drawn_parameters() -> dict[str, Parameter]:
    """The parameters that differ between futures: those that are not fixed."""
    return {id_: parameter for id_, parameter in model_parameters().items() if parameter.distribution != "fixed"}


@dataclass(frozen=True, eq=False)
class Futures:
    """``n`` futures. Arrays are not to be written into.

    Attributes:
        n: how many.
        seed, first: which part of which sequence they are.
        values: numeric parameters by id, float64 [n], in the unit of the register.
        codes: structural switches by id, int8 [n], an index into ``labels``.
        labels: the options of each switch.
        key: uint64 [n], the key of each future's own random numbers.
        set: what a user changed, by parameter.
        kept: what has been worked out from these futures and serves the next run over them.
    """

    n: int
    seed: int
    first: int
    values: Mapping[str, Array]
    codes: Mapping[str, NDArray[np.int8]]
    labels: Mapping[str, tuple[str, ...]] = field(repr=False)
    key: Keys = field(repr=False)
    set: Mapping[str, Assumption] = field(default_factory=dict)
    kept: dict[Any, Any] = field(default_factory=dict, init=False, repr=False)

    def take(self, index: NDArray[np.intp] | NDArray[np.bool_] | slice) -> Futures:
        """Some of the futures, by index, mask or slice. A future keeps its own random numbers."""
        key = self.key[index]
        return replace(
            self,
            n=len(key),
            values={id_: value[index] for id_, value in self.values.items()},
            codes={id_: code[index] for id_, code in self.codes.items()},
            key=key,
        )

    def replace(self, changes: Mapping[str, float | str | Array]) -> Futures:
        """The same futures with some parameters set, each to one value, one option, or an array [n].

        Raises:
            InputError: no such parameter or option.
        """
        values, codes = dict(self.values), dict(self.codes)
        for id_, wanted in changes.items():
            if id_ in values:
                values[id_] = np.broadcast_to(np.asarray(wanted, float), (self.n,)).copy()
            elif id_ in codes:
                options = self.labels[id_]
                if wanted not in options:
                    cure = f"It takes {', '.join(options)}."
                    raise InputError(Problem(f"switch '{id_}' has no option '{wanted}'.", cure=cure))
                codes[id_] = np.full(self.n, options.index(str(wanted)), np.int8)
            else:
                near = nearest(id_, [*values, *codes])
                raise InputError(Problem(f"no drawn parameter is called '{id_}'.", did_you_mean=near))
        return replace(self, values=values, codes=codes)

    def changed(self, changes: Iterable[Assumption]) -> Futures:
        """The same futures with what a user sets: one value for all, an option, or a range to draw from.

        In a range a future keeps its rank among the others; a parameter that is fixed in the register is drawn by the
        future's own random numbers.
        """
        values, codes, done = dict(self.values), dict(self.codes), dict(self.set)
        for change in changes:
            row = model_parameters()[change.id]
            done[change.id] = change
            if change.option is not None:
                option = self.labels[change.id].index(change.option)
                codes[change.id] = np.full(self.n, option, np.int8)
            elif change.value is not None:
                values[change.id] = np.full(self.n, float(change.value))
            else:
                assert change.low is not None
                assert change.high is not None
                values[change.id] = self._drawn_between(row, change.low, change.high)
        return replace(self, values=values, codes=codes, set=done)

    def _drawn_between(self, row: Parameter, low: float, high: float) -> Array:
        if row.distribution == "fixed":
            return low + (high - low) * uniform(self.key, f"set:{row.id}")
        rank = _rank(row, self.values[row.id])
        middle = min(max(float(row.default), low), high)
        return quantile(row.model_copy(update={"low": low, "high": high, "default": middle}), rank)

    def chosen(self, switch: str, option: str) -> NDArray[np.bool_]:
        """Which futures have ``option`` of ``switch``, bool [n]."""
        return self.codes[switch] == self.labels[switch].index(option)

    def column(self, id_: str) -> Array | NDArray[np.str_]:
        """One parameter as a table would show it: numbers, or the labels of a switch."""
        if id_ in self.values:
            return self.values[id_]
        return np.asarray(self.labels[id_])[self.codes[id_]]


Quantiles = Mapping[str, Callable[[Array], Array]]
"""Distributions in place of the register's, by parameter: values at ranks in (0, 1); of a switch, places of options."""


def draw_futures(
    n: int,
    seed: int,
    *,
    first: int = 0,
    changes: Iterable[Assumption] = (),
    quantiles: Quantiles | None = None,
) -> Futures:
    """Futures ``first`` … ``first + n - 1`` of a scrambled Sobol' sequence over all drawn parameters.

    Prefix-stable: the first ``n`` of ``2 n`` futures are these, to the bit.

    Args:
        n: how many, at least 1.
        seed: of the scrambling and of the futures' own random numbers; 0 is a seed.
        first: the place of the first one.
        quantiles: distributions in place of the register's. Other parameters are drawn as without.

    Raises:
        InputError: a number out of bounds, or more futures than memory holds.
    """
    if n < 1 or first < 0 or not 0 <= seed < MOST_SEED:
        raise InputError(
            Problem(
                f"{n} futures from place {first} with seed {seed} cannot be drawn.",
                cure="Ask for at least one future, with a seed from 0 to 9,223,372,036,854,775,807.",
            )
        )
    check_drawn(first + n, f"to draw {n:,} futures", at_once=n)
    points = _sobol(len(drawn_parameters()), first, n, seed)
    return futures_at(points, seed, first=first, quantiles=quantiles).changed(changes)


def check_drawn(last: int, what: str, *, at_once: int) -> None:
    """Refuse more futures than there are points of the sequence, or than memory holds at once.

    Args:
        last: the place after the last one. what: the option that asks for them. at_once: how many are held together.

    Raises:
        InputError: says what is needed and what is there.
    """
    if last > MOST_FUTURES:
        raise InputError(Problem(f"{what} is beyond what can be drawn.", cure=f"At most {MOST_FUTURES:,} are drawn."))
    check_memory(_BYTES_A_FUTURE * at_once, what, "Ask for fewer.")


def futures_at(points: Array, seed: int = 0, *, first: int = 0, quantiles: Quantiles | None = None) -> Futures:
    """Futures at given ranks of every drawn parameter.

    Args:
        points: ranks in (0, 1), float64 [n, parameters], columns in the order of :func:`drawn_parameters`.
        seed, first: of the futures' own random numbers.
        quantiles: distributions in place of the register's.
    """
    values: dict[str, Array] = {}
    codes: dict[str, NDArray[np.int8]] = {}
    own = quantiles or {}
    for column, (id_, parameter) in enumerate(drawn_parameters().items()):
        u = np.clip(points[:, column], 2.0**-53, 1.0 - 2.0**-53)
        if parameter.distribution == "choice":
            codes[id_] = np.asarray(own[id_](u), np.int8) if id_ in own else _option(parameter, u)
        else:
            values[id_] = np.asarray(own[id_](u), float) if id_ in own else quantile(parameter, u)
    return Futures(len(points), seed, first, values, codes, _labels(), keys(seed, first, len(points)))


def default_futures(n: int = 1, seed: int = 0) -> Futures:
    """``n`` futures that all have the default of every parameter; only their own random numbers differ."""
    values: dict[str, Array] = {}
    codes: dict[str, NDArray[np.int8]] = {}
    labels = _labels()
    for id_, parameter in drawn_parameters().items():
        if parameter.distribution == "choice":
            codes[id_] = np.full(n, labels[id_].index(str(parameter.default)), np.int8)
        else:
            values[id_] = np.full(n, float(parameter.default))
    return Futures(n, seed, 0, values, codes, labels, keys(seed, 0, n))


def _labels() -> dict[str, tuple[str, ...]]:
    return {id_: tuple(p.options()) for id_, p in drawn_parameters().items() if p.distribution == "choice"}


def _sobol(dimensions: int, first: int, n: int, seed: int) -> Array:
    """``n`` points from the one at place ``first``; SciPy wants a power of two of them if that is the beginning."""
    from scipy.stats import qmc

    sequence = qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng([seed, 0x0B07DE4]))
    if first:
        sequence.fast_forward(first)
        later: Array = sequence.random(n)
        return later
    points: Array = sequence.random_base2(max(n - 1, 0).bit_length())[:n]
    return points


def _option(parameter: Parameter, u: Array) -> NDArray[np.int8]:
    edges = np.cumsum(list(parameter.options().values()))[:-1]
    return np.searchsorted(edges, u, side="right").astype(np.int8)


def _rank(parameter: Parameter, value: Array) -> Array:
    """The rank of values among those that the parameter's distribution gives: what :func:`quantile` turns back."""
    low, high, default = float(parameter.low or 0.0), float(parameter.high or 0.0), float(parameter.default)
    kind = parameter.distribution
    if kind == "loguniform":
        return np.log(value / low) / np.log(high / low)
    if kind == "triangular":
        left = (value - low) ** 2 / ((high - low) * max(default - low, 1e-300))
        right = 1.0 - (high - value) ** 2 / ((high - low) * max(high - default, 1e-300))
        return np.where(value < default, left, right)
    if kind == "normal":
        from scipy.special import ndtr, ndtri

        return np.asarray(ndtr((value - default) * (2 * ndtri(0.95)) / (high - low)))
    return (value - low) / (high - low)


def quantile(parameter: Parameter, u: Array) -> Array:
    """The value at rank ``u`` of the parameter's distribution."""
    low, high, default = float(parameter.low or 0.0), float(parameter.high or 0.0), float(parameter.default)
    kind = parameter.distribution
    if kind == "uniform":
        return low + (high - low) * u
    if kind == "loguniform":
        return low * (high / low) ** u
    if kind == "triangular":
        turn = (default - low) / (high - low)
        left = low + np.sqrt(u * (high - low) * (default - low))
        right = high - np.sqrt((1 - u) * (high - low) * (high - default))
        return np.where(u < turn, left, right)
    if kind == "normal":  # low and high are the 5th and 95th percentile
        from scipy.special import ndtri

        return default + (high - low) / (2 * ndtri(0.95)) * ndtri(u)
    raise ValueError(f"{parameter.id}: distribution '{kind}' is not drawn")
