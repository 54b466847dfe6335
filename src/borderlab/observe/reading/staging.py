"""The desk on which a file is sorted: rows in, each of them kept, corrected or refused with a reason."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from borderlab.observe.reading.layout import Dataset, FileColumn, columns_of, datasets, fold, labels_of
from borderlab.observe.reading.numerals import ColumnOfNumbers, Mark, Undecided, correction, decide, read_cell
from borderlab.observe.reading.rawfile import Head, Unpacked, fault
from borderlab.observe.reading.recognise import Recognised
from borderlab.observe.reading.report import Anomaly

# Numbers in plain digits, as :func:`_settle_numbers` leaves them. Anything else is no number.
_MACROS = r"""
CREATE OR REPLACE TEMP MACRO as_number(s) AS CASE
    WHEN length(s) BETWEEN 1 AND 15 AND ltrim(s, '0123456789') = '' THEN CAST(s AS DOUBLE)  -- most are plain: fast
    WHEN regexp_full_match(trim(s), '-?\d+(\.\d*)?([eE][+-]?\d{1,2})?') THEN TRY_CAST(trim(s) AS DOUBLE)
END;
CREATE OR REPLACE TEMP MACRO number_fault(s, v, whole) AS CASE
    WHEN isfinite(v) AND v >= 0 AND (NOT whole OR v = floor(v)) THEN NULL
    WHEN s IS NULL OR trim(s) = '' THEN 'no value'
    WHEN v IS NULL OR NOT isfinite(v) THEN 'the value is not a number'
    WHEN v < 0 THEN 'the value is negative'
    WHEN whole AND v <> floor(v) THEN 'the value is not a whole number'
