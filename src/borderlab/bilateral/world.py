"""The world of a set of futures: every module, stepped together once a week."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from borderlab.bilateral.bargaining import Bargaining
from borderlab.bilateral.costs import Costs
from borderlab.bilateral.drive import Drive
from borderlab.bilateral.drugs import Drugs
from borderlab.bilateral.economy import Economy
from borderlab.bilateral.effort import NORTH, SOUTH, Effort
from borderlab.bilateral.institutions import Institutions
from borderlab.bilateral.migration import Migration
from borderlab.bilateral.organisations import Organisations
from borderlab.bilateral.rates import Array, Number
from borderlab.bilateral.settings import Settings
from borderlab.bilateral.violence import Violence


@dataclass(frozen=True)
class Opening:
    """How a world begins.

    Attributes:
        today: from today's state in people, dollars and programmes; else an index of a past episode, where effort
            stands at rest and programmes are left out.
        institution: level I; None takes the parameter of today.
        backlash: level F; None takes the parameter of today.
        focus: share of a concession that goes to migration; None takes the parameter of today.
    """

    today: bool = True
    institution: float | None = None
    backlash: float | None = None
    focus: float | None = None


class World:
    """All modules. ``step`` moves them by one week in the order in which one acts on the next."""

    def __init__(self, settings: Settings, opening: Opening) -> None:
        self.settings = settings
        self.n = settings.n
        level = settings["today.institution"] if opening.institution is None else opening.institution
        backlash = settings["today.backlash"] if opening.backlash is None else opening.backlash
        self.focus: Number = settings["today.focus"] if opening.focus is None else opening.focus
        self.economy = Economy(settings)
        self.bargaining = Bargaining(settings, backlash)
        self.institutions = Institutions(settings, level, roster=opening.today)
        start = (settings["today.effort_migration"], settings["today.effort_security"]) if opening.today else None
        self.effort = Effort(settings, self.institutions.level, start)
        self.migration = Migration(settings, self.effort.migration, people=opening.today)
        self.organisations = Organisations(settings, self._enforcement())
        self.drugs = Drugs(settings, self.organisations)
        self.violence = Violence(settings)
        self.costs = Costs(settings)
        self.drive = Drive()
        self._read_forces()

    def _read_forces(self) -> None:
        """What several modules read: forces, corridors, and security effort against the start."""
        self.north, self.south = self._north(), self._south()
        self.route_security = self._route_security()
        self.effort_change = self.effort.security - self.effort.security_start

    def _enforcement(self) -> Array:
        """Chance that a migrant is stopped in Mexico or caught at the line."""
        return 1.0 - (1.0 - self.migration.q) * (1.0 - self.migration.rate)

    def _route_security(self) -> Array:
        """Share of trade corridors secured: today's, soldiers in the north, and what Mexico does about it itself."""
        soldiers = self.north - self.effort.north_base
        own = self.drive.lever_change("mx.route_security") * self.effort.verified
        share = self.settings["today.route_security"] + self.settings["eff.forces_on_routes"] * soldiers / 1e4 + own
        return np.clip(share, 0.0, 1.0)

    def _north(self) -> Array:
        """Forces at the north border: today's, those announced under pressure, those Mexico sends itself."""
        sent = sum(self.drive.lever_change(id_) for id_ in NORTH)
        return np.maximum(self.effort.north_base + self.effort.extra_north + sent, 0.0)

    def _south(self) -> Array:
        """Forces at the south border."""
        sent = sum(self.drive.lever_change(id_) for id_ in SOUTH)
        return np.maximum(self.effort.south_base + self.effort.extra_south + sent, 0.0)

    def step(self, drive: Drive) -> None:
        """One week."""
        self.drive = drive
        focus = self.focus if drive.focus is None else drive.focus
        self.economy.step(drive)
        self.bargaining.step(drive, self.economy)
        level = self.institutions.level
        self.effort.step(drive, self.bargaining.concession, level, focus)
        working = focus * self.effort.migration + (1.0 - focus) * self.effort.security
        self._read_forces()
        self.institutions.step(drive, working, self.bargaining.leverage)
        self.migration.step(drive, self.effort.migration, self.economy.cost_mx)
        self._underworld(drive)
        soldiers = self.north + self.south - self.effort.north_base - self.effort.south_base
        self.costs.step(drive, self.economy, np.maximum(soldiers, 0.0))

    def _underworld(self, drive: Drive) -> None:
        change = self.effort_change
        self.organisations.choose_routes(drive, change)
        self.drugs.step(drive, self.organisations, change)
        self.organisations.step(
            drive,
            drugs=self.drugs.through,
            arrivals=self.migration.arrivals / self.migration.arrivals_start,
            loss=self.economy.loss_imposed,
            effort_change=change,
            secured=self.route_security - self.settings["today.route_security"],
            enforcement=self._enforcement(),
        )
        self.violence.step(drive, change, self.drugs.guns / self.drugs.guns_start)
