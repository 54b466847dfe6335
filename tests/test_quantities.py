"""Numbers and quantities as people of two notations write them: one reading, or a refusal that shows both."""

import math
import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from borderlab.language.number import NumberError, number_pattern, read_number, split_number, written
from borderlab.language.units import QuantityError, english, known_units, parse_quantity

VALUES = st.one_of(
    st.floats(-1e15, 1e15, allow_subnormal=False).map(lambda value: float(f"{value:.6g}")),
    st.integers(-10_000_000, 10_000_000).map(float),
    st.decimals(-2000, 2000, places=3).map(float),
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2,5", 2.5),
        ("2.5", 2.5),
        ("0,125", 0.125),
        ("0.125", 0.125),
        (",5", 0.5),
        (".125", 0.125),
        ("1234,567", 1234.567),
        ("1234.5678", 1234.5678),
        ("1.234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1.234,567", 1234.567),
        ("1.234.567", 1_234_567),
        ("1,234,567", 1_234_567),
        ("1.234.567,89", 1_234_567.89),
        ("12 000", 12_000),
        ("12\u202f000,5", 12_000.5),
        ("1'234'567.5", 1_234_567.5),
        ("12_000", 12_000),
        ("1.500e3", 1500),
        ("1,5e3", 1500),
        ("2e-3", 0.002),
        ("\u22122,5", -2.5),
        ("+12.", 12),
    ],
)
def test_numbers_of_one_reading(text, value):
    assert read_number(text) == value
    if text != "1234,567":  # of things that are counted, a slip in grouping
        assert read_number(text, counted=True) == value


@pytest.mark.parametrize(
    ("text", "either"), [("12.000", ("12", "12000")), ("2,500", ("2.5", "2500")), ("-1.125", ("-1.1250", "-1125")),
                         ("1,500e3", ("1500", "1500000"))]
)  # fmt: skip
def test_a_mark_before_three_digits_is_refused_with_both_readings(text, either):
    with pytest.raises(NumberError, match=r"can be read as .* or as") as caught:
        read_number(text)
    assert caught.value.readings == either
    assert len({read_number(one) for one in either}) == 2


def test_a_comma_parts_thousands_of_what_is_counted_and_a_point_stays_open():
    assert read_number("12,000", counted=True) == 12_000
    assert read_number("2,5", counted=True) == 2.5
    for text in ("12.000", "20,0000", "1234,567"):
        with pytest.raises(NumberError):
            read_number(text, counted=True)


@pytest.mark.parametrize(
    "text",
    ["1.2.3", "12,34,567", "1,2.3,4", "1.234.5", "5 3", "1_0", "1 234,567.8", "1 000.000,5", "1e400", "1.23.456"],
)
def test_what_is_parted_oddly_or_too_large_is_refused(text):
    with pytest.raises(NumberError):
        read_number(text)


def reading(text: str, *, counted: bool = False) -> float | NumberError:
    """What is read, or why it is not."""
    try:
        return read_number(text, counted=counted)
    except NumberError as error:
        return error


def grouped(value: float, mark: str, decimal: str) -> str:
    """The value as a page prints it, with groups of three."""
    text = f"{value:,.2f}" if value % 1 else f"{value:,.0f}"
    return text.translate(str.maketrans({",": mark, ".": decimal}))


@given(VALUES)
@example(12.345)
@example(-999.999)
def test_a_written_number_is_read_as_itself(value):
    """What the product writes into files has one reading, counted or not."""
    text = written(value)
    assert read_number(text) == read_number(text, counted=True) == pytest.approx(value, rel=1e-11, abs=1e-12)


@given(VALUES, st.sampled_from([(",", "."), (".", ","), (" ", ","), ("\u202f", "."), ("'", ".")]), st.booleans())
def test_no_notation_is_read_wrong(value, marks, counted):
    """Every notation of a value is read as that value, or refused; where two readings are shown, one is right."""
    value = round(value, 2)
    found = reading(grouped(value, *marks), counted=counted)
    if isinstance(found, NumberError):
        assert value in [read_number(one) for one in found.readings or ()]
    else:
        assert found == pytest.approx(value, abs=0.005)


