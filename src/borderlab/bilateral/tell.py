"""One future told week by week in plain words: what was seen, which rule fired, what each side did.

Weeks in which nothing changes are passed over; every quarter the readings are given.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np

from borderlab.base.words import translator
from borderlab.bilateral.futures import Futures
from borderlab.bilateral.institutions import Roster
from borderlab.bilateral.leaders import takes_office
from borderlab.bilateral.measures import read
from borderlab.bilateral.rates import WEEKS_PER_YEAR
from borderlab.bilateral.run import DEFAULT_START, Moment, moments
from borderlab.bilateral.wording import amount, day_words, indicator_words, lever_words
from borderlab.evidence.lever import Lever, levers
from borderlab.evidence.programme import programmes

QUARTER_WEEKS = 13
NOTICED = 0.05
NOTICED_PEOPLE = 1000.0
STEP_TOLD = 0.2
READINGS = ("encounters", "mx.effort_migration", "mx.effort_security", "institution_level", "backlash")


@dataclass
class _Before:
    """What was last told of the things that are followed."""

    imposed: dict[str, float] = field(default_factory=dict)
    moving: dict[str, float] = field(default_factory=dict)
    threatened: dict[str, float] = field(default_factory=dict)
    announced: dict[str, float] = field(default_factory=dict)
    north: float = 0.0
    alive: dict[str, bool] = field(default_factory=dict)


def story(
    strategy: Any | None, future: Futures, *, start: date = DEFAULT_START, years: float = 10.0, lang: str = "en"
) -> Iterator[str]:
    """The lines of the story of a single future.

    Args:
        strategy: what is run; None moves nothing.
        future: one future (``futures.take(slice(17, 18))``).
        start, years: the period.
        lang: en or es.
    """
    weeks = max(round(years * WEEKS_PER_YEAR), 1)
    before: _Before | None = None
    last: Moment | None = None
    fired: set[tuple[str, date]] = set()
    ended: set[tuple[str, date]] = set()
    for now in moments(strategy, future, start, weeks):
        if before is None:
            before = _start(now)
        told = [*_calendar(now, lang), *_rules(now, fired, ended, lang), *_united_states(now, before, lang)]
        told += [*_mexico(now, before, lang), *_programmes(now, before, lang)]
        if now.week % QUARTER_WEEKS == 0:
            told.append(_readings(now, lang))
        if told:
            yield day_words(now.day, lang)
            yield from (f"  {line}" for line in told)
        last = now
    if last is not None:
        tr = translator("bilateral", lang)
        yield tr("End of the run.")
        yield f"  {_readings(last, lang)}"


def _one(value: Any) -> float:
    return float(np.asarray(value, float).reshape(-1)[0])


def _start(now: Moment) -> _Before:
    before = _Before(north=now.world.effort.north_base)
    effort = now.world.effort
    before.announced = {"migration": _one(effort.announced_migration), "security": _one(effort.announced_security)}
    roster = now.world.institutions.roster
    if roster is not None:
        before.alive = dict.fromkeys(roster.ids, True)
    return before


def _readings(now: Moment, lang: str) -> str:
    tr = translator("bilateral", lang)
    values = read(now.world, READINGS)
    return tr("Readings") + ": " + "; ".join(indicator_words(id_, _one(values[id_]), lang) for id_ in READINGS)


def _calendar(now: Moment, lang: str) -> Iterator[str]:
    tr = translator("bilateral", lang)
    if takes_office("US", now.day):
        yield tr("A president takes office in the United States.")
    if takes_office("MX", now.day):
        yield tr("A president takes office in Mexico.")
    if bool(np.any(now.world.institutions.scandal)):
        yield tr("A scandal shakes cooperation.")


def _rules(now: Moment, fired: set[tuple[str, date]], ended: set[tuple[str, date]], lang: str) -> Iterator[str]:
    """Rules that begin, are carried out or end, with what was seen."""
    tr = translator("bilateral", lang)
    if now.runtime is None or not now.runtime.strategy.rules:
        return
    for one in now.runtime.firings().of(0):
        key = (one.rule, one.begin)
        if key not in fired:
            fired.add(key)
            seen = "; ".join(indicator_words(id_, value, lang) for id_, value in one.seen.items())
            if seen:
                yield tr("Seen: {seen}. Rule '{rule}' fires.", seen=seen, rule=one.rule)
            else:
                yield tr("Rule '{rule}' fires.", rule=one.rule)
        if one.end is not None and key not in ended:
            ended.add(key)
            seen = "; ".join(indicator_words(id_, value, lang) for id_, value in one.seen_at_end.items())
            why = tr(_WHY[one.why.name])
            yield tr("Rule '{rule}' ends: {why}.", rule=one.rule, why=why) + (f" ({seen})" if seen else "")


_WHY = {
    "RUNNING": "still running",
    "MET": "its aim was met",
    "MET_UNDER_THREAT": "its aim was met under the threat alone",
    "LIMIT": "its longest time was up",
    "LIFTED_IN_STEPS": "it was lifted step by step",
    "NOT_CARRIED_OUT": "the threat was not carried out",
    "NO_LONGER_CALLED_FOR": "it was no longer called for",
    "READING_MISSING": "a reading was missing",
    "DONE": "what it orders was done",
}


def _united_states(now: Moment, before: _Before, lang: str) -> Iterator[str]:
    """Levers threatened, set and lifted. Mexican and joint levers too, named as such."""
    tr = translator("bilateral", lang)
    if now.in_force is None:
        return
    rows = levers()
    for id_, values in now.in_force.threatened.items():
        value, was = _one(values), before.threatened.get(id_, rows[id_].default)
        if value != was and value != rows[id_].default:
            yield tr("Threatened: {lever}.", lever=lever_words(id_, value, lang))
        before.threatened[id_] = value
    for id_, values in now.in_force.imposed.items():
        value, was = _one(values), before.imposed.get(id_, rows[id_].default)
        last = before.moving.get(id_, rows[id_].default)
        before.moving[id_] = value
        if value == was or not _worth_telling(rows[id_], was, last, value):
            continue
        who = {"us": tr("United States"), "mx": tr("Mexico"), "both": tr("Both governments")}[rows[id_].actor]
        if value == rows[id_].default:
            yield tr("{who}: back to today's level: {lever}.", who=who, lever=lever_words(id_, value, lang))
        else:
            yield tr("{who}: in force: {lever}.", who=who, lever=lever_words(id_, value, lang))
        before.imposed[id_] = value


def _worth_telling(lever: Lever, told: float, last: float, value: float) -> bool:
    """A lever that moves slowly is told when it sets out, at every fifth of its range, and when it comes to rest."""
    sets_out = told == lever.default and last == lever.default
    rests = value == last or value == lever.default
    return sets_out or rests or abs(value - told) >= STEP_TOLD * (lever.high - lever.low)


_RISES = {
    "migration": "Mexico announces {level} effort on migration (was {was}); {real} is carried out so far.",
    "security": "Mexico announces {level} effort on security (was {was}); {real} is carried out so far.",
}
_FALLS = {
    "migration": "Mexico's announced effort on migration falls to {level} (was {was}); {real} is carried out.",
    "security": "Mexico's announced effort on security falls to {level} (was {was}); {real} is carried out.",
}


def _mexico(now: Moment, before: _Before, lang: str) -> Iterator[str]:
    """Changes of what Mexico announces and of the forces it sends."""
    tr = translator("bilateral", lang)
    effort = now.world.effort
    for what, announced, real in (
        ("migration", effort.announced_migration, effort.migration),
        ("security", effort.announced_security, effort.security),
    ):
        level, was = _one(announced), before.announced[what]
        if abs(level - was) >= NOTICED:
            share = {"level": amount(level, "share", lang), "was": amount(was, "share", lang)}
            text = _RISES[what] if level > was else _FALLS[what]
            yield tr(text, **share, real=amount(_one(real), "share", lang))
            before.announced[what] = level
    north = _one(now.world.north)
    if abs(north - before.north) >= NOTICED_PEOPLE:
        yield tr(
            "Forces at Mexico's north border: {north} (were {was}).", north=f"{north:,.0f}", was=f"{before.north:,.0f}"
        )
        before.north = north


def _programmes(now: Moment, before: _Before, lang: str) -> Iterator[str]:
    tr = translator("bilateral", lang)
    roster: Roster | None = now.world.institutions.roster
    if roster is None:
        return
    known = programmes()
    for place, id_ in enumerate(roster.ids):
        alive = bool(roster.alive[place, 0])
        was = before.alive.get(id_, False)
        if alive != was:
            name = id_ if id_ not in known else (known[id_].name_es if lang == "es" else known[id_].name_en)
            yield tr("A programme begins: {name}.", name=name) if alive else tr("A programme ends: {name}.", name=name)
        before.alive[id_] = alive
