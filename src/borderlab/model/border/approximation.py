"""A coarse stand-in for the crossings' response surface: a fluid queue in closed form, from the shipped tables.

It is used only where no fitted surface of the exact simulator is stored, and results say so. Cutting a share i of the
booths of crossings that are used to the share ``LOAD`` of their capacity loses ``max(0, 1 - (1 - i) / LOAD)`` of the
flow; a full added inspection of freight loses ``INSPECTION`` of it; ``RECOVERED`` of the loss comes back at other
crossings unless the whole border is touched. Who still crosses waits longer in proportion to the flow lost.

Figures: FACTS B3 and E (Texas 2022: traffic down to -60 %, five hours on average, 13 to 17 % of the loss back at other
ports; pandemic limits: cars -32 %, pedestrians -52 %). Load and shares of relief are judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

import numpy as np

from borderlab.model.core.rates import Array, Number

LOAD = 0.8
INSPECTION = 0.6
RECOVERED = 0.15
LIMITED = {"vehicle": 0.32, "pedestrian": 0.52}
HOURS_AT_FULL_LOSS = {"truck": 8.0, "vehicle": 3.0, "pedestrian": 2.0}
LOST_TRIP_HOURS = 2.0  # a trip given up counts as two hours lost; judged
PEOPLE = {"vehicle": 1.8, "pedestrian": 1.0}
RELIEF = {"staff-ports": 1.2, "fast-share": 0.5, "sentri-share": 0.8, "preclear": 0.5}
TRUCK_HOUR_USD = 90.89
ORDINARY_WAIT_MIN = {"truck": 35.0, "vehicle": 40.0, "pedestrian": 25.0}
YEAR = 2024
CUT_MODES = {
    "inspect-freight": ("truck",),
    "cut-trucks": ("truck",),
    "cut-vehicles": ("vehicle",),
    "cut-pedestrians": ("pedestrian",),
    "limit-travel": ("vehicle", "pedestrian"),
}
RELIEF_MODES = {
    "staff-ports": ("truck", "vehicle", "pedestrian"),
    "fast-share": ("truck",),
    "sentri-share": ("vehicle",),
    "preclear": ("truck",),
}
MINUTES, MONTHS = 60.0, 12.0


@dataclass
class FluidResult:
    """As the response surface gives it; see :mod:`borderlab.model.border.border`."""

    throughput_lost: Number = 0.0
    trucks_lost: Number = 0.0
    value_delayed: Number = 0.0
    truck_cost: Number = 0.0
    traveller_hours: Number = 0.0
    wait_change: dict[str, Number] = field(default_factory=dict)


@dataclass(frozen=True)
class Touched:
    """What passes the crossings touched: share of the border and entries a month, by mode; freight value."""

    share: Mapping[str, float]
    entries: Mapping[str, float]
    value_share: float
    value: float


@cache
def touched(at: tuple[str, ...]) -> Touched:
    """Traffic of some crossings; none named means the whole border."""
    from borderlab.crossings.border.places import crossings, trade
    from borderlab.crossings.border.volumes import crossing_share, monthly

    mine = dict.fromkeys(ORDINARY_WAIT_MIN, 0.0)
    whole = dict(mine)
    truck_share: dict[str, float] = {}
    for one in crossings():
        for mode in one.modes:
            month = monthly(one.port, mode, YEAR, 10)
            entries = month.entries * crossing_share(one.id, mode, YEAR)
            whole[mode] += entries
            if not at or one.id in at:
                mine[mode] += entries
                if mode == "truck":
                    truck_share[one.port] = truck_share.get(one.port, 0.0) + crossing_share(one.id, mode, YEAR)
    rows = [row for row in trade() if row.transport == "truck" and row.direction == "northbound"]
    last = max(row.year for row in rows)
    value = sum(row.usd * truck_share.get(row.port, 0.0) for row in rows if row.year == last) / MONTHS
    total = sum(row.usd for row in trade() if row.direction == "northbound" and row.year == last) / MONTHS
    share = {mode: mine[mode] / whole[mode] for mode in whole}
    return Touched(share, mine, value / total, value)


@dataclass(frozen=True)
class Fluid:
    """The stand-in for one pattern of restrictions."""

    kind: str
    at: tuple[str, ...]
    inputs: tuple[str, ...] = ()
    basis: str = "fluid"

    def predict(self, intensity: Array, inputs: Mapping[str, Number]) -> FluidResult:
        """What the pattern does at an intensity [n]; all zero at 0."""
        return self._cut(intensity) if self.kind in CUT_MODES else self._relief(intensity)

    def _lost(self, intensity: Array, mode: str) -> Array:
        if self.kind == "inspect-freight":
            lost = INSPECTION * intensity
        elif self.kind == "limit-travel":
            lost = LIMITED[mode] * intensity
        else:
            lost = np.maximum(0.0, 1.0 - (1.0 - intensity) / LOAD)
        return lost * (1.0 - RECOVERED) if self.at and mode == "truck" else lost

    def _cut(self, intensity: Array) -> FluidResult:
        place, found = touched(self.at), FluidResult()
        for mode in CUT_MODES[self.kind]:
            lost = self._lost(intensity, mode)
            slowed = self.kind != "limit-travel"
            hours = HOURS_AT_FULL_LOSS[mode] * lost * (1.0 - lost) if slowed else np.zeros_like(lost)
            crossing = place.entries[mode] * (1.0 - lost)
            found.wait_change[mode] = MINUTES * hours * place.share[mode]
            if mode == "truck":
                found.throughput_lost, found.trucks_lost = lost * place.value_share, lost * place.share[mode]
                found.truck_cost = crossing * hours * TRUCK_HOUR_USD
                found.value_delayed = place.value * (1.0 - lost) * np.minimum(hours, 1.0)
            else:
                given_up = place.entries[mode] * lost * LOST_TRIP_HOURS
                found.traveller_hours = found.traveller_hours + (crossing * hours + given_up) * PEOPLE[mode]
        return found

    def _relief(self, intensity: Array) -> FluidResult:
        place, found = touched(self.at), FluidResult()
        for mode in RELIEF_MODES[self.kind]:
            saved = -ORDINARY_WAIT_MIN[mode] * -np.expm1(-RELIEF[self.kind] * intensity)
            found.wait_change[mode] = saved * place.share[mode]
            hours = place.entries[mode] * saved / MINUTES
            if mode == "truck":
                found.truck_cost = hours * TRUCK_HOUR_USD
            else:
                found.traveller_hours = found.traveller_hours + hours * PEOPLE[mode]
        return found
