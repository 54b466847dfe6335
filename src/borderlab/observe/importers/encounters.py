"""CBP nationwide encounters: by state or by area of responsibility, in fiscal months."""

from __future__ import annotations

from borderlab.observe.reading.dates import fiscal_month
from borderlab.observe.reading.staging import Desk


def check(desk: Desk) -> None:
    """Make ``checked``. ``breakdown`` keeps the two published tables apart: both count the same people."""
    desk.translate("date", ("fiscal_year", "month"), fiscal_month, "DATE")
    labelled = (
        "demographic", "region", "authority", "component", "month_grouping", "area", "state", "citizenship",
        "encounter_type",
    )  # fmt: skip
    joins = [desk.label(name) for name in labelled]
    breakdown = "state" if "state" in desk.columns else "area" if "area" in desk.columns else "total"
    desk.constant = frozenset({"breakdown"})
    region = "m_region.ours"
    if "region" not in desk.columns:
        # The southwest-border file has no region column: all of it is the southwest land border.
        region = "'Southwest Land Border'"
        desk.constant |= {"region"}
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
            concat_ws(';', raw.fix_value,
                CASE WHEN m_demographic.changed THEN 'older label of a demographic group replaced' END) AS fixes,
            m_date.ours AS period, '{breakdown}' AS breakdown, m_component.ours AS component, {region} AS region,
            m_area.ours AS area, m_state.ours AS state, m_demographic.ours AS demographic,
            m_citizenship.ours AS citizenship, m_authority.ours AS authority,
            m_encounter_type.ours AS encounter_type, as_number(raw.value) AS value, 'people' AS unit
        FROM raw {desk.join("date", "fiscal_year", "month")} {" ".join(joins)}
        """
    )
