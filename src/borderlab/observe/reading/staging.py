"""The desk on which a file is sorted: rows in, each of them kept, corrected or refused with a reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from borderlab.observe.reading.layout import Dataset, columns_of, datasets, fold, labels_of
from borderlab.observe.reading.rawfile import Head, Unpacked, fault
from borderlab.observe.reading.recognise import Recognised
from borderlab.observe.reading.report import Anomaly

# Numbers as the files write them: plain, or with thousands commas. Anything else is no number.
_MACROS = r"""
CREATE OR REPLACE TEMP MACRO as_number(s) AS CASE
    WHEN length(s) BETWEEN 1 AND 15 AND ltrim(s, '0123456789') = '' THEN CAST(s AS DOUBLE)  -- most are plain: fast
    WHEN regexp_full_match(trim(s), '-?\d+(\.\d*)?([eE][+-]?\d{1,2})?') THEN TRY_CAST(trim(s) AS DOUBLE)
    WHEN regexp_full_match(trim(s), '-?\d{1,3}(,\d{3})+(\.\d*)?') THEN TRY_CAST(replace(trim(s), ',', '') AS DOUBLE)
END;
CREATE OR REPLACE TEMP MACRO number_fault(s, v, whole) AS CASE
    WHEN isfinite(v) AND v >= 0 AND (NOT whole OR v = floor(v)) THEN NULL
    WHEN s IS NULL OR trim(s) = '' THEN 'no value'
    WHEN v IS NULL OR NOT isfinite(v) THEN 'the value is not a number'
    WHEN v < 0 THEN 'the value is negative'
    WHEN whole AND v <> floor(v) THEN 'the value is not a whole number'
END;
CREATE OR REPLACE TEMP MACRO comma_fix(s) AS
    CASE WHEN contains(s, ',') THEN 'thousands commas removed from the value' END;
