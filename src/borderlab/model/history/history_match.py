"""Which futures reproduce coded history: eight stylised facts with tolerances (history matching).

A future is plausible if the model, run with its parameters through the episodes of 2019 and 2022, passes all of them.
The facts and their tolerances stand in ``reference/model/facts.csv``; how each is computed stands here.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from borderlab.evidence.tables.table import SourcedRow, table
from borderlab.model.core.rates import Array, weeks_in
from borderlab.model.core.world import World
from borderlab.model.futures.futures import Futures
from borderlab.model.history.episodes import Trace, episode, trace

CHUNK = 4096
HALF = 0.5
LEAST_RATIO = 3.0
MONTHS_PER_YEAR = 12.0
BILLION = 1e9


class Fact(SourcedRow):
    """One stylised fact: a quantity of one episode and the bounds within which it must fall.

    Attributes:
        id: short name.
        episode: where it is read.
        name_en, name_es: the quantity.
        unit: of the bounds.
        low, high: bounds; None is open.
        observed: the figure of the record, where there is one in the same unit.
        observed_en, observed_es: what the record says.
        date: of the record.
    """

    id: str
    episode: str
    name_en: str
    name_es: str
    unit: str
    low: float | None = None
    high: float | None = None
    observed: float | None = None
    observed_en: str
    observed_es: str
    date: str
    note: str | None = None

    def name(self, lang: str) -> str:
        """The quantity in ``lang``."""
        return self.name_es if lang == "es" else self.name_en

    def passes(self, value: Array) -> NDArray[np.bool_]:
        """Which values lie within the bounds."""
        low = -np.inf if self.low is None else self.low
        high = np.inf if self.high is None else self.high
        return (value >= low) & (value <= high)


@cache
def facts() -> tuple[Fact, ...]:
    """The stylised facts, in table order."""
    return table("model/facts", Fact)


@dataclass(frozen=True)
class Plausibility:
    """What history says of a set of futures.

    Attributes:
        mask: bool [n], passes every fact.
        facts: by fact id, bool [n].
        values: by fact id, the model's figure, float64 [n].
    """

    mask: NDArray[np.bool_]
    facts: dict[str, NDArray[np.bool_]]
    values: dict[str, Array]

    @property
    def share(self) -> float:
        """The accepted share."""
        return float(self.mask.mean())


def plausible(futures: Futures, *, us_measures: bool = True, world: World | None = None) -> Plausibility:
    """Test futures against the stylised facts.

    Args:
        futures: any number; tested in parts, each future on its own.
        us_measures: with what Washington did apart from pressure in 2019. Without it, nearly no future passes: that is
            a finding about what 2019 can show, not a fault.
        world: other modules than the shipped ones.
    """
    parts = [futures.take(slice(k, k + CHUNK)) for k in range(0, futures.n, CHUNK)]
    found = [_values(part, us_measures, world) for part in parts]
    values = {fact.id: np.concatenate([one[fact.id] for one in found]) for fact in facts()}
    passed = {fact.id: fact.passes(values[fact.id]) for fact in facts()}
    mask = np.logical_and.reduce(list(passed.values()))
    return Plausibility(mask, passed, values)


def _values(futures: Futures, us_measures: bool, world: World | None) -> dict[str, Array]:
    values = _values_2019(trace("2019", futures, us_measures=us_measures, world=world))
    values["cost"] = _cost(trace("2022", futures, world=world))
    return values


def _values_2019(run: Trace) -> dict[str, Array]:
    month = weeks_in(1)
    announced, effort = run.series["concession"], run.series["effort_migration"]
    start = run.before["effort_migration"]
    peak = announced.max(axis=0)
    first = announced[:month].mean(axis=0)
    quick = np.where(announced[: month + 1].max(axis=0) >= HALF * peak, first, 0.0)
    gain = effort.max(axis=0) - start
    left = (run.after("effort_migration", 24) - start) / np.maximum(gain, 1e-9)
    return {
        "quick-concession": quick,
        "partial-implementation": np.where(gain < peak, gain, np.inf),
        "fading": left,
        "arrivals-month-1": run.after("arrivals", 1) - 1.0,
        "arrivals-month-7": run.after("arrivals", 7) - 1.0,
        "return": run.after("arrivals", 32),
        "little-institution": run.after("institution", 12) - run.before["institution"],
    }


def _cost(run: Trace) -> Array:
    """Cost to the United States in billions, or 0 where Mexico's burden is not at least three times as heavy."""
    weeks = len(run.weeks)
    share_us = run.series["cost_us"].sum(axis=0) * (run.episode.months / weeks)
    share_mx = run.series["cost_mx"].sum(axis=0) * (run.episode.months / weeks)
    dollars = share_us * episode("2022").gdp_us / MONTHS_PER_YEAR / BILLION
    return np.where(share_mx >= LEAST_RATIO * share_us, dollars, 0.0)
