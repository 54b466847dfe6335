"""Which unknowns move a measure under one strategy: screening of the runs at hand, extra trees, Sobol' indices."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from borderlab.base.progress import check
from borderlab.explore.answers.findings import relevant
from borderlab.explore.results.comparison import Comparison
from borderlab.explore.results.drawn_values import parameter_rows
from borderlab.explore.sensitivity.pawn import Importance, extra_trees, screen
from borderlab.explore.sensitivity.sobol import SobolIndices, sobol_indices
from borderlab.model.core.world import World
from borderlab.strategy.tree.tree import Strategy

_LEADERS = 12
REST = "all other unknowns"


@dataclass(frozen=True)
class Moves:
    """What moves a measure.

    Attributes:
        measure, strategy: of what. screened: PAWN indices over the plausible futures.
        trees: importance by extra trees of each input. fit: their out-of-bag R².
        sobol: first-order and total indices of the strongest inputs, each alone, and of all others as one group; None
            if they were not asked for. They cover all futures, plausible or not: history matching makes inputs depend
            on each other, for which Sobol' indices are not defined.
    """

    measure: str
    strategy: str
    screened: Importance
    trees: np.ndarray
    fit: float
    sobol: SobolIndices | None

    def strongest(self, count: int = 15) -> list[tuple[str, float, float]]:
        """(parameter, PAWN index, tree importance), strongest first, above the floor."""
        places = {name: place for place, name in enumerate(self.screened.names)}
        return [(name, index, float(self.trees[places[name]])) for name, index in self.screened.top(count)]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        rows = parameter_rows()
        found: dict[str, Any] = {
            "measure": self.measure,
            "strategy": self.strategy,
            "floor": self.screened.floor,
            "trees_r2": self.fit,
            "parameters": [
                {"parameter": name, "pawn": index, "trees": tree, "grade": rows[name].grade, "unit": rows[name].unit}
                for name, index, tree in self.strongest(40)
            ],
        }
        if self.sobol is not None:
            s = self.sobol
            found["sobol"] = [
                {"parameter": name, "S1": float(a), "S1_conf": float(b), "ST": float(c), "ST_conf": float(d)}
                for name, a, b, c, d in zip(s.names, s.first, s.first_conf, s.total, s.total_conf, strict=True)
            ]
            found["sobol_runs"] = s.runs
        return found


def what_moves(
    comparison: Comparison,
    strategy: Strategy,
    measure: str,
    *,
    sobol: bool,
    base: int,
    seed: int,
    world: World | None = None,
) -> Moves:
    """Screen the plausible futures of a comparison; run Sobol' designs anew if asked (in ``world``, if it is another
    than the shipped one).
    """
    place = comparison.ids.index(strategy.id)
    output = comparison.values[measure][place]
    variables = comparison.variables.columns(relevant(comparison.variables.names, strategy))
    screened = screen(variables, output, seed=seed)
    trees, fit = extra_trees(variables, output)
    indices = None
    if sobol:
        order = np.argsort(-screened.index, kind="stable")[:_LEADERS]
        leaders = [screened.names[i] for i in order if screened.index[i] > 0]
        indices = _sobol(comparison, strategy, measure, list(variables.names), leaders, base, seed, world)
    return Moves(measure, strategy.id, screened, trees, fit, indices)


def _sobol(
    comparison: Comparison,
    strategy: Strategy,
    measure: str,
    names: list[str],
    leaders: list[str],
    base: int,
    seed: int,
    world: World | None = None,
) -> SobolIndices:
    from borderlab.model.futures.futures import futures_at
    from borderlab.model.run.run import run

    start, years = date.fromisoformat(comparison.inputs["start"]), float(comparison.inputs["years"])
    every = list(parameter_rows())

    def evaluate(points: np.ndarray) -> np.ndarray:
        ranks = np.full((len(points), len(every)), 0.5)
        ranks[:, [every.index(name) for name in names]] = points
        futures = futures_at(ranks)
        # A block of the design compares points that differ in one unknown: they must share their chance events, or
        # chance would count as an effect of every unknown.
        shared = futures.key[np.arange(len(points)) // (len(points) // base)]
        check()
        shuffled = replace(futures, key=shared)
        return run(strategy, shuffled, start=start, years=years, world=world).measures[measure]

    groups = [name if name in leaders else REST for name in names]
    return sobol_indices(names, evaluate, base=base, seed=seed, groups=groups)
