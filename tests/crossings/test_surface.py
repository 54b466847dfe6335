"""Response surfaces: what they promise, and how near they are to the simulator they stand for."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from borderlab.crossings.queues.state import BARRED
from borderlab.crossings.surfaces import surface as surfaces
from borderlab.crossings.surfaces.pattern import KINDS, in_force
from borderlab.evidence.tables.table import table
from tests.crossings.lanes import network_of

PATTERNS = table("surfaces/patterns", surfaces.Pattern)
RNG = np.random.default_rng(3)


def drawn(surface, count):
    """Inputs within the design's ranges."""
    return {
        name: RNG.uniform(low, high, count)
        for name, low, high in zip(surface.inputs, surface.low, surface.high, strict=True)
    }


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda one: f"{one.kind}:{one.at or 'all'}")
def test_every_shipped_pattern_has_its_surface(pattern):
    assert (surfaces.FOLDER / surfaces.file_name(pattern.kind, pattern.places)).exists()
    surface = surfaces.surface_for(pattern.kind, tuple(reversed(pattern.places)))
    most = KINDS[pattern.kind].most
    result = surface.predict(np.linspace(0, most, 50), drawn(surface, 50))
    assert result.throughput_lost[0] == result.truck_cost[0] == result.traveller_hours[0] == 0.0
    assert all(change[0] == 0.0 for change in result.wait_change.values())
    # Shares are of the ordinary border: with more demand than that, more than all of it can be lost.
    growth = surface.high[surface.inputs.index("surface.demand_growth")]
    assert (result.trucks_lost <= 1.0 + growth + 0.02).all()
    assert set(result.wait_change) <= set(KINDS[pattern.kind].modes)
    for name, error in surface.error.items():
        if name.startswith("lost.") and name.count(".") == 1 and pattern.kind.startswith(("cut", "inspect", "limit")):
            assert error["relative"] < 0.06, name


def test_closing_everything_stops_everything():
    for kind, mode in (("cut-trucks", "truck"), ("cut-vehicles", "vehicle"), ("cut-pedestrians", "pedestrian")):
        result = surfaces.surface_for(kind).predict(1.0)
        assert result.lost[mode][0] == pytest.approx(1.0, abs=0.03)


def test_more_inspection_loses_more_trucks():
    lost = surfaces.surface_for("inspect-freight").predict(np.linspace(0, 1, 60)).trucks_lost
    assert (np.diff(lost) > -0.02).all()
    assert lost[-1] > 0.5


def test_relief_shortens_waits():
    result = surfaces.surface_for("staff-ports").predict(np.array([0.1, 0.4]))
    for mode in ("truck", "vehicle", "pedestrian"):
        assert (result.wait_change[mode] < 0).all()
        assert result.wait_change[mode][1] <= result.wait_change[mode][0] + 0.5


def test_one_future_or_many_are_the_same_and_the_file_keeps_the_surface():
    surface = surfaces.surface_for("cut-trucks")
    x, inputs = RNG.uniform(0, 1, 300), drawn(surface, 300)
    together = surface.predict(x, inputs)
    again = surfaces.Surface.from_json(json.loads(json.dumps(surface.as_json())))
    assert np.allclose(again.predict(x, inputs).truck_cost, together.truck_cost, rtol=1e-6)
    for one in (0, 7, 299):
        alone = surface.predict(x[one], {name: values[one] for name, values in inputs.items()})
        assert alone.truck_cost[0] == pytest.approx(together.truck_cost[one], rel=1e-12)


def test_prediction_is_the_formula():
    surface = surfaces.surface_for("cut-trucks")
    x, inputs = RNG.uniform(0, 1, 200), drawn(surface, 200)
    given = np.stack([inputs[name] for name in surface.inputs], axis=1)
    u = (2 * given - surface.low - surface.high) / (surface.high - surface.low)
    k = surface.names.index("trucks_lost")
    plain = np.clip(surfaces.terms(x, u) @ surface.weights[:, k], surface.least[k], surface.most[k])
    assert np.allclose(surface.predict(x, inputs).trucks_lost, plain, atol=1e-12)


