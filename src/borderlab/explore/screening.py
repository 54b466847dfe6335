"""Which unknowns matter, from runs that are there anyway: PAWN indices with a noise floor, and extra trees.

PAWN (Pianosi and Wagener 2015, 2018): how far the distribution of an output moves when one input is held in a
slice of its range, as the Kolmogorov–Smirnov distance, median over slices. It needs no design of its own and no
assumption of linearity. The same index of shuffled inputs gives the floor below which an index says nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from borderlab.explore.draws import generator
from borderlab.explore.variables import CATEGORY, Variables

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
    """[inputs] PAWN indices of one output [rows], given the slices [rows, inputs] of its inputs."""
    order = np.argsort(output, kind="stable")
    ordered = output[order]
    last_of_tie = np.append(ordered[1:] != ordered[:-1], True)
    rows = len(output)
    everyone = (np.arange(rows) + 1) / rows
    found = np.zeros(codes.shape[1])
    for column in range(codes.shape[1]):
        sliced = codes[order, column]
        distances = []
        for code in range(int(sliced.max()) + 1):
            member = sliced == code
            inside = int(member.sum())
            if inside < 5:
                continue
            gap = np.abs(np.cumsum(member) / inside - everyone)
            distances.append(gap[last_of_tie].max())
        found[column] = np.median(distances) if distances else 0.0
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
