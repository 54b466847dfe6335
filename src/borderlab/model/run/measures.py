"""Which indicators a world computes."""

from __future__ import annotations

from functools import cache

from borderlab.evidence.tables.indicator import indicators
from borderlab.model.core.world import World
from borderlab.model.run.worlds import today


@cache
def measure_ids(world: World | None = None) -> tuple[str, ...]:
    """Every indicator that a world computes (default: today's), in table order; those without a row come last."""
    computed = (world or today()).measures
    known = [id_ for id_ in indicators() if id_ in computed]
    return tuple(dict.fromkeys([*known, *computed]))
