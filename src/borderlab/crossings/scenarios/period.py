"""Stretches of days, hours of the week, and calendar months."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, timedelta

HOURS_A_WEEK = 168
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_SETS = {"weekdays": (0, 1, 2, 3, 4), "weekend": (5, 6), "all": ()}


def hours_of_week(days: Iterable[int], hours: tuple[int, int] | None) -> tuple[bool, ...]:
    """Which of the 168 hours of a week are meant. No days means every day; no hours means all day.

    Hours that run over midnight belong to the day on which they begin.

    >>> week = hours_of_week([6], (22, 2))
    >>> [hour for hour, on in enumerate(week) if on]
    [0, 1, 166, 167]
    """
    chosen = tuple(days) or range(7)
    first, last = hours or (0, 24)
    length = last - first if last > first else last + 24 - first
    week = [False] * HOURS_A_WEEK
    for day in chosen:
        for step in range(length):
            week[(day * 24 + first + step) % HOURS_A_WEEK] = True
    return tuple(week)


def parse_hours(text: str) -> tuple[int, int]:
    """Read ``"7-19"`` or ``"07:00-19:00"``: whole hours of local time.

    Raises:
        ValueError: it is not two whole hours, or they are the same.
    """
    match = re.fullmatch(r"\s*(\d{1,2})(?::00)?\s*(?:-|–|to)\s*(\d{1,2})(?::00)?\s*", text)
    if not match:
        raise ValueError("hours are written like '7-19' or '07:00-19:00', whole hours only")
    first, last = int(match[1]), int(match[2])
    if first > 23 or last > 24 or first == last:
        raise ValueError("hours run from 0 to 24 and must not be the same")
    return first, last


def whole_months(first: date, last: date) -> tuple[date, date]:
    """The first and last day of the calendar months that hold ``first`` and ``last``.

    >>> whole_months(date(2022, 4, 8), date(2022, 4, 15))
    (datetime.date(2022, 4, 1), datetime.date(2022, 4, 30))
    """
    after = date(last.year + last.month // 12, last.month % 12 + 1, 1)
    return first.replace(day=1), after - timedelta(days=1)


def months(first: date, last: date) -> list[str]:
    """The calendar months touched, as ``"2022-04"``."""
    out, year, month = [], first.year, first.month
    while (year, month) <= (last.year, last.month):
        out.append(f"{year:04d}-{month:02d}")
        year, month = year + month // 12, month % 12 + 1
    return out


def is_whole_month(month: str, first: date, last: date) -> bool:
    """True if all days of ``month`` (``"2022-04"``) lie in the stretch."""
    start = date.fromisoformat(month + "-01")
    begin, end = whole_months(start, start)
    return first <= begin and end <= last
