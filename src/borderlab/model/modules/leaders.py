"""Presidents: how a new one differs. The days of taking office are those of :mod:`borderlab.evidence.tables.leader`.

Each new Mexican president brings an own effort e0 drawn from the parameter's range, keyed by future and date, so that
it does not depend on what any strategy did before.
"""

from __future__ import annotations

from datetime import date

from borderlab.model.core.random import Keys, uniform
from borderlab.model.core.rates import Array
from borderlab.model.futures.futures import model_parameters


def own_effort(key: Keys, day: date) -> Array:
    """The own effort e0 of the Mexican president who takes office about ``day``, one a future."""
    row = model_parameters()["e0"]
    low, high = float(row.low or 0.0), float(row.high or 0.0)
    return low + (high - low) * uniform(key, "president", day.year)
