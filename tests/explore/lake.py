"""The shallow-lake problem with a constant release, as published (Carpenter et al. 1999; Singh et al. 2015).

An independent model with published discovery and sensitivity results, to try the tools of this room on.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import brentq

BOUNDS = {"b": (0.1, 0.45), "q": (2.0, 4.5), "mean": (0.01, 0.05), "stdev": (0.001, 0.005), "delta": (0.93, 0.99)}


def utility(release: float, delta: float, years: int = 100) -> float:
    """Discounted benefit of a constant release: 0.4 per unit, from year 0."""
    return float((0.4 * release * delta ** np.arange(years)).sum())


def tipping_point(b: float, q: float) -> float:
    """The phosphorus level above which the lake cannot come back by itself."""
    return brentq(lambda x: x**q / (1 + x**q) - b * x, 0.01, 1.5)


def reliability(points: np.ndarray, *, release: float = 0.02, draws: int = 20, years: int = 100) -> np.ndarray:
    """Share of years below the tipping point; ``points`` [rows, 5] in the order of BOUNDS."""
    b, q, mean, stdev = (points[:, place] for place in range(4))
    critical = np.array([tipping_point(*pair) for pair in zip(b, q, strict=True)])
    sigma = np.sqrt(np.log(1 + (stdev / mean) ** 2))
    mu = np.log(mean) - sigma**2 / 2
    noise = np.random.default_rng(20).standard_normal((draws, years))
    below = np.zeros(len(points))
    for draw in range(draws):
        level = np.zeros(len(points))
        for year in range(years):
            inflow = np.exp(mu + sigma * noise[draw, year])
            below += level < critical
            growth = level**q
            level = (1 - b) * level + growth / (1 + growth) + release + inflow
    return below / (draws * years)


def scale(unit: np.ndarray) -> np.ndarray:
    """Points of the unit cube in the ranges of BOUNDS."""
    low, high = np.array(list(BOUNDS.values())).T
    return low + unit * (high - low)
