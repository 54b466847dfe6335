"""A part is not the whole: in no data set does a file of some parts become the sum over all."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from borderlab.observe.effects.effect import estimate
from borderlab.observe.reading.coverage import columns_that_part, parts_of, shortfall
from borderlab.observe.reading.layout import datasets
from borderlab.observe.series.as_of import AsOf
from borderlab.observe.series.definition import feeds
from borderlab.observe.series.gaps import gaps
from borderlab.observe.series.indicator import official
from borderlab.observe.series.publication import Point
from borderlab.observe.series.series import load_series
from borderlab.observe.store.store import Store
from borderlab.strategy.runtime.backtest import today

from . import files
from .files import bts_row, put


def at(series: str, month: str, store: Store, **where: str) -> Point | None:
    points = load_series(series, where=where or None, store=store).points
    return next((point for point in points if f"{point.period:%Y-%m}" == month), None)


def test_every_data_set_that_a_series_sums_says_what_its_parts_are() -> None:
    read = {feed.table for each in feeds().values() for feed in each if feed.imported}
    assert read == set(datasets())
    for dataset in read:
        columns = columns_that_part(dataset)
        assert any(column.needs == "whole" for column in columns), dataset
        for column in columns:
            assert parts_of(dataset, column.column), (dataset, column.column)


def test_shares_add_up_to_the_whole_where_every_part_is_listed() -> None:
    for dataset, column, taken in (
        ("bts-crossings", "port_code", {"measure": frozenset({"Trucks"})}),
        ("usbp-sectors", "sector", {}),
        ("cbp-encounters", "area", {}),
        ("cbp-drugs", "area", {"drug": frozenset({"Fentanyl"})}),
        ("sesnsp-crimes", "state", {"crime_kind": frozenset({"Homicidio doloso"})}),
    ):
        rows = parts_of(dataset, column, taken, date(2022, 1, 1))
        assert sum(row.share for row in rows.values()) == pytest.approx(100, abs=0.5), dataset


def test_parts_of_one_in_a_hundred_may_lack_and_no_more() -> None:
    column = columns_that_part("usbp-sectors")[0]
    sectors = set(parts_of("usbp-sectors", "sector", {}, date(2022, 1, 1)))
    assert shortfall(column, {}, date(2022, 1, 1), sectors) is None
    assert shortfall(column, {}, date(2022, 1, 1), sectors - {"big-bend"}) is not None  # 1.2 % since 2020
    assert shortfall(column, {}, date(2015, 1, 1), sectors - {"big-bend"}) is not None
    lost = shortfall(column, {}, date(2022, 1, 1), {"yuma"})
    assert lost is not None
    assert (lost.held, lost.of) == (1, 9)
    assert lost.missing[0] in ("del-rio", "rio-grande-valley", "tucson")  # the heaviest first


def test_one_port_leaves_the_shipped_sum_and_says_what_it_holds(store: Store, tmp_path: Path) -> None:
    path = put(tmp_path, "port.csv", files.BTS + bts_row("2504", "Dec 2021", 1199629, "Personal Vehicles"))
    report = store.import_files([path])[0]
    assert [a.what.split(":")[0] for a in report.anomalies if a.kind == "part"] == ["holds 1 of 28 ports (San Ysidro)"]
    whole = at("entries.vehicles", "2021-12", store)
    assert whole is not None
    assert (whole.value, whole.vintage, whole.flag) == (5_894_830, "shipped", None)
    assert whole.passed_over is not None
    assert whole.passed_over.value == 1_199_629
    own = at("entries.vehicles", "2021-12", store, port_code="2504")
    assert own is not None
    assert (own.value, own.flag) == (1_199_629, None)


def test_where_nothing_ships_the_sum_of_one_port_is_incomplete_and_no_value(store: Store, tmp_path: Path) -> None:
    path = put(tmp_path, "port.csv", files.BTS + bts_row("2304", "Mar 2023", 240000))
    store.import_files([path])
    whole = at("entries.trucks", "2023-03", store)
    assert whole is not None
    assert (whole.flag, whole.lacks is not None and "2506" in whole.lacks.missing) == ("incomplete", True)
    assert date(2023, 3, 1) not in load_series("entries.trucks", store=store).values()
    shown = whole.json_ready()["lacks"]
    assert (shown["held"], shown["parts"]) == (1, "ports")
    assert [gap.kind for gap in gaps("entries.trucks", store=store) if gap.first == "2023-03"] == ["incomplete"]


def test_all_ports_are_a_whole_and_count_before_what_ships(store: Store, tmp_path: Path) -> None:
    rows = [bts_row(port, "Mar 2022", 1000 + n) for n, port in enumerate(files.ports())]
    store.import_files([put(tmp_path, "all.csv", files.BTS + "".join(rows))])
    whole = at("entries.trucks", "2022-03", store)
    assert whole is not None
    assert (whole.value, whole.flag) == (sum(1000 + n for n in range(len(rows))), None)


def test_several_files_of_parts_make_a_whole_together(store: Store, tmp_path: Path) -> None:
    sectors = list(parts_of("usbp-sectors", "sector", {}))
    for number, sector in enumerate(sectors):
        name = sector.replace("-", " ")
        store.import_files([put(tmp_path, f"{sector}.csv", files.SECTORS + f"2026-09,{name.title()},{number + 1},x\n")])
        point = at("usbp.encounters", "2026-09", store)
        assert point is not None
        assert point.value == sum(range(1, number + 2))
        assert (point.flag == "incomplete") == (number + 1 < len(sectors))


def test_a_month_with_some_ports_is_incomplete_in_a_file_that_has_all_in_others(store: Store, tmp_path: Path) -> None:
    rows = [bts_row(port, "Mar 2023", 1000) for port in files.ports()]
    rows += [bts_row(port, "Apr 2023", 1000) for port in files.ports() if port != "2304"]
    store.import_files([put(tmp_path, "most.csv", files.BTS + "".join(rows))])
    values = load_series("entries.trucks", store=store).values()
    assert date(2023, 3, 1) in values
    assert date(2023, 4, 1) not in values  # Laredo's row is not there: with a thousand a month that is no zero
    laredo = at("entries.trucks", "2023-04", store, port_code="2304")
    assert laredo is not None
    assert (laredo.value, laredo.flag) == (None, "missing")


def test_one_state_of_mexico(store: Store, tmp_path: Path) -> None:
    path = put(tmp_path, "state.csv", files.CRIMES + files.crime_rows(11, "Guanajuato", [70, 66]))
    store.import_files([path])
    whole = at("mx.homicide-files", "2025-01", store)
    assert whole is not None
    assert (whole.value, whole.flag) == (70, "incomplete")
    assert whole.lacks is not None
    assert (whole.lacks.held, whole.lacks.of) == (1, 32)
    own = at("mx.homicide-files", "2025-01", store, state="Guanajuato")
    assert own is not None
    assert (own.value, own.flag) == (70, None)


def test_all_states_of_mexico_are_a_whole(store: Store, tmp_path: Path) -> None:
    rows = "".join(files.crime_rows(n, state, [n]) for n, state in enumerate(files.states(), 1))
    store.import_files([put(tmp_path, "all.csv", files.CRIMES + rows)])
    assert load_series("mx.homicide-files", store=store).values() == {date(2025, 1, 1): sum(range(1, 33))}


def test_all_states_but_murders_by_gun_alone(store: Store, tmp_path: Path) -> None:
    rows = "".join(
        files.crime_rows(n, state, [n]).splitlines(keepends=True)[0] for n, state in enumerate(files.states(), 1)
    )
    store.import_files([put(tmp_path, "guns.csv", files.CRIMES + rows)])
    point = at("mx.homicide-files", "2025-01", store)
    assert point is not None
    assert (point.flag, point.lacks.column if point.lacks else None) == ("incomplete", "manner")


# One part of each data set: the file, the series, the month, the column along which the sum lacks parts.
ONE_PART = {
    "sector": (files.SECTORS + "2026-09,Yuma,160,x\n", "usbp.encounters", "2026-09", "sector"),
    "area": (
        files.AREAS + "2020,FYTD,APR,U.S. Border Patrol,Southwest Land Border,Tucson Sector,TCA,Single Adults,MEXICO,"
        "Title 8,Apprehensions,5\n",
        "cbp.encounters", "2020-04", None,
    ),
    "office": (
        files.DRUGS
        + "2019,JAN,Office of Field Operations,Southwest Border,Land Only,LAREDO FIELD OFFICE,Cocaine,2,7.5\n",
        "seizures.cocaine", "2019-01", "area",
    ),
    "port of freight": (
        files.DOT1 + "2,TX,2304,5,,,2010,5000,10,1,,X,01,2020\n", "trade.imports", "2020-01", None,
    ),
    "bridge": (
        "ID,Year,Month,Region,POE,Crossing,Modes,Northbound Crossing\n1,2020,1,L,Laredo,World Trade Bridge,"
        "Commercial Trucks,170000\n",
        "bridges.trucks", "2020-01", "crossing",
    ),
    "crossing": (
        files.WAITS + "250401,San Ysidro,passenger_standard,2026-05-01 12:00:00,45,10,delay\n",
        "waits.vehicle", "2026-05", "port_number",
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", ONE_PART)
def test_one_part_of_every_data_set_is_marked_and_never_used(store: Store, tmp_path: Path, kind: str) -> None:
    text, series, month, column = ONE_PART[kind]
    report = store.import_files([put(tmp_path, "part.csv", text)])[0]
    assert any(anomaly.kind == "part" and " of " in anomaly.what for anomaly in report.anomalies)
    point = at(series, month, store)
    assert point is not None
    assert (point.flag, point.vintage == "shipped") == ("incomplete", False)
    assert point.lacks is not None
    assert point.lacks.missing
    if column:
        assert point.lacks.column == column
    assert point.period not in load_series(series, store=store).values()


def test_a_file_of_one_nationality_is_no_state_either(store: Store, tmp_path: Path) -> None:
    head = (
        "Fiscal Year,Month Grouping,Month (abbv),Land Border Region,State,Demographic,Citizenship,Title of Authority,"
        "Encounter Count\n"
    )
    rows = [
        f"2020,FYTD,NOV,Southwest Land Border,{state},{group},VENEZUELA,Title 8,10\n"
        for state in ("AZ", "CA", "NM", "TX")
        for group in ("Single Adults", "FMUA", "UAC")
    ]
    store.import_files([put(tmp_path, "v.csv", head + "".join(rows))])
    for where in ({}, {"state": "TX"}):
        point = at("cbp.encounters", "2019-11", store, **where)
        assert point is not None
        assert (point.flag, point.lacks.column if point.lacks else None) == ("incomplete", "citizenship")
    assert at("cbp.family-units", "2019-11", store).lacks.column == "citizenship"  # type: ignore[union-attr]


def test_a_drug_that_an_office_did_not_meet_that_month_is_no_gap(store: Store, tmp_path: Path) -> None:
    areas = parts_of("cbp-drugs", "area", {"drug": frozenset({"Heroin"})})
    row = "{},{},U.S. Border Patrol,Southwest Border,Land Only,{},{},1,2.5\n"
    rows = [row.format(2020, "NOV", area, "Marijuana") for area in areas]
    rows += [row.format(2020, "DEC", area, "Heroin") for area in list(areas)[:2]]
    store.import_files([put(tmp_path, "d.csv", files.DRUGS + "".join(rows))])
    point = at("seizures.heroin", "2019-12", store)
    assert point is not None
    assert (point.value, point.flag) == (5.0, None)


def test_a_sum_over_named_parts_lacks_the_one_that_is_not_there(store: Store, tmp_path: Path) -> None:
    rows = (
        bts_row("2304", "Mar 2023", 200000) + bts_row("2305", "Mar 2023", 60000) + bts_row("2304", "Apr 2023", 210000)
    )
    store.import_files([put(tmp_path, "two.csv", files.BTS + rows)])
    march, april = (at("entries.trucks", month, store, port_code="2304|2305") for month in ("2023-03", "2023-04"))
    assert march is not None
    assert april is not None
    assert (march.value, march.flag) == (260000, None)
    assert (april.flag, april.lacks.missing if april.lacks else None) == ("incomplete", ("2305",))


def test_indicators_rules_and_effects_follow(store: Store, tmp_path: Path) -> None:
    months = [f"{2023 + n // 12}-{n % 12 + 1:02d}" for n in range(46)]
    rows = "".join(f"{month},Yuma,{160 + n % 7},x\n" for n, month in enumerate(months))
    store.import_files([put(tmp_path, "yuma.csv", files.SECTORS + rows)])
    series = official("encounters", date(2026, 8, 1), date(2026, 10, 1), store)
    assert {f"{p.period:%Y-%m}": p.flag for p in series.points}["2026-10"] == "incomplete"
    known = AsOf("encounters", store)
    seen = known.on(date(2026, 11, 27))
    assert seen is None or seen.value > 1000  # never Yuma's 160
    for rule in today("border-leverage", date(2026, 11, 27), store=store).rules:
        for name, reading, why in rule.readings:
            assert name != "encounters" or reading is None or reading.value > 1000, why
    found = estimate("tariff-2019", "encounters", store=store)
    assert found.raw == (132_856, 33_524)


def test_why_today_cannot_read_says_that_only_parts_are_there(store: Store, tmp_path: Path) -> None:
    rows = files.CRIMES + files.crime_rows(11, "Guanajuato", [70, 66, 65])
    store.import_files([put(tmp_path, "gto.csv", rows)])
    known = AsOf("mx.homicide-files", store)
    assert known.points == []
    assert known.incomplete


def test_show_marks_the_sum_and_names_what_lacks(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from borderlab.cli.main import run

    store.import_files([put(tmp_path, "s.csv", files.CRIMES + files.crime_rows(11, "Guanajuato", [70]))])
    call: Callable[..., Any] = run
    for words in (["data", "show", "mx.homicide-files"], ["data", "show", "mx.homicide-files", "--json"]):
        with pytest.raises(SystemExit) as left:
            call(words)
        assert not left.value.code
        out = capsys.readouterr().out
        if words[-1] == "--json":
            row = json.loads(out)["rows"][0]
            assert (row["value"], row["flag"], row["lacks"]["of"]) == (70, "incomplete", 32)
        else:
            assert "[incomplete: 1 of 32 states; lacks Baja California" in out
