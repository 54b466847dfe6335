"""Patterns of restrictions: surfaces against the room's own evaluation, the closed form, several together."""

import json

import numpy as np
import pytest

from borderlab.crossings.surfaces.pattern import KINDS
from borderlab.crossings.surfaces.response import INPUTS
from borderlab.crossings.surfaces.surface import FOLDER, Surface, ordinary_waits
from borderlab.evidence.tables.parameter import parameters
from borderlab.model.border.approximation import PARAMETERS, Approximation, touched
from borderlab.model.border.patterns import BoundPatterns, form, patterns_of
from borderlab.model.core.kernels import as_written
from borderlab.model.modules import patterns as module
from borderlab.model.modules.patterns import MODES, OUTPUTS
from borderlab.strategy.file.library import shipped
from borderlab.strategy.file.parse import load_strategy

FILES = sorted(path.name for path in FOLDER.glob("*.json") if path.name != "ordinary.json")
MOST_GAIN, MOST_LOSS = (float(parameters()[f"border.{name}"].default) for name in ("most_gain", "most_loss"))
MIDDLE = np.array([float(parameters()[id_].default) for id_ in INPUTS])
LEVERS = {
    "inspect-freight": "us.freight_inspection_share",
    "cut-trucks": "us.truck_capacity_cut",
    "fast-share": "us.fast_share_added",
    "staff-ports": "us.port_staff",
}
at_knots, together_ = as_written(module.at_knots), as_written(module.together)
INSPECT, PHARR, BRIDGE, COLOMBIA = "inspect-freight", "pharr", "world-trade", "colombia"


def felt(patterns, in_force, announced=(), inputs=MIDDLE, usable=1.0):
    """What uses of levers do together: outputs by name, and what is kept after those that press and that threaten."""
    tables = patterns.tables()
    forms = len(patterns.forms)
    table = np.zeros((forms, tables["knots"].shape[1], len(OUTPUTS)))
    at_knots(tables["knots"], tables["low"], tables["high"], tables["coefficients"], inputs, table)
    sums, threat = np.zeros(len(OUTPUTS)), np.zeros(1)
    names = ("pattern_of", "greatest", "pressing", "preclears", "knots", "least", "most", "common")
    pressed, threatened = together_(
        np.array(in_force, float), np.array(announced or [0.0] * len(in_force), float), usable,
        *(tables[name] for name in names), np.zeros(forms), np.zeros(forms), table, sums, threat, MOST_GAIN, MOST_LOSS,
    )  # fmt: skip
    return dict(zip(OUTPUTS, sums, strict=True)), pressed, threatened


def uses(*patterns):
    return BoundPatterns.of([(LEVERS.get(kind, "us.restriction"), kind, at) for kind, at in patterns])


@pytest.mark.parametrize("name", FILES)
def test_knots_and_lines_between_them_are_the_matrix_product(name):
    surface = Surface.from_json(json.loads((FOLDER / name).read_text(encoding="utf-8")))
    mine = uses((surface.kind, surface.at))
    assert mine.forms[0].basis == "simulated"
    rng = np.random.default_rng(5)
    intensity = rng.random(60) * (rng.random(60) > 0.2) * KINDS[surface.kind].most
    intensity[:2] = 0.0, KINDS[surface.kind].most
    inputs = {
        id_: low + (high - low) * rng.random(60)
        for id_, low, high in zip(surface.inputs, surface.low, surface.high, strict=True)
    }
    theirs = surface.predict(intensity, inputs)
    for place, share in enumerate(intensity):
        ours, _, _ = felt(mine, [share], inputs=np.array([inputs[id_][place] for id_ in INPUTS]))
        for row in ("throughput_lost", "trucks_lost"):  # what is kept
            lost = np.clip(getattr(theirs, row)[place], MOST_GAIN, MOST_LOSS)
            assert ours[row] == pytest.approx(1.0 - lost, rel=1e-9)
        for row in ("value_delayed", "truck_cost", "traveller_hours"):
            assert ours[row] == pytest.approx(getattr(theirs, row)[place], rel=1e-9, abs=1e-9)
        for mode in MODES:
            change = theirs.wait_change[mode][place] if mode in theirs.wait_change else 0.0
            assert ours[f"wait_change.{mode}"] == pytest.approx(change, rel=1e-9, abs=1e-9)
        if share == 0.0:
            assert list(ours.values()) == [1.0, 1.0, *[0.0] * 6]


def test_inputs_beyond_the_design_count_as_its_edge():
    mine = uses((INSPECT, ()))
    low, high = mine.forms[0].low, mine.forms[0].high
    edges = felt(mine, [0.5], inputs=low)[0], felt(mine, [0.5], inputs=high)[0]
    assert felt(mine, [0.5], inputs=low - 9 * (high - low))[0] == pytest.approx(edges[0], rel=1e-12)
    assert felt(mine, [0.5], inputs=high + 9 * (high - low))[0] == pytest.approx(edges[1], rel=1e-12)
    assert edges[0]["truck_cost"] != pytest.approx(edges[1]["truck_cost"], rel=1e-3)


