"""Amounts as strategy files write them, in the units of levers and indicators, and back into words."""

from __future__ import annotations

import re

from borderlab.base.problems import nearest
from borderlab.language.units import QuantityError, known_units, parse_quantity

# Things that are counted but are no physical unit: base.quantity need not know them.
_COUNTED = {
    "consulate": "consulates",
    "death": "deaths",
    "group": "groups",
    "gun": "guns",
    "meeting": "meetings",
    "operation": "operations",
    "programme": "programmes",
    "review": "reviews",
}
_PLURAL = {plural: single for single, plural in _COUNTED.items()}
_SAME = {"time": "review"}  # a lever in times a year may be written as reviews or meetings a year
_TIMES = {"minute": "minute", "hour": "hour", "day": "day", "week": "week", "month": "month", "year": "year"}
_NUMBER = re.compile(r"^\s*([+-]?(?:\d[\d,_]*(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)\s*(.*?)\s*$")
_THOUSANDS = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*[kK]\b")
_RELATIVE = ("index", "ratio")


def unit_words() -> list[str]:
    """Every unit word that a strategy file may use."""
    return sorted({*known_units(), *_COUNTED, *_PLURAL, *_RELATIVE})


def read_amount(text: object, unit: str) -> float:
    """Read ``text`` as an amount in ``unit`` (of a lever or an indicator). A bare number is refused.

    >>> read_amount("20,000 people", "person")
    20000.0
    >>> read_amount("12 operations per year", "operations/month")
    1.0
    >>> read_amount("120 %", "index")
    1.2

    Raises:
        QuantityError: no number, no unit, an unknown unit, or a unit of another kind.
    """
    if unit in _RELATIVE:
        return _relative(text, unit)
    if unit == "percent of GDP":
        cut = text.replace("of GDP", "").strip() if isinstance(text, str) else text
        return parse_quantity(cut, "percent")
    noun, _, per = unit.partition("/")
    single = _PLURAL.get(noun, noun)
    if single in _COUNTED:
        return _counted(text, single, per)
    if noun == "time":
        swapped = re.sub(r"\b(review|meeting)s?\b", "times", text) if isinstance(text, str) else text
        return _base(swapped, unit, text)
    return _base(text, unit, text)


def _base(text: object, unit: str, written: object) -> float:
    match = _THOUSANDS.match(text) if isinstance(text, str) else None
    if match:
        full = f"{float(match[1]) * 1000:.0f}"
        raise QuantityError(f"'k' in '{text}' stands for a thousand; write the number in full, '{full}'")
    try:
        return parse_quantity(text, unit)
    except QuantityError as error:
        said, hint = str(error), error.did_you_mean
        if hint is None and isinstance(written, str) and "known unit" in said:
            word = re.findall(r"'([^']+)'", said)
            hint = nearest(word[0], unit_words()) if word else None
        if "has no unit" in said:
            said = f"{said.partition('; write')[0]}; write for example '{_example(unit, said)}'"
        elif hint is None and "; write" not in said:
            said = f"{said}; write for example '{_example(unit)}'"
        raise QuantityError(said, hint) from None


def _example(unit: str, said: str = "") -> str:
    """An amount in ``unit`` as a file writes it, with the number that stands in ``said``, if one does."""
    found = re.match(r"'([\d.,]+)'", said)
    noun, _, per = unit.partition("/")
    words = {"share": "%", "USD": "million USD"}.get(noun) or _NOUNS.get(noun, ("", noun))[1]
    return f"{found[1] if found else 2} {words}" + (f" per {per}" if per else "")


def _relative(text: object, unit: str) -> float:
    match = _NUMBER.match(text) if isinstance(text, str) else None
    if match and match[2] in ("%", "percent", "pct", "point", "points"):
        return float(match[1].replace(",", "")) / 100
    if match and match[2] == unit:
        return float(match[1].replace(",", ""))
    if match is None and not isinstance(text, int | float):
        raise QuantityError(f"'{text}' is not a quantity; write a number and a unit, like '120 %'")
    raise QuantityError(f"'{text}' cannot be read as an {unit}; write '120 %' or '1.2 {unit}'")


