"""Headings, dates and labels as R, pandas and spreadsheets leave them; and what a refusal shows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from borderlab.base.problems import InputError
from borderlab.observe.reading.dates import month_reader, parse_month, parse_wait
from borderlab.observe.reading.layout import columns_of, datasets, fold
from borderlab.observe.series.series import load_series
from borderlab.observe.store.store import Store

from . import files
from .files import bts_row, put

ENCOUNTERS = (
    "2020,FYTD,APR,U.S. Border Patrol,Southwest Land Border,Tucson Sector,TCA,{},MEXICO,Title 42,Expulsions,5\n"
)


def r_name(heading: str) -> str:
    """``make.names`` of R: every sign that is no letter or figure becomes a dot."""
    return "".join(letter if letter.isalnum() else "." for letter in heading)


def cleaned(heading: str) -> str:
    """``clean_names`` of R's janitor, and what many do in pandas."""
    return "_".join("".join(c if c.isalnum() else " " for c in heading.casefold()).split())


@pytest.mark.parametrize(
    "change", [r_name, cleaned, str.upper, str.title, lambda text: f" {text} ", lambda t: f'"{t}"']
)
def test_every_data_set_is_known_by_headings_that_were_cleaned(change: object) -> None:
    for dataset in datasets():
        published = [column.names.split("|")[0] for column in columns_of(dataset)]
        for heading in published:
            assert fold(change(heading).strip('"')) == fold(heading)  # type: ignore[operator]


@pytest.mark.parametrize("change", [r_name, cleaned, str.upper])
def test_encounters_with_cleaned_headings(store: Store, tmp_path: Path, change: object) -> None:
    head = ",".join(change(name) for name in files.AREAS.strip().split(","))  # type: ignore[operator]
    report = store.import_files([put(tmp_path, "e.csv", f"{head}\n{ENCOUNTERS.format('Single Adults')}")])[0]
    assert (report.dataset, report.rows_kept) == ("cbp-encounters", 1)


def test_an_index_column_of_pandas_or_r(store: Store, tmp_path: Path) -> None:
    row = bts_row("2304", "Jan 2019", 7)
    for number, text in enumerate((
        f",{files.BTS}0,{row}1,{row.replace('Jan', 'Feb')}",
        f"Unnamed: 0,{files.BTS}0,{row}1,{row.replace('Jan', 'Feb')}",
        f'"",{files.BTS}"1",{row}"2",{row.replace("Jan", "Feb")}',
        f"{files.BTS}1,{row}2,{row.replace('Jan', 'Feb')}",  # write.table: no heading over the row names
    )):  # fmt: skip
        report = Store(tmp_path / f"home{number}").import_files([put(tmp_path, f"{number}.csv", text)])[0]
        assert (report.rows_kept, report.rows_refused) == (2, 0), text
        assert not [a for a in report.anomalies if a.kind == "columns"]


def test_title_lines_above_the_headings(store: Store, tmp_path: Path) -> None:
    top = '"Border Crossing/Entry Data, monthly"\n\nSource: Bureau of Transportation Statistics;2024\n,,,,,,\n'
    text = top + files.BTS + bts_row("2304", "Jan 2019", 7) + bts_row("2304", "soon", 7) + ",,,,,,\n" * 3
    report = store.import_files([put(tmp_path, "t.csv", text)])[0]
    assert (report.rows_read, report.rows_kept) == (2, 1)
    said = [a.what for a in report.anomalies]
    assert "4 lines above the headings were passed over." in said
    assert any("'soon' in line 7" in what for what in said)


def test_dates_as_programs_write_them(store: Store, tmp_path: Path) -> None:
    texts = [
        "1-Jan-19", "01-Feb-2019", "3/1/19", "1 Apr 2019", "May 1, 2019", "20190601", "2019/07/01", "2019M08", "43709",
        "2019-10-01 00:00:00", "Nov-19", "12/2019", "1.1.2020", "1 de febrero de 2020", "mar-2020",
    ]  # fmt: skip
    rows = "".join(bts_row("2304", f'"{text}"', 7) for text in texts)
    report = store.import_files([put(tmp_path, "d.csv", files.BTS + rows)])[0]
    assert (report.rows_kept, report.first_period, report.last_period) == (15, "2019-01", "2020-03")


