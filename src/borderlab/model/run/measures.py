"""What is reported: each indicator that the model computes, read off the world, and how weeks become one number."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from math import exp

import numpy as np

from borderlab.evidence.tables.indicator import indicators
from borderlab.evidence.tables.lever import levers
from borderlab.model.core.equations import per_future
from borderlab.model.core.rates import Array, Number
from borderlab.model.modules.drugs import DRUGS
from borderlab.model.modules.migration import sector_shares
from borderlab.model.run.world import World

Reader = Callable[[World], Number]
DETECTED_ENTRIES = ("gotaways", "turnbacks")  # 6 U.S.C. 223 (a)(11): who enters and is not apprehended
PERCENT = 100.0


@per_future(outputs=1)
def _extradited(today, response, effort_change, shift, found):  # type: ignore[no-untyped-def]
    found[0] = today * exp(response * effort_change + shift)


@per_future(outputs=1)
def _joint(today, response, effort_change, per_concession, focus, concession, added, found):  # type: ignore[no-untyped-def]
    asked = per_concession * (1.0 - focus) * max(concession, 0.0)
    found[0] = max(today * exp(response * effort_change) + asked + added, 0.0)


def _extraditions(world: World) -> Number:
    settings, shift = world.settings, world.drive.shift("extradition")
    return _extradited(settings["today.extraditions"], settings["eff.extradition"], world.effort_change, shift)


def _concession(world: World) -> Number:
    return np.maximum(world.bargaining.concession, 0.0)  # hardening is no concession


def _joint_operations(world: World) -> Number:
    settings = world.settings
    return _joint(
        settings["today.joint_operations"],
        settings["eff.extradition"],
        world.effort_change,
        settings["eff.joint_per_concession"],
        world.focus,
        world.bargaining.concession,
        world.drive.lever_change("both.joint_operations"),
    )


def _reviews(world: World) -> Number:
    added = world.drive.lever_change("both.reviews_per_year") * world.institutions.hosting
    return levers()["both.reviews_per_year"].default + added


def _vetted(world: World) -> Number:
    change = world.drive.lever_change("mx.senior_vetting") * world.effort.verified
    return np.clip(levers()["mx.senior_vetting"].default + change, 0.0, 1.0)


def _share_stopped(world: World) -> Number:
    return world.migration.q


def _sector(place: int) -> Reader:
    def read(world: World) -> Number:
        migration = world.migration
        shares = migration.share_start[place] if migration.shares is None else migration.shares[:, place]
        return shares * migration.outcomes["encounters"]

    return read


def _outcome(name: str) -> Reader:
    return lambda world: world.migration.outcomes[name]


def _wait(mode: str) -> Reader:
    return lambda world: world.drive.border.waits.get(mode, np.nan)


def _seized(drug: str) -> Reader:
    return lambda world: world.drugs.seized(drug)


def _entering(drug: str) -> Reader:
    return lambda world: world.drugs.entering(drug)


@cache
def readers() -> dict[str, Reader]:
    """How each indicator of the model is read off the world, by id."""
    found: dict[str, Reader] = {
        "arrivals": lambda world: world.migration.arrivals,
        "share_stopped_in_mexico": _share_stopped,
        "mx.detentions": lambda world: world.migration.detentions,
        "mx.people_waiting": lambda world: world.migration.waiting,
        "mx.effort_migration": lambda world: world.effort.migration,
        "mx.effort_security": lambda world: world.effort.security,
        "mx.effort_migration_announced": lambda world: world.effort.announced_migration,
        "mx.effort_security_announced": lambda world: world.effort.announced_security,
        "mx.forces_at_north_border": lambda world: world.north,
        "mx.forces_at_south_border": lambda world: world.south,
        "mx.joint_operations": _joint_operations,
        "mx.extraditions": _extraditions,
        "mx.route_security": lambda world: world.route_security,
        "concession_announced": _concession,
        "backlash": lambda world: world.bargaining.backlash,
        "credibility": lambda world: world.bargaining.credibility,
        "leverage": lambda world: world.bargaining.leverage,
        "institution_level": lambda world: world.institutions.level,
        "programmes_alive": lambda world: world.institutions.alive,
        "review_meetings": _reviews,
        "drugs.seizure_rate_ports": lambda world: world.organisations.interception[0],
        "drugs.seizure_rate_between": lambda world: world.organisations.interception[1],
        "drugs.seizures_vs_5y_ports": lambda world: world.drugs.against_five[0],
        "drugs.seizures_vs_5y_between": lambda world: world.drugs.against_five[1],
        "us.overdose_deaths": lambda world: world.drugs.deaths,
        "arms.southbound": lambda world: world.drugs.guns,
        "arms.seized_southbound": lambda world: world.drugs.guns_seized,
        "cash.southbound": lambda world: world.organisations.income * np.exp(world.drive.shift("arms")),
        "mx.homicides": lambda world: world.violence.homicides,
        "mx.extortion_index": lambda world: world.organisations.extortion,
        "organisations.income": lambda world: world.organisations.income,
        "smuggler_adaptation": lambda world: world.migration.adaptation,
        "smuggling_fee": lambda world: world.organisations.fee,
        "waits.ratio": lambda world: world.drive.border.wait_ratio,
        "throughput.truck": lambda world: world.drive.border.trucks,
        "trade.delayed": lambda world: world.costs.delayed,
        "trade.lost": lambda world: world.costs.lost,
        "trade.cost_us": lambda world: world.costs.us,
        "trade.cost_mx": lambda world: world.costs.mx,
        "us.cost_gdp": lambda world: PERCENT * 12.0 * world.costs.us / world.costs.gdp_us,
        "mx.cost_gdp": lambda world: PERCENT * 12.0 * world.costs.mx / world.costs.gdp_mx,
        "travellers.hours_lost": lambda world: world.drive.border.traveller_hours,
        "budget.us": lambda world: world.costs.budget_us,
        "budget.mx": lambda world: world.costs.budget_mx,
        "officials_vetted": _vetted,
    }
    for name in ("encounters", "turnbacks", "gotaways", "undetected", "apprehension_rate", "effectiveness_rate"):
        found[name] = _outcome(name)
    found["detected_entries"] = lambda world: sum(world.migration.outcomes[one] for one in DETECTED_ENTRIES)
    for place, sector in enumerate(sector_shares()):
        found[f"encounters.{sector}"] = _sector(place)
    for mode in ("truck", "vehicle", "pedestrian"):
        found[f"waits.{mode}"] = _wait(mode)
    for drug in DRUGS:
        found[f"drugs.{drug}_seized"] = _seized(drug)
        found[f"drugs.{drug}_entering"] = _entering(drug)
    return found


@cache
def measure_ids() -> tuple[str, ...]:
    """Every indicator that the model computes, in table order."""
    return tuple(row.id for row in indicators().values() if row.in_model)


class Tally:
    """Turns weekly values into one number a future, as each indicator's row says.

    Measures that follow from others (a drug's weight, a cost as a share of GDP, a sum of two flows) are left out of the
    weekly sums and made at the end.
    """

    def __init__(self, n: int) -> None:
        self.n = n
        self.weeks = 0
        rows = indicators()
        self.how = {id_: rows[id_].aggregation for id_ in measure_ids()}
        made_later = {*MULTIPLES, "detected_entries", *(f"encounters.{sector}" for sector in sector_shares())}
        self.kept = [id_ for id_ in measure_ids() if id_ not in made_later]
        self.by_sector = np.zeros((n, len(sector_shares())))
        self.at_today_shares = np.zeros(n)
        self.total: dict[str, Array] = {id_: np.zeros(n) for id_ in (*self.kept, *BASES)}

    def add(self, world: World) -> None:
        """One week."""
        self.weeks += 1
        known = readers()
        for id_ in self.kept:
            value = known[id_](world)
            how = self.how[id_]
            if how == "last":
                self.total[id_][:] = value
            elif how == "max":
                np.maximum(self.total[id_], value, out=self.total[id_])
            elif isinstance(value, np.ndarray) or value:
                self.total[id_] += value
        for id_, read in BASES.items():
            self.total[id_] += read(world)
        self._add_sectors(world)

    def _add_sectors(self, world: World) -> None:
        """Encounters by sector: at today's shares while no lever moves detection in any of them."""
        migration = world.migration
        if migration.shares is None:
            self.at_today_shares += migration.outcomes["encounters"]
        else:
            self.by_sector += migration.shares * migration.outcomes["encounters"][:, None]

    def result(self, world: World) -> dict[str, Array]:
        """One number a future by measure, in table order."""
        for id_, total in self.total.items():
            if self.how.get(id_, "mean") == "mean":
                total /= self.weeks
        found = dict(self.total)
        for id_, (base, factor) in MULTIPLES.items():
            found[id_] = self.total[base] * factor(world)
        found["detected_entries"] = sum(found[one] for one in DETECTED_ENTRIES)
        for place, (sector, share) in enumerate(sector_shares().items()):
            total = self.by_sector[:, place] + share * self.at_today_shares
            found[f"encounters.{sector}"] = total / self.weeks
        return {id_: found[id_] for id_ in measure_ids()}


BASES: dict[str, Reader] = {
    "seized": lambda world: world.drugs.seized_share,
    "through": lambda world: world.drugs.through,
}
MULTIPLES: dict[str, tuple[str, Reader]] = {
    "us.cost_gdp": ("trade.cost_us", lambda world: PERCENT * 12.0 / world.costs.gdp_us),
    "mx.cost_gdp": ("trade.cost_mx", lambda world: PERCENT * 12.0 / world.costs.gdp_mx),
}
for _drug in DRUGS:
    MULTIPLES[f"drugs.{_drug}_seized"] = ("seized", lambda world, drug=_drug: world.drugs.sent_start[drug])
    MULTIPLES[f"drugs.{_drug}_entering"] = (
        "through",
        lambda world, drug=_drug: world.drugs.sent_start[drug] * (1.0 - world.drugs.caught_start),
    )


def read(world: World, ids: Iterable[str]) -> dict[str, Number]:
    """Some indicators of the model this week."""
    known = readers()
    return {id_: known[id_](world) for id_ in ids}
