"""A strategy on the official series: when its rules would have fired, and what it would order today.

The series are as they happened. What a measure would have changed is not played out here: a rule that fires in a
backtest meets a world in which it did not act. Readings for which no official series exists stay unknown, and a rule
fires only on what is known.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from borderlab.base.identity import bundle_hash
from borderlab.base.problems import InputError
from borderlab.observe.series.as_of import AsOf, Seen
from borderlab.observe.store.store import Store
from borderlab.strategy.file.parse import load_strategy
from borderlab.strategy.runtime.calendar import Calendar
from borderlab.strategy.runtime.firings import Firing, FiringLog
from borderlab.strategy.runtime.program import FALSE, FORCE, REST, THREAT, TRUE, UNKNOWN
from borderlab.strategy.runtime.runtime import InForce, StrategyRuntime
from borderlab.strategy.tree.tree import Rule, Strategy, indicators_of

EARLIEST = date(2000, 1, 3)
_STATE = {THREAT: "threatened", FORCE: "in force", REST: "at rest"}


@dataclass(frozen=True)
class Watched:
    """One indicator that the rules read: its official series, or why there is none."""

    indicator: str
    known: AsOf | None
    why: str | None

    def json_ready(self) -> dict[str, Any]:
        """For ``--json``."""
        first = self.known.first_day if self.known else None
        return {
            "indicator": self.indicator,
            "series": self.known.row.id if self.known else None,
            "known_from": first.isoformat() if first else None,
            "why_missing": self.why,
        }


@dataclass(frozen=True)
class RuleHistory:
    """What one rule did on the series. Weeks are counted by whether its condition was true, false or unknown."""

    rule: Rule
    firings: tuple[Firing, ...]
    weeks_true: int
    weeks_false: int
    weeks_unknown: int
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Backtest:
    """A strategy's history."""

    strategy: Strategy
    first: date
    last: date
    watched: tuple[Watched, ...]
    rules: tuple[RuleHistory, ...]
    log: FiringLog
    hash: str

    def json_ready(self) -> dict[str, Any]:
        """For ``backtest --json``."""
        return {
            "strategy": self.strategy.id,
            "from": self.first.isoformat(),
            "to": self.last.isoformat(),
            "readings": [one.json_ready() for one in self.watched],
            "rules": [_rule_json(one) for one in self.rules],
            "note": "The series are as they happened; what a measure would have changed is not played out.",
            "hash": self.hash,
        }


