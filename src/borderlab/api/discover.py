"""Conditions under which an outcome occurs, in any table of runs (scenario discovery by PRIM)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from borderlab.api.frames import rows
from borderlab.api.html import card
from borderlab.api.identity import identity_of
from borderlab.base.identity import Identity, hash_of
from borderlab.base.problems import InputError, Problem
from borderlab.base.progress import Cancel, Progress, watched
from borderlab.explore.discovery import discover as room
from borderlab.explore.discovery.prim import PrimSettings
from borderlab.explore.discovery.runs_table import RunsTable, column_names, read_runs, runs_of

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Discovery:
    """The result of :func:`discover`. ``boxes``: found one after the other, each with its checks."""

    boxes: tuple[room.Found, ...]
    table: RunsTable = field(repr=False)
    settings: PrimSettings
    identity: Identity = field(repr=False)

    @property
    def hash(self) -> str:
        """Of the identity."""
        return self.identity.hash

    @property
    def frame(self) -> pd.DataFrame:
        """A row for each limit of each box: column, low and high or the options, with the box's worth."""
        found = []
        for number, one in enumerate(self.boxes, start=1):
            for name, limits in one.box.limits.items():
                words = isinstance(limits[0], str)
                found.append(
                    {
                        "box": number,
                        "column": name,
                        "low": np.nan if words else limits[0],
                        "high": np.nan if words else limits[1],
                        "one_of": list(limits) if words else None,
                        "quasi_p": max(one.quasi_p[name]),
                        "coverage": one.score.coverage,
                        "density": one.score.density,
                        "mass": one.score.mass,
                    }
                )
        return rows(found, "box", hash=self.hash)

    def trajectory(self, box: int = 1) -> pd.DataFrame:
        """Coverage, density, mass and restricted columns at each step of the walk to a box, from 1."""
        return rows([score.as_json() for score in self.boxes[box - 1].walk.scores], hash=self.hash)

    def to_json(self) -> dict[str, Any]:
        """What ``borderlab discover --json`` prints."""
        return {"boxes": [one.as_json() for one in self.boxes]}

    def text(self, lang: str = "en") -> str:
        """What ``borderlab discover`` prints."""
        return "\n".join(room.lines(self.table, list(self.boxes), self.settings))

    def report(self, path: str | Path, lang: str = "en") -> Path:
        """Write the result as one offline page, and give its path."""
        from borderlab.report.page.text_page import text_page

        return text_page("Scenario discovery", self.text(lang), lang, self.hash).write(path)

    def _repr_html_(self) -> str:
        return card("Scenario discovery", {"boxes": len(self.boxes), "hash": self.hash}, self.frame)


def discover(
    runs: str | Path | pd.DataFrame,
    outcome: str,
    over: Sequence[str],
    *,
    threshold: float = 0.8,
    alpha: float = 0.05,
    paste: float = 0.05,
    least_mass: float = 0.05,
    step: int | None = None,
    seed: int = 1,
    check: bool = True,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Discovery:
    """Find the conditions under which an outcome occurs.

    Args:
        runs: a CSV file or a DataFrame with one run a row. outcome: the column with 1 for runs of interest, else 0.
        over: columns to search over.
        threshold: share of hits that a box must reach. alpha: share of runs that one peel takes off. paste: share that
            one paste gives back. least_mass: smallest share of runs in a box.
        step: report this step of the first walk, not its last.
        seed: of the checks by resampling. check: also score on runs that the search has not seen.
        progress: told of every step. cancel: stops the work when set.

    Raises:
        InputError: with every fault of the table or of the settings.
        Cancelled: ``cancel`` was set.
    """
    settings = _settings(threshold=threshold, peel=alpha, paste=paste, least_mass=least_mass)
    columns = [over] if isinstance(over, str) else list(over)
    table = read_runs(runs, outcome, columns) if isinstance(runs, str | Path) else _of_frame(runs, outcome, columns)
    with watched(progress, cancel):
        found = room.discover(table, settings, seed=seed, step=step, check=check)
    inputs = {
        "runs": hash_of([table.variables.values.tolist(), list(table.variables.names), table.hits.tolist()]),
        "outcome": outcome,
        "over": columns,
        "settings": asdict(settings),
        "step": step,
        "seed": seed,
    }
    return Discovery(tuple(found), table, settings, identity_of("discover", inputs))


def _of_frame(frame: pd.DataFrame, outcome: str, over: list[str]) -> RunsTable:
    return runs_of({str(name): frame[name].to_numpy() for name in frame.columns}, outcome, over)


def _settings(**shares: float) -> PrimSettings:
    bounds = {"threshold": (0.0, 1.0), "peel": (0.001, 0.5), "paste": (0.001, 0.5), "least_mass": (0.001, 1.0)}
    problems = [
        Problem(f"{'alpha' if name == 'peel' else name} is {value:g}.", cure=f"Give {low:g} to {high:g}.")
        for name, value in shares.items()
        for low, high in [bounds[name]]
        if not low <= value <= high
    ]
    if problems:
        raise InputError(problems)
    return PrimSettings(shares["threshold"], shares["peel"], shares["paste"], shares["least_mass"])


__all__ = ["Discovery", "column_names", "discover"]
