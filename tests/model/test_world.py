"""A world checked by its declarations: what is refused, what takes the place of what, what a replacement moves."""

from dataclasses import replace
from datetime import date
from math import exp
from typing import ClassVar

import numpy as np
import pytest

from borderlab.base.problems import InputError
from borderlab.model.core.course import plain
from borderlab.model.core.execution import Taken
from borderlab.model.core.graph import reach, wiring
from borderlab.model.core.module import Before, Draw, Measure, Module, Whole, names
from borderlab.model.core.world import World
from borderlab.model.futures.futures import Futures, draw_futures
from borderlab.model.futures.settings import Settings
from borderlab.model.modules.violence import Violence
from borderlab.model.run.measures import measure_ids
from borderlab.model.run.run import Course, rules
from borderlab.model.run.worlds import MODULES, today
from borderlab.strategy.file.parse import load_strategy


class Spring(Module):
    """What all the others drink from."""

    name = "spring"
    inputs = ("years",)
    state: ClassVar = {"level": "share"}
    writes: ClassVar = {"flow": "share"}
    measures = (Measure("spring.flow", "flow"),)

    @staticmethod
    def begin():
        return {"level": 1.0}

    @staticmethod
    def step(level, years):
        return {"level": level * 0.5, "flow": years + level}


class River(Module):
    name = "river"
    reads: ClassVar = names(flow="spring.flow")
    writes: ClassVar = {"water": "share"}

    @staticmethod
    def step(flow):
        return {"water": flow}


def problems(*modules) -> list[str]:
    with pytest.raises(InputError) as caught:
        World(modules)
    return [str(one) for one in caught.value.problems]


def test_a_world_that_holds_is_sorted_by_what_reads_what():
    world = World((River, Spring))
    assert [wired.name for wired in world.wired] == ["spring", "river"]
    assert world.loop().splitlines() == [
        "spring: nothing -> level, flow",
        "river: spring.flow -> water",
    ]
    order = [wired.name for wired in today().wired]
    for wired in today().wired:
        for one in wired.step:
            owner, _, name = one.source.partition(".")
            if one.kind == "read" and owner != wired.name:
                made = today().wired[order.index(owner)]
                fixed = name not in made.writes and name not in made.module.arrays
                assert fixed or order.index(owner) < order.index(wired.name), (wired.name, one.source)


class Thirsty(Module):
    name = "thirsty"
    reads: ClassVar = names(flow="spring.flaw", other="sprint.flow")
    writes: ClassVar = {"water": "share"}

    @staticmethod
    def step(flow, other):
        return {"water": flow + other}


def test_reads_of_what_nobody_writes_are_refused_with_the_nearest_name():
    first, second = problems(Spring, Thirsty)
    assert "'thirsty' reads 'flow' from 'spring.flaw', which module 'spring' does not write" in first
    assert "'flow'" in first.split("Did you mean")[1]
    assert "'thirsty' reads 'sprint.flow', but there is no module 'sprint'" in second
    assert "'spring'" in second.split("Did you mean")[1]


class Guessing(Module):
    name = "guessing"
    parameters: ClassVar = names("kc")
    writes: ClassVar = {"guess": "share"}

    @staticmethod
    def step(kc, weak):
        return {"guess": kc * weak}


def test_an_argument_that_is_declared_nowhere_is_refused():
    (one,) = problems(Guessing)
    assert "'guessing': its equations ask for 'weak', which it declares nowhere" in one
    assert "'week'" in one.split("Did you mean")[1]


class Idle(Module):
    name = "idle"
    parameters: ClassVar = names("kc")
    inputs = ("years",)
    reads: ClassVar = names(flow="spring.flow")
    effects: ClassVar = names("intent")
    levers: ClassVar = names(tariff="us.tariff")
    tables: ClassVar = names("sizes")
    draws: ClassVar = {"shock": Draw("normal", "idle")}
    state: ClassVar = {"never": "share"}
    writes: ClassVar = {"nothing": "share"}

    @staticmethod
    def step(week):
        return {"nothing": 0.0, "something": 1.0}


def test_what_is_declared_and_not_used_is_refused_all_at_once():
    found = problems(Spring, Idle)
    for kind, local in (("parameters", "kc"), ("reads", "flow"), ("effects", "intent"), ("levers", "tariff"),
                        ("tables", "sizes"), ("draws", "shock")):  # fmt: skip
        assert f"module 'idle' declares '{local}' among its {kind} and never reads it." in found
    assert "module 'idle' declares the input 'years' and never reads it." in found
    assert "module 'idle' declares 'never' and never gives it." in found
    assert "module 'idle' gives 'something', which it does not declare." in found
    assert len(found) == 9


