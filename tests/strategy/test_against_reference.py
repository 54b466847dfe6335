"""Compiled rules against the rules as first built, in NumPy over all futures: every value and event, to the bit."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from borderlab.strategy.file.library import shipped
from borderlab.strategy.file.parse import load_strategy
from borderlab.strategy.runtime import building
from borderlab.strategy.runtime.calendar import Calendar
from borderlab.strategy.runtime.runtime import StrategyRuntime
from tests.strategy import random_trees
from tests.strategy.reference_rules import runtime as reference
from tests.strategy.reference_rules.evaluate import Evaluator, Readings
from tests.strategy.test_properties import any_readings

EVENTS = ("new_threat", "new_imposition", "public", "executed", "dropped", "met")
CALENDAR = Calendar(random_trees.START, random_trees.WEEKS)


def plain(force):
    """What is in force in a week, as values that can be compared."""
    return {
        "imposed": {name: value.tolist() for name, value in force.imposed.items()},
        "threatened": {name: value.tolist() for name, value in force.threatened.items()},
        "sectors": {name: value.tolist() for name, value in force.sectors.items()},
        "restrictions": [
            (one.rule_id, one.lever_id, one.surface_kind, one.at, one.intensity.tolist(), one.threatened.tolist())
            for one in force.restrictions
        ],
        "events": {name: getattr(force, name).tolist() for name in EVENTS},
        "programmes": [
            (one.action, one.programme, one.form, one.rule_id, one.where.tolist()) for one in force.programmes
        ],
    }


def same(strategy, readings, calendar, weeks, n):
    """Run both, compare every week and the log; the log."""
    new = StrategyRuntime(strategy, n, calendar)
    old = reference.StrategyRuntime(strategy, n, calendar)
    beside = Readings([rule.when for rule in strategy.rules], n)
    whens = [Evaluator(rule.when, beside, calendar) for rule in strategy.rules]
    for week in range(weeks):
        observed = {name: values[week] for name, values in readings.items() if values[week] is not None}
        states = {part.rule.id: part.run.states() for part in old._rules}
        beside.take(week, observed)
        with np.errstate(invalid="ignore"):
            truths = [when.at(week, states) for when in whens]
            expected = plain(old.step(week, observed))
        found = plain(new.step(week, observed))
        for name, value in expected.items():
            assert found[name] == value, (week, name)
        for r, truth in enumerate(truths):
            unknown = np.zeros(n, dtype=bool) if truth.unknown is None else truth.unknown
            called = np.where(truth.true, 2, np.where(unknown, 1, 0))
            assert new.called()[:, r].tolist() == called.tolist(), (week, r)
            assert new.standing()[:, r].tolist() == old._rules[r].run.state.tolist()
        assert new.unknown() == old.unknown()
    log = new.firings()
    columns, first, last = old.log.table()
    np.testing.assert_array_equal(log.columns, columns)
    np.testing.assert_array_equal(log.first, first)
    np.testing.assert_array_equal(log.last, last)
    assert log.watched == tuple(old.log.watched)
    return log


def rough_readings(seed, n):
    """Readings that wander over the thresholds, often stand on them, are often missing, and are sometimes endless."""
    rng = np.random.default_rng(seed)
    readings = {}
    for name in random_trees.INDICATORS:
        path = np.cumsum(rng.choice([-0.5, 0.0, 0.0, 0.5], (random_trees.WEEKS, n)), axis=0) + rng.choice(
            [0.0, 1.0, 2.0]
        )
        path[rng.random(path.shape) < rng.choice([0.0, 0.02, 0.2])] = np.nan
        path[rng.random(path.shape) < 0.004] = np.inf
        path[rng.random(path.shape) < 0.004] = -np.inf
        weeks = list(path)
        for week in rng.integers(0, random_trees.WEEKS, rng.choice([0, 0, 6])):
            weeks[week] = None  # not given at all
        readings[name] = weeks
    return readings


@pytest.mark.parametrize("table", ["shipped", "others"])
def test_any_strategy_does_what_the_reference_does(monkeypatch, table):
    if table == "others":
        others = random_trees.other_levers()
        monkeypatch.setattr(building, "levers", lambda: others)
        monkeypatch.setattr(reference, "levers", lambda: others)

    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(strategy=random_trees.strategies(), seed=st.integers(0, 10**6))
    def check(strategy, seed):
        same(strategy, rough_readings(seed, 3), CALENDAR, random_trees.WEEKS, 3)

    check()


@pytest.mark.parametrize("name", shipped())
def test_shipped_strategies_do_what_the_reference_does(name):
    strategy = load_strategy(name)
    readings = any_readings(strategy, 5, 20)
    same(strategy, readings, Calendar(random_trees.START, 60), 60, 20)
