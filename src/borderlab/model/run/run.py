"""A strategy in many futures, week by week."""

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from borderlab.base.problems import InputError, Problem, nearest
from borderlab.evidence.tables.indicator import indicators
from borderlab.model.border.response import evaluator, patterns_of
from borderlab.model.core.inputs import Drive
from borderlab.model.core.rates import WEEKS_PER_YEAR, Array, Number
from borderlab.model.futures.futures import Futures
from borderlab.model.futures.parameters import Settings
from borderlab.model.modules.leaders import own_effort
from borderlab.model.run.lever_inputs import Steering
from borderlab.model.run.measures import Tally, measure_ids, read, readers
from borderlab.model.run.trajectories import Course
from borderlab.model.run.world import Opening, World

DEFAULT_START = date(2027, 1, 4)
LONGEST_YEARS = 30.0
EARLIEST_START, LATEST_START = date(1900, 1, 1), date(2200, 12, 31)
"""Far enough within the calendar that whatever is dated from a run, a threat of a hundred years too, has a date."""
CHUNK = 4000
LARGEST = 20_000
"""Futures run together at most where there is one process: bounds memory."""

_Part = tuple[dict[str, Array], dict[str, NDArray[np.float32]], Any | None, dict[str, int]]
"""Measures, series, firing log (None without a strategy) and unknown indicators of consecutive futures."""


@dataclass(frozen=True)
class Run:
    """The result of a strategy in a set of futures.

    Attributes:
        strategy_id: what was run; ``none`` if nothing was moved.
        start, years: the period.
        weeks: first day of every week.
        measures: one number a future by measure id, float64 [n]; unit and aggregation stand in the indicator's row.
        series: weekly values of the indicators asked for, float32 [n, weeks].
        firings: log of the strategy's rules; None where nothing was run.
        indicators_unknown: indicators that rules read and that had no value, with weeks.
    """

    strategy_id: str
    start: date
    years: float
    weeks: tuple[date, ...]
    measures: dict[str, Array]
    series: dict[str, NDArray[np.float32]]
    firings: Any | None
    indicators_unknown: dict[str, int]


def run(
    strategy: Any | None,
    futures: Futures,
    *,
    start: date = DEFAULT_START,
    years: float = 10.0,
    record: Sequence[str] = (),
    every: int = 1,
    chunk: int = CHUNK,
) -> Run:
    """Run a strategy in futures. A future's result depends on itself and the strategy alone.

    Args:
        strategy: a checked strategy; None moves no lever.
        futures: any number.
        start: first day of the first week.
        years: how long, up to 30.
        record: indicators whose values over time are kept, float32 [n, weeks] each.
        every: they are kept as means over so many weeks, [n, weeks // every]; an unfinished stretch is left out.
        chunk: more futures than this are shared out over processes; changes speed and memory, never a result.

    Raises:
        InputError: no such indicator, or a period that cannot be run.
    """
    check_period(start, years)
    _check(record)
    weeks = max(round(years * WEEKS_PER_YEAR), 1)
    if strategy is not None:
        for kind, at in patterns_of(strategy):
            evaluator(kind, at)  # made once, before worker processes need it
    parts = _run_parts(strategy, futures, start, weeks, record, every, chunk)
    measures = {id_: np.concatenate([part[0][id_] for part in parts]) for id_ in measure_ids()}
    series = {id_: np.concatenate([part[1][id_] for part in parts]) for id_ in record}
    logs = [part[2] for part in parts if part[2] is not None]
    firings = type(logs[0]).joined(logs) if len(logs) > 1 else (logs[0] if logs else None)
    unknown = parts[0][3]
    dates = tuple(start + timedelta(days=7 * week) for week in range(weeks))
    name = "none" if strategy is None else strategy.id
    return Run(name, start, years, dates, measures, series, firings, unknown)


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


def _check(record: Sequence[str]) -> None:
    known = measure_ids()
    wrong = [id_ for id_ in record if id_ not in known]
    if wrong:
        raise InputError(
            [Problem(f"the model computes no indicator '{id_}'.", did_you_mean=nearest(id_, known)) for id_ in wrong]
        )


