"""Which unknowns matter, from runs that are there anyway: PAWN indices with a noise floor, and extra trees.

PAWN (Pianosi and Wagener 2015, 2018): how far the distribution of an output moves when one input is held in a
slice of its range, as the Kolmogorov–Smirnov distance, median over slices. It needs no design of its own and no
assumption of linearity. The same index of shuffled inputs gives the floor below which an index says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from borderlab.explore.discovery.variables import CATEGORY, Variables
from borderlab.explore.running.rng import generator

_SHUFFLES = 40


@dataclass(frozen=True)
class Importance:
    """How strongly each input moves an output.

    Attributes:
        names: inputs. index: [inputs] PAWN, 0 none to 1 all. floor: index that an input without effect would reach
        in one case of twenty.
    """

    names: tuple[str, ...]
    index: np.ndarray
    floor: float

    def top(self, n: int) -> list[tuple[str, float]]:
        """The n strongest inputs above the floor, strongest first."""
        order = np.argsort(-self.index, kind="stable")
        return [(self.names[i], float(self.index[i])) for i in order[:n] if self.index[i] > self.floor]


def slices(variables: Variables, count: int = 8) -> np.ndarray:
    """[rows, inputs] int: the slice each value falls in: equal counts for numbers, one per category otherwise."""
    found = np.empty(variables.values.shape, dtype=np.intp)
    for column, kind in enumerate(variables.kinds):
        values = variables.values[:, column]
        if kind == CATEGORY:
            found[:, column] = values.astype(np.intp)
        else:
            edges = np.unique(np.quantile(values, np.linspace(0, 1, count + 1)[1:-1]))
            found[:, column] = np.searchsorted(edges, values, side="right")
    return found


def pawn(output: np.ndarray, codes: np.ndarray) -> np.ndarray:
    """[inputs] PAWN indices of one output [rows], given the slices [rows, inputs] of its inputs.

    The distance between the distribution in a slice and that of all rows is largest at a row of the slice or just
    before one, so only these are looked at. Slices of fewer than five rows are left out.
    """
    rows, inputs = codes.shape
    if not rows or not inputs:
        return np.zeros(inputs)
    order = np.argsort(output, kind="stable")
    ordered = output[order]
    begins = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1]))  # equal outputs are one step
    step = np.repeat(np.arange(len(begins)), np.diff(np.append(begins, rows)))
    below = begins / rows  # share of all rows before a step; at its end it is that of the next step
    sliced = np.ascontiguousarray(codes[order].T)
    at = np.argsort(sliced, axis=1, kind="stable")
    code = np.take_along_axis(sliced, at, axis=1)
    begins_slice = np.ones(code.shape, dtype=bool)
    begins_slice[:, 1:] = code[:, 1:] != code[:, :-1]
    opens, steps = begins_slice.ravel(), step[at.ravel()]
    starts = np.flatnonzero(opens)
    sizes = np.diff(np.append(starts, opens.size))
    inside = np.repeat(sizes, sizes)
    place = np.arange(opens.size) - np.repeat(starts, sizes)
    turns = np.append(True, steps[1:] != steps[:-1]) | opens
    before = np.where(turns, np.abs(place / inside - below[steps]), 0.0)
    after = np.where(np.append(turns[1:], True), np.abs((place + 1) / inside - np.append(below[1:], 1.0)[steps]), 0.0)
    distances = np.maximum.reduceat(np.maximum(before, after), starts)
    return _medians(distances[sizes >= 5], (starts // rows)[sizes >= 5], inputs)


def _medians(values: np.ndarray, owner: np.ndarray, owners: int) -> np.ndarray:
    """[owners] the median of each owner's values, 0 without any. ``owner`` is sorted."""
    found = np.zeros(owners)
    counts = np.bincount(owner, minlength=owners)
    for count in np.unique(counts[counts > 0]):
        alike = np.flatnonzero(counts == count)
        found[alike] = np.median(values[np.isin(owner, alike)].reshape(len(alike), count), axis=1)
    return found


def screen(variables: Variables, output: np.ndarray, *, seed: int = 1, codes: np.ndarray | None = None) -> Importance:
    """PAWN indices of every input, with the floor from shuffled inputs."""
    codes = slices(variables) if codes is None else codes
    if len(output) < 20 or np.ptp(output) == 0:
        return Importance(variables.names, np.zeros(len(variables.names)), 1.0)
    draw = generator(seed, "screening")
    shuffled = np.column_stack([draw.permutation(codes[:, i % codes.shape[1]]) for i in range(_SHUFFLES)])
    floor = float(np.quantile(pawn(output, shuffled), 0.95))
    return Importance(variables.names, pawn(output, codes), floor)


def extra_trees(variables: Variables, output: np.ndarray, *, trees: int = 200) -> tuple[np.ndarray, float]:
    """([inputs] impurity importances that sum to 1, out-of-bag R²) of extra trees: sees interactions, too."""
    from sklearn.ensemble import ExtraTreesRegressor

    forest = ExtraTreesRegressor(
        n_estimators=trees, min_samples_leaf=5, bootstrap=True, oob_score=True, random_state=0, max_features=0.5
    ).fit(variables.values, output)
    return forest.feature_importances_, float(forest.oob_score_)
