"""Amounts as strategy files write them, in the units of levers and indicators, and back into words."""

from __future__ import annotations

import re
from collections.abc import Sequence

from borderlab.base.problems import nearest
from borderlab.language.number import split_number
from borderlab.language.number import written as plain
from borderlab.language.units import (
    PER_PATTERN,
    QuantityError,
    amount_pattern,
    converted,
    counts,
    english,
    known_units,
    known_words,
    nearest_unit,
    number_of,
    parse_quantity,
    per_words,
    unit_pattern,
)

LONGEST_WEEKS = 5218
"""A hundred years: no time in a strategy is longer. A check and a run know the same bound."""

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
_MEETINGS = ("review", "reviews", "meeting", "meetings", "revisión", "revisiones", "reunión", "reuniones")
"""A lever in times a year may be written as reviews or meetings a year."""
_TIMES = re.compile(rf"(?<![^\W\d_])(?:{'|'.join(sorted(_MEETINGS, key=len, reverse=True))})\b")
_PERCENT = ("%", "percent", "pct", "point", "points", "por ciento", "punto", "puntos")
_RELATIVE = {"index": ("index", "índice"), "ratio": ("ratio", "razón")}
CLOSED = ("close", "closed", "shut")
"""Words for 100 % of a lever that shuts a crossing."""


def in_percent(text: object) -> bool:
    """Whether an amount is written in per cent, which of a change means: of what it was. Points are absolute.

    >>> in_percent("20 %"), in_percent("20 por ciento"), in_percent("20 points"), in_percent("2 % of GDP")
    (True, True, False, False)
    """
    return isinstance(text, str) and re.search(r"(?:%|percent|pct|por ciento)\s*$", text) is not None


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
        cut = re.sub(r"\s*(?:of GDP|del PIB)\s*$", "", text) if isinstance(text, str) else text
        return parse_quantity(cut, "percent")
    if unit.startswith("points of "):
        return _points(text, unit)
    noun, _, per = unit.partition("/")
    single = _PLURAL.get(noun, noun)
    if single in _COUNTED:
        return _counted(text, single, per)
    if noun == "time":
        swapped = _TIMES.sub("times", text) if isinstance(text, str) else text
        return _base(swapped, unit, text)
    return _base(text, unit, text)


def written_pattern(unit: str) -> str:
    """A regular expression, as JSON Schema has it, of texts that :func:`read_amount` reads in ``unit``."""
    words, counted, scaled = words_of(unit)
    return amount_pattern(words, counted=counted, scaled=scaled)


def words_of(unit: str) -> tuple[str, bool, bool]:
    """The pattern of the words of a unit, whether it counts things, and whether "million" may stand before it."""
    if unit in _RELATIVE:
        return _either(_PERCENT + _RELATIVE[unit]), False, False
    if unit == "percent of GDP":
        return rf"{unit_pattern('share')}(?:\s+(?:of GDP|del PIB))?", False, False
    if unit.startswith("points of "):
        return rf"(?:points?|puntos?)(?: (?:of|de) {unit.removeprefix('points of ')})?", False, False
    noun, _, per = unit.partition("/")
    single = _PLURAL.get(noun, noun)
    rate = f"{PER_PATTERN}{unit_pattern(per)}" if per else ""
    if single in _COUNTED:
        return _either(_NOUNS[single]) + rate, True, False
    if noun == "time":
        return f"(?:{unit_pattern('time')}|{_either(_MEETINGS)}){rate}", True, True
    return unit_pattern(unit), counts(noun), True


def weeks_pattern() -> str:
    """A regular expression, as JSON Schema has it, of durations; whether they are of whole weeks it cannot tell."""
    return amount_pattern(unit_pattern("week"), counted=False, scaled=False).replace(r"[+\-−]?", r"\+?", 1)


def _either(words: Sequence[str]) -> str:
    return f"(?:{'|'.join(sorted(words, key=len, reverse=True))})"


