"""The two governments on a stage: what acts on them is written out week by week, not ordered by a strategy.

Any variable of any module is kept. From today's state the course runs without compilation, so that equations can be
stepped through.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import ClassVar

import numpy as np

from borderlab.model.core.beginning import Beginning, Opening, begin
from borderlab.model.core.course import compiled, plain
from borderlab.model.core.execution import execute, prepare
from borderlab.model.core.module import Module, Rows, names
from borderlab.model.core.rates import WEEKS_PER_YEAR
from borderlab.model.core.world import World
from borderlab.model.futures.futures import Futures
from borderlab.model.futures.settings import Settings
from borderlab.model.history.world import past
from borderlab.model.run.run import Course, rules
from borderlab.model.run.worlds import MODULES, layout_of, today

START = date(2027, 1, 4)
ACTED = (
    "tariff_imposed", "tariff_threatened", "expected_cost", "expected_imposed", "us_relaxed", "new_pressure",
    "executed", "dropped", "log_baseline", "lost", "truck_cost", "traveller_hours", "value_delayed",
)  # fmt: skip
PRESIDENTS = ("leader_mx", "leader_us", "president_mx")


class ActedLevers(Module):
    """Pressure and shifts of the script, by future."""

    name = "levers"
    tables = names("script", "script_shift")
    arrays: ClassVar = {
        "shift": Rows("effects"),
        "direct": Rows("direct"),
        "sector_detection": Rows(9, "share"),
    }
    writes: ClassVar = {
        "by_sector": "event",
        "tariff_imposed": "share",
        "tariff_threatened": "share",
        "expected_cost": "percent of GDP",
        "expected_imposed": "percent of GDP",
        "us_relaxed": "level",
        "new_pressure": "event",
        "executed": "event",
        "dropped": "event",
    }

    @staticmethod
    def step(script, script_shift, shift, week, place):
        for effect in range(len(shift)):
            shift[effect] = script_shift[week, effect, place]
        return {
            "by_sector": 0.0,
            "tariff_imposed": script[week, 0, place],
            "tariff_threatened": script[week, 1, place],
            "expected_cost": script[week, 2, place],
            "expected_imposed": script[week, 3, place],
            "us_relaxed": script[week, 4, place],
            "new_pressure": script[week, 5, place],
            "executed": script[week, 6, place],
            "dropped": script[week, 7, place],
        }


class ActedIntent(Module):
    name = "intent"
    tables = names("script")
    writes: ClassVar = {"log_baseline": "log"}

    @staticmethod
    def step(script, week, place):
        return {"log_baseline": script[week, 8, place]}


class ActedBorder(Module):
    name = "border"
    tables = names("script")
    writes: ClassVar = {
        "throughput_lost": "share",
        "throughput_pressed": "share",
        "throughput_threatened": "share",
        "value_delayed": "USD/month",
        "truck_cost": "USD/month",
        "traveller_hours": "hours/month",
    }

    @staticmethod
    def step(script, week, place):
        return {
            "throughput_lost": script[week, 9, place],
            "throughput_pressed": script[week, 9, place],
            "throughput_threatened": 0.0,
            "value_delayed": script[week, 12, place],
            "truck_cost": script[week, 10, place],
            "traveller_hours": script[week, 11, place],
        }


@cache
def acted() -> World:
    kept = tuple(module for module in MODULES if module.name != "patterns")
    return World((*kept, ActedLevers, ActedIntent, ActedBorder))


def play(futures: Futures, weeks: int, script: Mapping[str, object], record: tuple[str, ...]) -> dict[str, np.ndarray]:
    """From today's state: variables at the end of every week, by name [weeks, futures].

    Args:
        script: a number or an array that fills [weeks, futures] by what is acted (ACTED), ``shift EFFECT`` or a change
            of president (PRESIDENTS); what is not named is 0.
    """
    world = acted()
    acts = np.zeros((weeks, len(ACTED), futures.n))
    shifts = np.zeros((weeks, len(world.effects), futures.n))
    inputs = _inputs(world, weeks)
    for name, value in script.items():
        if name in PRESIDENTS:
            inputs[:, world.inputs.index(name)] = value
        elif name.startswith("shift "):
            shifts[:, world.effects.index(name.removeprefix("shift "))] = value
        else:
            acts[:, ACTED.index(name)] = value
    course = Course(None, futures, start=START, years=weeks / WEEKS_PER_YEAR, world=world)
    given = {**course.prepared.given, "W": inputs, "t_script": acts, "t_script_shift": shifts}
    course.prepared = replace(course.prepared, function=plain(course.prepared.layout, rules()), given=given)
    with np.errstate(over="ignore"):
        series = course.take(record, kind=np.float64, threads=1).series
    return {name: series[name].T for name in record}


def replay(
    futures: Futures, weeks: int, script: Mapping[str, object], record: tuple[str, ...], opening: Opening
) -> dict[str, np.ndarray]:
    """As a past episode, at rest and without programmes: variables at the end of every week [weeks, futures].

    Args:
        script: a number or an array [weeks] by input of the past; ``shift EFFECT`` for one effect of levers.
    """
    world, settings = past(), Settings(futures)
    inputs = _inputs(world, weeks)
    effect = "effort_migration"
    for name, value in script.items():
        if name.startswith("shift "):
            effect, name = name.removeprefix("shift "), "recorded_effort"
        inputs[:, world.inputs.index(name)] = value
    layout = layout_of(world)
    tables = {"own_effort_at": np.array([world.effects.index(effect)], np.int64)}
    sizes = {"effects": len(world.effects), "direct": len(world.levers)}
    beginning = at_rest(futures, opening)
    prepared = prepare(layout, compiled(layout), beginning, settings, futures.key, inputs, tables, sizes)
    series = execute(prepared, record, kind=np.float64).series
    return {name: series[name].T for name in record}


def _inputs(world: World, weeks: int) -> np.ndarray:
    found = np.zeros((weeks, len(world.inputs)))
    found[:, world.inputs.index("years")] = np.arange(weeks) / WEEKS_PER_YEAR
    return found


def at_rest(futures: Futures, opening: Opening) -> Beginning:
    """Values of a past episode before its first week, by name."""
    return begin(past(), Settings(futures), opening, futures.key)


def of_today(futures: Futures) -> Beginning:
    """Values of today before the first week, by name."""
    programmes = Course(None, futures, start=START, years=0.1).orders.programmes
    return begin(today(), Settings(futures), Opening(programmes=programmes), futures.key)


def first(value: object) -> float:
    """A value before the first week, in the first future."""
    return float(np.ravel(np.asarray(value, float))[0])
