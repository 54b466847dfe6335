"""What rules did: a log that is part of the result. Compact arrays; one future can be told in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from borderlab.strategy.runtime.calendar import Calendar
from borderlab.strategy.runtime.program import Book, Layout


class Ending(IntEnum):
    """Why a firing ended."""

    RUNNING = 0
    MET = 1
    MET_UNDER_THREAT = 2
    LIMIT = 3
    LIFTED_IN_STEPS = 4
    NOT_CARRIED_OUT = 5
    NO_LONGER_CALLED_FOR = 6
    READING_MISSING = 7
    DONE = 8


COLUMNS = ("rule", "future", "begin", "imposed", "end", "why")


@dataclass(frozen=True, slots=True)
class Firing:
    """One firing of one rule in one future. ``imposed`` and ``end`` are None where that did not come to pass."""

    rule: str
    begin: date
    imposed: date | None
    end: date | None
    why: Ending
    weeks_in_force: int
    seen: Mapping[str, float]
    seen_at_end: Mapping[str, float]


@dataclass(frozen=True)
class FiringLog:
    """Every firing of a run.

    Attributes:
        rules: ids, in the order of the strategy.
        watched: for each rule, the indicators whose readings are kept.
        columns: int32 ``[6, firings]``: rule, future, week it fired, week imposed (-1), week ended (-1), why.
        first, last: float32 ``[most watched, firings]``: readings at the firing and at the end.
        calendar: of the run. ``n_futures``: how many futures were run.
        now: weeks gone by, for those still in force.
    """

    rules: tuple[str, ...]
    watched: tuple[tuple[str, ...], ...]
    columns: NDArray[np.int32]
    first: NDArray[np.float32]
    last: NDArray[np.float32]
    calendar: Calendar
    n_futures: int
    now: int

    def __len__(self) -> int:
        return int(self.columns.shape[1])

    def of(self, future: int) -> list[Firing]:
        """The firings in one future, in order of time.

        Raises:
            IndexError: there is no such future.
        """
        if not 0 <= future < self.n_futures:
            raise IndexError(f"there is no future {future}; there are {self.n_futures}, counted from 0")
        return [self._one(int(place)) for place in np.flatnonzero(self.columns[1] == future)]

    def _one(self, place: int) -> Firing:
        rule, _, begin, imposed, end, why = (int(one) for one in self.columns[:, place])
        names = self.watched[rule]
        day = self.calendar.day
        return Firing(
            self.rules[rule],
            day(begin),
            day(imposed) if imposed >= 0 else None,
            day(end) if end >= 0 else None,
            Ending(why),
            (end if end >= 0 else self.now) - imposed if imposed >= 0 else 0,
            {name: float(self.first[number, place]) for number, name in enumerate(names)},
            {name: float(self.last[number, place]) for number, name in enumerate(names)} if end >= 0 else {},
        )

    def weeks_in_force(self) -> NDArray[np.int64]:
        """Weeks in force, ``[rules, futures]``."""
        rule, future, _, imposed, end, _ = self.columns
        weeks = np.where(imposed >= 0, np.where(end >= 0, end, self.now) - imposed, 0)
        cells = len(self.rules) * self.n_futures
        total = np.bincount(rule * self.n_futures + future, weights=weeks, minlength=cells)
        return total.reshape(len(self.rules), self.n_futures).astype(np.int64)

    def first_weeks(self) -> NDArray[np.int64]:
        """Week of the first firing, ``[rules, futures]``; -1 where a rule never fired."""
        first = np.full(len(self.rules) * self.n_futures, -1, dtype=np.int64)
        rule, future, begin = self.columns[:3]
        cells, place = np.unique(rule * self.n_futures + future, return_index=True)  # in each future in order of time
        first[cells] = begin[place]
        return first.reshape(len(self.rules), self.n_futures)

    def summary(self, keep: NDArray[np.bool_] | None = None) -> list[dict[str, Any]]:
        """For each rule: the share of futures in which it fired, and the medians over those of date and weeks.

        Args:
            keep: the futures to speak of (for example the plausible ones); all by default.
        """
        kept = np.ones(self.n_futures, dtype=bool) if keep is None else keep
        first, weeks = self.first_weeks()[:, kept], self.weeks_in_force()[:, kept]
        out = []
        for number, rule in enumerate(self.rules):
            fired = first[number] >= 0
            date_text = weeks_median = None
            if fired.any():
                date_text = self.calendar.day(int(np.median(first[number][fired]))).isoformat()
                weeks_median = float(np.median(weeks[number][fired]))
            share = float(fired.mean()) if len(fired) else 0.0
            out.append(
                {"rule": rule, "share_of_futures": share, "median_first_date": date_text,
                 "median_weeks_in_force": weeks_median}
            )  # fmt: skip
        return out

    @staticmethod
    def of_book(book: Book, layout: Layout, n_futures: int, now: int) -> FiringLog:
        """The log that compiled code has taken down, in order of futures, time and rules.

        Args:
            book: with the firings that still run, ended ones in any order.
            layout: of the strategy.
            n_futures: how many were run. ``now``: weeks gone by.
        """
        count = int(book.written[0])
        rows = book.rows[:count]
        order = np.lexsort((rows[:, 0], rows[:, 2], rows[:, 1]))
        return FiringLog(
            rules=layout.rules,
            watched=layout.watched,
            columns=np.ascontiguousarray(rows[order].T),
            first=np.ascontiguousarray(book.first[order].T),
            last=np.ascontiguousarray(book.last[order].T),
            calendar=layout.calendar,
            n_futures=n_futures,
            now=now,
        )

    @staticmethod
    def joined(logs: Sequence[FiringLog]) -> FiringLog:
        """One log from those of consecutive chunks of futures."""
        shift, columns = 0, []
        for log in logs:
            moved = log.columns.copy()
            moved[1] += shift
            columns.append(moved)
            shift += log.n_futures
        head = logs[0]
        first = np.concatenate([log.first for log in logs], axis=1)
        last = np.concatenate([log.last for log in logs], axis=1)
        return FiringLog(
            head.rules, head.watched, np.concatenate(columns, axis=1), first, last, head.calendar, shift, head.now
        )
