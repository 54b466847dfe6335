"""From a desk of checked rows to what is kept: duplicates, reasons, periods, gaps, known faults."""

from __future__ import annotations

from typing import Any

from borderlab.observe.reading.layout import KnownFault, faults_of
from borderlab.observe.reading.staging import Desk

SAME = "repeats another row"
CONFLICT = "another row has the same key and a higher value"
NO_READING = "no reading"  # of a wait: nothing was measured, so that nothing is lost


def settle(desk: Desk) -> dict[str, int]:
    """Settle the rows of the table ``checked`` (line, reason, fixes, period, dimensions, value, …).

    Rows of equal key are settled by keeping the higher value. Leaves the table ``kept``; notes every reason and
    every correction. Returns the counts of the report.
    """
    con = desk.con
    if desk.malformed:
        pairs = [[reason, line] for line, reason in desk.malformed.items()]
        con.executemany("UPDATE checked SET reason = ? WHERE line = ?", pairs)
    con.execute("CREATE OR REPLACE TEMP TABLE refused AS SELECT line, reason FROM checked WHERE reason IS NOT NULL")
    _settle_duplicates(desk)
    _note_reasons(desk)
    _make_holes(desk)
    kept, mended = con.execute("SELECT count(*), count(*) FILTER (fixes <> '') FROM kept").fetchone()
    refused = con.execute("SELECT count(*) FROM refused").fetchone()[0]
    if kept + refused != desk.rows_read:
        raise AssertionError(f"the account does not balance: {desk.rows_read} read, {kept} kept, {refused} refused")
    return {"rows_read": desk.rows_read, "rows_kept": kept, "rows_corrected": mended, "rows_refused": refused}


def _make_holes(desk: Desk) -> None:
    """Make the table ``holes``: keys of refused rows that no kept row has.

    A row that stands in the file and cannot be read is a gap; only a row that is not there may be a zero.
    """
    names = ["period", *desk.dataset.dimensions]
    same = " AND ".join(f"kept.{name} IS NOT DISTINCT FROM checked.{name}" for name in names)
    keyed = " OR ".join(f"{name} IS NOT NULL" for name in names if name not in desk.constant)
    desk.con.execute(
        "CREATE OR REPLACE TEMP TABLE holes AS SELECT DISTINCT * EXCLUDE (line, reason, fixes)"
        " REPLACE (NULL::DOUBLE AS value) FROM checked WHERE reason IS NOT NULL AND reason <> ?"
        f" AND ({keyed}) AND NOT EXISTS (SELECT 1 FROM kept WHERE {same})",
        [NO_READING],
    )


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


# Which columns a reason is about, so that a refusal can show the first text that it met.
_ABOUT = {
    "the date is not a month": ("date", "year"),
    "the fiscal year and month name no month": ("fiscal_year", "month"),
    "the year and month name no month": ("year", "month"),
    "the year is not a year": ("year",),
    "the port code is not a number of up to four digits": ("port_code",),
    "the measure is not known": ("measure",),
    "the mode is not known": ("measure",),
    "the border is not known": ("border",),
    "the trade type is neither 1 (export) nor 2 (import)": ("trade",),
    "the mode of transport is not known": ("mode",),
    "the country is neither Mexico (2010) nor Canada (1220)": ("country",),
    "month grouping is not FYTD or Remaining": ("month_grouping",),
    "no region": ("region",),
    "no region or component": ("region", "component"),
    "no drug": ("drug",),
    "no crossing": ("crossing",),
    "the time of the reading is not understood": ("observed",),
    "no number of a crossing": ("port_number",),
    "the lane class is not known": ("lane",),
    "the sector is not one of the nine of the Southwest": ("sector",),
    "no code of a state": ("state_code",),
    "a month holds something that is no whole number": tuple(f"m{month:02d}" for month in range(1, 13)),
}


def first_offence(desk: Desk, reason: str, row: int) -> str:
    """The text that a row was first refused for, with its line in the file: ``'1-Jan-19' in line 2``."""
    about = _ABOUT.get(reason) or (("events",) if "count of events" in reason else ("value",))
    texts = [] if row < 0 else [f"'{_shown(text)}'" for text in desk.cells(row, about)]
    line = desk.line_of(row)
    return " ".join([*texts, *([f"in line {line}" if texts else f"line {line}"] if line else [])])


def _shown(text: str) -> str:
    plain = "".join(letter if letter.isprintable() else "·" for letter in text[:40])
    return plain + ("…" if len(text) > 40 else "")


def _note_reasons(desk: Desk) -> None:
    for reason, rows, first in desk.con.execute(
        "SELECT reason, count(*), coalesce(min(line) FILTER (line > 0), max(line)) FROM refused GROUP BY reason"
        " ORDER BY count(*) DESC, reason"
    ).fetchall():
        duplicate = reason in (SAME, CONFLICT)
        what = f"refused: {reason}."
        if duplicate:
            keys = _duplicate_examples(desk)
            what += f" {keys}" if keys else ""
        elif reason != NO_READING and (where := first_offence(desk, reason, first)):
            what += f" First: {where}."
        desk.note("duplicate" if duplicate else "refused", what, rows=rows, first_row=abs(first))
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
