"""Criminal organisations: their income, their routes for drugs, extortion, the fee for a crossing.

::

    p_r  = p_r0 + b_r + m_r (e_s - e_s0)                          interception on route r (ports, between, other)
    x_r+ = x_r + lK (softmax(ln x_r0 - mu (p_r - p_r0)) - x_r)    route shares
    Pi   = (1 - w) D + w N / N0                                   income from smuggling, w the migrants' part today
    X+   = X + lK ((1 - loss)(1 + psi max(0, 1 - Pi))(1 - nu (e_s - e_s0)) (1 - routes secured) exp(shift) - X)
    fee  = fee0 (enforcement / enforcement today)^elasticity

b_r are the shifts of levers; D the drugs that get through, N arrivals, loss the trade lost. psi is 0 where the
variant M10b is off. Enforcement is the chance of being stopped in Mexico or caught at the line.
"""

from __future__ import annotations

from math import exp

import numpy as np

from borderlab.model.core.equations import clip, factor, per_future
from borderlab.model.core.inputs import Drive
from borderlab.model.core.rates import Array, Number, weekly
from borderlab.model.futures.parameters import Settings

ROUTES = ("ports", "between", "other")
MOST_CAUGHT = 0.9
LEAST_KEPT = 0.2  # of today's interception: inspection never stops altogether


@per_future(outputs=6)
def _routes(
    p0_ports, p0_between, p0_other, at_ports, at_between, m_ports, m_between, effort_change, mu, learn,
    log_ports, log_between, log_other, x_ports, x_between, x_other,
    ports, between, other, ports_after, between_after, other_after,
):  # fmt: skip
    ports[0] = clip(p0_ports + at_ports + m_ports * effort_change, LEAST_KEPT * p0_ports, MOST_CAUGHT)
    between[0] = clip(p0_between + at_between + m_between * effort_change, LEAST_KEPT * p0_between, MOST_CAUGHT)
    other[0] = clip(p0_other, LEAST_KEPT * p0_other, MOST_CAUGHT)
    first = exp(log_ports - mu * (ports[0] - p0_ports))
    second = exp(log_between - mu * (between[0] - p0_between))
    third = exp(log_other - mu * (other[0] - p0_other))
    total = first + second + third
    ports_after[0] = x_ports + learn * (first / total - x_ports)
    between_after[0] = x_between + learn * (second / total - x_between)
    other_after[0] = x_other + learn * (third / total - x_other)


@per_future(outputs=3)
def _business(
    X, drugs, arrivals, loss, effort_change, secured, shift, psi, nu, per_route, learn, enforcement_ratio,
    fee_start, elasticity, migrants,
    X_after, income, fee,
):  # fmt: skip
    income[0] = (1.0 - migrants) * drugs + migrants * arrivals
    pressed = max(1.0 - nu * effort_change, 0.0) * max(1.0 - per_route * secured, 0.0)
    target = (1.0 - loss) * (1.0 + psi * max(0.0, 1.0 - income[0])) * pressed * factor(shift)
    X_after[0] = X + learn * (target - X)
    fee[0] = fee_start * enforcement_ratio**elasticity


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
        self.migrants = settings["org.migrant_share"]
        self.fee_start, self.elasticity = settings["today.fee"], settings["mig.fee_elasticity"]
        self.enforcement_start = enforcement
        self.routes: Array = np.broadcast_to(self.share_start, (3, n)).copy()
        self.interception = self.p_start.copy()
        self.extortion: Array = np.ones(n)
        self.income: Array = np.ones(n)
        self.fee: Array = self.fee_start + np.zeros(n)

    def choose_routes(self, drive: Drive, effort_change: Array) -> None:
        """Interception of the week, and the slow move of routes away from it."""
        found = np.empty((2 * len(ROUTES), len(effort_change)))
        _routes(
            *self.p_start,
            drive.shift("intercept_ports"),
            drive.shift("intercept_between"),
            *self.m,
            effort_change,
            self.mu,
            self.learn,
            *self.log_share,
            *self.routes,
            out=found,
        )
        self.interception, self.routes = found[: len(ROUTES)], found[len(ROUTES) :]

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
        self.extortion, self.income, self.fee = _business(
            self.extortion,
            drugs,
            arrivals,
            loss,
            effort_change,
            secured,
            drive.shift("extortion"),
            self.psi,
            self.nu,
            self.per_route,
            self.learn,
            enforcement / self.enforcement_start,
            self.fee_start,
            self.elasticity,
            self.migrants,
        )
