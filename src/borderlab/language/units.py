"""Numbers with units, as people write them in scenario and strategy files."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from borderlab.base.problems import nearest
from borderlab.language.number import NumberError, number_pattern, read_number, split_number

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
time = [event] = times
"""

_SCALE = re.compile(r"(thousand|million|billion|mil millones|mil|mill[oó]n|millones)(?![^\W\d_])(?:\s+de\b)?\s*")
_SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "mil": 1e3, "mil millones": 1e9}
_PER = re.compile(r"\s*(?:/|\b(?:per|por|a la|al|an?|cada)\b)\s*")
PER_PATTERN = r"(?:\s*/\s*|\s+(?:per|por|a la|al|an?|cada)\s+)"
# How Spanish writes the units above; "billón" is left out, for it is a million millions.
_SPANISH = {
    "segundo": "second", "segundos": "second", "minuto": "minute", "minutos": "minute", "hora": "hour",
    "horas": "hour", "día": "day", "días": "day", "semana": "week", "semanas": "week", "mes": "month",
    "meses": "month", "año": "year", "años": "year", "dólar": "dollar", "dólares": "dollar", "persona": "person",
    "personas": "person", "camión": "truck", "camiones": "truck", "vehículo": "vehicle", "vehículos": "vehicle",
    "auto": "vehicle", "autos": "vehicle", "peatón": "pedestrian", "peatones": "pedestrian", "caseta": "booth",
    "casetas": "booth", "carril": "booth", "carriles": "booth", "libra": "pound", "libras": "pound",
    "kilogramo": "kilogram", "kilogramos": "kilogram", "punto": "point", "puntos": "point", "vez": "time",
    "veces": "time",
}  # fmt: skip
_ODD = re.compile(r"[^\w\s/*]")
_COUNTED = ("[money]", "[people]", "[truck]", "[vehicle]", "[pedestrian]", "[booth]", "[event]")


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
    """Every unit word that a file may use, the English ones first."""
    words = re.findall(r"[A-Za-z]+", re.sub(r"\[.*?\]", "", _DEFINITIONS))
    return [*sorted({*words, "%", "$"}), *_SPANISH]


def nearest_unit(word: str, words: Iterable[str]) -> str | None:
    """The unit most like ``word`` among ``words``; an English one if there is any."""
    words = list(words)
    return nearest(word, [one for one in words if one not in _SPANISH]) or nearest(word, words)


def parse_quantity(text: object, unit: str) -> float:
    """Read ``text`` as a quantity and return it in ``unit``.

    A bare number is refused unless ``unit`` is dimensionless by nature and the text says so: a duration, a
    rate, a share or money needs its unit written. Products and quotients of units are read: ``"31000 cars/day"``.
    Numbers are read by the rules of :mod:`borderlab.language.number`, unit words in English and Spanish.

    >>> parse_quantity("2 weeks", "hour")
    336.0
    >>> parse_quantity("2,5 %", "share")
    0.025
    >>> parse_quantity("1.5 million USD", "USD")
    1500000.0

    Raises:
        QuantityError: no number, one that can be read in two ways, no unit, an unknown unit, or a unit of another kind.
    """
    if isinstance(text, bool) or not isinstance(text, str | int | float):
        raise QuantityError(f"'{text}' is not a quantity; write a number and a unit, like '2 {unit}'")
    found = split_number(str(text))
    if found is None and str(text).lstrip("+-− ").startswith("$"):
        raise QuantityError(f"'{text}' has its currency before the number; write it after, like '2 million USD'")
    if found is None:
        raise QuantityError(f"'{text}' is not a quantity; write a number and a unit, like '2 {unit}'")
    number, written = found
    scale, words = _scaled(written)
    if not words:
        raise QuantityError(f"'{text}' has no unit; write for example '{number} {_readable(unit)}'")
    words = english(words)
    known_words(words, unit, text)
    value = number_of(text, number, written, counted=scale == 1.0 and counts(words)) * scale
    return converted(value, words, unit, text)


def known_words(words: str, unit: str, text: object) -> None:
    """Refuse unit ``words`` that hold what is no unit, before pint makes its own sense of them.

    Raises:
        QuantityError: the first such word or mark, with the nearest unit.
    """
    if odd := _ODD.search(words):
        raise QuantityError(f"'{odd[0]}' in '{text}' belongs to no unit; write for example '2 {_readable(unit)}'")
    registry = _registry()
    for word in re.findall(r"[^\W\d_]+", words):
        if word not in registry:
            raise QuantityError(f"'{word}' in '{text}' is not a known unit", nearest_unit(word, known_units()))


