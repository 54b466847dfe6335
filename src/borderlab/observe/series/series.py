"""Official series under plain names: imported data first, then the figures that ship."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from borderlab.base.problems import InputError, Problem, nearest
from borderlab.observe.reading.coverage import Shortfall, columns_that_part, parts_of
from borderlab.observe.reading.layout import datasets
from borderlab.observe.series.breaks import known_breaks, new_publication, tied
from borderlab.observe.series.definition import Feed, SeriesRow, definitions, feeds
from borderlab.observe.series.publication import ZERO_RULE_FROM, Point, coverage_place, read_feed
from borderlab.observe.series.shipped import VINTAGE
from borderlab.observe.store.store import Store

MOST_NAMED = 40  # parts that a message lists


@dataclass(frozen=True)
class Series:
    """A series with its points in order of period and part."""

    id: str
    title_en: str
    title_es: str
    unit: str
    points: tuple[Point, ...]

    def values(self) -> dict[date, float]:
        """Period -> value, for a series without parts; months without a whole value are left out."""
        return {point.period: point.value for point in self.points if point.whole and point.value is not None}


def definition(series_id: str) -> SeriesRow:
    """The definition of a series.

    Raises:
        InputError: there is none of that name.
    """
    if series_id not in definitions():
        known = [*definitions(), *datasets()]
        raise InputError(
            Problem(
                f"there is no series '{series_id}'.",
                did_you_mean=nearest(series_id, known),
                cure="'borderlab data list' names them all.",
            )
        )
    return definitions()[series_id]


def load_series(
    series_id: str,
    first: date | None = None,
    last: date | None = None,
    *,
    parts: bool = False,
    where: Mapping[str, str] | None = None,
    store: Store | None = None,
) -> Series:
    """A series by month; ``parts`` gives one value per port, sector, … instead of the whole.

    ``where`` narrows it to some parts (``{"port_code": "2304"}``, ``{"port_code": "2304|2305"}``). For a month the
    first feed counts whose value is whole; a value that lacks parts is given only where no feed has a whole one, and
    is flagged.

    Raises:
        InputError: no such series, ``where`` names a column it cannot be parted by or a part that it does not have,
            or ``first`` is after ``last``.
    """
    row = definition(series_id)
    check_period(first, last)
    words = _words(row, where)
    by = row.by if parts or words else None
    store = store or Store()
    read = [(feed, read_feed(store, row, feed, bool(by))) for feed in feeds().get(series_id, ())]
    if by:
        points = _overlaid(series_id, read, by)
        if words:
            _check_parts(row, words, points, read)
            points = [point for point in points if point.dimensions[by] in words]
            points = points if parts else joined(row, by, words, points)
    else:
        points = _wholes(read)
    points.sort(key=lambda point: (point.period, sorted(point.dimensions.items())))
    marked = _with_breaks(series_id, points, words)
    chosen = [p for p in marked if (not first or p.period >= first) and (not last or p.period <= last)]
    return Series(row.id, row.title_en, row.title_es, row.unit, tuple(chosen))


def check_period(first: date | None, last: date | None) -> None:
    """Refuse a period that ends before it begins.

    Raises:
        InputError: ``first`` is after ``last``.
    """
    if first and last and first > last:
        raise InputError(f"the first month, {first:%Y-%m}, is after the last, {last:%Y-%m}.")


def _words(row: SeriesRow, where: Mapping[str, str] | None) -> frozenset[str]:
    """The parts that ``where`` asks for; empty = all."""
    for column in where or {}:
        if column != row.by:
            allowed = f"it can be narrowed by {row.by}" if row.by else "it has no parts"
            raise InputError(f"series {row.id} has no '{column}'; {allowed}.")
    words = (word.strip() for text in (where or {}).values() for word in str(text).split("|"))
    return frozenset(word for word in words if word)


def _check_parts(
    row: SeriesRow, words: Iterable[str], points: Iterable[Point], read: list[tuple[Feed, list[Point]]]
) -> None:
    """Refuse parts that no publication has.

    Raises:
        InputError: a part is unknown; the message names the parts there are.
    """
    by = row.by or ""
    there = {point.dimensions[by] for point in points}
    if not there:
        raise InputError(
            Problem(f"no figures of {row.id} by {by} are here.", cure="'borderlab data import FILE' takes them in.")
        )
    listed = {part for feed, _ in read if (place := coverage_place(row, feed)) for part in parts_of(place[0], by)}
    problems = [
        Problem(
            f"series {row.id} has no {by} '{word}'.",
            did_you_mean=nearest(word, there | listed),
            cure=f"It has: {', '.join(sorted(there)[:MOST_NAMED])}.",
        )
        for word in sorted(set(words) - there - listed)
    ]
    if problems:
        raise InputError(problems)


def _wholes(read: list[tuple[Feed, list[Point]]]) -> list[Point]:
    """Per month the value of the first feed that has a whole one, else of the first that has any.

    An imported sum that was passed over because it lacks parts is told beside the one that counts.
    """
    best: dict[date, Point] = {}
    for _, points in read:
        for point in points:
            there = best.get(point.period)
            if there is None:
                best[point.period] = point
            elif point.whole and not there.whole:
                best[point.period] = replace(point, passed_over=there if there.vintage != VINTAGE else None)
    return list(best.values())


def _overlaid(series_id: str, read: list[tuple[Feed, list[Point]]], by: str) -> list[Point]:
    """Per month and part the first feed that has it; parts that a publication counts together come from it alone."""
    found: dict[tuple[date, str], Point] = {}
    closed: set[tuple[date, str]] = set()
    for feed, points in read:
        fresh = [point for point in points if (point.period, point.dimensions[by]) not in found.keys() | closed]
        for point in fresh:
            found[point.period, point.dimensions[by]] = point
            for group in tied(series_id, feed.place, point.period):
                if point.dimensions[by] in group:
                    closed |= {(point.period, part) for part in group}
    return list(found.values())


def joined(row: SeriesRow, by: str, words: frozenset[str], points: list[Point]) -> list[Point]:
    """One point a month from several parts, flagged where one of them has no value."""
    months: dict[date, dict[str, Point]] = defaultdict(dict)
    span: dict[str, tuple[date, date]] = {}
    for point in points:
        part = point.dimensions[by]
        months[point.period][part] = point
        low, high = span.get(part, (point.period, point.period))
        span[part] = (min(low, point.period), max(high, point.period))
    out = []
    for when, group in months.items():
        known = [point for point in group.values() if point.value is not None]
        gone = [part for part in words - set(group) if _stands(row, by, part, when, span)]
        torn = sorted([*gone, *(part for part, point in group.items() if not point.whole)])
        first = next(iter(group.values()))
        value = sum(point.value or 0.0 for point in known) / (len(known) if row.aggregate == "mean" and known else 1)
        flags = sorted({point.flag for point in group.values() if point.flag})
        flag = flags[-1] if flags else None
        lacks = None
        if torn and len(words) > 1:
            flag, lacks = "incomplete", _lacks(row, by, len(words) - len(torn), len(words), tuple(torn))
        elif len(words) == 1:
            lacks = first.lacks
        out.append(
            replace(
                first,
                dimensions={by: "|".join(sorted(words))},
                value=value if known else None,
                vintage=max(point.vintage for point in group.values()),
                flag=flag if known or len(words) == 1 else "missing",
                lacks=lacks,
            )
        )
    return out


def _stands(row: SeriesRow, by: str, part: str, when: date, span: Mapping[str, tuple[date, date]]) -> bool:
    """Whether a part should have a value in a month: the list of parts says so, or it has some before and after."""
    for feed in feeds().get(row.id, ()):
        if place := coverage_place(row, feed):
            if part in parts_of(place[0], by, place[1], when):
                low = span[part][0] if part in span else None
                return low is None or when >= low
            if part in parts_of(place[0], by):
                return False
    return part not in span or span[part][0] <= when <= span[part][1]


def _lacks(row: SeriesRow, by: str, held: int, of: int, missing: tuple[str, ...]) -> Shortfall:
    sets = [feed.table for feed in feeds().get(row.id, ()) if feed.imported]
    known = [one for name in sets for one in columns_that_part(name) if one.column == by]
    nouns = (known[0].noun_en, known[0].noun_es) if known else ("parts", "partes")
    return Shortfall(by, *nouns, held, of, missing)


def _with_breaks(series_id: str, points: list[Point], words: frozenset[str]) -> list[Point]:
    """The points with the breaks that begin at them: known ones, and where another publication takes over."""
    before: dict[tuple[tuple[str, str], ...], Point] = {}
    out = []
    for point in points:
        key = tuple(sorted(point.dimensions.items()))
        own = frozenset(words if words and len(key) == 1 and "|" in key[0][1] else (word for _, word in key))
        earlier = before.get(key)
        found = []
        if earlier is not None:
            found = [
                one
                for one in known_breaks(series_id, point.place)
                if earlier.period < one.first <= point.period and one.touches(own)
            ]
            if earlier.place != point.place:
                found.append(new_publication(point.period, earlier.place, point.place, point.source))
        before[key] = point
        out.append(replace(point, breaks=tuple(found)) if found else point)
    return out


__all__ = [
    "ZERO_RULE_FROM",
    "Feed",
    "Point",
    "Series",
    "SeriesRow",
    "check_period",
    "definition",
    "definitions",
    "feeds",
    "joined",
    "load_series",
]
