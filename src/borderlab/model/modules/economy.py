"""Trade lost to restrictions and tariffs, and what it costs each side."""

from __future__ import annotations

from typing import Any

from borderlab.model.core.equations import factor
from borderlab.model.core.module import Module, names
from borderlab.model.core.rates import Number, weekly


class Economy(Module):
    """Trade lost, as a share of bilateral trade, and its cost to each side as a share of one month's GDP.

    The share of northbound throughput lost comes from the crossings, the tariff from what is in force. What presses on
    Mexico is the part of the cost that comes from measures of pressure: facilitation that loses some throughput costs
    both sides and demands nothing. Under the switch ``diversification`` the exposed share of GDP falls by ``divert``
    in each month in which such a measure is in force.
    """

    name = "economy"
    parameters = names("sU", "sig", exposure_today="sM", divert_monthly="divert")
    reads = names(
        lost="border.throughput_lost",
        lost_pressed="border.throughput_pressed",
        lost_threatened="border.throughput_threatened",
        tariff="levers.tariff_imposed",
        tariff_threatened="levers.tariff_threatened",
    )
    state = {"exposure": "share"}
    writes = {
        "loss": "share",
        "cost_mx": "GDP-month",
        "cost_us": "GDP-month",
        "cost_pressed": "GDP-month",
        "cost_threatened": "GDP-month",
    }

    @staticmethod
    def begin(exposure_today: Number, divert_monthly: Number) -> dict[str, Any]:
        """Nothing is lost yet."""
        return {"exposure": exposure_today, "divert": weekly(divert_monthly), "cost_mx": 0.0, "cost_us": 0.0}

    @staticmethod
    def step(exposure, sU, sig, divert, lost, lost_pressed, tariff, lost_threatened, tariff_threatened):
        """Losses and costs of what is in force; cost that a threat names."""
        dearer = factor(-sig * tariff)
        loss = 1.0 - (1.0 - lost) * dearer
        cost_mx = exposure * loss
        cost_us = sU * loss
        cost_pressed = exposure * (1.0 - (1.0 - lost_pressed) * dearer)
        cost_threatened = exposure * (1.0 - (1.0 - lost_threatened) * factor(-sig * tariff_threatened))
        exposure = exposure * (1.0 - divert) if cost_pressed > 0.0 else exposure
        return {
            "loss": loss,
            "cost_mx": cost_mx,
            "cost_us": cost_us,
            "cost_pressed": cost_pressed,
            "cost_threatened": cost_threatened,
            "exposure": exposure,
        }
