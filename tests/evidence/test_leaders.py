"""The one calendar of presidents: what the two constitutions say, far ahead, and who reads it."""

from datetime import date, timedelta
from itertools import pairwise

import pytest

from borderlab.evidence.tables.leader import inaugurations, last_inauguration, takes_office
from borderlab.model.futures.futures import draw_futures
from borderlab.model.run.calendar import inputs
from borderlab.model.run.moments import moments
from borderlab.model.run.run import DEFAULT_START
from tests.strategy.small import rule, strategy


def days(country, first, last):
    return [day for day, _ in inaugurations(country) if first <= day <= last]


def test_past_presidents_and_those_to_come_by_law():
    assert days("MX", date(2012, 1, 1), date(2050, 1, 1)) == [
        date(2012, 12, 1), date(2018, 12, 1), date(2024, 10, 1), date(2030, 10, 1), date(2036, 10, 1),
        date(2042, 10, 1), date(2048, 10, 1),
    ]  # fmt: skip
    coming = days("US", date(2017, 1, 1), date(2140, 1, 1))
    assert coming == [date(year, 1, 20) for year in range(2017, 2140, 4)]


@pytest.mark.parametrize(("country", "every"), [("US", 4), ("MX", 6)])
def test_the_terms_to_come_have_no_gap_to_the_last_year_of_the_calendar(country, every):
    coming = days(country, date(2024, 1, 1), date.max)
    assert {later.year - earlier.year for earlier, later in pairwise(coming)} == {every}
    assert coming[-1].year > 9999 - every


def test_every_day_of_an_inauguration_falls_in_one_week_whatever_the_start():
    for start in (date(2027, 1, 4), date(2027, 1, 6), date(2027, 1, 10)):
        weeks = [start + timedelta(days=7 * week) for week in range(30 * 52)]
        for country in ("US", "MX"):
            told = [week for week in weeks if takes_office(country, week)]
            assert len(told) == len(days(country, start, weeks[-1] + timedelta(days=6)))


def test_the_last_inauguration_is_of_the_day_itself_and_none_before_all():
    assert last_inauguration(date(2030, 10, 1)) == date(2030, 10, 1)
    assert last_inauguration(date(2030, 10, 1), "US") == date(2029, 1, 20)
    assert last_inauguration(date(1950, 1, 1)) is None


def test_model_and_rules_see_the_same_presidents_for_thirty_years():
    """The model's list once ended in 2037, so that later changes fired rules and left institutions untouched."""
    body = "".join(
        ("" if country == "us" else "  - id: second\n")
        + rule(
            when=f"{{leader_change: {country}}}", until="never", do=f"{{lever: {lever}, to: {to}}}", at_most="1 week"
        ).removeprefix("" if country == "us" else "rules:\n  - id: squeeze\n")
        for country, lever, to in (("us", "us.tariff", "5 %"), ("mx", "mx.guard_north", "12000 people"))
    )
    one = strategy(body)
    model = {"squeeze": [], "second": []}
    last = None
    start, weeks = DEFAULT_START, round(30 * 52.1775)
    columns = inputs(("leader_us", "leader_mx", "president_mx"), start, weeks)
    for last in moments(one, draw_futures(1, seed=1), start, weeks):
        us, mx, year = columns[last.week]
        for rule_id, took in (("squeeze", us), ("second", mx)):
            model[rule_id] += [last.day] if took else []
        assert year == (last.day + timedelta(days=6)).year * mx
    fired = {id_: [one.begin for one in last.runtime.firings().of(0) if one.rule == id_] for id_ in model}
    assert fired == model
    assert [day.year for day in model["squeeze"]] == [2029, 2033, 2037, 2041, 2045, 2049, 2053]
    assert [day.year for day in model["second"]] == [2030, 2036, 2042, 2048, 2054]
