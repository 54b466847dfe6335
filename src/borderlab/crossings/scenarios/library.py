"""The shipped scenarios by name, and the user's own by file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from borderlab.base.inputfile import kind_of
from borderlab.base.problems import InputError, Problem, nearest
from borderlab.crossings.scenarios.reading import read_scenario
from borderlab.crossings.scenarios.scenario import Scenario
from borderlab.evidence.tables.table import REFERENCE

FOLDER = REFERENCE / "scenarios"


def scenario_ids() -> tuple[str, ...]:
    """The shipped scenarios."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.yaml")))


@cache
def _shipped(name: str) -> Scenario:
    return read_scenario(FOLDER / f"{name}.yaml")


def load_scenario(name: str | Path) -> Scenario:
    """The shipped scenario of that name, or the scenario in that file.

    Raises:
        InputError: no such scenario or file, or the file has faults (all of them are told).
    """
    if str(name) in scenario_ids():
        return _shipped(str(name))
    path = Path(name)
    if path.suffix in (".yaml", ".yml") or "/" in str(name) or kind_of(path) != "nothing":
        return read_scenario(path)
    raise InputError(
        Problem(
            f"there is no scenario '{name}'.",
            did_you_mean=nearest(str(name), scenario_ids()),
            cure="List them with 'borderlab crossings scenarios', or give a file that ends in .yaml.",
        )
    )
