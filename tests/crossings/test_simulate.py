"""Restrictions on a network, and a scenario beside its baseline."""

import csv
import json
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest

from borderlab.base.problems import InputError
from borderlab.base.safefile import check_folder
from borderlab.crossings.border.trade import truck_values
from borderlab.crossings.outcomes import simulate as module
from borderlab.crossings.outcomes.contract import simulation_object
from borderlab.crossings.outcomes.export import MARKER, write_tables
from borderlab.crossings.outcomes.outcome import MEASURES, Outcome
from borderlab.crossings.outcomes.simulate import ordinary_days, simulate
from borderlab.crossings.queues.network import PER_HOUR
from borderlab.crossings.queues.state import BARRED
from borderlab.crossings.scenarios.force import apply_restrictions, in_force
from borderlab.crossings.scenarios.library import load_scenario
from borderlab.crossings.scenarios.restriction import Restriction
from borderlab.crossings.scenarios.scenario import Counted, Scenario
from borderlab.evidence.tables.parameter import parameters
from tests.crossings.small_border import LANES, small_border

FIRST, LAST = date(2022, 4, 4), date(2022, 4, 8)
TRUCKS = ("commercial-standard", "commercial-fast")


def restriction(
    kind: str, at: tuple[str, ...] = ("pharr",), lanes: tuple[str, ...] = TRUCKS, **more: object
) -> Restriction:
    fields = {"kind": kind, "crossings": at, "lane_classes": lanes, "first": FIRST, "last": LAST, **more}
    return Restriction.model_validate(fields)


def stage(**more: object) -> Restriction:
    return restriction("add-stage", values={"share": 1.0, "places": 8.0, "time": 50.0}, **more)


@pytest.fixture
def border(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "build_network", small_border)


def case(*restrictions: Restriction) -> Scenario:
    return Scenario(id="case", title_en="a", title_es="b", first=FIRST, last=LAST, restrictions=restrictions)


@pytest.fixture
def outcome(border: None) -> Outcome:
    return simulate(case(stage()), 7)


# -- restrictions on a network ---------------------------------------------------------------------------------------


def test_hours_in_force_follow_date_and_weekday() -> None:
    one = restriction("close", days=(0, 4), hours=(20, 2))
    hours = in_force(one, datetime(2022, 4, 3), 24 * 8)
    begun = [datetime(2022, 4, 4, 20), datetime(2022, 4, 8, 20)]
    wanted = {*range(44, 50), *range(24 * 5 + 20, 24 * 6)}  # Friday's night ends with the last day in force
    assert begun[0].weekday() == 0
    assert set(np.flatnonzero(hours)) == wanted


def test_closing_bars_the_lanes_and_nothing_else() -> None:
    base = small_border(FIRST, 5)
    changed = apply_restrictions(base, [restriction("close", hours=(8, 12))])
    barred = changed.booths == BARRED
    assert barred[:2].any(axis=1).all()
    assert not barred[2:].any()
    assert barred[0].sum() == 5 * 4 * PER_HOUR
    assert np.array_equal(base.booths, small_border(FIRST, 5).booths)  # the baseline is left as it was


@pytest.mark.parametrize(("value", "capacity"), [(4.0, 4.0), (1.0, 1.0), (7.0, 7.0), (20.0, 8.0)])
def test_a_cap_counts_booths_over_both_truck_lanes(value: float, capacity: float) -> None:
    base = small_border(FIRST, 5)
    changed = apply_restrictions(base, [restriction("cap-booths", values={"booths": value})])
    noon = 12 * PER_HOUR
    given = changed.booths[:2, noon]
    assert (given >= 1).all()  # no lane is left without anybody to serve it
    # Booths over their slowing is the capacity in usual booths.
    assert given.sum() / changed.hourly("service_factor")[0, 12] == pytest.approx(capacity)
    assert changed.booths[:2, 2 * PER_HOUR].tolist() == [0, 0]
    assert changed.booths[3, noon] == base.booths[3, noon]