@pytest.mark.parametrize(
    "text", ["2-Jan-19", "2019", "1", "43467", "2019-01-15", "13/2019", "Jan", "32 Jan 2019", "0-Jan-19", "99999"]
)
def test_what_is_no_month(text: str) -> None:
    assert parse_month(text) is None


def test_days_first_and_last_days_are_questions_for_a_column() -> None:
    read = month_reader(["01/01/2019", "01/02/2019", "01/12/2019"])
    assert read("01/02/2019") == date(2019, 2, 1)
    read = month_reader(["1/1/2019", "2/1/2019"])
    assert read("2/1/2019") == date(2019, 2, 1)
    read = month_reader(["2019-01-31", "2019-02-28"])
    assert read("2019-02-28") == date(2019, 2, 1)
    read = month_reader(["2019-01-01", "2019-02-28"])
    assert read("2019-02-28") is None


def test_year_and_month_in_two_columns(store: Store, tmp_path: Path) -> None:
    head = files.BTS.replace("Date", "Year,Month")
    for number, (year, month) in enumerate((("2019", "1"), ("2019.0", "1.0"), ("2019", "January"), ("2019", "ene"))):
        text = head + bts_row("2304", f"{year},{month}", 7)
        report = Store(tmp_path / f"h{number}").import_files([put(tmp_path, f"{number}.csv", text)])[0]
        assert report.first_period == "2019-01"
        assert not [a for a in report.anomalies if a.kind == "columns"]


def test_floats_where_codes_and_years_stood(store: Store, tmp_path: Path) -> None:
    """pandas makes floats of a column with a blank: 2304.0, 5.0, 2020.0."""
    text = files.DOT1 + "2.0,TX,2304.0,5.0,,,2010.0,5000.0,10.0,1.0,,X,1.0,2020.0\n"
    store.import_files([put(tmp_path, "t.csv", text)])
    assert load_series("trade.imports", where={"mode": "truck"}, store=store).points[0].value == 5000
    row = store.newest("bts-transborder")
    import duckdb

    assert duckdb.connect().execute(f"SELECT DISTINCT port_code FROM ({row})").fetchall() == [("2304",)]


def test_labels_in_capitals_are_the_same_labels(store: Store, tmp_path: Path) -> None:
    rows = "".join(files.crime_rows(n, state, [n]) for n, state in enumerate(files.states(), 1))
    head, body = files.CRIMES, rows
    store.import_files([put(tmp_path, "a.csv", head + body)], vintage="2025-03-01")
    before = load_series("mx.homicide-files", store=store).values()
    report = store.import_files([put(tmp_path, "b.csv", head.upper() + body.upper())], vintage="2025-04-01")[0]
    assert report.rows_kept == len(body.splitlines())
    assert load_series("mx.homicide-files", store=store).values() == before  # not counted twice
    assert load_series("mx.homicide-files", where={"state": "Nuevo León"}, store=store).points[0].value == 19
    areas = files.AREAS + ENCOUNTERS.format("Single Adults")
    store.import_files([put(tmp_path, "c.csv", areas)])
    store.import_files([put(tmp_path, "d.csv", areas.upper())])
    assert load_series("cbp.encounters", store=store).points[0].value == 5


def test_states_under_their_short_names(store: Store, tmp_path: Path) -> None:
    rows = (
        files.crime_rows(16, "Michoacán", [5])
        + files.crime_rows(30, "VERACRUZ", [6])
        + files.crime_rows(9, "CDMX", [7])
    )
    store.import_files([put(tmp_path, "s.csv", files.CRIMES + rows)])
    for state, value in (("Michoacán de Ocampo", 5), ("Veracruz de Ignacio de la Llave", 6), ("Ciudad de México", 7)):
        assert load_series("mx.homicide-files", where={"state": state}, store=store).points[0].value == value


