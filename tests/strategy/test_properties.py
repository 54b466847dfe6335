"""What must hold for any strategy and any readings; and a second, plain telling of the rules as an oracle."""

from __future__ import annotations

from datetime import date

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from borderlab.strategy.file.library import shipped
from borderlab.strategy.file.parse import load_strategy
from borderlab.strategy.runtime.calendar import Calendar
from borderlab.strategy.runtime.runtime import StrategyRuntime
from tests.strategy.reach import indicators_read, levers_of
from tests.strategy.small import INSPECT, NORTH, rule, strategy

WEEKS = 60
few = settings(max_examples=12, deadline=None)
MOVING = {name: load_strategy(name) for name in shipped() if name != "status-quo"}


def walk(one, readings, start=date(2027, 1, 4)):
    """Imposed and threatened values of every lever, ``[weeks, futures]``; and the log."""
    n = next(iter(readings.values())).shape[1]
    runtime = StrategyRuntime(one, n, Calendar(start, WEEKS))
    names = levers_of(one)
    imposed = {name: [] for name in names}
    threatened = {name: [] for name in names}
    for week in range(len(next(iter(readings.values())))):
        now = runtime.step(week, {name: values[week] for name, values in readings.items()})
        for name in names:
            imposed[name].append(now.imposed[name].copy())
            threatened[name].append(now.threatened[name].copy())
    return ({name: np.array(rows) for name, rows in imposed.items()},
            {name: np.array(rows) for name, rows in threatened.items()}, runtime.firings())  # fmt: skip


class Plain:
    """One rule in one future, as a person would follow it with a pencil: written apart from the product's machine."""

    def __init__(self, hold, low, high, hold_end, threat, least, most, rest, times, over):
        self.p = (hold, low, high, hold_end, threat, least, most, rest, times, over)
        self.below, self.above = [], []
        self.began = self.warned = self.free_from = None
        self.used = 0

    def week(self, w, x):
        hold, low, high, hold_end, threat, least, most, rest, times, over = self.p
        self.below.append(x < low)
        self.above.append(x > high)
        called = len(self.below) >= hold and all(self.below[-hold:])
        reached = len(self.above) >= hold_end and all(self.above[-hold_end:])
        if self.began is not None:
            age = w - self.began
            if (reached and age >= least) or (most is not None and age >= most):
                self.began, self.free_from = None, w + max(rest, 1)
        elif self.warned is not None:
            if reached or (w - self.warned >= threat and not called):
                self.warned, self.free_from = None, w + max(rest, 1)
            elif w - self.warned >= threat:
                self.warned, self.began = None, w
        elif called and (self.free_from is None or w >= self.free_from) and (times is None or self.used < times):
            self.used += 1
            if threat is None:
                self.began = w
            else:
                self.warned = w
        return 0.0 if self.began is None else min((w - self.began + 1) / max(over, 1), 1.0)


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    hold=st.integers(1, 5),
    hold_end=st.integers(1, 4),
    threat=st.none() | st.integers(1, 4),
    least=st.integers(0, 4),
    most=st.none() | st.integers(4, 9),
    rest=st.integers(0, 9),
    times=st.none() | st.integers(1, 3),
    over=st.integers(0, 4),
)
def test_the_machine_agrees_with_a_plain_telling(seed, hold, hold_end, threat, least, most, rest, times, over):
    week = "{} weeks".format
    parts = {
        "when": f"{{indicator: {NORTH}, below: 20000 people, for: {week(hold)}}}",
        "until": f"{{indicator: {NORTH}, above: 22000 people, for: {week(hold_end)}}}",
        "do": f"{{lever: {INSPECT}, at: pharr, to: 100 %{f', over: {week(over)}' if over else ''}}}",
        "threaten": f"{{for: {week(threat)}}}" if threat else "",
        "at_least": week(least) if least else "",
        "at_most": week(most) if most else "",
        "then_rest": week(rest) if rest else "",
        "at_most_times": str(times) if times else "",
    }
    rng = np.random.default_rng(seed)
    futures = 6
    steps = rng.normal(0, 2500, (WEEKS, futures))
    readings = 20_000 + 4000 * np.sin(np.arange(WEEKS) / 5.0)[:, None] + steps
    imposed, _, _ = walk(strategy(rule(**parts)), {NORTH: readings})
    for i in range(futures):
        plain = Plain(hold, 20_000, 22_000, hold_end, threat, least, most, rest, times, over)
        expected = [plain.week(w, readings[w, i]) for w in range(WEEKS)]
        np.testing.assert_allclose(imposed[INSPECT][:, i], expected, atol=1e-12)


