"""From a desk of checked rows to what is kept: duplicates, reasons, periods, gaps, known faults."""

from __future__ import annotations

from typing import Any

from borderlab.observe.reading.layout import KnownFault, faults_of
from borderlab.observe.reading.staging import Desk

SAME = "repeats another row"
CONFLICT = "another row has the same key and a higher value"


def settle(desk: Desk) -> dict[str, int]:
    """Settle the rows of the table ``checked`` (line, reason, fixes, period, dimensions, value, …).

    Rows of equal key are settled by keeping the higher value. Leaves the table ``kept``; notes every reason and
    every correction. Returns the counts of the report.
    """
    con = desk.con
    con.execute("CREATE OR REPLACE TEMP TABLE refused AS SELECT line, reason FROM checked WHERE reason IS NOT NULL")
    _settle_duplicates(desk)
    if desk.malformed:
        con.executemany("INSERT INTO refused VALUES (?, ?)", [list(pair) for pair in desk.malformed])
    _note_reasons(desk)
    kept, mended = con.execute("SELECT count(*), count(*) FILTER (fixes <> '') FROM kept").fetchone()
    refused = con.execute("SELECT count(*) FROM refused").fetchone()[0]
    if kept + refused != desk.rows_read:
        raise AssertionError(f"the account does not balance: {desk.rows_read} read, {kept} kept, {refused} refused")
    return {"rows_read": desk.rows_read, "rows_kept": kept, "rows_corrected": mended, "rows_refused": refused}


def _settle_duplicates(desk: Desk) -> None:
    """Refuse all but the highest row of each key that stands more than once; make the view ``kept``."""
    con = desk.con
    names = ["period", *desk.dataset.dimensions]
    key = ", ".join(names)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE doubled AS SELECT {key} FROM checked WHERE reason IS NULL"
        " GROUP BY ALL HAVING count(*) > 1"
    )
    rows = "SELECT * EXCLUDE (reason) FROM checked WHERE reason IS NULL"
    if con.execute("SELECT count(*) FROM doubled").fetchone()[0]:
        same = " AND ".join(f"checked.{name} IS NOT DISTINCT FROM doubled.{name}" for name in names)
        con.execute(
            "CREATE OR REPLACE TEMP TABLE ranked AS SELECT checked.*,"
            f" row_number() OVER (PARTITION BY {_of(names)} ORDER BY value DESC NULLS LAST, line) AS place,"
            f" max(value) OVER (PARTITION BY {_of(names)}) AS top"
            f" FROM checked JOIN doubled ON {same} WHERE reason IS NULL"
        )
        con.execute(
            "INSERT INTO refused SELECT line,"
            f" CASE WHEN value IS NOT DISTINCT FROM top THEN '{SAME}' ELSE '{CONFLICT}' END FROM ranked WHERE place > 1"
        )
        rows += " AND line NOT IN (SELECT line FROM ranked WHERE place > 1)"
    con.execute(f"CREATE OR REPLACE TEMP VIEW kept AS {rows}")


def _of(names: list[str]) -> str:
    return ", ".join(f"checked.{name}" for name in names)


def _note_reasons(desk: Desk) -> None:
    for reason, rows, first in desk.con.execute(
        "SELECT reason, count(*), min(line) FROM refused GROUP BY reason ORDER BY count(*) DESC, reason"
    ).fetchall():
        duplicate = reason in (SAME, CONFLICT)
        what = f"refused: {reason}."
        if duplicate:
            keys = _duplicate_examples(desk)
            what += f" {keys}" if keys else ""
        desk.note("duplicate" if duplicate else "refused", what, rows=rows, first_row=first)
    for fix, rows, first in desk.con.execute(
        "SELECT fix, count(*), min(line) FROM (SELECT line, unnest(string_split(fixes, ';')) AS fix FROM kept"
        " WHERE fixes <> '') GROUP BY fix ORDER BY fix"
    ).fetchall():
        desk.note("corrected", f"{fix}.", rows=rows, first_row=first)


