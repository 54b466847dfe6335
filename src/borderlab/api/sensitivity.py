"""Which unknowns move a measure most."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from borderlab.api.compare import ComparisonResult, compared
from borderlab.api.distributions import Set
from borderlab.api.frames import rows
from borderlab.api.futures import DrawnFutures
from borderlab.api.html import card
from borderlab.api.own import Modules, world_of
from borderlab.api.run import Start
from borderlab.api.strategies import BASELINE, strategy_of
from borderlab.base.identity import Identity
from borderlab.base.problems import InputError, Problem
from borderlab.base.progress import Cancel, Progress, watched
from borderlab.explore.answers.sensitivity import Moves, what_moves
from borderlab.explore.results.focus import measure_id
from borderlab.strategy.tree import tree

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Sensitivity:
    """The result of :func:`sensitivity`. ``moves``: as the exploration has it."""

    moves: Moves = field(repr=False)
    comparison: ComparisonResult = field(repr=False)
    seed: int = 1

    @property
    def measure(self) -> str:
        """Of which measure."""
        return self.moves.measure

    @property
    def strategy(self) -> str:
        """Under which strategy."""
        return self.moves.strategy

    @property
    def identity(self) -> Identity:
        """What made the result: the comparison, and the question."""
        made = self.comparison.identity
        asked = {"measure": self.measure, "strategy": self.strategy, "seed": self.seed}
        if self.moves.sobol is not None:
            asked["sobol runs"] = self.moves.sobol.runs
        return replace(made, kind="sensitivity", inputs={**made.inputs, "question": asked})

    @property
    def hash(self) -> str:
        """Of the identity."""
        return self.identity.hash

    @property
    def frame(self) -> pd.DataFrame:
        """A row for each unknown that stands out from chance, strongest first: PAWN index, part in a fit by extra
        trees, grade, unit.
        """
        return rows(self.moves.as_json()["parameters"], "parameter", hash=self.hash, floor=self.moves.screened.floor)

    @property
    def sobol(self) -> pd.DataFrame:
        """First-order and total Sobol' indices with half-widths of their 95 % intervals; empty where not asked for."""
        return rows(self.moves.as_json().get("sobol", []), "parameter", hash=self.hash)

    def to_json(self) -> dict[str, Any]:
        """What ``borderlab sensitivity --json`` prints."""
        made = self.comparison.inner
        return {
            **self.moves.as_json(),
            "hash": made.hash,
            "identity": self.identity.as_json(),
            "set": dict(made.inputs.get("set", {})),
        }

    def explain(self, lang: str = "en") -> str:
        """The result in words, English or Spanish."""
        from borderlab.report.comparison.text import sensitivity_lines

        return "\n".join(sensitivity_lines(self.comparison.inner, self.moves, lang))

    def report(self, path: str | Path, lang: str = "en") -> Path:
        """Write the result as one offline page, and give its path."""
        from borderlab.report.comparison.question_page import sensitivity_page

        return sensitivity_page(self.comparison.inner, self.moves, lang).write(path)

    def _repr_html_(self) -> str:
        facts = {"under": self.strategy, "plausible futures": len(self.comparison.inner.index), "hash": self.hash}
        return card(f"{self.measure}: what moves it most", facts, self.frame)


def sensitivity(
    measure: str,
    strategy: str | Path | tree.Strategy = BASELINE,
    *,
    comparison: ComparisonResult | None = None,
    futures: int | DrawnFutures = 2000,
    years: float = 10.0,
    seed: int = 1,
    start: Start = None,
    set: Set = (),
    modules: Modules = (),
    sobol: bool = False,
    base: int = 128,
    out: str | Path | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Sensitivity:
    """Which unknowns move a measure most under a strategy?

    Args:
        measure: an id or a short word. strategy: an id, a file, or a :class:`Strategy`.
        comparison: one that is there and holds the strategy; else one is made, of ``futures``, ``years`` and so on.
        sobol: also Sobol' indices, by runs of their own over all futures (needs SALib). base: their base sample.
        progress: told of every step. cancel: stops the work when set.

    Raises:
        InputError: with everything that is wrong.
        Cancelled: ``cancel`` was set.
    """
    with watched(progress, cancel):
        wanted, id_ = strategy_of(strategy), measure_id(measure)
        if comparison is None:
            comparison = compared(
                [wanted], futures=futures, years=years, seed=seed, start=start, modules=modules, set=set, out=out,
                workers=workers, fewest=1,
            )  # fmt: skip
        elif wanted.id not in comparison.strategies:
            cure = f"In it are {', '.join(comparison.strategies)}."
            raise InputError(Problem(f"strategy '{wanted.id}' is not in the comparison.", cure=cure))
        found = what_moves(comparison.inner, wanted, id_, sobol=sobol, base=base, seed=seed, world=world_of(modules))
        return Sensitivity(found, comparison, seed)