def test_a_share_of_booths_is_that_share_of_capacity() -> None:
    base = small_border(FIRST, 5)
    changed = apply_restrictions(base, [restriction("cap-booths", values={"share": 0.3})])
    assert changed.booths[:2, 48].sum() / changed.hourly("service_factor")[0, 12] == pytest.approx(0.3 * 8)


def test_an_added_fast_booth_stands_in_the_fast_lane() -> None:
    changed = apply_restrictions(
        small_border(FIRST, 5), [restriction("booths", lanes=("commercial-fast",), values={"add": 1.0})]
    )
    assert changed.booths[:2, 48].tolist() == [6, 3]


def test_times_are_set_added_and_multiplied() -> None:
    base = small_border(FIRST, 5)
    for values, wanted in (({"factor": 1.5}, 4.5), ({"time": 6.0}, 6.0), ({"add": 2.0}, 5.0)):
        changed = apply_restrictions(base, [restriction("service-time", values=values)])
        assert changed.service_min[0] * changed.hourly("service_factor")[0, 12] == pytest.approx(wanted)


def test_enrolment_moves_trucks_but_loses_none() -> None:
    base = small_border(FIRST, 5)
    changed = apply_restrictions(base, [restriction("fast-share", values={"add": 0.10})])
    before, after = base.arrivals[:2].astype(float), changed.arrivals[:2].astype(float)
    assert np.allclose(before.sum(axis=0), after.sum(axis=0), rtol=1e-5)
    assert after[1].sum() / after.sum() == pytest.approx(before[1].sum() / before.sum() + 0.10, abs=1e-4)


def test_enrolment_above_everybody_is_refused_with_what_is_possible() -> None:
    with pytest.raises(InputError, match=r"115% at Pharr.*, where 25% are enrolled\. Between -25 and 75 points"):
        apply_restrictions(small_border(FIRST, 5), [restriction("fast-share", values={"add": 0.90})])


def test_demand_and_secondary() -> None:
    base = small_border(FIRST, 5)
    changed = apply_restrictions(
        base,
        [restriction("demand", values={"change": -0.4}), restriction("secondary", values={"share": 0.5, "time": 30.0})],
    )
    assert changed.arrivals[0].sum() == pytest.approx(0.6 * base.arrivals[0].sum(), rel=1e-5)
    assert changed.hourly("secondary_share")[0, 0] == 0.5
    assert changed.hourly("secondary_min")[1, 0] == 30.0


def test_places_of_a_stage_are_split_by_traffic() -> None:
    changed = apply_restrictions(small_border(FIRST, 5), [stage()])
    assert changed.stage.tolist() == [0, 1, -1, -1, -1]
    assert changed.stage_places[:, 50].tolist() == [6, 2]  # 8 places, 60 and 20 trucks an hour
    assert changed.stage_min[0, 50] == pytest.approx(50)


# -- a scenario beside its baseline ----------------------------------------------------------------------------------


def test_a_stage_lets_through_what_its_places_can_do(outcome: Outcome) -> None:
    served = outcome.summed("scenario", "crossing", "period")
    place = served["labels"].index("pharr/truck")
    # 8 places, 50 minutes each, day and night (the line stands over night): 9.6 an hour, plus what fits before them.
    most = 8 * 60 / 50 * 24 * 5 + 2 * float(parameters()["crossings.stage_room"].default) + 8
    assert 0.75 * 8 * 60 / 50 * 16 * 5 < served["served"][place, 0] < most
    assert outcome.summed("baseline", "crossing", "period")["served"][place, 0] == pytest.approx(80 * 16 * 5, rel=0.05)


def test_what_no_restriction_touches_does_not_change(outcome: Outcome) -> None:
    before, after = outcome.hourly("baseline"), outcome.hourly("scenario")
    for name in ("arrivals", "served", "wait_sum_min", "max_wait_min"):
        assert np.array_equal(before[name][3:], after[name][3:])


