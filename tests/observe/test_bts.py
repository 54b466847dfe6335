"""BTS border crossings: every vintage gives the same rows, and the account always balances."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from borderlab.observe.series.series import load_series
from borderlab.observe.store.store import Store

NEW = "Port Name,State,Port Code,Border,Date,Measure,Value,Latitude,Longitude,Point"
OLD = "Port Name,State,Port Code,Border,Date,Measure,Value,Location"


def rows_of(store: Store) -> set[tuple[object, ...]]:
    import duckdb

    columns = "period, port_code, port_name, border, measure, value"
    found = duckdb.connect().execute(f"SELECT {columns} FROM ({store.newest('bts-crossings')})").fetchall()
    return {(str(row[0]), *row[1:]) for row in found}


TORNILLO = "Tornillo-Fabens,Texas,2404,US-Mexico Border"
VINTAGES = {
    "2025": f"{NEW}\nTornillo,Texas,2404,US-Mexico Border,Mar 2019,Rail Containers Loaded,1234,1,2,POINT (2 1)\n"
    "Calais,Maine,0115,US-Canada Border,Mar 2019,Trucks,5,1,2,POINT (2 1)\n",
    "2019": f'{OLD}\n{TORNILLO},03/01/2019 12:00:00 AM,Rail Containers Full,"1,234",POINT (2 1)\n'
    "Calais,Maine,115,US-Canada Border,03/01/2019 12:00:00 AM,Trucks,5,POINT (2 1)\n",
    "excel": f'{OLD}\n{TORNILLO},3/1/19 0:00,Rail Containers Full,"1,234",POINT (2 1)\n'
    "Calais,Maine,115,US-Canada Border,3/1/19 0:00,Trucks,5,POINT (2 1)\n",
    "mon-yy": f"{OLD}\nTornillo,Texas,2404,US-Mexico Border,Mar-19,Rail Containers Full,1234,x\n"
    "Calais,Maine,115,US-Canada Border,Mar-19,Trucks,5,x\n",
    "yy-mon": f"{OLD}\nTornillo,Texas,2404,US-Mexico Border,19-Mar,Rail Containers Full,1234,x\n"
    "Calais,Maine,115,US-Canada Border,19-Mar,Trucks,5,x\n",
    "clean": "port_name,state,port_code,border,month,measure,value,lat,lon\n"
    "Tornillo,Texas,2404,US-Mexico Border,2019-03,Rail Containers Loaded,1234,1,2\n"
    "Calais,Maine,0115,US-Canada Border,2019-03,Trucks,5,1,2\n",
}
EXPECTED = {
    ("2019-03-01", "2404", "Tornillo", "US-Mexico Border", "Rail Containers Loaded", 1234.0),
    ("2019-03-01", "0115", "Calais", "US-Canada Border", "Trucks", 5.0),
}


@pytest.mark.parametrize("vintage", VINTAGES)
def test_every_vintage_gives_the_same_rows(store: Store, tmp_path: Path, vintage: str) -> None:
    path = tmp_path / "file"
    path.write_text(VINTAGES[vintage])
    report = store.import_files([path])[0]
    assert rows_of(store) == EXPECTED
    assert (report.rows_read, report.rows_kept, report.rows_refused) == (2, 2, 0)
    assert report.rows_corrected == {"2025": 0, "clean": 0}.get(vintage, 2)


def test_each_refused_row_has_its_reason(store: Store, tmp_path: Path) -> None:
    good = "Laredo,Texas,2304,US-Mexico Border,Jan 2019,Trucks,7,1,2,P"
    rows = [
        good,
        good,  # repeats
        good.replace(",7,", ",5,"),  # same key, lower
        good.replace("Jan 2019", "sometime"),
        good.replace("Trucks", "Zeppelins"),
        good.replace("US-Mexico", "US-Narnia"),
        good.replace(",7,", ",-7,"),
        good.replace(",7,", ",7.5,"),
        good.replace(",7,", ",seven,"),
        good.replace(",7,", ",,"),
        good.replace(",7,", ",nan,"),
        good.replace("2304", "L304"),
        "Laredo,Texas",
    ]
    path = tmp_path / "f.csv"
    path.write_text("\n".join([NEW, *rows]))
    report = store.import_files([path])[0]
    assert (report.rows_read, report.rows_kept, report.rows_refused) == (13, 1, 12)
    refused = {a.what: a.rows for a in report.anomalies if a.kind in ("refused", "duplicate")}
    assert sum(refused.values()) == 12
    for words, rows_hit in {
        "repeats another row": 1,
        "a higher value": 1,
        "date is not a month": 1,
        "measure is not known": 1,
        "border is not known": 1,
        "negative": 1,
        "not a whole number": 1,
        "value is not a number.": 2,
        "no value": 1,
        "port code": 1,
        "number of cells": 1,
    }.items():
        assert sum(n for what, n in refused.items() if words in what) == rows_hit, (words, refused)


cell = st.sampled_from(
    ["Laredo", "2304", "104", "US-Mexico Border", "US-Canada Border", "Jan 2019", "03/01/2019 12:00:00 AM", "Trucks",
     "Truck Containers Full", "1,234", "12", "0", "-3", "", "x", '"', 'a"b', "é", "  7 ", "1e5", "١٢"]
)  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(cell, min_size=6, max_size=12), max_size=12))
def test_the_account_balances_whatever_the_rows_hold(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    good = "Laredo,Texas,2304,US-Mexico Border,Feb 2020,Trucks,7,1,2,P"
    quoted = [",".join(f'"{word.replace(chr(34), chr(34) * 2)}"' for word in row) for row in rows]
    path = folder / "f.csv"
    path.write_text("\n".join([NEW, good, *quoted]), encoding="utf-8")
    report = Store(folder / "home").import_files([path])[0]
    assert report.rows_read == 1 + len(rows) == report.rows_kept + report.rows_refused
    assert report.rows_corrected <= report.rows_kept
    said = sum(a.rows or 0 for a in report.anomalies if a.kind in ("refused", "duplicate"))
    assert said == report.rows_refused


def test_a_month_without_a_row_is_zero_from_2017_and_a_gap_before(store: Store, tmp_path: Path) -> None:
    rows = []
    for month in ("Jan 2016", "Feb 2016", "Jan 2018", "Feb 2018"):
        rows.append(f"Laredo,Texas,2304,US-Mexico Border,{month},Trucks,10,1,2,P")
        if month.startswith("Jan"):
            rows.append(f"Boquillas,Texas,2410,US-Mexico Border,{month},Trucks,3,1,2,P")
    path = tmp_path / "f.csv"
    path.write_text("\n".join([NEW, *rows]))
    store.import_files([path])
    part = load_series("entries.trucks", where={"port_code": "2410"}, store=store)
    found = {f"{p.period:%Y-%m}": (p.value, p.flag) for p in part.points if p.vintage != "shipped"}
    assert found["2016-01"] == (3.0, None)
    assert "2016-02" not in found
    assert found["2018-02"] == (0.0, "absent-is-zero")