END;
CREATE OR REPLACE TEMP MACRO text_of(s) AS NULLIF(trim(regexp_replace(s, '\s+', ' ', 'g')), '');
CREATE OR REPLACE TEMP MACRO code_of(s) AS regexp_replace(trim(s), '\.0+$', '');  -- pandas makes 5.0 of a code 5
"""
_INDEXES = frozenset({"", "x", "index", "rownames", "rowname", "1", "unnamed0", "unnamed1"})


@dataclass
class Desk:
    """One file being sorted.

    Attributes:
        con: an own in-memory DuckDB connection.
        dataset: what it is.
        columns: our columns that the file has.
        rows_read: data rows of the file, malformed ones included.
        malformed: row -> reason, of rows that could not be told into cells; they stand on the desk with a negative
            row, minus the line that DuckDB counts, and with the cells that are likeliest theirs.
        constant: key columns that are the same in every row of the file, so that they tell nothing of one.
        anomalies: gathered so far.
        name: what the file is called in messages.
        text: the working copy of the file, headings first; None where there is none.
        above: lines of the file above the headings.
        headings: how many cells a row has.
        delimiter: between them.
    """

    con: Any
    dataset: Dataset
    columns: frozenset[str]
    rows_read: int = 0
    malformed: dict[int, str] = field(default_factory=dict)
    constant: frozenset[str] = frozenset()
    anomalies: list[Anomaly] = field(default_factory=list)
    name: str = ""
    text: Path | None = None
    above: int = 0
    headings: int = 0
    delimiter: str = ","

    def note(self, kind: str, what: str, **more: Any) -> None:
        """Add an anomaly."""
        self.anomalies.append(Anomaly(kind=kind, what=what, **more))

    def distinct(self, *columns: str) -> list[tuple[str | None, ...]]:
        """The distinct contents of columns."""
        return self.con.execute(f"SELECT DISTINCT {', '.join(columns)} FROM raw").fetchall()

    def translate(self, name: str, sources: tuple[str, ...], read: Callable[..., Any], sql_type: str) -> None:
        """Make the table ``m_<name>``: each distinct content of ``sources`` with what ``read`` makes of it.

        Reading distinct contents alone keeps the parsers in plain Python, where they can be tested, and a file of
        a million rows fast.
        """
        rows = self.distinct(*sources)
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
        words = [row[0] for row in self.distinct(column)]
        ours: list[str | None] = []
        changed: list[bool] = []
        new: list[str] = []
        for word in words:
            found = (known.get(fold(word)) or known.get(fold(_code(word)))) if word else None
            if found:
                ours.append(found.ours)
                changed.append(found.changed == "yes")
            else:
                plain = " ".join(word.split()) or None if word else None
                ours.append(None if closed else plain)
                changed.append(False)
                if plain and not closed and known:
                    new.append(plain)
        self.con.execute(
            f"CREATE OR REPLACE TEMP TABLE m_{column} AS SELECT unnest($a::VARCHAR[]) AS k0,"
            " unnest($b::VARCHAR[]) AS ours, unnest($c::BOOLEAN[]) AS changed",
            {"a": words, "b": ours, "c": changed},
        )
        if new and column not in _MANY_WORDS:
            self.note("new-label", f"{column}: not seen before, kept as published: {', '.join(sorted(new)[:8])}.")
        return self.join(column, column)

    def cells(self, row: int, columns: Iterable[str]) -> list[str]:
        """What stands in some columns of a row, as written."""
        names = [name for name in columns if name in self.columns]
        if not names:
            return []
        wanted = ", ".join(f"coalesce(written_{name}, {name})" if name in self.written else name for name in names)
        found = self.con.execute(f"SELECT {wanted} FROM raw WHERE line = ?", [row]).fetchone() or ()
        return [str(cell) for cell in found if cell is not None]

    @property
    def written(self) -> frozenset[str]:
        """Columns of numbers whose text was made plain, so that it is kept beside."""
        return frozenset(c.column for c in number_columns(self.dataset.id) if c.column in self.columns)

    def line_of(self, row: int) -> int | None:
        """The line of the file in which a row begins (1 = the first); None where the file has no lines."""
        if self.text is None:
            return None
        with self.text.open(encoding="utf-8", newline="") as handle:
            reader = csv.reader(handle, delimiter=self.delimiter)
            good, before = 0, 0
            try:
                for number, cells in enumerate(reader):
                    if number and cells:
                        good += len(cells) == self.headings
                        if (row > 0 and good == row) or (row < 0 and -row <= reader.line_num):
                            return before + 1 + self.above
                    before = reader.line_num
            except csv.Error:
                return None
        return None


_MANY_WORDS = ("port_name", "area", "citizenship", "state", "crime", "crime_kind", "manner", "encounter_type")


def _code(word: str) -> str:
    """``5`` of ``5.0`` and of ``05``."""
    plain = word.strip().removesuffix(".0")
    return plain.lstrip("0") or plain if plain.isdecimal() else plain


def number_columns(dataset: str) -> tuple[FileColumn, ...]:
    """The columns of a data set that hold numbers."""
    return tuple(column for column in columns_of(dataset) if column.values in ("count", "amount"))


def prepare(con: Any) -> None:
    """Make the number macros known to a connection."""
    con.execute(_MACROS)


def lay(con: Any, head: Head, found: Recognised, unpacked: Unpacked) -> Desk:
    """Put a table's rows on the desk, as text, in the table ``raw`` (``line`` counts rows from 1).

    Columns of numbers are made plain digits; the text as written stays beside them in ``written_<column>``, and
    ``fix_<column>`` says what was mended.

    Raises:
        InputError: a quotation mark that never closes, no row at all, or numbers that may mean two things.
    """
    dataset = datasets()[found.dataset]
    have = frozenset(name for name in found.columns if name)
    desk = Desk(
        con, dataset, have, name=head.path, text=unpacked.text, above=found.above, headings=len(found.headings),
        delimiter=found.delimiter,
    )  # fmt: skip
    prepare(con)
    if unpacked.decoded_lines:
        desk.note(
            "encoding", f"the file was {unpacked.encoding}, not UTF-8; it was decoded.", rows=unpacked.decoded_lines
        )
    if found.above:
        desk.note("note", f"{found.above} lines above the headings were passed over.")
    _read_rows(desk, head, found, unpacked)
    unused = [
        h
        for h, c in zip(found.headings, found.columns, strict=True)
        if c is None and not _expected(dataset.id, h) and fold(h) not in _INDEXES
    ]
    if unused:
        desk.note("columns", f"columns not known, not read: {', '.join(unused[:10])}.")
    _settle_numbers(desk, head)
    return desk


def _read_rows(desk: Desk, head: Head, found: Recognised, unpacked: Unpacked) -> None:
    con, dataset, have = desk.con, desk.dataset, desk.columns
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
        "SELECT line, any_value(error_type::VARCHAR), any_value(csv_line) FROM reject_errors GROUP BY line"
        " ORDER BY line"
    ).fetchall()
    good = con.execute("SELECT count(*) FROM raw").fetchone()[0]
    desk.rows_read = good + len(bad)
    expected = unpacked.lines - 1
    if desk.rows_read != expected and desk.rows_read != _records(unpacked.text, found.delimiter):
        broken = con.execute(
            "SELECT min(line) FROM raw WHERE " + " OR ".join(f"contains({name}, chr(10))" for name in sorted(have))
        ).fetchone()[0]
        raise fault(
            head.path,
            f"has {expected} rows below the headings, but {desk.rows_read} can be told apart: "
            "a quotation mark is not closed or a line is far too long.",
            "Fetch the file again.",
            (broken or (bad[0][0] if bad else 0)) + 1 + found.above,
        )
    if good == 0:
        raise fault(head.path, "has headings but no rows that can be read.", "Fetch it again.")
    _take_out_blank_rows(desk)
    desk.malformed = {-line: _malformed(kind) for line, kind, _ in bad}
    _add_malformed(desk, found, [(-line, text) for line, _, text in bad])


def _records(text: Path, delimiter: str) -> int | None:
    """Rows below the headings where cells hold line ends; None if a quotation mark is not closed."""
    try:
        with text.open(encoding="utf-8", newline="") as handle:
            return sum(bool(cells) for cells in csv.reader(handle, delimiter=delimiter, strict=True)) - 1
    except csv.Error:
        return None


def _take_out_blank_rows(desk: Desk) -> None:
    """Rows of empty cells, as spreadsheets leave them below a table, are no rows."""
    empty = " AND ".join(f"trim(coalesce({name}, '')) = ''" for name in sorted(desk.columns))
    rows = desk.con.execute(f"SELECT count(*) FROM raw WHERE {empty}").fetchone()[0]
    if rows and rows < desk.rows_read:
        desk.con.execute(f"DELETE FROM raw WHERE {empty}")
        desk.rows_read -= rows
        desk.note("note", "rows of empty cells were passed over.", rows=rows)


def _add_malformed(desk: Desk, found: Recognised, bad: list[tuple[int, str]]) -> None:
    """Lay rows with too many or too few cells beside the others, so that it is known whose value they hid."""
    if not bad:
        return
    places = {name: place for place, name in enumerate(found.columns) if name}
    names = sorted(places)
    known = {name: frozenset(labels_of(desk.dataset.id, name)) for name in names}
    rows = []
    for line, text in bad:
        cells = _cells((text or "").strip("\n"), found.delimiter)
        short = len(found.headings) - len(cells)
        left, right = cells + [""] * short, [""] * short + cells[max(-short, 0) :]
        best = max((left, right), key=lambda row: sum(fold(row[places[n]]) in known[n] for n in names))
        rows.append([line, *(best[places[name]] or None for name in names)])
    marks = ", ".join("?" for _ in range(len(names) + 1))
    desk.con.executemany(f"INSERT INTO raw (line, {', '.join(names)}) VALUES ({marks})", rows)


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return next(csv.reader([line], delimiter=delimiter), [])
    except csv.Error:
        return line.split(delimiter)


def _settle_numbers(desk: Desk, head: Head) -> None:
    """Make the columns of numbers plain digits with a decimal point, each column by how all of it is written."""
    columns = number_columns(desk.dataset.id)
    read = [_numbers_of(desk, column) for column in columns if column.column in desk.columns]
    try:
        marks = decide(read, desk.delimiter)
    except Undecided as error:
        heading = next((c.names.split("|")[0] for c in columns if c.column == error.column), error.column)
        raise fault(
            head.path,
            f"column '{heading}' {error.cause}.",
            "Save it with plain numbers (decimal point, nothing between thousands). Nothing was changed.",
            desk.line_of(error.row),
        ) from None
    for column in columns:
        texts = next((one for one in read if one.name == column.column), None)
        _make_plain(desk, column.column, texts, marks.get(column.column, "."))


def _numbers_of(desk: Desk, column: FileColumn) -> ColumnOfNumbers:
    name = column.column
    plain = f"ltrim({name}, '0123456789') = ''"
    found = desk.con.execute(
        f"SELECT {name}, min(line) FROM raw WHERE line > 0 AND {name} IS NOT NULL AND NOT {plain} GROUP BY 1"
    ).fetchall()
    largest = desk.con.execute(
        f"SELECT max(TRY_CAST({name} AS DOUBLE)) FROM raw"
        f" WHERE line > 0 AND {plain} AND length({name}) BETWEEN 1 AND 15"
    ).fetchone()[0]
    cells = tuple((read_cell(text), row) for text, row in found)
    return ColumnOfNumbers(name, column.values == "count", cells, largest or 0.0)


def _make_plain(desk: Desk, name: str, texts: ColumnOfNumbers | None, mark: Mark) -> None:
    cells = [cell for cell, _ in texts.cells] if texts else []
    if not cells:
        desk.con.execute(f"ALTER TABLE raw ADD COLUMN fix_{name} VARCHAR")
        desk.con.execute(f"ALTER TABLE raw ADD COLUMN written_{name} VARCHAR")
        return
    desk.con.execute(
        "CREATE OR REPLACE TEMP TABLE plain AS SELECT unnest($text::VARCHAR[]) AS text, unnest($digits::VARCHAR[]) AS"
        " digits, unnest($fix::VARCHAR[]) AS fix",
        {
            "text": [cell.text for cell in cells],
            "digits": [cell.under(mark) or (f"? {cell.text}" if cell.text.strip() else cell.text) for cell in cells],
            "fix": [correction(cell, mark) for cell in cells],
        },
    )
    desk.con.execute(
        f"CREATE OR REPLACE TEMP TABLE raw AS SELECT raw.* REPLACE (coalesce(plain.digits, raw.{name}) AS {name}),"
        f" plain.fix AS fix_{name}, raw.{name} AS written_{name} FROM raw LEFT JOIN plain ON raw.{name} = plain.text"
    )


def _malformed(kind: str) -> str:
    if "COLUMNS" in kind:
        return "another number of cells than the headings"
    return {"LINE SIZE OVER MAXIMUM": "the line is too long"}.get(kind, "a quotation mark is out of place")


def _expected(dataset: str, heading: str) -> bool:
    return any(fold(heading) in column.headings for column in columns_of(dataset))


__all__ = ["Desk", "lay", "prepare"]
