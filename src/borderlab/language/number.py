"""Numbers as people write them in one text, in the notations of both languages.

The product writes ``1,234.5`` in both languages, as Mexico does; much of the Spanish-speaking world writes ``1.234,5``.
One text alone must tell which is meant, so that no number is read a thousand times too large or too small:

* where both marks stand, the last is the decimal mark: ``1,234.5`` and ``1.234,5`` are the same;
* a mark that stands more than once, and blanks, ``_`` and ``'`` between digits, part groups of three: ``1.234.567``;
* one mark is a decimal mark where it cannot part a group of three: ``2,5``, ``0.125``, ``1234.567``, ``1.500e3``;
* one mark before exactly three digits (``12.000``, ``2,500``) can be either. A comma in a number of things that are
  counted (people, trucks, dollars) parts thousands, for such things have no thousandths; all else is refused with both
  readings.
"""

from __future__ import annotations

import math
import re

_GROUPING = " \u00a0\u2009\u202f_'’"  # blank, no-break blank, thin blanks, Python's and Switzerland's marks
_NUMBER = re.compile(
    rf"\s*([+\-−]?(?:[0-9]+(?:[{_GROUPING}.,][0-9]+)*\.?|[.,][0-9]+)(?:[eE][+-]?[0-9]+)?)(?![0-9])\s*(.*?)\s*",
    re.DOTALL,
)
_PARTS = re.compile(r"([+-]?)([^eE]*)(?:[eE](.*))?")

_NOT_THREE = "parts its digits in groups that are not of three"


class NumberError(ValueError):
    """A number that cannot be read; the message goes on from the text itself.

    ``readings`` holds two numbers, written plainly, where it can be read in two ways.
    """

    def __init__(self, message: str, readings: tuple[str, str] | None = None) -> None:
        super().__init__(message)
        self.readings = readings


def split_number(text: str) -> tuple[str, str] | None:
    """The number that a text begins with, as it is written, and what stands after it; None if it begins with none.

    >>> split_number("12 000 people per day")
    ('12 000', 'people per day')
    """
    match = _NUMBER.fullmatch(text)
    return (match[1], match[2]) if match else None


def read_number(text: str, *, counted: bool = False) -> float:
    """The value of a written number.

    Args:
        text: the number alone, as :func:`split_number` gives it.
        counted: it counts things that have no thousandths, so that a comma before three digits parts thousands.

    >>> read_number("2,5"), read_number("1.234,5"), read_number("1.234.567"), read_number("12,000", counted=True)
    (2.5, 1234.5, 1234567.0, 12000.0)
    >>> read_number("12.000")
    Traceback (most recent call last):
    borderlab.language.number.NumberError: can be read as 12 or as 12000

    Raises:
        NumberError: it is no number, its groups are not of three digits, it is too large to hold, or it can be read
            in two ways.
    """
    match = _PARTS.fullmatch(text.strip().replace("−", "-"))
    assert match is not None
    sign, digits, power = match[1], match[2], match[3]
    marks = [mark for mark in digits if not mark.isdigit()]
    before, _, after = digits.partition(marks[0]) if marks else (digits, "", "")
    if len(marks) == 1 and marks[0] in ".," and _either_way(before, after, marks[0], power):
        decimal, thousands = digits.replace(",", "."), digits.replace(marks[0], "")
        if marks[0] == "," and counted:
            return _value(sign, thousands, power)
        low, high = (written(_value(sign, one, power)) for one in (decimal, thousands))
        raise NumberError(f"can be read as {low} or as {high}", (low, high))
    whole, fraction = _parted(digits, marks)
    if counted and len(fraction) > 2 and whole.strip("0") and marks == [","]:
        raise NumberError(f"{_NOT_THREE}; write it with a decimal point alone")
    return _value(sign, f"{whole}.{fraction}" if fraction else whole, power)


def written(value: float, digits: int = 12) -> str:
    """A value so that :func:`read_number` reads it in one way alone, with so many significant digits.

    >>> written(12.345), written(1234.5), written(2.0)
    ('12.3450', '1234.5', '2')
    """
    text = f"{value:.{digits}g}"
    whole, mark, fraction = text.partition(".")
    return f"{text}0" if mark and _either_way(whole.lstrip("-"), fraction, ".", None) else text


def number_pattern(*, counted: bool = False) -> str:
    """A regular expression, as JSON Schema has it, of numbers that :func:`read_number` reads in one way.

    It holds no anchors and no group that captures. Rare forms that are read too may not match it.
    """
    blanks = "|".join(f"(?:{mark}[0-9]{{3}})+" for mark in _GROUPING)
    groups = rf"[0-9]{{1,3}}(?:(?:{blanks})(?:[.,][0-9]+)?|(?:\.[0-9]{{3}})+,[0-9]+|(?:,[0-9]{{3}})+\.[0-9]+"
    groups += r"|(?:\.[0-9]{3}){2,}|(?:,[0-9]{3}){2,})"
    long = "0*" if counted else "(?:0+|[0-9]{4,})"
    plain = rf"[0-9]*\.(?:[0-9]{{1,2}}|[0-9]{{4,}})|[0-9]*,[0-9]{{1,2}}|{long},[0-9]{{3}}|0*,[0-9]{{4,}}"
    plain += r"|0[0-9]*\.[0-9]{3}|[0-9]{4,}\.[0-9]{3}|[0-9]+"
    plain += "|[1-9][0-9]{0,2},[0-9]{3}" if counted else "|[0-9]+,[0-9]{4,}"
    power = r"[eE](?:\+?[0-9]{1,2}|-[0-9]{1,3})"
    return rf"[+\-−]?(?:{groups}|(?:{plain})(?:{power})?|[0-9]{{1,3}}\.[0-9]{{3}}{power})"


def _either_way(whole: str, fraction: str, mark: str, power: str | None) -> bool:
    """Whether the one mark of a number could part a thousand as well as decimals."""
    if power is not None and mark == ".":
        return False
    return len(fraction) == 3 and fraction.isdigit() and 1 <= len(whole) <= 3 and whole[0] != "0"


def _parted(digits: str, marks: list[str]) -> tuple[str, str]:
    """The digits before and after the decimal mark."""
    kinds = list(dict.fromkeys(marks))
    decimal = ""
    if marks and marks[-1] in ".,":
        once = marks.count(marks[-1]) == 1
        if len(kinds) > 1 and not once:
            raise NumberError("mixes commas and points; write it with a decimal point alone")
        decimal = marks[-1] if once else ""
    whole, _, fraction = digits.partition(decimal) if decimal else (digits, "", "")
    groups = [mark for mark in kinds if mark != decimal]
    if len(groups) > 1:
        raise NumberError("mixes marks between its digits; write it with a decimal point alone")
    if groups:
        parts = whole.split(groups[0])
        if not 1 <= len(parts[0]) <= 3 or any(len(part) != 3 for part in parts[1:]):
            raise NumberError(f"{_NOT_THREE}; write it with a decimal point alone")
        whole = "".join(parts)
    return whole, fraction


def _value(sign: str, digits: str, power: str | None) -> float:
    value = float(f"{sign}{digits}" + (f"e{power}" if power else ""))
    if not math.isfinite(value):
        raise NumberError("is too large a number")
    return value
