"""The runtime against timelines worked out by hand, week by week."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from borderlab.strategy.runtime.calendar import Calendar
from borderlab.strategy.runtime.firings import Ending, FiringLog
from borderlab.strategy.runtime.runtime import StrategyRuntime
from tests.strategy.small import INSPECT, NORTH, levels, played, rule, strategy

FEW, SOME, MANY = 15_000, 22_000, 26_000


def test_the_design_example_to_the_week():
    # Fires at the 4th low reading (week 3), threatened in weeks 3 and 4, in force 5 to 8, at rest 26 weeks from 9,
    # so it may fire again in week 35 and is in force again in 37.
    one = strategy(
        rule(
            threaten="{for: 2 weeks}",
            lift="in steps of 25 % per 5000 people",
            at_least="1 week",
            at_most="4 weeks",
            then_rest="26 weeks",
        )
    )
    weeks, runtime = played(one, [FEW] * 42)
    assert [week for week in range(42) if weeks[week].threatened[INSPECT][0] > 0] == [3, 4, 35, 36]
    assert [week for week in range(42) if weeks[week].imposed[INSPECT][0] > 0] == [5, 6, 7, 8, 37, 38, 39, 40]
    assert [week for week in range(42) if weeks[week].new_threat[0]] == [3, 35]
    assert [week for week in range(42) if weeks[week].executed[0]] == [5, 37]
    assert [week for week in range(42) if weeks[week].dropped[0]] == [9, 41]
    first, second = runtime.firings().of(0)
    assert (first.begin, first.imposed, first.end) == (date(2027, 1, 25), date(2027, 2, 8), date(2027, 3, 8))
    assert (first.why, first.weeks_in_force, first.seen) == (Ending.LIMIT, 4, {NORTH: FEW})
    assert second.begin == date(2027, 9, 6)


def test_steps_reward_what_was_gained_since_the_measure_began():
    one = strategy(rule(lift="in steps of 25 % per 5000 people"))
    readings = [FEW] * 4 + [19_999, 20_000, 24_999, 25_000, 21_000, MANY, MANY, MANY]
    # In force from week 3 at 15,000. 19,999: no step; 20,000: one; 24,999: one; 25,000: two; a fall takes nothing
    # back; 26,000: two; the second week above 25,000 ends it (week 10).
    assert levels(one, readings)[3:] == [1.0, 1.0, 0.75, 0.75, 0.5, 0.5, 0.5, 0.0, 0.0]


def test_a_step_snaps_back_if_so_written():
    one = strategy(rule(lift="{in_steps_of: 25 %, per: 5000 people, snap_back: yes}"))
    assert levels(one, [FEW] * 4 + [20_000, FEW, 25_000, 19_000])[3:] == [1.0, 0.75, 1.0, 0.5, 1.0]


def test_all_steps_lifted_end_the_measure():
    one = strategy(rule(lift="in steps of 50 % per 2000 people", then_rest="3 weeks"))
    weeks, runtime = played(one, [FEW] * 4 + [17_000, 19_000, FEW])
    assert [float(week.imposed[INSPECT][0]) for week in weeks[3:]] == [1.0, 0.5, 0.0, 0.0]
    assert runtime.firings().of(0)[0].why is Ending.LIFTED_IN_STEPS


def test_hysteresis_between_the_two_levels_changes_nothing():
    one = strategy(rule())
    readings = [FEW] * 4 + [SOME, 24_000, SOME, MANY, SOME, MANY, MANY, SOME, SOME]
    # One week above 25,000 (week 7) is not two in a row; weeks 9 and 10 are. 22,000 is not below 20,000: no new firing.
    assert levels(one, readings) == [0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0]


def test_a_measure_stays_its_least_time():
    one = strategy(rule(at_least="6 weeks"))
    assert levels(one, [FEW] * 4 + [MANY] * 8) == [0, 0, 0] + [1] * 6 + [0, 0, 0]


def test_a_broken_row_starts_again():
    one = strategy(rule())
    assert levels(one, [FEW, FEW, FEW, SOME, FEW, FEW, FEW, FEW]) == [0] * 7 + [1]


def test_phase_in_and_lifting_over_weeks():
    one = strategy(rule(do="{lever: us.freight_inspection_share, at: world-trade, to: 80 %, over: 4 weeks}",
                        lift="over 4 weeks"))  # fmt: skip
    assert levels(one, [FEW] * 9 + [MANY] * 7) == [0, 0, 0, 0.2, 0.4, 0.6, 0.8, 0.8, 0.8, 0.8, 0.6, 0.4, 0.2, 0, 0, 0]


def test_a_measure_that_ended_may_fire_again_from_the_next_week():
    one = strategy(rule(when="{indicator: mx.forces_at_north_border, below: 20000 people}", at_most="2 weeks"))
    assert levels(one, [FEW] * 8) == [1, 1, 0, 1, 1, 0, 1, 1]


def test_a_cap_on_firings():
    one = strategy(rule(when="{indicator: mx.forces_at_north_border, below: 20000 people}", at_most="1 week",
                        at_most_times="2"))  # fmt: skip
    assert levels(one, [FEW] * 7) == [1, 0, 1, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("readings", "threat", "why", "imposed"),
    [
        ([FEW] * 4 + [MANY, MANY, FEW], "{for: 3 weeks}", Ending.MET_UNDER_THREAT, False),
        ([FEW] * 4 + [SOME, SOME, SOME], "{for: 2 weeks}", Ending.NO_LONGER_CALLED_FOR, False),
        ([FEW] * 4 + [FEW, None, FEW], "{for: 2 weeks}", Ending.READING_MISSING, False),
        ([FEW] * 7, "{for: 2 weeks, carry_out: no}", Ending.NOT_CARRIED_OUT, False),
        ([FEW] * 7, "{for: 2 weeks}", Ending.RUNNING, True),
    ],
)
def test_how_a_threat_ends(readings, threat, why, imposed):
    weeks, runtime = played(strategy(rule(threaten=threat)), readings)
    firing = runtime.firings().of(0)[0]
    assert firing.why is why
    assert (firing.imposed is not None) is imposed
    assert any(week.met[0] for week in weeks) is (why is Ending.MET_UNDER_THREAT)
    assert any(week.dropped[0] for week in weeks) is (why is Ending.NOT_CARRIED_OUT)


def test_a_private_threat_is_not_public_but_its_execution_is():
    weeks, _ = played(strategy(rule(threaten="{for: 2 weeks, public: no}")), [FEW] * 7)
    assert [bool(week.public[0]) for week in weeks] == [False] * 5 + [True, False]


def test_an_unknown_reading_breaks_a_hold_and_is_never_zero():
    one = strategy(rule())
    weeks, runtime = played(one, [FEW, FEW, None, FEW, FEW, FEW, FEW])
    assert [float(week.imposed[INSPECT][0]) for week in weeks] == [0] * 6 + [1]
    assert runtime.unknown() == {NORTH: 1}
    assert levels(one, [None] * 10) == [0] * 10
    # A reading that is not given at all is unknown as well.
    assert levels(one, [{}] * 10) == [0] * 10


def test_unknown_readings_do_not_end_a_measure_but_its_limit_does():
    assert levels(strategy(rule(at_most="3 weeks")), [FEW] * 4 + [None] * 6) == [0, 0, 0, 1, 1, 1, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("when", "readings", "expected"),
    [
        # a rise by a share, over two weeks, known from the third reading on
        ("{indicator: encounters, rises: 50 %, over: 2 weeks}", [100, 120, 149, 180, 180], [0, 0, 0, 1, 0]),
        ("{indicator: encounters, falls: 50 people/month, over: 1 week}", [100, 60, 9, 9, 9], [0, 0, 1, 0, 0]),
        (
            "{indicator: encounters, above: 10 people/month, below: 20 people/month}",
            [10, 11, 19, 20, 15],
            [0, 1, 1, 0, 1],
        ),
        # an unknown reading then makes the change unknown twice: now and two weeks on
        ("{indicator: encounters, rises: 1 people/month, over: 2 weeks}", [1, 2, None, 4, 5, 6], [0, 0, 0, 1, 0, 1]),
        ("{not: {indicator: encounters, above: 10 people/month}}", [5, 15, None, 5], [1, 0, 0, 1]),
    ],
)
def test_conditions(when, readings, expected):
    one = strategy(rule(when=when, until="never", at_most="1 week", do="{lever: us.port_staffing, to: 50 %}"))
    weeks, _ = played(one, readings, "encounters")
    fired = [bool(week.imposed["us.port_staffing"][0] > 0) for week in weeks]
    # A measure of one week cannot fire in the week it ends, so alternate firings are what a true condition gives.
    assert [int(one) for one in fired] == _spaced(expected)


def _spaced(holds):
    out, last = [], 0
    for one in holds:
        last = int(one and not last)
        out.append(last)
    return out


def test_kleene_logic():
    # encounters unknown: 'all' with something false is false, 'any' with something true is true.
    any_of = "{any: [{indicator: encounters, above: 5 people/month}, {indicator: gotaways, above: 5 people/month}]}"
    all_of = any_of.replace("any:", "all:")
    for when, known, fires in ((any_of, 9.0, True), (any_of, 1.0, False), (all_of, 9.0, False),
                               (f"{{not: {all_of}}}", 1.0, True), (f"{{not: {all_of}}}", 9.0, False),
                               (f"{{not: {any_of}}}", 1.0, False)):  # fmt: skip
        one = strategy(rule(when=when, until="never", do="{lever: us.tariff, to: 5 %}"))
        weeks, _ = played(one, [{"gotaways": known}])
        assert bool(weeks[0].imposed["us.tariff"][0] > 0) is fires, (when, known)


def test_dates_and_changes_of_president():
    do = "{lever: us.tariff, to: 5 %}"
    # 20 January 2029 is a Saturday; the week that begins on Monday the 15th holds it.
    one = strategy(rule(when="{leader_change: us, within: 2 weeks}", until="never", at_most="1 week", do=do))
    weeks, _ = played(one, [{}] * 6, start=date(2029, 1, 1))
    assert [round(float(week.imposed["us.tariff"][0]), 2) for week in weeks] == [0, 0, 0.05, 0, 0, 0]
    one = strategy(rule(when="{leader_change: mx, within: 2 weeks}", until="never", do=do))
    assert not any(week.imposed["us.tariff"][0] for week in played(one, [{}] * 6, start=date(2029, 1, 1))[0])
    one = strategy(rule(when="{after: 2029-01-10, before: 2029-01-24}", until="never", at_most="1 week", do=do))
    weeks, _ = played(one, [{}] * 6, start=date(2029, 1, 1))
    assert [round(float(week.imposed["us.tariff"][0]), 2) for week in weeks] == [0, 0, 0.05, 0, 0, 0]


def test_a_ladder_of_two_rules():
    body = rule(at_most="2 weeks", then_rest="52 weeks") + (
        "  - id: tariff\n    when: {rule: squeeze, state: ended, for: 3 weeks}\n"
        "    do: {lever: us.tariff, to: 25 %}\n    until: {indicator: mx.forces_at_north_border, above: 25000 people}\n"
    )
    # Freight checks in weeks 3 and 4, ended in 5; other rules see that from week 6; the third such week is 8.
    assert levels(strategy(body), [FEW] * 12, "us.tariff") == [0] * 8 + [0.25] * 4


def test_settings_with_dates_and_the_further_value_holds():
    body = "levers:\n  - {lever: us.sensors, value: 40 %, from: 2027-01-18, to: 2027-02-15, over: 2 weeks}\n" + rule(
        when="{after: 2027-01-25}", until="never", do="{lever: us.sensors, at: tucson, to: 100 %}"
    )
    weeks, _ = played(strategy(body), [{}] * 8)
    tucson = [round(float(week.sectors["us.sensors"][0, 3]), 3) for week in weeks]
    yuma = [round(float(week.sectors["us.sensors"][0, 2]), 3) for week in weeks]
    assert yuma == [0, 0, 0.2, 0.4, 0.4, 0.4, 0, 0]
    assert tucson == [0, 0, 0.2, 1, 1, 1, 1, 1]
    assert weeks[3].imposed["us.sensors"][0] == pytest.approx((8 * 0.4 + 1) / 9)


def test_a_lever_moved_below_today():
    one = strategy(rule(do="{lever: mx.guard_north, to: 4000 people, over: 2 weeks}"))
    assert levels(one, [FEW] * 6, "mx.guard_north") == [10000, 10000, 10000, 7000, 4000, 4000]


def test_programmes_are_done_once_and_on_their_date():
    body = (
        "programmes:\n  - {found: group, form: declaration, title: {en: G, es: G}, on: 2027-01-20}\n"
        "  - {let_lapse: transfers-2025, on: 2020-01-01}\n"
        + rule(
            when="{indicator: mx.forces_at_north_border, below: 20000 people}",
            until="",
            then_rest="3 weeks",
            do="{strengthen: group, form: treaty}",
        )
    )
    weeks, runtime = played(strategy(body), [SOME, FEW, FEW, FEW, FEW, FEW, FEW, FEW])
    done = [(week, one.action, one.programme, one.form) for week in range(8) for one in weeks[week].programmes]
    assert done == [
        (0, "let lapse", "transfers-2025", None),
        (1, "strengthen", "group", "treaty"),
        (3, "found", "group", "declaration"),
        (4, "strengthen", "group", "treaty"),
        (7, "strengthen", "group", "treaty"),
    ]
    assert [one.why for one in runtime.firings().of(0)] == [Ending.DONE] * 3


def test_restrictions_name_their_pattern_and_place():
    one = strategy(
        rule(threaten="{for: 1 week}", do="{lever: us.freight_inspection_share, at: [Laredo, pharr], to: 60 %}")
    )
    weeks, _ = played(one, [FEW] * 6)
    (threat,), (force,) = weeks[3].restrictions, weeks[4].restrictions
    assert (force.rule_id, force.surface_kind, force.at) == (
        "squeeze",
        "inspect-freight",
        ("colombia", "world-trade", "pharr"),
    )
    assert (float(threat.intensity[0]), float(threat.threatened[0])) == (0.0, 0.6)
    assert (float(force.intensity[0]), float(force.threatened[0])) == (0.6, 0.0)
    assert not weeks[0].restrictions


def test_weeks_must_come_in_order():
    runtime = StrategyRuntime(strategy(rule()), 2, Calendar(date(2027, 1, 4), 9))
    runtime.step(0, {})
    with pytest.raises(ValueError, match="out of order"):
        runtime.step(2, {})


def test_the_log_sums_up_and_chunks_join():
    one = strategy(rule(at_most="3 weeks", then_rest="52 weeks"))
    low = np.array([FEW, MANY, FEW, MANY], dtype=float)
    logs = []
    for part in (low, low[:1], low[1:]):
        runtime = StrategyRuntime(one, len(part), Calendar(date(2027, 1, 4), 10))
        for week in range(10):
            runtime.step(week, {NORTH: part if week else np.full(len(part), MANY)})
        logs.append(runtime.firings())
    whole, joined = logs[0], FiringLog.joined(logs[1:])
    assert whole.summary() == [
        {"rule": "squeeze", "share_of_futures": 0.5, "median_first_date": "2027-02-01", "median_weeks_in_force": 3.0}
    ]
    assert joined.summary() == whole.summary()
    assert joined.of(2) == whole.of(2)
    assert whole.summary(np.array([False, True, False, True]))[0]["share_of_futures"] == 0.0
    with pytest.raises(IndexError, match="no future 4"):
        whole.of(4)