def test_a_fit_recovers_a_known_response():
    low, high = np.zeros(4), np.ones(4)
    x, u = surfaces.design(160, 8, low, high)
    y = np.maximum(0.0, x - 0.14) * (2 + (2 * u[:, 0] - 1))
    basis = surfaces.terms(x, 2 * u - 1)
    miss = basis @ surfaces._fit(basis, y) - y
    assert np.abs(miss).max() < 0.02
    assert surfaces.terms(np.zeros(3), np.ones((3, 4))).sum() == 0.0


def test_the_surface_is_near_the_simulator_at_points_of_its_own():
    from borderlab.crossings.surfaces.response import default_inputs, outputs, respond

    places = ("colombia", "pharr", "world-trade")
    surface = surfaces.surface_for("inspect-freight", places)
    for x in (0.3, 0.9):
        exact = dict(zip(outputs(), respond("inspect-freight", places, x, default_inputs()), strict=True))
        assert surface.predict(x).trucks_lost[0] == pytest.approx(exact["trucks_lost"], abs=0.04)


def test_an_unknown_kind_is_refused():
    with pytest.raises(KeyError, match="cut-trucks"):
        surfaces.surface_for("cut-boats")


def test_another_form_is_refused():
    document = surfaces.surface_for("cut-trucks").as_json() | {"form": 0}
    with pytest.raises(ValueError, match="form"):
        surfaces.Surface.from_json(document)


def test_patterns_change_what_they_say():
    network = network_of(
        [("a", "truck"), ("a", "truck", "commercial-fast"), ("b", "truck"), ("c", "vehicle")],
        per_hour=[[60], [20], [30], [90]],
        booths=[[5], [2], [3], [6]],
    )
    assert in_force(network, "cut-trucks", (), 0.0) is network
    shut = in_force(network, "cut-trucks", ("a",), 1.0)
    assert (shut.booths[:2] == BARRED).all()
    assert (shut.booths[2:] == network.booths[2:]).all()
    half = in_force(network, "cut-trucks", (), 0.5)
    capacity = half.booths / np.repeat(half.hourly("service_factor"), 4, axis=1)
    assert np.allclose(capacity[:3], network.booths[:3] / 2)
    moved = in_force(network, "fast-share", (), 0.1)
    assert moved.arrivals[1].sum() / moved.arrivals[:2].sum() == pytest.approx(0.35, rel=1e-5)
    assert moved.arrivals.sum() == pytest.approx(network.arrivals.sum(), rel=1e-6)
    # Officers follow: as many booths are open as before. The programme's lane, with 1.4 times its traffic, would take
    # 0.8 booths more than its two; the other lane loses 8 trucks of 60 and can spare that share of its five.
    capacity = moved.booths / np.repeat(moved.hourly("service_factor"), 4, axis=1)
    assert np.allclose(capacity[:2].sum(axis=0), 7)
    assert np.allclose(capacity[1], 2 + 5 * 8 / 60)
    assert np.allclose(capacity[2:], network.booths[2:])
    staged = in_force(network, "inspect-freight", ("b",), 0.4)
    assert staged.stage.tolist() == [-1, -1, 0, -1]
    assert np.allclose(staged.stage_share, 0.4)
    easier = in_force(network, "preclear", (), 0.5)
    assert np.allclose(easier.service_factor[:3], 0.75)
    assert np.allclose(easier.service_factor[3], 1.0)
    fewer = in_force(network, "limit-travel", (), 1.0)
    assert fewer.arrivals[3].sum() == pytest.approx(0.68 * network.arrivals[3].sum(), rel=1e-5)
    for changed in (shut, half, moved, staged, easier, fewer):
        changed.check()


