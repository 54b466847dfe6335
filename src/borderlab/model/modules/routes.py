"""The routes of drugs, and how they move away from interception."""

from __future__ import annotations

from math import exp
from typing import Any

import numpy as np

from borderlab.model.core.equations import clip
from borderlab.model.core.module import Measure, Module, names
from borderlab.model.core.rates import Number, weekly


class Routes(Module):
    """Shares of three routes: through ports of entry, between them, and other (tunnels, sea, air).

    Interception on a route is today's, the shift of levers and what Mexican security effort adds; it never falls below
    a part of today's, since inspection never stops altogether. The shares follow a logit of the change of interception
    since today, with the lag at which organisations learn. All four drugs share the routes; their seizure shares at
    ports differ by a few points only.
    """

    name = "routes"
    parameters = names(
        "mu", "m_ports", "m_between", "p0_ports", "p0_between", "p0_other",
        share_ports="x0_ports", share_between="x0_between", learn_monthly="lK",
        most_caught="drugs.most_caught", least_kept="drugs.least_kept",
    )  # fmt: skip
    reads = names(effort_change="effort.change")
    effects = names(at_ports="intercept_ports", at_between="intercept_between")
    state = {"x_ports": "share", "x_between": "share", "x_other": "share"}
    writes = {"ports": "share", "between": "share", "other": "share"}
    measures = (Measure("drugs.seizure_rate_ports", "ports"), Measure("drugs.seizure_rate_between", "between"))

    @staticmethod
    def begin(
        share_ports: Number, share_between: Number, learn_monthly: Number,
        p0_ports: Number, p0_between: Number, p0_other: Number,
    ) -> dict[str, Any]:  # fmt: skip
        """Today's shares and interception."""
        other = 1.0 - share_ports - share_between
        return {
            "x_ports": share_ports,
            "x_between": share_between,
            "x_other": other,
            "log_ports": np.log(share_ports),
            "log_between": np.log(share_between),
            "log_other": np.log(other),
            "learn": weekly(learn_monthly),
            "ports": p0_ports,
            "between": p0_between,
            "other": p0_other,
        }

    @staticmethod
    def step(
        p0_ports, p0_between, p0_other, at_ports, at_between, m_ports, m_between, effort_change, mu, learn,
        log_ports, log_between, log_other, x_ports, x_between, x_other, least_kept, most_caught,
    ):  # fmt: skip
        """Interception of the week, and the slow move of routes away from it."""
        ports = clip(p0_ports + at_ports + m_ports * effort_change, least_kept * p0_ports, most_caught)
        between = clip(p0_between + at_between + m_between * effort_change, least_kept * p0_between, most_caught)
        other = clip(p0_other, least_kept * p0_other, most_caught)
        first = exp(log_ports - mu * (ports - p0_ports))
        second = exp(log_between - mu * (between - p0_between))
        third = exp(log_other - mu * (other - p0_other))
        total = first + second + third
        return {
            "ports": ports,
            "between": between,
            "other": other,
            "x_ports": x_ports + learn * (first / total - x_ports),
            "x_between": x_between + learn * (second / total - x_between),
            "x_other": x_other + learn * (third / total - x_other),
        }
