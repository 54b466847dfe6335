"""A strategy in many futures, week by week: rules and equations of a future in one compiled course."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from borderlab.base.problems import InputError, Problem, nearest
from borderlab.evidence.tables.indicator import indicators
from borderlab.evidence.tables.parameter import parameters
from borderlab.model.border.patterns import PARAMETERS, BoundPatterns
from borderlab.model.core.beginning import Beginning, Opening, begin
from borderlab.model.core.course import Rules, compiled
from borderlab.model.core.execution import BLOCK, Prepared, Taken, execute, prepare
from borderlab.model.core.rates import WEEKS_PER_YEAR, Array
from borderlab.model.core.world import World
from borderlab.model.futures.futures import Futures
from borderlab.model.futures.settings import Settings, known
from borderlab.model.run.calendar import inputs
from borderlab.model.run.measures import measure_ids
from borderlab.model.run.orders import StrategyOrders, lever_tables, programme_tables
from borderlab.model.run.worlds import layout_of, today
from borderlab.strategy.runtime import kernel
from borderlab.strategy.runtime.building import build
from borderlab.strategy.runtime.calendar import Calendar
from borderlab.strategy.runtime.firings import FiringLog
from borderlab.strategy.runtime.program import Book, Layout, blank_book, blank_out, blank_state
from borderlab.strategy.runtime.truth import RULES
from borderlab.strategy.tree.tree import Strategy

DEFAULT_START = date(2027, 1, 4)
LONGEST_YEARS = 30.0
EARLIEST_START, LATEST_START = date(1900, 1, 1), date(2200, 12, 31)
"""Far enough within the calendar that whatever is dated from a run, a threat of a hundred years too, has a date."""
NOTHING = Strategy("none", {}, {})
"""No lever is moved and nothing is watched."""
_FIRINGS = 8
"""Room for firings of each rule in each future to begin with; a fuller log is run again with more."""


@dataclass(frozen=True)
class Run:
    """The result of a strategy in a set of futures.

    Attributes:
        strategy_id: what was run; ``none`` if nothing was moved.
        start, years: the period.
        weeks: first day of every week.
        measures: one number a future by measure id, float64 [n]; unit and aggregation stand in the indicator's row.
        series: weekly values of what was asked for, float32 [n, weeks].
        firings: log of the strategy's rules; None where nothing was run.
        indicators_unknown: indicators that rules read and that had no value, with weeks.
    """

    strategy_id: str
    start: date
    years: float
    weeks: tuple[date, ...]
    measures: dict[str, Array]
    series: dict[str, NDArray[np.float32]]
    firings: FiringLog | None
    indicators_unknown: dict[str, int]


def run(
    strategy: Strategy | None,
    futures: Futures,
    *,
    start: date = DEFAULT_START,
    years: float = 10.0,
    record: Sequence[str] = (),
    every: int = 1,
    world: World | None = None,
    block: int = BLOCK,
    threads: int | None = None,
    done: Callable[[int], None] = lambda count: None,
) -> Run:
    """Run a strategy in futures. A future's result depends on itself, the strategy and the world alone.

    Args:
        strategy: a checked strategy; None moves no lever.
        futures: any number.
        start: first day of the first week.
        years: how long, up to 30.
        record: measures whose values over time are kept, or any variable of the model ("module.name").
        every: they are kept as means over so many weeks; an unfinished stretch is left out.
        world: other modules than the shipped ones.
        block, threads: how many futures a thread takes at a time, and how many threads; change speed alone.
        done: told how many futures are done; may raise to stop the run.

    Raises:
        InputError: no such measure, or a period that cannot be run.
    """
    course = Course(strategy, futures, start=start, years=years, world=world)
    course.check(record)
    taken = course.take(record, every=every, block=block, threads=threads, done=done)
    firings, unknown = course.log(taken) if strategy is not None else (None, {})
    measures = {id_: taken.measures[id_] for id_ in measure_ids(course.world)}
    return Run(course.strategy.id, start, years, course.weeks, measures, taken.series, firings, unknown)


def check_period(start: date, years: float) -> None:
    """Refuse a period that cannot be run.

    Raises:
        InputError: a start or a length out of bounds.
    """
    problems = []
    if not EARLIEST_START <= start <= LATEST_START:
        problems.append(Problem(f"a run cannot start on {start}; from {EARLIEST_START} to {LATEST_START} it can."))
    if not 0.0 < years <= LONGEST_YEARS:
        problems.append(Problem(f"{years} years cannot be run; between 0 and {LONGEST_YEARS:.0f} can."))
    if problems:
        raise InputError(problems)


class Course:
    """A strategy, futures and a period, ready to be taken through all weeks.

    Attributes:
        world, strategy, futures, start: as given; what was left out filled in.
        weeks: first day of every week.
        prepared: what the compiled course needs.
        layout: what the columns of the rule program stand for.
        readable: measures that rules may read, with their place.
    """

    def __init__(
        self,
        strategy: Strategy | None,
        futures: Futures,
        *,
        start: date = DEFAULT_START,
        years: float = 10.0,
        world: World | None = None,
    ) -> None:
        check_period(start, years)
        self.world, self.strategy, self.start = world or today(), strategy or NOTHING, start
        own = self.strategy.parameters
        self.futures = futures.changed(own) if own else futures
        futures = self.futures
        count = max(round(years * WEEKS_PER_YEAR), 1)
        self.weeks = tuple(start + timedelta(days=7 * week) for week in range(count))
        self.calendar = Calendar(start, count)
        self.program, self.layout = build(self.strategy, self.calendar)
        self.orders = orders_of(self.layout)
        self.patterns = BoundPatterns.of(self.orders.slots, _figures(futures))
        self.prepared = self._prepare(count)
        rows = indicators()
        self.readable = {
            id_: place
            for place, id_ in enumerate(self.prepared.layout.measures)
            if id_ not in rows or rows[id_].observable
        }

    def _prepare(self, weeks: int) -> Prepared:
        layout, settings = layout_of(self.world, ruled=True), settings_of(self.futures)
        beginning = _beginning(self.world, self.futures, self.orders.programmes)
        tables = {**lever_tables(self.orders, self.world, settings), **self.patterns.tables()}
        tables |= programme_tables(self.orders)
        forms = len(self.patterns.forms)
        sizes: dict[str, int | tuple[int, ...]] = {
            "totals": 3 * len(self.world.effects),
            "effects": len(self.world.effects),
            "direct": len(self.world.levers),
            "patterns": forms,
            "table": tables["coefficients"].shape[:2] + tables["coefficients"].shape[3:],
        }
        weekly = inputs(self.world.inputs, self.start, weeks)
        function = compiled(layout, rules())
        return prepare(layout, function, beginning, settings, self.futures.key, weekly, tables, sizes)

    def check(self, record: Sequence[str]) -> None:
        """Raise InputError for what the model does not compute."""
        known = measure_ids(self.world)
        extra = {name for name in record if name not in known} - set(self.prepared.details)
        if extra:
            raise InputError(
                [Problem(f"the model computes no indicator '{id_}'.", did_you_mean=nearest(id_, known))
                 for id_ in record if id_ in extra]
            )  # fmt: skip

    def take(
        self,
        record: Sequence[str] = (),
        *,
        every: int = 1,
        block: int = BLOCK,
        threads: int | None = None,
        done: Callable[[int], None] = lambda count: None,
        kind: type = np.float32,
    ) -> Taken:
        """All futures through all weeks."""
        readings = np.array([self.readable.get(id_, -1) for id_ in self.layout.seen], np.int64)

        def own(count: int, again: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
            if again is not None:
                written = int(again["book"].written[0])
                if written <= len(again["book"].rows):
                    return None
                return {**again, "book": blank_book(self.program, written)}
            return {
                "program": self.program,
                "state": blank_state(self.program),
                "orders": blank_out(self.program),
                "book": blank_book(self.program, _FIRINGS * count * len(self.layout.rules)),
                "watched": readings,
                "seen": np.empty(len(readings)),
            }

        return execute(self.prepared, record, every=every, kind=kind, block=block, threads=threads, own=own, done=done)

    def log(self, taken: Taken) -> tuple[FiringLog, dict[str, int]]:
        """What the rules did, and the indicators that had no reading, with weeks."""
        books: list[Book] = [mine["book"] for mine in taken.blocks]
        counts = [int(book.written[0]) for book in books]
        whole = Book(
            np.concatenate([book.rows[:count] for book, count in zip(books, counts, strict=True)]),
            np.concatenate([book.first[:count] for book, count in zip(books, counts, strict=True)]),
            np.concatenate([book.last[:count] for book, count in zip(books, counts, strict=True)]),
            np.array([sum(counts)]),
            np.sum([book.missing for book in books], axis=0),
        )
        n = self.futures.n
        gone = (whole.missing == n).sum(axis=0)
        unknown = {name: int(weeks) for name, weeks in zip(self.layout.seen, gone, strict=True) if weeks}
        return FiringLog.of_book(whole, self.layout, n, len(self.weeks)), unknown


@cache
def rules() -> Rules:
    """The compiled functions of the rule program."""
    return Rules(kernel.reset, kernel.step, kernel.finish, RULES)


def orders_of(layout: Layout) -> StrategyOrders:
    """What a strategy may put in force, from the columns of its rule program."""
    return StrategyOrders(
        layout.touched,
        layout.at_sectors,
        tuple((slot.lever_id, slot.surface_kind, slot.at) for slot in layout.slots),
        tuple((act.action, act.programme, act.form or "") for act in layout.acts),
    )


def _figures(futures: Futures) -> tuple[tuple[str, float], ...]:
    """What the closed form of the crossings reads, as it stands in these futures."""
    settings, register = settings_of(futures), parameters()

    def value(id_: str) -> float:
        return float(np.asarray(settings[id_]).flat[0]) if known(id_) else float(register[id_].default)

    return tuple((id_, value(id_)) for id_ in PARAMETERS)


def settings_of(futures: Futures) -> Settings:
    """The settings of futures; kept with them for the next strategy."""
    if "settings" not in futures.kept:
        futures.kept["settings"] = Settings(futures)
    found: Settings = futures.kept["settings"]
    return found


def _beginning(world: World, futures: Futures, programmes: tuple[str, ...]) -> Beginning:
    key = world, programmes
    if key not in futures.kept:
        futures.kept[key] = begin(world, settings_of(futures), Opening(programmes=programmes), futures.key)
    found: Beginning = futures.kept[key]
    return found