def test_entities_are_conserved(outcome: Outcome) -> None:
    for side in ("baseline", "scenario"):
        tally = outcome.tallies[side]
        assert np.array_equal(tally.joined.sum(axis=1), tally.served.sum(axis=1) + tally.still_queued)


def test_sums_agree_at_every_level(outcome: Outcome) -> None:
    hours = outcome.hours_table()
    for by in ("lane", "crossing", "port", "region", "mode"):
        for over in ("day", "month", "span"):
            table = outcome.table(by, over)
            for name in ("served", "diverted_in", "put_off"):
                assert np.sum(table[f"scenario_{name}"]) == np.sum(hours[f"scenario_{name}"])
            assert np.max(table["scenario_max_wait_min"]) == np.max(hours["scenario_max_wait_min"])


def test_time_costs_what_the_register_says(outcome: Outcome) -> None:
    truck = float(parameters()["crossings.cost_truck_hour"].default)
    hourly = outcome.hourly("scenario")
    hours = hourly["delay_hours"][3].sum()
    assert hourly["user_cost_usd"][3].sum() == pytest.approx(hours * truck)
    # Who leaves Pharr drives 40 minutes and pays 3 dollars.
    moved = hourly["diverted_in"][2].sum()
    assert moved > 0
    assert hourly["detour_hours"][0].sum() == pytest.approx(moved * 40 / 60)
    paid = hourly["user_cost_usd"][0].sum() - truck * (hourly["delay_hours"][0].sum() + hourly["detour_hours"][0].sum())
    assert paid == pytest.approx(3 * moved, rel=1e-6)


def test_goods_put_off_are_trucks_times_the_ports_value(outcome: Outcome) -> None:
    hourly = outcome.hourly("scenario")
    away = (hourly["put_off"] - hourly["came_back"])[0].sum()
    value = truck_values(2022)["pharr"]
    assert hourly["us_imports_put_off_usd"][0].sum() == pytest.approx(away * value.northbound)
    assert hourly["us_exports_linked_usd"][0].sum() == pytest.approx(away * value.southbound)
    assert not hourly["us_imports_put_off_usd"][4].any()  # cars carry no freight


def test_diverted_are_counted_where_they_go(outcome: Outcome) -> None:
    rows = outcome.diverted()
    assert [(row["from"], row["to"]) for row in rows] == [("pharr", "progreso")]
    assert rows[0]["scenario"] == outcome.hourly("scenario")["diverted_in"][2].sum()


def test_an_ordinary_week_has_no_difference(border: None) -> None:
    outcome = simulate(ordinary_days(date(2026, 12, 7), 7), 3)
    found = simulation_object(outcome)
    assert {row["change_pct"] for row in found["months"]} == {0.0}
    assert all(row["baseline"] == row["scenario"] for row in found["lanes"])
    assert found["simulated"] == {"from": "2026-12-07", "to": "2026-12-13", "days": 7}


def test_the_json_contract(outcome: Outcome) -> None:
    found = json.loads(json.dumps(simulation_object(outcome)))
    assert len(found["hash"]) == 16
    for row in found["months"]:
        assert {"month", "port", "mode", "baseline", "scenario", "change_pct"} <= set(row)
        assert row["mode"] in ("truck", "vehicle", "pedestrian")
        assert row["month"] == "2022-04"
        assert row["whole_month"]
    pharr = next(row for row in found["months"] if row["port"] == "2305" and row["mode"] == "truck")
    assert pharr["change_pct"] == pytest.approx(100 * (pharr["scenario"] / pharr["baseline"] - 1), abs=0.01)
    assert len(found["lanes"]) == len(LANES)
    for row in found["lanes"]:
        for side in ("baseline", "scenario"):
            assert {"entities", "mean_wait_min", "max_wait_min"} <= set(row[side])
    assert found["totals"]["extra"]["delay_hours"] > 0
    assert all(f"totals.{name}" in found["units"] for name in MEASURES)


