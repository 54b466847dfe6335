"""Drugs and guns: what is sent, what is seized, what gets through.

::

    sent     = sent0 [1 - nu (e_s - e_s0)] exp(supply shift + demand shift)
    D        = sent / sent0 (1 - sum x p) / (1 - sum x0 p0)           drugs that get through, today = 1
    seized_r = sent x_r p_r                                           at ports, between ports
    deaths   = deaths0 exp(trend t) (D without demand)^elasticity exp(demand shift)
    guns     = guns0 exp(shift)

sent0 follows from what CBP seizes today and the interception that is assumed: no flow is measured. All four drugs
share the routes; their seizure shares at ports differ by a few points only. Seizures against five years are the ratio
of the law (6 U.S.C. 223): a year over the mean of the five before, pounds of the four drugs together.
"""

from __future__ import annotations

from math import exp, log

import numpy as np

from borderlab.evidence.tables.table import SourcedRow, table
from borderlab.model.core.equations import factor, per_future
from borderlab.model.core.inputs import Drive
from borderlab.model.core.rates import WEEKS_PER_YEAR, Array, Number, per_week
from borderlab.model.futures.parameters import Settings
from borderlab.model.modules.organisations import Organisations

DRUGS = ("fentanyl", "methamphetamine", "cocaine", "heroin")
YEAR_WEEKS = round(WEEKS_PER_YEAR)


class Seizure(SourcedRow):
    """Seizures of one drug in one fiscal year on the Southwest border, pounds, and the share at ports."""

    drug: str
    fiscal_year: int
    pounds: float
    share_at_ports: float
    date: str


def past_seizures() -> Array:
    """Pounds of the four drugs by the last five full fiscal years, [2 (ports, between), 5]."""
    rows = table("model/seizures", Seizure)
    years = sorted({row.fiscal_year for row in rows})[-5:]
    ports = [sum(row.pounds * row.share_at_ports for row in rows if row.fiscal_year == year) for year in years]
    both = [sum(row.pounds for row in rows if row.fiscal_year == year) for year in years]
    return np.array([ports, np.subtract(both, ports)])


@per_future(outputs=8)
def _market(
    x_ports, x_between, x_other, p_ports, p_between, p_other, effort_change, nu, supply_shift, demand_shift,
    caught_start, all_sent, deaths_start, trend, elasticity, guns_start, arms, guns_seized_start, guns_caught,
    sent, through, seized_share, at_ports, between_ports, deaths, guns, guns_seized,
):  # fmt: skip
    supply = max(1.0 - nu * effort_change, 0.0) * factor(supply_shift)
    demand = factor(demand_shift)
    out = sent[0] = supply * demand
    first, second = x_ports * p_ports, x_between * p_between
    passing = (1.0 - (first + second + x_other * p_other)) / (1.0 - caught_start)
    through[0] = out * passing
    seized_share[0] = out * (first + second)
    at_ports[0], between_ports[0] = out * all_sent * first, out * all_sent * second
    flow = supply * passing
    scarce = exp(trend + elasticity * log(flow)) if flow > 0.0 else 0.0
    deaths[0] = deaths_start * scarce * demand
    guns[0] = guns_start * factor(arms)
    guns_seized[0] = guns_seized_start + guns_caught * max(guns_start - guns[0], 0.0)


class Drugs:
    """State: yearly seizure totals. Results of the week [n]: flows per month and the ratio of the law."""

    def __init__(self, settings: Settings, organisations: Organisations) -> None:
        n = settings.n
        self.nu = settings["nu"]
        self.elasticity = settings["org.deaths"]
        self.trend = settings["org.deaths_trend"]
        self.deaths_start = settings["today.deaths"]
        self.guns_start, self.guns_seized_start = settings["today.guns"], settings["today.guns_seized"]
        self.guns_caught = settings["org.guns_caught"]
        caught = (organisations.routes * organisations.p_start).sum(axis=0)
        self.caught_start = caught
        self.seized_start = {drug: settings[f"today.seized_{drug}"] for drug in DRUGS}
        # What CBP counts as seized is ports and between; "other" (tunnels, sea, air) is in other files.
        counted = (organisations.routes * organisations.p_start)[:2].sum(axis=0)
        self.sent_start = {drug: value / counted for drug, value in self.seized_start.items()}
        past = past_seizures()
        self.years = np.repeat(past[:, :, None], n, axis=2)
        self.year: Array = np.zeros((2, n))
        self.week = 0
        self.against_five: Array = np.repeat((past[:, -1] / past[:, :-1].mean(axis=1))[:, None], n, axis=1)
        self.through: Array = np.ones(n)
        self.sent: Array = np.ones(n)
        self.seized_share: Array = counted
        self.deaths: Array = self.deaths_start + np.zeros(n)
        self.guns: Array = self.guns_start + np.zeros(n)
        self.guns_seized: Array = self.guns_seized_start + np.zeros(n)
        self.all_sent = sum(self.sent_start.values())

    def step(self, drive: Drive, organisations: Organisations, effort_change: Array) -> None:
        """What is sent, seized and gets through this week."""
        self.sent, self.through, self.seized_share, *seized, self.deaths, self.guns, self.guns_seized = _market(
            *organisations.routes,
            *organisations.interception,
            effort_change,
            self.nu,
            drive.shift("drug_supply"),
            drive.shift("drug_demand"),
            self.caught_start,
            self.all_sent,
            self.deaths_start,
            self.trend * (drive.week / WEEKS_PER_YEAR),
            self.elasticity,
            self.guns_start,
            drive.shift("arms"),
            self.guns_seized_start,
            self.guns_caught,
        )
        self._count(seized)

    def _count(self, per_month: list[Array]) -> None:
        for total, seized in zip(self.year, per_month, strict=True):
            total += per_week(seized)
        self.week += 1
        if self.week % YEAR_WEEKS == 0:
            self.against_five = self.year / self.years.mean(axis=1)
            self.years = np.concatenate([self.years[:, 1:], self.year[:, None]], axis=1)
            self.year = np.zeros_like(self.year)

    def seized(self, drug: str) -> Array:
        """Pounds of one drug seized per month."""
        return self.sent_start[drug] * self.seized_share

    def entering(self, drug: str) -> Number:
        """Pounds of one drug that get through per month."""
        return self.sent_start[drug] * (1.0 - self.caught_start) * self.through