class Gauge(Module):
    name = "gauge"
    reads: ClassVar = names(flow="spring.flow")
    writes: ClassVar = {"seen": "share"}
    measures = (Measure("spring.flow", "seen"), Measure("gauge.seen", "sean"))

    @staticmethod
    def step(flow):
        return {"seen": flow}


def test_a_measure_given_twice_or_of_nothing_is_refused():
    found = problems(Spring, Gauge)
    assert "measure 'spring.flow' is given by 'spring' and by 'gauge'." in found
    assert "measure 'gauge.seen' is 'sean', which 'gauge' does not write." in found
    assert len(found) == 2


class Hen(Module):
    name = "hen"
    reads: ClassVar = names(egg="egg.egg")
    writes: ClassVar = {"hen": "hens"}

    @staticmethod
    def step(egg):
        return {"hen": egg}


class Egg(Module):
    name = "egg"
    reads: ClassVar = names(hen="hen.hen")
    writes: ClassVar = {"egg": "eggs"}

    @staticmethod
    def step(hen):
        return {"egg": hen}


class LaidEgg(Egg):
    reads: ClassVar = {"hen": Before("hen.hen")}


def test_a_cycle_within_a_week_is_refused_and_one_over_two_weeks_is_none():
    (one,) = problems(Spring, Hen, Egg)
    assert "modules hen, egg need each other in the same week" in one
    assert "Before('module.variable')" in one
    assert [wired.name for wired in World((Hen, LaidEgg)).wired] == ["egg", "hen"]


class TakesWhole(Module):
    name = "whole"
    effects: ClassVar = names(shift=Whole("intent"))
    writes: ClassVar = {"found": "log"}

    @staticmethod
    def step(shift):
        return {"found": shift}


class TakesPart(TakesWhole):
    name = "part"
    effects: ClassVar = names(shift="intent")


def test_an_effect_is_taken_up_whole_or_in_part_by_all():
    (one,) = problems(TakesWhole, TakesPart)
    assert one.startswith("effect 'intent' is taken up whole by one of 'whole' and 'part', not by both.")
    assert World((TakesWhole,)).whole == {"intent"}
    assert World((TakesPart,)).whole == frozenset()


def test_all_faults_of_a_world_are_told_together():
    assert len(problems(Spring, Thirsty, Guessing, Gauge, Hen, Egg)) == 2 + 1 + 2 + 1


class Feud(Module):
    """Homicides that follow the guns alone and know no effort."""

    name = "violence"
    parameters: ClassVar = names(homicides_today="today.homicides")
    reads: ClassVar = names(guns="drugs.guns_ratio")
    writes: ClassVar = {"homicides": "deaths/month"}
    measures = (Measure("mx.homicides", "homicides"),)

    @staticmethod
    def step(homicides_today, guns):
        return {"homicides": homicides_today * exp(guns - 1.0) + 7.0}


def test_a_module_of_ones_own_takes_the_place_of_a_shipped_one_and_moves_what_is_downstream_alone():
    own = today().replaced(Feud)
    assert len(own.modules) == len(MODULES)
    assert Violence in today().modules
    assert Violence not in own.modules
    futures = draw_futures(12, 5)
    record = ("mx.homicides", "drugs.guns_ratio")
    shipped, moved = (as_written(world, futures, record) for world in (today(), own))
    homicides = Settings(futures).array("today.homicides")
    expected = homicides[:, None] * np.exp(moved.series["drugs.guns_ratio"] - 1.0) + 7.0
    assert moved.series["mx.homicides"] == pytest.approx(expected, rel=1e-12)
    bits = reach([wiring(today())], measure_ids())["violence.homicides"]
    downstream = {id_ for place, id_ in enumerate(measure_ids()) if bits >> place & 1}
    assert downstream == {"mx.homicides"}
    for id_ in measure_ids():
        if id_ in downstream:
            assert not np.array_equal(moved.measures[id_], shipped.measures[id_])
        else:
            assert np.array_equal(moved.measures[id_], shipped.measures[id_]), id_


def as_written(world: World, futures: Futures, record: tuple[str, ...]) -> Taken:
    """A year under a shipped strategy, without compilation."""
    course = Course(load_strategy("border-leverage"), futures, start=date(2027, 1, 4), years=1.0, world=world)
    course.prepared = replace(course.prepared, function=plain(course.prepared.layout, rules()))
    with np.errstate(over="ignore"):
        return course.take(record, kind=np.float64, threads=1)
