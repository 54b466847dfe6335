"""One future told week by week in plain words: what was seen, which rule applied, what each side did.

Weeks in which nothing changes are passed over; every quarter the readings are given. Settings, rules and amounts are
worded as ``borderlab strategies show`` words them; what rules do is told in :mod:`borderlab.report.story.rules`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import numpy as np

from borderlab.evidence.tables.leader import takes_office
from borderlab.language.dates import date as day_words
from borderlab.language.translate import translator
from borderlab.model.core.rates import WEEKS_PER_YEAR
from borderlab.model.futures.futures import Futures, model_parameters
from borderlab.model.modules.survival import lines
from borderlab.model.run.moments import Moment, moments
from borderlab.model.run.run import DEFAULT_START, check_period
from borderlab.report.story.rules import RuleTeller
from borderlab.report.story.wording import amount, indicator_words
from borderlab.strategy.tree.plain_words import Teller
from borderlab.strategy.tree.tree import Strategy

QUARTER_WEEKS = 13
NOTICED = 0.05
NOTICED_PEOPLE = 1000.0
READINGS = ("encounters", "mx.effort_migration", "mx.effort_security", "institution_level", "backlash")
_RISES = {
    "migration": "Mexico announces {level} effort on migration (was {was}); {real} is carried out so far.",
    "security": "Mexico announces {level} effort on security (was {was}); {real} is carried out so far.",
}
_FALLS = {
    "migration": "Mexico's announced effort on migration falls to {level} (was {was}); {real} is carried out.",
    "security": "Mexico's announced effort on security falls to {level} (was {was}); {real} is carried out.",
}


@dataclass
class _Told:
    """What was last told of the things that are followed."""

    announced: dict[str, float]
    north: float
    alive: dict[str, bool]
    hosting: bool = True
    relaxed: bool = False
    rules: RuleTeller | None = field(default=None)


def told(
    strategy: Strategy, future: Futures, number: int, *, fits: bool, start: date, years: float, lang: str
) -> Iterator[str]:
    """The story of a single future under its title, and whether that future ``fits`` coded history."""
    tr = translator("model", lang)
    yield strategy.title.get(lang) or strategy.id
    drawn = tr("Future {number} of seed {seed}.", number=number, seed=future.seed)
    fitting = (
        tr("It reproduces coded history.") if fits else tr("It does not reproduce coded history: an example only.")
    )
    yield f"{drawn} {fitting}"
    yield tr("This is not a forecast: it says what follows from these assumptions, and how far they leave it open.")
    yield ""
    yield from story(strategy, future, start=start, years=years, lang=lang)


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
    check_period(start, years)
    weeks = max(round(years * WEEKS_PER_YEAR), 1)
    teller = Teller(strategy or Strategy("none", {}, {}), lang)
    before: _Told | None = None
    last: Moment | None = None
    for now in moments(strategy, future, start, weeks):
        if before is None:
            before = _start(now, teller)
        told = [*_calendar(now, before, lang), *_settings(now, teller)]
        if before.rules is not None:
            told += before.rules.week(now)
        told += [*_mexico(now, before, lang), *_programmes(now, before, teller)]
        if now.week % QUARTER_WEEKS == 0:
            told.append(_readings(now, lang))
        if told:
            yield day_words(now.day, lang)
            yield from (f"  {line}" for line in told)
        last = now
    if last is not None:
        tr = translator("model", lang)
        yield tr("End of the run.")
        yield f"  {_readings(last, lang)}"


def _one(value: Any) -> float:
    return float(np.asarray(value, float).reshape(-1)[0])


def _start(now: Moment, teller: Teller) -> _Told:
    announced = {what: _one(now.now[f"effort.announced_{what}"]) for what in ("migration", "security")}
    today = {row.programme for row in lines() if row.today}
    alive = {id_: id_ in today or bool(_one(value)) for id_, value in now.alive().items()}
    rules = RuleTeller(teller) if now.runtime is not None and now.runtime.strategy.rules else None
    return _Told(announced, float(model_parameters()["today.forces_north"].default), alive, rules=rules)


def _readings(now: Moment, lang: str) -> str:
    tr = translator("model", lang)
    values = now.now
    return tr("Readings") + ": " + "; ".join(indicator_words(id_, _one(values[id_]), lang) for id_ in READINGS)


def _calendar(now: Moment, before: _Told, lang: str) -> Iterator[str]:
    tr = translator("model", lang)
    if takes_office("US", now.day):
        yield tr("A president takes office in the United States.")
    if takes_office("MX", now.day):
        yield tr("A president takes office in Mexico.")
    if _one(now.now["levers.us_relaxed"]) < 0.0 and not before.relaxed:
        before.relaxed = True
        yield tr("The United States relaxes its rules on asylum and processing.")
    if bool(_one(now.now["programmes.scandal"])):
        yield tr("A scandal shakes cooperation.")


def _settings(now: Moment, teller: Teller) -> Iterator[str]:
    """Settings without a rule that begin or end this week, by the calendar that puts them in force."""
    tr = translator("model", teller.lang)
    if now.runtime is None:
        return
    for one in now.runtime.strategy.constants:
        first, end = now.runtime.calendar.span(one.start, one.end)
        first = max(first, 0)
        if end <= first or now.week not in (first, end):
            continue  # never in force in this run, or nothing changes this week
        what = teller.constant(replace(one, start=None, end=None, from_essay=None))
        text = "The strategy sets: {what}" if now.week == first else "The strategy no longer sets: {what}"
        yield tr(text, what=what)


def _mexico(now: Moment, before: _Told, lang: str) -> Iterator[str]:
    """Changes of what Mexico announces and of the forces it sends."""
    tr = translator("model", lang)
    for what in ("migration", "security"):
        announced, real = now.now[f"effort.announced_{what}"], now.now[f"effort.{what}"]
        level, was = _one(announced), before.announced[what]
        if abs(level - was) >= NOTICED:
            share = {"level": amount(level, "share", lang), "was": amount(was, "share", lang)}
            text = _RISES[what] if level > was else _FALLS[what]
            yield tr(text, **share, real=amount(_one(real), "share", lang))
            before.announced[what] = level
    north = _one(now.now["effort.north"])
    if abs(north - before.north) >= NOTICED_PEOPLE:
        people = {"north": amount(north, "people", lang), "was": amount(before.north, "people", lang)}
        yield tr("Forces at Mexico's north border: {north} (were {was}).", **people)
        before.north = north


def _programmes(now: Moment, before: _Told, teller: Teller) -> Iterator[str]:
    """Programmes that begin without a rule that says so, and those that end."""
    tr = translator("model", teller.lang)
    acts = () if now.in_force is None else now.in_force.programmes
    by_rule = {act.programme for act in acts if act.rule_id is not None}
    for id_, value in now.alive().items():
        alive = bool(_one(value))
        was = before.alive.get(id_, False)
        if was and not alive:
            yield tr("A programme ends: {name}.", name=teller.programme(id_))
        elif alive and not was and id_ not in by_rule:
            yield tr("A programme begins: {name}.", name=teller.programme(id_))
        before.alive[id_] = alive
    hosting = bool(_one(now.now["programmes.hosting"]))
    if before.hosting and not hosting:
        yield tr("No group is left under which working groups, reviews and shared plans are held.")
    before.hosting = hosting
