"""BTS Border Crossing/Entry Data, every vintage since 1996."""

from __future__ import annotations

import re

from borderlab.observe.importers import read_months
from borderlab.observe.reading.staging import Desk


def port_code(text: str | None) -> str | None:
    """A port code as text with four digits; older files dropped the leading zeros (only northern ports have them).

    >>> port_code("104"), port_code("2304.0"), port_code("L304")
    ('0104', '2304', None)
    """
    match = re.fullmatch(r"\s*(\d{1,4})(?:\.0+)?\s*", (text or "").replace(",", ""), re.ASCII)
    return match[1].zfill(4) if match else None


def _plain(text: str | None) -> str | None:
    return " ".join((text or "").split()) or None


def check(desk: Desk) -> None:
    """Make ``checked``: one row per port, measure and month."""
    months = read_months(desk)
    desk.translate("code", ("port_code",), port_code, "VARCHAR")
    desk.translate("state", ("state",), _plain, "VARCHAR")
    border, measure, port = desk.label("border"), desk.label("measure"), desk.label("port_name")
    desk.con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE checked AS
        SELECT line,
            CASE WHEN period IS NULL THEN 'the date is not a month'
                 WHEN port_code IS NULL THEN 'the port code is not a number of up to four digits'
                 WHEN measure IS NULL THEN 'the measure is not known'
                 WHEN border IS NULL THEN 'the border is not known'
                 ELSE number_fault(written, value, true) END AS reason,
            concat_ws(';', fix_value,
                CASE WHEN other_measure THEN 'older name of a measure replaced' END,
                CASE WHEN other_border THEN 'other spelling of a border replaced' END,
                CASE WHEN other_port THEN 'older name of a port replaced' END,
                CASE WHEN trim(written_code) <> port_code THEN 'leading zeros put back to the port code' END) AS fixes,
            period, port_code, port_name, state, border, measure, value, 'entries' AS unit
        FROM (
            SELECT raw.line, raw.value AS written, raw.fix_value, as_number(raw.value) AS value,
                raw.port_code AS written_code,
                m_date.ours AS period, m_code.ours AS port_code, m_port_name.ours AS port_name, m_state.ours AS state,
                m_border.ours AS border, m_measure.ours AS measure, m_measure.changed AS other_measure,
                m_border.changed AS other_border, m_port_name.changed AS other_port
            FROM raw {months} {desk.join("code", "port_code")} {desk.join("state", "state")}
                {border} {measure} {port})
        """
    )


def look(desk: Desk) -> None:
    """Note containers counted twice, level breaks and isolated values that cannot be right."""
    _double_count(desk)
    _breaks(desk)
    _spikes(desk)


def _double_count(desk: Desk) -> None:
    """Loaded truck containers cannot exceed trucks by much: one tractor pulls one container, rarely two."""
    rows = desk.con.execute(
        """
        WITH total AS (
            SELECT period, sum(value) FILTER (measure = 'Trucks') AS trucks,
                   sum(value) FILTER (measure = 'Truck Containers Loaded') AS loaded,
                   sum(value) FILTER (measure = 'Truck Containers Empty') AS empty
            FROM kept WHERE border = 'US-Mexico Border' GROUP BY period)
        SELECT count(*), strftime(min(period), '%Y-%m'), strftime(max(period), '%Y-%m'),
               sum(loaded), sum(trucks) FROM total WHERE trucks > 10000 AND loaded > 1.15 * trucks
        """
    ).fetchone()
    if rows[0]:
        desk.note(
            "double-count",
            f"structural break: loaded truck containers ({rows[3]:,.0f}) exceed trucks ({rows[4]:,.0f})"
            f" in {rows[0]} months; they are counted twice (the container double count that began"
            " in 2023). Values are kept as published.",
            first_period=rows[1],
            last_period=rows[2],
        )


def _breaks(desk: Desk, shown: int = 12) -> None:
    """Series of a port whose half-year before and after a month differ by more than 1.8 times, for good."""
    rows = desk.con.execute(
        """
        WITH side AS (
            SELECT port_code, port_name, measure, period, value,
                median(value) OVER before AS earlier, median(value) OVER after AS later,
                count(*) OVER before AS n0, count(*) OVER after AS n1
            FROM kept WHERE border = 'US-Mexico Border' AND measure IN ('Trucks', 'Personal Vehicles', 'Pedestrians',
                'Truck Containers Loaded', 'Rail Containers Loaded')
            WINDOW before AS (PARTITION BY port_code, measure ORDER BY period
                       RANGE BETWEEN INTERVAL 6 MONTH PRECEDING AND INTERVAL 1 MONTH PRECEDING),
                   after AS (PARTITION BY port_code, measure ORDER BY period
                       RANGE BETWEEN CURRENT ROW AND INTERVAL 5 MONTH FOLLOWING)),
        scored AS (
            SELECT *, abs(ln(later / earlier)) AS jump FROM side
            WHERE n0 >= 5 AND n1 >= 5 AND earlier > 0 AND later > 0 AND greatest(earlier, later) > 5000)
        SELECT port_name, measure, strftime(arg_max(period, jump), '%Y-%m'),
               arg_max(earlier, jump), arg_max(later, jump)
        FROM scored GROUP BY port_code, port_name, measure HAVING max(jump) > ln(1.8)
        ORDER BY max(greatest(earlier, later)) DESC
        """
    ).fetchall()
    for port, measure, month, earlier, later in rows[:shown]:
        desk.note(
            "structural-break",
            f"{measure} at {port}: half-year median {earlier:,.0f} before, {later:,.0f} from then on.",
            first_period=month,
        )
    if len(rows) > shown:
        desk.note(
            "structural-break", f"{len(rows) - shown} more series of smaller ports change by more than 1.8 times."
        )


def _spikes(desk: Desk, shown: int = 12) -> None:
    """Single months far from the same month of the neighbouring years and from the months around."""
    rows = desk.con.execute(
        """
        WITH around AS (
            SELECT port_name, measure, period, value, line,
                median(value) OVER (PARTITION BY port_code, measure ORDER BY period
                    RANGE BETWEEN INTERVAL 6 MONTH PRECEDING AND INTERVAL 6 MONTH FOLLOWING) AS usual,
                count(*) OVER (PARTITION BY port_code, measure ORDER BY period
                    RANGE BETWEEN INTERVAL 6 MONTH PRECEDING AND INTERVAL 6 MONTH FOLLOWING) AS n
            FROM kept WHERE border = 'US-Mexico Border'
              AND measure IN ('Trucks', 'Personal Vehicles', 'Pedestrians'))
        SELECT port_name, measure, strftime(period, '%Y-%m'), value, usual, line FROM around
        WHERE n >= 9 AND usual > 5000 AND (value > 2.5 * usual OR value < usual / 4) ORDER BY usual DESC
        """
    ).fetchall()
    for port, measure, month, value, usual, line in rows[:shown]:
        desk.note(
            "implausible",
            f"{measure} at {port}: {value:,.0f}, where the year around it has about {usual:,.0f} a month.",
            rows=1,
            first_row=line,
            first_period=month,
            last_period=month,
        )
    if len(rows) > shown:
        desk.note("implausible", f"{len(rows) - shown} more single months far from the year around them.")
