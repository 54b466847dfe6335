"""Synthetic control: the struck parts against a weighted mean of parts that were not struck.

Each part is divided by its own mean before the start, so that sizes do not matter (an intercept shift). Weights are
not negative and sum to one, fitted to the months before alone (Abadie, Diamond and Hainmueller 2010). The placebo
test treats each control in turn as if it had been struck and compares the ratio of the error after to that before.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from borderlab.observe.effects.interrupted import from_index, month_index

PRE_MONTHS = 48
LEAST_PRE = 18
LEAST_DONORS = 3
POOR_FIT = 0.12  # mean error before the start, as a share, above which the control is no control


@dataclass(frozen=True)
class Synthetic:
    """One estimate.

    Attributes:
        effect: mean of ln(actual / control) over the months judged.
        gaps: for each month judged; pre: for each month before.
        weights: part -> weight, those above 1 %.
        fit: root mean square of the gaps before.
        p_value: rank of the struck parts among all placebos, (1 + as large) / (1 + placebos).
        placebos: part -> its own effect.
        leave_one_out: lowest and highest effect when any one control is left out.
    """

    effect: float
    gaps: np.ndarray
    pre: np.ndarray
    pre_months: tuple[date, ...]
    months: tuple[date, ...]
    weights: dict[str, float]
    fit: float
    p_value: float
    placebos: dict[str, float]
    leave_one_out: tuple[float, float]


def synthetic(
    panel: dict[str, dict[date, float]], treated: frozenset[str], excluded: frozenset[str], start: date, months: int
) -> Synthetic | tuple[str, dict[str, int]]:
    """Estimate, or say why it cannot be done (a text with its numbers).

    ``panel`` is part -> month -> value. Parts that lack a month judged, are small (below 1 % of the struck parts)
    or lack more than a tenth of the months before are no controls.
    """
    struck = {part: values for part, values in panel.items() if part in treated}
    if not struck:
        return "no part of the series was struck alone", {}
    at = month_index(start)
    judged = [from_index(number) for number in range(at, at + months)]
    before = [from_index(number) for number in range(at - PRE_MONTHS, at)]
    before = [when for when in before if all(when in values for values in struck.values())]
    if len(before) < LEAST_PRE:
        return "only {n} months before the start have values for every struck part", {"n": len(before)}
    if any(when not in values for values in struck.values() for when in judged):
        return "a struck part has no value in the months judged", {}
    size = float(np.mean([sum(values[when] for values in struck.values()) for when in before]))
    donors = {
        part: values
        for part, values in panel.items()
        if part not in treated | excluded and _serves(values, before, judged, 0.01 * size)
    }
    if len(donors) < LEAST_DONORS:
        return "only {n} parts were not struck and are large enough to compare with", {"n": len(donors)}
    before = [when for when in before if all(when in values for values in donors.values())]
    target = {when: sum(values[when] for values in struck.values()) for when in before + judged}
    effect, gaps, pre, weights = _fit(target, donors, before, judged)
    placebos = {}
    ratio = _ratio(pre, gaps)
    larger = 0
    for part, values in donors.items():
        others = {name: line for name, line in donors.items() if name != part}
        other, other_gaps, other_pre, _ = _fit(values, others, before, judged)
        placebos[part] = other
        larger += _ratio(other_pre, other_gaps) >= ratio
    without = [
        _fit(target, {n: v for n, v in donors.items() if n != part}, before, judged)[0]
        for part, weight in weights.items()
        if weight > 0.01
    ]
    return Synthetic(
        effect,
        gaps,
        pre,
        tuple(before),
        tuple(judged),
        {part: weight for part, weight in sorted(weights.items(), key=lambda pair: -pair[1]) if weight > 0.01},
        float(np.sqrt(np.mean(pre**2))),
        (1 + larger) / (1 + len(placebos)),
        placebos,
        (min([*without, effect]), max([*without, effect])),
    )


def _serves(values: dict[date, float], before: list[date], judged: list[date], least: float) -> bool:
    have = [values[when] for when in before if when in values]
    whole = len(have) >= 0.9 * len(before) and all(when in values and values[when] > 0 for when in judged)
    return whole and min(have) > 0 and float(np.mean(have)) >= least


def _fit(
    target: dict[date, float], donors: dict[str, dict[date, float]], before: list[date], judged: list[date]
) -> tuple[float, np.ndarray, np.ndarray, dict[str, float]]:
    from scipy.optimize import nnls

    names = sorted(donors)

    def scaled(values: dict[date, float], months: list[date]) -> np.ndarray:
        return np.array([values[when] for when in months]) / np.mean([values[when] for when in before])

    goal = scaled(target, before)
    columns = np.column_stack([scaled(donors[name], before) for name in names])
    heavy = 1e3 * np.sqrt(len(before))  # the row that makes the weights sum to one
    rows = np.vstack([columns, heavy * np.ones(len(names))])
    weights, _ = nnls(rows, np.append(goal, heavy))
    weights = weights / weights.sum()
    after = np.column_stack([scaled(donors[name], judged) for name in names])
    pre = np.log(goal) - np.log(columns @ weights)
    gaps = np.log(scaled(target, judged)) - np.log(after @ weights)
    return float(np.mean(gaps)), gaps, pre, dict(zip(names, weights.tolist(), strict=True))


def _ratio(pre: np.ndarray, gaps: np.ndarray) -> float:
    return float(np.sqrt(np.mean(gaps**2)) / max(np.sqrt(np.mean(pre**2)), 1e-9))
