"""A scenario at the crossings beside its baseline, every vehicle and every person one by one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from borderlab.api.commands import simulate_command
from borderlab.api.frames import course
from borderlab.api.html import card
from borderlab.api.plain import day_of
from borderlab.base.identity import Identity
from borderlab.base.problems import InputError, Problem, nearest
from borderlab.base.progress import Cancel, Progress, watched
from borderlab.base.progress import progress as work
from borderlab.crossings.outcomes.contract import simulation_object
from borderlab.crossings.outcomes.outcome import MEASURES, SIDES, Outcome
from borderlab.crossings.outcomes.simulate import ordinary_days
from borderlab.crossings.outcomes.simulate import simulate as simulate_scenario
from borderlab.crossings.scenarios.library import load_scenario
from borderlab.crossings.scenarios.scenario import Scenario

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

BY = ("lane", "crossing", "port", "region", "mode", "class", "all")
OVER = ("day", "month", "period", "span")
LIKELY_DAYS = 7


@dataclass(frozen=True, eq=False)
class Simulation:
    """The result of :func:`simulate`.

    Attributes:
        outcome: as the crossings give it.
        name: of the scenario, as it was asked for; None for ordinary days.
    """

    outcome: Outcome = field(repr=False)
    name: str | None

    @property
    def scenario(self) -> Scenario:
        """What was put in force."""
        return self.outcome.scenario

    @cached_property
    def identity(self) -> Identity:
        """What made the result."""
        return self.outcome.identity

    @property
    def hash(self) -> str:
        """Of the identity."""
        return self.identity.hash

    def table(self, by: str = "port", over: str = "month", measure: str = "served") -> pd.DataFrame:
        """Baseline, scenario, change and change in per cent; a row for each part and stretch of time.

        Args:
            by: lane, crossing, port, region, mode, class or all. over: day, month, period (of the scenario) or span
                (all days simulated).
            measure: one of :attr:`measures`; ``"all"`` gives every one, with columns (measure, side).

        Raises:
            InputError: with every word that is none of these.
        """
        import pandas as pd

        self._check(by, over, measure)
        found = self.outcome.table(by, over)
        sided = {f"{side}_{name}" for side in SIDES for name in MEASURES}
        keys = {name: column for name, column in found.items() if name not in sided}
        index = pd.MultiIndex.from_arrays(list(keys.values()), names=list(keys))
        wanted = list(MEASURES) if measure == "all" else [measure]
        parts = {}
        for name in wanted:
            before, after = (np.asarray(found[f"{side}_{name}"]) for side in SIDES)
            part = pd.DataFrame({"baseline": before, "scenario": after, "change": after - before}, index=index)
            with np.errstate(divide="ignore", invalid="ignore"):
                part["change_pct"] = np.where(before != 0, 100.0 * (after - before) / before, np.nan)
            parts[name] = part
        made = pd.concat(parts, axis=1, names=["measure", "side"]) if measure == "all" else parts[measure]
        units = {name: MEASURES[name][0] for name in wanted}
        if measure != "all":
            units = {**dict.fromkeys(("baseline", "scenario", "change"), units[measure]), "change_pct": "%"}
        made.attrs = {"units": units, "hash": self.hash, "direction": "northbound"}
        return made

    @property
    def measures(self) -> dict[str, str]:
        """Every measure of the tables, with its unit."""
        return {name: unit for name, (unit, _) in MEASURES.items()}

    @property
    def frame(self) -> pd.DataFrame:
        """Every measure by port and month."""
        return self.table("port", "month", "all")

    @cached_property
    def xr(self) -> xr.Dataset:
        """Measures that add up, and waits, by hour: [side, lane, hour]. Lanes carry crossing, class and mode."""
        import pandas as pd

        outcome = self.outcome
        sides = {side: outcome.hourly(side) for side in SIDES}
        names = [name for name in MEASURES if name in sides["baseline"]]
        values = {name: np.stack([sides[side][name] for side in SIDES]) for name in names}
        waits = []
        for side in SIDES:
            joined, wait = sides[side]["joined"], sides[side]["wait_sum_min"]
            waits.append(np.divide(wait, joined, out=np.full_like(wait, np.nan), where=joined > 0))
        values["mean_wait_min"] = np.stack(waits)
        places, classes, modes = zip(*outcome.lanes, strict=True)
        coordinates = {
            "side": list(SIDES),
            "lane": outcome.labels("lane"),
            "hour": pd.date_range(outcome.first, periods=outcome.n_hours, freq="h"),
            "crossing": ("lane", list(places)),
            "class": ("lane", list(classes)),
            "mode": ("lane", list(modes)),
        }
        units = {name: (MEASURES[name][0], name.replace("_", " ")) for name in values}
        return course(values, ("side", "lane", "hour"), coordinates, units, hash=self.hash)

    @property
    def diverted(self) -> pd.DataFrame:
        """Who went where instead: from, to, mode, entities on both sides."""
        from borderlab.api.frames import rows

        return rows(self.outcome.diverted(), hash=self.hash, units={"baseline": "entities", "scenario": "entities"})

    def to_json(self) -> dict[str, Any]:
        """What ``borderlab crossings simulate --json`` prints."""
        return simulation_object(self.outcome)

    def text(self, lang: str = "en") -> str:
        """What ``borderlab crossings simulate`` prints."""
        from borderlab.report.crossings.summary_text import brief_lines

        return "\n".join(brief_lines(self.outcome, lang))

    def report(self, path: str | Path, lang: str = "en") -> Path:
        """Write the report, one offline page in English or Spanish, and give its path."""
        from borderlab.report.crossings.page import build_page

        return build_page(self.outcome, lang, self.command(lang)).write(path)

    def save(
        self, folder: str | Path, lang: str = "en", *, progress: Progress | None = None, cancel: Cancel | None = None
    ) -> list[Path]:
        """Write report, JSON, tables and scenario into a folder: all of them or none. Gives what was written.

        Raises:
            InputError: the folder holds other things or cannot be written.
        """
        from borderlab.report.crossings.page import write_all

        with watched(progress, cancel), work("writing", 1.0) as advance:
            return write_all(self.outcome, Path(folder), lang, self.command(lang), advance)

    def command(self, lang: str = "en") -> str:
        """The command that makes the same report again."""
        return simulate_command(self.name, self.outcome.first, self.outcome.n_days, self.outcome.seed, lang)

    def _check(self, by: str, over: str, measure: str) -> None:
        problems = []
        for word, known, what in ((by, BY, "by"), (over, OVER, "over"), (measure, (*MEASURES, "all"), "measure")):
            if word not in known:
                cure = f"It takes {', '.join(known)}."
                problems.append(Problem(f"{what} is '{word}'.", did_you_mean=nearest(word, known), cure=cure))
        if problems:
            raise InputError(problems)

    def _repr_html_(self) -> str:
        facts = {
            "from": self.outcome.first,
            "to": self.outcome.last,
            "seed": self.outcome.seed,
            "hash": self.hash,
        }
        table = self.table("mode", "span")
        return card(self.scenario.title_en, facts, table)


def simulate(
    scenario: str | Path | Scenario | None = None,
    *,
    start: date | str | None = None,
    days: int | None = None,
    seed: int = 1,
    threads: int | None = None,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Simulation:
    """Simulate a scenario beside its baseline, or an ordinary stretch of days. Northbound.

    Args:
        scenario: a shipped one by name, a file, or a checked one; or leave it out and give ``start``.
        start, days: first day and number of days (7) of an ordinary stretch.
        seed: any whole number of 64 bits; 0 is a seed.
        threads: how many; the result is the same.
        progress: told of every step. cancel: stops the work when set.

    Raises:
        InputError: with everything that is wrong.
        Cancelled: ``cancel`` was set.
    """
    case, name = _asked(scenario, start, days, seed)
    with watched(progress, cancel), work("simulating", 1.0) as advance:
        step: Callable[[float], None] = advance
        return Simulation(simulate_scenario(case, seed, threads=threads, advance=step), name)


def check_folder(
    folder: str | Path,
    scenario: str | Path | Scenario | None = None,
    *,
    start: date | str | None = None,
    days: int | None = None,
    seed: int = 1,
) -> None:
    """Refuse a folder that :meth:`Simulation.save` could not use, once it is clear that the request can be met.

    Raises:
        InputError: of the request first; then the folder is a file, cannot be made, or holds other things.
    """
    from borderlab.base import safefile
    from borderlab.crossings.outcomes.export import MARKER

    _asked(scenario, start, days, seed)
    safefile.check_folder(folder, marker=MARKER)


def _asked(
    scenario: str | Path | Scenario | None, start: date | str | None, days: int | None, seed: int
) -> tuple[Scenario, str | None]:
    if not -(2**63) <= seed < 2**63:
        raise InputError(Problem(f"--seed is {seed}; it must fit in 64 bits."))
    return scenario_of(scenario, start, days)


def scenario_of(
    scenario: str | Path | Scenario | None, start: date | str | None, days: int | None
) -> tuple[Scenario, str | None]:
    """The scenario that is asked for, and its name; None for ordinary days.

    Raises:
        InputError: neither or both are given, there is no such scenario, or its file has faults.
    """
    if (scenario is None) == (start is None):
        raise InputError(
            Problem(
                "give either a scenario or --from.",
                cure="For example: borderlab crossings simulate texas-2022, or … simulate --from 2026-12-07 --days 7.",
            )
        )
    if scenario is None:
        return ordinary_days(day_of(start), LIKELY_DAYS if days is None else days), None
    if days is not None:
        raise InputError(Problem("--days goes with --from; a scenario has its own period."))
    if isinstance(scenario, Scenario):
        return scenario, scenario.id
    return load_scenario(scenario), str(scenario)


__all__ = ["BY", "OVER", "Simulation", "scenario_of", "simulate"]
