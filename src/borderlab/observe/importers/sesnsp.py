"""Mexican crime reports (SESNSP): case files, or victims, by state, crime and month, with the months as columns."""

from __future__ import annotations

from borderlab.observe.reading.layout import labels_of
from borderlab.observe.reading.staging import Desk

_MONTHS = [f"m{month:02d}" for month in range(1, 13)]


def check(desk: Desk) -> None:
    """Make ``checked``: still one row per state and crime; :func:`spread` makes months of it.

    A month that cannot be read costs that month alone; a row is refused if none of its months can.
    """
    faults = {m: f"(text_of(raw.{m}) IS NOT NULL AND number_fault(raw.{m}, as_number(raw.{m}), true) IS NOT NULL)"
              for m in _MONTHS}  # fmt: skip
    good = " OR ".join(f"number_fault(raw.{m}, as_number(raw.{m}), true) IS NULL" for m in _MONTHS)
    none = " AND ".join(f"text_of(raw.{m}) IS NULL" for m in _MONTHS)
    values = ", ".join(
        f"CASE WHEN number_fault(raw.{m}, as_number(raw.{m}), true) IS NULL THEN as_number(raw.{m}) END AS {m}"
        for m in _MONTHS
    )
    fixes = ", ".join(f"raw.fix_{m}" for m in _MONTHS)
    lost = ", ".join(f"CASE WHEN {fault} THEN {number} END" for number, fault in enumerate(faults.values(), 1))
    counts = "victims" if {"sex", "age"} & desk.columns else "case files"
    desk.constant = frozenset({"counts"})
    joins = [desk.label(name) for name in ("crime", "crime_kind", "manner")]
    desk.translate("state", ("state_code", "state"), state_name, "VARCHAR")
    desk.con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE checked AS
        SELECT raw.line,
            CASE WHEN NOT coalesce(regexp_full_match(code_of(raw.year), '(19|20)\\d\\d'), false)
                     THEN 'the year is not a year'
                 WHEN NOT coalesce(regexp_full_match(code_of(raw.state_code), '\\d{{1,2}}'), false)
                     THEN 'no code of a state'
                 WHEN {none} THEN 'no month has a value'
                 WHEN NOT ({good}) THEN 'a month holds something that is no whole number' END AS reason,
            concat_ws(';', list_aggregate(list_distinct([{fixes}]), 'string_agg', ';'),
                CASE WHEN length(code_of(raw.state_code)) = 1 THEN 'leading zero put back to the state code' END
            ) AS fixes,
            CASE WHEN regexp_full_match(code_of(raw.year), '(19|20)\\d\\d')
                 THEN make_date(code_of(raw.year)::INT, 1, 1) END AS period,
            lpad(code_of(raw.state_code), 2, '0') AS state_code, m_state.ours AS state,
            code_of(text_of(raw.municipality_code)) AS municipality_code, text_of(raw.municipality) AS municipality,
            text_of(raw.legal_good) AS legal_good, m_crime.ours AS crime, m_crime_kind.ours AS crime_kind,
            m_manner.ours AS manner, text_of(raw.sex) AS sex, text_of(raw.age) AS age,
            '{counts}' AS counts, '{"people" if counts == "victims" else counts}' AS unit, {values},
            list_filter([{lost}], lambda x: x IS NOT NULL) AS lost,
            {" + ".join(f"coalesce(as_number(raw.{m}), 0)" for m in _MONTHS)} AS value
        FROM raw {" ".join(joins)} {desk.join("state", "state_code", "state")}
        """
    )


def state_name(code: str | None, name: str | None) -> str | None:
    """The state's name as SESNSP writes it, by its code; names come in capitals, short, or without accents."""
    number = (code or "").strip().removesuffix(".0").zfill(2)
    known = labels_of("sesnsp-crimes", "state_code").get(number)
    return known.ours if known else " ".join((name or "").split()) or None


def spread(desk: Desk) -> None:
    """Make one row per month that has a value; months still to come are blank in the file and are no reading."""
    con = desk.con
    rows, first, examples = con.execute(
        "SELECT count(*), min(line), sum(len(lost)) FROM kept WHERE len(lost) > 0"
    ).fetchone()
    if rows:
        month = con.execute("SELECT lost[1] FROM kept WHERE line = ?", [first]).fetchone()[0]
        text = " ".join(f"'{cell}'" for cell in desk.cells(first, [_MONTHS[month - 1]]))
        desk.note(
            "refused",
            f"{examples} single months hold no whole number ({text}, line {desk.line_of(first)}): each is a gap.",
            rows=rows,
            first_row=first,
        )
    wide = f"* EXCLUDE ({', '.join(_MONTHS)}, lost)"
    parts = [
        f"SELECT {wide} REPLACE (make_date(year(period), {number}, 1) AS period, {name} AS value) FROM kept"
        f" WHERE {name} IS NOT NULL"
        for number, name in enumerate(_MONTHS, 1)
    ]
    con.execute("CREATE OR REPLACE TEMP TABLE spread_kept AS " + " UNION ALL ".join(parts))
    # Of a refused row every month is lost that any row of its year has; of a kept one, the months that were refused.
    holes = [
        f"SELECT * EXCLUDE (line, fixes, {', '.join(_MONTHS)}, lost) REPLACE (make_date(year(period), {number}, 1)"
        f" AS period, NULL::DOUBLE AS value) FROM kept WHERE list_contains(lost, {number})"
        f" UNION ALL SELECT {wide} REPLACE (make_date(year(period), {number}, 1) AS period) FROM holes"
        f" WHERE period IS NULL OR make_date(year(period), {number}, 1) IN (SELECT period FROM spread_kept)"
        for number in range(1, 13)
    ]
    con.execute(
        "CREATE OR REPLACE TEMP TABLE spread_holes AS SELECT DISTINCT * FROM (" + " UNION ALL ".join(holes) + ")"
    )
    if not {"sex", "age"} & desk.columns:
        desk.note(
            "note", "the figures are case files (carpetas de investigación), not victims: a file may hold several."
        )
