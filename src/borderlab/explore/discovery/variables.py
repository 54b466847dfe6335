"""The columns that a search for boxes may restrict: real, whole-number or categorical."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

REAL, WHOLE, CATEGORY = 0, 1, 2


@dataclass(frozen=True)
class Variables:
    """A table of drawn values, one row a run.

    Attributes:
        names: column names, sorted by kind (real, whole, categorical), otherwise in the order given.
        kinds: 0 real, 1 whole number, 2 categorical.
        values: [rows, columns] float64; a categorical column holds codes.
        categories: for each column its category names, in code order (empty for numbers).
    """

    names: tuple[str, ...]
    kinds: np.ndarray
    values: np.ndarray
    categories: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, columns: Mapping[str, Sequence[Any] | np.ndarray]) -> Variables:
        """Make a table from named columns.

        Float arrays are real, integer arrays whole numbers, everything else categorical. A column with one value
        only is left out: it cannot tell runs apart.
        """
        found: list[tuple[int, str, np.ndarray, tuple[str, ...]]] = []
        for name, column in columns.items():
            array = np.asarray(column)
            words: tuple[str, ...] = ()
            if array.dtype.kind == "f":
                kind, codes = REAL, array.astype(float)
            elif array.dtype.kind in "iu":
                kind, codes = WHOLE, array.astype(float)
            else:
                labels, inverse = np.unique(array.astype(str), return_inverse=True)
                kind, codes, words = CATEGORY, inverse.astype(float), tuple(str(label) for label in labels)
            if len(codes) and (codes == codes[0]).all():
                continue
            found.append((kind, name, codes, words))
        found.sort(key=lambda item: item[0])
        rows = len(next(iter(columns.values()))) if columns else 0
        values = np.column_stack([item[2] for item in found]) if found else np.empty((rows, 0))
        return cls(
            tuple(item[1] for item in found),
            np.array([item[0] for item in found], dtype=np.int64),
            np.ascontiguousarray(values),
            tuple(item[3] for item in found),
        )

    def __len__(self) -> int:
        return len(self.values)

    def rows(self, chosen: np.ndarray) -> Variables:
        """The same columns, some rows."""
        return Variables(self.names, self.kinds, np.ascontiguousarray(self.values[chosen]), self.categories)

    def columns(self, chosen: np.ndarray) -> Variables:
        """Some of the columns, by place, all rows."""
        return Variables(
            tuple(self.names[place] for place in chosen),
            self.kinds[chosen],
            np.ascontiguousarray(self.values[:, chosen]),
            tuple(self.categories[place] for place in chosen),
        )

    @property
    def whole(self) -> np.ndarray:
        """[columns, 2]: the smallest and largest value of each column."""
        return np.column_stack([self.values.min(axis=0), self.values.max(axis=0)])

    @property
    def kept_whole(self) -> np.ndarray:
        """[columns, most categories]: which codes each categorical column has in these rows."""
        most = max([len(words) for words in self.categories] + [1])
        kept = np.zeros((len(self.names), most), dtype=bool)
        for column, kind in enumerate(self.kinds):
            if kind == CATEGORY:
                kept[column, np.unique(self.values[:, column]).astype(int)] = True
        return kept
