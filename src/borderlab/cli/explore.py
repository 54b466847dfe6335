"""Commands that compare strategies over many futures and say what one would have to believe."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer


def add_to(app: typer.Typer) -> None:
    """Add the commands to the root."""
    app.command()(discover)


def _print_json(value: Any) -> None:
    json.dump(value, sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def _words(text: str | None) -> list[str]:
    return [part.strip() for part in (text or "").split(",") if part.strip()]


def discover(
    runs: Annotated[str, typer.Argument(help="CSV file with one run a row.")],
    outcome: Annotated[str, typer.Option(help="Column with 1 for the runs of interest and 0 for the others.")],
    over: Annotated[str, typer.Option(help="Columns to search over, split by commas.")],
    threshold: Annotated[float, typer.Option(min=0, max=1, help="Share of hits that a box must reach.")] = 0.8,
    alpha: Annotated[float, typer.Option(min=0.001, max=0.5, help="Share of runs that one peel takes off.")] = 0.05,
    paste: Annotated[float, typer.Option(min=0.001, max=0.5, help="Share that one paste gives back.")] = 0.05,
    least_mass: Annotated[float, typer.Option(min=0.001, max=1, help="Smallest share of runs in a box.")] = 0.05,
    step: Annotated[int | None, typer.Option(min=0, help="Report this step of the first walk, not its last.")] = None,
    seed: Annotated[int, typer.Option(help="Seed of the checks by resampling.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Find the conditions under which an outcome occurs (PRIM), in any table of runs."""
    from borderlab.explore import discover as room
    from borderlab.explore.prim import PrimSettings
    from borderlab.explore.runs_table import read_runs

    table = read_runs(runs, outcome, _words(over))
    settings = PrimSettings(threshold=threshold, peel=alpha, paste=paste, least_mass=least_mass)
    found = room.discover(table, settings, seed=seed, step=step, check=not as_json)
    if as_json:
        _print_json({"boxes": [one.as_json() for one in found]})
        return
    print("\n".join(room.lines(table, found, settings)))
