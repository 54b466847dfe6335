"""Assumptions of the user's own: read with their unit, refused all at once, and what they do to futures."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderlab.base.problems import InputError
from borderlab.evidence.tables.assumption import assumption_of, read_assumptions
from borderlab.evidence.tables.parameter import model_parameters
from borderlab.model.futures.futures import draw_futures, drawn_parameters

REGISTER = model_parameters()


def read(*texts):
    return read_assumptions(texts, REGISTER)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("kc=0.01 GDP-month", 0.01),
        ("kc = 0,01 GDP-month", 0.01),
        ("q0=15 %", 0.15),
        ("surface.service_inflation=1.05 times", 1.05),
        ("us.port_staffing.budget_us=300 million USD/year", 300.0),
        ("org.violence=0.3 log per unit", 0.3),
        ("variant.fast=2 ratio", 2.0),
    ],
)
def test_a_value_is_read_in_the_unit_of_the_register(text, value):
    (found,) = read(text)
    assert found.value == pytest.approx(value)
    assert found.unit == REGISTER[found.id].unit


def test_every_fault_of_every_text_is_told_at_once():
    with pytest.raises(InputError) as caught:
        read("kcc=1 share", "kc=0.01", "backlash=ralli", "e0=1.5 effort", "kc=0.02..0.01 GDP-month", "nothing")
    said = [str(one) for one in caught.value.problems]
    assert len(said) == 6
    assert "Did you mean 'kc'?" in said[0]
    assert "has no unit" in said[1]
    assert "Did you mean 'rally'?" in said[2]
    assert "between 0 and 1" in said[3]
    assert "from high to low" in said[4]
    assert "NAME=VALUE" in said[5]


def test_the_same_name_twice_is_refused_unless_it_says_the_same():
    assert len(read("backlash=rally", "backlash=rally")) == 1
    with pytest.raises(InputError, match="twice"):
        read("backlash=rally", "backlash=none")


@pytest.mark.parametrize("text", ["kc=0.01 GDP-month", "kc=0.005..0.01 GDP-month", "backlash=rally"])
def test_plain_values_come_back(text):
    (one,) = read(text)
    assert assumption_of(one.id, one.as_json(), REGISTER) == one


def test_a_value_stands_in_every_future_and_nothing_else_moves():
    before = draw_futures(64, 3)
    after = before.changed(read("kc=0.01 GDP-month", "backlash=rally"))
    assert set(after.values["kc"]) == {0.01}
    assert after.chosen("backlash", "rally").all()
    rest = [id_ for id_ in before.values if id_ != "kc"]
    assert all(np.array_equal(before.values[id_], after.values[id_]) for id_ in rest)


def test_in_a_narrower_range_futures_keep_their_order():
    before = draw_futures(256, 3)
    after = before.changed(read("kc=0.005..0.01 GDP-month"))
    values = after.values["kc"]
    assert 0.005 <= values.min() < 0.0055
    assert 0.0095 < values.max() <= 0.01
    assert np.array_equal(np.argsort(values), np.argsort(before.values["kc"]))


def test_a_fixed_figure_can_be_given_a_range():
    values = draw_futures(512, 3).changed(read("q0=0.1..0.3 share")).values["q0"]
    assert values.min() >= 0.1
    assert values.max() <= 0.3
    assert values.mean() == pytest.approx(0.2, abs=0.02)


@given(st.sampled_from([id_ for id_, row in drawn_parameters().items() if row.distribution != "choice"]))
def test_the_whole_range_changes_nothing(id_):
    """Setting a parameter to the range that it has leaves every future as it was, whatever its distribution."""
    row = REGISTER[id_]
    before = draw_futures(32, 1)
    unit = row.unit if row.unit != "1" else "times"
    low, high = (f"{bound:.17g}" for bound in (row.low, row.high))
    after = before.changed(read(f"{id_}={low}..{high} {unit}"))
    assert np.allclose(after.values[id_], before.values[id_], rtol=1e-9, atol=1e-12)
