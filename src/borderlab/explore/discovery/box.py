"""A box in the space of what is uncertain, and what it is worth."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from borderlab.explore.discovery.variables import CATEGORY, Variables


@dataclass(frozen=True)
class Score:
    """How well a box tells hits from the rest.

    Attributes:
        coverage: share of all hits that lie in the box.
        density: share of the box's runs that are hits.
        mass: share of all runs that lie in the box.
        restricted: number of columns the box restricts.
        runs, hits: counts in the box.
    """

    coverage: float
    density: float
    mass: float
    restricted: int
    runs: int
    hits: int

    def as_json(self) -> dict[str, Any]:
        """The four figures of a trajectory step."""
        return {
            "coverage": self.coverage,
            "density": self.density,
            "mass": self.mass,
            "restricted": self.restricted,
        }


@dataclass(frozen=True)
class Box:
    """Limits on columns; a column without limits is free.

    ``limits`` maps a column name to ``(low, high)`` for numbers (both inclusive) or to the tuple of allowed
    categories.
    """

    limits: dict[str, tuple[Any, ...]] = field(default_factory=dict)

    def contains(self, variables: Variables) -> np.ndarray:
        """Which rows of ``variables`` lie in the box ([rows] bool). A limited column it lacks is an error."""
        inside = np.ones(len(variables), dtype=bool)
        for name, allowed in self.limits.items():
            column = variables.names.index(name)
            values = variables.values[:, column]
            if variables.kinds[column] == CATEGORY:
                codes = [code for code, word in enumerate(variables.categories[column]) if word in allowed]
                inside &= np.isin(values, codes)
            else:
                inside &= (values >= allowed[0]) & (values <= allowed[1])
        return inside

    def without(self, name: str) -> Box:
        """The same box with one column set free."""
        return Box({key: value for key, value in self.limits.items() if key != name})

    def score(self, variables: Variables, hits: np.ndarray, total: int | None = None) -> Score:
        """Coverage, density and mass of the box on any table, seen or unseen.

        Args:
            hits: [rows] bool. total: number of rows that mass refers to (all of ``variables`` unless given).
        """
        inside = self.contains(variables)
        runs, inside_hits = int(inside.sum()), int(hits[inside].sum())
        return Score(
            inside_hits / max(int(hits.sum()), 1),
            inside_hits / runs if runs else 0.0,
            runs / (total or len(variables)),
            len(self.limits),
            runs,
            inside_hits,
        )
