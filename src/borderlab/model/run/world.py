"""The world of a set of futures: every module, stepped together once a week."""

from __future__ import annotations

from dataclasses import dataclass

from borderlab.model.core.equations import clip, per_future
from borderlab.model.core.inputs import Drive
from borderlab.model.core.rates import Array, Number
from borderlab.model.futures.parameters import Settings
from borderlab.model.modules.bargaining import Bargaining
from borderlab.model.modules.costs import Costs
from borderlab.model.modules.drugs import Drugs
from borderlab.model.modules.economy import Economy
from borderlab.model.modules.effort import NORTH, SOUTH, Effort
from borderlab.model.modules.institutions import Institutions
from borderlab.model.modules.migration import Migration
from borderlab.model.modules.organisations import Organisations
from borderlab.model.modules.violence import Violence

SOLDIERS = 1e4


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


@per_future(outputs=5)
def _forces(
    base_north, extra_north, sent_north, base_south, extra_south, sent_south, routes, per_soldiers, own_routes,
    verified, security, security_start,
    north, south, route_security, deployed, effort_change,
):  # fmt: skip
    north[0] = max(base_north + extra_north + sent_north, 0.0)
    south[0] = max(base_south + extra_south + sent_south, 0.0)
    held = routes + per_soldiers * (north[0] - base_north) / SOLDIERS + own_routes * verified
    route_security[0] = clip(held, 0.0, 1.0)
    deployed[0] = extra_north + extra_south
    effort_change[0] = security - security_start


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
        """What several modules read: forces, trade corridors secured, and security effort against the start.

        Forces are today's, those announced under pressure, and those that Mexico sends of itself; corridors likewise.
        """
        effort = self.effort
        self.north, self.south, self.route_security, self.deployed, self.effort_change = _forces(
            effort.north_base,
            effort.extra_north,
            sum(self.drive.lever_change(id_) for id_ in NORTH),
            effort.south_base,
            effort.extra_south,
            sum(self.drive.lever_change(id_) for id_ in SOUTH),
            self.settings["today.route_security"],
            self.settings["eff.forces_on_routes"],
            self.drive.lever_change("mx.route_security"),
            effort.verified,
            effort.security,
            effort.security_start,
        )

    def _enforcement(self) -> Array:
        """Chance that a migrant is stopped in Mexico or caught at the line."""
        return 1.0 - (1.0 - self.migration.q) * (1.0 - self.migration.rate)

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
        self.migration.step(drive, self.effort.migration, self.economy.cost_pressed)
        self._underworld(drive)
        self.costs.step(drive, self.economy, self.deployed)

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