def test_same_seed_same_result_at_any_number_of_threads(border: None) -> None:
    one, two = (simulate(case(stage()), 11, threads=threads) for threads in (1, 2))
    assert simulation_object(one) == simulation_object(two)
    assert simulation_object(simulate(case(stage()), 12))["months"] != simulation_object(one)["months"]


def test_seed_zero_is_a_seed(border: None) -> None:
    assert simulate(case(stage()), 0).hash != simulate(case(stage()), 1).hash


def test_own_volumes_take_own_lanes_and_times(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = {}

    def build(start: date, days: int, **more: object) -> object:
        asked.update(more)
        return small_border(start, days)

    monkeypatch.setattr(module, "build_network", build)
    found = simulate(load_scenario("san-ysidro-1985"), 1)
    assert asked["volumes"] == {("san-ysidro", "vehicle"): 31000.0}
    assert found.lanes == [("san-ysidro", "passenger-standard", "vehicle")]
    assert found.network.booths.max() == 24
    assert found.network.service_min[0] == pytest.approx(34 / 60)
    assert (found.first, found.last) == (date(1985, 2, 1), date(1985, 2, 28))


def test_published_changes_stand_beside_the_simulated_ones(border: None) -> None:
    counted = (
        Counted(port="2305", mode="truck", month="2022-04", change=-0.2, source="x"),
        Counted(port="2305", mode="truck", month="2022-04", day=date(2022, 4, 6), change=-0.9, source="x"),
        Counted(port="2305", mode="truck", month="2022-05", day=date(2022, 5, 6), change=-0.9, source="x"),
    )
    found = simulation_object(simulate(case(stage()).model_copy(update={"counted": counted}), 7))
    month, day, outside = found["counted"]
    assert month["counted_pct"] == -20
    assert month["change_pct"] == next(row["change_pct"] for row in found["months"] if row["port"] == "2305")
    assert month["change_pct"] > day["change_pct"] > -100  # one day in force changes more than its month
    assert day["day"] == "2022-04-06"
    assert outside["change_pct"] is None


def test_days_are_checked() -> None:
    for first, days in ((date(2026, 12, 7), 0), (date(2026, 12, 7), 5000), (date(2012, 1, 1), 7)):
        with pytest.raises(InputError):
            ordinary_days(first, days)


# -- files ---------------------------------------------------------------------------------------------------------


def test_parquet_and_csv_hold_the_same(outcome: Outcome, tmp_path: Path) -> None:
    import duckdb

    written = write_tables(outcome, tmp_path)
    assert {path.suffix for path in written} == {".parquet", ".csv"}
    table = tmp_path / "ports_by_month"
    rows = duckdb.sql(f"SELECT * FROM '{table}.parquet'").fetchall()
    with open(f"{table}.csv", encoding="utf-8", newline="") as handle:
        texts = list(csv.DictReader(handle))
    assert len(rows) == len(texts) == len(outcome.table("port", "month")["port"])
    assert {text["port"] for text in texts} == {"2305", "2309", "2504", "2506"}
    assert [int(text["scenario_served"]) for text in texts] == outcome.table("port", "month")[
        "scenario_served"
    ].tolist()
    hours = duckdb.sql(f"SELECT count(*), sum(baseline_served) FROM '{tmp_path / 'lanes_by_hour'}.parquet'").fetchall()[
        0
    ]
    assert hours[0] == len(LANES) * 30 * 24
    assert hours[1] == outcome.hourly("baseline")["served"].sum()


def test_a_folder_with_other_files_is_refused(tmp_path: Path) -> None:
    check_folder(tmp_path, marker=MARKER)
    check_folder(tmp_path / "new" / "deep", marker=MARKER)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(InputError, match="cannot be written"):
        check_folder(Path("/proc/nowhere"), marker=MARKER)
    (tmp_path / "thesis.doc").write_text("x")
    with pytest.raises(InputError, match="holds other files"):
        check_folder(tmp_path, marker=MARKER)
    (tmp_path / MARKER).write_text("{}")
    check_folder(tmp_path, marker=MARKER)
