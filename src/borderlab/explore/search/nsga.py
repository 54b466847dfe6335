"""A search over a strategy's free numbers for the robust trade-off front (NSGA-II by pymoo, extra ``improve``).

Candidates are judged on one half of the plausible futures by the mean of each measure; the front is then re-scored on
the other half, which the search has not seen, so that no candidate is praised for luck.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from borderlab.base.problems import InputError, Problem
from borderlab.base.progress import progress
from borderlab.base.safefile import whole_folder
from borderlab.evidence.tables.indicator import indicators
from borderlab.explore.running.rng import part
from borderlab.strategy.file.free_numbers import FreeNumber, free_numbers, with_numbers
from borderlab.strategy.tree.tree import Strategy

MARKER = "front.json"
_BAD = 1e30  # the score of a candidate whose numbers contradict each other


@dataclass(frozen=True)
class Candidate:
    """A strategy of the front: its numbers, and means and 90 % bands of each measure on unseen futures."""

    strategy: Strategy
    numbers: Mapping[str, float]
    seen: Mapping[str, float]
    unseen: Mapping[str, float]
    bands: Mapping[str, tuple[float, float]]


@dataclass(frozen=True)
class Front:
    """What the search found. ``start`` is the strategy as it was; ``free`` are the numbers that were turned."""

    measures: tuple[str, ...]
    start: Candidate
    front: tuple[Candidate, ...]
    free: tuple[FreeNumber, ...]
    futures: int
    tried: int

    def as_json(self) -> dict[str, Any]:
        """Plain values."""

        def one(candidate: Candidate) -> dict[str, Any]:
            changed = {k: v for k, v in candidate.numbers.items() if v != self.start.numbers[k]}
            return {
                "id": candidate.strategy.id,
                "changed": changed,
                "seen": dict(candidate.seen),
                "unseen": {
                    name: {"mean": mean, "p05": candidate.bands[name][0], "p95": candidate.bands[name][1]}
                    for name, mean in candidate.unseen.items()
                },
            }

        return {
            "measures": list(self.measures),
            "plausible": self.futures,
            "tried": self.tried,
            "start": one(self.start),
            "front": [one(candidate) for candidate in self.front],
        }

    def lines(self) -> list[str]:
        """The front in plain text: measures on unseen futures, then the numbers that differ."""
        known = indicators()
        labels = {number.path: number for number in self.free}
        text = [
            f"{self.tried} candidates tried on half of {self.futures} plausible futures; figures are means on the "
            "other half, which the search has not seen.",
            "",
        ]
        for candidate in (self.start, *self.front):
            figures = "; ".join(
                f"{known[name].name_en} {mean:,.4g} {known[name].unit}" for name, mean in candidate.unseen.items()
            )
            text.append(f"{candidate.strategy.id}{' (as it is)' if candidate is self.start else ''}: {figures}")
            if candidate is self.start:
                continue
            for path, value in candidate.numbers.items():
                before = self.start.numbers[path]
                if value != before:
                    text.append(f"    {labels[path].label_en} [{path}]: {before:g} -> {value:g} {labels[path].unit}")
        return text

    def write(self, folder: Path) -> list[Path]:
        """Write each strategy of the front as a file that ``compare`` can read, and the front as JSON.

        Raises:
            InputError: the folder holds other things or cannot be written.
        """
        texts = {f"{candidate.strategy.id}.yaml": candidate.strategy.text for candidate in self.front}
        texts[MARKER] = json.dumps(self.as_json(), ensure_ascii=False, indent=1) + "\n"
        with whole_folder(folder, marker=MARKER) as part_:
            for name, text in texts.items():
                (part_ / name).write_text(text, encoding="utf-8")
        return [folder / name for name in texts]


@dataclass
class _Judge:
    """Runs candidates over the plausible futures and keeps what it has seen."""

    strategy: Strategy
    measures: tuple[str, ...]
    free: tuple[FreeNumber, ...]
    futures: Any
    years: float
    tried: int = 0

    def made(self, point: np.ndarray, name: str | None = None) -> tuple[Strategy, dict[str, float]]:
        """The strategy at a point of the search space (one coordinate 0 … 1 a number)."""
        values = {number.path: _value(number, float(place)) for number, place in zip(self.free, point, strict=True)}
        return with_numbers(self.strategy, values, new_id=name), values

    def run(self, strategy: Strategy) -> np.ndarray:
        """[measures, futures] of a strategy."""
        from borderlab.model.run.run import run

        self.tried += 1
        done = run(strategy, self.futures, years=self.years)
        return np.stack([done.measures[name] for name in self.measures])


def search(
    strategy: Strategy,
    measures: Sequence[str],
    *,
    futures: int,
    years: float,
    seed: int,
    rounds: int,
    size: int,
    most_numbers: int = 12,
) -> Front:
    """Search the free numbers of a strategy.

    Args:
        rounds: generations; size: candidates in each. most_numbers: at most so many numbers are turned, first those
            of rules (thresholds, sizes, times), in the order written.

    Raises:
        InputError: pymoo is not installed, no free numbers, or too few plausible futures.
    """
    from borderlab.model.futures.futures import draw_futures
    from borderlab.model.history.history_match import plausible

    _need_pymoo()
    free = _turned(free_numbers(strategy), most_numbers)
    if not free:
        raise InputError(Problem(f"'{strategy.id}' has no free numbers to search.", strategy.file or None))
    drawn = draw_futures(futures, seed)
    kept = drawn.take(plausible(drawn).mask)
    if kept.n < 20:
        raise InputError(
            Problem(f"only {kept.n} of {futures} futures are plausible.", cure="Draw more with --futures.")
        )
    seen = part(kept.n, seed, "improve")
    judge = _Judge(strategy, tuple(measures), free, kept, years)
    signs = np.array([1.0 if indicators()[name].direction == "down" else -1.0 for name in measures])
    start = np.array([_place(number) for number in free])
    with progress("improve", rounds * size) as advance:
        points = _nsga(judge, signs, seen, start, rounds, size, seed, advance)
    unchanged = judge.run(strategy)
    first = _candidate(judge, strategy, {number.path: number.value for number in free}, unchanged, seen)
    front = []
    for count, point in enumerate(points, start=1):
        made, values = judge.made(point, f"{strategy.id}-{count}")
        front.append(_candidate(judge, made, values, judge.run(made), seen))
    return Front(tuple(measures), first, tuple(front), free, kept.n, judge.tried)


def _nsga(
    judge: _Judge,
    signs: np.ndarray,
    seen: np.ndarray,
    start: np.ndarray,
    rounds: int,
    size: int,
    seed: int,
    advance: Any,
) -> np.ndarray:
    """[front, numbers]: points of the front after so many generations; the strategy as it is starts among them."""
    from pymoo.algorithms.moo.nsga2 import NSGA2
    from pymoo.core.problem import ElementwiseProblem
    from pymoo.optimize import minimize

    class Search(ElementwiseProblem):  # type: ignore[misc]
        def __init__(self) -> None:
            super().__init__(n_var=len(judge.free), n_obj=len(judge.measures), xl=0.0, xu=1.0)

        def _evaluate(self, x: np.ndarray, out: dict[str, Any], *_: Any, **__: Any) -> None:
            try:
                out["F"] = signs * judge.run(judge.made(x)[0])[:, seen].mean(axis=1)
            except InputError:
                out["F"] = np.full(len(signs), _BAD)
            advance(1)

    from borderlab.explore.running.rng import generator

    spread = 0.15 * generator(seed, "improve start").standard_normal((size, len(start)))
    spread[0] = 0.0
    algorithm = NSGA2(pop_size=size, sampling=np.clip(start + spread, 0.0, 1.0))
    found = minimize(Search(), algorithm, ("n_gen", rounds), seed=seed + 1, verbose=False)
    points = np.atleast_2d(found.X)
    good = (np.atleast_2d(found.F) < _BAD).all(axis=1)
    order = np.argsort(np.atleast_2d(found.F)[good][:, 0], kind="stable")
    chosen: np.ndarray = points[good][order]
    return np.unique(np.round(chosen, 12), axis=0) if len(chosen) else chosen


def _turned(free: Sequence[FreeNumber], most: int) -> tuple[FreeNumber, ...]:
    rules = [number for number in free if number.path.startswith("rules.")]
    others = [number for number in free if not number.path.startswith("rules.")]
    chosen = [*rules, *others][:most]
    return tuple(number for number in free if number in chosen)


def _place(number: FreeNumber) -> float:
    return (number.value - number.low) / (number.high - number.low) if number.high > number.low else 0.0


def _value(number: FreeNumber, place: float) -> float:
    value = number.low + place * (number.high - number.low)
    return float(round(value)) if number.whole else float(f"{value:.3g}")


def _candidate(
    judge: _Judge, strategy: Strategy, values: Mapping[str, float], run: np.ndarray, seen: np.ndarray
) -> Candidate:
    low, high = np.quantile(run[:, ~seen], [0.05, 0.95], axis=1)
    return Candidate(
        strategy,
        values,
        dict(zip(judge.measures, run[:, seen].mean(axis=1).tolist(), strict=True)),
        dict(zip(judge.measures, run[:, ~seen].mean(axis=1).tolist(), strict=True)),
        {name: (float(a), float(b)) for name, a, b in zip(judge.measures, low, high, strict=True)},
    )


def _need_pymoo() -> None:
    try:
        import pymoo  # noqa: F401
    except ModuleNotFoundError:
        raise InputError(
            Problem("the search needs pymoo.", cure="Install it with: pip install 'borderlab[improve]'.")
        ) from None
