"""The real files, against totals that were published apart from them."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from borderlab.observe.reading.report import ImportReport
from borderlab.observe.series.gaps import gaps
from borderlab.observe.series.series import load_series
from borderlab.observe.store.store import Store

pytestmark = pytest.mark.data

FILES = {
    "bts": "raw/Border_Crossing_Entry_Data.csv.gz",
    "bts-clean": "bts_border_crossings_mexico.csv.gz",
    "encounters": "raw/nationwide-encounters-fy23-fy26-nov-state.csv.gz",
    "drugs": "raw/nationwide-drugs-fy23-fy26-dec.csv.gz",
    "dot1": "raw/dot1_0924.csv.gz",
    "dot2": "raw/dot2_0924.csv.gz",
    "dot3": "raw/dot3_0924.csv.gz",
    "ports": "bts_transborder_mexico_port_mode_month.csv.gz",
    "waits": "cbp_wait_times_hourly_2026-04_2026-07.csv.gz",
    "sesnsp": "raw/sesnsp_estatal_2026-03_latin1.csv.gz",
    "sectors": "usbp_sw_sector_monthly.csv.gz",
    "bridges": "cbp_texas_bridge_crossings.csv.gz",
}
ROWS = {
    "bts": 50_977, "bts-clean": 90_736, "encounters": 37_161, "drugs": 7_895, "ports": 20_860, "waits": 78_215,
    "sectors": 2_907, "bridges": 31_120,
}  # fmt: skip


@pytest.fixture(scope="module")
def all_in(public: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Store, dict[str, ImportReport]]:
    """A store with every public file in it."""
    store = Store(tmp_path_factory.mktemp("public"))
    reports = store.import_files([public / name for name in FILES.values()], vintage="2026-08-01")
    return store, dict(zip(FILES, reports, strict=True))


def of_year(store: Store, series: str, year: int) -> float:
    return sum(value for when, value in load_series(series, store=store).values().items() if when.year == year)


def fiscal(store: Store, series: str, year: int) -> float:
    values = load_series(series, store=store).values().items()
    return sum(value for when, value in values if when.year + (when.month >= 10) == year)


def test_the_accounts(all_in: tuple[Store, dict[str, ImportReport]]) -> None:
    for name, report in all_in[1].items():
        assert report.rows_read == report.rows_kept + report.rows_refused, name
        assert report.rows_read == ROWS.get(name, report.rows_read), name
        assert report.rows_kept > 0.999 * report.rows_read, name


# Totals of the year, U.S.–Mexico, as published by BTS.
@pytest.mark.parametrize(
    ("series", "year", "total"),
    [
        ("entries.trucks", 1996, 3_254_084), ("entries.trucks", 2009, 4_291_465), ("entries.trucks", 2019, 6_440_255),
        ("entries.trucks", 2022, 7_258_400), ("entries.vehicles", 2000, 92_287_520),
        ("entries.vehicles", 2019, 72_856_569), ("entries.pedestrians", 2001, 51_501_321),
        ("entries.pedestrians", 2020, 24_998_502), ("entries.buses", 2018, 164_052), ("entries.trains", 2021, 10_053),
        ("entries.rail-containers-loaded", 2022, 530_903),
    ],
)  # fmt: skip
def test_yearly_totals_of_bts(
    all_in: tuple[Store, dict[str, ImportReport]], series: str, year: int, total: int
) -> None:
    assert of_year(all_in[0], series, year) == total


def test_ports_of_2019(all_in: tuple[Store, dict[str, ImportReport]]) -> None:
    for port, trucks in {"2304": 2_364_681, "2506": 948_630, "2402": 792_441, "2604": 349_377}.items():
        found = load_series("entries.trucks", where={"port_code": port}, store=all_in[0]).values()
        assert sum(value for when, value in found.items() if when.year == 2019) == trucks


def test_known_faults_of_bts_are_found(all_in: tuple[Store, dict[str, ImportReport]]) -> None:
    store, reports = all_in
    said = " ".join(a.what for a in reports["bts"].anomalies)
    kinds = {a.kind for a in reports["bts"].anomalies}
    assert {"duplicate", "gap", "double-count", "known-fault", "implausible", "structural-break"} <= kinds
    assert "Otay Mesa" in said
    assert [(a.rows) for a in reports["bts"].anomalies if a.kind == "duplicate"] == [10, 1]
    odd = {(a.what.split(":")[0], a.first_period) for a in reports["bts"].anomalies if a.kind == "implausible"}
    assert {("Pedestrians at Eagle Pass", "2018-10"), ("Pedestrians at Eagle Pass", "2018-12")} <= odd
    gap = next(a for a in reports["bts"].anomalies if a.kind == "gap")
    assert (gap.first_period, gap.last_period) == ("2023-01", "2024-06")
    otay = load_series("entries.trucks", where={"port_code": "2506"}, store=store)
    november = next(point for point in otay.points if f"{point.period:%Y-%m}" == "2021-11")
    assert (november.value, november.flag) == (None, "missing")
    found = {
        (gap.first, gap.last, gap.kind) for gap in gaps("entries.trucks", where={"port_code": "2506"}, store=store)
    }
    assert ("2021-11", "2021-11", "missing") in found
    loaded = load_series("entries.truck-containers-loaded", store=store)
    assert {point.flag for point in loaded.points if point.period.year == 2025} == {"suspect"}


def test_encounters_by_fiscal_year(all_in: tuple[Store, dict[str, ImportReport]]) -> None:
    assert fiscal(all_in[0], "cbp.encounters", 2023) == 2_475_669
    assert fiscal(all_in[0], "cbp.encounters", 2024) == 2_135_005


def test_sectors_by_fiscal_year(all_in: tuple[Store, dict[str, ImportReport]]) -> None:
    assert fiscal(all_in[0], "usbp.encounters", 2019) == pytest.approx(851_510, abs=10)
    assert fiscal(all_in[0], "usbp.encounters", 2022) == pytest.approx(2_206_430, abs=540)  # cells rounded to 10
    may = {f"{when:%Y-%m}": value for when, value in load_series("usbp.encounters", store=all_in[0]).values().items()}
    assert may["2019-05"] == 132_856


def test_fentanyl_by_fiscal_year(all_in: tuple[Store, dict[str, ImportReport]]) -> None:
    for year, pounds in {2023: 26_718, 2024: 21_148, 2025: 11_488, 2026: 3_354}.items():
        assert fiscal(all_in[0], "seizures.fentanyl", year) == pytest.approx(pounds, abs=3)


def test_the_three_transborder_files_hold_the_same_trade(all_in: tuple[Store, dict[str, ImportReport]]) -> None:
    rows = all_in[0].newest("bts-transborder")
    mexico = "country = 'Mexico' AND period = DATE '2024-09-01'"
    found = duckdb.connect().execute(f"SELECT form, sum(value) FROM ({rows}) WHERE {mexico} GROUP BY form")
    sums = dict(found.fetchall())
    assert set(sums.values()) == {72_485_328_253.0}
    assert set(sums) == {"dot1", "dot2", "dot3", "port"}


def test_codes_keep_their_leading_zeros(all_in: tuple[Store, dict[str, ImportReport]]) -> None:
    rows = all_in[0].newest("bts-transborder")
    odd = f"SELECT count(*) FROM ({rows}) WHERE length(port_code) <> 4 OR length(commodity) <> 2"
    assert duckdb.connect().execute(odd).fetchone() == (0,)


def test_bridges_agree_with_bts(all_in: tuple[Store, dict[str, ImportReport]]) -> None:
    texas = ["2301", "2302", "2303", "2304", "2305", "2307", "2309", "2310", "2401", "2402", "2403", "2404", "2410"]
    bts = load_series("entries.trucks", where={"port_code": "|".join(texas)}, store=all_in[0]).values()
    total = sum(value for when, value in bts.items() if when.year == 2022)
    assert of_year(all_in[0], "bridges.trucks", 2022) == pytest.approx(total, rel=1e-3)


def test_el_paso_is_not_counted_with_ysleta_twice(all_in: tuple[Store, dict[str, ImportReport]]) -> None:
    parts = load_series("entries.trucks", parts=True, store=all_in[0]).points
    of_2019 = [p for p in parts if p.period.year == 2019]
    assert sum(p.value or 0 for p in of_2019) == 6_440_255


def test_waits(all_in: tuple[Store, dict[str, ImportReport]]) -> None:
    report = all_in[1]["waits"]
    assert report.rows_corrected == 79
    odd = next(a for a in report.anomalies if a.kind == "implausible")
    assert odd.rows == 5
    assert "750" in odd.what
    found = load_series("waits.vehicle", store=all_in[0]).values()
    assert found
    assert all(5 < value < 120 for value in found.values())


def test_crime_reports_are_decoded_and_turned(all_in: tuple[Store, dict[str, ImportReport]]) -> None:
    homicides = load_series("mx.homicide-files", store=all_in[0]).values()
    assert [value for _, value in sorted(homicides.items())] == [1392, 1206, 1398]
    rows = all_in[0].newest("sesnsp-crimes")
    states = duckdb.connect().execute(f"SELECT count(DISTINCT state), bool_or(state = 'Nuevo León') FROM ({rows})")
    assert states.fetchone() == (32, True)
