"""The model beside coded history: what share of futures passes each stylised fact, and each episode's record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import numpy as np

from borderlab.evidence.tables.table import SourcedRow, table
from borderlab.model.core.rates import Array
from borderlab.model.futures.futures import Futures, draw_futures
from borderlab.model.history.episodes import Trace, episode, trace
from borderlab.model.history.history_match import BILLION, MONTHS_PER_YEAR, Fact, Plausibility, facts, plausible
from borderlab.model.run.calendar import Season

DRAWS = 4096
BAND = (0.05, 0.5, 0.95)


class Recorded(SourcedRow):
    """One figure of the record of an episode.

    Attributes:
        id: short name.
        episode: which one.
        series: what of the model it is compared with.
        month: months after that of the start.
        base_month: calendar month that the record is compared with; the model then gets the usual season between the
            two. None where the season is in the inputs already, or has no part.
        value: the figure; arrivals as a change against the month of the start.
        name_en, name_es: what was counted.
        unit: of the value.
        date: of the figure.
    """

    id: str
    episode: str
    series: str
    month: int
    base_month: int | None = None
    value: float
    name_en: str
    name_es: str
    unit: str
    date: str
    note: str | None = None

    def name(self, lang: str) -> str:
        """What was counted, in ``lang``."""
        return self.name_es if lang == "es" else self.name_en


@dataclass(frozen=True)
class Beside:
    """One figure of the record beside the model: median and band over plausible futures, and over all draws."""

    recorded: Recorded
    plausible: dict[str, float]
    draws: dict[str, float]

    @property
    def inside(self) -> bool:
        """The record lies within the band of plausible futures."""
        return self.plausible["p05"] <= self.recorded.value <= self.plausible["p95"]


@dataclass(frozen=True)
class Hindcast:
    """The result over a set of draws.

    Attributes:
        futures: the draws.
        tested: against the stylised facts.
        without_us_measures: accepted share if U.S.-side measures of 2019 are left out.
        fixed_structure: accepted share with every structural switch at its default; without U.S.-side measures too.
    """

    futures: Futures
    tested: Plausibility
    without_us_measures: float
    fixed_structure: tuple[float, float]

    def contract(self, only: str | None = None) -> dict[str, object]:
        """What ``hindcast --json`` prints; ``only`` keeps the facts of one episode."""
        rows = []
        for fact in facts():
            if only in (None, fact.episode):
                rows.append(
                    {
                        "id": fact.id,
                        "pass_share": float(self.tested.facts[fact.id].mean()),
                        "observed": fact.observed,
                        "model": band(self.tested.values[fact.id]),
                    }
                )
        return {"draws": self.futures.n, "accepted_share": self.tested.share, "facts": rows}


def hindcast(draws: int = DRAWS, seed: int = 1, *, us_measures: bool = True) -> Hindcast:
    """Draw futures and test them. ``us_measures`` False leaves out what Washington did apart from pressure in 2019."""
    futures = draw_futures(draws, seed)
    tested = plausible(futures, us_measures=us_measures)
    bare = plausible(futures, us_measures=False).share if us_measures else tested.share
    fixed = with_default_structure(futures)
    return Hindcast(futures, tested, bare, (plausible(fixed).share, plausible(fixed, us_measures=False).share))


def with_default_structure(futures: Futures) -> Futures:
    """The same futures with every structural switch at its default."""
    from borderlab.model.futures.futures import drawn_parameters

    defaults = {id_: str(row.default) for id_, row in drawn_parameters().items() if row.distribution == "choice"}
    return futures.replace(defaults)


@cache
def record() -> tuple[Recorded, ...]:
    """The record of the episodes, in table order."""
    return table("model/record", Recorded)


def beside(id_: str, tested: Hindcast) -> Iterator[Beside]:
    """The record of one episode beside the model.

    Raises:
        InputError: there is no such episode.
    """
    one = episode(id_)
    rows = [row for row in record() if row.episode == one.id]
    run = trace(id_, tested.futures)
    mask = tested.tested.mask
    for row in rows:
        values = _of(run, row)
        kept = values[mask] if mask.any() else values[:0]
        yield Beside(row, band(kept), band(values))


def _of(run: Trace, row: Recorded) -> Array:
    """What of the model stands beside a figure of the record."""
    if row.series == "arrivals":
        return run.month_means("arrivals", [row.month])[0] * _season(run, row) - 1.0
    if row.series == "cost_us":
        share = run.series["cost_us"].sum(axis=0) * (run.episode.months / len(run.weeks))
        return share * run.episode.gdp_us / MONTHS_PER_YEAR / BILLION
    return run.month_means(row.series, [row.month])[0]


def _season(run: Trace, row: Recorded) -> float:
    """The usual season of the month of the record against the month that it is compared with."""
    if row.base_month is None:
        return 1.0
    factors = {season.month: season.factor for season in table("model/season", Season)}
    return factors[(run.episode.start.month - 1 + row.month) % 12 + 1] / factors[row.base_month]


def band(values: Array) -> dict[str, float]:
    """5th percentile, median and 95th percentile; NaN where there is nothing."""
    finite = values[np.isfinite(values)]
    if not len(finite):
        return {"p05": float("nan"), "median": float("nan"), "p95": float("nan")}
    low, middle, high = np.quantile(finite, BAND)
    return {"p05": float(low), "median": float(middle), "p95": float(high)}


__all__ = ["Beside", "Fact", "Hindcast", "Recorded", "band", "beside", "hindcast", "record", "with_default_structure"]
