"""CBP drug seizures: events and pounds by office, drug and fiscal month."""

from __future__ import annotations

from borderlab.observe.reading.dates import fiscal_month
from borderlab.observe.reading.staging import Desk


def check(desk: Desk) -> None:
    """Make ``checked``; ``events`` stays beside the pounds and becomes a measure of its own in :func:`spread`."""
    desk.constant = frozenset({"measure"})
    desk.translate("date", ("fiscal_year", "month"), fiscal_month, "DATE")
    joins = [desk.label(name) for name in ("component", "region", "drug", "area")]
    desk.con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE checked AS
        SELECT raw.line,
            CASE WHEN m_date.ours IS NULL THEN 'the fiscal year and month name no month'
                 WHEN m_drug.ours IS NULL THEN 'no drug'
                 WHEN m_region.ours IS NULL OR m_component.ours IS NULL THEN 'no region or component'
                 WHEN number_fault(raw.events, as_number(raw.events), true) IS NOT NULL
                     THEN replace(number_fault(raw.events, as_number(raw.events), true), 'value', 'count of events')
                 ELSE number_fault(raw.value, as_number(raw.value), false) END AS reason,
            concat_ws(';', raw.fix_value) AS fixes,
            m_date.ours AS period, m_component.ours AS component, m_region.ours AS region,
            text_of(raw.land_filter) AS land_filter, m_area.ours AS area, m_drug.ours AS drug,
            'weight' AS measure, as_number(raw.value) AS value, 'lb' AS unit, as_number(raw.events) AS events
        FROM raw {desk.join("date", "fiscal_year", "month")} {" ".join(joins)}
        """
    )


def spread(desk: Desk) -> None:
    """Make of each kept row one row of pounds and one of events; of a refused row two gaps."""
    for name in ("kept", "holes"):
        value = "events" if name == "kept" else "NULL::DOUBLE"
        desk.con.execute(
            f"CREATE OR REPLACE TEMP TABLE spread_{name} AS SELECT * EXCLUDE (events) FROM {name} UNION ALL SELECT *"
            f" EXCLUDE (events) REPLACE ('events' AS measure, {value} AS value, 'events' AS unit) FROM {name}"
        )
