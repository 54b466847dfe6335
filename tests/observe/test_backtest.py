"""Strategies on the official series: firings checked by hand against the published months."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from borderlab.base.problems import InputError
from borderlab.report.story.backtest import backtest_lines, today_lines
from borderlab.strategy.runtime.backtest import backtest, today

STRATEGY = """
schema: borderlab/strategy/1
id: test-strategy
title: {en: Test, es: Prueba}
gist: {en: A rule that can be checked by hand., es: Una regla que se puede comprobar a mano.}
rules:
  - id: surge
    title: {en: Surge, es: Aumento}
    when: {indicator: encounters, above: 100000 people per month}
    do:
      - {lever: us.vehicle_capacity_cut, at: [san-ysidro], to: 50 %}
    until: {indicator: encounters, below: 60000 people per month}
  - id: blind
    title: {en: Blind, es: Ciega}
    when: {indicator: mx.route_security, below: 50 %}
    do:
      - {lever: us.vehicle_capacity_cut, at: [hidalgo], to: 50 %}
    until: {indicator: mx.route_security, above: 60 %}
"""


@pytest.fixture
def strategy(tmp_path: Path) -> Path:
    path = tmp_path / "test-strategy.yaml"
    path.write_text(STRATEGY, encoding="utf-8")
    return path


def test_a_rule_fires_when_the_series_was_published(home: Path, strategy: Path) -> None:
    found = backtest(strategy, date(2018, 1, 1), date(2020, 6, 1))
    surge = next(rule for rule in found.rules if rule.rule.id == "surge")
    assert len(surge.firings) == 1
    firing = surge.firings[0]
    # April 2019 was 99,273; May 132,856 was known from 20 June, so that the week of Monday 24 June is the first.
    assert firing.begin == date(2019, 6, 24)
    assert firing.seen["encounters"] == 132_856
    # July was 71,978 and August 50,684, known from 20 September: the week of Monday 23 September is the first without.
    assert firing.end == date(2019, 9, 23)
    assert firing.seen_at_end["encounters"] == 50_684
    assert surge.weeks_true + surge.weeks_false + surge.weeks_unknown == 127


def test_what_cannot_be_read_is_said_and_never_fires(home: Path, strategy: Path) -> None:
    found = backtest(strategy, date(2018, 1, 1), date(2020, 6, 1))
    blind = next(rule for rule in found.rules if rule.rule.id == "blind")
    assert blind.firings == ()
    assert blind.weeks_unknown == 127
    assert blind.missing == ("mx.route_security",)
    assert [one["why_missing"] for one in found.json_ready()["readings"]] == [None, "no official series"]
    assert any("route" in line or "corridor" in line for line in backtest_lines(found) if "not readable" in line)


def test_today_tells_rule_by_rule(home: Path, strategy: Path) -> None:
    found = today(strategy, date(2019, 7, 1))
    surge, blind = found.rules
    assert (surge.state, surge.holds) == ("in force", True)
    name, seen, why = surge.readings[0]
    assert (name, why) == ("encounters", None)
    assert seen is not None
    assert (seen.value, seen.period) == (132_856, date(2019, 5, 1))
    assert (blind.state, blind.holds) == ("idle", None)
    assert blind.missing == ("mx.route_security",)
    assert found.levers == (("us.vehicle_capacity_cut", 0.5, 0.0),)
    later = today(strategy, date(2020, 3, 2))
    assert (later.rules[0].state, later.rules[0].holds) == ("idle", False)


def test_today_agrees_with_a_backtest_that_ends_today(home: Path, strategy: Path) -> None:
    day = date(2019, 8, 5)
    running = [firing for rule in backtest(strategy, last=day).rules for firing in rule.firings if firing.end is None]
    in_force = [rule.rule.id for rule in today(strategy, day).rules if rule.state == "in force"]
    assert in_force == [firing.rule for firing in running] == ["surge"]


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("name", ["status-quo", "border-leverage", "institutional-dialogue"])
def test_shipped_strategies_in_words(home: Path, name: str, lang: str) -> None:
    assert backtest_lines(backtest(name, date(2015, 1, 5), date(2020, 1, 6)), lang)[0]
    assert today_lines(today(name, date(2026, 11, 21)), lang)[0]


def test_a_period_that_is_none(home: Path, strategy: Path) -> None:
    with pytest.raises(InputError, match="no period"):
        backtest(strategy, date(2020, 1, 1), date(2019, 1, 1))
