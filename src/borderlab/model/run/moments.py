"""A run as it unfolds: what was seen, what was in force and what the world was in each week, for a few futures."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from borderlab.model.core.rates import WEEKS_PER_YEAR, Array
from borderlab.model.futures.futures import Futures
from borderlab.model.run.run import Course
from borderlab.strategy.runtime.runtime import InForce, StrategyRuntime
from borderlab.strategy.tree.tree import Strategy


@dataclass(frozen=True)
class Moment:
    """One week of a run.

    Attributes:
        week, day: from 0, and its first day.
        seen: what the strategy's rules read at the start of the week, by indicator [n].
        in_force: of the strategy; None where none acts.
        now: every measure and variable of the model at the end of the week, by name [n].
        runtime: the rules, as they stand after this week; None where no strategy acts.
        programmes: ids, in the order of the variables ``programmes.alive[0]`` ….
    """

    week: int
    day: date
    seen: Mapping[str, Array]
    in_force: InForce | None
    now: Mapping[str, Array]
    runtime: StrategyRuntime | None
    programmes: tuple[str, ...]

    def alive(self) -> dict[str, Array]:
        """Whether each programme is in force, 1 or 0 by id [n]."""
        return {id_: self.now[f"programmes.alive[{place}]"] for place, id_ in enumerate(self.programmes)}


def moments(strategy: Strategy | None, futures: Futures, start: date, weeks: int) -> Iterator[Moment]:
    """A strategy in a few futures, week by week. Everything is kept, so memory grows with futures and weeks.

    The course itself runs in compiled code; its readings are then given to the rules once more, a week at a time.
    """
    course = Course(strategy, futures, start=start, years=weeks / WEEKS_PER_YEAR)
    names = course.prepared.details
    series = course.take(names, kind=np.float64).series
    runtime = StrategyRuntime(strategy, futures.n, course.calendar) if strategy is not None else None
    reads = [id_ for id_ in (runtime.reads if runtime else ()) if id_ in course.readable]
    seen: dict[str, Array] = {}
    for week, day in enumerate(course.weeks):
        in_force = runtime.step(week, seen) if runtime is not None else None
        now = {name: series[name][:, week] for name in names}
        yield Moment(week, day, seen, in_force, now, runtime, course.orders.programmes)
        seen = {id_: now[id_] for id_ in reads}
