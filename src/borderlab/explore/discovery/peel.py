"""The inner steps of PRIM: peel and paste, over plain arrays, all columns at once.

A table of runs is ``x [rows, columns]`` of float64, where a categorical column holds codes 0, 1, … Columns come
sorted by kind: real, whole-number, categorical; ties between candidates go to the one that leaves more columns free,
then to the earlier column, and on a column to its upper end, as in the EMA Workbench, so that the two walk the same
path on the same data.

Sources: Friedman and Fisher (1999); Bryant and Lempert (2010); the objective that divides the gain in density by
the number of runs given up, and the half-way quantile, are those of the EMA Workbench and of sdtoolkit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from borderlab.explore.discovery.variables import CATEGORY, REAL, WHOLE, Variables

LOW, HIGH = 0, 1


@dataclass(frozen=True)
class Limits:
    """A box as arrays.

    Attributes:
        ends: [columns, 2] lowest and highest value, both inclusive.
        kept: [columns, categories] which codes are allowed (categorical columns).
    """

    ends: np.ndarray
    kept: np.ndarray

    @classmethod
    def around(cls, variables: Variables) -> Limits:
        """The box that holds everything."""
        return cls(variables.whole, variables.kept_whole)

    def restricts(self, whole: Limits) -> np.ndarray:
        """[columns] bool: which columns are narrower than in ``whole``."""
        return (self.ends != whole.ends).any(axis=1) | (self.kept != whole.kept).any(axis=1)

    def moved(self, column: int, side: int, value: float) -> Limits:
        """The same box with one end elsewhere."""
        ends = self.ends.copy()
        ends[column, side] = value
        return replace(self, ends=ends)

    def toggled(self, column: int, code: int) -> Limits:
        """The same box with one category more or less."""
        kept = self.kept.copy()
        kept[column, code] = ~kept[column, code]
        return replace(self, kept=kept)

    def inside(self, x: np.ndarray, kinds: np.ndarray, columns: np.ndarray) -> np.ndarray:
        """[rows] bool: which rows of ``x`` lie in the box, looking at ``columns`` only."""
        good = np.ones(len(x), dtype=bool)
        for column in columns:
            values = x[:, column]
            if kinds[column] == CATEGORY:
                good &= self.kept[column][values.astype(np.intp)]
            else:
                good &= (values >= self.ends[column, LOW]) & (values <= self.ends[column, HIGH])
        return good


@dataclass(frozen=True)
class Step:
    """A candidate next box: its worth, how many columns it leaves free, its runs and hits."""

    limits: Limits
    worth: float
    free: int
    n: int
    k: int


def half_way_quantile(ordered: np.ndarray, share: float) -> float:
    """The ``share`` quantile of sorted values, moved outward over ties so that a peel always takes something.

    >>> half_way_quantile(np.array([1.0, 1.0, 1.0, 4.0]), 0.1)
    2.5
    """
    last = len(ordered) - 1
    place = last * share
    low, high = math.floor(place), math.ceil(place)
    if ordered[low] == ordered[high]:
        if share > 0.5:
            low = max(int(np.searchsorted(ordered, ordered[high], side="left")) - 1, 0)
        else:
            high = min(int(np.searchsorted(ordered, ordered[low], side="right")), last)
    return float((ordered[low] + ordered[high]) / 2)


def gains(objective: str, n_old: int, k_old: int, n_new: np.ndarray, k_new: np.ndarray) -> np.ndarray:
    """The worth of going from a box with ``k_old`` hits in ``n_old`` runs to ones with ``k_new`` in ``n_new``."""
    new = np.divide(k_new, n_new, out=np.zeros(len(n_new)), where=n_new > 0)
    if objective == "density":
        return np.where(n_new > 0, new, -1.0)
    value = np.divide(new - k_old / n_old, np.abs(n_old - n_new), out=np.zeros(len(n_new)), where=n_new != n_old)
    return value * n_new if objective == "gain times mass" else value


@dataclass
class Bump:
    """The state of one walk: the table, the open rows, and the rows still in the box, sorted by every column."""

    variables: Variables
    y: np.ndarray
    rows: np.ndarray
    objective: str

    def __post_init__(self) -> None:
        self.x = self.variables.values
        self.kinds = self.variables.kinds
        self.whole = Limits.around(self.variables)
        self.limits = self.whole
        self.inside = self.rows
        self.numbers = np.flatnonzero(self.kinds != CATEGORY)
        columns = self.x[np.ix_(self.rows, self.numbers)].T
        self.orders = self.rows[np.argsort(columns, axis=1, kind="stable")]

    @property
    def counts(self) -> tuple[int, int]:
        """(runs, hits) of the box."""
        return len(self.inside), int(self.y[self.inside].sum())

    def free(self, limits: Limits) -> int:
        """How many columns ``limits`` leaves free."""
        return len(self.kinds) - int(limits.restricts(self.whole).sum())

    def take(self, step: Step) -> None:
        """Make ``step`` the box."""
        self.limits = step.limits
        restricted = np.flatnonzero(self.limits.restricts(self.whole))
        self.inside = self.rows[self.limits.inside(self.x[self.rows], self.kinds, restricted)]
        member = np.zeros(len(self.y), dtype=bool)
        member[self.inside] = True
        keep = member[self.orders]
        if len(self.numbers) and keep.any() and keep.sum() == len(self.numbers) * len(self.inside):
            self.orders = self.orders[keep].reshape(len(self.numbers), -1)

    def best_peel(self, share: float) -> Step | None:
        """The worthiest single peel of the box; ties are settled as said at the top of this file."""
        n_old, k_old = self.counts
        narrow = self.limits.restricts(self.whole)
        number = self._best_number_peel(share, n_old, k_old, narrow) if len(self.numbers) else None
        category = self._best_category_peel(n_old, k_old, narrow)
        return best([step for step in (number, category) if step is not None])

    def _best_category_peel(self, n_old: int, k_old: int, narrow: np.ndarray) -> Step | None:
        places, runs, hits = [], [], []
        inside = self.y[self.inside]
        for column in np.flatnonzero(self.kinds == CATEGORY):
            codes = np.flatnonzero(self.limits.kept[column])
            if len(codes) < 2:
                continue
            values = self.x[self.inside, column].astype(np.intp)
            places += [(int(column), int(code)) for code in codes]
            runs.append(np.bincount(values, minlength=self.limits.kept.shape[1])[codes])
            hits.append(np.bincount(values[inside > 0], minlength=self.limits.kept.shape[1])[codes])
        if not places:
            return None
        n, k = n_old - np.concatenate(runs), k_old - np.concatenate(hits)
        newly = ~narrow[[column for column, _ in places]]
        free = len(self.kinds) - int(narrow.sum()) - newly
        chosen, worth = self._worthiest(n_old, k_old, n, k, free)
        limits = self.limits.toggled(*places[chosen])
        return Step(limits, worth, int(free[chosen]), int(n[chosen]), int(k[chosen]))

    def _worthiest(self, n_old: int, k_old: int, n: np.ndarray, k: np.ndarray, free: np.ndarray) -> tuple[int, float]:
        """(place, worth) of the best candidate: of equals the one with more free columns, of those the first."""
        worth = gains(self.objective, n_old, k_old, n, k)
        first = np.flatnonzero(worth == worth.max())
        chosen = int(first[np.argmax(free[first])])
        return chosen, float(worth[chosen])

    def _best_number_peel(self, share: float, n_old: int, k_old: int, narrow: np.ndarray) -> Step:
        ordered = self.x[self.orders, self.numbers[:, None]]
        before = np.zeros((len(ordered), n_old + 1), dtype=np.int64)  # hits among the first so many runs
        np.cumsum(self.y[self.orders], axis=1, out=before[:, 1:])
        values, taken = self._cuts(ordered, share)
        rows = np.arange(len(ordered))
        hits = np.column_stack([k_old - before[rows, n_old - taken[:, 0]], before[rows, taken[:, 1]]])
        n, k = (n_old - taken).ravel(), (k_old - hits).ravel()
        ends = self.limits.ends[self.numbers][:, [HIGH, LOW]]
        newly = ~narrow[self.numbers][:, None] & (values != ends)
        free = (len(self.kinds) - int(narrow.sum()) - newly).ravel()
        chosen, worth = self._worthiest(n_old, k_old, n, k, free)
        column, side = int(self.numbers[chosen // 2]), (HIGH, LOW)[chosen % 2]
        limits = self.limits.moved(column, side, float(values.ravel()[chosen]))
        return Step(limits, worth, int(free[chosen]), int(n[chosen]), int(k[chosen]))

    def _cuts(self, ordered: np.ndarray, share: float) -> tuple[np.ndarray, np.ndarray]:
        """Where the peels of every number column put the limit and how many runs they take: [columns, (high, low)]."""
        last = ordered.shape[1] - 1
        values, taken = np.empty((len(ordered), 2)), np.empty((len(ordered), 2), dtype=np.intp)
        for place, (side, at) in enumerate(((HIGH, last * (1 - share)), (LOW, last * share))):
            low, high = math.floor(at), math.ceil(at)
            values[:, place] = (ordered[:, low] + ordered[:, high]) / 2
            taken[:, place] = last + 1 - high if side == HIGH else low + 1
            plain = (ordered[:, low] != ordered[:, high]) & (self.kinds[self.numbers] == REAL)
            for row in np.flatnonzero(~plain):
                column = self.numbers[row]
                cut = _cut(ordered[row], share, side, self.kinds[column], self.limits.ends[column])
                values[row, place], taken[row, place] = cut
        return values, taken

    def best_paste(self, share: float) -> Step | None:
        """The worthiest single paste of the box."""
        n_old, k_old = self.counts
        x, y = self.x[self.rows], self.y[self.rows]
        restricted = [int(column) for column in np.flatnonzero(self.limits.restricts(self.whole))]
        good = {column: self.limits.inside(x, self.kinds, np.array([column])) for column in restricted}
        shut_by = np.sum([~one for one in good.values()], axis=0)
        candidates, n, k = [], [], []
        for column in restricted:
            rest = np.flatnonzero(shut_by == ~good[column])  # inside, or would be if this column were free
            for limits in self._wider(x[rest, column], column, share):
                chosen = rest[limits.inside(x[rest], self.kinds, np.array([column]))]
                candidates.append(limits)
                n.append(len(chosen))
                k.append(int(y[chosen].sum()))
        if not candidates:
            return None
        free = np.array([self.free(limits) for limits in candidates])
        chosen, worth = self._worthiest(n_old, k_old, np.array(n), np.array(k), free)
        return Step(candidates[chosen], worth, int(free[chosen]), n[chosen], k[chosen])

    def _wider(self, values: np.ndarray, column: int, share: float) -> list[Limits]:
        """The pastes of one column; ``values`` are those of the rows that only this column may shut out."""
        if self.kinds[column] == CATEGORY:
            missing = np.flatnonzero(self.whole.kept[column] & ~self.limits.kept[column])
            return [self.limits.toggled(column, int(code)) for code in missing]
        found = []
        for side in (LOW, HIGH):
            near, far = self.limits.ends[column, side], self.whole.ends[column, side]
            strip = values[(values >= far) & (values <= near) if side == LOW else (values >= near) & (values <= far)]
            edge = half_way_quantile(np.sort(strip), share if side == HIGH else 1 - share) if len(strip) else far
            found.append(self.limits.moved(column, side, edge))
        return found


def best(steps: list[Step]) -> Step | None:
    """The worthiest step; of equals the one with more free columns, of those the first."""
    chosen = None
    for step in steps:
        if chosen is None or (step.worth, step.free) > (chosen.worth, chosen.free):
            chosen = step
    return chosen


def _cut(ordered: np.ndarray, share: float, side: int, kind: int, ends: np.ndarray) -> tuple[float, int]:
    """Where a peel of one end of a sorted column puts the limit, and how many runs it takes."""
    value = half_way_quantile(ordered, share if side == LOW else 1 - share)
    if kind == REAL:
        if side == LOW:
            return value, int(np.searchsorted(ordered, value, side="left"))
        return value, len(ordered) - int(np.searchsorted(ordered, value, side="right"))
    assert kind == WHOLE
    value = float(int(value))
    strict = value == ends[side]  # the limit stands there already: go past it
    if side == LOW:
        taken = int(np.searchsorted(ordered, value, side="right" if strict else "left"))
        return float(ordered[taken] if taken < len(ordered) else ordered[0]), taken
    left = int(np.searchsorted(ordered, value, side="left" if strict else "right"))
    return float(ordered[left - 1] if left else ordered[-1]), len(ordered) - left
