"""Dates of every vintage are read as the calendar says."""

from __future__ import annotations

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderlab.observe.reading.dates import (
    calendar_month,
    fiscal_month,
    month_number,
    parse_moment,
    parse_month,
    parse_update_time,
    reading_time,
)

months = st.dates(date(1960, 1, 1), date(2059, 12, 31)).map(lambda day: day.replace(day=1))
WRITTEN = ["%b %Y", "%B %Y", "%m/%d/%Y 12:00:00 AM", "%m/%d/%y 0:00", "%b-%y", "%y-%b", "%Y-%m", "%Y-%m-%d",
           "%Y-%m-%dT00:00:00.000", "%m/%d/%Y"]  # fmt: skip


@given(months, st.sampled_from(WRITTEN))
def test_every_published_form_names_the_same_month(month: date, form: str) -> None:
    assert parse_month(month.strftime(form)) == month


@given(months)
def test_month_and_day_without_zeros(month: date) -> None:
    assert parse_month(f"{month.month}/1/{month.year % 100:02d} 0:00") == month


@given(st.dates(date(1960, 1, 2), date(2059, 12, 31)).filter(lambda day: day.day != 1))
def test_another_day_than_the_first_is_no_month(day: date) -> None:
    assert parse_month(day.strftime("%m/%d/%Y")) is None
    assert parse_month(day.isoformat()) is None


@given(st.text(max_size=30))
def test_any_text_gives_a_first_day_or_nothing(text: str) -> None:
    found = parse_month(text)
    assert found is None or found.day == 1
    parse_moment(text)
    parse_update_time(text)
    month_number(text)


@pytest.mark.parametrize(
    "text", ["", "  ", "Foo 2020", "13/1/2020", "2020-13", "Jan", "2020", "0/1/2020", None, "Jan 20201"]
)
def test_what_is_no_month(text: str | None) -> None:
    assert parse_month(text) is None


@given(
    st.integers(2000, 2050),
    st.sampled_from(["OCT", "NOV", "DEC", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP"]),
)
def test_fiscal_year_runs_from_october(year: int, month: str) -> None:
    found = fiscal_month(f"{year} (FYTD)", month)
    assert found == fiscal_month(str(year), month.title())
    assert date(year - 1, 10, 1) <= found <= date(year, 9, 1)
    assert found.strftime("%b").upper() == month


def test_fiscal_year_without_a_year() -> None:
    assert fiscal_month("FYTD", "OCT") is None
    assert fiscal_month("2024", "TOT") is None


def test_month_columns() -> None:
    assert calendar_month("2024", "9") == calendar_month("2024", "09") == date(2024, 9, 1)
    assert calendar_month("24", "9") is None
    assert [month_number(word) for word in ("Enero", "ene", "AGO", "diciembre", "Abril")] == [1, 1, 8, 12, 4]


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("At 2:00 pm PDT", time(14)),
        ("At Noon CDT", time(12)),
        ("En 2:00 pm PDT", time(14)),
        ("At Midnight MDT", time(0)),
        ("En Mediodía CDT", time(12)),
        ("At 12:00 am CDT", time(0)),
        ("At 12:30 pm CDT", time(12, 30)),
        ("a las 3:15 p.m. CST", time(15, 15)),
        ("At 9 am PST", time(9)),
        ("Update Pending", None),
        ("N/A", None),
        ("", None),
        ("At 13:00 pm PDT", None),
    ],
)
def test_update_times(text: str, clock: time | None) -> None:
    assert parse_update_time(text) == clock


@given(st.times().map(lambda t: t.replace(second=0, microsecond=0)), st.sampled_from(["PDT", "CST", ""]))
def test_every_clock_time_is_read_back(clock: time, zone: str) -> None:
    shown = f"{(clock.hour - 1) % 12 + 1}:{clock.minute:02d} {'am' if clock.hour < 12 else 'pm'}"
    assert parse_update_time(f"At {shown} {zone}".strip()) == clock


def test_a_reading_before_midnight_belongs_to_the_day_before() -> None:
    assert reading_time(datetime(2026, 4, 8, 0, 15), time(23)) == datetime(2026, 4, 7, 23)
    assert reading_time(datetime(2026, 4, 8, 14, 20), time(14)) == datetime(2026, 4, 8, 14)


def test_moments() -> None:
    assert parse_moment("2026-03-26 12:00:00") == parse_moment("3/26/2026 12:00 pm") == datetime(2026, 3, 26, 12)
    assert parse_moment("4/8/2026 14:32:05") == datetime(2026, 4, 8, 14, 32, 5)
    assert parse_moment("2026-02-30 12:00:00") is None