def _counted(text: object, single: str, per: str) -> float:
    plural = _COUNTED[single]
    example = f"2 {plural}" + (f" per {per}" if per else "")
    match = _NUMBER.match(text) if isinstance(text, str) else None
    if match is None:
        if isinstance(text, int | float) and not isinstance(text, bool):
            raise QuantityError(f"'{text}' has no unit; write for example '{example}'")
        raise QuantityError(f"'{text}' is not a quantity; write a number and a unit, like '{example}'")
    number = float(match[1].replace(",", "").replace("_", ""))
    words = re.sub(r"\s*(?:\bper\b|/)\s*", "/", match[2]).strip()
    if not words:
        raise QuantityError(f"'{text}' has no unit; write for example '{example}'")
    noun, _, time = words.partition("/")
    if noun.removesuffix("s") != single:
        known = nearest(noun, [single, plural]) if noun not in unit_words() else None
        raise QuantityError(f"'{text}' cannot be read in {plural}{'/' + per if per else ''}", known)
    if bool(time) != bool(per):
        raise QuantityError(f"'{text}' cannot be read in {plural}{'/' + per if per else ''}")
    if not per:
        return number
    return parse_quantity(f"{number!r} times/{time}", f"time/{per}")


def read_weeks(text: object) -> int:
    """Read a duration as whole weeks: strategies are stepped by the week.

    Months and years are rounded to the nearest week; days must come to whole weeks.

    >>> read_weeks("14 days"), read_weeks("6 months"), read_weeks("1 year")
    (2, 26, 52)

    Raises:
        QuantityError: not a duration, shorter than a week, or not of whole weeks.
    """
    weeks = parse_quantity(text, "weeks")
    whole = round(weeks)
    if weeks < 0:
        raise QuantityError(f"'{text}' is a negative duration")
    if (whole < 1 and weeks > 0) or (abs(weeks - whole) > 1e-6 and weeks < 4):
        low = max(int(weeks), 1)
        either = f"'{low} week{'s' if low > 1 else ''}'" + (f" or '{low + 1} weeks'" if weeks > 1 else "")
        raise QuantityError(f"'{text}' is not a whole number of weeks; write {either}")
    return whole


_NOUNS = {
    "person": ("person", "people", "persona", "personas"),
    "people": ("person", "people", "persona", "personas"),
    "consulate": ("consulate", "consulates", "consulado", "consulados"),
    "death": ("death", "deaths", "muerte", "muertes"),
    "group": ("group", "groups", "grupo", "grupos"),
    "gun": ("gun", "guns", "arma", "armas"),
    "meeting": ("meeting", "meetings", "reunión", "reuniones"),
    "operation": ("operation", "operations", "operativo", "operativos"),
    "programme": ("programme", "programmes", "programa", "programas"),
    "time": ("time", "times", "vez", "veces"),
    "lb": ("lb", "lb", "lb", "lb"),
    "hour": ("hour", "hours", "hora", "horas"),
    "hours": ("hour", "hours", "hora", "horas"),
    "minute": ("minute", "minutes", "minuto", "minutos"),
    "minutes": ("minute", "minutes", "minuto", "minutos"),
}
_PER = {"month": ("a month", "al mes"), "year": ("a year", "al año"), "week": ("a week", "a la semana"),
        "day": ("a day", "al día")}  # fmt: skip


def amount_words(value: float, unit: str, lang: str) -> str:
    """An amount as a sentence prints it.

    >>> amount_words(20000, "person", "en"), amount_words(0.25, "share", "es")
    ('20,000 people', '25 %')
    >>> amount_words(3, "time/year", "es")
    '3 veces al año'
    """
    spanish = lang == "es"
    noun, _, per = unit.partition("/")
    noun = _PLURAL.get(noun, noun)
    tail = f" {_PER[per][spanish]}" if per else ""
    if noun in ("share", *_RELATIVE):
        return f"{_trim(value * 100)} %{tail}"
    if unit == "percent of GDP":
        return f"{_trim(value)} % {'del PIB' if spanish else 'of GDP'}"
    if noun == "USD":
        return _money(value, spanish) + tail
    words = _NOUNS.get(noun, (noun, noun, noun, noun))
    number = _trim(value)
    return f"{number} {words[2 * spanish + (abs(value) != 1)]}{tail}"


def _money(value: float, spanish: bool) -> str:
    for scale, english, castilian in ((1e9, "billion", "mil millones"), (1e6, "million", "millones")):
        if abs(value) >= scale:
            figure = _trim(value / scale)
            if spanish:
                figure, castilian = (_trim(value / 1e6), "millones") if scale == 1e9 else (figure, castilian)
                return f"{figure} {castilian} de dólares"
            return f"${figure} {english}"
    return f"{_trim(value)} dólares" if spanish else f"${_trim(value)}"


def _trim(value: float) -> str:
    text = f"{value:,.2f}" if abs(value) < 100 else f"{value:,.0f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "−")


def weeks_words(weeks: int, lang: str) -> str:
    """A duration as a sentence prints it.

    >>> weeks_words(1, "en"), weeks_words(26, "es")
    ('one week', '26 semanas')
    """
    if lang == "es":
        return "una semana" if weeks == 1 else f"{weeks} semanas"
    return "one week" if weeks == 1 else f"{weeks} weeks"
