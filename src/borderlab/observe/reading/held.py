"""How much of its data set a file holds: one port of 28 is no border."""

from __future__ import annotations

from datetime import date

from borderlab.observe.reading.coverage import CoverageColumn, columns_that_part, parts_of
from borderlab.observe.reading.staging import Desk

MOST_NAMED = 6


def note_coverage(desk: Desk) -> None:
    """Note, for each column that parts the data set, that the kept rows hold only some of the parts."""
    columns = {name for name, *_ in desk.con.execute("DESCRIBE kept").fetchall()}
    last = desk.con.execute("SELECT max(period)::DATE FROM kept").fetchone()[0]
    for column in columns_that_part(desk.dataset.id):
        if column.column in columns and last:
            _note(desk, column, last)


def _note(desk: Desk, column: CoverageColumn, last: date) -> None:
    expected = parts_of(desk.dataset.id, column.column, None, last.replace(day=1))
    there = {part for (part,) in desk.con.execute(f"SELECT DISTINCT {column.column} FROM kept").fetchall()}
    if None in there or not expected or not there & set(expected):
        return
    held = [part for part in expected if part in there]
    lacking = sum(row.share for part, row in expected.items() if part not in there)
    if lacking <= column.most_lacking:
        return
    names = ", ".join(expected[part].name for part in held[:MOST_NAMED]) + (", …" if len(held) > MOST_NAMED else "")
    use = (
        "each of them is read from it; a figure over all needs the others"
        if column.needs == "whole"
        else "its sums are marked incomplete"
    )
    desk.note("part", f"holds {len(held)} of {len(expected)} {column.noun_en} ({names}): {use}.")