def test_a_wait_is_the_time_to_primary_inspection_alone(monkeypatch):
    """Where an added inspection has room for all, nobody waits longer for primary, and every inspected truck loses its
    50 minutes: hours that were once told as a wait of the kind that the law counts (6 U.S.C. 223)."""
    from borderlab.crossings.surfaces import pattern, response

    real = pattern.value
    monkeypatch.setattr(pattern, "value", lambda name: 500.0 if name == "inspection_places" else real(name))
    places, inputs = ("pharr",), response.default_inputs()
    found = dict(zip(response.outputs(), response.respond("inspect-freight", places, 0.5, inputs), strict=True))
    assert found["wait_change.truck"] == pytest.approx(0.0, abs=1e-9)
    lanes = tuple(response.reached("inspect-freight", places).tolist())
    week, net = response.base_week(inputs, lanes), response.ordinary().take(lanes)
    trucks = sum(week.joined[lane] for lane in range(net.n_lanes) if net.crossing[lane] == "pharr")
    assert found["delay_hours.truck"] == pytest.approx(0.5 * trucks * real("inspection_min") / 60, rel=0.03)


def test_ordinary_waits_are_those_of_a_simulated_week():
    """Against the other way to simulate an ordinary week, whose waits are to primary too."""
    from borderlab.crossings.outcomes.simulate import ordinary_days, simulate
    from borderlab.crossings.surfaces.response import DAYS, SETTLE, START

    outcome = simulate(ordinary_days(START + timedelta(days=SETTLE), DAYS - SETTLE), seed=5)
    found = outcome.summed("baseline", "mode", "span")
    waits = surfaces.ordinary_waits()
    for place, mode in enumerate(found["labels"]):
        assert waits[mode] == pytest.approx(float(found["mean_wait_min"][place, 0]), rel=0.06), mode


def test_ordinary_waits_are_shipped():
    waits = surfaces.ordinary_waits()
    assert set(waits) == {"truck", "vehicle", "pedestrian"}
    assert all(1 < minutes < 120 for minutes in waits.values())


def test_bounds_hold_beyond_the_design():
    surface = surfaces.surface_for("cut-trucks")
    wide = {name: np.array([-1e6, 1e6]) for name in surface.inputs}
    result = surface.predict(np.array([5.0, 0.9]), wide)
    assert (result.trucks_lost <= surface.most[surface.names.index("trucks_lost")]).all()
    assert replace(surface, points=1).points == 1


def test_the_key_of_a_surface_follows_figures_and_version_but_no_wording(monkeypatch, tmp_path):
    for folder in ("parameters", "crossings"):
        shutil.copytree(surfaces.REFERENCE / folder, tmp_path / folder)
    monkeypatch.setattr(surfaces, "REFERENCE", tmp_path)
    key = surfaces.content_hash.__wrapped__
    before = key()
    assert before == surfaces.surface_for("cut-trucks").made_from
    lanes, parameters = tmp_path / "crossings" / "lanes.csv", tmp_path / "parameters" / "crossings.csv"
    whole = lanes.read_text(encoding="utf-8"), parameters.read_text(encoding="utf-8")
    lanes.write_text("# a remark\n" + whole[0].replace("cbp-bwt", "another-source"), encoding="utf-8")
    parameters.write_text(whole[1].replace("camión", "camion"), encoding="utf-8")
    assert parameters.read_text(encoding="utf-8") != whole[1]
    assert key() == before
    parameters.write_text(whole[1].replace(",0.27,", ",0.28,"), encoding="utf-8")
    assert key() != before
    parameters.write_text(whole[1], encoding="utf-8")
    lanes.write_text(whole[0] + whole[0].splitlines()[-1] + "\n", encoding="utf-8")
    assert key() != before
    lanes.write_text(whole[0], encoding="utf-8")
    assert key() == before
    monkeypatch.setattr(surfaces, "VERSION", surfaces.VERSION + 1)
    assert key() != before


def test_no_shipped_surface_is_stale():
    stale = [
        f"{pattern.kind} {pattern.at or 'all'}"
        for pattern in surfaces.table("surfaces/patterns", surfaces.Pattern)
        if surfaces.surface_for(pattern.kind, pattern.places).stale()
    ]
    assert not stale, "made by another version, or from other tables: python -m borderlab.crossings.surfaces.surface"
