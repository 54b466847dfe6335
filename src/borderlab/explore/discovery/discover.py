"""Scenario discovery on a table of runs: the boxes, and how far to trust them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from borderlab.base.progress import Advance, progress
from borderlab.explore.discovery.box import Box, Score
from borderlab.explore.discovery.prim import PrimSettings, Walk, find_walks, quasi_p, walk_once
from borderlab.explore.discovery.resample import HeldOut, held_out, reproducibility
from borderlab.explore.discovery.runs_table import RunsTable
from borderlab.explore.discovery.variables import CATEGORY, Variables

_SPLITS = 10
FEW = 20


@dataclass(frozen=True)
class Found:
    """One box of a discovery: the walk it is on, the step chosen, and how it stands up.

    Attributes:
        quasi_p: per restricted column, [low end, high end], −1 where free.
        held_out: the same search on halves, scored on the other halves (first box only; later ones depend on it).
        reproduced: per column, shares of halves that restrict it at the same coverage and density.
    """

    walk: Walk
    step: int
    quasi_p: dict[str, list[float]]
    held_out: HeldOut | None
    reproduced: dict[str, tuple[float, float]]

    @property
    def box(self) -> Box:
        """The chosen box."""
        return self.walk.boxes[self.step]

    @property
    def score(self) -> Score:
        """Its figures on the runs it was found on."""
        return self.walk.scores[self.step]

    def as_json(self) -> dict[str, Any]:
        """One entry of the ``discover --json`` contract."""
        return {
            "trajectory": [score.as_json() for score in self.walk.scores],
            "limits": {name: list(limits) for name, limits in self.box.limits.items()},
            "coverage": self.score.coverage,
            "density": self.score.density,
            "mass": self.score.mass,
        }


def discover(
    table: RunsTable, settings: PrimSettings, *, seed: int = 1, step: int | None = None, check: bool = True
) -> list[Found]:
    """Boxes found one after the other (covering), each with its checks.

    Args:
        step: the step of the first walk to report instead of its last (a wider, less dense box).
        check: also score out of sample and under resampling (ten more searches each).
    """
    variables, hits = table.variables, table.hits
    with progress("search", settings.most_boxes) as advance:
        walks = find_walks(variables, hits, settings, advance)
    found = []
    with progress("check", len(walks) * 2 * _SPLITS) as advance:
        for number, walk in enumerate(walks):
            chosen = walk.end if step is None or number else min(step, walk.end)
            p = quasi_p(variables, hits, walk.boxes[chosen], walk.rows)
            kept_out, again = _checked(table, walk, chosen, settings, seed, advance) if check else (None, {})
            found.append(Found(walk, chosen, p, kept_out, again))
    return found


def _checked(
    table: RunsTable, walk: Walk, step: int, settings: PrimSettings, seed: int, advance: Advance
) -> tuple[HeldOut, dict[str, tuple[float, float]]]:
    """Figures on unseen runs and reproducibility of one step of a walk."""
    variables, hits, rows = table.variables, table.hits, walk.rows

    def find(part: Variables, part_hits: np.ndarray) -> Box:
        advance(1)
        return _first_dense(walk_once(part, part_hits, settings), walk.scores[step].density)

    kept_out = held_out(variables.rows(rows), hits[rows], find, splits=_SPLITS, seed=seed)
    again = reproducibility(variables, hits, walk, step, settings, times=_SPLITS, seed=seed, advance=advance)
    return kept_out, again


def _first_dense(walk: Walk, density: float) -> Box:
    """The first box of a walk that is at least this dense, else its densest."""
    for box, score in zip(walk.boxes, walk.scores, strict=True):
        if score.density >= density:
            return box
    return walk.boxes[int(np.argmax([score.density for score in walk.scores]))]


def lines(table: RunsTable, found: list[Found], settings: PrimSettings) -> list[str]:
    """The discovery in plain text."""
    runs, hits = len(table.variables), int(table.hits.sum())
    text = [f"{runs} runs, {hits} of interest ({hits / runs:.1%})."]
    if min(hits, runs - hits) < FEW:
        text.append(f"Fewer than {FEW} runs of interest, or of the others: too few to trust any box.")
    if table.constant:
        text.append(f"Left out, one value only: {', '.join(table.constant)}.")
    if not found:
        text.append(
            f"No box reaches a density of {settings.threshold:g} with at least {settings.least_mass:.0%} of the "
            "runs: these columns do not tell the runs of interest apart that well."
        )
    for number, one in enumerate(found, start=1):
        text += ["", f"Box {number}, step {one.step} of {one.walk.end} ({one.walk.peels} peels)"]
        text.append(f"  coverage {one.score.coverage:.3f}  density {one.score.density:.3f}  mass {one.score.mass:.3f}")
        if one.held_out:
            kept = one.held_out
            text.append(
                f"  on runs it has not seen (mean of {kept.splits} splits): coverage {kept.coverage:.3f}  "
                f"density {kept.density:.3f}  mass {kept.mass:.3f}  (base rate {kept.base:.3f})"
            )
        for name in one.box.limits:
            text.append("  " + _limit_line(table.variables, one, name))
        text += ["  step  coverage  density   mass  restricted"]
        for step, score in enumerate(one.walk.scores):
            text.append(
                f"  {step:4d}  {score.coverage:8.3f}  {score.density:7.3f}  {score.mass:5.3f}  {score.restricted:10d}"
            )
    return text


def _limit_line(variables: Variables, one: Found, name: str) -> str:
    allowed = one.box.limits[name]
    if variables.kinds[variables.names.index(name)] == CATEGORY:
        words = f"{name}: one of {', '.join(allowed)}"
    else:
        words = f"{name}: {allowed[0]:.6g} to {allowed[1]:.6g}"
    p = max(one.quasi_p[name])
    line = f"{words}  (quasi-p {p:.2g}"
    if name in one.reproduced:
        coverage, density = one.reproduced[name]
        line += f"; restricted in {coverage:.0%} of resamples at this coverage, {density:.0%} at this density"
    return line + ")" + ("  weak: could be chance" if p > 0.05 else "")