def test_different_kinds_act_one_after_the_other_and_hours_add_up():
    first, second = ("cut-trucks", (PHARR,)), ("inspect-freight", (BRIDGE,))
    (one, _, _), (two, _, _) = felt(uses(first), [0.6]), felt(uses(second), [0.9])
    both, pressed, _ = felt(uses(first, second), [0.6, 0.9])
    for row in ("throughput_lost", "trucks_lost"):
        assert both[row] == pytest.approx(one[row] * two[row])  # shares kept multiply
        assert both[row] < min(one[row], two[row])
    for row in OUTPUTS[2:]:
        assert both[row] == pytest.approx(one[row] + two[row])  # hours and money add up
    assert pressed == both["throughput_lost"]


def test_nested_places_of_one_kind_hold_once():
    """A wider pattern at full strength leaves nothing for a narrower one of its kind to add."""
    alone = felt(uses((INSPECT, (BRIDGE, COLOMBIA))), [1.0])
    nested = uses((INSPECT, (BRIDGE, COLOMBIA)), (INSPECT, (BRIDGE,)))
    assert nested.of_slot == (0, 1)
    for found in (felt(nested, [1.0, 1.0]), felt(nested, [1.0, 0.4])):
        assert found[0] == pytest.approx(alone[0], rel=1e-12)
        assert found[1] == pytest.approx(alone[1], rel=1e-12)
    # In whatever order they are written, and under the whole border, too.
    turned = felt(uses((INSPECT, (BRIDGE,)), (INSPECT, (BRIDGE, COLOMBIA))), [1.0, 1.0])
    assert turned[0] == pytest.approx(alone[0], rel=1e-12)
    border, part = felt(uses((INSPECT, ())), [0.7]), felt(uses((INSPECT, (PHARR,)), (INSPECT, ())), [0.7, 0.7])
    assert part[0] == pytest.approx(border[0], rel=1e-12)
    # A threat to do the same again names nothing more than the wider one does.
    named = felt(uses((INSPECT, (BRIDGE, COLOMBIA))), [0.0], [1.0])[2]
    assert felt(nested, [0.0, 0.0], [1.0, 1.0])[2] == pytest.approx(named, rel=1e-12)
    assert named < 1.0


def test_a_stricter_use_of_part_of_the_places_counts_for_what_it_adds():
    wide, narrow = (INSPECT, (BRIDGE, COLOMBIA)), (INSPECT, (BRIDGE,))
    mild, _, _ = felt(uses(wide), [0.5])
    both, _, _ = felt(uses(wide, narrow), [0.5, 1.0])
    (whole, _, _), (half, _, _) = felt(uses(narrow), [1.0]), felt(uses(narrow), [0.5])
    for row in ("throughput_lost", "trucks_lost"):
        assert both[row] == pytest.approx(mild[row] * whole[row] / half[row])
    for row in OUTPUTS[2:]:
        assert both[row] == pytest.approx(mild[row] + whole[row] - half[row])
    assert both["throughput_lost"] < mild["throughput_lost"]


def test_places_in_part_shared_count_by_the_flow_that_they_share():
    first, second = ("cut-trucks", (BRIDGE, COLOMBIA)), ("cut-trucks", (COLOMBIA, PHARR))
    common = uses(first, second).tables()["common"]
    entries = {at: touched(at).entries["truck"] for at in ((COLOMBIA,), (COLOMBIA, PHARR))}
    assert common[1, 0] == pytest.approx(entries[COLOMBIA,] / entries[COLOMBIA, PHARR])
    (one, _, _), (two, _, _) = felt(uses(first), [0.8]), felt(uses(second), [0.8])
    both, _, _ = felt(uses(first, second), [0.8, 0.8])
    row = "trucks_lost"
    assert one[row] * two[row] < both[row] < min(one[row], two[row])
    assert both["truck_cost"] == pytest.approx(one["truck_cost"] + (1 - common[1, 0]) * two["truck_cost"])


def test_places_apart_multiply_what_they_keep():
    first, second = (INSPECT, (BRIDGE,)), (INSPECT, (PHARR,))
    (one, _, _), (two, _, _) = felt(uses(first), [1.0]), felt(uses(second), [0.5])
    both, _, _ = felt(uses(first, second), [1.0, 0.5])
    assert not uses(first, second).tables()["common"].any()
    assert both["throughput_lost"] == pytest.approx(one["throughput_lost"] * two["throughput_lost"])
    assert both["truck_cost"] == pytest.approx(one["truck_cost"] + two["truck_cost"])


def test_two_rules_that_use_one_pattern_hold_once_at_the_greater_intensity():
    same = uses((INSPECT, (PHARR,)), (INSPECT, (PHARR,)))
    assert len(same.forms) == 1
    assert felt(same, [0.3, 0.8]) == felt(uses((INSPECT, (PHARR,))), [0.8])


