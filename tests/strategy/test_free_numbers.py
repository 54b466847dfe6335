"""The free numbers of a strategy, and the strategy with other numbers."""

from __future__ import annotations

import pytest

from borderlab.base.problems import InputError
from borderlab.strategy.file.free_numbers import free_numbers, with_numbers
from borderlab.strategy.file.library import shipped
from borderlab.strategy.file.parse import load_strategy
from tests.strategy.small import rule, strategy


@pytest.mark.parametrize("name", shipped())
def test_writing_the_same_numbers_changes_nothing(name):
    one = load_strategy(name)
    numbers = free_numbers(one)
    assert len({number.path for number in numbers}) == len(numbers)
    assert all(number.low <= number.value <= number.high for number in numbers)
    assert with_numbers(one, {number.path: number.value for number in numbers}).hash == one.hash


def test_other_numbers_stand_in_the_text_and_remarks_stay():
    one = strategy("# keep this remark\n" + rule(at_most="4 weeks"))
    values = {"rules.squeeze.when.below": 18_500.0, "rules.squeeze.do.to": 0.375, "rules.squeeze.at_most": 7.2}
    other = with_numbers(one, values, new_id="tuned")
    assert other.id == "tuned"
    assert "# keep this remark" in other.text
    changed = other.rules[0]
    assert (changed.when.below, changed.lever_actions[0].to, changed.at_most_weeks) == (18_500.0, 0.375, 7)
    assert one.rules[0].when.below == 20_000


def test_settings_of_one_lever_are_told_apart():
    one = strategy(
        "levers:\n  - {lever: us.tariff, value: 5 %, to: 2028-01-01}\n"
        "  - {lever: us.tariff, value: 10 %, from: 2029-01-01}\n"
    )
    other = with_numbers(one, {"levers.us.tariff.1.value": 0.2})
    assert [setting.value for setting in other.constants] == [0.05, 0.2]


def test_points_stay_points():
    one = strategy(rule(when="{indicator: mx.route_security, falls: 3 points, over: 4 weeks}", until="never"))
    other = with_numbers(one, {"rules.squeeze.when.falls": 0.05})
    assert (other.rules[0].when.amount, other.rules[0].when.relative) == (pytest.approx(0.05), False)


def test_contradictions_and_unknown_paths_are_errors():
    one = strategy(rule())
    with pytest.raises(InputError, match="hold at the same time"):
        with_numbers(one, {"rules.squeeze.when.below": 30_000.0})
    with pytest.raises(InputError, match="outside the bounds"):
        with_numbers(one, {"rules.squeeze.do.to": 1.2})
    with pytest.raises(InputError, match="Did you mean"):
        with_numbers(one, {"rules.squeez.when.below": 1.0})
