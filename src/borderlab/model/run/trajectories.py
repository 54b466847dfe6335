"""Indicators over time: what a run keeps week by week, or as means over stretches of weeks."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from borderlab.model.run.measures import read
from borderlab.model.run.world import World


class Course:
    """Some indicators of ``n`` futures over ``weeks``; a mean over ``every`` weeks, an unfinished stretch left out."""

    def __init__(self, record: Sequence[str], n: int, weeks: int, every: int) -> None:
        self.record, self.every = record, every
        # A row is one stretch of all futures: what is written together lies together.
        self._rows = {id_: np.empty((weeks // every, n), np.float32) for id_ in record}
        self._sums = {id_: np.zeros(n) for id_ in record} if every > 1 else {}

    def add(self, world: World, week: int) -> None:
        """One week, from 0, in order."""
        stretch, place = divmod(week, self.every)
        for id_, value in read(world, self.record).items():
            rows = self._rows[id_]
            if stretch >= len(rows):
                continue
            if self.every == 1:
                rows[stretch] = value
                continue
            total = self._sums[id_]
            if place == 0:
                total[:] = value
            else:
                total += value
            if place == self.every - 1:
                rows[stretch] = total / self.every

    def result(self) -> dict[str, NDArray[np.float32]]:
        """By indicator, float32 [n, stretches]."""
        return {id_: rows.T for id_, rows in self._rows.items()}
