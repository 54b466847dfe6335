"""CBP posted waits: the archived table, and the rows that the live feed is turned into."""

from __future__ import annotations

from borderlab.evidence.tables.reads import Reads
from borderlab.observe.reading.dates import parse_moment
from borderlab.observe.reading.staging import Desk

READS = Reads(
    __name__,
    {
        "observe.longest_wait_min": ("waits.truck", "waits.vehicle", "waits.pedestrian"),
        "observe.most_lanes_open": ("rows_corrected",),
    },
)
"""Series, which leave out what is marked, and the account of an import."""


def limit(name: str) -> float:
    """A bound beyond which a reading is taken for a fault, from the parameter table."""
    return READS.number(f"observe.{name}")


def check(desk: Desk) -> None:
    """Make ``checked``: one row per crossing, lane class and reading; ``flag`` marks waits that cannot be right."""
    desk.translate("observed", ("observed",), parse_moment, "TIMESTAMP")
    longest, most = limit("longest_wait_min"), limit("most_lanes_open")
    lanes = "as_number(raw.lanes_open)"
    desk.con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE checked AS
        SELECT raw.line,
            CASE WHEN m_observed.ours IS NULL THEN 'the time of the reading is not understood'
                 WHEN NOT coalesce(regexp_full_match(trim(raw.port_number), '[0-9A-Za-z]{{5,8}}'), false)
                     THEN 'no number of a crossing'
                 WHEN m_lane.ours IS NULL THEN 'the lane class is not known'
                 WHEN text_of(raw.value) IS NULL OR lower(trim(raw.value)) IN ('n/a', 'update pending', 'lanes closed')
                     THEN 'no reading'
                 ELSE number_fault(raw.value, as_number(raw.value), true) END AS reason,
            concat_ws(';', comma_fix(raw.value),
                CASE WHEN {lanes} > {most} THEN 'impossible number of open lanes taken out' END) AS fixes,
            m_observed.ours AS period, trim(raw.port_number) AS port_number, m_lane.ours AS lane,
            text_of(raw.name) AS name, as_number(raw.value) AS value, 'min' AS unit,
            CASE WHEN {lanes} BETWEEN 0 AND {most} THEN {lanes} END AS lanes_open, text_of(raw.status) AS status,
            as_number(raw.lag_h) AS lag_h, CASE WHEN as_number(raw.value) > {longest} THEN 'suspect' END AS flag
        FROM raw {desk.join("observed", "observed")} {desk.label("lane")}
        """
    )


def look(desk: Desk) -> None:
    """Note waits longer than any that was ever confirmed."""
    longest = limit("longest_wait_min")
    rows, top, line, first, last = desk.con.execute(
        "SELECT count(*), max(value), min(line), strftime(min(period), '%Y-%m-%d'), strftime(max(period), '%Y-%m-%d')"
        " FROM kept WHERE flag = 'suspect'"
    ).fetchone()
    if rows:
        desk.note(
            "implausible",
            f"waits over {longest:.0f} min (up to {top:.0f}): kept and marked; no series uses them.",
            rows=rows,
            first_row=line,
            first_period=first,
            last_period=last,
        )
