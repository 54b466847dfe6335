"""How strategies stand over many futures: expected value, regret, satisficing, and where the metrics disagree.

One measure at a time: ``values [strategies, futures]`` in its natural unit, ``better`` "up" or "down". Regret is
r = best − f over the strategies compared in the same future (Savage), never divided by a base value.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

Better = Literal["up", "down"]
METRICS = ("median", "expected", "regret_p90", "regret_max", "satisficing")


def regret(values: np.ndarray, better: Better) -> np.ndarray:
    """[strategies, futures]: how much each strategy falls short of the best one in that future; 0 for the best.

    >>> regret(np.array([[3.0, 1.0], [1.0, 2.0]]), "down")
    array([[2., 0.],
           [0., 1.]])
    """
    if better == "up":
        return values.max(axis=0) - values
    return values - values.min(axis=0)


def meets(values: np.ndarray, better: Better, threshold: float | np.ndarray) -> np.ndarray:
    """bool, shaped like ``values``: at least (up) or at most (down) the threshold."""
    return values >= threshold if better == "up" else values <= threshold


@dataclass(frozen=True)
class Standing:
    """One strategy on one measure.

    Attributes:
        median, p05, p95, expected: of the measure over futures.
        regret_p90, regret_max: in the unit of the measure.
        satisficing: share of futures that meet the threshold; None without a threshold.
    """

    median: float
    p05: float
    p95: float
    expected: float
    regret_p90: float
    regret_max: float
    satisficing: float | None


def standings(values: np.ndarray, better: Better, threshold: float | np.ndarray | None = None) -> list[Standing]:
    """The standing of each strategy (first axis) over the futures (second axis)."""
    lacks = regret(values, better)
    p05, median, p95 = np.quantile(values, [0.05, 0.5, 0.95], axis=1)
    expected = values.mean(axis=1)
    p90, worst = np.quantile(lacks, 0.9, axis=1), lacks.max(axis=1)
    met = None if threshold is None else meets(values, better, threshold).mean(axis=1)
    return [
        Standing(
            float(median[s]),
            float(p05[s]),
            float(p95[s]),
            float(expected[s]),
            float(p90[s]),
            float(worst[s]),
            None if met is None else float(met[s]),
        )
        for s in range(len(values))
    ]


def metric_sign(metric: str, better: Better) -> int:
    """+1 where a larger figure of the metric is better, −1 where a smaller one is."""
    if metric.startswith("regret"):
        return -1
    if metric == "satisficing":
        return 1
    return 1 if better == "up" else -1


def ranks(figures: list[float], sign: int, *, same: float = 1e-9) -> list[int]:
    """Competition ranks from 1; figures within ``same`` × their spread share a rank.

    >>> ranks([3.0, 5.0, 5.0, 1.0], 1)
    [3, 1, 1, 4]
    """
    array = sign * np.asarray(figures, dtype=float)
    slack = same * max(float(array.max() - array.min()), abs(float(array.max())))
    return [int((array > value + slack).sum()) + 1 for value in array]


@dataclass(frozen=True)
class RankChange:
    """A measure on which the leader depends on the metric.

    Attributes:
        leaders: metric -> places (indices) of the strategies that share first rank.
        all_ranks: metric -> rank of every strategy.
    """

    leaders: dict[str, tuple[int, ...]]
    all_ranks: dict[str, list[int]]

    @property
    def agrees(self) -> bool:
        """Is there a strategy that leads under every metric?"""
        shared = set.intersection(*(set(places) for places in self.leaders.values()))
        return bool(shared)

    @property
    def largest_move(self) -> tuple[int, str, str, int]:
        """(strategy, metric where it ranks best, metric where it ranks worst, ranks between)."""
        moves = []
        for place in range(len(next(iter(self.all_ranks.values())))):
            by_metric = {metric: all_ranks[place] for metric, all_ranks in self.all_ranks.items()}
            best, worst = min(by_metric, key=lambda m: by_metric[m]), max(by_metric, key=lambda m: by_metric[m])
            moves.append((place, best, worst, by_metric[worst] - by_metric[best]))
        return max(moves, key=lambda move: move[3])


def rank_change(found: list[Standing], better: Better) -> RankChange:
    """Ranks of the strategies under every metric that they have."""
    all_ranks = {}
    for metric in METRICS:
        figures = [getattr(standing, metric) for standing in found]
        if any(figure is None for figure in figures):
            continue
        all_ranks[metric] = ranks(figures, metric_sign(metric, better))
    leaders = {metric: tuple(i for i, rank in enumerate(r) if rank == 1) for metric, r in all_ranks.items()}
    return RankChange(leaders, all_ranks)


def dominated(figures: np.ndarray, betters: list[Better], *, same: float = 1e-9) -> list[int | None]:
    """For each strategy, another that is at least as good on every measure and better on one; None if there is none.

    Args:
        figures: [strategies, measures], for example medians.
    """
    signed = figures * np.array([1 if better == "up" else -1 for better in betters])
    slack = same * np.maximum(np.abs(signed).max(axis=0), 1e-300)
    found: list[int | None] = []
    for place in range(len(signed)):
        by = None
        for other in range(len(signed)):
            gap = signed[other] - signed[place]
            if other != place and (gap >= -slack).all() and (gap > slack).any():
                by = other
                break
        found.append(by)
    return found


def weighted_score(values: np.ndarray, betters: list[Better], weights: np.ndarray) -> np.ndarray:
    """[strategies, futures]: the weighted mean of each measure's place between the worst (0) and best (1) strategy.

    Args:
        values: [measures, strategies, futures]; weights: [measures], positive.
    """
    low, high = values.min(axis=1, keepdims=True), values.max(axis=1, keepdims=True)
    span = np.where(high > low, high - low, 1.0)
    place = (values - low) / span
    for measure, better in enumerate(betters):
        if better == "down":
            place[measure] = 1 - place[measure]
        place[measure] = np.where((high == low)[measure], 1.0, place[measure])
    return np.tensordot(weights / weights.sum(), place, axes=1)
