"""Dates that are known only to the year or the month."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from typing import Annotated

from pydantic import AfterValidator

_FORM = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")


def checked(text: str) -> str:
    """The text, if it is ``2019``, ``2019-06`` or ``2019-06-07``.

    Raises:
        ValueError: it is none of these, or no such day exists.
    """
    first_day(text)
    return text


def first_day(text: str) -> date:
    """The first day that the text can mean.

    >>> first_day("2019-06")
    datetime.date(2019, 6, 1)

    Raises:
        ValueError: the text is no date of this form.
    """
    match = _FORM.match(text)
    if not match:
        raise ValueError(f"'{text}' is not a date like 2019, 2019-06 or 2019-06-07")
    return date(int(match[1]), int(match[2] or 1), int(match[3] or 1))


def last_day(text: str) -> date:
    """The last day that the text can mean.

    >>> last_day("2020-02"), last_day("9999")
    (datetime.date(2020, 2, 29), datetime.date(9999, 12, 31))

    Raises:
        ValueError: the text is no date of this form.
    """
    first = first_day(text)
    if len(text) == 10:
        return first
    month = 12 if len(text) == 4 else first.month
    return date(first.year, month, monthrange(first.year, month)[1])


def fraction(text: str) -> float:
    """The date as a year with a fraction; a year or a month known alone stands at its middle.

    >>> fraction("2019")
    2019.5
    >>> round(fraction("2019-06-07"), 3)
    2019.43
    """
    match = _FORM.match(text)
    day = first_day(text)
    if match and match[2] is None:
        return day.year + 0.5
    if match and match[3] is None:
        return day.year + (day.month - 0.5) / 12
    return day.year + (day - date(day.year, 1, 1)).days / 365.25


Moment = Annotated[str, AfterValidator(checked)]
"""A date column of a table: a year, a month or a day."""
