"""The compiled rules as other compiled code calls them: one future after another, each through all its weeks."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from benchmarks.rules import courses, readings_of

from borderlab.base.kernels import Kernels
from borderlab.strategy.file.library import shipped
from borderlab.strategy.file.parse import load_strategy
from borderlab.strategy.runtime import program as p
from borderlab.strategy.runtime.building import build
from borderlab.strategy.runtime.calendar import Calendar
from borderlab.strategy.runtime.firings import FiringLog
from borderlab.strategy.runtime.kernel import reset, step
from borderlab.strategy.runtime.program import blank_book, blank_out, blank_state, larger
from borderlab.strategy.runtime.runtime import StrategyRuntime
from borderlab.strategy.runtime.truth import RULES
from borderlab.strategy.tree.tree import Strategy
from tests.strategy.small import INSPECT, NORTH, rule, strategy

WEEKS, FUTURES = 80, 12
CALENDAR = Calendar(date(2027, 1, 4), WEEKS)
NOTHING = Strategy(id="nothing", title={}, gist={})
GROUP = Kernels("test-course", [], using=[RULES])


@GROUP.entry
def values_of_course(program, state, out, book, readings, flags, imposed, threatened, intensity, announced):
    """One future; everything that holds, week by week."""
    reset(program, state)
    for week in range(len(flags)):
        flags[week] = step(program, state, week, readings[week], out, book, 0)
        for lever in range(len(out.imposed)):
            imposed[week, lever], threatened[week, lever] = out.imposed[lever], out.threatened[lever]
        for slot in range(len(out.intensity)):
            intensity[week, slot], announced[week, slot] = out.intensity[slot], out.announced[slot]


def recorded(one, layout, n=FUTURES):
    return np.ascontiguousarray(readings_of(one, layout.seen, 3)[:n, :WEEKS])


@pytest.mark.parametrize("name", [name for name in shipped() if name != "status-quo"])
def test_futures_one_by_one_give_the_log_of_all_week_by_week(name):
    one = load_strategy(name)
    program, layout = build(one, CALENDAR)
    readings = recorded(one, layout)
    # one state for all futures, one after another, and a log that must not lose what a small one cannot hold
    state, out, book = blank_state(program), blank_out(program), blank_book(program, 3)
    courses(program, state, out, book, readings, FUTURES)
    wanted = int(book.written[0])
    assert wanted > len(book.rows)
    book = larger(blank_book(program, 3), wanted)
    assert len(book.rows) >= wanted
    courses(program, state, out, book, readings, FUTURES)
    assert book.written[0] == wanted
    log = FiringLog.of_book(book, layout, FUTURES, WEEKS)

    runtime = StrategyRuntime(one, FUTURES, CALENDAR)
    for week in range(WEEKS):
        runtime.step(week, {name: readings[:, week, column] for column, name in enumerate(layout.seen)})
    other = runtime.firings()
    np.testing.assert_array_equal(log.columns, other.columns)
    np.testing.assert_array_equal(log.first, other.first)
    np.testing.assert_array_equal(log.last, other.last)
    weeks = (book.missing == FUTURES).sum(axis=0)
    assert {name: count for name, count in zip(layout.seen, weeks, strict=True) if count} == runtime.unknown()


def test_one_compiled_function_serves_every_strategy():
    for one in [NOTHING, strategy(rule()), *map(load_strategy, shipped())]:
        program, layout = build(one, CALENDAR)
        readings = recorded(one, layout, 2) if one.rules else np.full((2, WEEKS, 0), np.nan)
        courses(program, blank_state(program), blank_out(program), blank_book(program, 9), readings, 2)
    assert len(courses.signatures) == 1


@pytest.mark.parametrize("name", shipped())
def test_nothing_changes_in_a_week_that_brings_no_change(name):
    one, weeks = load_strategy(name), 260  # after the long ramps of settings
    program, layout = build(one, Calendar(date(2027, 1, 4), weeks))
    readings = readings_of(one, layout.seen, 3)[:4, :weeks] if one.rules else np.full((4, weeks, 0), np.nan)
    touched, slots = len(layout.touched), len(layout.slots)
    quiet = 0
    for mine in readings:
        flags = np.zeros(weeks, dtype=np.int64)
        values = [np.zeros((weeks, size)) for size in (touched, touched, slots, slots)]
        values_of_course(
            program, blank_state(program), blank_out(program), blank_book(program, 99), mine, flags, *values
        )
        assert flags[0] & p.CHANGED
        for week in np.flatnonzero(flags & p.CHANGED == 0):
            quiet += 1
            assert all((value[week] == value[week - 1]).all() for value in values)
    assert quiet > 0


def test_a_larger_log_keeps_what_it_holds():
    program, _ = build(strategy(rule()), CALENDAR)
    book = blank_book(program, 2)
    book.rows[:], book.first[:], book.last[:], book.written[0] = 7, 1.5, 2.5, 2
    grown = larger(book, 3)
    assert len(grown.rows) >= 3
    assert (grown.rows[:2] == 7).all()
    assert (grown.first[:2] == 1.5).all()
    assert (grown.last[:2] == 2.5).all()
    assert grown.written[0] == 2
    assert larger(book, 2) is book


def test_the_layout_names_every_column():
    body = (
        "levers:\n  - {lever: us.sensors, value: 40 %, from: 2027-02-01}\n"
        "  - {lever: us.port_staffing, value: 50 %, to: 2027-03-01}\n"
        "programmes:\n  - {let_lapse: transfers-2025, on: 2027-06-07}\n"
        + rule(do="{lever: us.freight_inspection_share, at: pharr, to: 60 %}")
    )
    program, layout = build(strategy(body), CALENDAR)
    assert layout.rules == ("squeeze",)
    assert layout.seen == (NORTH,)
    assert layout.touched == ("us.sensors", "us.port_staffing", INSPECT)
    assert layout.at_sectors == ("us.sensors",)
    assert [(slot.rule_id, slot.lever_id, slot.at, slot.weeks) for slot in layout.slots] == [
        ("levers", "us.port_staffing", (), (0, 8)),
        ("squeeze", INSPECT, ("pharr",), (0, WEEKS)),
    ]
    assert [(act.action, act.programme, act.rule_id) for act in layout.acts] == [("let lapse", "transfers-2025", None)]
    assert np.flatnonzero(program.plans.due).tolist() == [22]


@pytest.mark.parametrize("country", ["us", "mx", "either"])
@pytest.mark.parametrize("within", [0, 1, 5, 60])
def test_weeks_after_a_change_of_president_are_those_of_the_calendar(country, within):
    calendar = Calendar(date(2028, 11, 8), 160)
    text = f"{{leader_change: {country}, within: {max(within, 1)} weeks}}"
    program, _ = build(strategy(rule(when=text, until="never", do="{lever: us.tariff, to: 5 %}")), calendar)
    since = [calendar.since_change(week, country) for week in range(160)]
    assert program.signals.dates[:, 0].tolist() == [int(one is not None and one < max(within, 1)) for one in since]


def test_the_next_turn_of_a_date_is_found():
    calendar = Calendar(date(2027, 1, 4), 12)
    when = "{after: 2027-01-18, before: 2027-02-15, for: 2 weeks}"
    program, _ = build(strategy(rule(when=when, until="never", do="{lever: us.tariff, to: 5 %}")), calendar)
    assert program.signals.dates[:, 0].tolist() == [0, 0, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0]
    assert program.signals.turns[:, 0].tolist() == [3, 3, 3, 6, 6, 6, *[p.NEVER] * 6]


def test_settings_are_kept_once_for_each_stretch_of_weeks():
    body = "levers:\n  - {lever: us.sensors, at: [tucson, yuma], value: 80 %, from: 2027-01-18, over: 2 weeks}\n"
    program, layout = build(strategy(body), CALENDAR)
    measures = program.measures
    assert measures.settled_of[:6].tolist() == [0, 0, 1, 2, 2, 2]
    tucson, yuma = layout.sectors.index("tucson"), layout.sectors.index("yuma")
    assert measures.settled_sectors[:, 0, [yuma, tucson]].tolist() == [[0, 0], [0.4, 0.4], [0.8, 0.8]]
    assert measures.settled[:, 0] == pytest.approx([0, 0.8 / 9, 1.6 / 9])
    assert measures.renewed.tolist() == [[0, 0], [0, 1], [1, 2]]


def test_a_week_after_the_calendar_is_refused():
    runtime = StrategyRuntime(strategy(rule()), 1, Calendar(date(2027, 1, 4), 1))
    runtime.step(0, {})
    with pytest.raises(ValueError, match="after the last"):
        runtime.step(1, {})


def test_a_reading_of_a_wrong_length_is_refused():
    runtime = StrategyRuntime(strategy(rule()), 3, CALENDAR)
    with pytest.raises(ValueError, match="broadcast"):
        runtime.step(0, {NORTH: np.zeros(2)})
