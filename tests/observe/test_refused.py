"""A value that stands in the file and cannot be read is a gap of its own month, never a zero, in every data set."""

from __future__ import annotations

from pathlib import Path

import pytest

from borderlab.observe.series.series import load_series
from borderlab.observe.store.store import Store

from . import files
from .files import bts_row, put


def flags(series: str, store: Store, **where: str) -> dict[str, tuple[float | None, str | None]]:
    points = load_series(series, where=where or None, store=store).points
    return {f"{point.period:%Y-%m}": (point.value, point.flag) for point in points if point.vintage != "shipped"}


# What may stand where a number should: each is refused, and a spreadsheet or a hand left it there.
@pytest.mark.parametrize("text", ["n/a", "", "-", "(D)", "7O123", "-5", "12.5", "5,8,3", "1e999", "#REF!", "71 216 x"])
def test_a_value_that_cannot_be_read_is_a_gap_of_its_month(store: Store, tmp_path: Path, text: str) -> None:
    cell = f'"{text}"' if "," in text else text
    rows = [bts_row("2402", "Jan 2019", 71216), bts_row("2402", "Feb 2019", cell), bts_row("2402", "Mar 2019", 68998)]
    rows += [bts_row("2304", f"{month} 2019", 190000) for month in ("Jan", "Feb", "Mar")]
    store.import_files([put(tmp_path, "f.csv", files.BTS + "".join(rows))])
    assert flags("entries.trucks", store, port_code="2402") == {
        "2019-01": (71216, None),
        "2019-02": (None, "refused"),
        "2019-03": (68998, None),
    }
    assert flags("entries.trucks", store, port_code="2402|2304")["2019-02"] == (190000, "incomplete")
    assert flags("entries.trucks", store, port_code="2304")["2019-02"] == (190000, None)


def test_the_sum_over_all_is_incomplete_where_one_port_was_refused(store: Store, tmp_path: Path) -> None:
    rows = [bts_row(port, "Mar 2023", "n/a" if port == "2402" else 1000) for port in files.ports()]
    rows += [bts_row(port, "Apr 2023", 1000) for port in files.ports()]
    store.import_files([put(tmp_path, "f.csv", files.BTS + "".join(rows))])
    found = flags("entries.trucks", store)
    assert found["2023-03"][1] == "incomplete"
    assert found["2023-04"] == (1000 * len(files.ports()), None)


def test_a_row_with_a_cell_too_many_hides_a_value_and_is_no_zero(store: Store, tmp_path: Path) -> None:
    rows = [
        bts_row("2402", "Jan 2019", 71216),
        bts_row("2402", "Feb 2019", "58,330"),
        bts_row("2402", "Mar 2019", 68998),
    ]
    report = store.import_files([put(tmp_path, "f.csv", files.BTS + "".join(rows))])[0]
    assert (report.rows_read, report.rows_kept, report.rows_refused) == (3, 2, 1)
    assert flags("entries.trucks", store, port_code="2402")["2019-02"] == (None, "refused")
    assert any("number of cells" in a.what and "line 3" in a.what for a in report.anomalies)


def test_a_cell_too_many_at_the_front_is_told_from_the_back(store: Store, tmp_path: Path) -> None:
    odd = bts_row("2402", "Feb 2019", 58330).replace("Port 2402", "El Paso, city")
    rows = bts_row("2402", "Jan 2019", 71216) + odd + bts_row("2402", "Mar 2019", 68998)
    store.import_files([put(tmp_path, "f.csv", files.BTS + rows)])
    assert flags("entries.trucks", store, port_code="2402")["2019-02"] == (None, "refused")


def test_a_row_whose_month_cannot_be_read_makes_no_zeros(store: Store, tmp_path: Path) -> None:
    rows = [bts_row("2410", "Jan 2019", 3), bts_row("2410", "Feb 2O19", 4), bts_row("2410", "Mar 2019", 3)]
    rows += [bts_row("2304", f"{month} 2019", 190000) for month in ("Jan", "Feb", "Mar")]
    store.import_files([put(tmp_path, "f.csv", files.BTS + "".join(rows))])
    assert flags("entries.trucks", store, port_code="2410")["2019-02"] == (None, "refused")


