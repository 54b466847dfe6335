"""What one would have to believe for a strategy to beat another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from borderlab.api.compare import ComparisonResult, compared
from borderlab.api.distributions import Set
from borderlab.api.frames import rows
from borderlab.api.futures import DrawnFutures
from borderlab.api.html import card
from borderlab.api.own import Modules
from borderlab.api.run import Start
from borderlab.api.strategies import strategy_of
from borderlab.base.identity import Identity
from borderlab.base.problems import InputError, Problem, nearest
from borderlab.base.progress import Cancel, Progress, watched
from borderlab.explore.answers.beliefs import Belief
from borderlab.explore.answers.contract import beliefs_json
from borderlab.explore.answers.findings import must_differ, questions_between
from borderlab.explore.results.focus import measure_ids
from borderlab.strategy.tree import tree

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class BeliefAnswer:
    """The result of :func:`believe`: each measure asked by itself, then all at once if there are several.

    Attributes:
        strategy, over: ids. measures: asked for.
        beliefs: one for each question. comparison: what was asked.
    """

    strategy: str
    over: str
    measures: tuple[str, ...]
    beliefs: tuple[Belief, ...] = field(repr=False)
    comparison: ComparisonResult = field(repr=False)
    seed: int = 1

    @property
    def identity(self) -> Identity:
        """What made the answer: the comparison, and the question."""
        made = self.comparison.identity
        asked = {"strategy": self.strategy, "over": self.over, "on": list(self.measures), "seed": self.seed}
        return replace(made, kind="believe", inputs={**made.inputs, "question": asked})

    @property
    def hash(self) -> str:
        """Of the comparison that was asked."""
        return self.comparison.hash

    @property
    def box(self) -> pd.DataFrame:
        """A row for each condition of each answer that holds: low and high (None where free) or the options of a
        switch, with unit, grade, share of resamples that bring it back, and quasi-p.
        """
        found = []
        for belief, plain in zip(self.beliefs, self.to_json()["beliefs"], strict=True):
            for row in plain["box"] if belief.verdict == "holds" else []:
                name = row["parameter"]
                found.append(
                    {
                        "measure": belief.measure,
                        "parameter": name,
                        "low": row["low"],
                        "high": row["high"],
                        "one_of": row.get("one_of"),
                        "unit": row["unit"],
                        "grade": row["grade"],
                        "reproduced": belief.reproduced.get(name, np.nan),
                        "quasi_p": belief.quasi_p.get(name, np.nan),
                    }
                )
        names = ("measure", "parameter", "low", "high", "one_of", "unit", "grade", "reproduced", "quasi_p")
        import pandas as pd

        made = pd.DataFrame(found, columns=list(names)).set_index(["measure", "parameter"])
        made.attrs = {"hash": self.hash}
        return made

    @property
    def frame(self) -> pd.DataFrame:
        """A row for each question: verdict, share of futures in which it is better, and what the box is worth, where it
        was found and on unseen futures.
        """
        nan = float("nan")
        return rows(
            [
                {
                    "measure": one.measure,
                    "verdict": one.verdict,
                    "better": one.base,
                    "neither": one.neither,
                    "worse": one.worse,
                    "coverage": one.score.coverage if one.score else nan,
                    "density": one.score.density if one.score else nan,
                    "mass": one.score.mass if one.score else nan,
                    "coverage_unseen": one.unseen.get("coverage", nan),
                    "density_unseen": one.unseen.get("density", nan),
                }
                for one in self.beliefs
            ],
            "measure",
            hash=self.hash,
        )

    @property
    def score(self) -> pd.DataFrame:
        """Coverage, density and mass of each answer, where it was found and on unseen futures."""
        return self.frame[["coverage", "density", "mass", "coverage_unseen", "density_unseen"]]

    def to_json(self) -> dict[str, Any]:
        """What ``borderlab believe --json`` prints."""
        return beliefs_json(self.comparison.inner, self.beliefs, self.identity)

    def explain(self, lang: str = "en", *, tree: bool = False) -> str:
        """The answer in words, English or Spanish; with the leaves of a classification tree if asked."""
        from borderlab.report.comparison.text import belief_lines, tree_lines

        said = belief_lines(self.comparison.inner, list(self.beliefs), lang)
        if tree:
            said += tree_lines(self.comparison.inner, self.strategy, self.over, list(self.measures), lang)
        return "\n".join(said)

    def report(self, path: str | Path, lang: str = "en") -> Path:
        """Write the answer as one offline page, and give its path."""
        from borderlab.report.comparison.question_page import question_page

        return question_page(self.comparison.inner, self.beliefs, lang).write(path)

    def _repr_html_(self) -> str:
        facts = {"over": self.over, "plausible futures": len(self.comparison.inner.index), "hash": self.hash}
        box = self.box
        return card(f"{self.strategy}: what one would have to believe", facts, box if len(box) else self.frame)


def believe(
    strategy: ComparisonResult | str | Path | tree.Strategy,
    better: str | None = None,
    *,
    over: str | Path | tree.Strategy,
    on: Sequence[str] | str = ("arrivals",),
    futures: int | DrawnFutures = 2000,
    years: float = 10.0,
    seed: int = 1,
    start: Start = None,
    set: Set = (),
    modules: Modules = (),
    out: str | Path | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> BeliefAnswer:
    """Under which conditions does one strategy beat another?

    ``believe(comparison, "mine", over="status-quo")`` asks a comparison that is there; ``believe("mine.yaml",
    over="status-quo")`` makes the one it needs.

    Args:
        strategy: a comparison, or the strategy that is to be better. better: with a comparison, the strategy's id.
        over: the strategy it is set against.
        on: measures, ids or short words; each is asked, then all at once.
        futures, years, start, set, modules, out, workers: of the comparison, where one is to be made.
        seed: of the draw and of the checks by resampling.
        progress: told of every step. cancel: stops the work when set.

    Raises:
        InputError: with everything that is wrong.
        Cancelled: ``cancel`` was set.
    """
    measures = measure_ids([on] if isinstance(on, str) else on)
    with watched(progress, cancel):
        if isinstance(strategy, ComparisonResult):
            first, second = _id_in(strategy, better), _id_in(strategy, _name(over))
            must_differ(first, second)
            comparison = strategy
            seed = int(comparison.inputs["seed"])
        else:
            if better is not None:
                raise InputError("the second place is for a strategy of a comparison; name the other one with 'over'.")
            mine, other = strategy_of(strategy), strategy_of(over)
            first, second = mine.id, other.id
            must_differ(first, second)
            comparison = compared(
                [mine, other], futures=futures, years=years, seed=seed, start=start, modules=modules, set=set, out=out,
                workers=workers,
            )  # fmt: skip
        found = questions_between(comparison.inner, first, second, measures, seed=seed)
    return BeliefAnswer(first, second, tuple(measures), tuple(found), comparison, seed)


def _name(given: str | Path | tree.Strategy) -> str:
    return given.id if isinstance(given, tree.Strategy) else str(given)


def _id_in(comparison: ComparisonResult, id_: str | None) -> str:
    if id_ in comparison.strategies:
        return str(id_)
    cause = "name the strategy that is to be better." if id_ is None else f"strategy '{id_}' is not in the comparison."
    near = nearest(id_, comparison.strategies) if id_ else None
    cure = f"In it are {', '.join(comparison.strategies)}."
    raise InputError(Problem(cause, did_you_mean=near, cure=cure))