def _base(text: object, unit: str, written: object) -> float:
    found = split_number(text) if isinstance(text, str) else None
    if found and re.match(r"[kK]\b", found[1]):
        full = plain(number_of(text, found[0], found[1]) * 1000)
        raise QuantityError(f"'k' in '{text}' stands for a thousand; write the number in full, '{full}'")
    try:
        return parse_quantity(text, unit)
    except QuantityError as error:
        said, hint = str(error), error.did_you_mean
        if hint is None and isinstance(written, str) and "known unit" in said:
            word = re.findall(r"'([^']+)'", said)
            hint = nearest_unit(word[0], unit_words()) if word else None
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
    found = split_number(text) if isinstance(text, str) else None
    if found and found[1] in _PERCENT:
        return number_of(text, *found) / 100
    if found and found[1] in _RELATIVE[unit]:
        return number_of(text, *found)
    if found is None and not isinstance(text, int | float):
        raise QuantityError(f"'{text}' is not a quantity; write a number and a unit, like '120 %'")
    raise QuantityError(f"'{text}' cannot be read as an {unit}; write '120 %' or '1.2 {unit}'")


def _points(text: object, unit: str) -> float:
    """Points of a score, like 12 points of 16."""
    found = split_number(text) if isinstance(text, str) else None
    most = unit.removeprefix("points of ")
    if found is None or not re.fullmatch(rf"(?:points?|puntos?)(?: (?:of|de) {most})?", found[1]):
        raise QuantityError(f"'{text}' is not a score; write for example '12 {unit}'")
    return number_of(text, *found)


def _counted(text: object, single: str, per: str) -> float:
    plural = _COUNTED[single]
    example = f"2 {plural}" + (f" per {per}" if per else "")
    found = split_number(text) if isinstance(text, str) else None
    if found is None:
        if isinstance(text, int | float) and not isinstance(text, bool):
            raise QuantityError(f"'{text}' has no unit; write for example '{example}'")
        raise QuantityError(f"'{text}' is not a quantity; write a number and a unit, like '{example}'")
    words = per_words(found[1])
    if not words:
        raise QuantityError(f"'{text}' has no unit; write for example '{example}'")
    noun, _, time = words.partition("/")
    if noun.removesuffix("s") != single and noun not in _NOUNS[single]:
        known = nearest(noun, [single, plural]) if noun not in unit_words() else None
        raise QuantityError(f"'{text}' cannot be read in {plural}{'/' + per if per else ''}", known)
    if bool(time) != bool(per):
        raise QuantityError(f"'{text}' cannot be read in {plural}{'/' + per if per else ''}")
    number = number_of(text, *found, counted=True)
    if not per:
        return number
    times = english(f"times/{time}")
    known_words(times, example, text)
    return converted(number, times, f"time/{per}", text)


def read_weeks(text: object) -> int:
    """Read a duration as whole weeks: strategies are stepped by the week.

    Months and years are rounded to the nearest week; days must come to whole weeks.

    >>> read_weeks("14 days"), read_weeks("6 months"), read_weeks("1 year")
    (2, 26, 52)

    Raises:
        QuantityError: not a duration, shorter than a week, longer than a hundred years, or not of whole weeks.
    """
    weeks = parse_quantity(text, "weeks")
    if weeks < 0:
        raise QuantityError(f"'{text}' is a negative duration")
    if not weeks <= LONGEST_WEEKS:
        raise QuantityError(f"'{text}' is longer than a hundred years")
    whole = round(weeks)
    if (whole < 1 and weeks > 0) or (abs(weeks - whole) > 1e-6 and weeks < 4):
        low = max(int(weeks), 1)
        either = f"'{low} week{'s' if low > 1 else ''}'" + (f" or '{low + 1} weeks'" if weeks > 1 else "")
        raise QuantityError(f"'{text}' is not a whole number of weeks; write {either}")
    return whole


_NOUNS = {
    "day": ("day", "days", "día", "días"),
    "days": ("day", "days", "día", "días"),
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
    if noun.startswith("points of "):
        return f"{_trim(value)} {noun.replace('points of', 'puntos de') if spanish else noun}"
    words = _NOUNS.get(noun, (noun, noun, noun, noun))
    number = _trim(value)
    return f"{number} {words[2 * spanish + (abs(value) != 1)]}{tail}"


def _money(value: float, spanish: bool) -> str:
    for scale, word, castilian in ((1e9, "billion", "mil millones"), (1e6, "million", "millones")):
        if abs(value) >= scale:
            figure = _trim(value / scale)
            if spanish:
                figure, castilian = (_trim(value / 1e6), "millones") if scale == 1e9 else (figure, castilian)
                return f"{figure} {castilian} de dólares"
            return f"${figure} {word}"
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