CREATE OR REPLACE TEMP MACRO text_of(s) AS NULLIF(trim(regexp_replace(s, '\s+', ' ', 'g')), '');
"""


@dataclass
class Desk:
    """One file being sorted.

    Attributes:
        con: an own in-memory DuckDB connection.
        dataset: what it is.
        columns: our columns that the file has.
        rows_read: data rows of the file, malformed ones included.
        anomalies: gathered so far.
    """

    con: Any
    dataset: Dataset
    columns: frozenset[str]
    rows_read: int = 0
    malformed: list[tuple[int, str]] = field(default_factory=list)
    anomalies: list[Anomaly] = field(default_factory=list)

    def note(self, kind: str, what: str, **more: Any) -> None:
        """Add an anomaly."""
        self.anomalies.append(Anomaly(kind=kind, what=what, **more))

    def translate(self, name: str, sources: tuple[str, ...], read: Callable[..., Any], sql_type: str) -> None:
        """Make the table ``m_<name>``: each distinct content of ``sources`` with what ``read`` makes of it.

        Reading distinct contents alone keeps the parsers in plain Python, where they can be tested, and a file of
        a million rows fast.
        """
        asked = ", ".join(sources)
        rows = self.con.execute(f"SELECT DISTINCT {asked} FROM raw").fetchall()
        made = [read(*row) for row in rows]
        names = [f"k{place}" for place in range(len(sources))]
        self.con.execute(
            f"CREATE OR REPLACE TEMP TABLE m_{name} AS SELECT "
            + ", ".join(f"unnest($k{place}::VARCHAR[]) AS {names[place]}" for place in range(len(sources)))
            + f", unnest($made::{sql_type}[]) AS ours",
            {**{f"k{place}": [row[place] for row in rows] for place in range(len(sources))}, "made": made},
        )

    def join(self, name: str, *sources: str) -> str:
        """The join clause that goes with :meth:`translate`."""
        on = " AND ".join(f"raw.{source} IS NOT DISTINCT FROM m_{name}.k{p}" for p, source in enumerate(sources))
        return f"LEFT JOIN m_{name} ON {on}"

    def label(self, column: str) -> str:
        """Make ``m_<column>`` from the label table; returns the join clause.

        ``ours`` is our word, ``changed`` whether that is a correction. A word that the table does not have stays as
        it is in an open column (and is reported) and is NULL in a closed one.
        """
        known = labels_of(self.dataset.id, column)
        closed = any(c.column == column and c.values == "closed" for c in columns_of(self.dataset.id))
        words = [row[0] for row in self.con.execute(f"SELECT DISTINCT {column} FROM raw").fetchall()]
        ours: list[str | None] = []
        changed: list[bool] = []
        new: list[str] = []
        for word in words:
            found = known.get(fold(word)) if word else None
            if found:
                ours.append(found.ours)
                changed.append(found.changed == "yes")
            else:
                plain = " ".join(word.split()) if word else None
                ours.append(None if closed else plain)
                changed.append(False)
                if plain and not closed and known:
                    new.append(plain)
        self.con.execute(
            f"CREATE OR REPLACE TEMP TABLE m_{column} AS SELECT unnest($a::VARCHAR[]) AS k0,"
            " unnest($b::VARCHAR[]) AS ours, unnest($c::BOOLEAN[]) AS changed",
            {"a": words, "b": ours, "c": changed},
        )
        if new and column not in ("port_name", "area", "citizenship"):
            self.note("new-label", f"{column}: not seen before, kept as published: {', '.join(sorted(new)[:8])}.")
        return self.join(column, column)


def prepare(con: Any) -> None:
    """Make the number macros known to a connection."""
    con.execute(_MACROS)


def lay(con: Any, head: Head, found: Recognised, unpacked: Unpacked) -> Desk:
    """Put a table's rows on the desk, as text, in the table ``raw`` (``line`` counts rows from 1).

    Raises:
        InputError: a quotation mark that never closes, or no row at all.
    """
    dataset = datasets()[found.dataset]
    have = frozenset(name for name in found.columns if name)
    desk = Desk(con, dataset, have)
    prepare(con)
    if unpacked.decoded_lines:
        desk.note(
            "encoding", f"the file was {unpacked.encoding}, not UTF-8; it was decoded.", rows=unpacked.decoded_lines
        )
    fields = {f"c{place}": "VARCHAR" for place in range(len(found.headings))}
    chosen = [f"c{place} AS {name}" for place, name in enumerate(found.columns) if name]
    absent = [
        f"NULL::VARCHAR AS {c.column}" for c in columns_of(dataset.id) if c.need != "note" and c.column not in have
    ]
    con.execute(
        "CREATE OR REPLACE TEMP TABLE raw AS SELECT row_number() OVER () AS line, "
        + ", ".join([*chosen, *absent])
        + " FROM read_csv($file, auto_detect=false, header=false, skip=1, delim=$delim, quote='\"', escape='\"',"
        " new_line='\\n', columns=$fields, store_rejects=true, strict_mode=true)".replace("$fields", str(fields)),
        {"file": str(unpacked.text), "delim": found.delimiter},
    )
    bad = con.execute(
        "SELECT line, any_value(error_type::VARCHAR) FROM reject_errors GROUP BY line ORDER BY line"
    ).fetchall()
    desk.malformed = [(line, _malformed(kind)) for line, kind in bad]
    good = con.execute("SELECT count(*) FROM raw").fetchone()[0]
    desk.rows_read = good + len(bad)
    expected = unpacked.lines - 1
    if desk.rows_read != expected:
        broken = con.execute(
            "SELECT min(line) FROM raw WHERE " + " OR ".join(f"contains({name}, chr(10))" for name in sorted(have))
        ).fetchone()[0]
        raise fault(
            head.path,
            f"has {expected} rows below the headings, but {desk.rows_read} can be told apart: "
            "a quotation mark is not closed or a line is far too long.",
            "Fetch the file again.",
            (broken or (bad[0][0] if bad else 0)) + 1,
        )
    if good == 0:
        raise fault(head.path, "has headings but no rows that can be read.", "Fetch it again.")
    unused = [
        h for h, c in zip(found.headings, found.columns, strict=True) if c is None and not _expected(dataset.id, h)
    ]
    if unused:
        desk.note("columns", f"columns not known, not read: {', '.join(unused[:10])}.")
    return desk


def _malformed(kind: str) -> str:
    if "COLUMNS" in kind:
        return "another number of cells than the headings"
    return {"LINE SIZE OVER MAXIMUM": "the line is too long"}.get(kind, "a quotation mark is out of place")


def _expected(dataset: str, heading: str) -> bool:
    return any(fold(heading) in column.headings for column in columns_of(dataset))


__all__ = ["Desk", "lay", "prepare"]
