"""Sobol' indices by SALib (extra ``sensitivity``), always with an explicit seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from borderlab.base.problems import InputError, Problem
from borderlab.model.futures.futures import check_drawn


@dataclass(frozen=True)
class SobolIndices:
    """First-order and total indices with the half-width of their 95 % intervals, per input or group."""

    names: tuple[str, ...]
    first: np.ndarray
    first_conf: np.ndarray
    total: np.ndarray
    total_conf: np.ndarray
    runs: int


def sobol_indices(
    names: Sequence[str],
    evaluate: Callable[[np.ndarray], np.ndarray],
    *,
    base: int = 512,
    seed: int = 1,
    groups: Sequence[str] | None = None,
) -> SobolIndices:
    """Sobol' indices of ``evaluate``, which maps points of the unit cube [rows, inputs] to an output [rows].

    Args:
        base: base sample size, a power of two; the function is run base × (inputs or groups + 2) times.
        groups: for each input the group it belongs to; indices are then of groups.

    Raises:
        InputError: SALib is not installed, or ``base`` is not a power of two.
    """
    if base < 8 or base & (base - 1):
        raise InputError(Problem(f"--base is {base}.", cure="Give a power of two from 8 on, like 128 or 1024."))
    rows = base * (len(set(groups or names)) + 2)
    check_drawn(rows, f"--base {base} ({rows:,} runs at once)", at_once=rows)
    try:
        import SALib.analyze.sobol as analyze
        import SALib.sample.sobol as sample
    except ModuleNotFoundError:
        raise InputError(
            Problem("Sobol' indices need SALib.", cure="Install it with: pip install 'borderlab[sensitivity]'.")
        ) from None
    problem = {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}
    if groups is not None:
        problem["groups"] = list(groups)
    points = sample.sample(problem, base, calc_second_order=False, seed=np.random.default_rng([seed, 1]))
    output = np.asarray(evaluate(points), dtype=float)
    shown = tuple(dict.fromkeys(groups)) if groups is not None else tuple(names)
    if np.ptp(output) == 0:
        nothing = np.zeros(len(shown))
        return SobolIndices(shown, nothing, nothing, nothing, nothing, len(points))
    # SALib reads seed 0 as "no seed"; every other whole number is kept.
    found = analyze.analyze(problem, output, calc_second_order=False, num_resamples=200, seed=seed + 1)
    return SobolIndices(
        shown,
        np.asarray(found["S1"]),
        np.asarray(found["S1_conf"]),
        np.asarray(found["ST"]),
        np.asarray(found["ST_conf"]),
        len(points),
    )
