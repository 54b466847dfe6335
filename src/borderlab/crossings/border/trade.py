"""The value of freight in a truck, by port and direction. Northbound value is not two-way value."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from borderlab.crossings.border.places import crossings, ports, trade
from borderlab.crossings.border.volumes import monthly


@dataclass(frozen=True)
class TruckValue:
    """Freight value of a port's trucks, per northbound entry (loaded and empty together).

    Attributes:
        northbound: USD of U.S. imports, which are goods that Mexican firms send.
        southbound: USD of U.S. exports that leave through the same port, per northbound entry of it.
        year: of the figures.
        borrowed: True if the port has no figure of its own and the border's mean stands in.
    """

    northbound: float
    southbound: float
    year: int
    borrowed: bool = False


def trade_year(year: int) -> int:
    """The year of the trade table nearest to ``year``."""
    return min({row.year for row in trade()}, key=lambda known: (abs(known - year), -known))


@cache
def _entries(port: str, year: int) -> float:
    return sum(monthly(port, "truck", year, month).entries for month in range(1, 13))


@cache
def truck_values(year: int) -> dict[str, TruckValue]:
    """Value per truck by crossing id, in US dollars of the table's year nearest to ``year``.

    Truck freight of the port divided by its truck entries of that year. A port with trucks but without a figure
    takes the mean of the whole border.
    """
    known = trade_year(year)
    usd: dict[tuple[str, str], float] = {}
    for row in trade():
        if row.year == known and row.transport == "truck":
            usd[row.port, row.direction] = usd.get((row.port, row.direction), 0.0) + row.usd
    by_port: dict[str, TruckValue] = {}
    total_usd = {"northbound": 0.0, "southbound": 0.0}
    total_entries = 0.0
    for port in ports():
        entries = _entries(port, known) if "truck" in _modes(port) else 0.0
        if entries > 0 and (port, "northbound") in usd:
            north, south = usd[port, "northbound"], usd.get((port, "southbound"), 0.0)
            by_port[port] = TruckValue(north / entries, south / entries, known)
            total_usd["northbound"] += north
            total_usd["southbound"] += south
            total_entries += entries
    mean = TruckValue(
        total_usd["northbound"] / max(total_entries, 1.0),
        total_usd["southbound"] / max(total_entries, 1.0),
        known,
        True,
    )
    return {row.id: by_port.get(row.port, mean) for row in crossings() if "truck" in row.modes}


@cache
def _modes(port: str) -> frozenset[str]:
    return frozenset(mode for row in crossings() if row.port == port for mode in row.modes)