def any_readings(one, seed, futures):
    """Wandering readings of everything that a strategy reads, some of them missing."""
    rng = np.random.default_rng(seed)
    scale = {"mx.route_security": 0.55, "officials_vetted": 0.35, "institution_level": 0.25, "backlash": 0.6,
             "mx.effort_security_announced": 0.48, "review_meetings": 5, "mx.joint_operations": 5,
             "mx.extraditions": 80, "us.overdose_deaths": 2700, "mx.homicides": 1500}  # fmt: skip
    out = {}
    for name in indicators_read(one):
        level = scale.get(name, 20_000.0)
        path = level * np.exp(np.cumsum(rng.normal(0, 0.06, (WEEKS, futures)), axis=0))
        path[rng.random((WEEKS, futures)) < 0.02] = np.nan
        out[name] = path
    return out


@few
@given(name=st.sampled_from(sorted(MOVING)), seed=st.integers(0, 10**6))
def test_permuting_futures_permutes_results(name, seed):
    one = MOVING[name]
    readings = any_readings(one, seed, 7)
    order = np.random.default_rng(seed).permutation(7)
    imposed, threatened, log = walk(one, readings)
    imposed2, threatened2, log2 = walk(one, {key: value[:, order] for key, value in readings.items()})
    for lever in imposed:
        np.testing.assert_array_equal(imposed[lever][:, order], imposed2[lever])
        np.testing.assert_array_equal(threatened[lever][:, order], threatened2[lever])
    assert [repr(log.of(int(order[i]))) for i in range(7)] == [repr(log2.of(i)) for i in range(7)]


@few
@given(name=st.sampled_from(sorted(MOVING)), seed=st.integers(0, 10**6))
def test_futures_do_not_touch_each_other(name, seed):
    one = MOVING[name]
    readings = any_readings(one, seed, 9)
    whole, _, _ = walk(one, readings)
    part, _, _ = walk(one, {key: value[:, :4] for key, value in readings.items()})
    for lever in whole:
        np.testing.assert_array_equal(whole[lever][:, :4], part[lever])


@few
@given(seed=st.integers(0, 10**6))
def test_a_rule_that_cannot_fire_changes_nothing(seed):
    body = rule(at_most="4 weeks", then_rest="6 weeks")
    never = (
        "  - id: never\n    when: {all: [{after: 2090-01-01}, {indicator: encounters, above: 5 people/month}]}\n"
        f"    do: {{lever: {INSPECT}, at: pharr, to: 90 %}}\n"
        "    until: {indicator: encounters, below: 2 people/month}\n"
    )
    readings = any_readings(strategy(body + never), seed, 5)
    without, _, _ = walk(strategy(body), readings)
    with_it, _, log = walk(strategy(body + never), readings)
    np.testing.assert_array_equal(without[INSPECT], with_it[INSPECT])
    assert log.summary()[1]["share_of_futures"] == 0.0


@few
@given(seed=st.integers(0, 10**6))
def test_values_stay_between_today_and_what_is_ordered(seed):
    for name in ("border-leverage", "institutional-dialogue"):
        one = MOVING[name]
        imposed, threatened, _ = walk(one, any_readings(one, seed, 5))
        from borderlab.evidence.tables.lever import levers

        for lever, values in imposed.items():
            row = levers()[lever]
            assert (values >= row.low - 1e-9).all()
            assert (values <= row.high + 1e-9).all()
            assert row.coercive or (threatened[lever] == row.default).all()
