"""Monthly rates of the register, turned once into weekly ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Number = float | Array

WEEKS_PER_YEAR = 365.25 / 7
WEEKS_PER_MONTH = WEEKS_PER_YEAR / 12


def weekly(share_per_month: Number) -> Number:
    """The share of a gap closed in one week, if ``share_per_month`` of it is closed in one month.

    >>> round(float(1 - (1 - weekly(0.7)) ** WEEKS_PER_MONTH), 12)
    0.7
    """
    return 1.0 - (1.0 - share_per_month) ** (1.0 / WEEKS_PER_MONTH)


def per_week(per_month: Number) -> Number:
    """An amount added in a week, if ``per_month`` is added in a month."""
    return per_month / WEEKS_PER_MONTH


def weeks_in(months: float) -> int:
    """The week nearest to ``months`` after the start."""
    return round(months * WEEKS_PER_MONTH)
