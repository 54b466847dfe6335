"""Three futures of a strategy to tell: a typical one, one where it works, one where it backfires."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np

from borderlab.explore.results.comparison import Comparison
from borderlab.explore.results.focus import focus

Kind = Literal["typical", "works", "backfires"]
_PLACE: dict[Kind, float] = {"typical": 0.5, "works": 0.95, "backfires": 0.05}


@dataclass(frozen=True)
class Event:
    """A firing of a rule: when it fired, was imposed (None: it was not), ended (None: still running), and why."""

    rule: str
    begin: date
    imposed: date | None
    end: date | None
    why: int


@dataclass(frozen=True)
class Story:
    """One future of one strategy. ``place`` is its place among the plausible futures, ``number`` its number."""

    kind: Kind
    strategy: int
    place: int
    number: int
    gain: float
    events: tuple[Event, ...]


def gains(comparison: Comparison, strategy: int) -> np.ndarray:
    """[kept]: mean gain over the status quo on the believe-measures, each in units of its own 5–95 % band.

    Used to pick futures to tell, never shown as a score.
    """
    total = np.zeros(len(comparison.index))
    count = 0
    for measure, row in focus().items():
        if not row.believe or measure not in comparison.values:
            continue
        values = comparison.values[measure]
        band = float(np.ptp(np.quantile(values, [0.05, 0.95]))) or 1.0
        sign = 1 if comparison.better(measure) == "up" else -1
        total += sign * (values[strategy] - values[0]) / band
        count += 1
    return total / max(count, 1)


def stories(comparison: Comparison, strategy: int) -> list[Story]:
    """The futures at the median, the 95th and the 5th percentile of gain."""
    gain = gains(comparison, strategy)
    found = []
    for kind, share in _PLACE.items():
        place = int(np.argmin(np.abs(gain - np.quantile(gain, share))))
        number = int(comparison.index[place])
        found.append(Story(kind, strategy, place, number, float(gain[place]), events(comparison, strategy, place)))
    return found


def events(comparison: Comparison, strategy: int, place: int) -> tuple[Event, ...]:
    """What the rules of a strategy did in one future, in order of time."""
    rules = comparison.strategies[strategy].rules
    log = comparison.firings[strategy]

    def day(week: int) -> date | None:
        return comparison.start + timedelta(days=7 * week) if week >= 0 else None

    found = []
    for rule, _, begin, imposed, end, why in log[:, log[1] == place].T.tolist():
        begun = day(begin)
        assert begun is not None
        found.append(Event(rules[rule].id, begun, day(imposed), day(end), why))
    return tuple(sorted(found, key=lambda one: one.begin))
