"""CBP northbound crossings by Texas bridge, mode and month."""

from __future__ import annotations

from borderlab.observe.reading.dates import calendar_month
from borderlab.observe.reading.staging import Desk


def check(desk: Desk) -> None:
    """Make ``checked``: one row per bridge, mode and month."""
    desk.translate("date", ("year", "month"), calendar_month, "DATE")
    desk.con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE checked AS
        SELECT raw.line,
            CASE WHEN m_date.ours IS NULL THEN 'the year and month name no month'
                 WHEN m_measure.ours IS NULL THEN 'the mode is not known'
                 WHEN text_of(raw.crossing) IS NULL THEN 'no crossing'
                 ELSE number_fault(raw.value, as_number(raw.value), true) END AS reason,
            concat_ws(';', raw.fix_value) AS fixes,
            m_date.ours AS period, text_of(raw.region) AS region, text_of(raw.port_name) AS port_name,
            m_crossing.ours AS crossing, m_measure.ours AS measure, as_number(raw.value) AS value,
            'entries' AS unit
        FROM raw {desk.join("date", "year", "month")} {desk.label("measure")} {desk.label("crossing")}
        """
    )
