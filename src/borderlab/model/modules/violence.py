"""Homicides: trend, guns, levers, and the effect of force, whose sign is itself not known.

::

    H = H0 exp(trend t + s (e_s - e_s0) + shift) (guns / guns0)^elasticity

s is negative where force against organisations lowers homicides, positive where it breaks them up and raises
homicides, zero where it does neither (variant M13).
"""

from __future__ import annotations

from math import exp, log

import numpy as np

from borderlab.model.core.equations import per_future
from borderlab.model.core.inputs import Drive
from borderlab.model.core.rates import WEEKS_PER_YEAR, Array
from borderlab.model.futures.parameters import Settings


@per_future(outputs=1)
def _homicides(start, trend, force, effort_change, shift, guns, elasticity, homicides):
    armed = elasticity * log(guns) if guns != 1.0 else 0.0
    homicides[0] = start * exp(trend + force * effort_change + shift + armed)


class Violence:
    """Result of the week: ``homicides`` per month [n]."""

    def __init__(self, settings: Settings) -> None:
        self.start = settings["today.homicides"]
        self.trend, self.force = settings["org.homicide_trend"], settings["org.violence"]
        self.guns = settings["org.guns"]
        self.homicides: Array = self.start + np.zeros(settings.n)

    def step(self, drive: Drive, effort_change: Array, guns: Array) -> None:
        """Homicides at this effort and this flow of guns (relative to today)."""
        self.homicides = _homicides(
            self.start,
            self.trend * (drive.week / WEEKS_PER_YEAR),
            self.force,
            effort_change,
            drive.shift("homicide"),
            guns,
            self.guns,
        )