@given(st.text("0123456789.,_' eE+-−", max_size=12))
def test_every_text_is_a_finite_number_or_refused(text):
    found = split_number(text)
    if found is None:
        return
    value = reading(found[0])
    if isinstance(value, NumberError):
        assert value.readings is None or len(set(value.readings)) == 2
    else:
        assert math.isfinite(value)


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("2,5 weeks", "week", 2.5),
        ("1,5 %", "share", 0.015),
        ("2,5 por ciento", "share", 0.025),
        ("12 000 personas al mes", "person/month", 12_000),
        ("31,000 cars/day", "vehicle/day", 31_000),
        ("1.234.567,5 dólares", "USD", 1_234_567.5),
        ("1,5 millones de dólares", "USD", 1.5e6),
        ("2 mil millones de dólares al año", "USD/year", 2e9),
        ("3 semanas", "day", 21),
        ("6 casetas", "booth", 6),
        ("\u221220 %", "share", -0.2),
    ],
)
def test_quantities_of_both_notations(text, unit, value):
    assert parse_quantity(text, unit) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("text", "unit", "either"),
    [
        ("12.000 people", "person", ("12 people", "12000 people")),
        ("2,500 %", "share", ("2.5 %", "2500 %")),
        ("1,500 million USD", "USD", ("1.5 million USD", "1500 million USD")),
        ("1.250 semanas", "week", ("1.25 semanas", "1250 semanas")),
    ],
)
def test_an_ambiguous_quantity_shows_both_readings_to_write_instead(text, unit, either):
    with pytest.raises(QuantityError) as caught:
        parse_quantity(text, unit)
    assert re.findall(r"'([^']+)'", str(caught.value)) == [text, *either]
    low, high = (parse_quantity(one, unit) for one in either)
    assert high == pytest.approx(1000 * low)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1e308 years", "too large"),
        ("12, weeks", "',' in '12, weeks' belongs to no unit"),
        ("5 we,eks", "belongs to no unit"),
        ("2-3 weeks", "'-' in '2-3 weeks' belongs to no unit"),
        ("1:30 h", "belongs to no unit"),
        ("1/2 week", "cannot be read"),
        ("5 weeks 2", "cannot be read"),
        ("$90", "has its currency before the number"),
        ("2 5 weeks", "groups that are not of three"),
    ],
)
def test_what_is_no_quantity_says_why(text, said):
    with pytest.raises(QuantityError, match=re.escape(said)):
        parse_quantity(text, "week")


@given(VALUES, st.sampled_from([
    ("week", "weeks"), ("week", "semanas"), ("share", "%"), ("share", "por ciento"), ("share", "points"),
    ("USD", "USD"), ("USD", "dólares"), ("person/month", "people a month"), ("person/month", "personas al mes"),
    ("vehicle/day", "cars per day"), ("minute", "min"), ("pound", "libras"), ("time/year", "veces al año"),
]))  # fmt: skip
def test_a_quantity_is_read_back_in_both_languages(value, unit):
    of, word = unit
    one = parse_quantity(f"1 {word}", of)
    assert parse_quantity(f"{written(value)} {word}", of) == pytest.approx(value * one, rel=1e-11, abs=1e-12)


@given(st.sampled_from(known_units()), st.sampled_from(known_units()))
def test_a_unit_is_read_in_its_own_kind_alone(word, other):
    """There and back again is the same amount, where one can be had in the other at all."""
    try:
        there = parse_quantity(f"1 {word}", english(other))
    except QuantityError:
        with pytest.raises(QuantityError):
            parse_quantity(f"1 {other}", english(word))
    else:
        assert there * parse_quantity(f"1 {other}", english(word)) == pytest.approx(1.0, rel=1e-9)


@pytest.mark.parametrize("counted", [False, True])
@given(data=st.data())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
def test_the_pattern_of_a_schema_takes_only_what_is_read(counted, data):
    text = data.draw(st.from_regex(number_pattern(counted=counted), fullmatch=True).filter(lambda one: len(one) < 40))
    assert math.isfinite(read_number(text, counted=counted))


@pytest.mark.parametrize("counted", [False, True])
@given(st.one_of(VALUES.map(written), VALUES.map(lambda value: grouped(round(value, 2), ",", "."))))
def test_the_pattern_of_a_schema_takes_what_is_written(counted, text):
    read = not isinstance(reading(text, counted=counted), NumberError)
    assert bool(re.fullmatch(number_pattern(counted=counted), text)) is read
