"""Mexican crime reports (SESNSP): case files, or victims, by state, crime and month, with the months as columns."""

from __future__ import annotations

from borderlab.observe.reading.staging import Desk

_MONTHS = [f"m{month:02d}" for month in range(1, 13)]


def check(desk: Desk) -> None:
    """Make ``checked``: still one row per state and crime; :func:`spread` makes months of it."""
    wrong = " OR ".join(
        f"(text_of(raw.{m}) IS NOT NULL AND number_fault(raw.{m}, as_number(raw.{m}), true) IS NOT NULL)"
        for m in _MONTHS
    )
    none = " AND ".join(f"text_of(raw.{m}) IS NULL" for m in _MONTHS)
    commas = " OR ".join(f"contains(coalesce(raw.{m}, ''), ',')" for m in _MONTHS)
    values = ", ".join(f"as_number(raw.{m}) AS {m}" for m in _MONTHS)
    counts = "victims" if {"sex", "age"} & desk.columns else "case files"
    desk.con.execute(
        f"""
        CREATE OR REPLACE TEMP TABLE checked AS
        SELECT raw.line,
            CASE WHEN NOT coalesce(regexp_full_match(trim(raw.year), '(19|20)\\d\\d'), false)
                     THEN 'the year is not a year'
                 WHEN NOT coalesce(regexp_full_match(trim(raw.state_code), '\\d{{1,2}}'), false)
                     THEN 'no code of a state'
                 WHEN {none} THEN 'no month has a value'
                 WHEN {wrong} THEN 'a month holds something that is no whole number' END AS reason,
            concat_ws(';', CASE WHEN {commas} THEN 'thousands commas removed from the value' END,
                CASE WHEN length(trim(raw.state_code)) = 1 THEN 'leading zero put back to the state code' END) AS fixes,
            CASE WHEN regexp_full_match(trim(raw.year), '(19|20)\\d\\d')
                 THEN make_date(trim(raw.year)::INT, 1, 1) END AS period,
            lpad(trim(raw.state_code), 2, '0') AS state_code, text_of(raw.state) AS state,
            text_of(raw.municipality_code) AS municipality_code, text_of(raw.municipality) AS municipality,
            text_of(raw.legal_good) AS legal_good, text_of(raw.crime) AS crime, text_of(raw.crime_kind) AS crime_kind,
            text_of(raw.manner) AS manner, text_of(raw.sex) AS sex, text_of(raw.age) AS age,
            '{counts}' AS counts, '{"people" if counts == "victims" else counts}' AS unit, {values},
            {" + ".join(f"coalesce(as_number(raw.{m}), 0)" for m in _MONTHS)} AS value
        FROM raw
        """
    )


def spread(desk: Desk) -> None:
    """Make one row per month that has a value; months still to come are blank in the file and are no reading."""
    parts = [
        f"SELECT * EXCLUDE ({', '.join(_MONTHS)})"
        f" REPLACE (make_date(year(period), {number}, 1) AS period, {name} AS value) FROM kept WHERE {name} IS NOT NULL"
        for number, name in enumerate(_MONTHS, 1)
    ]
    desk.con.execute("CREATE OR REPLACE TEMP TABLE spread AS " + " UNION ALL ".join(parts))
    if not {"sex", "age"} & desk.columns:
        desk.note(
            "note", "the figures are case files (carpetas de investigación), not victims: a file may hold several."
        )
