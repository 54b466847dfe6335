"""A closed form of the crossings' response, where no fitted surface of the exact simulator is stored.

Results say so where it stands in. Its figures are parameters ``approximation.*`` of the register, all judged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np

from borderlab.crossings.border.places import crossings, trade
from borderlab.crossings.border.volumes import crossing_share, monthly
from borderlab.crossings.surfaces.pattern import KINDS
from borderlab.crossings.surfaces.surface import ordinary_waits
from borderlab.model.core.rates import Array
from borderlab.model.modules.patterns import MODES, OUTPUTS

YEAR, MONTH = 2024, 10
MINUTES, MONTHS = 60.0, 12.0
SLOWED = ("inspect-freight", "cut-trucks", "cut-vehicles", "cut-pedestrians")

PARAMETERS = (
    "approximation.load",
    "approximation.inspection",
    "approximation.recovered",
    "approximation.hours_truck",
    "approximation.hours_vehicle",
    "approximation.hours_pedestrian",
    "approximation.relief_staff-ports",
    "approximation.relief_fast-share",
    "approximation.relief_sentri-share",
    "approximation.relief_preclear",
    "surface.limit_vehicle",
    "surface.limit_pedestrian",
    "surface.people_per_vehicle",
    "surface.lost_trip_hours",
    "crossings.cost_truck_hour",
)
"""What the closed form reads of the register."""


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
    mine = dict.fromkeys(MODES, 0.0)
    whole = dict(mine)
    truck_share: dict[str, float] = {}
    for one in crossings():
        for mode in one.modes:
            month = monthly(one.port, mode, YEAR, MONTH)
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
class Approximation:
    """The closed form of one pattern of restrictions.

    Cutting a share of the booths of crossings that are used to the share ``load`` of their capacity loses what no
    longer fits; a full added inspection of freight loses ``inspection`` of it; limits on travel lose what the surfaces
    take for those of 2020; ``recovered`` of the loss of trucks comes back elsewhere unless the whole border is
    touched. Who still crosses waits longer in proportion to the flow lost. Relief saves a part of the ordinary wait.

    Args:
        kind, at: the pattern.
        values: the parameters of PARAMETERS by id.
    """

    kind: str
    at: tuple[str, ...]
    values: Mapping[str, float]

    def knots(self, count: int) -> Array:
        """Shares of the greatest intensity at which it is tabulated, 0 to 1: its own kinks, then where lines between
        knots are furthest off.
        """
        knots = [0.0, *sorted(set(self._kinks())), 1.0]
        most = KINDS[self.kind].most
        size = np.maximum(np.abs(self.outputs(np.linspace(0.0, most, 33))).max(axis=0), 1e-12)
        while len(knots) < count:
            at = np.array(knots)
            middle = (at[1:] + at[:-1]) / 2.0
            ends = self.outputs(at * most)
            off = np.abs(self.outputs(middle * most) - (ends[1:] + ends[:-1]) / 2.0) / size
            worst = max(range(len(middle)), key=lambda one: (round(float(off[one].max()), 9), at[one + 1] - at[one]))
            knots.insert(worst + 1, float(middle[worst]))
        return np.array(knots)

    def _kinks(self) -> list[float]:
        """Where spare capacity is used up, and where the delay of trucks passes an hour and comes back below it."""
        value = self.values
        load, hours = value["approximation.load"], value["approximation.hours_truck"]
        found = [1.0 - load] if self.kind.startswith("cut-") else []
        if self.kind in SLOWED and "truck" in KINDS[self.kind].modes and hours > 4.0:
            for sign in (-1.0, 1.0):
                lost = (1.0 + sign * np.sqrt(1.0 - 4.0 / hours)) / 2.0
                lost /= 1.0 - value["approximation.recovered"] if self.at else 1.0
                cut = self.kind.startswith("cut-")
                found.append(1.0 - load * (1.0 - lost) if cut else lost / max(value["approximation.inspection"], 1e-9))
        return [kink for kink in found if 0.0 < kink < 1.0]

    def outputs(self, intensity: Array) -> Array:
        """What the pattern does at intensities [k], float64 [k, outputs] in the order of OUTPUTS; all zero at 0."""
        found = np.zeros((len(intensity), len(OUTPUTS)))
        place = touched(self.at)
        for mode in KINDS[self.kind].modes:
            lost, hours = self._lost(intensity, mode), self._hours(intensity, mode)
            self._put(found, mode, place, lost, hours)
        return found

    def _lost(self, intensity: Array, mode: str) -> Array:
        value = self.values
        if self.kind == "inspect-freight":
            lost = value["approximation.inspection"] * intensity
        elif self.kind == "limit-travel":
            lost = value[f"surface.limit_{mode}"] * intensity
        elif self.kind in SLOWED:
            lost = np.maximum(0.0, 1.0 - (1.0 - intensity) / value["approximation.load"])
        else:
            return np.zeros_like(intensity)
        return lost * (1.0 - value["approximation.recovered"]) if self.at and mode == "truck" else lost

    def _hours(self, intensity: Array, mode: str) -> Array:
        """Hours by which those who cross wait longer."""
        if self.kind in SLOWED:
            lost = self._lost(intensity, mode)
            return self.values[f"approximation.hours_{mode}"] * lost * (1.0 - lost)
        if self.kind == "limit-travel":
            return np.zeros_like(intensity)
        relief = self.values[f"approximation.relief_{self.kind}"]
        return ordinary_waits()[mode] / MINUTES * np.expm1(-relief * intensity)

    def _put(self, found: Array, mode: str, place: Touched, lost: Array, hours: Array) -> None:
        column = {name: number for number, name in enumerate(OUTPUTS)}
        crossing = place.entries[mode] * (1.0 - lost)
        found[:, column[f"wait_change.{mode}"]] = MINUTES * hours * place.share[mode]
        if mode == "truck":
            found[:, column["throughput_lost"]] = lost * place.value_share
            found[:, column["trucks_lost"]] = lost * place.share[mode]
            found[:, column["truck_cost"]] = crossing * hours * self.values["crossings.cost_truck_hour"]
            found[:, column["value_delayed"]] = place.value * (1.0 - lost) * np.clip(hours, 0.0, 1.0)
        else:
            people = self.values["surface.people_per_vehicle"] if mode == "vehicle" else 1.0
            given_up = place.entries[mode] * lost * self.values["surface.lost_trip_hours"]
            found[:, column["traveller_hours"]] += (crossing * hours + given_up) * people
