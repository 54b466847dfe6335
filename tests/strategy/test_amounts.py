"""Amounts and durations of strategy files, in the notations and words of both languages."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from borderlab.base.problems import InputError
from borderlab.evidence.tables.lever import levers
from borderlab.language.amounts import (
    amount_words,
    read_amount,
    read_weeks,
    weeks_pattern,
    weeks_words,
    written_pattern,
)
from borderlab.language.units import QuantityError, parse_quantity
from borderlab.strategy.file.free_numbers import free_numbers, with_numbers
from borderlab.strategy.file.parse import check_file, parse_strategy
from borderlab.strategy.tree.vocabulary import shipped_indicators
from tests.strategy.small import HEAD, rule, strategy

UNITS = sorted(
    {lever.unit for lever in levers().values()} | {row.unit for row in shipped_indicators().values() if row.observable}
)
MEASURED = ("minute", "day", "lb", "points")


def reading(text: str, unit: str) -> float | str:
    """What is read, or why it is not."""
    try:
        return read_amount(text, unit)
    except QuantityError as error:
        return str(error)


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("unit", UNITS)
@given(value=st.one_of(st.floats(0, 999), st.integers(0, 5_000_000).map(float)))
def test_what_is_printed_is_read_back(unit, lang, value):
    """Every lever's and every readable indicator's unit; an English sum of money is told how to be written."""
    text = amount_words(value, unit, lang)
    found = reading(text, unit)
    if text.startswith("$"):
        assert "has its currency before the number" in str(found)
    elif isinstance(found, str):  # '1,234 minutes': thousands to some, thousandths to others
        assert unit.startswith(MEASURED) or "%" in text or "millones" in text, text
        either = [read_amount(one, unit) for one in re.findall(r"'([^']+)'", found)[1:]]
        assert any(one == pytest.approx(value, rel=6e-3, abs=6e-3) for one in either)
    else:
        assert found == pytest.approx(value, rel=6e-3, abs=6e-3)


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("2,5 %", "share", 0.025),
        ("1,25 index", "index", 1.25),
        ("1,5 %", "percent of GDP", 1.5),
        ("1,5 % del PIB", "percent of GDP", 1.5),
        ("4,5 operations per month", "operations/month", 4.5),
        ("2,5 operativos al mes", "operations/month", 2.5),
        ("3 revisiones al año", "time/year", 3),
        ("12.000.000 personas", "people", 12_000_000),
        ("20,000 people", "people", 20_000),
        ("12,5 points of 16", "points of 16", 12.5),
        ("5 puntos", "share", 0.05),
    ],
)
def test_decimal_commas_and_groups(text, unit, value):
    assert read_amount(text, unit) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "unit"),
    [("12.000 people", "people"), ("2,125 %", "share"), ("1,125 index", "index"), ("1.250 operations/month",
     "operations/month"), ("2.500 USD", "USD"), ("1,5k people", "people"), ("1,234 % of GDP", "percent of GDP")],
)  # fmt: skip
def test_an_ambiguous_amount_is_refused(text, unit):
    with pytest.raises(QuantityError, match=r"can be read as|stands for a thousand; .* '1500'"):
        read_amount(text, unit)


@pytest.mark.parametrize(
    ("text", "weeks"), [("2,5 months", 11), ("1,5 años", 78), ("14 días", 2), ("4 semanas", 4), ("100 years", 5218)]
)
def test_durations_of_both_notations(text, weeks):
    assert read_weeks(text) == weeks


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2,5 weeks", "not a whole number of weeks; write '2 weeks' or '3 weeks'"),
        ("2.500 weeks", "can be read as 2.5 or as 2500"),
        ("101 years", "longer than a hundred years"),
        ("1e300 weeks", "longer than a hundred years"),
        ("1e999 weeks", "too large"),
    ],
)
def test_durations_that_are_refused(text, said):
    with pytest.raises(QuantityError, match=re.escape(said)):
        read_weeks(text)


@given(st.integers(2, 5218), st.sampled_from(["en", "es"]))
def test_a_printed_duration_is_read_back(weeks, lang):
    assert read_weeks(weeks_words(weeks, lang)) == weeks


def test_a_file_in_spanish_notation_means_what_it_says():
    one = parse_strategy(
        HEAD + "levers:\n  - lever: us.tariff\n    value: 2,5 %\n"
        "  - lever: us.agents_added\n    value: 1 250 personas\n"
        "rules:\n  - id: squeeze\n    when: {indicator: mx.forces_at_north_border, below: 20 000 personas, "
        "for: 4 semanas}\n"
        "    do: {lever: us.freight_inspection_share, to: '37,5 %'}\n    until: never\n    at_most: 2,5 meses\n"
    )
    assert [constant.value for constant in one.constants] == [pytest.approx(0.025), 1250]
    squeeze = one.rules[0]
    assert (squeeze.when.below, squeeze.lever_actions[0].to, squeeze.at_most_weeks) == (20_000, 0.375, 11)


def test_a_comma_within_braces_is_told_as_what_it_is(tmp_path):
    path = tmp_path / "x.yaml"
    path.write_text(HEAD + "levers:\n  - {lever: us.tariff, value: 2,5 %}\n")
    told = " ".join(str(problem) for problem in check_file(path))
    assert "put that text in quotes: a comma ends it" in told


@given(st.floats(0.001, 0.5), st.floats(1000, 60_000))
def test_a_search_writes_numbers_that_read_the_same(share, people):
    """Found values have many decimals, at times three: they stay what they are."""
    one = strategy(rule(until="never"))
    path = "rules.squeeze.when.below", "rules.squeeze.do.to"
    other = with_numbers(one, {path[0]: people, path[1]: share})
    assert [number.value for number in free_numbers(other)][:1] == [pytest.approx(people, rel=1e-9)]
    assert other.rules[0].lever_actions[0].to == pytest.approx(share, rel=1e-7)


@pytest.mark.parametrize("word", ["closed", "close", " shut "])
def test_a_closure_is_no_free_number(word):
    one = parse_strategy(HEAD + f"levers:\n  - {{lever: us.vehicle_capacity_cut, value: '{word}'}}\n")
    assert one.constants[0].value == 1.0
    assert free_numbers(one) == ()
    with pytest.raises(InputError, match="no number"):
        with_numbers(one, {"levers.us.vehicle_capacity_cut.value": 0.5})


def test_what_cannot_be_shut_is_not_closed():
    """'closed' once passed for 100 % of any means of pressure, past the bound of tariffs of 50 %."""
    for lever in ("us.tariff", "us.decertification"):
        with pytest.raises(InputError, match=f"'value' of '{lever}': 'closed' is not a quantity"):
            parse_strategy(HEAD + f"levers:\n  - {{lever: {lever}, value: closed}}\n")


@pytest.mark.parametrize("unit", UNITS)
@given(data=st.data())
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_pattern_of_the_schema_takes_only_what_is_read(unit, data):
    text = data.draw(st.from_regex(written_pattern(unit), fullmatch=True))
    if len(text) < 60:
        read_amount(text, unit)


@given(st.from_regex(weeks_pattern(), fullmatch=True))
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_pattern_of_durations_takes_only_durations(text):
    if len(text) < 60:
        weeks = parse_quantity(text, "week")
        assert weeks >= 0
        if weeks < 5200:
            assert read_weeks(f"{round(weeks)} weeks") == round(weeks)


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("unit", UNITS)
@given(value=st.one_of(st.floats(0, 999), st.integers(0, 5_000_000).map(float)))
@settings(max_examples=30)
def test_the_pattern_of_the_schema_takes_what_is_printed_and_read(unit, lang, value):
    text = amount_words(value, unit, lang)
    assert bool(re.search(written_pattern(unit), text)) is not isinstance(reading(text, unit), str)


@pytest.mark.parametrize("unit", UNITS)
@given(text=st.one_of(st.floats().map(repr), st.integers().map(str), st.text("0123456789.,eE+- %", max_size=9)))
@settings(max_examples=50)
def test_the_pattern_of_the_schema_refuses_bare_numbers(unit, text):
    """Whatever the checker refuses; '25' once passed as the number 2 with the unit 5."""
    if re.search(written_pattern(unit), text):
        assert isinstance(reading(text, unit), float)


@pytest.mark.parametrize(("word", "relative"), [("%", True), ("percent", True), ("pct", True), ("por ciento", True),
                                                ("points", False), ("puntos", False)])  # fmt: skip
def test_a_change_in_per_cent_is_of_what_it_was_in_every_spelling(word, relative):
    when = f"{{indicator: mx.route_security, falls: 3 {word}, over: 4 weeks}}"
    one = strategy(rule(when=when, until="never"))
    assert (one.rules[0].when.relative, one.rules[0].when.amount) == (relative, pytest.approx(0.03))
    path = "rules.squeeze.when.falls"
    other = with_numbers(one, {path: 0.05}).rules[0].when
    assert (other.relative, other.amount) == (relative, pytest.approx(0.05))
    people = strategy(rule(when="{indicator: encounters, rises: 20 por ciento, over: 4 semanas}", until="never"))
    assert people.rules[0].when.relative
    assert with_numbers(people, {"rules.squeeze.when.rises": 0.3}).rules[0].when.amount == pytest.approx(0.3)
