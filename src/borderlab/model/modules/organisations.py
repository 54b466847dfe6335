"""Criminal organisations: their income, extortion, the fee for a crossing."""

from __future__ import annotations

from typing import Any

from borderlab.model.core.equations import factor
from borderlab.model.core.module import Measure, Module, names
from borderlab.model.core.rates import Number, weekly


class Organisations(Module):
    """Income from smuggling against today's, extortion against today's, and the fee.

    Income is what drugs that get through and migrants that arrive bring, the latter with a small weight. Extortion
    follows trade, rises where income from smuggling falls (``psi``, unless the variant is off), and falls with security
    effort and secured corridors. The fee rises with enforcement, the chance of being stopped in Mexico or caught at the
    line. Cash that goes south follows income and what levers do about arms and cash.
    """

    name = "organisations"
    parameters = names(
        "psi",
        "nu",
        per_route="org.extortion_routes",
        migrants="org.migrant_share",
        fee_today="today.fee",
        elasticity="mig.fee_elasticity",
        learn_monthly="lK",
        routes_today="today.route_security",
    )
    reads = names(
        drugs="drugs.through",
        arrivals="migration.relative",
        loss="economy.loss",
        effort_change="effort.change",
        route_security="effort.route_security",
        stopping="migration.stopping",
        stopping_start="migration.stopping_start",
    )
    effects = names(shift="extortion", arms="arms")
    state = {"X": "index"}
    writes = {"income": "index", "fee": "USD", "cash": "index"}
    measures = (
        Measure("mx.extortion_index", "X"),
        Measure("organisations.income", "income"),
        Measure("smuggling_fee", "fee"),
        Measure("cash.southbound", "cash"),
    )

    @staticmethod
    def begin(learn_monthly: Number) -> dict[str, Any]:
        """Today is 1."""
        return {"X": 1.0, "learn": weekly(learn_monthly)}

    @staticmethod
    def step(
        X, drugs, arrivals, loss, effort_change, route_security, routes_today, shift, psi, nu, per_route, learn,
        stopping, stopping_start, fee_today, elasticity, migrants, arms,
    ):  # fmt: skip
        """Income, extortion, the fee and cash of the week."""
        income = (1.0 - migrants) * drugs + migrants * arrivals
        secured = route_security - routes_today
        pressed = max(1.0 - nu * effort_change, 0.0) * max(1.0 - per_route * secured, 0.0)
        target = (1.0 - loss) * (1.0 + psi * max(0.0, 1.0 - income)) * pressed * factor(shift)
        X = X + learn * (target - X)
        fee = fee_today * (stopping / stopping_start) ** elasticity
        return {"X": X, "income": income, "fee": fee, "cash": income * factor(arms)}
