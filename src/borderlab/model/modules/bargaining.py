"""Pressure: what Mexico announces under a threat or a measure, and how credibility and backlash learn.

::

    z    = eta (R (sM loss(threatened) + cD) + sM loss(imposed) + cD imposed) / (kc (1 + dc F))
    lev  = 1 - exp(-z) - rally F                 (the last term only under variant M4 and under pressure)
    nom  = kap lev                               concession announced
    R+   = R + aR (1 - R) if a resisted threat is executed; R - aR R if it is dropped unmet
    F+   = (1 - .04) F + gF [new public threat or imposition] + .1 gF per month [imposed]

Costs are shares of one month's Mexican GDP. Variant M1 fixes R at 1; M3 sets gF and dc to 0.
"""

from __future__ import annotations

from math import expm1

import numpy as np

from borderlab.model.core.equations import factor, per_future
from borderlab.model.core.inputs import Drive
from borderlab.model.core.rates import Array, per_week, weekly
from borderlab.model.futures.parameters import Settings
from borderlab.model.modules.economy import Economy

PERCENT = 0.01


@per_future(outputs=4)
def _bargain(
    R, F, cost_threatened, cost_pressed, expected, expected_imposed, eta, kc, dc, rally, kap, capacity, weaken,
    aR, executed, dropped, gF, backlash, new_pressure, fade, wear,
    leverage, concession, R_after, F_after,
):  # fmt: skip
    imposed = cost_pressed + PERCENT * expected_imposed
    cost = R * (cost_threatened + PERCENT * expected) + imposed
    if cost > 0.0:
        leverage[0] = -expm1(-eta * cost / (kc * (1.0 + dc * F))) - rally * F
        concession[0] = max(kap + capacity, 0.0) / (1.0 + weaken * 100.0 * cost_pressed) * leverage[0]
    else:
        leverage[0] = concession[0] = 0.0
    learnt = R + aR * (1.0 - R) * executed
    R_after[0] = learnt - aR * learnt * dropped
    in_force = wear if imposed > 0.0 else 0.0
    F_after[0] = (1.0 - fade) * F + gF * factor(backlash) * (new_pressure + in_force)


class Bargaining:
    """State: ``credibility`` R and ``backlash`` F [n]. Results of the week: ``leverage``, ``concession`` [n]."""

    def __init__(self, settings: Settings, backlash: Array | float = 0.0) -> None:
        n = settings.n
        self.eta, self.kc, self.dc = settings["eta"], settings["kc"], settings["dc"]
        self.kap, self.weaken = settings["kap"], settings["weaken"]
        self.aR, self.gF, self.rally = settings["aR"], settings["gF"], settings["rally"]
        self.fade = weekly(settings["F_decay"])
        self.wear = per_week(settings["F_imposed"])
        self.credibility = settings.array("R0")
        self.backlash: Array = np.zeros(n) + backlash * (np.asarray(self.gF) > 0.0)
        self.leverage: Array = np.zeros(n)
        self.concession: Array = np.zeros(n)

    def step(self, drive: Drive, economy: Economy) -> None:
        """Announced concession of the week, then what both sides have learnt from it."""
        self.leverage, self.concession, self.credibility, self.backlash = _bargain(
            self.credibility,
            self.backlash,
            economy.cost_threatened,
            economy.cost_pressed,
            drive.expected_cost,
            drive.expected_cost_imposed,
            self.eta,
            self.kc,
            self.dc,
            self.rally,
            self.kap,
            drive.shift("capacity"),
            self.weaken,
            self.aR,
            drive.executed,
            drive.dropped,
            self.gF,
            drive.shift("backlash"),
            drive.new_pressure,
            self.fade,
            self.wear,
        )
