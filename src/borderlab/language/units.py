"""Numbers with units, as people write them in scenario and strategy files."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from borderlab.base.problems import nearest

# pint's own definitions hold thousands of units that a border never needs and that would let typing
# errors through ("25 mm" for 25 min), so the registry is made of these alone.
_DEFINITIONS = """
minute = [time] = min = minutes
second = minute / 60 = s = seconds = sec
hour = 60 * minute = h = hours
day = 24 * hour = d = days
week = 7 * day = weeks
year = 365.25 * day = years
month = year / 12 = months
dollar = [money] = USD = dollars = usd
person = [people] = people = persons
truck = [truck] = trucks
vehicle = [vehicle] = vehicles = car = cars
pedestrian = [pedestrian] = pedestrians
booth = [booth] = booths = lane = lanes = place = places
pound = [mass] = lb = lbs = pounds
kilogram = 2.2046226218 * pound = kg
share = []
percent = 0.01 = pct
point = 0.01 = points
time = []  = times
"""

_NUMBER = re.compile(r"^\s*([+-]?(?:\d[\d,_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*?)\s*$")
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9}


class QuantityError(ValueError):
    """A quantity that cannot be read; ``did_you_mean`` holds the nearest known unit, if any."""

    def __init__(self, message: str, did_you_mean: str | None = None) -> None:
        super().__init__(message)
        self.did_you_mean = did_you_mean


@cache
def _registry() -> Any:
    import pint

    registry: Any = pint.UnitRegistry(None, on_redefinition="ignore")
    for line in _DEFINITIONS.strip().splitlines():
        registry.define(line.strip())
    return registry


def known_units() -> list[str]:
    """Every unit word that a file may use."""
    words = re.findall(r"[A-Za-z]+", re.sub(r"\[.*?\]", "", _DEFINITIONS))
    return sorted({*words, "%"})


def parse_quantity(text: object, unit: str) -> float:
    """Read ``text`` as a quantity and return it in ``unit``.

    A bare number is refused unless ``unit`` is dimensionless by nature and the text says so: a duration, a
    rate, a share or money needs its unit written. Products and quotients of units are read: ``"31000 cars/day"``.

    >>> parse_quantity("2 weeks", "hour")
    336.0
    >>> parse_quantity("25 %", "share")
    0.25
    >>> parse_quantity("1.5 million USD", "USD")
    1500000.0

    Raises:
        QuantityError: no number, no unit, an unknown unit, or a unit of another kind.
    """
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        raise QuantityError(f"'{text}' is not a quantity; write a number and a unit, like '2 {unit}'")
    match = _NUMBER.match(str(text))
    if not match:
        raise QuantityError(f"'{text}' is not a quantity; write a number and a unit, like '2 {unit}'")
    value = float(match[1].replace(",", "").replace("_", ""))
    words = match[2]
    for word, scale in _SCALES.items():
        if words.startswith(word):
            value, words = value * scale, words[len(word) :].strip()
    if not words:
        raise QuantityError(f"'{text}' has no unit; write for example '{match[1]} {_readable(unit)}'")
    words = words.replace("%", "percent").replace("$", "USD").replace(" per ", "/").replace("per ", "/")
    registry = _registry()
    for word in re.findall(r"[^\W\d_]+", words):
        if word not in registry:
            raise QuantityError(f"'{word}' in '{text}' is not a known unit", nearest(word, known_units()))
    try:
        return float(registry.Quantity(value, registry.parse_units(words.strip())).to(unit).magnitude)
    except Exception:  # pint raises a dozen kinds for text that is not a unit of the wanted kind
        raise QuantityError(f"'{text}' cannot be read in {_readable(unit)}") from None


def _readable(unit: str) -> str:
    return "%" if unit in ("share", "percent") else unit
