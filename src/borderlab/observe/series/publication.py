"""One series as one publication has it: imported rows, or figures that ship. No two publications are mixed here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from statistics import median
from typing import Any

from borderlab.observe.reading.coverage import Shortfall, columns_that_part, parts_of, shortfall, words_of
from borderlab.observe.reading.layout import faults_of
from borderlab.observe.reading.sorting import fault_condition
from borderlab.observe.series.breaks import Break
from borderlab.observe.series.definition import Feed, SeriesRow
from borderlab.observe.series.shipped import VINTAGE, figures, month
from borderlab.observe.store.store import REFUSED, Store

ZERO_RULE_FROM = date(2017, 1, 1)  # BTS writes zeros until 2016; from 2017 a row that is not there is a zero
SURELY_NO_ZERO = 500.0  # a month: a part that has had so many in the year around it has a gap, not a zero
UNREADABLE_SHARE = 0.01  # of the readings of a mean, above which those that were refused would move it
_PORT_OF = {"ports": ("bts-crossings", "port_code"), "usbp-sectors": ("usbp-sectors", "sector")}
_MEASURE_OF = {"truck": "Trucks", "vehicle": "Personal Vehicles", "pedestrian": "Pedestrians"}


@dataclass(frozen=True)
class Point:
    """One value of a series. ``value`` None: no reading.

    Attributes:
        flag: ``suspect``, ``missing`` (a known fault), ``refused`` (its value could not be read), ``absent-is-zero``
            or ``incomplete`` (the value lacks parts; ``lacks`` says which).
        place: the feed it was read from.
        breaks: changes of meaning or of publication that begin with it.
        passed_over: an imported value that lacks parts, in whose stead this one is given.
    """

    period: date
    dimensions: dict[str, str]
    value: float | None
    unit: str
    source: str
    vintage: str
    flag: str | None = None
    lacks: Shortfall | None = field(default=None, compare=False)
    place: str = field(default="", compare=False)
    breaks: tuple[Break, ...] = field(default=(), compare=False)
    passed_over: Point | None = field(default=None, compare=False)

    @property
    def whole(self) -> bool:
        """Whether the value may be used as what the series says: it is there and lacks no part."""
        return self.value is not None and self.flag != "incomplete"

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
        if self.flag:
            out["flag"] = self.flag
        if self.lacks:
            out["lacks"] = self.lacks.json_ready()
        if self.breaks:
            out["breaks"] = [one.json_ready() for one in self.breaks]
        if self.passed_over and self.passed_over.lacks:
            part = self.passed_over
            out["passed_over"] = {
                "value": part.value,
                "vintage": part.vintage,
                "lacks": self.passed_over.lacks.json_ready(),
            }
        return out


def read_feed(store: Store, row: SeriesRow, feed: Feed, parts: bool) -> list[Point]:
    """The points of a series in one feed: per part, or summed over all parts and flagged where one is missing."""
    return _Imported(store, row, feed).points(parts) if feed.imported else _shipped(row, feed, parts)


def coverage_place(row: SeriesRow, feed: Feed) -> tuple[str, dict[str, frozenset[str]]] | None:
    """The data set whose list of parts a feed is held against, and which of its rows; None if there is no list."""
    if feed.imported:
        return feed.table, feed.filter
    if feed.table not in _PORT_OF:
        return None
    modes = feed.filter.get("mode", frozenset())
    taken = {"measure": frozenset(_MEASURE_OF[mode] for mode in modes)} if modes else {}
    return _PORT_OF[feed.table][0], taken


def _shipped(row: SeriesRow, feed: Feed, parts: bool) -> list[Point]:
    chosen = figures(feed.table, feed.filter)
    by = row.by if chosen and row.by in chosen[0][1] else None
    if parts and not by:
        return []
    values: dict[tuple[date, str | None], list[float]] = defaultdict(list)
    sources: dict[tuple[date, str | None], set[str]] = defaultdict(set)
    present: dict[date, set[str | None]] = defaultdict(set)
    for period, dims, value, source in chosen:
        key = (period, dims.get(by or "") if parts else None)
        values[key].append(value)
        sources[key].update(source.split(";"))
        present[period].add(dims.get(by or ""))
    found = [
        Point(
            key[0],
            {by: key[1]} if by and key[1] else {},
            sum(each) if row.aggregate == "sum" else sum(each) / len(each),
            row.unit,
            ";".join(sorted(sources[key])),
            VINTAGE,
            place=feed.place,
        )
        for key, each in values.items()
    ]
    held_against = coverage_place(row, feed)
    if parts or held_against is None:
        return found
    dataset, taken = held_against
    columns = [one for one in columns_that_part(dataset) if one.column == by]
    return [_lacking(point, [shortfall(one, taken, point.period, present[point.period]) for one in columns])
            for point in found]  # fmt: skip


def _lacking(point: Point, lost: Iterable[Shortfall | None]) -> Point:
    """The point, flagged with the largest thing that it lacks."""
    real = [one for one in lost if one]
    if not real:
        return point
    worst = max(real, key=lambda one: (one.refused, 1 - one.held / max(one.of, 1)))
    return replace(point, flag="incomplete", lacks=worst)


class _Imported:
    """The imported rows of one feed, asked month by month."""

    def __init__(self, store: Store, row: SeriesRow, feed: Feed) -> None:
        self.row, self.feed, self.dataset = row, feed, feed.table
        self.store = store
        self.con: Any = None

    def points(self, parts: bool) -> list[Point]:
        """The points, per part or whole."""
        import duckdb

        rows = self.store.newest(self.dataset)
        if rows is None:
            return []
        self.con = duckdb.connect()
        try:
            described = self.con.execute(f"DESCRIBE {self.store.every_row(self.dataset)}").fetchall()
            self.columns = frozenset(name for name, *_ in described)
            self.taken = _condition(self.feed.filter, self.columns)
            loose = _condition(self.feed.filter, self.columns, loose=True)
            self.con.execute(f"CREATE TEMP TABLE rows AS SELECT * FROM ({rows}) WHERE {loose}")
            if not self.con.execute("SELECT count(*) FROM rows").fetchone()[0]:
                return []
            self.con.execute(f"CREATE TEMP VIEW all_rows AS {self.store.every_row(self.dataset)}")
            self.any_lost = self._lost_by_any()
            by_part = self._parted()
            if parts:
                return self._with_secondary([point for point in by_part if point.dimensions])
            return self._whole(by_part)
        finally:
            self.con.close()

    def _parted(self) -> list[Point]:
        """Values by part (one nameless part where the series has none), with gaps, zeros and faults."""
        by = self.row.by
        suspect = " OR ".join(
            f"({fault_condition(known, self.columns)})"
            for known in faults_of(self.dataset)
            if known.effect == "suspect"
        )
        found = self.con.execute(
            f"SELECT date_trunc('month', period)::DATE AS month, {by or 'NULL'} AS part,"
            f" {self.row.aggregate}(value), any_value(source), max(vintage), bool_or({suspect or 'false'})"
            f" FROM rows WHERE {self.taken} AND flag IS NULL AND period IS NOT NULL GROUP BY ALL ORDER BY ALL"
        ).fetchall()
        points = {
            (when, part): self._point(when, part, float(value), source, vintage, "suspect" if marked else None)
            for when, part, value, source, vintage, marked in found
            if value is not None
        }
        self.refused = self._refused()
        self._mark_refused(points)
        if self.row.absent == "zero":
            self._fill_zeros(points)
        return self._known_gaps(list(points.values()))

    def _point(
        self, when: date, part: str | None, value: float | None, source: str, vintage: str, flag: str | None
    ) -> Point:
        by = self.row.by
        dims = {by: part} if by and part is not None else {}
        return Point(when, dims, value, self.row.unit, source, vintage, flag, place=self.feed.place)

    def _refused(self) -> dict[tuple[date, str | None], str]:
        """(month, part) of rows of the series that stood in a file and could not be read -> vintage."""
        found = self.con.execute(
            f"SELECT date_trunc('month', period)::DATE, {self.row.by or 'NULL'}, max(vintage), count(*)"
            f" FROM rows WHERE {self.taken} AND flag = '{REFUSED}' AND period IS NOT NULL GROUP BY ALL"
        ).fetchall()
        if self.row.aggregate == "mean":
            # A mean is moved by what it lacks only where that is more than a trifle of its readings.
            read = dict(
                self.con.execute(
                    f"SELECT date_trunc('month', period)::DATE, count(*) FROM rows WHERE {self.taken}"
                    " AND flag IS NULL GROUP BY ALL"
                ).fetchall()
            )
            lost: dict[date, int] = defaultdict(int)
            for when, _, _, number in found:
                lost[when] += number
            found = [one for one in found if lost[one[0]] > UNREADABLE_SHARE * (read.get(one[0], 0) + lost[one[0]])]
        return {(when, part): vintage for when, part, vintage, _ in found}

    def _hidden(self) -> set[tuple[date | None, str | None]]:
        """(month, part) that a refused row may have hidden; None where that could not be read either.

        A row whose measure or month is unreadable may be the one that seems not to be there.
        """
        where = _condition(self.feed.filter, self.columns, loose=True)
        return set(
            self.con.execute(
                f"SELECT DISTINCT date_trunc('month', period)::DATE, {self.row.by or 'NULL'} FROM rows"
                f" WHERE {where} AND flag = '{REFUSED}'"
            ).fetchall()
        )

    def _mark_refused(self, points: dict[tuple[date, str | None], Point]) -> None:
        """A refused row is a gap of its part where nothing else stands there, else a flaw of the sum."""
        source = next((point.source for point in points.values()), "")
        known = {part for _, part in points}
        for (when, part), vintage in self.refused.items():
            if part is None and self.row.by:
                continue
            here = points.get((when, part))
            if here is not None:
                lost = self._refused_shortfall((part,) if part else ())
                points[when, part] = replace(here, flag="incomplete", lacks=lost)
            elif source and (part in known or part in parts_of(self.dataset, self.row.by or "")):
                points[when, part] = self._point(when, part, None, source, vintage, "refused")

    def _refused_shortfall(self, parts: tuple[str, ...]) -> Shortfall:
        row = next((one for one in columns_that_part(self.dataset) if one.column == self.row.by), None)
        if row is None:
            return Shortfall(self.row.by or "", "parts", "partes", 0, len(parts), parts, True)
        return Shortfall(row.column, row.noun_en, row.noun_es, 0, len(parts), parts, True)

    def _fill_zeros(self, points: dict[tuple[date, str | None], Point]) -> None:
        """BTS's rule since 2017, where a file covers the month and would have the part if it had anything."""
        values: dict[str | None, dict[date, float]] = defaultdict(dict)
        for (when, part), point in points.items():
            if point.value is not None:
                values[part][when] = point.value
        if not values:
            return
        source = next(iter(points.values())).source
        lost = self._hidden()
        for when, part, vintage in self._rows_that_are_not_there(set(values)):
            if when < ZERO_RULE_FROM or (when, part) in points or when < min(values[part]):
                continue
            flag, value = "absent-is-zero", 0.0
            around = [v for month_, v in values[part].items() if abs(_index(month_) - _index(when)) <= 12]
            if lost & {(when, part), (None, part), (when, None)}:
                flag, value = REFUSED, None  # type: ignore[assignment]
            elif around and median(around) > SURELY_NO_ZERO:
                flag, value = "missing", None  # type: ignore[assignment]
            points[when, part] = self._point(when, part, value, source, vintage, flag)

    def _rows_that_are_not_there(self, parts: set[str | None]) -> list[tuple[date, str | None, str]]:
        """(month, part, vintage) where a file that holds the part, or all parts, has other rows of the month alone."""
        by = self.row.by or "NULL"
        border = _condition({k: v for k, v in self.feed.filter.items() if k == "border"}, self.columns)
        of_measure: dict[tuple[str, date], set[str | None]] = defaultdict(set)
        held: dict[str, set[str | None]] = defaultdict(set)
        vintages: dict[tuple[str, date], str] = {}
        with_measure: set[str] = set()
        for file, when, part, fits, vintage in self.con.execute(
            f"SELECT file_sha256, period::DATE, {by}, bool_or({self.taken}), max(vintage) FROM all_rows"
            f" WHERE {border} AND flag IS NULL AND period IS NOT NULL GROUP BY ALL"
        ).fetchall():
            held[file].add(part)
            vintages[file, when] = max(vintage, vintages.get((file, when), ""))
            if fits:
                of_measure[file, when].add(part)
                with_measure.add(file)
        columns = [one for one in columns_that_part(self.dataset) if one.column == self.row.by]
        found = []
        for (file, when), vintage in vintages.items():
            if file not in with_measure:
                continue
            there = of_measure[file, when]
            whole = bool(columns) and not any(shortfall(one, self.feed.filter, when, there) for one in columns)
            found += [(when, part, vintage) for part in parts - there if whole or part in held[file]]
        return found

    def _known_gaps(self, points: list[Point]) -> list[Point]:
        """Take the value from months that a known fault makes a gap."""
        holes = [known for known in faults_of(self.dataset) if known.effect == "missing"]
        out = []
        for point in points:
            for known in holes:
                concerned = words_of(known.where)
                part = point.dimensions.get(self.row.by or "")
                inside = month(known.first) <= point.period <= month(known.last or known.first)
                fits = all(words & self.feed.filter.get(c, words) for c, words in concerned.items())
                empty = not point.value or point.flag == "absent-is-zero"
                if inside and fits and empty and part in concerned.get(self.row.by or "", frozenset()):
                    point = replace(point, value=None, flag="missing")
            out.append(point)
        return out

    def _lost_by_any(self) -> dict[date, list[Shortfall]]:
        """What every sum of a month lacks, that of one part too: demographic groups, chapters, ports of a mode, …"""
        lost: dict[date, list[Shortfall]] = defaultdict(list)
        for column in columns_that_part(self.dataset):
            if column.needs == "any" and column.column != self.row.by and column.column not in self.feed.filter:
                for when, present in self._present(column.column, column.presence).items():
                    if found := shortfall(column, self.feed.filter, when, present):
                        lost[when].append(found)
        return lost

    def _present(self, column: str, presence: str) -> dict[date, set[str | None]]:
        """Month -> the parts of a column that have a row in it (or near it in the same file)."""
        if column not in self.columns:
            return {}
        there: dict[date, set[str | None]] = defaultdict(set)
        for when, part in self.con.execute(
            f"SELECT DISTINCT date_trunc('month', period)::DATE, {column} FROM rows"
            f" WHERE {self.taken} AND flag IS NULL AND period IS NOT NULL"
        ).fetchall():
            there[when].add(part)
        if presence == "month":
            return there
        wide = {name: words for name, words in self.feed.filter.items() if name in ("region", "component")}
        in_file: dict[str, dict[int, set[str | None]]] = defaultdict(lambda: defaultdict(set))
        for file, when, part in self.con.execute(
            f"SELECT DISTINCT file_sha256, period::DATE, {column} FROM all_rows"
            f" WHERE {_condition(wide, self.columns)} AND flag IS NULL AND period IS NOT NULL"
        ).fetchall():
            in_file[file][_index(when)].add(part)
        for months in in_file.values():
            for number in months:
                when = date(number // 12, number % 12 + 1, 1)
                if when in there:
                    near = (months[n] for n in range(number - 6, number + 7) if n in months)
                    there[when] |= set().union(*near)
        return there

    def _with_secondary(self, points: list[Point]) -> list[Point]:
        return [_lacking(point, self.any_lost.get(point.period, [])) if point.whole else point for point in points]

    def _whole(self, points: list[Point]) -> list[Point]:
        """One point a month over all parts, flagged with what it lacks."""
        months: dict[date, list[Point]] = defaultdict(list)
        for point in points:
            months[point.period].append(point)
        means = self._means() if self.row.aggregate == "mean" else {}
        present = {
            one.column: self._present(one.column, one.presence)
            for one in columns_that_part(self.dataset)
            if one.needs == "whole" and (one.column != self.row.by or one.presence == "near")
        }
        found = []
        for when, group in sorted(months.items()):
            known = [point for point in group if point.value is not None]
            if not known:
                continue
            value = means.get(when) if means else sum(point.value or 0.0 for point in known)
            flags = {point.flag for point in known}
            flag = "suspect" if "suspect" in flags else "absent-is-zero" if flags == {"absent-is-zero"} else None
            whole = replace(known[0], dimensions={}, value=value, vintage=max(p.vintage for p in known), flag=flag)
            found.append(_lacking(replace(whole, lacks=None), self._lost(when, group, present)))
        return found

    def _lost(
        self, when: date, group: list[Point], present: Mapping[str, Mapping[date, set[str | None]]]
    ) -> list[Shortfall]:
        by = self.row.by
        lost = list(self.any_lost.get(when, []))
        torn = tuple(sorted(
            point.dimensions.get(by or "", "") for point in group if point.flag in (REFUSED, "incomplete")
        ))  # fmt: skip
        if torn:
            lost.append(self._refused_shortfall(tuple(part for part in torn if part)))
        missing = {point.dimensions.get(by or "") for point in group if point.value is None}
        for column in columns_that_part(self.dataset):
            if column.needs != "whole":
                continue
            there = present.get(column.column, {}).get(when)
            if column.column == by and there is None:
                there = {point.dimensions.get(by) for point in group} - missing
            if there and (short := shortfall(column, self.feed.filter, when, there)):
                lost.append(short)
        return lost

    def _means(self) -> dict[date, float]:
        return dict(
            self.con.execute(
                f"SELECT date_trunc('month', period)::DATE, avg(value) FROM rows WHERE {self.taken}"
                " AND flag IS NULL AND period IS NOT NULL GROUP BY ALL"
            ).fetchall()
        )


def _condition(taken: Mapping[str, frozenset[str]], columns: frozenset[str], loose: bool = False) -> str:
    """SQL of a feed's filter; ``loose`` also takes rows of which a column could not be read."""
    parts = []
    for column, words in taken.items():
        if column not in columns:
            parts.append("true" if words == {"-"} or loose else "false")
        elif words == {"-"}:
            parts.append(f"{column} IS NULL")
        elif words == {"+"}:
            parts.append(f"{column} IS NOT NULL")
        else:
            begins = [f"{column} LIKE {_quoted(word[:-1] + '%')}" for word in sorted(words) if word.endswith("*")]
            same = ", ".join(_quoted(word) for word in sorted(words) if not word.endswith("*"))
            any_of = [*begins, *([f"{column} IN ({same})"] if same else []), *([f"{column} IS NULL"] if loose else [])]
            parts.append(f"({' OR '.join(any_of)})")
    return " AND ".join(parts) or "true"


def _index(when: date) -> int:
    return when.year * 12 + when.month - 1


def _quoted(word: str) -> str:
    return "'" + word.replace("'", "''") + "'"
