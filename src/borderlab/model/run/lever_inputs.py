"""A strategy's hand on the model: levers in force become shifts, pressure and events of the week.

Every lever is measured from today; its move is a share of its range. What the moves shift is worked out in
:mod:`borderlab.model.core.lever_effects`; pressure, sectors and levers that are read directly are taken from what is
in force.
"""

from __future__ import annotations

from datetime import date, timedelta
from math import exp
from typing import Any

import numpy as np

from borderlab.evidence.tables.leader import takes_office
from borderlab.evidence.tables.lever import effect_pairs, levers
from borderlab.evidence.tables.table import SourcedRow, table
from borderlab.model.border.border import Crossings
from borderlab.model.core.equations import per_future
from borderlab.model.core.inputs import Drive
from borderlab.model.core.lever_effects import Shifts
from borderlab.model.core.random import normal
from borderlab.model.core.rates import WEEKS_PER_MONTH, WEEKS_PER_YEAR, Array, Number
from borderlab.model.futures.parameters import Settings
from borderlab.model.modules.effort import NORTH, SOUTH

READ_DIRECTLY = frozenset(
    {*NORTH, *SOUTH, "mx.route_security", "mx.senior_vetting", "both.joint_operations", "both.reviews_per_year"}
)
PRESIDENT_OF_2029 = date(2029, 1, 20)
MONTHLY_MEMORY = 0.5
SURGE_YEARS = 0.6


class Season(SourcedRow):
    """Seasonal factor of migration by calendar month; 1 is the year's mean."""

    month: int
    factor: float
    date: str
    note: str | None = None


@per_future(outputs=2)
def _baseline(noise, memory, spread, draw, years, surge_year, surge, season, drift, noise_after, log_change):
    noise_after[0] = memory * noise + spread * draw
    away = (years - surge_year) / SURGE_YEARS
    log_change[0] = season + drift * years + surge * exp(-(away**2)) + noise_after[0]


class Baseline:
    """Intended arrivals without any policy, log against the start: season, drift, a surge, noise that remembers."""

    def __init__(self, settings: Settings, start: date) -> None:
        self.settings, self.start = settings, start
        self.log_season = np.log([row.factor for row in sorted(table("model/season", Season), key=lambda r: r.month)])
        self.memory = MONTHLY_MEMORY ** (1.0 / WEEKS_PER_MONTH)
        self.spread = settings["mig.noise"] * np.sqrt(1.0 - self.memory**2)
        self.noise: Array = np.zeros(settings.n)

    def at(self, week: int) -> Array:
        """The log change in a week; weeks are to be asked for in order."""
        settings = self.settings
        month = (self.start + timedelta(days=7 * week + 3)).month
        self.noise, log_change = _baseline(
            self.noise,
            self.memory,
            self.spread,
            normal(settings.futures.key, "arrivals", week),
            week / WEEKS_PER_YEAR,
            settings["mig.surge_year"],
            settings["mig.surge"],
            self.log_season[month - 1],
            settings["mig.drift"],
        )
        return log_change


class Steering:
    """Turns what the strategy runtime has in force into the week's drive."""

    def __init__(self, settings: Settings, start: date) -> None:
        self.settings, self.start = settings, start
        self.crossings = Crossings(settings)
        self.baseline = Baseline(settings, start)
        self.levers = levers()
        effects: list[tuple[str, str, Number]] = []
        self.detect: dict[str, Number] = {}
        self.threat_cost: dict[str, Number] = {}
        for pair in effect_pairs():
            value = settings[pair.parameter]
            if pair.hook == "expected_cost":
                self.threat_cost[pair.lever] = value
            elif pair.hook == "detect" and self.levers[pair.lever].places == "sector":
                self.detect[pair.lever] = value
            else:
                effects.append((pair.lever, pair.hook, value))
        self.effects = effects
        self.us_rules = [
            lever for lever, hook, _ in effects if hook == "us_measures" and self.levers[lever].actor == "us"
        ]
        self.shifts: Shifts | None = None

    def drive(self, week: int, in_force: Any | None, verified: Array, hosting: np.ndarray) -> Drive:
        """The drive of a week.

        Args:
            week: from 0.
            in_force: of the strategy; None where none acts.
            verified: share of announcements carried out in the week before [n].
            hosting: where a programme was alive then to host joint work [n].
        """
        day = self.start + timedelta(days=7 * week)
        drive = Drive(
            week=week,
            leader_mx=takes_office("MX", day),
            leader_us=takes_office("US", day),
            log_baseline=self.baseline.at(week),
            us_measures=-self.settings["mig.relaxed"] if day >= PRESIDENT_OF_2029 else 0.0,
        )
        if in_force is None:
            drive.border = self.crossings.in_force((), 0.0, 0.0)
            return drive
        self._shift(drive, in_force, verified, hosting)
        if day >= PRESIDENT_OF_2029:
            drive.us_measures = self._relaxed(drive.us_measures, in_force.imposed)
        self._pressure(drive, in_force)
        yield_ = np.clip(self.settings["preclear_yield_base"] + drive.shift("preclear_yield"), 0.0, 1.0)
        drive.border = self.crossings.in_force(in_force.restrictions, drive.shift("trade_waits"), yield_)
        drive.throughput_threatened = self.crossings.threatened(in_force.restrictions)
        drive.programmes = in_force.programmes
        drive.new_pressure = (in_force.new_threat | in_force.new_imposition) & in_force.public
        drive.executed, drive.dropped = in_force.executed, in_force.dropped
        return drive

    def _relaxed(self, fall: Number, imposed: dict[str, Array]) -> Number:
        """The relaxing of 2029, but where the strategy itself keeps such U.S. rules above today's."""
        for id_ in self.us_rules:
            if id_ in imposed:
                fall = np.where(imposed[id_] > self.levers[id_].default, 0.0, fall)
        return fall

    def _shift(self, drive: Drive, in_force: Any, verified: Array, hosting: np.ndarray) -> None:
        if self.shifts is None:
            self.shifts = Shifts(self.effects, in_force.imposed, self.settings.n)
        drive.shifts = self.shifts.now(in_force.imposed, verified, hosting)
        for id_ in READ_DIRECTLY.intersection(in_force.imposed):
            drive.levers[id_] = in_force.imposed[id_] - self.levers[id_].default
        if in_force.sectors:
            drive.sector_detection = self._by_sector(in_force.sectors)

    def _by_sector(self, sectors: dict[str, Array]) -> Array | None:
        found: Array | None = None
        for id_, value in sectors.items():
            if id_ in self.detect:
                change = np.asarray(self.detect[id_])[..., None] * self.levers[id_].move(value)
                found = change if found is None else found + change
        return found if found is not None and np.any(found) else None

    def _pressure(self, drive: Drive, in_force: Any) -> None:
        if "us.tariff" in in_force.imposed:
            today = self.levers["us.tariff"].default
            drive.tariff_imposed = np.maximum(in_force.imposed["us.tariff"] - today, 0.0)
            drive.tariff_threatened = np.maximum(in_force.threatened["us.tariff"] - today, 0.0)
        for id_, cost in self.threat_cost.items():
            if id_ in in_force.imposed:
                move = self.levers[id_].move
                drive.expected_cost = drive.expected_cost + cost * np.maximum(move(in_force.threatened[id_]), 0.0)
                drive.expected_cost_imposed = drive.expected_cost_imposed + cost * np.maximum(
                    move(in_force.imposed[id_]), 0.0
                )
