"""Trade lost to restrictions and tariffs, and what it costs each side.

::

    loss(v) = 1 - (1 - vP) exp(-sig vT)         share of bilateral trade lost
    cM = sM loss, cU = sU loss                  share of one month's GDP

vP is the share of northbound throughput lost (from the response surface of the crossings), vT the tariff.
Variant M8: each month that a lever is in force, the exposed share sM falls by the share ``divert``.
"""

from __future__ import annotations

import numpy as np

from borderlab.bilateral.drive import Drive
from borderlab.bilateral.rates import Array, Number, weekly
from borderlab.bilateral.settings import Settings


class Economy:
    """State: ``exposure`` [n], share of Mexican GDP exposed. Results of the week: losses and costs [n]."""

    def __init__(self, settings: Settings) -> None:
        n = settings.n
        self.sig = settings["sig"]
        self.sU = settings["sU"]
        self.divert = weekly(settings["divert"])
        self.exposure = settings.array("sM")
        self.loss_imposed: Array = np.zeros(n)
        self.cost_threatened: Array = np.zeros(n)
        self.cost_mx: Array = np.zeros(n)
        self.cost_us: Array = np.zeros(n)

    def loss(self, throughput: Number, tariff: Number) -> Number:
        """Share of bilateral trade lost to a cut of throughput and a tariff."""
        return 1.0 - (1.0 - throughput) * np.exp(-self.sig * tariff)

    def step(self, drive: Drive) -> None:
        """Losses and costs of what is in force; cost that a threat names."""
        lost = drive.border.throughput_lost
        self.loss_imposed = self.loss(lost, drive.tariff_imposed) + np.zeros_like(self.exposure)
        self.cost_mx = self.exposure * self.loss_imposed
        self.cost_us = self.sU * self.loss_imposed
        self.cost_threatened = self.exposure * self.loss(drive.throughput_threatened, drive.tariff_threatened)
        in_force = self.loss_imposed > 0.0
        self.exposure = self.exposure * (1.0 - self.divert * in_force)
