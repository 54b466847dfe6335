"""What the store and the shipped tables hold, for lists and tables that people read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from borderlab.base.problems import InputError, Problem, nearest
from borderlab.observe.reading.layout import datasets
from borderlab.observe.series.breaks import breaks_of_dataset
from borderlab.observe.series.indicator import official, officials
from borderlab.observe.series.series import MOST_NAMED, Series, check_period, definition, definitions, load_series
from borderlab.observe.store.store import Store

MOST_ROWS = 200_000


def inventory(store: Store | None = None) -> dict[str, Any]:
    """Data sets with their imports, and series with what they span (for ``data list --json``)."""
    store = store or Store()
    return {
        "data_directory": str(store.home),
        "datasets": [
            {
                "id": row.id,
                "title": row.title_en,
                "unit": row.unit,
                "source": row.source,
                "imports": [
                    {
                        "file": part.report.file,
                        "vintage": part.report.vintage,
                        "imported_at": part.imported_at,
                        "rows": part.report.rows_kept,
                        "first_period": part.report.first_period,
                        "last_period": part.report.last_period,
                        "file_sha256": part.report.file_sha256,
                    }
                    for part in store.parts(row.id)
                ],
            }
            for row in datasets().values()
        ],
        "series": [_series_row(name, store) for name in definitions()],
    }


def _series_row(name: str, store: Store) -> dict[str, Any]:
    row = definition(name)
    every = load_series(name, store=store).points
    found = [point for point in every if point.whole]
    return {
        "id": name,
        "title": row.title_en,
        "unit": row.unit,
        "by": row.by,
        "first_period": f"{found[0].period:%Y-%m}" if found else None,
        "last_period": f"{found[-1].period:%Y-%m}" if found else None,
        "points": len(found),
        "incomplete": sum(point.flag == "incomplete" for point in every),
        "indicators": [official.indicator for official in officials().values() if official.series == name],
    }


def inventory_lines(store: Store | None = None) -> list[str]:
    """The same for people."""
    found = inventory(store)
    out = [f"data directory: {found['data_directory']}", "", "imported data sets"]
    for row in found["datasets"]:
        for part in row["imports"]:
            span = f"{part['first_period']} to {part['last_period']}"
            out.append(f"  {row['id']:<20} vintage {part['vintage']}  {span:<36} {part['rows']:>9,} rows")
    if not any(row["imports"] for row in found["datasets"]):
        out.append("  none yet; the series below stand on the official figures that ship")
    out += ["", "series"]
    for row in found["series"]:
        some = "some parts only" if row["incomplete"] else "nothing imported"
        span = f"{row['first_period']} to {row['last_period']}" if row["points"] else some
        out.append(f"  {row['id']:<34} {span:<20} {row['title']} ({row['unit']})")
    return out


def shown(
    name: str,
    first: date | None,
    last: date | None,
    parts: bool,
    where: Mapping[str, str],
    store: Store | None = None,
) -> dict[str, Any]:
    """A series, an indicator's series or the rows of a data set (for ``data show --json``).

    Raises:
        InputError: there is nothing of that name.
    """
    store = store or Store()
    check_period(first, last)
    if name in datasets():
        return _dataset_rows(name, first, last, where, store)
    if name in officials() and name not in definitions() and not where and not parts:
        return _as_shown(official(name, first, last, store), lambda: official(name, store=store), first, last)
    return _as_shown(
        load_series(name, first, last, parts=parts, where=where, store=store),
        lambda: load_series(name, parts=parts, where=where, store=store),
        first,
        last,
    )


def indicator_shown(name: str, first: date | None, last: date | None, store: Store | None = None) -> dict[str, Any]:
    """The official series of an indicator with what must be known about it (for ``indicators value --json``)."""
    check_period(first, last)
    found = _as_shown(official(name, first, last, store), lambda: official(name, store=store), first, last)
    row = officials().get(name)
    if row:
        found |= {"official_series": row.series, "match": row.match, "differs": row.differs_en}
    return found


def _as_shown(series: Series, whole: Callable[[], Series], first: date | None, last: date | None) -> dict[str, Any]:
    found: dict[str, Any] = {
        "series": series.id,
        "title": series.title_en,
        "title_es": series.title_es,
        "unit": series.unit,
        "every": definition(officials()[series.id].series if series.id in officials() else series.id).every,
        "rows": [point.json_ready() for point in series.points],
    }
    return found if series.points else found | {"why_empty": why_empty(whole(), first, last)}


def why_empty(whole: Series, first: date | None, last: date | None) -> str:
    """Why no month between ``first`` and ``last`` has a value; ``whole`` is the series over all time."""
    months = sorted({point.period for point in whole.points})
    if not months:
        return "nothing that is here holds figures of it; 'borderlab data import FILE' takes them in"
    if first and first > months[-1]:
        return f"the series ends in {months[-1]:%Y-%m}"
    if last and last < months[0]:
        return f"the series begins in {months[0]:%Y-%m}"
    before = max((month for month in months if first and month < first), default=None)
    after = min((month for month in months if last and month > last), default=None)
    if before and after:
        around = f"there are values to {before:%Y-%m} and from {after:%Y-%m}"
        return f"a gap: nothing that is here covers these months; {around}"
    return "nothing that is here covers these months"


def _dataset_rows(
    name: str, first: date | None, last: date | None, where: Mapping[str, str], store: Store
) -> dict[str, Any]:
    import duckdb

    dataset = datasets()[name]
    rows = store.newest(name)
    if rows is None:
        raise InputError(f"nothing of {name} was imported yet; 'borderlab data import FILE' does it.")
    con = duckdb.connect()
    con.execute(f"CREATE TEMP VIEW rows AS {rows}")
    columns = [column for column, *_ in con.execute("DESCRIBE rows").fetchall()]
    conditions, values = ["true"], []
    for column, value in where.items():
        if column not in columns:
            raise InputError(f"{name} has no column '{column}'; it has {', '.join(columns)}.")
        words = [word.strip() for word in value.split("|") if word.strip()]
        there = {str(row[0]) for row in con.execute(f"SELECT DISTINCT {column} FROM rows").fetchall()}
        for word in words:
            if word not in there:
                raise InputError(
                    Problem(
                        f"{name} has no {column} '{word}'.",
                        did_you_mean=nearest(word, there),
                        cure=f"It has: {', '.join(sorted(there)[:MOST_NAMED])}.",
                    )
                )
        conditions.append(f"{column}::VARCHAR IN ({', '.join('?' for _ in words)})")
        values += words
    if first:
        conditions.append("period >= ?")
        values.append(first.isoformat())
    if last:
        conditions.append("period < ?::DATE + INTERVAL 1 MONTH")
        values.append(last.isoformat())
    own = {"period", "value", "unit", "source", "vintage", "file_sha256", "imported_at", "line", "flag"}
    dims = [column for column in columns if column not in own]
    pattern = "%Y-%m" if dataset.period == "month" else "%Y-%m-%dT%H:%M"
    found = con.execute(
        f"SELECT strftime(period, '{pattern}'), value, unit, source, vintage, file_sha256, flag, {', '.join(dims)}"
        f" FROM rows WHERE period IS NOT NULL AND {' AND '.join(conditions)}"
        f" ORDER BY period, {', '.join(dims)} LIMIT {MOST_ROWS + 1}",
        values,
    ).fetchall()
    con.close()
    if len(found) > MOST_ROWS:
        raise InputError(f"{name} has more than {MOST_ROWS:,} such rows; narrow them with --where, --from and --to.")
    out: dict[str, Any] = {
        "series": name,
        "title": dataset.title_en,
        "title_es": dataset.title_es,
        "unit": dataset.unit,
        "rows": [
            {
                "period": row[0],
                "dimensions": {key: value for key, value in zip(dims, row[7:], strict=True) if value is not None},
                "value": row[1],
                "unit": row[2],
                "source": row[3],
                "vintage": row[4],
                "file_sha256": row[5],
            }
            | ({"flag": row[6]} if row[6] else {})
            for row in found
        ],
        "breaks": [one.json_ready() for one in breaks_of_dataset(name)],
    }
    return out if found else out | {"why_empty": "no imported row is of these months and parts"}


def _value(value: float | None) -> str:
    if value is None:
        return "no reading"
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 10_000 else f"{value:,.2f}"


def shown_lines(found: dict[str, Any], most: int = 400) -> list[str]:
    """A shown series for people; long ones end with how many rows are left."""
    out = [f"{found['title']} ({found['unit']})"]
    if found.get("every") == "year":
        out.append("note: published once a year; each value stands at the end of its year")
    if found.get("differs"):
        out.append(f"note: {found['differs']}")
    for row in found["rows"][:most]:
        value = _value(row["value"])
        parts = " ".join(str(word) for word in row["dimensions"].values())
        for one in row.get("breaks", ()):
            out.append(f"{'':<16} {'':>16}  from here on: {one['what']}")
        out.append(
            f"{row['period']:<16} {value:>16}  {parts:<40} {row['source']}, {row['vintage']}{_flag(row)}".rstrip()
        )
        if part := row.get("passed_over"):
            held = f"{_value(part['value'])} from {_held(part['lacks'])}"
            out.append(f"{'':<16} {'':>16}  imported, vintage {part['vintage']}: {held}; not the whole")
    if len(found["rows"]) > most:
        out.append(f"… {len(found['rows']) - most:,} more rows; narrow with --from, --to, --where, or use --json")
    if not found["rows"]:
        out.append(f"no values: {found['why_empty']}")
    elif "breaks" in found:
        for one in found["breaks"]:
            of = f" ({', '.join(one['parts'])})" if one["parts"] else ""
            out.append(f"break in {one['first_period']}{of}: {one['what']}")
    return out


def _flag(row: Mapping[str, Any]) -> str:
    flag, lacks = row.get("flag"), row.get("lacks")
    if not flag:
        return ""
    if lacks and lacks.get("refused"):
        return f"  [{flag}: {_refused(lacks['missing'])}]"
    return f"  [{flag}: {_held(lacks)}{_missing(lacks['missing'])}]" if lacks else f"  [{flag}]"


def _refused(parts: list[str]) -> str:
    return f"values were refused ({', '.join(parts)})" if parts else "values were refused"


def _held(lacks: Mapping[str, Any]) -> str:
    return f"{lacks['held']} of {lacks['of']} {lacks['parts']}"


def _missing(parts: list[str], most: int = 6) -> str:
    if not parts:
        return ""
    return f"; lacks {', '.join(parts[:most])}{', …' if len(parts) > most else ''}"
