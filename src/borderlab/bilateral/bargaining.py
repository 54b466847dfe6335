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

import numpy as np

from borderlab.bilateral.drive import Drive
from borderlab.bilateral.economy import Economy
from borderlab.bilateral.rates import Array, per_week, weekly
from borderlab.bilateral.settings import Settings


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
        threatened = economy.cost_threatened + 0.01 * drive.expected_cost
        imposed = economy.cost_mx + 0.01 * drive.expected_cost_imposed
        cost = self.credibility * threatened + imposed
        if not cost.any():
            self.leverage, self.concession = np.zeros_like(cost), np.zeros_like(cost)
            self._learn(drive, cost > 0.0)
            return
        z = self.eta * cost / (self.kc * (1.0 + self.dc * self.backlash))
        under_pressure = cost > 0.0
        self.leverage = -np.expm1(-z) - self.rally * self.backlash * under_pressure
        weakened = 1.0 / (1.0 + self.weaken * 100.0 * economy.cost_mx)
        capacity = np.maximum(self.kap + drive.shift("capacity"), 0.0)
        self.concession = capacity * weakened * self.leverage
        self._learn(drive, imposed > 0.0)

    def _learn(self, drive: Drive, in_force: Array) -> None:
        if np.any(drive.executed) or np.any(drive.dropped):
            r = self.credibility
            r = r + self.aR * (1.0 - r) * drive.executed
            self.credibility = r - self.aR * r * drive.dropped
        gained = self.gF * np.exp(drive.shift("backlash"))
        self.backlash = (1.0 - self.fade) * self.backlash + gained * (drive.new_pressure + self.wear * in_force)
