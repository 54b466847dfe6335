"""What an hour in line costs, by mode, in US dollars, from the register of parameters."""

from __future__ import annotations

from borderlab.evidence.tables.parameter import Parameter, remembered
from borderlab.evidence.tables.reads import Reads, each

_ID = {
    "truck": "crossings.cost_truck_hour",
    "vehicle": "crossings.cost_vehicle_hour",
    "pedestrian": "crossings.cost_pedestrian_hour",
}

READS = Reads(
    __name__,
    {**each(_ID.values(), ("user_cost_usd",)), "crossings.delayed_after": ("us_imports_delayed_usd",)},
)


@remembered
def prices() -> dict[str, Parameter]:
    """The parameter behind the cost of an hour of each mode."""
    return {mode: READS.row(name) for mode, name in _ID.items()}


def cost_per_hour(mode: str) -> float:
    """USD for an hour of delay of one truck, car or person on foot.

    >>> cost_per_hour("truck")
    90.89
    """
    return float(prices()[mode].default)


def delayed_after_min() -> float:
    """Minutes of extra wait from which a truckload counts as delayed trade."""
    return READS.number("crossings.delayed_after")
