"""Does a box hold on runs it has not seen, and does it come back when the runs are drawn anew?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from borderlab.base.progress import Advance
from borderlab.explore.discovery.box import Box, Score
from borderlab.explore.discovery.prim import PrimSettings, Walk, walk_once
from borderlab.explore.discovery.variables import Variables
from borderlab.explore.running.rng import part

Finder = Callable[[Variables, np.ndarray], Box]


@dataclass(frozen=True)
class HeldOut:
    """What a way of finding boxes is worth on runs it has not seen: means over splits, and the spread of density.

    Attributes:
        coverage, density, mass: means over splits, on the half that was kept aside.
        density_low: the lowest density of any split.
        base: share of hits in the halves kept aside. splits: how many.
    """

    coverage: float
    density: float
    mass: float
    density_low: float
    base: float
    splits: int

    def as_json(self) -> dict[str, float | int]:
        """Plain figures by name."""
        return {
            "coverage": self.coverage,
            "density": self.density,
            "mass": self.mass,
            "density_low": self.density_low,
            "base_rate": self.base,
            "splits": self.splits,
        }


def held_out(variables: Variables, hits: np.ndarray, find: Finder, *, splits: int, seed: int) -> HeldOut:
    """Find a box on a random half, score it on the other; ``splits`` times.

    A half whose search finds nothing counts as the box that holds everything: its density is the base rate.
    """
    scores = []
    bases = []
    for number in range(splits):
        seen = part(len(variables), seed, "held-out", number)
        box = find(variables.rows(seen), hits[seen])
        rest, rest_hits = variables.rows(~seen), hits[~seen]
        scores.append(box.score(rest, rest_hits))
        bases.append(float(rest_hits.mean()) if len(rest_hits) else 0.0)
    return HeldOut(
        float(np.mean([score.coverage for score in scores])),
        float(np.mean([score.density for score in scores])),
        float(np.mean([score.mass for score in scores])),
        float(np.min([score.density for score in scores])),
        float(np.mean(bases)),
        splits,
    )


def _far(score: Score, figure: str, wanted: float) -> tuple[float, float]:
    return round(abs(getattr(score, figure) - wanted), 12), -score.density


def reproducibility(
    variables: Variables,
    hits: np.ndarray,
    walk: Walk,
    step: int,
    settings: PrimSettings,
    *,
    times: int,
    seed: int,
    advance: Advance | None = None,
) -> dict[str, tuple[float, float]]:
    """How often each column is restricted when PRIM is run on random halves (Bryant and Lempert 2010).

    Returns:
        for each column (share of halves that restrict it at the step of nearest coverage, same for nearest density).
    """
    counts = {name: [0, 0] for name in variables.names}
    target = walk.scores[step]
    rows = walk.rows
    for number in range(times):
        if advance:
            advance(1)
        chosen = rows[part(len(rows), seed, "reproduce", number)]
        if not hits[chosen].any():
            continue
        again = walk_once(variables.rows(chosen), hits[chosen], settings)
        for place, figure in enumerate(("coverage", "density")):
            wanted = getattr(target, figure)
            # Of steps as near as each other the densest: a walk often takes several before it loses a hit.
            nearest = min(range(len(again.scores)), key=lambda k: _far(again.scores[k], figure, wanted))
            for name in again.boxes[nearest].limits:
                counts[name][place] += 1
    return {name: (both[0] / times, both[1] / times) for name, both in counts.items()}
