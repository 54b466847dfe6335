"""The parameter register reads text cells as what they are and refuses rows that contradict themselves."""

import pytest
from pydantic import ValidationError

from borderlab.evidence.tables.parameter import Parameter

ROW = {
    "id": "x",
    "meaning_en": "a",
    "meaning_es": "b",
    "unit": "share",
    "default": "0.5",
    "distribution": "uniform",
    "low": "0.1",
    "high": "0.9",
    "grade": "judged",
    "date": "2026",
    "source": "s",
}


def test_a_cell_that_reads_as_a_number_is_one():
    assert Parameter.model_validate(ROW).default == 0.5


def test_options_of_a_switch_are_weights_that_sum_to_one():
    switch = Parameter.model_validate(
        ROW | {"distribution": "choice", "default": "on", "choices": "on:1;off:3", "low": None, "high": None}
    )
    assert switch.default == "on"
    assert switch.options() == {"on": 0.25, "off": 0.75}


@pytest.mark.parametrize("fault", [{"default": "1.5"}, {"low": "0.9"}, {"grade": "sure"}, {"colour": "red"}])
def test_contradictions_are_refused(fault):
    with pytest.raises(ValidationError):
        Parameter.model_validate(ROW | fault)
