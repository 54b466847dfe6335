"""What one would have to believe: conditions on the unknowns under which a strategy beats others.

A box is found on all plausible futures, but judged by what the same search is worth on futures it has not seen: the
whole search (screening, PRIM, choice of step, dropping of weak beliefs) is repeated on random two thirds and scored on
the thirds left out. A belief that does not come back in most of them is dropped; a box that loses its density on unseen
futures is reported as not holding up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from borderlab.explore.discovery.box import Box, Score
from borderlab.explore.discovery.prim import PrimSettings, drop_weak, quasi_p, walk_once
from borderlab.explore.discovery.variables import CATEGORY, Variables
from borderlab.explore.results.focus import rules
from borderlab.explore.running.rng import part
from borderlab.explore.sensitivity.pawn import slices

Verdict = Literal["holds", "always", "never", "few", "no box"]
FEWEST = 20
SLACK = 0.05  # density that dropping weak beliefs may cost


@dataclass(frozen=True)
class Belief:
    """The answer for one question "when does S beat T on this measure?".

    Attributes:
        strategy, over, measure: the question; ``over`` is another strategy or "all".
        verdict: holds: the box stands up; always, never: no box is needed or possible; few: fewer than FEWEST
            futures to learn from; no box: none stands up.
        base: share of plausible futures in which it is so.
        worse: share in which it is worse by more than the margin; in the rest no difference counts.
        box, score: the conditions and what they are worth where they were found.
        unseen: coverage, density, mass on unseen futures (means over splits), lowest density, number of splits.
        reproduced: per parameter, share of resamples whose box restricts it. quasi_p: per parameter, the larger end.
        worse_inside: as ``worse``, among the futures of the box.
    """

    strategy: str
    over: str
    measure: str
    verdict: Verdict
    base: float
    box: Box
    score: Score | None
    unseen: dict[str, float]
    reproduced: dict[str, float]
    quasi_p: dict[str, float]
    worse: float = 0.0
    worse_inside: float | None = None

    @property
    def neither(self) -> float:
        """Share of plausible futures in which it is neither better nor worse by a margin that counts."""
        return max(1.0 - self.base - self.worse, 0.0)

    @property
    def neither_inside(self) -> float | None:
        """The same among the futures of the box."""
        if self.score is None or self.worse_inside is None:
            return None
        return max(1.0 - self.score.density - self.worse_inside, 0.0)


def advantage(values: np.ndarray, strategy: int, others: list[int], better: str) -> np.ndarray:
    """[futures]: by how much, in the unit, a strategy is better than the best of the others; below 0 it is worse."""
    sign = 1 if better == "up" else -1
    ahead: np.ndarray = sign * values[strategy] - (sign * values[others]).max(axis=0)
    return ahead


def margin_of(values: np.ndarray) -> float:
    """The smallest difference that counts: a share of the 5–95 % band over the strategies and futures given."""
    low, high = np.quantile(values, [0.05, 0.95])
    return rules()["beats.margin"] * float(high - low)


def find_belief(
    strategy: str,
    over: str,
    measure: str,
    variables: Variables,
    ahead: np.ndarray,
    margin: float,
    *,
    seed: int,
    behind: np.ndarray | None = None,
) -> Belief:
    """Search the conditions under which ``ahead`` [futures] is above ``margin`` and judge them on unseen futures.

    Args:
        behind: [futures] bool, where it is worse; where ``ahead`` is below −``margin`` unless given.
    """
    rule = rules()
    hits = ahead > margin
    behind = ahead < -margin if behind is None else behind
    base, worse = (float(one.mean()) if len(one) else 0.0 for one in (hits, behind))
    nothing = Belief(strategy, over, measure, "no box", base, Box(), None, {}, {}, {}, worse)
    if base >= rule["box.always"]:
        return replace(nothing, verdict="always")
    if base < rule["box.never"]:
        return replace(nothing, verdict="never")
    if hits.sum() < FEWEST:
        return replace(nothing, verdict="few")
    codes = slices(variables, 6)  # of the unknowns alone; what they lead to is looked at in each part by itself
    box = _search(variables, hits, _ranks(ahead), codes)
    if not box.limits:
        return nothing
    times = int(rule["resamples"])
    found: list[Box] = []
    scores: list[Score] = []
    for number in range(times):
        seen = part(len(hits), seed, "belief", number, share=2 / 3)
        again = _search(variables.rows(seen), hits[seen], _ranks(ahead[seen]), codes[seen])
        found.append(again)
        scores.append(again.score(variables.rows(~seen), hits[~seen]))
    reproduced = {name: float(np.mean([_same_way(one, box, name, variables) for one in found])) for name in box.limits}
    for name, share in reproduced.items():
        if share < rule["box.reproduced"]:
            box = box.without(name)
    unseen = {
        "coverage": float(np.mean([score.coverage for score in scores])),
        "density": float(np.mean([score.density for score in scores])),
        "mass": float(np.mean([score.mass for score in scores])),
        "density_low": float(np.min([score.density for score in scores])),
        "base_rate": base,
        "splits": times,
    }
    score = box.score(variables, hits)
    p = {name: max(both) for name, both in quasi_p(variables, hits, box).items()}
    wanted = max(rule["box.unseen_density"], base + rule["box.unseen_gain"] * (1 - base))
    stands = (
        box.limits
        and unseen["density"] >= wanted
        and unseen["coverage"] >= rule["box.coverage"]
        and score.density >= wanted
    )
    reproduced = {name: reproduced[name] for name in box.limits}
    inside = box.contains(variables)
    return replace(
        nothing,
        verdict="holds" if stands else "no box",
        box=box,
        score=score,
        unseen=unseen,
        reproduced=reproduced,
        quasi_p=p,
        worse_inside=float(behind[inside].mean()) if inside.any() else None,
    )


def _ranks(ahead: np.ndarray) -> np.ndarray:
    """[futures]: ranks from 0 to 1; futures of the same advantage share one, so that their order cannot count."""
    _, place, count = np.unique(ahead, return_inverse=True, return_counts=True)
    middle: np.ndarray = ((np.cumsum(count) - (count + 1) / 2) / len(ahead))[place]
    return middle


def _search(variables: Variables, hits: np.ndarray, rank: np.ndarray, codes: np.ndarray) -> Box:
    """The box of one PRIM walk with the best of coverage and density among those dense enough, with few, significant
    beliefs; empty if there is none."""
    rule = rules()
    base = hits.mean()
    if not 0 < base < 1:
        return Box()
    target = max(rule["box.density"], base + rule["box.gain"] * (1 - base))
    kept = _strongest(variables, rank, codes, int(rule["box.candidates"]))
    settings = PrimSettings(threshold=0.0, peel=rule["box.peel"], least_mass=rule["box.least_mass"])
    walk = walk_once(kept, hits, settings)
    dense = [(box, score) for box, score in zip(walk.boxes, walk.scores, strict=True) if score.density >= target]
    for box, _ in sorted(dense, key=lambda one: -_balance(one[1])):
        box = drop_weak(kept, hits, box, worst_p=rule["box.quasi_p"])
        box = _fewest(kept, hits, box, int(rule["box.beliefs"]))
        if box.limits and box.score(kept, hits).density >= target - SLACK:
            return box
    return Box()


def _balance(score: Score) -> float:
    """The harmonic mean of coverage and density: a box is good if it has both."""
    both = score.coverage + score.density
    return 2 * score.coverage * score.density / both if both else 0.0


def _fewest(variables: Variables, hits: np.ndarray, box: Box, most: int) -> Box:
    """Drop the belief whose loss costs the least density until ``most`` are left."""
    while len(box.limits) > most:
        box = max((box.without(name) for name in box.limits), key=lambda one: one.score(variables, hits).density)
    return box


def _strongest(variables: Variables, rank: np.ndarray, codes: np.ndarray, count: int) -> Variables:
    """The columns whose slices differ most in the mean rank of the advantage (variance between slices).

    The rank says more than won or lost: with a few hundred futures that decides which columns are found.
    """
    columns, most = codes.shape[1], int(codes.max()) + 1
    bins = (codes + most * np.arange(columns)).ravel()
    runs = np.bincount(bins, minlength=columns * most).reshape(columns, most)
    total = np.bincount(bins, weights=np.repeat(rank, columns), minlength=columns * most).reshape(columns, most)
    filled = runs > 0
    index = np.zeros(columns)
    for slices_ in np.unique(filled.sum(axis=1)):
        alike = filled.sum(axis=1) == slices_
        here = runs[alike][filled[alike]].reshape(-1, slices_)
        means = total[alike][filled[alike]].reshape(-1, slices_) / here
        index[alike] = (here * (means - rank.mean()) ** 2).sum(axis=1) / max(slices_ - 1, 1)
    chosen = np.sort(np.argsort(-index, kind="stable")[:count])
    return variables.columns(chosen)


def _same_way(again: Box, box: Box, name: str, variables: Variables) -> bool:
    """Does another box restrict a parameter on the same side, or share a category?"""
    if name not in again.limits:
        return False
    ours, theirs = box.limits[name], again.limits[name]
    column = variables.names.index(name)
    if variables.kinds[column] == CATEGORY:
        return bool(set(ours) & set(theirs))
    middle = variables.values[:, column].mean()
    return (np.mean(ours) >= middle) == (np.mean(theirs) >= middle)


def restricted_ends(box: Box, name: str, variables: Variables) -> tuple[Any, Any]:
    """(low, high) of a belief, None where that end is free."""
    column = variables.names.index(name)
    low, high = box.limits[name]
    values = variables.values[:, column]
    return (None if low <= values.min() else low, None if high >= values.max() else high)
