"""Strategies over many futures, side by side, and what one would have to believe for each to be the best."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from borderlab.api.commands import compare_command
from borderlab.api.distributions import Set, set_parameters
from borderlab.api.frames import course, days, frame, rows
from borderlab.api.futures import DrawnFutures, futures_of
from borderlab.api.futures import futures as draw
from borderlab.api.html import card
from borderlab.api.identity import Own
from borderlab.api.own import Modules, own_modules, own_tables, world_of
from borderlab.api.plain import day_of
from borderlab.api.run import Start
from borderlab.api.strategies import strategies_of
from borderlab.base.identity import Identity
from borderlab.base.problems import InputError, Problem
from borderlab.base.progress import Cancel, Progress, watched
from borderlab.base.progress import progress as work
from borderlab.evidence.tables.indicator import indicators
from borderlab.explore.answers import compare as room
from borderlab.explore.answers.contract import contract
from borderlab.explore.answers.findings import Findings, find
from borderlab.explore.results import comparison as results
from borderlab.explore.results.focus import focus, measure_id
from borderlab.explore.running.chunk import drawn_of, over
from borderlab.explore.running.memory import Finished, Kept
from borderlab.explore.running.plan import Plan
from borderlab.explore.running.scheduler import Scheduler
from borderlab.explore.running.store import Store
from borderlab.model.core.world import World
from borderlab.model.history.history_match import plausible
from borderlab.strategy.tree import tree

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

Several = Sequence[str | Path | tree.Strategy] | str | Path | tree.Strategy
HASHED = "comparison-<hash>"
"""Stands for a folder in the working directory that is named after the run, so that the same run is found again."""
_LOCK = threading.Lock()


@dataclass(frozen=True, eq=False)
class ComparisonResult:
    """The result of :func:`compare`, over plausible futures.

    Attributes:
        run: what was run. inner: as the exploration has it.
        folder: where the run is kept; None where it is in memory.
    """

    run: Finished = field(repr=False)
    inner: results.Comparison = field(repr=False)
    folder: Path | None = None
    _found: dict[str, Findings] = field(default_factory=dict, repr=False)

    @property
    def hash(self) -> str:
        """Of what made the result."""
        return self.inner.hash

    @property
    def identity(self) -> Identity:
        """What made the result."""
        return Identity.from_json(self.inner.identity)

    @property
    def strategies(self) -> list[str]:
        """Ids of the strategies, the status quo first."""
        return self.inner.ids

    @property
    def inputs(self) -> Mapping[str, Any]:
        """What it was made from, as plain values."""
        return self.inner.inputs

    @cached_property
    def frame(self) -> pd.DataFrame:
        """A row for each measure and strategy: median, band, expected value, regret, share that is good enough."""
        import pandas as pd

        parts = {one.id: self.robustness(one.id) for one in self.inner.measures}
        made = pd.concat(parts, names=["measure", "strategy"])
        made.attrs = {"hash": self.hash, "units": {one.id: one.unit for one in self.inner.measures}}
        return made

    @cached_property
    def measures(self) -> pd.DataFrame:
        """[(strategy, future) × measure]: one number a future; units in ``attrs["units"]``."""
        import pandas as pd

        known = indicators()
        values = {id_: array.ravel() for id_, array in self.inner.values.items()}
        made = pd.DataFrame(values)
        made.index = pd.MultiIndex.from_product([self.inner.ids, self.inner.index], names=["strategy", "future"])
        made.attrs = {"units": {id_: known[id_].unit for id_ in values}, "hash": self.hash}
        return made

    @cached_property
    def series(self) -> xr.Dataset:
        """Headline measures over time, [strategy, future, day]: means over four weeks."""
        known = indicators()
        units = {id_: (known[id_].unit, known[id_].name_en) for id_ in self.inner.course}
        coordinates = {
            "strategy": self.inner.ids,
            "future": self.inner.index,
            "day": days(self.inner.block_days),
        }
        return course(self.inner.course, ("strategy", "future", "day"), coordinates, units, hash=self.hash)

    @cached_property
    def futures(self) -> pd.DataFrame:
        """What was drawn for the plausible futures: a column for each unknown."""
        variables = self.inner.variables
        columns = {
            name: np.asarray(variables.categories[place])[variables.values[:, place].astype(np.intp)]
            if len(variables.categories[place])
            else variables.values[:, place]
            for place, name in enumerate(variables.names)
        }
        return frame(columns, self.inner.index, name="future", hash=self.hash)

    @property
    def plausible_share(self) -> float:
        """Share of the futures drawn that reproduce coded history."""
        return self.inner.plausible_share

    def robustness(self, measure: str) -> pd.DataFrame:
        """A row for each strategy: median, p05, p95, expected, regret_p90, regret_max, satisficing, and ranks by each.

        Args:
            measure: an id or a short word, like ``arrivals`` or ``cost-us``.

        Raises:
            InputError: there is no such measure, or it has no better or worse.
        """
        id_ = measure_id(measure)
        row, standing = indicators()[id_], self.inner.standing[id_]
        names = ("median", "p05", "p95", "expected", "regret_p90", "regret_max", "satisficing")
        columns: dict[str, Any] = {
            name: [np.nan if (value := getattr(one, name)) is None else value for one in standing] for name in names
        }
        ranked = self.inner.rank_changes[id_].all_ranks
        columns |= {f"rank_{metric}": ranks for metric, ranks in ranked.items()}
        units = dict.fromkeys(names[:-1], row.unit) | {"satisficing": "share"}
        return frame(
            columns, self.inner.ids, name="strategy", units=units, measure=id_, better=row.direction, hash=self.hash
        )

    def find(self, progress: Progress | None = None, cancel: Cancel | None = None) -> Findings:
        """What one would have to believe, how stable the figures are, what matters most. Worked out once.

        Raises:
            Cancelled: ``cancel`` was set.
        """
        with watched(progress, cancel):
            if "all" not in self._found:
                found = find(self.inner)
                with _LOCK:
                    self._found.setdefault("all", found)
            return self._found["all"]

    @property
    def beliefs(self) -> pd.DataFrame:
        """A row for each question "when is it better?", with its verdict, and what the answer is worth on unseen
        futures.
        """
        return rows(
            [
                {
                    "strategy": one.strategy,
                    "over": one.over,
                    "measure": one.measure,
                    "verdict": one.verdict,
                    "better": one.base,
                    "neither": one.neither,
                    "worse": one.worse,
                    "conditions": "; ".join(one.box.limits) if one.verdict == "holds" else "",
                    "density_unseen": one.unseen.get("density", np.nan),
                }
                for one in self.find().beliefs
            ],
            hash=self.hash,
        )

    def to_json(self) -> dict[str, Any]:
        """What ``borderlab compare --json`` prints."""
        return contract(self.inner, self.find())

    def text(self, lang: str = "en") -> str:
        """What ``borderlab compare`` prints."""
        from borderlab.report.comparison.text import lines

        return "\n".join(lines(self._done(), lang))

    def report(self, path: str | Path, lang: str = "en") -> Path:
        """Write the report, one offline page in English or Spanish, and give its path."""
        from borderlab.report.comparison.page import write_report

        return write_report(self._done(), Path(path), lang, compare_command(self.inner, lang))

    def save(self, folder: str | Path | None = None, *, netcdf: bool = False) -> Path:
        """Write ``results.json`` and the tables (Parquet; NetCDF if asked) into a folder, and give the folder.

        Args:
            folder: where; that in which the run is kept, if it is in one and nothing else is named.

        Raises:
            InputError: no folder is named, or it cannot be written.
        """
        target = self.folder if folder is None else Path(folder)
        if target is None:
            raise InputError("the comparison is in memory; name the folder to save it in.")
        if target != self.folder:
            from borderlab.base.safefile import folder_in

            folder_in(target.parent, target.name)
        room.write(self.inner, self.find(), target, netcdf=netcdf)
        return target

    def read_with(
        self, *, weights: Mapping[str, float] | None = None, thresholds: Mapping[str, float] | None = None
    ) -> ComparisonResult:
        """The same runs, read with other weights and thresholds; nothing is run again.

        Args:
            weights: measure → how much it counts. thresholds: measure → what is good enough, in its unit.
        """
        before = self.inner.inputs
        weighed = _by_id(weights) or before["weights"]
        judged = {**before["thresholds"], **_by_id(thresholds)}
        inner = room.enough(results.Comparison.read(self.run, weighed, judged))
        return ComparisonResult(self.run, inner, self.folder)

    def _done(self) -> room.Compared:
        return room.Compared(self.run, self.inner, self.find())

    def _repr_html_(self) -> str:
        facts = {
            "futures drawn": self.inner.drawn,
            "plausible": f"{self.plausible_share:.1%}",
            "years": f"{float(self.inputs['years']):g}",
            "hash": self.hash,
        }
        rows_ = focus()
        medians = self.frame["median"].unstack("strategy")[self.inner.ids]
        return card("ComparisonResult", facts, medians.loc[[id_ for id_ in rows_ if id_ in medians.index]])


@dataclass(frozen=True)
class _Asked:
    """How a comparison is to be read."""

    weights: dict[str, float]
    thresholds: dict[str, float]


def compare(
    strategies: Several = (),
    *,
    futures: int | DrawnFutures = 2000,
    years: float = 10.0,
    seed: int = 1,
    start: Start = None,
    set: Set = (),
    weights: Mapping[str, float] | None = None,
    thresholds: Mapping[str, float] | None = None,
    modules: Modules = (),
    everything: bool = False,
    out: str | Path | None = None,
    chunk: int | None = None,
    workers: int | None = None,
    scheduler: Scheduler | str | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> ComparisonResult:
    """Compare strategies over many futures; the status quo is always among them. Only plausible futures count.

    Args:
        strategies: shipped ids, files, or :class:`Strategy`; none: the shipped ones.
        futures: how many to draw, or :func:`futures`.
        years: how long each is. start: first day. seed: of the draw, where ``futures`` is a number.
        set: parameters that are set or narrowed, as :func:`futures` takes them.
        weights: measure → how much it counts. thresholds: measure → what is good enough, in its unit.
        modules: own modules of the model, by which history is judged, too.
        everything: also run the futures that history rules out; they are stored in ``out`` and never quoted.
        out: a folder to keep the run in, so that it can be gone on with after a kill; :data:`HASHED`: one named after
            the hash of the run; None: it is kept in memory.
        chunk, workers, scheduler: with ``out``, how the work is cut and shared out; they change no number.
        progress: told of every step. cancel: stops the work when set.

    Raises:
        InputError: with everything that is wrong.
        Cancelled: ``cancel`` was set; what is done in ``out`` stays done.
    """
    chosen = strategies_of(_listed(strategies))
    asked = _Asked(_by_id(weights), _by_id(thresholds))
    with watched(progress, cancel):
        if out is None:
            _only_in_folder(chunk=chunk, workers=workers, scheduler=scheduler, everything=everything or None)
            return _in_memory(chosen, futures, years, seed, start, modules, asked, set=set)
        if isinstance(futures, DrawnFutures) and futures.simple and not modules:
            futures, seed, set = _as_drawn(futures.set(set) if set else futures)
        if isinstance(futures, DrawnFutures) or modules or own_tables():
            cause = "a run with modules, tables, distributions or futures of one's own cannot be gone on with."
            raise InputError(Problem(cause, cure="Leave out 'out', and keep the result with .save(folder)."))
        plan = room.plan_of(
            chosen, futures=futures, years=float(years), seed=seed, start=day_of(start), everything=everything,
            chunk=chunk, changes=set_parameters(set), weights=asked.weights,
            thresholds=asked.thresholds,
        )  # fmt: skip
        folder = room.default_folder(plan) if out == HASHED else Path(out)
        store = room.run(plan, folder, workers=workers, scheduler=scheduler)
        return ComparisonResult(
            store, room.read(store, weights=asked.weights, thresholds=asked.thresholds), store.folder
        )


def resume(
    folder: str | Path,
    *,
    same: Mapping[str, Any] | None = None,
    weights: Mapping[str, float] | None = None,
    thresholds: Mapping[str, float] | None = None,
    workers: int | None = None,
    scheduler: Scheduler | str | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> ComparisonResult:
    """Go on with a comparison that was kept in a folder and was stopped.

    Args:
        same: what must be as it was begun, by name: futures, years, seed, all, chunk.

    Raises:
        InputError: it is another run, or by another version of code, tables or libraries; says what differs.
    """
    weighed, judged = _by_id(weights), _by_id(thresholds)
    with watched(progress, cancel):
        store = Store.open(folder)
        room.check_same(store, same or {})
        if store.damaged:
            from borderlab.base.progress import remark

            remark(f"{len(store.damaged)} damaged chunks are made again.")
        room.go_on(store, workers=workers, scheduler=scheduler)
        return ComparisonResult(store, room.read(store, weights=weighed, thresholds=judged), store.folder)


def open_comparison(
    folder: str | Path,
    *,
    weights: Mapping[str, float] | None = None,
    thresholds: Mapping[str, float] | None = None,
) -> ComparisonResult:
    """A finished comparison that was kept in a folder, read again; one by another version will do.

    Raises:
        InputError: there is none, it is not finished, or it is damaged.
    """
    store = Store.open(folder, to_read=True)
    inner = room.read(store, weights=_by_id(weights), thresholds=_by_id(thresholds))
    return ComparisonResult(store, inner, store.folder)


def compared(
    strategies: Several, *, futures: int | DrawnFutures, years: float, seed: int, start: Start, modules: Modules,
    set: Set, out: str | Path | None, workers: int | None, fewest: int = 2,
) -> ComparisonResult:  # fmt: skip
    """The comparison that a question is asked of, in memory or kept in ``out``."""
    chosen = strategies_of(_listed(strategies), all_of_them=False)
    if out is None:
        return _in_memory(chosen, futures, years, seed, start, modules, _Asked({}, {}), fewest, set)
    if isinstance(futures, DrawnFutures) or modules:
        return compare(chosen, futures=futures, years=years, seed=seed, start=start, set=set, modules=modules, out=out)
    plan = room.plan_of(
        chosen,
        futures=futures,
        years=float(years),
        seed=seed,
        start=day_of(start),
        fewest=fewest,
        changes=set_parameters(set),
    )
    store = room.run(plan, Path(out), workers=workers)
    return ComparisonResult(store, room.read(store), store.folder)


def _in_memory(
    chosen: list[Any],
    futures: int | DrawnFutures,
    years: float,
    seed: int,
    start: Start,
    modules: Modules,
    asked: _Asked,
    fewest: int = 2,
    set: Set = (),
) -> ComparisonResult:
    world = world_of(modules)
    if not isinstance(futures, DrawnFutures):  # bounds are checked before anything is drawn
        room.plan_of(chosen, futures=futures, years=float(years), seed=seed, start=day_of(start), fewest=fewest)
        futures = draw(futures, seed=seed, set=set)
    else:
        futures = futures_of(futures, seed, set=set)
    own = replace(futures.own, modules=own_modules(modules).modules)
    plan = room.plan_of(
        chosen, futures=futures.drawn, years=float(years), seed=futures.seed, start=day_of(start), fewest=fewest,
        world=world, changes=tuple(own.set.values()), own=_own_inputs(futures, own), weights=asked.weights,
        thresholds=asked.thresholds,
    )  # fmt: skip
    run = Kept(plan, _run(chosen, futures, plan, world))
    return ComparisonResult(run, room.enough(results.Comparison.read(run, asked.weights, asked.thresholds)))


def _run(chosen: list[Any], futures: DrawnFutures, plan: Plan, world: World | None) -> dict[str, np.ndarray]:
    whole = futures.whole
    judged = futures.judged if world is futures.world else plausible(whole, world=world)
    mask = judged.mask
    some = mask if mask.any() else np.arange(whole.n) < 1  # one is run for the shapes and then left out
    part = whole.take(np.flatnonzero(some))
    arrays: dict[str, np.ndarray] = {
        "plausible": mask,
        "index": np.flatnonzero(some),
        "facts": np.stack([judged.facts[name] for name in judged.facts]),
        "drawn": drawn_of(part, plan.inputs["unknowns"]),
    }
    with work("compare", len(chosen) * part.n) as advance:
        told = 0

        def done(count: int) -> None:
            nonlocal told
            advance(count - told)
            told = count

        arrays |= over(chosen, part, mask[some], plan.inputs, world=world, done=done)
    return arrays


def _own_inputs(futures: DrawnFutures, own: Own) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if own.plain():
        found["own"] = own.plain()
    if not futures.simple or futures.whole.first:
        found["drawn"] = futures.content
    return found


def _as_drawn(futures: DrawnFutures) -> tuple[int | DrawnFutures, int, Set]:
    """A plain draw as what draws it again."""
    if futures.whole.first:
        return futures, futures.seed, ()
    return futures.drawn, futures.seed, tuple(futures.own.set.values())


def _only_in_folder(**given: Any) -> None:
    problems = [
        Problem(f"'{name}' says how a run in a folder is made.", cure="Name the folder with 'out'.")
        for name, value in given.items()
        if value is not None
    ]
    if problems:
        raise InputError(problems)


def _listed(strategies: Several) -> list[Any]:
    return [strategies] if isinstance(strategies, str | Path | tree.Strategy) else list(strategies)


def _by_id(given: Mapping[str, float] | None) -> dict[str, float]:
    """Weights or thresholds by measure id; short words are taken."""
    return {measure_id(name): float(value) for name, value in (given or {}).items()}
