"""A user's own distributions of unknowns in place of the register's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from borderlab.api.identity import Own
from borderlab.base.identity import hash_of
from borderlab.base.problems import InputError, Problem, nearest
from borderlab.evidence.tables.assumption import Assumption, read_assumptions
from borderlab.evidence.tables.parameter import Parameter, model_parameters
from borderlab.model.core.rates import Array
from borderlab.model.futures.futures import drawn_parameters, quantile

NUMBERS = {"uniform": 2, "loguniform": 2, "triangular": 3, "normal": 2, "fixed": 1}
"""Kinds by name, with how many numbers each takes: low and high; low, likeliest and high; the 5th and 95th percentile
of a normal distribution; a value."""
_GRID = (np.arange(1024) + 0.5) / 1024
"""Ranks at which a distribution is looked at, for its bounds and for its name in an identity."""

Given = Any
"""("uniform", low, high) and the like, a frozen distribution of SciPy, a number; of a switch an option or weights."""


def own_distributions(given: Mapping[str, Given] | None) -> tuple[dict[str, Callable[[Array], Array]], Own]:
    """Quantile functions by parameter, and how they stand in an identity.

    Raises:
        InputError: every parameter that is not drawn, and every distribution that cannot be that of its parameter.
    """
    made: dict[str, Callable[[Array], Array]] = {}
    problems: list[Problem] = []
    words: dict[str, str] = {}
    narrowed: dict[str, Assumption] = {}
    known = drawn_parameters()
    for id_, wanted in (given or {}).items():
        if id_ not in known:
            problems.append(_unknown(str(id_), known))
            continue
        try:
            one, said, set_ = (
                _switch(known[id_], wanted) if known[id_].distribution == "choice" else _number(known[id_], wanted)
            )
        except ValueError as error:
            problems.append(Problem(f"the distribution of '{id_}' cannot be used: {error}."))
            continue
        made[id_], words[id_] = one, said
        if set_:
            narrowed[id_] = Assumption(id_, "switch" if "option" in set_ else known[id_].unit, **set_)
    if problems:
        raise InputError(problems)
    return made, Own(set=narrowed, distributions=words)


Set = Mapping[str, float | str] | Sequence[str] | Sequence[Assumption]
"""Parameters that are set: ``{"kc": "0.01 GDP-month"}``, ``["kc=0.005..0.01 GDP-month"]``; a number that is no text is
in the unit of the register."""


def set_parameters(given: Set) -> tuple[Assumption, ...]:
    """What is set, read and checked.

    Raises:
        InputError: with every name, unit, option or value that cannot be.
    """
    register = model_parameters()
    if not isinstance(given, Mapping):
        ready = tuple(one for one in given if isinstance(one, Assumption))
        return ready or read_assumptions((str(one) for one in given), register)
    texts: list[str] = []
    for name, value in given.items():
        row = register.get(name)
        plain = isinstance(value, int | float) and not isinstance(value, bool)
        texts.append(f"{name}={value!r} {row.unit}" if plain and row is not None else f"{name}={value}")
    return read_assumptions(texts, register, "set")


def _unknown(id_: str, known: Mapping[str, Parameter]) -> Problem:
    if id_ in model_parameters():
        return Problem(
            f"'{id_}' is the same in every future; it has no distribution.",
            cure="Lay a table over reference/parameters with bl.use_tables to give it one.",
        )
    return Problem(f"there is no unknown '{id_}'.", did_you_mean=nearest(id_, known))


def _number(row: Parameter, wanted: Given) -> tuple[Callable[[Array], Array], str, dict[str, Any]]:
    if isinstance(wanted, bool):
        raise ValueError("a number is needed, not yes or no")
    if isinstance(wanted, int | float):
        wanted = ("fixed", wanted)
    if isinstance(wanted, tuple | list):
        return _named(row, tuple(wanted))
    inverse = getattr(wanted, "ppf", None) or getattr(wanted, "icdf", None)
    if not callable(inverse):
        raise ValueError("give a tuple like ('uniform', low, high), a number, or a frozen distribution of SciPy")

    def values(u: Array) -> Array:
        return np.asarray(inverse(u), float)

    content = _checked(row, values)
    name = getattr(getattr(wanted, "dist", None), "name", None) or type(wanted).__name__
    return values, f"scipy {name}, quantiles {content}", {}


def _named(row: Parameter, wanted: tuple[Any, ...]) -> tuple[Callable[[Array], Array], str, dict[str, Any]]:
    kind, numbers = (str(wanted[0]), wanted[1:]) if wanted else ("", ())
    if kind not in NUMBERS:
        raise ValueError(f"there is no kind '{kind}'; there are {', '.join(NUMBERS)}")
    if len(numbers) != NUMBERS[kind]:
        raise ValueError(f"'{kind}' takes {NUMBERS[kind]} numbers, not {len(numbers)}")
    figures = [float(one) for one in numbers]
    if not np.isfinite(figures).all():
        raise ValueError("its numbers must be finite")
    if any(later <= earlier for earlier, later in pairwise(figures)) and kind != "triangular":
        raise ValueError("its numbers must rise")
    if kind == "triangular" and not (figures[0] <= figures[1] <= figures[2] and figures[0] < figures[2]):
        raise ValueError("low, likeliest and high must rise")
    if kind == "loguniform" and figures[0] <= 0:
        raise ValueError("'loguniform' needs numbers above 0")
    said = f"{kind} {' '.join(repr(one) for one in figures)}"
    if kind == "fixed":

        def same(u: Array) -> Array:
            return np.full(len(u), figures[0])

        _checked(row, same)
        return same, said, {"value": figures[0]}
    low, high = figures[0], figures[-1]
    middle = figures[1] if kind == "triangular" else (low + high) / 2
    mine = row.model_copy(update={"distribution": kind, "low": low, "high": high, "default": middle})

    def values(u: Array) -> Array:
        return quantile(mine, u)

    _checked(row, values)
    return values, said, {"low": low, "high": high}


def _checked(row: Parameter, values: Callable[[Array], Array]) -> str:
    """The content of a distribution, once it is seen to give values that its parameter can have.

    Raises:
        ValueError: it does not.
    """
    found = values(_GRID)
    if found.shape != _GRID.shape or not np.isfinite(found).all():
        raise ValueError("it gives values that are not finite")
    if row.unit == "share" and (found.min() < min(0.0, row.low or 0.0) or found.max() > max(1.0, row.high or 0.0)):
        raise ValueError(f"it reaches from {found.min():g} to {found.max():g}, but it is a share, from 0 to 1")
    return hash_of([float(one) for one in found])


def _switch(row: Parameter, wanted: Given) -> tuple[Callable[[Array], Array], str, dict[str, Any]]:
    options = tuple(row.options())
    weights = {wanted: 1.0} if isinstance(wanted, str) else wanted
    if not isinstance(weights, Mapping) or not weights:
        raise ValueError(f"it is a switch; give one of {', '.join(options)}, or weights of them")
    odd = [str(name) for name in weights if name not in options]
    if odd:
        raise ValueError(f"it has no option '{odd[0]}'; it has {', '.join(options)}")
    sizes = np.array([float(weights.get(name, 0.0)) for name in options])
    if not np.isfinite(sizes).all() or (sizes < 0).any() or sizes.sum() <= 0:
        raise ValueError("weights must be 0 or more, and one of them above 0")
    edges = np.cumsum(sizes / sizes.sum())
    last = int(np.flatnonzero(sizes)[-1])

    def codes(u: Array) -> Array:
        found: Array = np.minimum(np.searchsorted(edges, u, side="right"), last)
        return found

    said = " ".join(f"{name}:{float(size)!r}" for name, size in zip(options, sizes, strict=True) if size)
    return codes, said, {"option": wanted} if isinstance(wanted, str) else {}
