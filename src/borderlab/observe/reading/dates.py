"""Months, fiscal months and clock times as the public files write them."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SPANISH = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")
_NUMBER_OF = {**{word: place for place, word in enumerate(_SPANISH, 1)}, **{w: p for p, w in enumerate(MONTHS, 1)}}

_CLOCK = r"(?:[ T]+\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AaPp]\.?[Mm]\.?)?(?:Z|[+-]\d{2}:?\d{2})?)?"
_ISO = re.compile(rf"(\d{{4}})-(\d{{1,2}})(?:-(\d{{1,2}}){_CLOCK})?")
_US = re.compile(rf"(\d{{1,2}})/(\d{{1,2}})/(\d{{4}}|\d{{2}}){_CLOCK}")
_WORD_FIRST = re.compile(r"([A-Za-z]{3,10})\.?[ -]+(\d{4}|\d{2})")
_YEAR_FIRST = re.compile(r"(\d{4}|\d{2})[ -]+([A-Za-z]{3,10})\.?")


def parse_month(text: str | None) -> date | None:
    """The first day of the month that ``text`` names, or None.

    Taken: ``Jan 2024``, ``03/01/2019 12:00:00 AM``, ``3/1/19 0:00``, ``Mar-19``, ``19-Mar``, ``2019-03``,
    ``2019-03-01``, ``2019-03-01T00:00:00.000``. A day other than the first is not a month and gives None. Two-digit
    years are 1960–2059.

    >>> parse_month("19-Mar") == parse_month("03/01/2019 12:00:00 AM") == date(2019, 3, 1)
    True
    """
    if not text:
        return None
    text = text.strip()
    if match := _ISO.fullmatch(text):
        return _first_day(match[1], int(match[2]), match[3])
    if match := _US.fullmatch(text):
        return _first_day(match[3], int(match[1]), match[2])
    if match := _WORD_FIRST.fullmatch(text):
        return _first_day(match[2], month_number(match[1]))
    if match := _YEAR_FIRST.fullmatch(text):
        return _first_day(match[1], month_number(match[2]))
    return None


def month_number(word: str | None) -> int | None:
    """1–12 for a month's number or English or Spanish name or abbreviation, else None.

    >>> month_number("SEPT"), month_number("09"), month_number("enero"), month_number("13")
    (9, 9, 1, None)
    """
    word = (word or "").strip().casefold().rstrip(".")
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
    match = re.fullmatch(r"\s*(?:FY ?)?(\d{4})\s*(?:\(FYTD\)|FYTD)?\s*", fiscal_year or "", re.IGNORECASE)
    number = month_number(month)
    if not match or number is None:
        return None
    return _first_day(str(int(match[1]) - (number >= 10)), number)


def calendar_month(year: str | None, month: str | None) -> date | None:
    """The month of a year column and a month column (``9``, ``09`` or a name)."""
    text = (year or "").strip()
    number = month_number(month)
    return _first_day(text, number) if re.fullmatch(r"\d{4}", text, re.ASCII) and number else None


def _first_day(year: str, month: int | None, day: str | None = None) -> date | None:
    number = int(year)
    if len(year) == 2:
        number += 2000 if number < 60 else 1900
    if not 1900 <= number <= 2099 or month is None or not 1 <= month <= 12 or (day is not None and int(day) != 1):
        return None
    return date(number, month, 1)


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
    if match := re.fullmatch(r"(\d{4})-(\d{2})-(\d{2}) (\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?", text):
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
