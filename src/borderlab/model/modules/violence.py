"""Homicides: trend, guns, levers, and the effect of force, whose sign is itself not known."""

from __future__ import annotations

from math import exp, log

from borderlab.model.core.module import Measure, Module, names


class Violence(Module):
    """Homicides per month.

    The effect of security effort is negative where force against organisations lowers homicides, positive where it
    breaks them up and raises homicides, zero where it does neither (switch ``force_and_violence``).
    """

    name = "violence"
    parameters = names(
        homicides_today="today.homicides",
        yearly_trend="org.homicide_trend",
        force="org.violence",
        elasticity="org.guns",
    )
    inputs = ("years",)
    reads = names(effort_change="effort.change", guns="drugs.guns_ratio")
    effects = names(shift="homicide")
    writes = {"homicides": "deaths/month"}
    measures = (Measure("mx.homicides", "homicides"),)

    @staticmethod
    def step(homicides_today, yearly_trend, years, force, effort_change, shift, guns, elasticity):
        """Homicides at this effort and this flow of guns."""
        armed = elasticity * log(guns) if guns != 1.0 else 0.0
        return {"homicides": homicides_today * exp(yearly_trend * years + force * effort_change + shift + armed)}
