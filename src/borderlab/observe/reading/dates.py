"""Months, fiscal months and clock times as the public files write them."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SPANISH = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")
_NUMBER_OF = {**{word: place for place, word in enumerate(_SPANISH, 1)}, **{w: p for p, w in enumerate(MONTHS, 1)}}

_CLOCK = r"(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp]\.?[Mm]\.?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_ISO = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})(?:[-/.](\d{{1,2}}){_CLOCK})?")
_US = re.compile(rf"(\d{{1,2}})[/.-](\d{{1,2}})[/.-](\d{{4}}|\d{{2}}){_CLOCK}")
_MONTH_YEAR = re.compile(r"(\d{1,2})[/.-](\d{4})")
_WORD_FIRST = re.compile(r"([^\W\d_]{3,10})\.?[ /-]*(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4}|\d{2})[ /-]*([^\W\d_]{3,10})\.?")
_DAY_WORD = re.compile(rf"(\d{{1,2}})[ ./-]+(?:de )?([^\W\d_]{{3,10}})\.?(?: de |[ ,./-]+)(\d{{4}}|\d{{2}}){_CLOCK}")
_WORD_DAY = re.compile(rf"([^\W\d_]{{3,10}})\.? (\d{{1,2}})(?:st)?,? (\d{{4}}){_CLOCK}")
_PACKED = re.compile(r"((?:19|20)\d{2})[Mm]?(\d{2})(\d{2})?")
_SERIAL = re.compile(r"(\d{5})(?:\.0+)?")
_FIRST_SERIAL = date(1899, 12, 30)  # day 0 of spreadsheets, which take 1900 for a leap year


def parse_month(text: str | None, *, day_first: bool = False, last_day: bool = False) -> date | None:
    """The first day of the month that ``text`` names, or None.

    Taken: ``Jan 2024``, ``03/01/2019 12:00:00 AM``, ``3/1/19 0:00``, ``Mar-19``, ``19-Mar``, ``1-Jan-19``,
    ``January 1, 2019``, ``2019-03``, ``2019/03/01``, ``201903``, ``2019-03-01T00:00:00.000``, ``43525`` (the day's
    number in a spreadsheet). A day other than the first is not a month and gives None. Two-digit years are
    1960–2059. ``day_first`` reads ``01/03/2019`` as 1 March; ``last_day`` wants the last day of the month instead of
    the first: both are questions for a whole column, see :func:`month_reader`.

    >>> parse_month("19-Mar") == parse_month("03/01/2019 12:00:00 AM") == parse_month("1-Mar-19") == date(2019, 3, 1)
    True
    """
    when = _day(text, day_first, last_day)
    return when.replace(day=1) if when else None


def _day(text: str | None, day_first: bool, last_day: bool) -> date | None:
    """The day that ``text`` names, if it is the first (or the last) of its month; without a day it is the first."""
    if not text:
        return None
    text = " ".join(text.split())
    if match := _ISO.fullmatch(text) or _PACKED.fullmatch(text):
        return _checked_day(match[1], int(match[2]), match[3], last_day)
    if match := _US.fullmatch(text):
        month, day = (match[2], match[1]) if day_first else (match[1], match[2])
        return _checked_day(match[3], int(month), day, last_day)
    if match := _MONTH_YEAR.fullmatch(text):
        return _checked_day(match[2], int(match[1]), None, last_day)
    if match := _WORD_FIRST.fullmatch(text):
        return _checked_day(match[2], month_number(match[1]), None, last_day)
    if match := _YEAR_FIRST.fullmatch(text):
        return _checked_day(match[1], month_number(match[2]), None, last_day)
    if match := _DAY_WORD.fullmatch(text):
        return _checked_day(match[3], month_number(match[2]), match[1], last_day)
    if match := _WORD_DAY.fullmatch(text):
        return _checked_day(match[3], month_number(match[1]), match[2], last_day)
    if match := _SERIAL.fullmatch(text):
        when = _FIRST_SERIAL + timedelta(days=int(match[1]))
        return _checked_day(str(when.year), when.month, str(when.day), last_day)
    return None


@dataclass(frozen=True)
class MonthReader:
    """How a column of months is to be read."""

    day_first: bool = False
    last_day: bool = False

    def __call__(self, text: str | None) -> date | None:
        """The month of a text, or None."""
        return parse_month(text, day_first=self.day_first, last_day=self.last_day)


def month_reader(texts: Iterable[str | None]) -> MonthReader:
    """How a column of months is to be read, settled by all that stands in it.

    Where every slashed date begins with 1 and the second number varies, days stand first; where days are the last of
    their month and none is the first, last days stand for their months. Else days of months are no months.
    """
    given = [text for text in texts if text]
    slashed = [match for text in given if (match := _US.fullmatch(" ".join(text.split())))]
    months = {match[2] for match in slashed}
    day_first = len(months) > 1 and all(int(match[1]) == 1 and int(match[2]) <= 12 for match in slashed)
    firsts = sum(_day(text, day_first, False) is not None for text in given)
    lasts = sum(_day(text, day_first, True) is not None for text in given)
    return MonthReader(day_first, lasts > 0 and firsts == 0)


def only_years(texts: Iterable[str | None]) -> bool:
    """Whether a column of dates holds years alone, so that its figures are yearly ones."""
    given = [text.strip().removesuffix(".0") for text in texts if text and text.strip()]
    return bool(given) and all(re.fullmatch(r"(19|20)\d\d", text, re.ASCII) for text in given)


def month_number(word: str | None) -> int | None:
    """1–12 for a month's number or English or Spanish name or abbreviation, else None.

    >>> month_number("SEPT"), month_number("09"), month_number("enero"), month_number("13")
    (9, 9, 1, None)
    """
    word = (word or "").strip().casefold().removesuffix(".0").rstrip(".")
    if word.isdecimal() and word.isascii():
        return int(word) if 1 <= int(word) <= 12 else None
    if len(word) < 3 or not word.isalpha():
        return None
    return _NUMBER_OF.get(word[:3])


def fiscal_month(fiscal_year: str | None, month: str | None) -> date | None:
    """The calendar month of a month of a U.S. fiscal year (October to September).

    >>> fiscal_month("2026 (FYTD)", "OCT")
    datetime.date(2025, 10, 1)
    """
    match = re.fullmatch(r"\s*(?:FY ?)?(\d{4})(?:\.0)?\s*(?:\(FYTD\)|FYTD)?\s*", fiscal_year or "", re.IGNORECASE)
    number = month_number(month)
    if not match or number is None:
        return None
    return _first_day(str(int(match[1]) - (number >= 10)), number)


def calendar_month(year: str | None, month: str | None) -> date | None:
    """The month of a year column and a month column (``9``, ``09`` or a name)."""
    text = (year or "").strip().removesuffix(".0")
    number = month_number(month)
    return _first_day(text, number) if re.fullmatch(r"\d{4}", text, re.ASCII) and number else None


def _first_day(year: str, month: int | None) -> date | None:
    return _checked_day(year, month, None, False)


def _checked_day(year: str, month: int | None, day: str | None, last_day: bool) -> date | None:
    number = int(year)
    if len(year) == 2:
        number += 2000 if number < 60 else 1900
    if not 1900 <= number <= 2099 or month is None or not 1 <= month <= 12:
        return None
    if day is None:
        return None if last_day else date(number, month, 1)
    last = calendar.monthrange(number, month)[1]
    return date(number, month, int(day)) if int(day) == (last if last_day else 1) else None


_UPDATE = re.compile(
    r"(?:at|en|a las|a la)?\s*(?:(\d{1,2})(?::(\d{2}))?\s*([ap])\.?\s*m\.?|(noon|mediod[ií]a|midnight|medianoche))"
    r"\s*([A-Z]{2,4})?",
    re.IGNORECASE,
)


def parse_update_time(text: str | None) -> time | None:
    """The local clock time of a lane's reading in CBP's feed: "At 2:00 pm PDT", "At Noon CDT", "En 2:00 pm PDT".

    >>> parse_update_time("At Noon CDT"), parse_update_time("En 2:00 pm PDT"), parse_update_time("Update Pending")
    (datetime.time(12, 0), datetime.time(14, 0), None)
    """
    match = _UPDATE.fullmatch((text or "").strip())
    if not match:
        return None
    if match[4]:
        return time(12) if match[4].casefold() in ("noon", "mediodia", "mediodía") else time(0)
    hour, minute = int(match[1]), int(match[2] or 0)
    if not 1 <= hour <= 12 or minute > 59:
        return None
    return time(hour % 12 + (12 if match[3].casefold() == "p" else 0), minute)


def reading_time(fetched: datetime, update: time) -> datetime:
    """When a reading was taken: the last time before ``fetched`` (local) that the clock showed ``update``.

    CBP gives the date and time of the answer and, for each lane, only the clock time of the reading; a reading of
    "11:00 pm" in an answer of 0:15 is of the day before. Ten minutes of disagreement between clocks are allowed.
    """
    taken = datetime.combine(fetched.date(), update)
    return taken - timedelta(days=1) if taken > fetched + timedelta(minutes=10) else taken


def parse_moment(text: str | None) -> datetime | None:
    """A local date and time as the archived wait files write it (``2026-03-26 12:00:00``, ``4/8/2026 2:00 pm``)."""
    text = " ".join((text or "").replace("T", " ").split())
    if match := re.fullmatch(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2}) (\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?", text):
        year, month, day, hour, minute = (int(match[place]) for place in range(1, 6))
        second = int(match[6] or 0)
    elif match := re.fullmatch(
        r"(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}):(\d{2})(?::(\d{2}))? ?([ap]m)?", text, re.IGNORECASE
    ):
        month, day, year, hour, minute = (int(match[place]) for place in range(1, 6))
        second = int(match[6] or 0)
        if match[7]:
            if not 1 <= hour <= 12:
                return None
            hour = hour % 12 + (12 if match[7].casefold() == "pm" else 0)
    else:
        return None
    try:
        return datetime(year, month, day, hour, minute, second)
    except ValueError:
        return None


_HOURS = r"(?:h|hr|hrs|hour|hours|hora|horas)\.?"
_MINUTES = r"(?:m|min|mins|minute|minutes|minuto|minutos)\.?"
_WAIT = re.compile(
    rf"(?:(?P<h>\d+(?:\.\d+)?) ?{_HOURS})?(?:,? ?(?:and |y |& )?)?(?:(?P<m>\d+(?:\.\d+)?) ?(?:{_MINUTES})?)?",
    re.IGNORECASE,
)
_CLOCKED = re.compile(r"(\d{1,2}):([0-5]\d)")
_NO_WAIT = frozenset({"no delay", "no delays", "no wait", "sin demora", "sin demoras", "sin espera"})


def parse_wait(text: str | None) -> float | None:
    """Minutes of a posted wait as the feeds of all years write it, or None.

    >>> [parse_wait(text) for text in ("4", "10 min", "1 hr", "1 hrs 35 min", "1 hora y 5 minutos", "no delay", "long")]
    [4.0, 10.0, 60.0, 95.0, 65.0, 0.0, None]
    """
    plain = " ".join((text or "").split()).casefold().removesuffix(" delay").removesuffix(" wait")
    if (text or "").strip().casefold() in _NO_WAIT:
        return 0.0
    if match := _CLOCKED.fullmatch(plain):
        return 60.0 * int(match[1]) + int(match[2])
    match = _WAIT.fullmatch(plain)
    if not match or not (match["h"] or match["m"]):
        return None
    return 60 * float(match["h"] or 0) + float(match["m"] or 0)
