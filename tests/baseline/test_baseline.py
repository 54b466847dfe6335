"""Every result is what it was when the baseline was stored; ``python -m scripts.baseline --renew`` stores anew."""

import numpy as np
import pytest
from scripts.baseline import (
    CROSSINGS,
    MODEL,
    check_crossings,
    check_model,
    check_surfaces,
    crossings_differences,
    difference,
    faults,
    load,
    model_differences,
)

CURE = "\nIf this is meant, renew with 'python -m scripts.baseline --renew' and say in the commit what changed and why."


def test_the_model_gives_what_it_gave():
    found = check_model()
    assert not found, "\n".join(found[:40]) + CURE


def test_the_crossings_give_what_they_gave():
    found = check_crossings()
    assert not found, "\n".join(found[:40]) + CURE


def test_surfaces_would_be_made_as_they_were():
    found = check_surfaces()
    cure = "\nIf this is meant, raise VERSION in borderlab.crossings.surfaces.surface and make the surfaces anew; then:"
    assert not found, "\n".join(found[:40]) + cure + CURE


def other(stored, **changes):
    return {**stored, **changes}


def test_a_last_bit_is_seen_and_named_with_its_strategy_measure_and_size():
    stored = load(MODEL)
    results = stored["results"].copy()
    results[1, 0, 7] = np.nextafter(results[1, 0, 7], np.inf)
    now = other(stored, results=results)
    (found,) = model_differences(stored, now)
    assert f"{stored['strategies'][1]}, {stored['measures'][0]}, futures: 1 of 300 differ, 0 by more" in str(found)
    assert faults(stored, now, [found], results.size) == [str(found)]


def test_on_another_machine_last_bits_and_single_futures_may_differ_but_not_more():
    stored = load(MODEL)
    results = stored["results"] * (1 + 1e-13)
    now = other(stored, results=results, fingerprint=np.array("elsewhere"))
    assert faults(stored, now, list(model_differences(stored, now)), results.size) == []
    place = int(np.flatnonzero(results[2].max(axis=1) > 0)[0])
    results[2, place, :2] *= 1.1
    found = list(model_differences(stored, now))
    assert faults(stored, now, found, results.size) == []
    results[2] *= 1.1
    found = list(model_differences(stored, now))
    assert any(str(stored["strategies"][2]) in line for line in faults(stored, now, found, results.size))


def test_measures_that_come_or_go_are_named():
    stored = load(MODEL)
    now = other(stored, measures=np.array([*stored["measures"][:-1], "brand_new"]))
    found = [str(one) for one in model_differences(stored, now)]
    assert "measures: 'brand_new' is new" in found
    assert f"measures: '{stored['measures'][-1]}' is no more" in found


def test_a_scenario_that_differs_is_named_with_its_table():
    stored = load(CROSSINGS)
    key = "texas-2022/lane/period"
    array = stored[key].copy()
    array[1, 0, 3, 0] += 1
    (found,) = crossings_differences(stored, other(stored, **{key: array}))
    assert str(found).startswith(f"{key}, scenario, {stored['measures'][0]}: 1 of {array.shape[2]} differ")


@pytest.mark.parametrize(("before", "after"), [(np.nan, 1.0), (1.0, np.nan)])
def test_a_number_for_a_missing_one_is_a_difference_without_bound(before, after):
    assert difference("x", np.array([before, 1.0]), np.array([after, 1.0])).most == np.inf
