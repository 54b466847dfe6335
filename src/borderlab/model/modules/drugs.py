"""Drugs and guns: what is sent, what is seized, what gets through."""

from __future__ import annotations

from math import exp, log
from typing import Any

import numpy as np

from borderlab.evidence.tables.table import SourcedRow, table
from borderlab.model.core.equations import factor
from borderlab.model.core.module import Measure, Module, Rows, names
from borderlab.model.core.rates import WEEKS_PER_MONTH, WEEKS_PER_YEAR, Array, Number

DRUGS = ("fentanyl", "methamphetamine", "cocaine", "heroin")
YEAR_WEEKS = round(WEEKS_PER_YEAR)
YEARS = 5


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
    years = sorted({row.fiscal_year for row in rows})[-YEARS:]
    ports = [sum(row.pounds * row.share_at_ports for row in rows if row.fiscal_year == year) for year in years]
    both = [sum(row.pounds for row in rows if row.fiscal_year == year) for year in years]
    return np.array([ports, np.subtract(both, ports)])


class Drugs(Module):
    """Flows of drugs and guns per month.

    What is sent follows from what CBP seizes today and the interception that is assumed: no flow is measured. Security
    effort and levers cut supply, levers cut demand. Deaths follow a trend, the supply that gets through and demand.
    Seizures against five years are the ratio of the law (6 U.S.C. 223): a year over the mean of the five before, pounds
    of the four drugs together; what CBP counts as seized is at ports and between, the other routes are in other files.
    """

    name = "drugs"
    parameters = names(
        "nu",
        elasticity="org.deaths",
        yearly_trend="org.deaths_trend",
        deaths_today="today.deaths",
        guns_today="today.guns",
        guns_seized_today="today.guns_seized",
        guns_caught="org.guns_caught",
        seized_fentanyl="today.seized_fentanyl",
        seized_methamphetamine="today.seized_methamphetamine",
        seized_cocaine="today.seized_cocaine",
        seized_heroin="today.seized_heroin",
    )
    inputs = ("years",)
    reads = names(
        x_ports="routes.x_ports",
        x_between="routes.x_between",
        x_other="routes.x_other",
        p_ports="routes.ports",
        p_between="routes.between",
        p_other="routes.other",
        effort_change="effort.change",
    )
    effects = names(supply_shift="drug_supply", demand_shift="drug_demand", arms="arms")
    state = {
        "years_ports": Rows(YEARS, "lb/year"),
        "years_between": Rows(YEARS, "lb/year"),
        "year_ports": "lb",
        "year_between": "lb",
        "against_ports": "ratio",
        "against_between": "ratio",
    }
    writes = {
        "sent": "ratio",
        "through": "ratio",
        "seized_share": "share",
        "deaths": "deaths/month",
        "guns": "guns/month",
        "guns_seized": "guns/month",
        "guns_ratio": "ratio",
    }
    measures = (
        Measure("drugs.seizures_vs_5y_ports", "against_ports"),
        Measure("drugs.seizures_vs_5y_between", "against_between"),
        Measure("us.overdose_deaths", "deaths"),
        Measure("arms.southbound", "guns"),
        Measure("arms.seized_southbound", "guns_seized"),
        *(Measure(f"drugs.{drug}_seized", "seized_share", times=f"sent_{drug}") for drug in DRUGS),
        *(Measure(f"drugs.{drug}_entering", "through", times=f"passed_{drug}") for drug in DRUGS),
    )

    @staticmethod
    def begin(
        x_ports: Number,
        x_between: Number,
        x_other: Number,
        p_ports: Number,
        p_between: Number,
        p_other: Number,
        seized_fentanyl: Number,
        seized_methamphetamine: Number,
        seized_cocaine: Number,
        seized_heroin: Number,
    ) -> dict[str, Any]:
        """What is sent of each drug, from what is seized today; the past years of the law's ratio."""
        ports, between = x_ports * p_ports, x_between * p_between
        caught = ports + between + x_other * p_other
        counted = ports + between
        sent_fentanyl, sent_methamphetamine = seized_fentanyl / counted, seized_methamphetamine / counted
        sent_cocaine, sent_heroin = seized_cocaine / counted, seized_heroin / counted
        past = past_seizures()
        against = past[:, -1] / past[:, :-1].mean(axis=1)
        return {
            "caught_start": caught,
            "sent_fentanyl": sent_fentanyl,
            "sent_methamphetamine": sent_methamphetamine,
            "sent_cocaine": sent_cocaine,
            "sent_heroin": sent_heroin,
            "passed_fentanyl": sent_fentanyl * (1.0 - caught),
            "passed_methamphetamine": sent_methamphetamine * (1.0 - caught),
            "passed_cocaine": sent_cocaine * (1.0 - caught),
            "passed_heroin": sent_heroin * (1.0 - caught),
            "all_sent": sent_fentanyl + sent_methamphetamine + sent_cocaine + sent_heroin,
            "years_ports": list(past[0]),
            "years_between": list(past[1]),
            "year_ports": 0.0,
            "year_between": 0.0,
            "against_ports": against[0],
            "against_between": against[1],
        }

    @staticmethod
    def step(
        x_ports, x_between, x_other, p_ports, p_between, p_other, effort_change, nu, supply_shift, demand_shift,
        caught_start, all_sent, deaths_today, yearly_trend, years, elasticity, guns_today, arms, guns_seized_today,
        guns_caught, week, years_ports, years_between, year_ports, year_between, against_ports, against_between,
    ):  # fmt: skip
        """What is sent, seized and gets through; a year of seizures is closed every 52 weeks."""
        supply = max(1.0 - nu * effort_change, 0.0) * factor(supply_shift)
        demand = factor(demand_shift)
        sent = supply * demand
        first = x_ports * p_ports
        second = x_between * p_between
        passing = (1.0 - (first + second + x_other * p_other)) / (1.0 - caught_start)
        through = sent * passing
        seized_share = sent * (first + second)
        flow = supply * passing
        scarce = exp(yearly_trend * years + elasticity * log(flow)) if flow > 0.0 else 0.0
        deaths = deaths_today * scarce * demand
        guns = guns_today * factor(arms)
        guns_seized = guns_seized_today + guns_caught * max(guns_today - guns, 0.0)
        year_ports = year_ports + sent * all_sent * first / WEEKS_PER_MONTH
        year_between = year_between + sent * all_sent * second / WEEKS_PER_MONTH
        if (week + 1) % YEAR_WEEKS == 0:
            before_ports = 0.0
            before_between = 0.0
            for place in range(YEARS):
                before_ports += years_ports[place]
                before_between += years_between[place]
            against_ports = year_ports / (before_ports / YEARS)
            against_between = year_between / (before_between / YEARS)
            for place in range(YEARS - 1):
                years_ports[place] = years_ports[place + 1]
                years_between[place] = years_between[place + 1]
            years_ports[YEARS - 1] = year_ports
            years_between[YEARS - 1] = year_between
            year_ports = 0.0
            year_between = 0.0
        return {
            "sent": sent,
            "through": through,
            "seized_share": seized_share,
            "deaths": deaths,
            "guns": guns,
            "guns_seized": guns_seized,
            "guns_ratio": guns / guns_today,
            "year_ports": year_ports,
            "year_between": year_between,
            "against_ports": against_ports,
            "against_between": against_between,
        }
