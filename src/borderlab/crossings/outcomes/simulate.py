"""Runs a scenario beside its baseline with common random numbers."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import numpy as np

from borderlab.base.identity import Identity
from borderlab.base.problems import InputError, Problem
from borderlab.crossings.border.baseline import build_network
from borderlab.crossings.border.places import FIRST_DATE, check_period
from borderlab.crossings.outcomes.outcome import Outcome
from borderlab.crossings.queues.engine import run, usual_waits
from borderlab.crossings.queues.network import Network
from borderlab.crossings.scenarios.force import apply_restrictions
from borderlab.crossings.scenarios.scenario import MAX_DAYS, Scenario, ordinary

WARM_UP_DAYS = 1
Advance = Callable[[float], None]


def simulate(
    scenario: Scenario, seed: int = 1, *, threads: int | None = None, advance: Advance | None = None
) -> Outcome:
    """Simulate every vehicle and person of the scenario's span twice: as usual, and with the restrictions.

    Both runs draw the same random numbers for the same lane and entity, so that what no restriction touches does
    not change, and the difference is the restrictions' alone.

    Args:
        scenario: with or without restrictions; without, both sides are one run.
        seed: any whole number; 0 is a seed.
        threads: of the engine; the result does not depend on it.
        advance: is told about the share of the work done (0 to 1 in all).

    Raises:
        InputError: a date outside the tables.
    """
    tell = advance or (lambda amount: None)
    began = time.perf_counter()
    first, last = scenario.span()
    warm_up = WARM_UP_DAYS if scenario.volumes or first - timedelta(days=WARM_UP_DAYS) >= FIRST_DATE else 0
    days = (last - first).days + 1 + warm_up
    base = _baseline(scenario, first - timedelta(days=warm_up), days)
    tell(0.1)
    if scenario.volumes:
        # The fitted usual waits are today's; those of other years are what a run without diversion gives.
        base = base.with_(usual_wait=np.ascontiguousarray(usual_waits(run(base, seed, threads=threads, couple=False))))
    tally = run(base, seed, threads=threads, progress=lambda share: tell(0.4 * share))
    changed = apply_restrictions(base, scenario.restrictions) if scenario.restrictions else base
    tell(0.1)
    result = tally
    if scenario.restrictions:
        result = run(changed, seed, threads=threads, progress=lambda share: tell(0.4 * share))
    return Outcome(
        scenario=scenario,
        first=first,
        last=last,
        seed=seed,
        networks={"baseline": base, "scenario": changed},
        tallies={"baseline": tally, "scenario": result},
        warm_up=warm_up * 24,
        identity=Identity("simulate", {**scenario.inputs(), "seed": seed}),
        seconds=time.perf_counter() - began,
    )


def ordinary_days(first: date, days: int) -> Scenario:
    """An ordinary stretch of days as a scenario without restrictions.

    Raises:
        InputError: not at least one day, too many, or outside the tables.
    """
    if not 1 <= days <= MAX_DAYS:
        raise InputError(Problem(f"--days is {days}; 1 to {MAX_DAYS} days can be simulated."))
    last = first + min(timedelta(days=days - 1), date.max - first)
    check_period(first, last)
    return ordinary(first, last)


def _baseline(scenario: Scenario, start: date, days: int) -> Network:
    """The ordinary border of the span; with the scenario's own volumes, only the crossings they name."""
    if not scenario.volumes:
        return build_network(start, days)
    volumes = {(volume.crossing, volume.mode): volume.per_day for volume in scenario.volumes}
    names = tuple(dict.fromkeys(volume.crossing for volume in scenario.volumes))
    network = build_network(start, days, crossings=names, volumes=volumes)
    pairs = list(zip(network.crossing, network.mode, strict=True))
    network = network.take([lane for lane, pair in enumerate(pairs) if pair in volumes])
    for volume in scenario.volumes:
        if volume.booths is not None or volume.service_min is not None:
            network = _own_lanes(network, volume.crossing, volume.mode, volume.booths, volume.service_min)
    return network


def _own_lanes(network: Network, crossing: str, mode: str, booths: float | None, service: float | None) -> Network:
    """Make one standard lane class of a crossing's mode, with the booths and the booth time of its own years.

    Today's pattern of opening over the hours is kept: as many of ``booths`` are open as today's share.
    """
    lanes = [
        index for index in range(network.n_lanes) if (network.crossing[index], network.mode[index]) == (crossing, mode)
    ]
    standard = next((lane for lane in lanes if network.lane_class[lane].endswith("standard")), lanes[0])
    arrivals, open_now = network.arrivals.copy(), network.booths.copy()
    arrivals[standard] = arrivals[lanes].sum(axis=0)
    total = np.maximum(network.booths[lanes], 0).sum(axis=0)
    changes: dict[str, Any] = {"arrivals": arrivals, "booths": open_now}
    most = max(int(total.max()), 1)
    wanted = total if booths is None else np.ceil(total / most * booths)
    open_now[standard] = np.where(total > 0, wanted, network.booths[standard]).astype(np.int16)
    if service is not None:
        minutes = network.service_min.copy()
        minutes[standard] = service
        changes["service_min"] = minutes
        changes["service_factor"] = np.ones_like(network.service_factor)
    approach = network.approach.copy()
    approach[standard] = -1
    changes["approach"] = approach
    keep = [index for index in range(network.n_lanes) if index not in lanes or index == standard]
    return network.with_(**changes).take(keep)