def test_only_pressure_presses_and_nobody_weighs_a_threat_by_what_it_would_speed_up():
    mixed = uses(("fast-share", ()), (INSPECT, (PHARR,)))
    assert [one.kind for one in mixed.forms] == [INSPECT, "fast-share"]  # pressure comes first
    alone, pressed, _ = felt(uses((INSPECT, (PHARR,))), [0.8])
    both, still, threatened = felt(mixed, [0.3, 0.8], [0.3, 0.0])
    assert still == pressed
    assert threatened == 1.0
    assert both["wait_change.truck"] < alone["wait_change.truck"]
    for share in np.linspace(0, 1, 21):
        assert felt(uses((INSPECT, ())), [0.0], [share])[2] <= 1.0


def test_preclearance_counts_as_far_as_it_can_be_used():
    assert felt(uses(("preclear", ())), [0.8], usable=0.5) == felt(uses(("preclear", ())), [0.4])


def test_patterns_of_the_shipped_strategies_are_found():
    found = {pattern for id_ in shipped() for pattern in patterns_of(load_strategy(id_))}
    assert ("inspect-freight", ("colombia", "pharr", "world-trade")) in {
        (kind, tuple(sorted(at))) for kind, at in found
    }
    assert not patterns_of(load_strategy("status-quo"))


# --- the closed form ------------------------------------------------------------------------------------------------

VALUES = {id_: float(parameters()[id_].default) for id_ in PARAMETERS}
FULL = np.array([1.0])


def closed(kind, at=(), intensity=FULL, **changed):
    found = Approximation(kind, at, VALUES | {f"approximation.{id_}": value for id_, value in changed.items()})
    return dict(zip(OUTPUTS, found.outputs(np.asarray(intensity, float)).T, strict=True))


@pytest.mark.parametrize("kind", KINDS)
def test_the_closed_form_is_nothing_at_nothing(kind):
    assert not any(value.any() for value in closed(kind, intensity=[0.0]).values())
    assert any(value.any() for value in closed(kind, intensity=[KINDS[kind].most]).values())


def test_the_closed_form_by_hand_at_a_closure():
    place = touched(("pharr",))
    assert closed("cut-trucks", ("pharr",))["trucks_lost"][0] == pytest.approx(0.85 * place.share["truck"])
    # Below the spare capacity of one fifth nothing is lost.
    spare = closed("cut-trucks", intensity=[0.1, 0.2, 0.3])["trucks_lost"]
    assert spare[:2] == pytest.approx([0.0, 0.0], abs=1e-12)
    assert spare[2] == pytest.approx(1 - 0.7 / 0.8)


def test_relief_saves_a_part_of_the_ordinary_wait_by_hand():
    relief = VALUES["approximation.relief_fast-share"]
    saved = ordinary_waits()["truck"] * (1 - np.exp(-0.3 * relief))
    found = closed("fast-share", intensity=[0.3])
    assert found["wait_change.truck"][0] == pytest.approx(-saved)
    assert found["truck_cost"][0] == pytest.approx(
        -touched(()).entries["truck"] * saved / 60 * VALUES["crossings.cost_truck_hour"]
    )
    assert not found["throughput_lost"].any()


UNSTORED = [("cut-trucks", ("pharr",)), ("limit-travel", ("otay-mesa",)), ("staff-ports", ("pharr",))]


@pytest.mark.parametrize(("kind", "at"), UNSTORED, ids=str)
def test_its_table_is_the_formula_at_the_knots_and_close_between(kind, at):
    mine = form(kind, at)
    assert mine.basis == "approximate"
    formula = Approximation(kind, at, VALUES)
    for share in mine.knots:
        exact = dict(zip(OUTPUTS, formula.outputs(np.array([share * mine.greatest]))[0], strict=True))
        found, _, _ = felt(uses((kind, at)), [share * mine.greatest])
        for row in OUTPUTS[:2]:
            assert found[row] == pytest.approx(1.0 - np.clip(exact[row], MOST_GAIN, MOST_LOSS), rel=1e-12)
        for row in OUTPUTS[2:]:
            assert found[row] == pytest.approx(exact[row], rel=1e-9, abs=1e-9)
    between = (mine.knots[1:] + mine.knots[:-1]) / 2
    exact = formula.outputs(between * mine.greatest)
    size = np.abs(formula.outputs(mine.knots * mine.greatest)).max(axis=0)
    for share, row in zip(between, exact, strict=True):
        found = felt(uses((kind, at)), [share * mine.greatest])[0]
        for place, name in enumerate(OUTPUTS):
            value = 1.0 - found[name] if place < 2 else found[name]
            assert value == pytest.approx(row[place], abs=0.04 * size[place] + 1e-12), name


def test_the_figures_of_the_closed_form_are_those_of_the_run():
    figures = tuple((VALUES | {"approximation.recovered": 0.0}).items())
    mine = BoundPatterns.of([("us.truck_capacity_cut", "cut-trucks", ("pharr",))], figures)
    lost = 1.0 - felt(mine, [1.0])[0]["trucks_lost"]
    assert lost == pytest.approx(touched(("pharr",)).share["truck"])
