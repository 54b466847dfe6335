"""Presidents: who takes office when, and how a new one differs.

Past presidents stand in the leaders table of ``evidence``; future days of taking office are fixed by the two
constitutions (``reference/bilateral/terms.csv``). Each new Mexican president brings an own effort e0 drawn from the
parameter's range, keyed by future and date, so that it does not depend on what any strategy did before.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import Literal

from borderlab.bilateral.futures import model_parameters
from borderlab.bilateral.noise import Keys, uniform
from borderlab.bilateral.rates import Array
from borderlab.evidence.dates import first_day
from borderlab.evidence.leader import leaders
from borderlab.evidence.table import SourcedRow, table


class Term(SourcedRow):
    """A day on which a president will take office."""

    country: Literal["MX", "US"]
    day: date
    note: str | None = None


@cache
def inaugurations(country: str) -> tuple[date, ...]:
    """Every day of taking office in a country, past ones and those that the constitution fixes, in order."""
    past = {first_day(leader.start) for leader in leaders() if leader.country == country}
    coming = {term.day for term in table("bilateral/terms", Term) if term.country == country}
    return tuple(sorted(past | coming))


def takes_office(country: str, week_start: date) -> bool:
    """Whether a president takes office in the seven days from ``week_start``."""
    return any(week_start <= day < week_start + timedelta(days=7) for day in inaugurations(country))


def own_effort(key: Keys, day: date) -> Array:
    """The own effort e0 of the Mexican president who takes office about ``day``, one a future."""
    row = model_parameters()["e0"]
    low, high = float(row.low or 0.0), float(row.high or 0.0)
    return low + (high - low) * uniform(key, "president", day.year)