def _run_parts(
    strategy: Any | None, futures: Futures, start: date, weeks: int, record: Sequence[str], every: int, chunk: int
) -> list[_Part]:
    """Run consecutive parts of the futures, many at once in forked processes where the system has them.

    Threads would be slower than one: a week is a thousand short NumPy calls, which wait for the interpreter's lock.
    """
    cores = os.cpu_count() or 1
    forks = futures.n > chunk and cores > 1 and hasattr(os, "fork") and threading.active_count() == 1
    size = max(chunk, -(-futures.n // cores)) if forks else LARGEST
    pieces = [futures.take(slice(k, k + size)) for k in range(0, futures.n, size)] or [futures]
    jobs = [(strategy, piece, start, weeks, tuple(record), every) for piece in pieces]
    if not forks or len(pieces) == 1:
        return [_run_part(*job) for job in jobs]
    with ProcessPoolExecutor(
        min(len(pieces), cores),
        mp_context=multiprocessing.get_context("fork"),
        initializer=_begin_worker,
    ) as pool:
        _inherited[:] = jobs  # workers are forked when the first job is handed in: nothing is copied to them
        try:
            return list(pool.map(_run_inherited, range(len(jobs))))
        finally:
            _inherited.clear()


def _begin_worker() -> None:
    """Leave Ctrl-C to the parent, and spare the garbage collector what the parent had made."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.freeze()


_inherited: list[tuple[Any, ...]] = []


def _run_inherited(place: int) -> _Part:
    return _run_part(*_inherited[place])


@dataclass(frozen=True)
class Moment:
    """One week of a run as it unfolds. Arrays are valid until the next one."""

    week: int
    day: date
    seen: Mapping[str, Number]
    in_force: Any | None
    drive: Drive
    world: World
    runtime: Any | None


def moments(strategy: Any | None, futures: Futures, start: date, weeks: int) -> Iterator[Moment]:
    """Step a strategy and the model together, week by week: what was seen, what is in force, what the world is then."""
    settings = Settings(futures)
    world = World(settings, Opening())
    steering = Steering(settings, start)
    runtime = _runtime(strategy, futures.n, start, weeks)
    rows, known = indicators(), readers()
    reads = [id_ for id_ in runtime.reads if id_ in known and rows[id_].observable] if runtime else []
    seen: dict[str, Number] = {}
    for week in range(weeks):
        day = start + timedelta(days=7 * week)
        in_force = runtime.step(week, seen) if runtime is not None else None
        drive = steering.drive(week, in_force, world.effort.verified, world.institutions.hosting)
        if drive.leader_mx:
            _new_president(world, futures, day)
        world.step(drive)
        yield Moment(week, day, seen, in_force, drive, world, runtime)
        seen = read(world, reads)


def _run_part(
    strategy: Any | None, futures: Futures, start: date, weeks: int, record: Sequence[str], every: int = 1
) -> _Part:
    tally = Tally(futures.n)
    course = Course(record, futures.n, weeks, every)
    for now in moments(strategy, futures, start, weeks):
        tally.add(now.world)
        course.add(now.world, now.week)
    runtime = now.runtime
    log, unknown = (runtime.firings(), runtime.unknown()) if runtime is not None else (None, {})
    return tally.result(now.world), course.result(), log, unknown


def _runtime(strategy: Any | None, n: int, start: date, weeks: int) -> Any | None:
    if strategy is None:
        return None
    from borderlab.strategy.runtime.calendar import Calendar
    from borderlab.strategy.runtime.runtime import StrategyRuntime

    return StrategyRuntime(strategy, n, Calendar(start, weeks))


def _new_president(world: World, futures: Futures, day: date) -> None:
    """A new own effort, except where the variant "unwilling" holds."""
    unwilling = futures.chosen("capacity", "unwilling")
    world.effort.new_president(np.where(unwilling, world.effort.own, own_effort(futures.key, day)))
