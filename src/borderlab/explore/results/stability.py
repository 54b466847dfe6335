"""Are these futures enough? What resampling the futures does to the figures and to the ranks."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from borderlab.explore.results.robustness import Better, metric_sign, ranks, regret
from borderlab.explore.running.rng import generator

FEW = 100
"""With fewer plausible futures the 5th and 95th percentiles rest on less than five of them: said on every page."""


@dataclass(frozen=True)
class Stability:
    """One measure under resampling of its futures.

    Attributes:
        width: [strategies] width of the 90 % interval of the median, in the unit of the measure.
        relative_width: largest of these widths over the 5–95 % band of the status of the world (all strategies).
        leader_kept: metric -> share of resamples in which a leader of the full set still leads.
    """

    width: np.ndarray
    relative_width: float
    leader_kept: dict[str, float]


def stability(values: np.ndarray, better: Better, *, times: int = 100, seed: int = 1) -> Stability:
    """Draw the futures (second axis) again with replacement, ``times`` times, and see what stays.

    Args:
        values: [strategies, futures] of one measure.
    """
    strategies, futures = values.shape
    lacks = regret(values, better)
    full = _figures(values, lacks)
    signs = {metric: metric_sign(metric, better) for metric in full}
    leaders = {metric: np.array(ranks(list(figures), signs[metric])) == 1 for metric, figures in full.items()}
    draw = generator(seed, "stability")
    medians = np.empty((times, strategies))
    kept = dict.fromkeys(full, 0)
    for number in range(times):
        chosen = draw.integers(0, futures, futures)
        again = _figures(values[:, chosen], lacks[:, chosen])
        medians[number] = again["median"]
        for metric, figures in again.items():
            first = np.array(ranks(list(figures), signs[metric])) == 1
            kept[metric] += bool((first & leaders[metric]).any())
    low, high = np.quantile(medians, [0.05, 0.95], axis=0)
    band = float(np.ptp(np.quantile(values, [0.05, 0.95])))
    width = high - low
    return Stability(
        width, float(width.max() / band) if band > 0 else 0.0, {metric: n / times for metric, n in kept.items()}
    )


def _figures(values: np.ndarray, lacks: np.ndarray) -> dict[str, np.ndarray]:
    return {
        "median": np.median(values, axis=1),
        "expected": values.mean(axis=1),
        "regret_p90": np.quantile(lacks, 0.9, axis=1),
    }
