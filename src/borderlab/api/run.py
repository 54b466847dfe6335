"""A strategy in many futures, beside the status quo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from borderlab.api.distributions import Set
from borderlab.api.frames import course, days, frame, rows
from borderlab.api.futures import DrawnFutures, futures_of
from borderlab.api.futures import futures as draw
from borderlab.api.html import card
from borderlab.api.identity import Own, identity_of
from borderlab.api.own import Modules, own_modules, world_of
from borderlab.api.plain import day_of, finite
from borderlab.api.strategies import BASELINE, Strategy, strategy_of
from borderlab.base.identity import Identity
from borderlab.base.problems import InputError
from borderlab.base.progress import Cancel, Progress, watched
from borderlab.base.progress import progress as work
from borderlab.evidence.tables.indicator import indicators
from borderlab.model.border.patterns import fit_missing, surfaces_of
from borderlab.model.core.world import World
from borderlab.model.run import run as model
from borderlab.model.run.worlds import today
from borderlab.report.story.run import MARKER, Summary
from borderlab.strategy.tree import tree

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

Start = date | str | None


@dataclass(frozen=True, eq=False)
class RunResult:
    """The result of :func:`run`.

    Attributes:
        strategy: what was run. futures: in which futures.
        start, years: the period.
        result: as the model gives it, a value for each of ``futures``.
        baseline: the status quo in the same futures; None where it was not asked for.
        units: measure → unit.
    """

    strategy: Strategy
    futures: DrawnFutures = field(repr=False)
    start: date
    years: float
    result: model.Run = field(repr=False)
    baseline: model.Run | None = field(repr=False)
    units: Mapping[str, str] = field(repr=False)
    identity: Identity = field(repr=False)
    own: Own = field(repr=False)

    @property
    def hash(self) -> str:
        """Of what made the result."""
        return self.identity.hash

    @cached_property
    def measures(self) -> pd.DataFrame:
        """[future × measure]: one number a future; units in ``attrs["units"]``."""
        return frame(self.result.measures, self.futures.index, name="future", units=self.units, hash=self.hash)

    @cached_property
    def baseline_measures(self) -> pd.DataFrame:
        """The same of the status quo in the same futures."""
        return frame(self._beside.measures, self.futures.index, name="future", units=self.units, hash=self.hash)

    @cached_property
    def series(self) -> xr.Dataset:
        """What was recorded, [future, day]: weekly values, or means over ``every`` weeks."""
        values = self.result.series
        known = indicators()
        stretches = next(iter(values.values())).shape[1] if values else 0
        every = len(self.result.weeks) // stretches if stretches else 1
        coordinates = {"future": self.futures.index, "day": days(self.result.weeks[: stretches * every : every])}
        named = {id_: (self.units.get(id_, ""), known[id_].name_en if id_ in known else id_) for id_ in values}
        return course(values, ("future", "day"), coordinates, named, hash=self.hash, strategy=self.strategy.id)

    @cached_property
    def frame(self) -> pd.DataFrame:
        """A row for each measure: median and 5–95 % band over plausible futures, beside the status quo."""
        found = self.summary.contract()["measures"]
        return rows([{"measure": id_, **row} for id_, row in found.items()], "measure", hash=self.hash)

    @property
    def firings(self) -> pd.DataFrame:
        """A row for each rule: the share of futures in which it fired, and medians of date and weeks in force."""
        log = self.result.firings
        return rows(log.summary() if log is not None else [], "rule", hash=self.hash)

    @cached_property
    def summary(self) -> Summary:
        """Medians and bands over plausible futures, and what they rest on.

        Raises:
            InputError: the run was made without a baseline, or none of its futures is plausible.
        """
        keep = self.futures.plausible_here
        if not keep.any():
            raise InputError(f"none of {len(keep)} futures reproduces coded history.")
        mine, beside = self.result, self._beside
        if not keep.all():
            mine, beside = restricted(mine, keep), restricted(beside, keep)
        return Summary(
            self.strategy, self.futures.drawn, self.futures.seed, int(keep.sum()), mine, beside, self.units,
            self.identity, (*self.own.set.values(), *self.strategy.parameters), self.own.words(),
        )  # fmt: skip

    @property
    def _beside(self) -> model.Run:
        if self.baseline is None:
            raise InputError("the run was made without a baseline; leave out baseline=None.")
        return self.baseline

    def to_json(self) -> dict[str, Any]:
        """What ``borderlab run --json`` prints."""
        found: dict[str, Any] = finite(self.summary.contract())
        return found

    def text(self, lang: str = "en", *, every: bool = False) -> str:
        """What ``borderlab run`` prints; ``every`` shows all measures, not the main ones."""
        return "\n".join(self.summary.lines(lang, every=every))

    def explain(self, future: int, lang: str = "en") -> str:
        """One future told week by week; ``future`` is its number."""
        from borderlab.report.story.future import story

        place = np.flatnonzero(self.futures.index == future)
        if not len(place):
            raise InputError(f"there is no future {future} among these; see .futures.index.")
        one = self.futures.inner.take(place)
        return "\n".join(story(self.strategy, one, start=self.start, years=self.years, lang=lang))

    def report(self, path: str | Path, lang: str = "en") -> Path:
        """Write one offline page of the result, in English or Spanish, and give its path."""
        from borderlab.report.story.run_page import run_page

        return run_page(self.summary, lang).write(path)

    def save(self, folder: str | Path) -> Path:
        """Write the result into a folder: JSON, measures as CSV, notes, the strategy's files. Whole or not at all.

        Raises:
            InputError: the folder holds other things or cannot be written.
        """
        from borderlab.base.safefile import whole_folder

        with whole_folder(Path(folder), marker=MARKER) as part:
            self.summary.write_into(part)
        return Path(folder)

    def _repr_html_(self) -> str:
        facts = {"years": f"{self.years:g}", "futures": len(self.futures), "hash": self.hash}
        table = self.frame if self.baseline is not None else self.measures.describe().T
        return card(self.strategy.title.get("en") or self.strategy.id, facts, table)


def run(
    strategy: str | Path | tree.Strategy,
    *,
    futures: int | DrawnFutures = 1000,
    years: float = 10.0,
    seed: int = 1,
    start: Start = None,
    set: Set = (),
    record: Sequence[str] = (),
    every: int = 1,
    baseline: str | Path | tree.Strategy | None = BASELINE,
    modules: Modules = (),
    threads: int | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> RunResult:
    """Run a strategy in many futures.

    Args:
        strategy: a shipped id, a file, or a :class:`Strategy`.
        futures: as many are drawn and the plausible ones kept; or :func:`futures`, run as they are.
        years: how long, up to 30. start: first day, a date or like ``"2027-01-04"``.
        seed: of the draw, where ``futures`` is a number.
        set: parameters that are set or narrowed, as :func:`futures` takes them.
        record: measures whose course over time is kept, in ``.series``. every: as means over so many weeks.
        baseline: what it is set beside; None for nothing, which is quicker.
        modules: own modules of the model in place of shipped ones of the same name, or beside them.
        threads: how many; changes speed alone.
        progress: told of every step. cancel: stops the work when set.

    Raises:
        InputError: with everything that is wrong.
        Cancelled: ``cancel`` was set.
    """
    with watched(progress, cancel):
        chosen, first, world = strategy_of(strategy), day_of(start), world_of(modules)
        beside = None if baseline is None else strategy_of(baseline)
        model.check_period(first, years)
        given = futures_of(futures, seed, world, set)
        same = beside is not None and beside.hash == chosen.hash
        many = 2 if beside is not None and not same else 1
        with work("futures", many * max(len(given), 1)) as advance:
            mine = _taken(chosen, given, first, years, record, every, world, threads, advance)
            other = mine if same else None
            if beside is not None and not same:
                other = _taken(beside, given, first, years, (), 1, world, threads, advance)
    own = replace(given.own, modules=own_modules(modules).modules)
    compared = [chosen] if beside is None else [chosen, beside]
    inputs = {
        "strategy": chosen.essence(),
        "baseline": None if beside is None else beside.essence(),
        **given.inputs(),
        "years": float(years),
        "start": first.isoformat(),
        "surfaces": {name: said for one in compared for name, said in surfaces_of(one).items()},
    }
    identity = identity_of("run", inputs, own)
    return RunResult(chosen, given, first, float(years), mine, other, units_of(world), identity, own)


def explain_future(
    strategy: str | Path | tree.Strategy,
    future: int,
    *,
    futures: int = 1000,
    seed: int = 1,
    start: Start = None,
    years: float = 10.0,
    set: Set = (),
    lang: str = "en",
) -> str:
    """One future of a draw told week by week: what ``borderlab run --explain`` prints.

    Raises:
        InputError: there is no such future, or something cannot be run.
    """
    from borderlab.report.story.future import told

    chosen, first = strategy_of(strategy), day_of(start)
    if not 0 <= future < futures:
        raise InputError(f"there is no future {future} among {futures}; they are counted from 0.")
    one = draw(1, seed=seed, first=future, set=set)
    return "\n".join(
        told(chosen, one.inner, future, fits=bool(one.judged.mask[0]), start=first, years=years, lang=lang)
    )


def check_folder(folder: str | Path) -> None:
    """Refuse a folder that :meth:`RunResult.save` could not use.

    Raises:
        InputError: it is a file, cannot be made, or holds other things.
    """
    from borderlab.base import safefile

    safefile.check_folder(folder, marker=MARKER)


def fit_surfaces(
    strategy: str | Path | tree.Strategy, *, progress: Progress | None = None, cancel: Cancel | None = None
) -> int:
    """Make the response surfaces that a strategy needs and that are not there: minutes each. Gives how many.

    Raises:
        Cancelled: ``cancel`` was set; those that are done are kept.
    """
    with watched(progress, cancel):
        return fit_missing(strategy_of(strategy))


def _taken(
    strategy: Strategy,
    given: DrawnFutures,
    start: date,
    years: float,
    record: Sequence[str],
    every: int,
    world: World | None,
    threads: int | None,
    advance: Any,
) -> model.Run:
    told = 0

    def done(count: int) -> None:
        nonlocal told
        advance(count - told)
        told = count

    return model.run(
        strategy, given.inner, start=start, years=years, record=tuple(record), every=every, world=world,
        threads=threads, done=done,
    )  # fmt: skip


def units_of(world: World | None) -> dict[str, str]:
    """Measure → unit: of its indicator, or as the module that writes it has it."""
    known, found = indicators(), {}
    for id_, (wired, measure) in (world or today()).measures.items():
        declared = wired.module.writes.get(measure.variable) or wired.module.state.get(measure.variable)
        found[id_] = known[id_].unit if id_ in known else str(declared or "")
    return found


def restricted(done: model.Run, keep: np.ndarray) -> model.Run:
    """The same run over some of its futures (bool [n])."""
    log = done.firings
    if log is not None:
        place = np.cumsum(keep) - 1
        mine = keep[log.columns[1]]
        columns = log.columns[:, mine].copy()
        columns[1] = place[columns[1]]
        log = replace(log, columns=columns, first=log.first[:, mine], last=log.last[:, mine], n_futures=int(keep.sum()))
    return replace(
        done,
        measures={id_: values[keep] for id_, values in done.measures.items()},
        series={id_: values[keep] for id_, values in done.series.items()},
        firings=log,
    )