def test_a_row_that_is_not_there_is_still_a_zero(store: Store, tmp_path: Path) -> None:
    rows = [bts_row("2410", "Jan 2019", 3), bts_row("2410", "Mar 2019", 3)]
    rows += [bts_row("2304", f"{month} 2019", 190000) for month in ("Jan", "Feb", "Mar")]
    store.import_files([put(tmp_path, "f.csv", files.BTS + "".join(rows))])
    assert flags("entries.trucks", store, port_code="2410")["2019-02"] == (0, "absent-is-zero")


def test_a_file_of_another_port_makes_no_zeros_for_this_one(store: Store, tmp_path: Path) -> None:
    store.import_files([put(tmp_path, "a.csv", files.BTS + bts_row("2410", "Jan 2019", 3))])
    store.import_files([put(tmp_path, "b.csv", files.BTS + bts_row("2304", "Feb 2019", 190000))])
    assert "2019-02" not in flags("entries.trucks", store, port_code="2410")


def test_a_row_of_thousands_that_is_not_there_is_a_gap(store: Store, tmp_path: Path) -> None:
    rows = [bts_row("2402", f"{month} 2019", 70000) for month in ("Jan", "Mar", "Apr")]
    rows += [bts_row("2304", f"{month} 2019", 190000) for month in ("Jan", "Feb", "Mar", "Apr")]
    store.import_files([put(tmp_path, "f.csv", files.BTS + "".join(rows))])
    assert flags("entries.trucks", store, port_code="2402")["2019-02"] == (None, "missing")


def test_a_value_read_before_stands_where_a_newer_file_cannot_be_read(store: Store, tmp_path: Path) -> None:
    old, new = bts_row("2304", "Mar 2019", 205913), bts_row("2304", "Mar 2019", "n/a") + bts_row("2304", "Apr 2019", 7)
    store.import_files([put(tmp_path, "old.csv", files.BTS + old)], vintage="2020-01-01")
    report = store.import_files([put(tmp_path, "new.csv", files.BTS + new)], vintage="2021-01-01")[0]
    assert flags("entries.trucks", store, port_code="2304")["2019-03"] == (205913, None)
    assert not [a for a in report.anomalies if a.kind == "revision"]


def test_one_month_of_a_state_costs_that_month_alone(store: Store, tmp_path: Path) -> None:
    rows = "".join(
        files.crime_rows(n, state, [5, "n/d" if n == 11 else 5, 5]) for n, state in enumerate(files.states(), 1)
    )
    report = store.import_files([put(tmp_path, "f.csv", files.CRIMES + rows)])[0]
    assert report.rows_refused == 0
    assert any(a.kind == "refused" and "'n/d'" in a.what and "line 42" in a.what for a in report.anomalies)
    own = flags("mx.homicide-files", store, state="Guanajuato")
    assert (own["2025-01"], own["2025-03"]) == ((5, None), (5, None))
    assert own["2025-02"][1] == "incomplete"  # three manners of four could be read
    whole = flags("mx.homicide-files", store)
    assert (whole["2025-01"], whole["2025-02"][1], whole["2025-03"]) == ((160, None), "incomplete", (160, None))


def test_a_refused_row_of_a_state_costs_its_months(store: Store, tmp_path: Path) -> None:
    rows = "".join(files.crime_rows(n, state, [5, 5]) for n, state in enumerate(files.states(), 1))
    broken = rows.replace("2025,11,Guanajuato", "2025,1l,Guanajuato", 1)
    store.import_files([put(tmp_path, "f.csv", files.CRIMES + broken)])
    assert {flag for _, flag in flags("mx.homicide-files", store).values()} == {"incomplete"}


@pytest.mark.parametrize(
    ("text", "series", "month"),
    [
        (files.SECTORS + "2026-09,Yuma,n/a,x\n2026-09,Tucson,9,x\n2026-10,Yuma,5,x\n", "usbp.encounters", "2026-09"),
        (
            files.DRUGS
            + "2019,JAN,U.S. Border Patrol,Southwest Border,Other,TUCSON SECTOR,Cocaine,2,7.5\n"
            + "2019,JAN,U.S. Border Patrol,Southwest Border,Other,YUMA SECTOR,Cocaine,2,unknown\n",
            "seizures.cocaine", "2019-01",
        ),
        (
            files.DOT1 + "2,TX,2304,5,,,2010,5000,10,1,,X,01,2020\n2,CA,2506,5,,,2010,**,10,1,,X,01,2020\n",
            "trade.imports", "2020-01",
        ),
    ],
)  # fmt: skip
def test_a_refused_cell_of_any_data_set_marks_its_sum(
    store: Store, tmp_path: Path, text: str, series: str, month: str
) -> None:
    store.import_files([put(tmp_path, "f.csv", text)])
    points = [p for p in load_series(series, store=store).points if f"{p.period:%Y-%m}" == month]
    assert points[0].flag == "incomplete"
    assert points[0].lacks is not None
    assert points[0].lacks.refused


