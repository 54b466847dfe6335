"""Small readings that every request needs: days, languages, numbers that JSON can hold."""

from __future__ import annotations

from datetime import date
from typing import Any

from borderlab.base.problems import InputError, Problem
from borderlab.language.translate import LANGUAGES


def day_of(given: date | str | None) -> date:
    """A day as it is, or written like 2027-01-04; the usual first day of a run where none is given.

    Raises:
        InputError: no date.
    """
    if given is None:
        from borderlab.model.run.run import DEFAULT_START

        return DEFAULT_START
    if isinstance(given, date):
        return given
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise InputError(f"'{given}' is not a date; write it like 2027-01-04.") from None


def language_of(lang: str) -> str:
    """A language, if there is one of that name.

    Raises:
        InputError: there is none.
    """
    if lang not in LANGUAGES:
        raise InputError(Problem(f"there is no language '{lang}'.", cure=f"Known: {', '.join(LANGUAGES)}."))
    return lang


def finite(value: Any) -> Any:
    """The same plain values with what JSON cannot hold (NaN, infinities) as None."""
    if isinstance(value, dict):
        return {key: finite(one) for key, one in value.items()}
    if isinstance(value, list):
        return [finite(one) for one in value]
    if isinstance(value, float) and value - value != 0:
        return None
    return value
