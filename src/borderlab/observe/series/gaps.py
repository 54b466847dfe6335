"""Where a series has no values, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from borderlab.observe.series.series import load_series
from borderlab.observe.store.store import Store


@dataclass(frozen=True)
class Gap:
    """A run of months without a value.

    ``kind``: ``no-data`` (nothing covers them), ``missing`` (a known fault), ``refused`` (the value could not be
    read) or ``incomplete`` (some parts only).
    """

    first: str
    last: str
    months: int
    dimensions: dict[str, str]
    kind: str

    def json_ready(self) -> dict[str, object]:
        """For ``data gaps --json``."""
        return dict(vars(self))


def gaps(
    series_id: str, *, parts: bool = False, where: dict[str, str] | None = None, store: Store | None = None
) -> list[Gap]:
    """The gaps of a series between its first and its last value, per part if ``parts``.

    Raises:
        InputError: no such series.
    """
    series = load_series(series_id, parts=parts, where=where, store=store)
    by_part: dict[tuple[tuple[str, str], ...], dict[date, str | None]] = {}
    for point in series.points:
        key = tuple(sorted(point.dimensions.items()))
        by_part.setdefault(key, {})[point.period] = None if point.whole else point.flag or "missing"
    found = []
    for key, months in sorted(by_part.items()):
        found += _runs(months, dict(key))
    return sorted(found, key=lambda gap: (gap.first, sorted(gap.dimensions.items())))


def _runs(months: dict[date, str | None], dims: dict[str, str]) -> list[Gap]:
    known = [when for when, state in months.items() if state is None]
    if not known:
        return []
    first, last = min(known), max(known)
    runs: list[Gap] = []
    start: int | None = None
    kind = ""
    for number in range(_number(first), _number(last) + 2):
        when = _month(number)
        state = months.get(when, "no-data") if number <= _number(last) else None
        if start is not None and state != kind:
            runs.append(Gap(f"{_month(start):%Y-%m}", f"{_month(number - 1):%Y-%m}", number - start, dims, kind))
            start = None
        if state is not None and start is None:
            start, kind = number, state
    return runs


def _number(when: date) -> int:
    return when.year * 12 + when.month - 1


def _month(number: int) -> date:
    return date(number // 12, number % 12 + 1, 1)
