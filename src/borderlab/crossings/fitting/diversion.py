"""Fits how users divert and put trips off on two episodes: April 2022 (trucks), April 2019 (cars). Nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray
from scipy.stats import qmc

from borderlab.crossings.border.baseline import build_network
from borderlab.crossings.border.places import crossing
from borderlab.crossings.queues.engine import run
from borderlab.crossings.queues.network import Network
from borderlab.crossings.queues.tally import Tally
from borderlab.crossings.scenarios.force import apply_restrictions
from borderlab.crossings.scenarios.library import load_scenario
from borderlab.evidence.tables.table import SourcedRow, table

Array = NDArray[np.float64]
EPISODE_MONTH = {"texas-2022": (date(2022, 4, 1), 30), "lane-withdrawal-2019": (date(2019, 4, 1), 30)}
EPISODE_MODE = {"texas-2022": "truck", "lane-withdrawal-2019": "vehicle"}
SEARCHED = {"sensitivity": (0.004, 0.12), "put_off": (0.5, 6.0), "return_share": (0.0, 0.8)}
"""What is searched and between which bounds; the sensitivity on a logarithmic scale."""
LIKELY = 4.0
"""Fits whose weighted squares exceed the best by no more than this (95 % for one parameter) are in the interval."""


class Target(SourcedRow):
    """One observed effect of an episode with the error that a good fit may have."""

    episode: str
    measure: str
    place: str
    mode: str
    value: float
    sd: float


@dataclass(frozen=True)
class Try:
    """One set of parameters: its misfit (weighted squares) and what it gives for each target."""

    parameters: dict[str, float]
    misfit: float
    gives: dict[str, float]


@dataclass(frozen=True)
class Fit:
    """The best set and, per parameter, the range of the sets that fit nearly as well."""

    episode: str
    best: Try
    ranges: dict[str, tuple[float, float]]
    tries: tuple[Try, ...]


def targets(episode: str) -> list[Target]:
    """The observed effects of an episode."""
    return [row for row in table("crossings/diversion_targets", Target) if row.episode == episode]


def with_parameters(network: Network, parameters: Mapping[str, float]) -> Network:
    """The network with the same behaviour for all its lanes."""
    count = network.n_lanes
    return network.with_(**{name: np.full(count, value) for name, value in parameters.items()})


def of_mode(network: Network, mode: str) -> Network:
    """The lanes of one mode."""
    return network.take([number for number, name in enumerate(network.mode) if name == mode])


def monthly_change(before: Tally, after: Tally, port: str) -> float:
    """Percent change of the entities served at a port, or at several (``2401+2402``)."""
    net = before.network
    mine = [number for number, name in enumerate(net.crossing) if crossing(name).port in port.split("+")]
    usual, now = float(before.served[mine].sum()), float(after.served[mine].sum())
    return 100 * (now / usual - 1) if usual > 0 else 0.0


def peak_posted(tally: Tally, place: str) -> float:
    """Longest posted wait of a crossing's standard lane, min: what the agency would have given out."""
    net = tally.network
    mine = [n for n, pair in enumerate(zip(net.crossing, net.lane_class, strict=True)) if pair[0] == place]
    plain = [n for n in mine if net.lane_class[n].endswith("standard")] or mine
    return float(np.nanmax(tally.posted[plain]))


def try_parameters(
    usual: Network, restricted: Callable[[Network], Network], wanted: Sequence[Target], parameters: dict[str, float],
    seed: int,
) -> Try:  # fmt: skip
    """Simulate the month with and without the episode and weigh the differences to what was observed."""
    base = with_parameters(usual, parameters)
    before, after = run(base, seed), run(restricted(base), seed)
    gives, misfit = {}, 0.0
    for target in wanted:
        found = (
            monthly_change(before, after, target.place)
            if target.measure == "change_pct"
            else peak_posted(after, target.place)
        )
        gives[f"{target.measure}:{target.place}"] = found
        misfit += ((found - target.value) / target.sd) ** 2
    return Try(parameters, misfit, gives)


def draws(size: int, seed: int) -> list[dict[str, float]]:
    """A space-filling design over :data:`SEARCHED`."""
    unit = qmc.Sobol(len(SEARCHED), seed=seed).random(size)
    out = []
    for row in unit:
        values = {}
        for (name, (low, high)), part in zip(SEARCHED.items(), row, strict=True):
            values[name] = low * (high / low) ** part if name == "sensitivity" else low + (high - low) * part
        out.append({name: float(value) for name, value in values.items()})
    return out


def fit(
    episode: str, size: int = 64, seed: int = 1, tell: Callable[[Try], None] | None = None, scenario: str | None = None
) -> Fit:
    """Search the parameters that give an episode its observed effects.

    Args:
        episode: ``texas-2022`` or ``lane-withdrawal-2019``.
        size: sets tried (a power of two).
        seed: of the design and the simulations.
        tell: called after each.
        scenario: a scenario file in the place of the shipped one.
    """
    first, days = EPISODE_MONTH[episode]
    usual = of_mode(build_network(first, days), EPISODE_MODE[episode])
    restrictions = load_scenario(scenario or episode).restrictions
    wanted = targets(episode)
    tries = []
    for parameters in draws(size, seed):
        tries.append(try_parameters(usual, lambda net: apply_restrictions(net, restrictions), wanted, parameters, seed))
        if tell:
            tell(tries[-1])
    tries.sort(key=lambda one: one.misfit)
    near = [one for one in tries if one.misfit <= tries[0].misfit + LIKELY]
    ranges = {
        name: (min(one.parameters[name] for one in near), max(one.parameters[name] for one in near))
        for name in SEARCHED
    }
    return Fit(episode, tries[0], ranges, tuple(tries))
