"""Criminal organisations: their income, their routes for drugs, extortion, the fee for a crossing.

::

    p_r  = p_r0 + b_r + m_r (e_s - e_s0)                          interception on route r (ports, between, other)
    x_r+ = x_r + lK (softmax(ln x_r0 - mu (p_r - p_r0)) - x_r)    route shares
    Pi   = .5 D + .5 N / N0                                       income from smuggling
    X+   = X + lK ((1 - loss)(1 + psi max(0, 1 - Pi))(1 - nu (e_s - e_s0)) (1 - routes secured) exp(shift) - X)
    fee  = fee0 (enforcement / enforcement today)^elasticity

b_r are the shifts of levers; D the drugs that get through, N arrivals, loss the trade lost. psi is 0 where the
variant M10b is off. Enforcement is the chance of being stopped in Mexico or caught at the line.
"""

from __future__ import annotations

import numpy as np

from borderlab.bilateral.drive import Drive
from borderlab.bilateral.rates import Array, Number, weekly
from borderlab.bilateral.settings import Settings

ROUTES = ("ports", "between", "other")
MOST_CAUGHT = 0.9
LEAST_KEPT = 0.2  # of today's interception: inspection never stops altogether


class Organisations:
    """State: ``routes`` [3, n], ``extortion`` X [n]. Results: ``interception`` [3, n], ``income``, ``fee`` [n]."""

    def __init__(self, settings: Settings, enforcement: Array) -> None:
        n = settings.n
        ports, between = settings["x0_ports"], settings["x0_between"]
        self.share_start = np.array([ports, between, 1.0 - ports - between])[:, None]
        self.log_share = np.log(self.share_start)
        self.p_start = np.array([settings.array(f"p0_{route}") for route in ROUTES])
        self.m = (settings["m_ports"], settings["m_between"])
        self.mu, self.nu, self.psi = settings["mu"], settings["nu"], settings["psi"]
        self.learn = weekly(settings["lK"])
        self.per_route = settings["org.extortion_routes"]
        self.fee_start, self.elasticity = settings["today.fee"], settings["mig.fee_elasticity"]
        self.enforcement_start = enforcement
        self.routes: Array = np.broadcast_to(self.share_start, (3, n)).copy()
        self.interception = self.p_start.copy()
        self.extortion: Array = np.ones(n)
        self.income: Array = np.ones(n)
        self.fee: Array = self.fee_start + np.zeros(n)

    def choose_routes(self, drive: Drive, effort_change: Array) -> None:
        """Interception of the week, and the slow move of routes away from it."""
        caught = self.p_start.copy()
        caught[0] += drive.shift("intercept_ports") + self.m[0] * effort_change
        caught[1] += drive.shift("intercept_between") + self.m[1] * effort_change
        self.interception = np.clip(caught, LEAST_KEPT * self.p_start, MOST_CAUGHT)
        pull = np.exp(self.log_share - self.mu * (self.interception - self.p_start))
        self.routes = self.routes + self.learn * (pull / pull.sum(axis=0) - self.routes)

    def step(
        self,
        drive: Drive,
        *,
        drugs: Array,
        arrivals: Array,
        loss: Array,
        effort_change: Array,
        secured: Number,
        enforcement: Array,
    ) -> None:
        """Income, extortion and the fee. ``drugs`` and ``arrivals`` are relative to today."""
        self.income = 0.5 * drugs + 0.5 * arrivals
        pressed = np.maximum(1.0 - self.nu * effort_change, 0.0) * np.maximum(1.0 - self.per_route * secured, 0.0)
        target = (1.0 - loss) * (1.0 + self.psi * np.maximum(0.0, 1.0 - self.income)) * pressed
        target = target * np.exp(drive.shift("extortion"))
        self.extortion = self.extortion + self.learn * (target - self.extortion)
        self.fee = self.fee_start * (enforcement / self.enforcement_start) ** self.elasticity
