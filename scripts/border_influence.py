"""``python -m scripts.border_influence``: does each parameter of the crossings move the outputs that are said of it?

Each is moved alone to both ends of its range (a fixed one by a quarter) in short simulations of some crossings under
restrictions, over a few seeds with common random numbers; those that act on a fitted surface are moved in what it is
made from.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache

import numpy as np

from borderlab.crossings.border import baseline, cost
from borderlab.crossings.border.baseline import build_network
from borderlab.crossings.outcomes.outcome import MEASURES, SIDES, Outcome
from borderlab.crossings.queues.engine import run
from borderlab.crossings.scenarios import force
from borderlab.crossings.scenarios.force import apply_restrictions
from borderlab.crossings.scenarios.restriction import Restriction
from borderlab.crossings.scenarios.scenario import Scenario
from borderlab.crossings.surfaces import pattern, response
from borderlab.evidence.tables.parameter import changed, parameters
from scripts.influence import ends

SIMULATED = (baseline.READS, cost.READS, force.READS)
FIRST, DAYS, WARM_UP, SEEDS = date(2022, 4, 5), 2, 1, (1, 2)
PLACES = (
    "world-trade", "colombia", "juarez-lincoln", "gateway-to-the-americas", "pharr", "hidalgo", "bota", "ysleta",
    "paso-del-norte",
)  # fmt: skip
"""Bridges of Laredo, Hidalgo and El Paso: trucks, cars and people on foot with somewhere else to go."""
Values = dict[str, float]


def said() -> dict[str, set[str]]:
    """Outputs of a simulation that each parameter is said to reach, by any module that reads it."""
    found: dict[str, set[str]] = {}
    for reads in SIMULATED:
        for id_, outputs in reads.reach.items():
            found.setdefault(id_, set()).update(outputs)
    return found


def moved(measure: Callable[[], Values], id_: str) -> set[str]:
    """What differs where a parameter is at either end of its range."""
    usual, found = measure(), set()
    for value in ends(parameters()[id_]):
        with changed({id_: value}):
            now = measure()
        found |= {
            name for name, before in usual.items() if not np.isclose(now[name], before, rtol=1e-9, equal_nan=True)
        }
    return {name.partition("|")[0] for name in found}


def simulated() -> Values:
    """Every measure of short simulations, by side, mode and seed."""
    usual = tuple(sorted((id_, float(parameters()[id_].default)) for id_ in said()))
    return _simulated(usual)


@cache
def _simulated(_values: tuple[tuple[str, float], ...]) -> Values:
    found: Values = {}
    for seed in SEEDS:
        outcome = _outcome(seed)
        for side in SIDES:
            sums = outcome.summed(side, "mode", "span")
            for place, mode in enumerate(sums["labels"]):
                found.update({f"{name}|{side}|{mode}|{seed}": float(sums[name][place, 0]) for name in MEASURES})
    return found


def _outcome(seed: int) -> Outcome:
    start, last = FIRST - timedelta(days=WARM_UP), FIRST + timedelta(days=DAYS - 1)
    scenario = Scenario(
        id="short", title_en="short", title_es="corto", first=FIRST, last=last, restrictions=tuple(_restrictions(last))
    )
    base = build_network(start, DAYS + WARM_UP, crossings=PLACES)
    now = apply_restrictions(base, scenario.restrictions)
    tallies = {"baseline": run(base, seed, threads=1), "scenario": run(now, seed, threads=1)}
    return Outcome(scenario, FIRST, last, seed, {"baseline": base, "scenario": now}, tallies, 24 * WARM_UP, "")


def _restrictions(last: date) -> list[Restriction]:
    trucks = ("commercial-standard", "commercial-fast")
    people = ("passenger-standard", "passenger-ready", "passenger-sentri", "pedestrian-standard", "pedestrian-ready")
    wanted = (
        ("add-stage", ("world-trade", "pharr"), trucks, {"share": 0.5, "places": 8.0, "time": 50.0}),
        ("cap-booths", ("juarez-lincoln", "gateway-to-the-americas", "hidalgo", "bota"), people, {"share": 0.4}),
        ("cap-booths", ("ysleta",), (*trucks, *people), {"share": 0.5}),
        ("secondary", ("bota", "colombia"), trucks, {"share": 0.6}),
    )
    return [
        Restriction(kind=kind, crossings=at, lane_classes=lanes, first=FIRST, last=last, values=values)
        for kind, at, lanes, values in wanted
    ]


KINDS_OF = {
    "surface.inspection_places": "inspect-freight",
    "surface.inspection_min": "inspect-freight",
    "crossings.stage_shape": "inspect-freight",
    "crossings.stage_room": "inspect-freight",
}


def responses(id_: str) -> Callable[[], Values]:
    """Outputs of a surface at one point of its design, for the pattern that a parameter acts in."""
    kind, at = (KINDS_OF[id_], ("world-trade",)) if id_ in KINDS_OF else ("limit-travel", ("juarez-lincoln",))
    if id_.endswith("_pedestrian"):
        at = ("gateway-to-the-americas",)

    def measure() -> Values:
        found = response.respond(kind, at, 0.6, response.default_inputs())
        return {
            name: float(value) for name, value in zip(response.outputs(), found, strict=True) if name.count(".") < 2
        }

    return measure


def wrong() -> list[str]:
    """One line for each output that moved and is not said, or is said and neither moved nor is listed."""
    found = []
    for id_, outputs in said().items():
        found += _faults(id_, outputs, moved(simulated, id_))
    for id_, reached in pattern.READS.reach.items():
        found += _faults(id_, set(reached), moved(responses(id_), id_))
    return found


def _faults(id_: str, outputs: set[str], seen: set[str]) -> list[str]:
    beyond = [f"{id_}: {name} moves and is not said" for name in sorted(seen - outputs)]
    still = [f"{id_}: {name} is said and does not move" for name in sorted(outputs - seen)]
    return [*beyond, *still]


def main() -> int:
    """Check; status 1 where something is wrong."""
    lines = wrong()
    print("\n".join([*lines, f"{len(said())} parameters of simulations, {len(pattern.READS.reach)} of surfaces"]))
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
