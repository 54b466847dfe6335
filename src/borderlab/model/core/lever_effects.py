"""From levers in force to shifts of the model by hook, worked out anew only where a lever has moved.

    shift[hook] = sum over levers of param[lever.hook] x move[lever]

Mexican levers are carried out only in part: their moves count by the share v of announcements that is verified.
Effort has v in its own equation, and money is spent in full. Working groups, reviews and shared plans are held under
some programme: what a strategy adds to today's (or takes from them) counts only where one is alive, today's senior
group or one that the strategy founded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Literal

import numpy as np
from numba import njit

from borderlab.evidence.tables.lever import levers
from borderlab.model.core.rates import Array, Number

FULLY_CARRIED = frozenset(
    {"effort_migration", "effort_security", "budget_us", "budget_mx", "verification", "capacity", "backlash"}
)
HOSTED = frozenset({"both.working_groups", "both.reviews_per_year", "both.action_plan_coverage"})

Way = Literal["whole", "in part", "hosted"]
Key = tuple[str, Way]
"""A hook, and how its levers are carried out: whole, to the share v, or where a programme is alive to host them."""


@njit("void(float64[:,::1], int64[::1], float64[:,::1], float64[::1])", cache=True, nogil=True)
def _add_up(moves, rows, sizes, total):  # type: ignore[no-untyped-def]
    """``total`` [n] becomes the sum of ``sizes`` [parts, n] times the rows of ``moves`` [levers, n] that they name."""
    for i in range(len(total)):
        total[i] = 0.0
    for part in range(len(rows)):
        for i in range(len(total)):
            total[i] += sizes[part, i] * moves[rows[part], i]


class Shifts:
    """Shifts by hook, kept from week to week.

    Args:
        effects: (lever, hook, size of the shift over the lever's whole range), in the order of adding up.
        touched: the levers that will be in force.
        n: how many futures.
    """

    def __init__(self, effects: Sequence[tuple[str, str, Number]], touched: Iterable[str], n: int) -> None:
        known = levers()
        self._levers = {id_: (place, known[id_]) for place, id_ in enumerate(touched)}
        self._moves = np.zeros((len(self._levers), n))
        self._value: dict[str, Array] = {}
        parts: dict[Key, list[tuple[int, Number]]] = {}
        self._keys: dict[str, set[Key]] = {id_: set() for id_ in self._levers}
        for lever, hook, size in effects:
            if lever in self._levers:
                key = hook, _way(lever, known[lever].actor, hook)
                parts.setdefault(key, []).append((self._levers[lever][0], size))
                self._keys[lever].add(key)
        self._parts = {
            key: (np.array([row for row, _ in of_key]), np.array([np.broadcast_to(size, n) for _, size in of_key]))
            for key, of_key in parts.items()
        }
        self._total: dict[Key, Array] = {}

    def now(self, imposed: Mapping[str, Array], verified: Array, hosting: np.ndarray) -> dict[str, Number]:
        """The shifts of a week.

        Args:
            imposed: value in force by lever [n]; the arrays are kept, and must not be written into afterwards.
            verified: share of announcements carried out [n].
            hosting: where a programme is alive to host joint work, bool [n].
        """
        stale: set[Key] = set()
        for id_, value in imposed.items():
            last = self._value.get(id_)
            if last is value:
                continue
            if last is None or not np.array_equal(last, value):
                place, lever = self._levers[id_]
                self._moves[place] = lever.move(value)
                stale |= self._keys[id_]
            self._value[id_] = value
        for key in stale:
            rows, sizes = self._parts[key]
            total = self._total[key] = np.empty(self._moves.shape[1])
            _add_up(self._moves, rows, sizes, total)
        found: dict[str, Number] = {hook: total for (hook, way), total in self._total.items() if way == "whole"}
        for way, carried in (("in part", verified), ("hosted", hosting)):
            for (hook, own), total in self._total.items():
                if own == way:
                    found[hook] = carried * total + found[hook] if hook in found else carried * total
        return found


def _way(lever: str, actor: str, hook: str) -> Way:
    if lever in HOSTED:
        return "hosted"
    return "in part" if actor == "mx" and hook not in FULLY_CARRIED else "whole"
