"""CBP nationwide encounters: by state or by area of responsibility, in fiscal months."""

from __future__ import annotations

from borderlab.observe.reading.dates import fiscal_month
from borderlab.observe.reading.staging import Desk


def check(desk: Desk) -> None:
    """Make ``checked``. ``breakdown`` keeps the two published tables apart: both count the same people."""
    desk.translate("date", ("fiscal_year", "month"), fiscal_month, "DATE")
    joins = [desk.label(name) for name in ("demographic", "region", "authority", "component", "month_grouping")]
    breakdown = "state" if "state" in desk.columns else "area" if "area" in desk.columns else "total"
    region = "m_region.ours"
    if "region" not in desk.columns:
        # The southwest-border file has no region column: all of it is the southwest land border.
        region = "'Southwest Land Border'"
        desk.note("note", "the file has no region column; all rows are taken as Southwest Land Border.")
    grouping = "'month grouping is not FYTD or Remaining'"
    grouped = f"WHEN m_month_grouping.ours IS NULL THEN {grouping}" if "month_grouping" in desk.columns else ""
    desk.con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE checked AS
        SELECT raw.line,
            CASE WHEN m_date.ours IS NULL THEN 'the fiscal year and month name no month'
                 {grouped}
                 WHEN {region} IS NULL THEN 'no region'
                 ELSE number_fault(raw.value, as_number(raw.value), true) END AS reason,
            concat_ws(';', comma_fix(raw.value),
                CASE WHEN m_demographic.changed THEN 'older label of a demographic group replaced' END) AS fixes,
            m_date.ours AS period, '{breakdown}' AS breakdown, m_component.ours AS component, {region} AS region,
            text_of(raw.area) AS area, text_of(raw.state) AS state, m_demographic.ours AS demographic,
            text_of(raw.citizenship) AS citizenship, m_authority.ours AS authority,
            text_of(raw.encounter_type) AS encounter_type, as_number(raw.value) AS value, 'people' AS unit
        FROM raw {desk.join("date", "fiscal_year", "month")} {" ".join(joins)}
        """
    )
