"""BTS TransBorder freight: dot1 (by state and port), dot2 (state and commodity), dot3 (port and commodity)."""

from __future__ import annotations

from borderlab.observe.reading.dates import calendar_month
from borderlab.observe.reading.staging import Desk


def check(desk: Desk) -> None:
    """Make ``checked``. ``form`` says which of the files a row is of: each of the three holds the whole trade."""
    has = desk.columns
    form = (
        "dot1" if {"us_state", "port_code"} <= has else
        "dot2" if {"us_state", "commodity"} <= has else
        "dot3" if {"port_code", "commodity"} <= has else
        "port"
    )  # fmt: skip
    desk.translate("date", ("year", "month"), calendar_month, "DATE")
    joins = [desk.label(name) for name in ("trade", "mode", "country")]
    desk.constant = frozenset({"form"})
    country = "m_country.ours"
    unknown = "WHEN m_country.ours IS NULL THEN 'the country is neither Mexico (2010) nor Canada (1220)'"
    if "country" not in has:
        country, unknown = "'Mexico'", ""
        desk.constant |= {"country"}
        desk.note("note", "the file has no country column; all rows are taken as trade with Mexico.")
    desk.con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE checked AS
        SELECT raw.line,
            CASE WHEN m_date.ours IS NULL THEN 'the year and month name no month'
                 WHEN m_trade.ours IS NULL THEN 'the trade type is neither 1 (export) nor 2 (import)'
                 WHEN m_mode.ours IS NULL THEN 'the mode of transport is not known'
                 {unknown}
                 ELSE number_fault(raw.value, as_number(raw.value), false) END AS reason,
            concat_ws(';', raw.fix_value,
                CASE WHEN length(code_of(raw.commodity)) = 1 THEN 'leading zero put back to the commodity code' END,
                CASE WHEN regexp_full_match(code_of(raw.port_code), '\\d{{1,3}}')
                     THEN 'leading zeros put back to the port code' END) AS fixes,
            m_date.ours AS period, '{form}' AS form, m_trade.ours AS trade, upper(text_of(raw.us_state)) AS us_state,
            CASE WHEN raw.port_code IS NOT NULL THEN lpad(code_of(raw.port_code), 4, '0') END AS port_code,
            CASE WHEN raw.commodity IS NOT NULL THEN lpad(code_of(raw.commodity), 2, '0') END AS commodity,
            m_mode.ours AS mode, text_of(raw.mx_state) AS mx_state, text_of(raw.ca_province) AS ca_province,
            {country} AS country, code_of(text_of(raw.domestic_foreign)) AS domestic_foreign,
            code_of(text_of(raw.container)) AS container, as_number(raw.value) AS value, 'USD' AS unit,
            as_number(raw.weight) AS weight_kg, as_number(raw.freight) AS freight_usd
        FROM raw {desk.join("date", "year", "month")} {" ".join(joins)}
        """
    )


def look(desk: Desk) -> None:
    """Note the value that stands under district codes such as ``23XX`` instead of ports."""
    if not {"port_code"} & desk.columns:
        return
    share, rows = desk.con.execute(
        "SELECT sum(value) FILTER (port_code LIKE '%XX') / nullif(sum(value), 0),"
        " count(*) FILTER (port_code LIKE '%XX')"
        " FROM kept WHERE country = 'Mexico'"
    ).fetchone()
    if rows and share:
        desk.note(
            "note", f"{share:.1%} of the value of trade with Mexico stands under district codes, not ports.", rows=rows
        )
