"""The stretch of one publication in which a series counts the same thing, so that it can be compared with itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any

from borderlab.observe.effects.interrupted import LEAST_PRE, LEVEL_MONTHS, PRE_MONTHS, from_index, month_index
from borderlab.observe.series.breaks import Break, known_breaks, new_publication
from borderlab.observe.series.definition import SeriesRow, feeds
from borderlab.observe.series.publication import Point, read_feed
from borderlab.observe.series.series import definition, joined
from borderlab.observe.store.store import Store

Reason = tuple[str, dict[str, Any]]


@dataclass(frozen=True)
class Publication:
    """A series in one feed: whole by month, and by part."""

    place: str
    row: SeriesRow
    whole: dict[date, float]
    panel: dict[str, dict[date, float]]
    points: tuple[Point, ...] = field(repr=False)

    def values(self, parts: frozenset[str]) -> dict[date, float]:
        """Month -> value of some parts together (none = the whole); months in which one of them lacks are left out."""
        if not parts:
            return self.whole
        if not self.row.by or not parts <= set(self.panel):
            return {}
        points = [
            point for point in self.points if point.dimensions.get(self.row.by) in parts and point.flag != "suspect"
        ]
        if self.row.by and len(parts) > 1:
            points = joined(self.row, self.row.by, parts, points)
        return {point.period: point.value for point in points if point.whole and point.value is not None}


@dataclass(frozen=True)
class Segment:
    """What an estimate may use.

    Attributes:
        values: month -> value, of one publication, between two breaks.
        panel: part -> month -> value, likewise.
        place: the feed.
        cut: a break shortens the months before the start.
        breaks: those that cut it.
    """

    values: dict[date, float]
    panel: dict[str, dict[date, float]]
    place: str
    cut: bool
    breaks: tuple[Break, ...]
    points: tuple[Point, ...] = field(repr=False)

    @property
    def reason(self) -> Reason:
        """Why the months before are fewer."""
        one = self.breaks[-1]
        return "Only months from {first} on were used: {what}.", {"first": f"{one.first:%Y-%m}", "what": one}


@dataclass(frozen=True)
class Torn:
    """No publication counts the same thing over the months that are needed; ``breaks`` says what changes when."""

    breaks: tuple[Break, ...]

    @property
    def reason(self) -> Reason:
        """The break that stands in the way."""
        one = self.breaks[0]
        text = "What is counted changes in {first}, so that nothing is estimated across it: {what}."
        return text, {"first": f"{one.first:%Y-%m}", "what": one}


def publications(series_id: str, store: Store | None = None) -> tuple[Publication, ...]:
    """A series in each of its feeds, best first; feeds without a value are left out."""
    row = definition(series_id)
    store = store or Store()
    found = []
    for feed in feeds().get(series_id, ()):
        whole = [point for point in read_feed(store, row, feed, False) if point.whole]
        parts = read_feed(store, row, feed, True) if row.by else []
        panel: dict[str, dict[date, float]] = {}
        for point in parts:
            if point.whole and point.value is not None and point.flag != "suspect":
                panel.setdefault(point.dimensions[row.by or ""], {})[point.period] = point.value
        values = {point.period: point.value for point in whole if point.value is not None}
        if values or panel:
            found.append(Publication(feed.place, row, values, panel, (*whole, *parts)))
    return tuple(found)


def choose(
    series_id: str, read: tuple[Publication, ...], parts: frozenset[str], start: date, months: int
) -> Segment | Torn | None:
    """The publication and the stretch of it from which a change at ``start`` can be estimated.

    The first publication that serves all months is taken; else the first that serves with fewer months before,
    behind a break. :class:`Torn` if a break stands in the judged months or leaves too few before them, or if only
    two publications together have the months. None if the months are not there at all.
    """
    first = from_index(month_index(start) - PRE_MONTHS)
    last = from_index(month_index(start) + months - 1)
    short: Segment | None = None
    torn: list[Break] = []
    for one in read:
        values = one.values(parts)
        hits = [hit for hit in known_breaks(series_id, one.place) if hit.stops and hit.touches(parts)]
        inside = [hit for hit in hits if first < hit.first <= last]
        if not _serves(values, start, months):
            continue
        if any(hit.first > start for hit in inside) or not _serves(_between(values, hits, start), start, months):
            torn += inside
            continue
        segment = _segment(series_id, one, values, hits, start, tuple(inside))
        if not inside:
            return segment
        short = short or segment
    if short:
        return short
    return Torn(tuple(torn)) if torn else _only_together(series_id, read, parts, start, months)


def _serves(values: dict[date, float], start: date, months: int) -> bool:
    """Whether the months suffice for an estimate (as :func:`borderlab.observe.interrupted.interrupted` asks)."""
    at = month_index(start)
    line = {month_index(when) for when in values}
    before = [number for number in range(at - PRE_MONTHS, at) if number in line]
    if len(before) < LEAST_PRE or any(number not in line for number in range(at, at + months)):
        return False
    return at - before[-1] <= 3 and sum(at - LEVEL_MONTHS <= number for number in before) >= LEVEL_MONTHS // 2


def _between(values: dict[date, float], breaks: list[Break], start: date) -> dict[date, float]:
    """The months around ``start`` between the breaks before and after it."""
    low = max((one.first for one in breaks if one.first <= start), default=date.min)
    high = min((one.first for one in breaks if one.first > start), default=date.max)
    return {when: value for when, value in values.items() if low <= when < high}


def _segment(
    series_id: str,
    one: Publication,
    values: dict[date, float],
    breaks: list[Break],
    start: date,
    inside: tuple[Break, ...],
) -> Segment:
    every = [hit for hit in known_breaks(series_id, one.place) if hit.stops]
    panel = {
        part: _between(line, [hit for hit in every if hit.touches(frozenset({part}))], start)
        for part, line in one.panel.items()
    }
    return Segment(_between(values, breaks, start), panel, one.place, bool(inside), inside, one.points)


def _only_together(
    series_id: str, read: tuple[Publication, ...], parts: frozenset[str], start: date, months: int
) -> Torn | None:
    """The change of publication that stands in the way, where two together have the months and neither alone."""
    best: dict[date, tuple[float, str]] = {}
    for one in read:
        for when, value in one.values(parts).items():
            best.setdefault(when, (value, one.place))
    if not _serves({when: value for when, (value, _) in best.items()}, start, months):
        return None
    first = from_index(month_index(start) - PRE_MONTHS)
    last = from_index(month_index(start) + months - 1)
    line = [(when, place) for when, (_, place) in sorted(best.items()) if first <= when <= last]
    changes = [(b[0], a[1], b[1]) for a, b in pairwise(line) if a[1] != b[1]]
    if not changes:
        return None
    when, before, after = min(changes, key=lambda change: abs(month_index(change[0]) - month_index(start)))
    return Torn((new_publication(when, before, after, ""),))
