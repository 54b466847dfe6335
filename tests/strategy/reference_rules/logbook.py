"""What rules did, taken down week by week."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from borderlab.strategy.runtime.firings import Ending
from tests.strategy.reference_rules.evaluate import Readings

COLUMNS = ("rule", "future", "begin", "imposed", "end", "why")


class LogBook:
    """Takes down what rules do, week by week. ``watched``: for each rule, the indicators whose readings are kept."""

    def __init__(self, n_futures: int, watched: Sequence[Sequence[str]]) -> None:
        self.watched = watched
        self._begin = [np.full(n_futures, -1, dtype=np.int32) for _ in watched]
        self._imposed = [np.full(n_futures, -1, dtype=np.int32) for _ in watched]
        self._seen = [np.full((len(names), n_futures), np.nan, dtype=np.float32) for names in watched]
        self._done: list[tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.float32]]] = []
        self.wide = max((len(names) for names in watched), default=0)

    def begin(self, rule: int, who: NDArray[np.intp], week: int, readings: Readings) -> None:
        """A rule fires in these futures."""
        self._begin[rule][who] = week
        for number, name in enumerate(self.watched[rule]):
            self._seen[rule][number, who] = readings.now[name][who]

    def impose(self, rule: int, who: NDArray[np.intp], week: int) -> None:
        """What it orders is in force from this week."""
        self._imposed[rule][who] = week

    def end(self, rule: int, who: NDArray[np.intp], week: int, why: NDArray[np.int8], readings: Readings) -> None:
        """It ends this week (the first week without it), for the reasons given, one per future."""
        last = np.full((self.wide, len(who)), np.nan, dtype=np.float32)
        for number, name in enumerate(self.watched[rule]):
            last[number] = readings.now[name][who]
        self._done.append((self._rows(rule, who, week, why), self._first(rule, who), last))
        self._begin[rule][who] = -1
        self._imposed[rule][who] = -1

    def _rows(self, rule: int, who: NDArray[np.intp], week: int, why: NDArray[np.int8] | int) -> NDArray[np.int32]:
        rows = np.empty((len(COLUMNS), len(who)), dtype=np.int32)
        for column, value in enumerate((rule, who, self._begin[rule][who], self._imposed[rule][who], week, why)):
            rows[column] = value
        return rows

    def _first(self, rule: int, who: NDArray[np.intp]) -> NDArray[np.float32]:
        first = np.full((self.wide, len(who)), np.nan, dtype=np.float32)
        first[: len(self.watched[rule])] = self._seen[rule][:, who]
        return first

    def table(self) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.float32]]:
        """All firings so far, those still running too (end -1): columns, readings at the start, at the end."""
        parts = list(self._done)
        for rule, begun in enumerate(self._begin):
            who = np.flatnonzero(begun >= 0)
            if len(who):
                blank = np.full((self.wide, len(who)), np.nan, dtype=np.float32)
                parts.append((self._rows(rule, who, -1, Ending.RUNNING), self._first(rule, who), blank))
        if not parts:
            none = np.zeros((self.wide, 0), dtype=np.float32)
            return np.zeros((len(COLUMNS), 0), dtype=np.int32), none, none
        rows = np.concatenate([part[0] for part in parts], axis=1)
        first = np.concatenate([part[1] for part in parts], axis=1)
        last = np.concatenate([part[2] for part in parts], axis=1)
        order = np.lexsort((rows[0], rows[2], rows[1]))
        return rows[:, order], first[:, order], last[:, order]
