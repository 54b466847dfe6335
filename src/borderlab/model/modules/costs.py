"""Money: what restrictions and tariffs cost each side, what levers and deployments cost each budget."""

from __future__ import annotations

from typing import Any

from borderlab.model.core.module import Measure, Module, Whole, names
from borderlab.model.core.rates import Number

MONTHS = 12.0
MILLION = 1e6
PERCENT = 100.0


class Costs(Module):
    """Costs to each economy and to each public budget, USD per month.

    A loss of trade costs each side its share of GDP. Delay costs fall on carriers, shippers and travellers of both
    countries; who bears them in the end is not known, so each side is given ``cost.delay_share_us`` or the rest.
    Budgets
    count what is spent above today: levers (judged, per lever) and soldiers deployed under pressure; those that Mexico
    posts of itself are in the budget of their lever.
    """

    name = "costs"
    parameters = names(
        gdp_us="today.gdp_us",
        gdp_mx="today.gdp_mx",
        trade="today.trade",
        per_value="cost.value_delayed",
        per_hour="cost.traveller_hour",
        per_soldier="cost.soldier",
        delay_share_us="cost.delay_share_us",
    )
    reads = names(
        loss="economy.loss",
        cost_us="economy.cost_us",
        cost_mx="economy.cost_mx",
        truck_cost="border.truck_cost",
        traveller_hours="border.traveller_hours",
        value_delayed="border.value_delayed",
        soldiers="effort.deployed",
    )
    effects = names(lever_us=Whole("budget_us"), lever_mx=Whole("budget_mx"))
    writes = {
        "lost": "USD/month",
        "us": "USD/month",
        "mx": "USD/month",
        "budget_us": "USD/month",
        "budget_mx": "USD/month",
    }
    measures = (
        Measure("trade.lost", "lost"),
        Measure("trade.cost_us", "us"),
        Measure("trade.cost_mx", "mx"),
        Measure("us.cost_gdp", "us", times="percent_us"),
        Measure("mx.cost_gdp", "mx", times="percent_mx"),
        Measure("budget.us", "budget_us"),
        Measure("budget.mx", "budget_mx"),
    )

    @staticmethod
    def begin(gdp_us: Number, gdp_mx: Number) -> dict[str, Any]:
        """A dollar a month as percent of a year's GDP."""
        return {"percent_us": PERCENT * MONTHS / gdp_us, "percent_mx": PERCENT * MONTHS / gdp_mx}

    @staticmethod
    def step(
        loss, trade, cost_us, cost_mx, gdp_us, gdp_mx, truck_cost, traveller_hours, per_hour, value_delayed, per_value,
        delay_share_us, lever_us, lever_mx, soldiers, per_soldier,
    ):  # fmt: skip
        """Trade lost, costs of each side, spending of each side."""
        delay = truck_cost + traveller_hours * per_hour + value_delayed * per_value
        return {
            "lost": loss * trade,
            "us": cost_us * (gdp_us / MONTHS) + delay_share_us * delay,
            "mx": cost_mx * (gdp_mx / MONTHS) + (1.0 - delay_share_us) * delay,
            "budget_us": lever_us * (MILLION / MONTHS),
            "budget_mx": lever_mx * (MILLION / MONTHS) + soldiers * per_soldier / MONTHS,
        }