@dataclass(frozen=True)
class RuleToday:
    """One rule on the last day: its state, whether its condition holds, and what it reads.

    ``holds`` is True, False or None (cannot be told, because of ``missing``).
    """

    rule: Rule
    state: str
    holds: bool | None
    readings: tuple[tuple[str, Seen | None, str | None], ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Today:
    """What a strategy orders on a day."""

    strategy: Strategy
    day: date
    rules: tuple[RuleToday, ...]
    levers: tuple[tuple[str, float, float], ...]
    hash: str

    def json_ready(self) -> dict[str, Any]:
        """For ``today --json``."""
        return {
            "strategy": self.strategy.id,
            "date": self.day.isoformat(),
            "rules": [_today_json(one) for one in self.rules],
            "levers": [
                {"lever": name, "imposed": imposed, "threatened": ahead} for name, imposed, ahead in self.levers
            ],
            "hash": self.hash,
        }


def backtest(
    name: str | Path, first: date | None = None, last: date | None = None, *, store: Store | None = None
) -> Backtest:
    """Run a strategy's rules over the official series, week by week.

    ``first`` is by default the first day on which any of its readings was published, ``last`` today.

    Raises:
        InputError: no such strategy, faults in its file, or a period that is no period.
    """
    strategy = load_strategy(name)
    watched = _watched(strategy, store)
    start, end = _period(watched, first, last)
    runtime, called = None, []
    for _, at_work in _weeks(strategy, watched, start, end):
        runtime = at_work
        called.append(runtime.called()[0])
    assert runtime is not None
    weeks = {value: (np.array(called) == value).sum(axis=0) for value in (TRUE, FALSE, UNKNOWN)}
    log = runtime.firings()
    firings = log.of(0)
    missing = {one.indicator for one in watched if one.known is None}
    rules = tuple(
        RuleHistory(
            rule,
            tuple(firing for firing in firings if firing.rule == rule.id),
            weeks_true=int(weeks[TRUE][place]),
            weeks_false=int(weeks[FALSE][place]),
            weeks_unknown=int(weeks[UNKNOWN][place]),
            missing=tuple(sorted(missing & set(_reads(rule)))),
        )
        for place, rule in enumerate(strategy.rules)
    )
    return Backtest(strategy, start, end, watched, rules, log, _hash("backtest", strategy, watched, start, end))


def today(name: str | Path, day: date | None = None, *, store: Store | None = None) -> Today:
    """What a strategy orders on ``day`` (by default now), having watched the official series up to then.

    Raises:
        InputError: no such strategy, or faults in its file.
    """
    strategy = load_strategy(name)
    watched = _watched(strategy, store)
    end = day or date.today()
    start, _ = _period(watched, None, end)
    start += timedelta(days=(end - start).days % 7)  # so that a week begins on the day asked for
    last: tuple[InForce, StrategyRuntime] | None = None
    for week in _weeks(strategy, watched, start, end):
        last = week
    assert last is not None
    force, runtime = last
    standing, called = runtime.standing()[0], runtime.called()[0]
    by_name = {one.indicator: one for one in watched}
    rules = tuple(
        _rule_today(rule, int(standing[place]), int(called[place]), by_name, end)
        for place, rule in enumerate(strategy.rules)
    )
    levers = tuple(
        (lever, float(force.imposed[lever][0]), float(force.threatened[lever][0])) for lever in force.imposed
    )
    return Today(strategy, end, rules, levers, _hash("today", strategy, watched, start, end))


def _weeks(
    strategy: Strategy, watched: tuple[Watched, ...], start: date, end: date
) -> Iterator[tuple[InForce, StrategyRuntime]]:
    """Step the runtime through the weeks."""
    calendar = Calendar(start, (end - start).days // 7 + 1)
    runtime = StrategyRuntime(strategy, 1, calendar)
    meaning: dict[str, int] = {}
    for week in range(calendar.weeks):
        day = calendar.day(week)
        here = {one.indicator: seen for one in watched if one.known and (seen := one.known.on(day))}
        for name, seen in here.items():
            if meaning.setdefault(name, seen.meaning) != seen.meaning:
                meaning[name] = seen.meaning
                runtime.forget(name)
        yield runtime.step(week, {name: seen.value for name, seen in here.items()}), runtime


def _rule_today(rule: Rule, state: int, called: int, watched: dict[str, Watched], day: date) -> RuleToday:
    readings = []
    for name in _reads(rule):
        one = watched[name]
        seen = one.known.on(day) if one.known else None
        why = None if seen else one.why or _why_unseen(one, day)
        readings.append((name, seen, why))
    return RuleToday(
        rule,
        _STATE.get(state, "idle"),
        {TRUE: True, FALSE: False, UNKNOWN: None}[called],
        tuple(readings),
        tuple(name for name, seen, _ in readings if seen is None),
    )


def _why_unseen(one: Watched, day: date) -> str:
    if one.known and one.known.incomplete_since(day):
        return "newer figures are there for some of its parts only"
    return "the newest value is too old, or none was published yet"


def _watched(strategy: Strategy, store: Store | None) -> tuple[Watched, ...]:
    names = dict.fromkeys(name for rule in strategy.rules for name in _reads(rule))
    found = []
    for name in names:
        try:
            known = AsOf(name, store)
            why = "the imports hold some of its parts only" if known.incomplete else "nothing imported"
            found.append(Watched(name, known, None) if known.points else Watched(name, None, why))
        except InputError:
            found.append(Watched(name, None, "no official series"))
    return tuple(found)


def _reads(rule: Rule) -> tuple[str, ...]:
    """The indicators of a rule, each once."""
    lifted = (rule.lift.indicator,) if rule.lift.indicator else ()
    return tuple(dict.fromkeys((*indicators_of(rule.when), *indicators_of(rule.until), *lifted)))


def _period(watched: tuple[Watched, ...], first: date | None, last: date | None) -> tuple[date, date]:
    days = [day for one in watched if one.known and (day := one.known.first_day)]
    end = last or date.today()
    start = first or max(min(days, default=EARLIEST), EARLIEST)
    if not date(1950, 1, 1) <= start < end <= date(2100, 1, 1):
        raise InputError(f"from {start} to {end} is no period.")
    return start, end


def _hash(kind: str, strategy: Strategy, watched: tuple[Watched, ...], start: date, end: date) -> str:
    values = {one.indicator: [[f"{p.period}", p.value] for p in one.known.points] for one in watched if one.known}
    return bundle_hash({kind: strategy.hash, "from": f"{start}", "to": f"{end}", "values": values})


def _rule_json(one: RuleHistory) -> dict[str, Any]:
    return {
        "rule": one.rule.id,
        "weeks_true": one.weeks_true,
        "weeks_false": one.weeks_false,
        "weeks_unknown": one.weeks_unknown,
        "missing": list(one.missing),
        "firings": [
            {
                "begin": firing.begin.isoformat(),
                "imposed": firing.imposed.isoformat() if firing.imposed else None,
                "end": firing.end.isoformat() if firing.end else None,
                "why": firing.why.name.lower().replace("_", " "),
                "weeks_in_force": firing.weeks_in_force,
                "seen": _plain(firing.seen),
                "seen_at_end": _plain(firing.seen_at_end),
            }
            for firing in one.firings
        ],
    }


def _today_json(one: RuleToday) -> dict[str, Any]:
    return {
        "rule": one.rule.id,
        "state": one.state,
        "holds": one.holds,
        "missing": list(one.missing),
        "readings": [
            {
                "indicator": name,
                "value": seen.value if seen else None,
                "period": f"{seen.period:%Y-%m}" if seen else None,
                "age_days": seen.age_days if seen else None,
                "source": seen.source if seen else None,
                "vintage": seen.vintage if seen else None,
                "why_missing": why,
            }
            for name, seen, why in one.readings
        ],
    }


def _plain(readings: Any) -> dict[str, float | None]:
    return {name: None if np.isnan(value) else float(value) for name, value in readings.items()}