def converted(value: float, words: str, unit: str, text: object) -> float:
    """``value`` of the unit ``words`` in ``unit``; a fault names the ``text`` that they stand in.

    Raises:
        QuantityError: not a unit, one of another kind, or a value too large to hold.
    """
    registry = _registry()
    try:
        found = float(registry.Quantity(value, registry.parse_units(words)).to(unit).magnitude)
    except Exception:  # pint raises a dozen kinds for text that is not a unit of the wanted kind
        raise QuantityError(f"'{text}' cannot be read in {_readable(unit)}") from None
    if not math.isfinite(found):
        raise QuantityError(f"'{text}' is too large a number")
    return found


def number_of(text: object, number: str, words: str, *, counted: bool = False) -> float:
    """The value of the ``number`` that a quantity begins with, before its ``words``; a fault names the whole text.

    Raises:
        QuantityError: see :func:`borderlab.language.number.read_number`.
    """
    try:
        return read_number(number, counted=counted)
    except NumberError as error:
        cure = "; write " + " or ".join(f"'{one} {words}'" for one in error.readings) if error.readings else ""
        raise QuantityError(f"'{text}' {error}{cure}") from None


def per_words(words: str) -> str:
    """Words of a rate with ``/`` for "per", "a", "al" and the like.

    >>> per_words("operations a month"), per_words("personas al año")
    ('operations/month', 'personas/año')
    """
    return _PER.sub("/", words.strip())


@cache
def _families() -> dict[str, tuple[str, ...]]:
    """For each unit word, in both languages, all words of units that it can be converted to."""
    registry = _registry()
    kinds: dict[Any, list[str]] = {}
    for word in known_units():
        kinds.setdefault(registry.parse_units(english(word)).dimensionality, []).append(word)
    return {word: tuple(words) for words in kinds.values() for word in words}


def unit_pattern(unit: str) -> str:
    """A regular expression, as JSON Schema has it, of words that can be converted to a unit like ``people/month``.

    It holds no anchors. Products that nobody writes, like ``cars*day/day``, are read but do not match it.
    """
    noun, _, per = unit.replace(" ", "").partition("/")
    words = _either(_families()[noun])
    return f"{words}{PER_PATTERN}{_either(_families()[per])}" if per else words


def quantity_pattern(unit: str) -> str:
    """A regular expression, as JSON Schema has it, of texts that :func:`parse_quantity` reads in ``unit``."""
    return amount_pattern(unit_pattern(unit), counted=counts(unit.partition("/")[0]))


def amount_pattern(words: str, *, counted: bool, scaled: bool = True) -> str:
    """The pattern of a whole text: a number, perhaps "million" and the like, and unit ``words`` (a pattern)."""
    number = rf"{number_pattern(counted=counted)}\s*{words}"
    if scaled:
        scale = "(?:thousand|million|billion|mil millones|mil|millón|millones)(?: de)?"
        number += rf"|{number_pattern()}\s*{scale}\s+{words}"
    return rf"^\s*(?:{number})\s*$"


def _either(words: tuple[str, ...]) -> str:
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word))) + ")"


def _scaled(words: str) -> tuple[float, str]:
    """The factor of words like "million" before a unit, and the unit."""
    scale = 1.0
    while match := _SCALE.match(words):
        scale *= _SCALES.get(match[1], 1e6)
        words = words[match.end() :]
    return scale, words.strip()


def english(words: str) -> str:
    """Unit words of either language in English, "percent" for ``%`` and ``/`` for "per"."""
    words = words.replace("por ciento", "percent").replace("%", "percent").replace("$", "USD")
    return re.sub(r"[^\W\d_]+", lambda match: _SPANISH.get(match[0], match[0]), per_words(words))


def counts(words: str) -> bool:
    """Whether the first unit is of things that are counted, or money: of these nobody writes thousandths."""
    registry = _registry()
    noun = re.match(r"[^\W\d_]+", words)
    if noun is None:
        return False
    kind = registry.parse_units(noun[0]).dimensionality
    return any(one in kind for one in _COUNTED)


def _readable(unit: str) -> str:
    return "%" if unit in ("share", "percent") else unit
