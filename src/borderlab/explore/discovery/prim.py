"""PRIM: boxes in which most of the runs of interest lie, found by peeling and pasting.

References: Friedman and Fisher (1999), "Bump hunting in high-dimensional data"; Bryant and Lempert (2010),
"Thinking inside the box". On the same table the steps are those of the EMA Workbench (2.5), which the tests use as
an oracle.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from borderlab.base.progress import Advance
from borderlab.explore.discovery.box import Box, Score
from borderlab.explore.discovery.peel import Bump, Limits
from borderlab.explore.discovery.variables import CATEGORY, Variables


@dataclass(frozen=True)
class PrimSettings:
    """How PRIM walks.

    Attributes:
        threshold: density that the last box of a walk must reach, or the walk is thrown away.
        peel: share of a box's runs that one peel takes off. paste: share of the strip that one paste gives back.
        least_mass: smallest share of all runs that a box may hold.
        objective: what a step is judged by: "gain per run", "gain times mass" or "density".
        most_boxes: how many boxes are looked for at most.
    """

    threshold: float = 0.8
    peel: float = 0.05
    paste: float = 0.05
    least_mass: float = 0.05
    objective: str = "gain per run"
    most_boxes: int = 5


@dataclass(frozen=True)
class Walk:
    """One walk from the whole to a small dense box.

    Attributes:
        boxes: every box on the way, the whole first. scores: what each is worth.
        peels: number of peels; the steps after them are pastes.
        rows: the rows that were open to this walk (earlier boxes have taken theirs out).
    """

    boxes: tuple[Box, ...]
    scores: tuple[Score, ...]
    peels: int
    rows: np.ndarray

    @property
    def end(self) -> int:
        """The index of the last step."""
        return len(self.boxes) - 1


def walk_once(variables: Variables, hits: np.ndarray, settings: PrimSettings, rows: np.ndarray | None = None) -> Walk:
    """One peel-and-paste walk over ``rows`` (all unless given).

    Coverage and mass refer to all rows of ``variables``, also those outside ``rows``.
    """
    rows = np.arange(len(variables)) if rows is None else rows
    y = hits.astype(np.int64)
    if not len(rows) or not len(variables.names):
        return Walk((Box(),), (_score(Box(), len(rows), int(y[rows].sum()), y),), 0, rows)
    bump = Bump(variables, y, rows, settings.objective)
    boxes, scores = [Box()], [_score(Box(), *bump.counts, y)]
    least = settings.least_mass * len(variables)
    peels = 0
    for peeling in (True, False):
        while True:
            n_old, k_old = bump.counts
            step = bump.best_peel(settings.peel) if peeling else bump.best_paste(settings.paste)
            if step is None or step.worth <= 0 or step.n < least:
                break
            if (step.n >= n_old) if peeling else (step.n <= n_old or step.k / step.n <= k_old / n_old):
                break
            bump.take(step)
            boxes.append(_box(variables, step.limits, bump.whole))
            scores.append(_score(boxes[-1], step.n, step.k, y))
            peels += peeling
    return Walk(tuple(boxes), tuple(scores), peels, rows)


def find_walks(
    variables: Variables, hits: np.ndarray, settings: PrimSettings, advance: Advance | None = None
) -> list[Walk]:
    """Walk again and again, each time without the runs of the boxes already found (covering).

    Ends when a walk does not reach the threshold, nothing is left, or ``most_boxes`` are found. Only walks that
    reach the threshold are returned.
    """
    rows = np.arange(len(variables))
    walks: list[Walk] = []
    while len(walks) < settings.most_boxes and hits[rows].any():
        walk = walk_once(variables, hits, settings, rows)
        if advance:
            advance(1)
        if walk.scores[-1].density < settings.threshold:
            break
        walks.append(walk)
        inside = walk.boxes[-1].contains(variables.rows(rows))
        rows = rows[~inside]
    return walks


def quasi_p(variables: Variables, hits: np.ndarray, box: Box, rows: np.ndarray | None = None) -> dict[str, list[float]]:
    """How likely a restriction's gain in density is by chance (Bryant and Lempert 2010, one-sided binomial).

    For each restricted column ``[p of the low end, p of the high end]``; −1 where that end is free. A categorical
    column has one value, put first.
    """
    from scipy.stats import binom

    rows = np.arange(len(variables)) if rows is None else rows
    found: dict[str, list[float]] = {name: [-1.0, -1.0] for name in box.limits}
    ends = _ends(variables.rows(rows), box, variables.whole)
    if not ends:
        return found
    outside = np.stack([out for _, _, out in ends])
    shut_by = outside.sum(axis=0)
    n, k = int((shut_by == 0).sum()), int(hits[rows][shut_by == 0].sum())
    wider = shut_by - outside == 0  # [ends, rows]: inside once that end is free
    count = wider.sum(axis=1)
    chance = np.where(count > 0, (wider & hits[rows]).sum(axis=1) / np.maximum(count, 1), 0.0)
    for (name, side, _), p in zip(ends, binom.sf(k - 1, n, chance), strict=True):
        found[name][side] = float(p)
    return found


def _ends(variables: Variables, box: Box, whole: np.ndarray) -> list[tuple[str, int, np.ndarray]]:
    """(column, side, [rows] bool which rows it shuts out) of every end of a box that is not free."""
    found = []
    for name, allowed in box.limits.items():
        column = variables.names.index(name)
        values = variables.values[:, column]
        if variables.kinds[column] == CATEGORY:
            found.append((name, 0, ~Box({name: allowed}).contains(variables)))
            continue
        if allowed[0] != whole[column, 0]:
            found.append((name, 0, values < allowed[0]))
        if allowed[1] != whole[column, 1]:
            found.append((name, 1, values > allowed[1]))
    return found


def drop_weak(
    variables: Variables, hits: np.ndarray, box: Box, *, worst_p: float, rows: np.ndarray | None = None
) -> Box:
    """Set columns free, the weakest first, until every restriction has a quasi-p of at most ``worst_p``."""
    while box.limits:
        worst = {name: max(p) for name, p in quasi_p(variables, hits, box, rows).items()}
        name = max(worst, key=lambda key: worst[key])
        if worst[name] <= worst_p:
            break
        box = box.without(name)
    return box


def _score(box: Box, n: int, k: int, y: np.ndarray) -> Score:
    return Score(k / max(int(y.sum()), 1), k / n if n else 0.0, n / max(len(y), 1), len(box.limits), n, k)


def _box(variables: Variables, limits: Limits, whole: Limits) -> Box:
    found: dict[str, tuple[Any, ...]] = {}
    for column in np.flatnonzero(limits.restricts(whole)):
        name = variables.names[column]
        if variables.kinds[column] == CATEGORY:
            words = variables.categories[column]
            found[name] = tuple(word for code, word in enumerate(words) if limits.kept[column, code])
        else:
            found[name] = (float(limits.ends[column, 0]), float(limits.ends[column, 1]))
    return Box(found)
