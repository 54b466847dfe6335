"""Interrupted time series: did a monthly series leave its path in a given month?

The path is fitted to the months before alone (level, slope, month-of-year swing; in logarithms, least squares) and
carried on. The effect is the mean gap in the months judged. How large gaps are when nothing happened is read from
the same estimate at every earlier month of the series (placebos in time): trends do not go on for ever, and theory's
standard errors do not know that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

PRE_MONTHS = 48
LEAST_PRE = 24
LEVEL_MONTHS = 12


@dataclass(frozen=True)
class Interrupted:
    """One estimate.

    Attributes:
        effect: mean of ln(actual / path) over the months judged.
        gaps: the same for each month judged.
        pre: the same for each month of the fit (the pre-trend, to be looked at).
        path: expected level for each month judged.
        actual: observed level.
        pre_drift: mean gap in the last six months of the fit.
        placebos: the effect at every earlier month.
        p_value: share of placebos as large, (1 + larger) / (1 + all).
    """

    effect: float
    gaps: np.ndarray
    pre: np.ndarray
    pre_months: tuple[date, ...]
    months: tuple[date, ...]
    path: np.ndarray
    actual: np.ndarray
    pre_drift: float
    placebos: np.ndarray
    p_value: float


def month_index(when: date) -> int:
    """Months since year 0."""
    return when.year * 12 + when.month - 1


def from_index(number: int) -> date:
    """The month of :func:`month_index`."""
    return date(number // 12, number % 12 + 1, 1)


def interrupted(values: dict[date, float], start: date, months: int) -> Interrupted | None:
    """Estimate the effect from ``start`` on over ``months`` months; None if the series is too short or has gaps there.

    A season's swing is fitted by two harmonics. The slope is fitted over the pre-period and halves every year ahead:
    a border series never grows at one rate for long.
    """
    line = _line(values)
    at = month_index(start)
    found = _estimate(line, at, months)
    if found is None:
        return None
    effect, gaps, pre, pre_at, path = found
    placebos = []
    for when in range(min(line) + LEAST_PRE, at - months + 1):
        other = _estimate(line, when, months)
        if other is not None:
            placebos.append(other[0])
    drawn = np.array(placebos)
    larger = int(np.sum(np.abs(drawn) >= abs(effect)))
    judged = range(at, at + months)
    return Interrupted(
        effect,
        gaps,
        pre,
        tuple(from_index(number) for number in pre_at),
        tuple(from_index(number) for number in judged),
        np.exp(path),
        np.exp(path + gaps),
        float(np.mean(pre[-6:])),
        drawn,
        (1 + larger) / (1 + len(drawn)),
    )


def _line(values: dict[date, float]) -> dict[int, float]:
    """Month number -> ln(value); a zero counts as a half, so that it can be shown on a ratio scale."""
    return {month_index(when): float(np.log(max(value, 0.5))) for when, value in values.items()}


def _estimate(line: dict[int, float], at: int, months: int) -> tuple[float, Any, Any, list[int], Any] | None:
    pre_at = [number for number in range(at - PRE_MONTHS, at) if number in line]
    if len(pre_at) < LEAST_PRE or any(number not in line for number in range(at, at + months)):
        return None
    if at - pre_at[-1] > 3 or sum(number in line for number in range(at - LEVEL_MONTHS, at)) < LEVEL_MONTHS // 2:
        return None
    pre = np.array([line[number] for number in pre_at])
    actual = np.array([line[number] for number in range(at, at + months)])
    design, ahead = _design(np.array(pre_at), at), _design(np.arange(at, at + months), at)
    # Recent months count more (half weight per year back): the path is the path lately, its swing that of all years.
    weights = np.sqrt(0.5 ** ((at - np.array(pre_at)) / 12.0))
    coefficients = np.linalg.lstsq(design * weights[:, None], pre * weights, rcond=None)[0]
    path = ahead @ coefficients
    fitted = design @ coefficients
    gaps = actual - path
    return float(np.mean(gaps)), gaps, pre - fitted, pre_at, path


def _design(numbers: np.ndarray, at: int) -> np.ndarray:
    """Constant, slope (damped ahead of ``at``), two harmonics of the year."""
    ahead = (numbers - at) / 12.0
    slope = np.where(ahead > 0, (1 - 0.5 ** np.maximum(ahead, 0)) / np.log(2), ahead)
    turn = 2 * np.pi * (numbers % 12) / 12.0
    return np.column_stack(
        [np.ones(len(numbers)), slope, np.sin(turn), np.cos(turn), np.sin(2 * turn), np.cos(2 * turn)]
    )
