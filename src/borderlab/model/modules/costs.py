"""Money: what restrictions and tariffs cost each side, what levers and deployments cost each budget.

::

    cost US = cU GDP_US / 12 + truck delay / 2 + hours/2 x value of an hour + value of freight delayed / 2
    cost MX = cM GDP_MX / 12 + the other halves

Delay costs fall on carriers, shippers and travellers of both countries; who bears them in the end is not known, so
they are halved. Budgets count what is spent above today: levers (judged, per lever) and soldiers deployed.
"""

from __future__ import annotations

import numpy as np

from borderlab.model.core.equations import per_future
from borderlab.model.core.inputs import Drive
from borderlab.model.core.rates import Array, Number
from borderlab.model.futures.parameters import Settings
from borderlab.model.modules.economy import Economy

MONTHS = 12.0
MILLION = 1e6
HALF = 0.5


@per_future(outputs=5)
def _bills(
    loss, trade, cost_us, cost_mx, gdp_us, gdp_mx, truck_cost, traveller_hours, per_hour, value_delayed, per_value,
    lever_us, lever_mx, soldiers, per_soldier,
    lost, us, mx, budget_us, budget_mx,
):  # fmt: skip
    lost[0] = loss * trade
    delay = HALF * (truck_cost + traveller_hours * per_hour + value_delayed * per_value)
    us[0] = cost_us * (gdp_us / MONTHS) + delay
    mx[0] = cost_mx * (gdp_mx / MONTHS) + delay
    budget_us[0] = lever_us * (MILLION / MONTHS)
    budget_mx[0] = lever_mx * (MILLION / MONTHS) + soldiers * per_soldier / MONTHS


class Costs:
    """Results of the week, USD per month [n]: ``us``, ``mx``, ``budget_us``, ``budget_mx``, ``lost``, ``delayed``."""

    def __init__(self, settings: Settings) -> None:
        n = settings.n
        self.gdp_us, self.gdp_mx = settings["today.gdp_us"], settings["today.gdp_mx"]
        self.trade = settings["today.trade"]
        self.per_value = settings["cost.value_delayed"]
        self.per_hour = settings["cost.traveller_hour"]
        self.per_soldier = settings["cost.soldier"]
        self.us: Array = np.zeros(n)
        self.mx: Array = np.zeros(n)
        self.lost: Array = np.zeros(n)
        self.delayed: Number = 0.0
        self.budget_us: Number = 0.0
        self.budget_mx: Number = 0.0

    def step(self, drive: Drive, economy: Economy, soldiers: Number) -> None:
        """``soldiers``: sent under pressure; those that Mexico posts of itself are in the budget of their lever."""
        border = drive.border
        self.delayed = border.value_delayed
        self.lost, self.us, self.mx, self.budget_us, self.budget_mx = _bills(
            economy.loss_imposed,
            self.trade,
            economy.cost_us,
            economy.cost_mx,
            self.gdp_us,
            self.gdp_mx,
            border.truck_cost,
            border.traveller_hours,
            self.per_hour,
            border.value_delayed,
            self.per_value,
            drive.shift("budget_us"),
            drive.shift("budget_mx"),
            soldiers,
            self.per_soldier,
        )