def test_tables_by_year_are_said_to_be_that(store: Store, tmp_path: Path) -> None:
    yearly = files.BTS.replace("Date", "Year")
    with pytest.raises(InputError, match="by year: it has no column 'date'"):
        store.import_files([put(tmp_path, "y.csv", yearly + bts_row("2304", "2019", 7))])
    with pytest.raises(InputError, match="figures by year"):
        store.import_files(
            [put(tmp_path, "z.csv", files.BTS + bts_row("2304", "2019", 7) + bts_row("2304", "2020", 8))]
        )
    head = files.AREAS.replace("Month (abbv),", "")
    with pytest.raises(InputError, match="by year"):
        store.import_files([put(tmp_path, "e.csv", head + ENCOUNTERS.format("UAC").replace("APR,", ""))])


def test_a_refusal_shows_the_first_text_and_its_line(store: Store, tmp_path: Path) -> None:
    rows = bts_row("2304", "Jan 2019", 7) + "\n" + bts_row("2304", "Febtember", 7) + bts_row("L304", "Jan 2019", 7)
    rows += (
        bts_row("2305", "Jan 2019", 7, "Zeppelins")
        + '"Two\nlines",'
        + bts_row("2306", "Mar 2019", "7.5").split(",", 1)[1]
    )
    report = store.import_files([put(tmp_path, "r.csv", files.BTS + rows)])[0]
    said = " ".join(a.what for a in report.anomalies)
    for words in ("'Febtember' in line 4", "'L304' in line 5", "'Zeppelins' in line 6", "'7.5' in line 7"):
        assert words in said
    with pytest.raises(InputError, match="First: 'someday' in line 2"):
        store.import_files([put(tmp_path, "s.csv", files.BTS + bts_row("2304", "someday", 7))])


def test_signs_that_drive_a_terminal_are_not_shown_raw(store: Store, tmp_path: Path) -> None:
    report = store.import_files(
        [put(tmp_path, "x.csv", files.BTS + bts_row("2304", "\x1b[31mred", 7) + bts_row("2304", "Jan 2019", 7))]
    )[0]
    assert "\x1b" not in " ".join(a.what for a in report.anomalies)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("4", 4), ("10 min", 10), ("1 hr", 60), ("1 hrs 30 min", 90), ("1 hrs 35 min", 95), ("2 hrs", 120),
        ("1 hr, 5 min.", 65), ("1h30", 90), ("1:45", 105), ("90 minutos", 90), ("1 hora y 15 minutos", 75),
        ("1.5 hours", 90), ("45 min delay", 45), ("No Delay", 0), ("Sin demora", 0), ("1 HR 10 MIN", 70),
        ("over 2 hrs", None), ("2+ hrs", None), ("soon", None), ("min", None), ("", None), (None, None), ("-5", None),
    ],
)  # fmt: skip
def test_waits_in_words(text: str | None, minutes: float | None) -> None:
    assert parse_wait(text) == minutes


def test_waits_of_the_table_are_read_in_words_too(store: Store, tmp_path: Path) -> None:
    rows = "250401,San Ysidro,passenger_standard,2016-05-01 12:00:00,1 hrs 35 min,10,delay\n"
    rows += "250401,San Ysidro,passenger_ready,2016-05-01 12:00:00,5 min,10,delay\n"
    report = store.import_files([put(tmp_path, "w.csv", files.WAITS + rows)])[0]
    assert (report.rows_kept, report.rows_corrected) == (2, 2)
    assert load_series("waits.vehicle", store=store).points[0].value == 50


def test_waits_are_those_of_the_southwest_border_by_number(store: Store, tmp_path: Path) -> None:
    row = "{},X,passenger_standard,2026-05-01 12:00:00,{},10,delay\n"
    own = {"250401": 10, "250401.0": 10, "L24501": 20, "535501": 30, "230402": 40, "240203": 50, "260402": 60}
    other = {"070801": 900, "70801": 900, "090101": 900, "380001": 900, "300401": 900, "010601": 900}
    rows = "".join(row.format(number, value % 400) for number, value in (own | other).items())
    store.import_files([put(tmp_path, "w.csv", files.WAITS + rows)])
    assert load_series("waits.vehicle", store=store).points[0].value == pytest.approx((10 + 20 + 30 + 40 + 50 + 60) / 6)
    parts = load_series("waits.vehicle", parts=True, store=store).points
    assert {p.dimensions["port_number"] for p in parts} == {"250401", "l24501", "535501", "230402", "240203", "260402"}