def _duplicate_examples(desk: Desk) -> str:
    dims = [name for name in desk.dataset.dimensions if name != "unit"][:3]
    shown = desk.con.execute(
        f"SELECT DISTINCT strftime(period, '%Y-%m'), concat_ws(' ', {', '.join(dims)}) FROM ranked WHERE place > 1"
        " ORDER BY ALL LIMIT 4"
    ).fetchall()
    return "For example " + "; ".join(f"{key} {month}" for month, key in shown) + "." if shown else ""


def note_periods(desk: Desk) -> tuple[str | None, str | None]:
    """First and last period of the kept rows; notes months that the whole file lacks and strange periods."""
    con = desk.con
    pattern = "%Y-%m" if desk.dataset.period == "month" else "%Y-%m-%dT%H:%M"
    first, last = con.execute(
        f"SELECT strftime(min(period), '{pattern}'), strftime(max(period), '{pattern}') FROM kept"
    ).fetchone()
    if desk.dataset.period == "month" and first:
        for start, end, months in month_gaps(con, "kept"):
            desk.note(
                "gap", f"no row at all for {months} months, {start} to {end}.", first_period=start, last_period=end
            )
    odd = con.execute(
        "SELECT count(*), min(line), strftime(min(period), '%Y-%m'), strftime(max(period), '%Y-%m') FROM kept"
        " WHERE period > today() + INTERVAL 1 DAY OR period < DATE '1960-01-01'"
    ).fetchone()
    if odd[0]:
        desk.note(
            "period",
            "periods that lie in the future or before 1960.",
            rows=odd[0],
            first_row=odd[1],
            first_period=odd[2],
            last_period=odd[3],
        )
    return first, last


def month_gaps(con: Any, source: str) -> list[tuple[str, str, int]]:
    """Runs of months between the first and the last of ``source`` in which it has no row: (first, last, months)."""
    return con.execute(
        f"""
        WITH have AS (SELECT DISTINCT period::DATE AS month FROM {source}),
             next AS (SELECT month, lead(month) OVER (ORDER BY month) AS following FROM have)
        SELECT strftime(month + INTERVAL 1 MONTH, '%Y-%m'), strftime(following - INTERVAL 1 MONTH, '%Y-%m'),
               datediff('month', month, following) - 1
        FROM next WHERE datediff('month', month, following) > 1 ORDER BY month
        """
    ).fetchall()


def fault_condition(known: KnownFault, columns: frozenset[str] | None = None) -> str:
    """SQL that is true for the rows a known fault touches (``columns``: those that there are)."""
    parts = [f"period >= DATE '{known.first}-01'"]
    if known.last:
        parts.append(f"period < DATE '{known.last}-01' + INTERVAL 1 MONTH")
    for pair in filter(None, (known.where or "").split(";")):
        column, values = pair.split("=")
        if columns is not None and column not in columns:
            return "false"
        words = ", ".join("'" + value.replace("'", "''") + "'" for value in values.split("|"))
        parts.append(f"{column} IN ({words})")
    return " AND ".join(parts)


def note_known_faults(desk: Desk) -> None:
    """Note the known faults of the data set that the kept rows (or the months they should fill) have."""
    for known in faults_of(desk.dataset.id):
        if known.effect == "missing":
            months = known.first, known.last or known.first
            covered = desk.con.execute(
                "SELECT count(*) FROM kept WHERE strftime(period, '%Y-%m') BETWEEN ? AND ?", list(months)
            ).fetchone()[0]
            present = desk.con.execute(
                f"SELECT count(*) FROM kept WHERE {fault_condition(known)} AND value > 0"
            ).fetchone()[0]
            if covered and not present:
                desk.note("known-fault", f"{known.what_en}.", first_period=months[0], last_period=months[1])
            continue
        rows, first, last, line = desk.con.execute(
            "SELECT count(*), strftime(min(period), '%Y-%m'), strftime(max(period), '%Y-%m'), min(line) FROM kept"
            f" WHERE {fault_condition(known)}"
        ).fetchone()
        if rows:
            desk.note(
                "known-fault" if known.effect == "suspect" else "note",
                f"{known.what_en}.",
                rows=rows,
                first_row=line,
                first_period=first,
                last_period=last,
            )
