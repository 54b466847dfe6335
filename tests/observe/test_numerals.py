"""How a column writes its numbers is one question for all of it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderlab.base.problems import InputError
from borderlab.observe.reading.numerals import ColumnOfNumbers, Undecided, decide, read_cell
from borderlab.observe.series.series import load_series
from borderlab.observe.store.store import Store

from . import files
from .files import bts_row, put


@pytest.mark.parametrize(
    ("text", "point", "comma"),
    [
        ("12,500", "12500", "12.500"), ("12.500", "12.500", "12500"), ("905,25", None, "905.25"),
        ("905.25", "905.25", None), ("1,234,567", "1234567", None), ("1.234.567", None, "1234567"),
        ("1,234.5", "1234.5", None), ("1.234,5", None, "1234.5"), ("0,125", None, "0.125"), ("0.125", "0.125", None),
        ("1234,567", None, "1234.567"), ("1 234 567", "1234567", "1234567"), ("1\u00a0234,5", None, "1234.5"),
        ("1'234", "1234", "1234"), ("$1,234", "1234", "1.234"), ("+7", "7", "7"), ("−7", "-7", "-7"),
        ("1e+05", "100000", "100000"), ("1.9564E+05", "195640", None), ("1,9564E+05", None, "195640"),
        (".5", "0.5", None), ("5.", "5", None), ("1,23,456", None, None), ("12,34,5", None, None), ("", None, None),
        ("n/a", None, None), ("1e999", None, None), ("--5", None, None), ("１２", None, None), ("12,5,00", None, None),
        ("0x10", None, None), ("1_000", None, None), ("5%", None, None), ("(5)", None, None),
    ],
)  # fmt: skip
def test_what_a_text_may_mean(text: str, point: str | None, comma: str | None) -> None:
    cell = read_cell(text)
    as_numbers = [None if found is None else Decimal(found) for found in (cell.point, cell.comma)]
    assert as_numbers == [None if wanted is None else Decimal(wanted) for wanted in (point, comma)]


@given(st.integers(0, 10**9), st.integers(0, 999), st.sampled_from([".", ","]))
def test_a_number_written_in_either_way_is_read_back(whole: int, rest: int, mark: str) -> None:
    group = "," if mark == "." else "."
    text = f"{whole:,}".replace(",", group) + (f"{mark}{rest:03d}" if rest else "")
    cell = read_cell(text)
    assert Decimal(cell.under(mark) or "-1") == Decimal(f"{whole}.{rest:03d}")  # type: ignore[arg-type]


@given(st.text(alphabet="0123456789.,eE+- '$", max_size=12))
def test_any_text_is_read_or_is_none(text: str) -> None:
    cell = read_cell(text)
    for found in (cell.point, cell.comma):
        assert found is None or Decimal(found).is_finite()


def column(*texts: str, whole: bool = False, plain: float = 0) -> ColumnOfNumbers:
    return ColumnOfNumbers("value", whole, tuple((read_cell(text), n) for n, text in enumerate(texts, 1)), plain)


@pytest.mark.parametrize(
    ("one", "delimiter", "mark"),
    [
        (column("12,500", "905,25"), ";", ","),
        (column("12,500", "905,25"), ",", ","),
        (column("12,500", "1,234.5"), ";", "."),
        (column("12,500"), ",", "."),
        (column("12.5", "12.500"), ";", "."),
        (column("12,500", "7,250", whole=True), ";", "."),
        (column("195.640", "71.216", whole=True), ",", ","),
        (column("195.640", "71.216", whole=True, plain=980), ";", ","),
        (column("195.640", whole=True, plain=71216), ",", "."),
        (column("1.234.567", "12.000", whole=True), ",", ","),
        (column("5", "n/a"), ";", "."),
    ],
)
def test_the_mark_of_a_column(one: ColumnOfNumbers, delimiter: str, mark: str) -> None:
    assert decide([one], delimiter) == {"value": mark}


@pytest.mark.parametrize(
    ("one", "delimiter", "words"),
    [
        (column("12,500"), ";", "'12,500' (row 1)"),
        (column("12.500"), "\t", "'12.500' (row 1)"),
        (column("905,25", "905.25"), ";", "two ways"),
        (column("12.000", whole=True), ";", "'12.000'"),
        (column("12,500", "12.500", whole=True), ",", "does not tell"),
    ],
)
def test_a_column_that_does_not_tell(one: ColumnOfNumbers, delimiter: str, words: str) -> None:
    with pytest.raises(Undecided) as caught:
        decide([one], delimiter)
    assert words in caught.value.cause


def test_another_column_of_the_file_settles_it() -> None:
    other = ColumnOfNumbers("weight", False, ((read_cell("0,75"), 1),))
    assert decide([column("12,500"), other], ";") == {"value": ",", "weight": ","}


HEAD = files.DRUGS.replace(",", ";")
ROW = "2019;JAN;Office of Field Operations;Southwest Border;Land Only;LAREDO FIELD OFFICE;{};{};{}\n"


def weights(store: Store) -> dict[str, float | None]:
    names = ("fentanyl", "methamphetamine", "cocaine", "heroin", "marijuana")
    found = {name: load_series(f"seizures.{name}", where=None, store=store).points for name in names}
    return {n: next((p.value for p in points if p.vintage != "shipped"), None) for n, points in found.items()}


def test_decimal_commas_are_read_as_such_and_said(store: Store, tmp_path: Path) -> None:
    rows = (
        ROW.format("Cocaine", 3, "12,500") + ROW.format("Heroin", 4, "905,25") + ROW.format("Marijuana", 5, "1.030,125")
    )
    report = store.import_files([put(tmp_path, "d.csv", HEAD + rows)])[0]
    found = weights(store)
    assert (found["cocaine"], found["heroin"], found["marijuana"]) == (12.5, 905.25, 1030.125)
    assert any("decimal comma" in a.what and a.rows == 3 for a in report.anomalies)


def test_decimal_commas_in_quotes_between_commas(store: Store, tmp_path: Path) -> None:
    text = (HEAD + ROW.format("Cocaine", 3, '"12,500"') + ROW.format("Heroin", 4, '"905,25"')).replace(";", ",")
    store.import_files([put(tmp_path, "d.csv", text)])
    assert weights(store)["cocaine"] == 12.5


def test_a_column_that_may_mean_two_things_is_refused_with_text_and_line(store: Store, tmp_path: Path) -> None:
    rows = ROW.format("Heroin", 4, "7") + ROW.format("Cocaine", 3, "12,500")
    with pytest.raises(InputError, match=r"d\.csv:3: column 'sum qty \(lbs\)' does not tell whether '12,500'"):
        store.import_files([put(tmp_path, "d.csv", HEAD + rows)])
    assert store.all_parts() == {}


def test_a_column_in_two_ways_is_refused_with_both(store: Store, tmp_path: Path) -> None:
    rows = ROW.format("Heroin", 4, "905.25") + ROW.format("Cocaine", 3, "905,25")
    with pytest.raises(InputError, match=r"two ways: '905\.25' \(row 1\).*'905,25' \(row 2\)"):
        store.import_files([put(tmp_path, "d.csv", HEAD + rows)])


def test_one_slip_in_a_long_column_costs_its_own_row(store: Store, tmp_path: Path) -> None:
    rows = "".join(ROW.format("Heroin", 4, f"{n}.25").replace("JAN", month) for n, month in
                   enumerate(("OCT", "NOV", "DEC", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL"), 1))  # fmt: skip
    report = store.import_files([put(tmp_path, "d.csv", HEAD + rows + ROW.format("Cocaine", 3, "905,25"))])[0]
    assert (report.rows_kept, report.rows_refused) == (10, 1)
    assert any("'905,25' in line 12" in a.what for a in report.anomalies)
    assert weights(store)["cocaine"] is None


def test_counts_with_thousands_of_every_kind(store: Store, tmp_path: Path) -> None:
    for number, text in enumerate(('"195,640"', "195.640", "195 640", "1.9564E+05", "195640.0", "195640,0")):
        other = {'"195,640"': '"71,216"', "195.640": "71.216", "195640,0": "71216,0"}.get(text, "71216")
        rows = (bts_row("2304", "2019-01", text) + bts_row("2402", "2019-01", other)).replace(",", ";")
        rows = (
            rows.replace('"195;640"', "195,640")
            .replace('"71;216"', "71,216")
            .replace("640;0", "640,0")
            .replace("216;0", "216,0")
        )
        home = Store(tmp_path / f"home{number}")
        home.import_files([put(tmp_path, f"{number}.csv", files.BTS.replace(",", ";") + rows)])
        found = load_series("entries.trucks", where={"port_code": "2304"}, store=home).points
        assert next(p.value for p in found if f"{p.period:%Y-%m}" == "2019-01") == 195640, text


def test_a_spreadsheets_three_digits_are_said(store: Store, tmp_path: Path) -> None:
    report = store.import_files([put(tmp_path, "f.csv", files.BTS + bts_row("2304", "2019-01", "1.96E+05"))])[0]
    assert any("rounded by a spreadsheet" in a.what for a in report.anomalies)
