"""Border Patrol encounters by Southwest sector and month."""

from __future__ import annotations

from borderlab.observe.importers import read_months
from borderlab.observe.reading.staging import Desk


def check(desk: Desk) -> None:
    """Make ``checked``; ``part`` keeps which official publication a row is from."""
    months = read_months(desk)
    desk.con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE checked AS
        SELECT raw.line,
            CASE WHEN m_date.ours IS NULL THEN 'the date is not a month'
                 WHEN m_sector.ours IS NULL THEN 'the sector is not one of the nine of the Southwest'
                 ELSE number_fault(raw.value, as_number(raw.value), true) END AS reason,
            concat_ws(';', raw.fix_value,
                CASE WHEN m_sector.changed THEN 'older name of a sector replaced' END) AS fixes,
            m_date.ours AS period, m_sector.ours AS sector, text_of(raw.part) AS part,
            as_number(raw.value) AS value, 'people' AS unit
        FROM raw {months} {desk.label("sector")}
        """
    )


def look(desk: Desk) -> None:
    """Note where one official part ends and the next begins: definitions differ a little."""
    parts = desk.con.execute(
        "SELECT part, strftime(min(period), '%Y-%m'), strftime(max(period), '%Y-%m'), count(*) FROM kept"
        " WHERE part IS NOT NULL GROUP BY part ORDER BY min(period)"
    ).fetchall()
    if len(parts) > 1:
        for part, first, last, rows in parts[1:]:
            desk.note(
                "structural-break",
                f"another publication from here on: {part}.",
                rows=rows,
                first_period=first,
                last_period=last,
            )
