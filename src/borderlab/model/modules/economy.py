"""Trade lost to restrictions and tariffs, and what it costs each side.

::

    loss(v) = 1 - (1 - vP) exp(-sig vT)         share of bilateral trade lost
    cM = sM loss, cU = sU loss                  share of one month's GDP

vP is the share of northbound throughput lost (from the response surface of the crossings), vT the tariff. What
presses on Mexico is the part of cM that comes from measures of pressure: facilitation that loses some throughput costs
both sides and demands nothing. Variant M8: each month that such a measure is in force, the exposed share sM falls by
the share ``divert``.
"""

from __future__ import annotations

import numpy as np

from borderlab.model.core.equations import factor, per_future
from borderlab.model.core.inputs import Drive
from borderlab.model.core.rates import Array, weekly
from borderlab.model.futures.parameters import Settings


@per_future(outputs=6)
def _trade(
    exposure, sU, sig, divert, lost, lost_pressed, tariff, lost_threatened, tariff_threatened,
    loss, cost_mx, cost_us, cost_pressed, cost_threatened, exposure_after,
):  # fmt: skip
    dearer = factor(-sig * tariff)
    loss[0] = 1.0 - (1.0 - lost) * dearer
    cost_mx[0] = exposure * loss[0]
    cost_us[0] = sU * loss[0]
    cost_pressed[0] = exposure * (1.0 - (1.0 - lost_pressed) * dearer)
    cost_threatened[0] = exposure * (1.0 - (1.0 - lost_threatened) * factor(-sig * tariff_threatened))
    exposure_after[0] = exposure * (1.0 - divert) if cost_pressed[0] > 0.0 else exposure


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
        self.cost_pressed: Array = np.zeros(n)

    def step(self, drive: Drive) -> None:
        """Losses and costs of what is in force; cost that a threat names."""
        lost, pressed = drive.border.throughput_lost, drive.border.throughput_pressed
        self.loss_imposed, self.cost_mx, self.cost_us, self.cost_pressed, self.cost_threatened, self.exposure = _trade(
            self.exposure,
            self.sU,
            self.sig,
            self.divert,
            lost,
            lost if pressed is None else pressed,
            drive.tariff_imposed,
            drive.throughput_threatened,
            drive.tariff_threatened,
        )
