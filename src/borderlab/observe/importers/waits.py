"""CBP posted waits: the archived table, and the rows that the live feed is turned into."""

from __future__ import annotations

from borderlab.evidence.tables.reads import Reads
from borderlab.observe.reading.dates import parse_moment, parse_wait
from borderlab.observe.reading.feed import NO_READING as NO_READING_WORDS
from borderlab.observe.reading.sorting import NO_READING
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
    desk.translate("wait", ("value",), parse_wait, "DOUBLE")
    longest, most = limit("longest_wait_min"), limit("most_lanes_open")
    lanes = "as_number(raw.lanes_open)"
    nothing = ", ".join(f"'{word}'" for word in NO_READING_WORDS if word)
    desk.con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE checked AS
        SELECT raw.line,
            CASE WHEN text_of(raw.value) IS NULL OR lower(text_of(raw.value)) IN ({nothing}) THEN '{NO_READING}'
                 WHEN m_observed.ours IS NULL THEN 'the time of the reading is not understood'
                 WHEN NOT coalesce(regexp_full_match(code_of(raw.port_number), '[0-9A-Za-z]{{5,8}}'), false)
                     THEN 'no number of a crossing'
                 WHEN m_lane.ours IS NULL THEN 'the lane class is not known'
                 WHEN m_wait.ours IS NULL THEN 'the wait is not a number of minutes or hours'
                 ELSE number_fault(raw.value, m_wait.ours, true) END AS reason,
            concat_ws(';', CASE WHEN m_wait.ours IS NOT NULL AND as_number(raw.value) IS NULL
                                THEN 'wait in words turned into minutes' END,
                CASE WHEN {lanes} > {most} THEN 'impossible number of open lanes taken out' END) AS fixes,
            m_observed.ours AS period, lower(lpad(code_of(raw.port_number), 6, '0')) AS port_number,
            m_lane.ours AS lane, text_of(raw.name) AS name, m_wait.ours AS value, 'min' AS unit,
            CASE WHEN {lanes} BETWEEN 0 AND {most} THEN {lanes} END AS lanes_open, text_of(raw.status) AS status,
            as_number(raw.lag_h) AS lag_h, CASE WHEN m_wait.ours > {longest} THEN 'suspect' END AS flag
        FROM raw {desk.join("observed", "observed")} {desk.join("wait", "value")} {desk.label("lane")}
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
