"""When rules are in force, over many futures."""

from __future__ import annotations

import numpy as np

from borderlab.explore.results.comparison import Comparison
from borderlab.explore.running.chunk import BLOCK_WEEKS


def any_in_force(comparison: Comparison, place: int) -> np.ndarray:
    """[blocks]: the share of plausible futures in which any rule of a strategy that moves a lever is in force."""
    kept, blocks = len(comparison.index), len(comparison.block_days)
    acts = np.array([bool(rule.lever_actions) for rule in comparison.strategies[place].rules], dtype=bool)
    rule, future, _, imposed, end, _ = comparison.firings[place]
    counted = (imposed >= 0) & acts[rule] if len(acts) else np.zeros(len(rule), dtype=bool)
    # +1 where a rule comes into force, -1 in the block after its last: the running sum counts the rules in force.
    steps = np.zeros((kept, blocks + 1), dtype=np.int32)
    first = np.minimum(imposed[counted] // BLOCK_WEEKS, blocks - 1)
    last = np.where(end[counted] < 0, blocks, -(-end[counted] // BLOCK_WEEKS))
    np.add.at(steps, (future[counted], first), 1)
    np.add.at(steps, (future[counted], np.clip(last, first + 1, blocks)), -1)
    share: np.ndarray = (steps.cumsum(axis=1)[:, :blocks] > 0).mean(axis=0)
    return share
