"""Pressure: what Mexico announces under a threat or a measure, and how credibility and backlash learn."""

from __future__ import annotations

from math import expm1
from typing import Any

import numpy as np

from borderlab.model.core.equations import factor
from borderlab.model.core.module import Measure, Module, Whole, names
from borderlab.model.core.rates import Number, per_week, weekly

PERCENT = 0.01


class Bargaining(Module):
    """What Mexico announces, and what both sides learn from it.

    Expected cost counts to the share that is believed: a threat at the credibility R, a measure in force whole. It
    moves the share ``leverage`` of the largest concession; backlash F dampens it (``dc``) or, under the variant
    "rally" and under pressure, hardens Mexico. Credibility rises when a resisted threat is carried out and falls when
    one is dropped unmet. Costs are shares of one month's Mexican GDP; those of designation, decertification and treaty
    links are in percent of it.
    """

    name = "bargaining"
    parameters = names(
        "eta", "kc", "dc", "rally", "kap", "weaken", "aR", "gF",
        credibility_start="R0", F_decay="F_decay", F_imposed="F_imposed", backlash_today="today.backlash",
    )  # fmt: skip
    reads = names(
        cost_threatened="economy.cost_threatened",
        cost_pressed="economy.cost_pressed",
        expected="levers.expected_cost",
        expected_imposed="levers.expected_imposed",
        executed="levers.executed",
        dropped="levers.dropped",
        new_pressure="levers.new_pressure",
    )
    effects = names(capacity=Whole("capacity"), more_backlash=Whole("backlash"))
    state = {"R": "share", "F": "index"}
    writes = {"leverage": "share", "concession": "effort", "announced": "effort"}
    measures = (
        Measure("leverage", "leverage"),
        Measure("concession_announced", "announced"),
        Measure("credibility", "R"),
        Measure("backlash", "F"),
    )

    @staticmethod
    def begin(
        opening: Any, credibility_start: Number, gF: Number, F_decay: Number, F_imposed: Number, backlash_today: Number
    ) -> dict[str, Any]:
        """Today's credibility and backlash; none of the latter where a variant knows none."""
        backlash = backlash_today if opening.backlash is None else opening.backlash
        return {
            "R": credibility_start,
            "F": backlash * (np.asarray(gF) > 0.0),
            "fade": weekly(F_decay),
            "wear": per_week(F_imposed),
            "leverage": 0.0,
            "concession": 0.0,
        }

    @staticmethod
    def step(
        R, F, cost_threatened, cost_pressed, expected, expected_imposed, eta, kc, dc, rally, kap, capacity, weaken,
        aR, executed, dropped, gF, more_backlash, new_pressure, fade, wear,
    ):  # fmt: skip
        """Announced concession of the week, then what both sides have learnt from it."""
        imposed = cost_pressed + PERCENT * expected_imposed
        cost = R * (cost_threatened + PERCENT * expected) + imposed
        leverage = 0.0
        concession = 0.0
        if cost > 0.0:
            leverage = -expm1(-eta * cost / (kc * (1.0 + dc * F))) - rally * F
            concession = max(kap + capacity, 0.0) / (1.0 + weaken * 100.0 * cost_pressed) * leverage
        announced = max(concession, 0.0)  # hardening is no concession
        learnt = R + aR * (1.0 - R) * executed
        R = learnt - aR * learnt * dropped
        in_force = wear if imposed > 0.0 else 0.0
        F = (1.0 - fade) * F + gF * factor(more_backlash) * (new_pressure + in_force)
        return {"leverage": leverage, "concession": concession, "announced": announced, "R": R, "F": F}
