"""What a strategy changes against the status quo, in the same future."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from borderlab.explore.answers.beliefs import margin_of
from borderlab.explore.results.comparison import Comparison

BETTER, WORSE, ALIKE = "▲", "▼", "≈"


@dataclass(frozen=True)
class ChangeAgainst:
    """A strategy against the status quo on one measure, future by future.

    Attributes:
        middle: median of the differences, in the unit of the measure.
        share: share of futures in which the strategy is better by more than a tie.
        sign: ▲ better, ▼ worse, ≈ a tie, by the median of the differences.
    """

    middle: float
    share: float
    sign: str


def change(comparison: Comparison, measure: str, place: int) -> ChangeAgainst:
    """What the strategy at ``place`` changes on a measure.

    A tie is measured on the two strategies alone: a third one, however extreme, does not turn a difference between
    them into a tie.
    """
    values = comparison.values[measure]
    gaps = values[place] - values[0]
    gain = gaps if comparison.better(measure) == "up" else -gaps
    tie = margin_of(values[[0, place]])
    middle = float(np.median(gain))
    sign = BETTER if middle > tie else WORSE if middle < -tie else ALIKE
    return ChangeAgainst(float(np.median(gaps)), float((gain > tie).mean()), sign)
