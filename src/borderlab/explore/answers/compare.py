"""The main job: compare strategies over many futures, keep everything, say what one would have to believe."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from borderlab.base.machine import check_memory
from borderlab.base.problems import InputError, Problem
from borderlab.base.safefile import folder_in, whole_file
from borderlab.evidence.tables.assumption import Assumption
from borderlab.evidence.tables.indicator import indicators
from borderlab.explore.answers import contract as results
from borderlab.explore.answers.findings import Findings, find
from borderlab.explore.results import frames as tables
from borderlab.explore.results.comparison import Comparison
from borderlab.explore.results.focus import focus
from borderlab.explore.running.chunk import BLOCK_WEEKS
from borderlab.explore.running.execute import run_missing
from borderlab.explore.running.memory import Finished
from borderlab.explore.running.plan import Plan
from borderlab.explore.running.scheduler import Scheduler
from borderlab.explore.running.store import Store
from borderlab.explore.running.workers import STRATEGIES
from borderlab.model.core.world import World
from borderlab.strategy.tree.tree import Strategy

CHUNK = 10_000
MOST_FUTURES = 1_000_000
_MOST_PLAUSIBLE = 0.15
"""History leaves one drawn future in eight; a little more is reckoned with."""


@dataclass(frozen=True)
class Compared:
    """A finished comparison and what was found in it. ``files``: what was written."""

    store: Finished
    comparison: Comparison
    findings: Findings
    files: tuple[Path, ...] = ()


def plan_of(
    strategies: Sequence[Strategy],
    *,
    futures: int = 2000,
    years: float = 10,
    seed: int = 1,
    start: date | None = None,
    weights: Mapping[str, float] | None = None,
    thresholds: Mapping[str, float] | None = None,
    everything: bool = False,
    chunk: int | None = None,
    worker: str = STRATEGIES,
    fewest: int = 2,
    changes: Sequence[Assumption] = (),
    world: World | None = None,
    own: Mapping[str, Any] | None = None,
) -> Plan:
    """The plan of a comparison; the status quo must come first.

    Args:
        everything: also run the futures that history rules out (they are stored, never quoted).
        chunk: futures at a time, if it is not to be chosen by their number.
        fewest: strategies needed, the status quo among them.
        changes: parameters set by the user, for all strategies.
        world: other modules than the shipped ones. own: what else of the run is the user's own, as plain values.

    Raises:
        InputError: a number out of bounds.
    """
    from borderlab.model.futures.futures import MOST_SEED, drawn_parameters
    from borderlab.model.run.measures import measure_ids
    from borderlab.model.run.run import DEFAULT_START, LONGEST_YEARS

    problems = []
    if not 20 <= futures <= MOST_FUTURES:
        problems.append(Problem(f"--futures is {futures}.", cure=f"Give 20 to {MOST_FUTURES}."))
    if not 1 <= years <= LONGEST_YEARS:
        problems.append(Problem(f"--years is {years:g}.", cure=f"Give 1 to {LONGEST_YEARS:g}."))
    if not 0 <= seed < MOST_SEED:
        problems.append(Problem(f"--seed is {seed}.", cure="Give 0 to 9,223,372,036,854,775,807."))
    if len(strategies) < fewest:
        problems.append(Problem("there is nothing to compare but the status quo.", cure="Name another strategy."))
    if problems:
        raise InputError(problems)
    known = measure_ids(world)
    inputs: dict[str, Any] = {
        "strategies": [strategy.as_dict() for strategy in strategies],
        "seed": seed,
        "start": (start or DEFAULT_START).isoformat(),
        "years": years,
        "measures": [id_ for id_ in known if id_ in indicators()],
        "series": [row.id for row in focus().values() if row.series and row.id in known],
        "unknowns": {
            name: list(row.options()) if row.distribution == "choice" else None
            for name, row in drawn_parameters().items()
        },
        "surfaces": _surfaces(strategies),
        "set": {change.id: change.as_json() for change in changes},
        "everything": everything,
        "weights": dict(weights or {}),
        "thresholds": dict(thresholds or {}),
        **(own or {}),
    }
    size = chunk or min(futures, CHUNK)
    _check_memory(inputs, futures, min(size, futures))
    # A week costs nearly the same for a hundred futures as for a thousand, and history leaves about one drawn future in
    # eight: few futures at a time are slow. One strategy a chunk shares out the work and is what a kill can lose.
    return Plan(worker, json.loads(json.dumps(inputs)), futures, size, apart="strategies")


def _surfaces(strategies: Sequence[Strategy]) -> dict[str, str]:
    """What serves each pattern of restrictions, by content: other surfaces would be another run."""
    from borderlab.model.border.patterns import surfaces_of

    return {pattern: content for strategy in strategies for pattern, content in surfaces_of(strategy).items()}


def _check_memory(inputs: Mapping[str, Any], futures: int, chunk: int) -> None:
    """Refuse a run whose chunks could not be drawn, or whose results could not be read back, on this machine."""
    from borderlab.model.core.rates import WEEKS_PER_YEAR
    from borderlab.model.futures.futures import check_drawn

    check_drawn(futures, f"--futures {futures}, {chunk:,} at a time", at_once=chunk)
    blocks = inputs["years"] * WEEKS_PER_YEAR / BLOCK_WEEKS
    each = len(inputs["strategies"]) * (8 * len(inputs["measures"]) + 4 * len(inputs["series"]) * blocks)
    kept = futures * (1.0 if inputs["everything"] else _MOST_PLAUSIBLE)
    # Chunk by chunk, then joined: for a moment all of it stands there twice.
    check_memory(2 * kept * each, f"--futures {futures}", "Ask for fewer futures, years or strategies.")


def default_folder(plan: Plan) -> Path:
    """A folder named after the run, so that the same run is found again."""
    return Path(f"comparison-{plan.hash[:8]}")


def run(plan: Plan, folder: Path, *, workers: int | None = None, scheduler: Scheduler | str | None = None) -> Store:
    """Run a plan in its folder; what is there already is not run again. A run that keeps nothing keeps no folder.

    Raises:
        InputError: as :class:`Store` and :func:`run_missing` say.
    """
    store = Store.create(folder, plan)
    try:
        return go_on(store, workers=workers, scheduler=scheduler)
    except BaseException:
        if not store.done:
            store.discard()
        raise


@contextmanager
def folder_for(out: Path | None) -> Iterator[Path]:
    """The folder named, or one that goes when the question is answered, for who asked for an answer and not a run."""
    if out is not None:
        yield out
        return
    with TemporaryDirectory(prefix="borderlab-") as home:
        yield Path(home) / "run"


def check_same(store: Store, asked: Mapping[str, Any]) -> None:
    """Refuse to go on with a run as if it were another one.

    Args:
        asked: what is wanted of the run to go on with, by the name of the option: futures, years, seed, all, chunk.

    Raises:
        InputError: with every option that differs from what the run was begun with.
    """
    plan = store.plan
    begun = {"futures": plan.futures, "chunk": plan.chunk, "all": plan.inputs["everything"]}
    begun |= {name: plan.inputs[name] for name in ("years", "seed")}
    problems = []
    for name, value in asked.items():
        if value == begun[name]:
            continue
        if name == "all":
            was = "with --all" if begun[name] else "without --all"
            problems.append(Problem(f"the run was begun {was}.", str(store.folder)))
        else:
            problems.append(
                Problem(f"--{name} is {value:g}; the run was begun with {begun[name]:g}.", str(store.folder))
            )
    if problems:
        cure = "Leave it out to go on with that run, or begin another one with --out and a new folder."
        raise InputError([*problems[:-1], replace(problems[-1], cure=cure)])


def go_on(store: Store, *, workers: int | None = None, scheduler: Scheduler | str | None = None) -> Store:
    """Run what a store still misses."""
    run_missing(store, workers=workers, scheduler=scheduler)
    return store


def read(
    store: Store, *, weights: Mapping[str, float] | None = None, thresholds: Mapping[str, float] | None = None
) -> Comparison:
    """The comparison in a finished run; ``weights`` and ``thresholds`` replace those it was begun with.

    Raises:
        InputError: the run is not finished, or too few of its futures are plausible.
    """
    if not store.finished:
        raise InputError(
            Problem(
                f"the run is not finished: {len(store.missing)} of {store.plan.chunks} chunks are missing.",
                str(store.folder),
                cure=f"Go on with: borderlab compare --resume {store.folder}",
            )
        )
    inputs = store.plan.inputs
    comparison = Comparison.read(store, weights or inputs["weights"], {**inputs["thresholds"], **(thresholds or {})})
    try:
        return enough(comparison)
    except InputError:
        store.discard()
        raise


def enough(comparison: Comparison) -> Comparison:
    """The same comparison.

    Raises:
        InputError: too few of its futures are plausible to say anything.
    """
    if len(comparison.index) < 5:
        raise InputError(
            Problem(
                f"{len(comparison.index)} of {comparison.drawn} futures are plausible: too few to say anything.",
                cure="Draw more with --futures.",
            )
        )
    return comparison


def finish(
    store: Store,
    *,
    weights: Mapping[str, float] | None = None,
    thresholds: Mapping[str, float] | None = None,
    netcdf: bool = False,
) -> Compared:
    """Read a finished run, find what it says, and write ``results.json`` and the tables beside it."""
    comparison = read(store, weights=weights, thresholds=thresholds)
    findings = find(comparison)
    return Compared(store, comparison, findings, write(comparison, findings, store.folder, netcdf=netcdf))


def write(comparison: Comparison, findings: Findings, folder: Path, *, netcdf: bool = False) -> tuple[Path, ...]:
    """Write ``results.json`` and the tables into a folder, and give what was written."""
    files = [folder / "results.json"]
    with whole_file(files[0]) as part:
        text = json.dumps(results.full(comparison, findings), ensure_ascii=False, indent=1, allow_nan=False)
        part.write_text(text + "\n", encoding="utf-8")
    files += tables.write_tables(comparison, folder_in(folder, "tables"))
    if netcdf:
        files.append(folder / "results.nc")
        tables.write_netcdf(comparison, files[-1])
    return tuple(files)
