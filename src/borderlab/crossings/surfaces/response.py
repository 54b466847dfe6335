"""How the border responds to a pattern in force for a week: exact runs over a design of uncertainties.

Every point of the design is a pair of runs with common random numbers: the border as it would be with the point's
demand, service time, diversion and value of time, and the same with the pattern in force. Only lanes that the pattern
can reach, through diversion too, are run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from borderlab.crossings.border.baseline import build_network
from borderlab.crossings.border.cost import cost_per_hour, delayed_after_min
from borderlab.crossings.border.places import MODES, REGIONS, crossings, trade
from borderlab.crossings.border.trade import trade_year, truck_values
from borderlab.crossings.queues.engine import components, run
from borderlab.crossings.queues.network import Network
from borderlab.crossings.queues.tally import Tally
from borderlab.crossings.surfaces.pattern import KINDS, in_force, value
from borderlab.evidence.tables.parameter import parameters, remembered

Array = NDArray[np.float64]

INPUTS = (
    "surface.demand_growth",
    "surface.service_inflation",
    "surface.diversion_sensitivity",
    "surface.value_of_time",
)
START, DAYS, SETTLE = date(2024, 10, 7), 10, 3
"""An ordinary Monday; days simulated; days until the week that is measured."""
SEED = 20240
MONTH = 365.25 / 12 / 7
"""Weeks in a month."""
SCALARS = ("throughput_lost", "trucks_lost", "value_delayed", "truck_cost", "traveller_hours")
"""Shares of the whole border; USD a month; person-hours a month."""


def outputs() -> tuple[str, ...]:
    """Names of what a surface gives: scalars, then by mode, then by region and mode."""
    by_mode = [f"{name}.{mode}" for name in ("wait_change", "lost", "delay_hours") for mode in MODES]
    by_region = [f"{name}.{mode}.{region}" for name in ("lost", "delay_hours") for mode in MODES for region in REGIONS]
    return (*SCALARS, *by_mode, *by_region)


@dataclass(frozen=True, eq=False)
class Week:
    """What a week was like, by lane of a network [L]; minutes, entities and dollars in the week measured."""

    served: Array
    joined: Array
    wait: Array  # minutes waiting for primary inspection
    delay: Array  # minutes waiting anywhere and in an added stage
    detour: Array  # minutes
    extra: Array  # USD
    hourly: NDArray[np.float32]  # [L, 168] mean delay
    hourly_joined: NDArray[np.float32]

    @classmethod
    def of(cls, tally: Tally) -> Week:
        """The week after the border has settled."""
        cut = slice(24 * SETTLE, 24 * DAYS)
        net = tally.network
        delay = (tally.wait_sum + tally.secondary_wait + tally.stage_wait + tally.stage_time)[:, cut]
        joined = tally.joined[:, cut]
        flow = tally.edge_flow[:, SETTLE:DAYS].sum(axis=1)
        home = np.repeat(np.arange(net.n_lanes), np.diff(net.alt_ptr))
        return cls(
            served=tally.served[:, cut].sum(axis=1).astype(float),
            joined=joined.sum(axis=1).astype(float),
            wait=tally.wait_sum[:, cut].sum(axis=1, dtype=np.float64),
            delay=delay.sum(axis=1, dtype=np.float64),
            detour=np.bincount(home, flow * net.alt_detour_min, net.n_lanes).astype(float),
            extra=np.bincount(home, flow * net.alt_extra_usd, net.n_lanes).astype(float),
            hourly=(delay / np.maximum(joined, 1)).astype(np.float32),
            hourly_joined=joined.astype(np.float32),
        )


@remembered
def ordinary() -> Network:
    """The fitted border in an ordinary stretch of days."""
    return build_network(START, DAYS)


def at_inputs(network: Network, inputs: Sequence[float]) -> Network:
    """The network with other demand, service time, diversion sensitivity and value of time (see ``INPUTS``)."""
    growth, inflation, sensitivity, time_value = inputs
    return network.with_(
        arrivals=(network.arrivals * np.float32(1 + growth)),
        service_min=network.service_min * inflation,
        sensitivity=network.sensitivity * sensitivity,
        value_of_time=network.value_of_time * time_value,
    )


def default_inputs() -> tuple[float, ...]:
    """The reference case."""
    return tuple(float(parameters()[name].default) for name in INPUTS)


@remembered
def base_week(inputs: tuple[float, ...], lanes: tuple[int, ...] | None = None) -> Week:
    """Some lanes (None: all) without any pattern at these inputs. They must be whole components of the border."""
    net = ordinary() if lanes is None else ordinary().take(lanes)
    return Week.of(run(at_inputs(net, inputs), SEED))


@remembered
def reached(kind: str, at: tuple[str, ...]) -> NDArray[np.int64]:
    """The lanes that a pattern touches or can send traffic to."""
    net = ordinary()
    modes = KINDS[kind].modes
    touched = {lane for lane in range(net.n_lanes) if net.mode[lane] in modes and (not at or net.crossing[lane] in at)}
    parts = [part for part in components(net) if touched & set(part.tolist())]
    return np.sort(np.concatenate(parts)) if parts else np.empty(0, dtype=np.int64)


def respond(kind: str, at: tuple[str, ...], intensity: float, inputs: tuple[float, ...]) -> Array:
    """[K] what a pattern does at one point of the design, in the order of :func:`outputs`."""
    lanes = reached(kind, at)
    if not len(lanes) or intensity <= 0.0:
        return np.zeros(len(outputs()))
    before = base_week(inputs, tuple(lanes.tolist()))
    net = at_inputs(ordinary().take(lanes), inputs)
    after = Week.of(run(in_force(net, kind, at, intensity), SEED))
    return _differences(net, lanes, before, after, inputs[3])


@remembered
def _whole() -> tuple[dict[str, float], dict[str, float], float]:
    # Entries a week and mean wait for primary inspection by mode, and the value of northbound freight a week (all
    # transports).
    week, net = base_week(default_inputs()), ordinary()
    modes = np.array(net.mode)
    entries = {mode: float(week.served[modes == mode].sum()) for mode in MODES}
    waits = {mode: float(week.wait[modes == mode].sum() / week.joined[modes == mode].sum()) for mode in MODES}
    year = trade_year(START.year)
    freight = sum(row.usd for row in trade() if row.year == year and row.direction == "northbound")
    return entries, waits, freight * 7 / 365.25


def ordinary_waits() -> dict[str, float]:
    """Mean minutes of waiting for primary inspection of an ordinary week by mode, by simulation."""
    return dict(_whole()[1])


def _differences(net: Network, lanes: NDArray[np.int64], before: Week, after: Week, time_value: float) -> Array:
    entries, _, freight = _whole()
    usual = base_week(default_inputs())
    all_modes, modes = np.array(ordinary().mode), np.array(net.mode)
    elsewhere = np.ones(len(all_modes), dtype=bool)
    elsewhere[lanes] = False
    region_of = {row.id: row.region for row in crossings()}
    region = np.array([region_of[name] for name in net.crossing])
    worth = truck_values(START.year)
    value_of = np.array(
        [
            worth[c].northbound if m == "truck" and c in worth else 0.0
            for c, m in zip(net.crossing, net.mode, strict=True)
        ]
    )
    fell = before.served - after.served
    hours = (after.delay - before.delay + after.detour - before.detour) / 60
    extra = after.extra - before.extra
    late = after.hourly - before.hourly >= delayed_after_min()
    truck = modes == "truck"
    found: dict[str, float] = {
        "throughput_lost": float(fell @ value_of) / freight,
        "trucks_lost": float(fell[truck].sum()) / entries["truck"],
        "value_delayed": float(((after.hourly_joined * late).sum(axis=1) * value_of).sum()) * MONTH,
        "truck_cost": float(hours[truck].sum() * cost_per_hour("truck") * time_value + extra[truck].sum()) * MONTH,
    }
    people = np.select([modes == "vehicle", modes == "pedestrian"], [value("people_per_vehicle"), 1.0], 0.0)
    found["traveller_hours"] = float((hours + fell * value("lost_trip_hours")) @ people) * MONTH
    for mode in MODES:
        mine, others = modes == mode, (all_modes == mode) & elsewhere
        rest, those = usual.wait[others].sum(), usual.joined[others].sum()
        now, came = rest + before.wait[mine].sum(), those + before.joined[mine].sum()
        then, left = rest + after.wait[mine].sum(), those + after.joined[mine].sum()
        # Hardly anybody crosses: the wait of those few says nothing, and the ordinary one stands.
        found[f"wait_change.{mode}"] = float(then / left - now / came) if left > 0.02 * came else 0.0
        found[f"lost.{mode}"] = float(fell[mine].sum()) / entries[mode]
        found[f"delay_hours.{mode}"] = float(hours[mine].sum())
        for place in REGIONS:
            here = mine & (region == place)
            found[f"lost.{mode}.{place}"] = float(fell[here].sum()) / entries[mode]
            found[f"delay_hours.{mode}.{place}"] = float(hours[here].sum())
    return np.array([found[name] for name in outputs()])