def test_waits_that_cannot_be_read_mark_the_mean_they_would_move(store: Store, tmp_path: Path) -> None:
    def rows(bad: int) -> str:
        good = "".join(
            f"{number},X,passenger_standard,2026-0{bad + 5}-01 {hour:02d}:00:00,20,3,delay\n"
            for number in (250401, 240202)
            for hour in range(10)
        )
        return good + "".join(
            f"250401,X,passenger_standard,2026-0{bad + 5}-02 {hour:02d}:00:00,ages,3,delay\n" for hour in range(bad)
        )

    store.import_files([put(tmp_path, "f.csv", files.WAITS + rows(0) + rows(1))])
    found = {
        f"{p.period:%Y-%m}": p
        for p in load_series("waits.vehicle", where={"port_number": "250401"}, store=store).points
    }
    assert found["2026-05"].flag is None
    assert (found["2026-06"].value, found["2026-06"].flag) == (20, "incomplete")


def test_dataset_rows_show_what_was_refused(store: Store, tmp_path: Path) -> None:
    from borderlab.observe.series.inventory import shown

    path = put(tmp_path, "f.csv", files.BTS + bts_row("2304", "Mar 2019", "n/a") + bts_row("2304", "Apr 2019", 7))
    store.import_files([path])
    rows = shown("bts-crossings", None, None, False, {}, store)["rows"]
    assert [(row["period"], row["value"], row.get("flag")) for row in rows] == [
        ("2019-03", None, "refused"),
        ("2019-04", 7.0, None),
    ]


def test_many_imports_made_one_keep_their_gaps(store: Store, tmp_path: Path) -> None:
    for number, value in enumerate(("n/a", 7, 8)):
        text = files.BTS + bts_row("2402", f"{number + 1}/1/2019", value) + bts_row("2304", f"{number + 1}/1/2019", 9)
        store.import_files([put(tmp_path, f"{number}.csv", text)])
    before = flags("entries.trucks", store, port_code="2402")
    store.compact("bts-crossings")
    assert flags("entries.trucks", store, port_code="2402") == before
    assert before["2019-01"] == (None, "refused")


def test_rows_of_things_that_are_not_counted_take_nothing_away(store: Store, tmp_path: Path) -> None:
    """A total, a sector elsewhere, a measure nobody knows: refused, and no gap of what is counted."""
    text = files.SECTORS + "".join(
        f"2026-09,{name},{n},x\n"
        for n, name in enumerate(
            ("San Diego", "El Centro", "Yuma", "Tucson", "El Paso", "Big Bend", "Del Rio", "Laredo",
             "Rio Grande Valley", "Southwest Border Total", "Miami"), 1,
        )
    )  # fmt: skip
    store.import_files([put(tmp_path, "s.csv", text)])
    assert flags("usbp.encounters", store)["2026-09"] == (45, None)
    odd = bts_row("2304", "Jan 2019", 9, "Zeppelins") + bts_row("2304", "Jan 2019", 195640)
    store.import_files([put(tmp_path, "b.csv", files.BTS + odd)])
    assert flags("entries.trucks", store, port_code="2304")["2019-01"] == (195640, None)


def test_a_measure_that_is_misspelt_makes_no_zero(store: Store, tmp_path: Path) -> None:
    rows = [bts_row("2410", "Jan 2019", 3), bts_row("2410", "Feb 2019", 4, "Truks"), bts_row("2410", "Mar 2019", 3)]
    rows += [bts_row("2304", f"{month} 2019", 190000) for month in ("Jan", "Feb", "Mar")]
    store.import_files([put(tmp_path, "f.csv", files.BTS + "".join(rows))])
    assert flags("entries.trucks", store, port_code="2410")["2019-02"] == (None, "refused")
