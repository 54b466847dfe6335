"""Every word of the comparison report: Spanish for each, units, statements that fit their parameters."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import borderlab.report
from borderlab.evidence.tables.indicator import indicators
from borderlab.language.translate import translator
from borderlab.model.futures.futures import drawn_parameters
from borderlab.report.comparison import wording as compare_words

ROOM = sorted((Path(next(iter(borderlab.report.__path__))) / "comparison").glob("*.py"))


def strings(node):
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from strings(node.body)
        yield from strings(node.orelse)


def said():
    """Every literal that is handed to a translator, and the tables of words at the top of the modules."""
    for path in ROOM:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = getattr(getattr(node, "func", None), "id", getattr(getattr(node, "func", None), "attr", ""))
            if isinstance(node, ast.Call) and name == "tr" and node.args:
                yield from strings(node.args[0])
            tables = ("GROUPS", "METRIC_WORDS", "ENDINGS", "KINDS", "SHORT")
            if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in tables:
                for value in node.value.values:
                    yield from strings(value)


@pytest.mark.parametrize("text", sorted(set(said())))
def test_every_text_has_spanish_with_the_same_places(text):
    spanish = translator("comparison", "es")(text)
    assert set(re.findall(r"\{(\w+)\}", spanish)) == set(re.findall(r"\{(\w+)\}", text))


def test_every_unit_has_spanish():
    units = {row.unit for row in drawn_parameters().values()} - set(compare_words._PLAIN) - {"switch"}
    units |= {row.unit for row in indicators().values() if row.in_model}
    tr = translator("comparison", "es")
    for unit in sorted(units):
        assert tr(unit), unit


def test_every_option_of_every_switch_is_a_statement():
    known = compare_words._options()
    for id_, row in drawn_parameters().items():
        if row.distribution == "choice":
            for option in row.options():
                assert (id_, option) in known, (id_, option)


def test_statements_belong_to_parameters_and_carry_their_value():
    drawn = drawn_parameters()
    for id_, row in compare_words._sentences().items():
        assert id_ in drawn
        for text in (row.at_least_en, row.at_least_es, row.at_most_en, row.at_most_es):
            assert text.count("{value}") == 1
