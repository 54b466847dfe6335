"""Official series under plain names: imported data first, then the figures that ship."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, Literal

from borderlab.base.problems import InputError, Problem, nearest
from borderlab.evidence.tables.table import SourcedRow, table
from borderlab.observe.reading.layout import datasets, faults_of
from borderlab.observe.reading.sorting import fault_condition
from borderlab.observe.series.shipped import VINTAGE, Figure, figures, month
from borderlab.observe.store.store import Store

ZERO_RULE_FROM = date(2017, 1, 1)  # BTS writes zeros until 2016; from 2017 a row that is not there is a zero


class SeriesRow(SourcedRow):
    """The definition of a series; see ``reference/observe/series.csv``.

    ``absent`` says what a month without a row is: ``gap`` (no value) or ``zero`` (BTS's rule since 2017). ``every``
    is how often there is a value; ``lag_days`` go by before it is published, and for ``holds_months`` it may be taken
    as the newest.
    """

    id: str
    title_en: str
    title_es: str
    unit: str
    by: str | None = None
    aggregate: Literal["sum", "mean"]
    absent: Literal["gap", "zero"]
    every: Literal["month", "year", "level"]
    lag_days: int
    holds_months: int


class Feed(SourcedRow):
    """Where a series is read: ``store:<data set>`` or ``shipped:<table>``."""

    series: str
    rank: int
    place: str
    where: str | None = None

    @property
    def filter(self) -> dict[str, frozenset[str]]:
        """Column -> words taken."""
        pairs = (part.split("=", 1) for part in (self.where or "").split(";") if part)
        return {column: frozenset(words.split("|")) for column, words in pairs}


@dataclass(frozen=True)
class Point:
    """One value of a series. ``value`` None: no reading. ``flag``: ``suspect``, ``missing`` or ``absent-is-zero``."""

    period: date
    dimensions: dict[str, str]
    value: float | None
    unit: str
    source: str
    vintage: str
    flag: str | None = None

    def json_ready(self) -> dict[str, Any]:
        """The row of the ``data show --json`` contract."""
        out: dict[str, Any] = {
            "period": self.period.strftime("%Y-%m"),
            "dimensions": self.dimensions,
            "value": self.value,
            "unit": self.unit,
            "source": self.source,
            "vintage": self.vintage,
        }
        return out | ({"flag": self.flag} if self.flag else {})


@dataclass(frozen=True)
class Series:
    """A series with its points in order of period and part."""

    id: str
    title_en: str
    title_es: str
    unit: str
    points: tuple[Point, ...]

    def values(self) -> dict[date, float]:
        """Period -> value, for a series without parts; months without a reading are left out."""
        return {point.period: point.value for point in self.points if point.value is not None}


@cache
def definitions() -> dict[str, SeriesRow]:
    """Every series by id."""
    return {row.id: row for row in table("observe/series", SeriesRow)}


@cache
def feeds() -> dict[str, tuple[Feed, ...]]:
    """The feeds of every series, best first."""
    found: dict[str, list[Feed]] = defaultdict(list)
    for row in sorted(table("observe/feeds", Feed), key=lambda row: (row.series, row.rank)):
        found[row.series].append(row)
    return {name: tuple(rows) for name, rows in found.items()}


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

    ``where`` narrows it to some parts (``{"port_code": "2304"}``).

    Raises:
        InputError: no such series, or ``where`` names a column it cannot be parted by.
    """
    row = definition(series_id)
    words = _words(row, where)
    by = row.by if parts or words else None
    store = store or Store()
    points: dict[tuple[date, str | None], Point] = {}
    for feed in feeds().get(series_id, ()):
        kind, place = feed.place.split(":", 1)
        read = _from_store if kind == "store" else _from_shipped
        # A month is read from one feed as a whole: parts of two publications may overlap (El Paso and Ysleta).
        taken = {period for period, _ in points}
        for point in read(store, row, feed, place, by):
            if point.period not in taken:
                points[point.period, point.dimensions.get(by) if by else None] = point
    chosen = [p for p in points.values() if (not first or p.period >= first) and (not last or p.period <= last)]
    if words and by:
        chosen = [point for point in chosen if point.dimensions[by] in words]
        chosen = chosen if parts else _joined(row, by, words, chosen)
    chosen.sort(key=lambda point: (point.period, sorted(point.dimensions.items())))
    return Series(row.id, row.title_en, row.title_es, row.unit, tuple(chosen))


def _words(row: SeriesRow, where: Mapping[str, str] | None) -> frozenset[str]:
    """The parts that ``where`` asks for; empty = all."""
    for column in where or {}:
        if column != row.by:
            allowed = f"it can be narrowed by {row.by}" if row.by else "it has no parts"
            raise InputError(f"series {row.id} has no '{column}'; {allowed}.")
    return frozenset(word for words in (where or {}).values() for word in str(words).split("|"))


def _joined(row: SeriesRow, by: str, words: frozenset[str], points: list[Point]) -> list[Point]:
    """One point per month from several parts; a part without a reading leaves the month without one."""
    months: dict[date, list[Point]] = defaultdict(list)
    for point in points:
        months[point.period].append(point)
    out = []
    for group in months.values():
        first = group[0]
        values = [point.value for point in group]
        known = [value for value in values if value is not None]
        whole = sum(known) if row.aggregate == "sum" else sum(known) / max(len(known), 1)
        flags = sorted({point.flag for point in group if point.flag})
        out.append(
            replace(
                first,
                dimensions={by: "|".join(sorted(words))},
                value=whole if len(known) == len(values) else None,
                flag=flags[-1] if flags else None,
            )
        )
    return out


def _from_shipped(store: Store, row: SeriesRow, feed: Feed, place: str, by: str | None) -> list[Point]:
    chosen = figures(place, feed.filter)
    if by and chosen and by not in chosen[0][1]:
        return []
    sums: dict[tuple[date, str | None], list[float]] = defaultdict(list)
    sources: dict[tuple[date, str | None], set[str]] = defaultdict(set)
    short = _short_months(chosen, row.by) if row.by and not by else frozenset()
    for period, dims, value, source in chosen:
        if period in short:
            continue
        key = (period, dims.get(by) if by else None)
        sums[key].append(value)
        sources[key].update(source.split(";"))
    return [
        Point(
            key[0],
            {by: key[1]} if by and key[1] else {},
            sum(values) if row.aggregate == "sum" else sum(values) / len(values),
            row.unit,
            ";".join(sorted(sources[key])),
            VINTAGE,
        )
        for key, values in sums.items()
    ]


def _short_months(rows: list[Figure], by: str) -> frozenset[date]:
    """Months in which parts that report since an earlier month, and weigh more than 1 %, have no figure.

    The sum over the rest would look like a whole and is none.
    """
    parts: dict[str, dict[date, float]] = defaultdict(dict)
    for period, dims, value, _ in rows:
        if by in dims:
            parts[dims[by]][period] = value
    months = {period for values in parts.values() for period in values}
    whole = sum(sum(values.values()) / len(values) for values in parts.values())
    short = set()
    for when in months:
        lost = sum(
            sum(values.values()) / len(values) for values in parts.values() if when not in values and min(values) < when
        )
        if lost > 0.01 * whole:
            short.add(when)
    return frozenset(short)


def _from_store(store: Store, row: SeriesRow, feed: Feed, place: str, by: str | None) -> list[Point]:
    import duckdb

    rows = store.newest(place)
    if rows is None:
        return []
    con = duckdb.connect()
    con.execute(f"CREATE TEMP VIEW rows AS {rows}")
    columns = {name for name, *_ in con.execute("DESCRIBE rows").fetchall()}
    condition = " AND ".join(
        f"{column} IN ({', '.join(_quoted(word) for word in sorted(words))})" for column, words in feed.filter.items()
    )
    unmarked = "flag IS NULL" if "flag" in columns else "true"
    suspect = " OR ".join(
        f"({fault_condition(known, frozenset(columns))})" for known in faults_of(place) if known.effect == "suspect"
    )
    part = f", {by} AS part" if by else ", NULL AS part"
    found = con.execute(
        f"SELECT date_trunc('month', period)::DATE AS month{part}, {row.aggregate}(value), any_value(source),"
        f" max(vintage), bool_or({suspect or 'false'}) FROM rows WHERE {condition or 'true'} AND {unmarked}"
        " GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    points = [
        Point(
            when,
            {by: word} if by and word is not None else {},
            float(value),
            row.unit,
            source,
            vintage,
            "suspect" if marked else None,
        )
        for when, word, value, source, vintage, marked in found
        if not by or word is not None
    ]
    if row.absent == "zero":
        covered = con.execute(f"SELECT DISTINCT period, vintage FROM rows WHERE {_border(feed)}").fetchall()
        points += _zeros(row, by, points, dict(covered))
    con.close()
    return _with_missing(points, row, feed, place, by)


def _border(feed: Feed) -> str:
    words = feed.filter.get("border")
    return f"border IN ({', '.join(_quoted(word) for word in words)})" if words else "true"


def _zeros(row: SeriesRow, by: str | None, points: list[Point], covered: dict[Any, str]) -> list[Point]:
    """Months from 2017 on which the imported files cover but in which a part has no row: zeros by BTS's rule."""
    if not points:
        return []
    have = {(point.period, point.dimensions.get(by) if by else None) for point in points}
    parts = {point.dimensions.get(by) for point in points} if by else {None}
    start = {part: min(p.period for p in points if not by or p.dimensions.get(by) == part) for part in parts}
    source = points[0].source
    return [
        Point(when, {by: part} if by and part else {}, 0.0, row.unit, source, vintage, "absent-is-zero")
        for when, vintage in covered.items()
        for part in parts
        if when >= ZERO_RULE_FROM and when >= start[part] and (when, part) not in have
    ]


def _with_missing(points: list[Point], row: SeriesRow, feed: Feed, place: str, by: str | None) -> list[Point]:
    """Take the value from months that a known fault makes a gap, for the part it concerns or a whole that needs it."""
    holes = [known for known in faults_of(place) if known.effect == "missing"]
    out = []
    for point in points:
        flag = point.flag
        for known in holes:
            if not month(known.first) <= point.period <= month(known.last or known.first):
                continue
            concerned = dict(pair.split("=") for pair in (known.where or "").split(";") if pair)
            if not all(
                set(words.split("|")) & feed.filter.get(c, set(words.split("|"))) for c, words in concerned.items()
            ):
                continue
            word = concerned.get(row.by or "")
            part = point.dimensions.get(by or "")
            if part is None:
                flag = "incomplete"
            elif word and part in word.split("|") and (point.value == 0 or point.flag == "absent-is-zero"):
                flag = "missing"
        lost = flag == "missing"
        out.append(
            Point(point.period, point.dimensions, None if lost else point.value, *_rest(point), flag)
            if flag != point.flag
            else point
        )
    return out


def _rest(point: Point) -> tuple[str, str, str]:
    return point.unit, point.source, point.vintage


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"
