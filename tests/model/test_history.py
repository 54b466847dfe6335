"""Coded history: figures of the prototype at the defaults, the facts, the control, hand calculations."""

import math
from datetime import date

import numpy as np
import pytest
from borderlab.model.core.inputs import Drive
from borderlab.model.futures.parameters import Settings
from borderlab.model.run.world import Opening, World

from borderlab.base.problems import InputError
from borderlab.model.core.rates import weekly
from borderlab.model.futures.futures import default_futures, draw_futures
from borderlab.model.history.episodes import Point, drives, episode, joined, trace
from borderlab.model.history.hindcast import beside, hindcast, with_default_structure
from borderlab.model.history.history_match import facts, plausible
from borderlab.model.modules.bargaining import Bargaining
from borderlab.model.modules.economy import Economy


@pytest.fixture(scope="module")
def run_2019():
    return trace("2019", default_futures(1))


def test_arrivals_fall_as_in_the_prototype(run_2019):
    # MODEL-PRIORS 3.3: month 1 -22 %, month 7 -62 %, month 32 -3 %; the weekly model is allowed four points.
    change = [float(run_2019.after("arrivals", month)[0]) - 1 for month in (1, 7, 32)]
    assert change == pytest.approx([-0.22, -0.62, -0.03], abs=0.04)


def test_effort_rises_and_fades_as_in_the_prototype(run_2019):
    effort = run_2019.series["effort_migration"][:, 0]
    assert run_2019.before["effort_migration"][0] == pytest.approx(0.26, abs=1e-12)
    assert effort.max() == pytest.approx(0.48, abs=0.02)
    assert float(run_2019.after("effort_migration", 24)[0]) == pytest.approx(0.29, abs=0.02)
    assert run_2019.series["concession"].max() == pytest.approx(0.36, abs=0.02)


def test_cost_of_2022_as_in_the_prototype():
    # 1 - (1 - .10) is a tenth of trade: US .012 x .1 x 25.7e12 / 12 = 2.57 bn; Mexico 1.5 % of a month's GDP.
    run = trace("2022", default_futures(1))
    assert run.series["cost_mx"].max() == pytest.approx(0.015)
    assert run.series["cost_us"].max() * 25.7e12 / 12 == pytest.approx(2.57e9)
    tested = plausible(default_futures(1))
    assert tested.values["cost"][0] == pytest.approx(2.6, abs=0.25)  # the weeks from 8 April do not fill a month


def test_2025_announces_as_much_as_the_prototype_and_acts_so_under_its_focus():
    futures = default_futures(1)
    assert trace("2025", futures).series["concession"].max() == pytest.approx(0.55, abs=0.02)
    world = World(Settings(futures), Opening(today=False, institution=0.2, backlash=0.0, focus=1.0))
    efforts = []
    for drive in drives("2025"):
        world.step(drive)
        efforts.append(float(world.effort.migration[0]))
    assert max(efforts) == pytest.approx(0.55, abs=0.03)


def test_pressure_by_hand():
    settings = Settings(default_futures(1))
    economy, bargaining = Economy(settings), Bargaining(settings)
    drive = Drive(tariff_threatened=0.05)
    economy.step(drive)
    bargaining.step(drive, economy)
    loss = 1 - math.exp(-1.5 * 0.05)
    z = 0.7 * 0.5 * 0.15 * loss / 0.008
    assert bargaining.leverage[0] == pytest.approx(1 - math.exp(-z))
    assert bargaining.concession[0] == pytest.approx(0.6 * (1 - math.exp(-z)))


def test_effort_reaches_its_target_at_the_monthly_speed():
    # 5 % threatened for ever, no adaptation of beliefs: after one month 70 % of the gap is closed.
    futures = default_futures(1)
    world = World(Settings(futures), Opening(today=False, institution=0.2, backlash=0.0, focus=1.0))
    start = float(world.effort.migration[0])
    drive = Drive(tariff_threatened=0.05)
    world.step(drive)
    target = float(world.effort.base[0] + 0.6 * world.bargaining.concession[0])
    assert float(world.effort.migration[0]) - start == pytest.approx(weekly(0.7) * (target - start), rel=1e-9)
    assert 1 - (1 - weekly(0.7)) ** (365.25 / 7 / 12) == pytest.approx(0.7)


def test_all_eight_facts_pass_at_the_defaults():
    tested = plausible(default_futures(1))
    assert len(facts()) == 8
    assert {id_: bool(passed[0]) for id_, passed in tested.facts.items()} == {fact.id: True for fact in facts()}


def test_accepted_shares_are_near_those_of_the_prototype():
    # 31.8 % with U.S.-side measures and 3.3 % without, over the 25 parameters alone.
    fixed = with_default_structure(draw_futures(4096, 1))
    assert plausible(fixed).share == pytest.approx(0.318, abs=0.05)
    assert plausible(fixed, us_measures=False).share == pytest.approx(0.033, abs=0.015)


def test_arrivals_can_halve_with_no_threat():
    run = trace("control", default_futures(1))
    assert not run.series["leverage"].any()
    assert not run.series["concession"].any()
    assert run.series["arrivals"].min() < 0.5
    figures = {one.recorded.id: one for one in beside("control", hindcast(512, 1))}
    assert figures["control-arrivals-aug"].inside


def test_the_fall_after_june_2019_lies_within_the_bands():
    found = hindcast(2048, 1)
    rows = {one.recorded.id: one for one in beside("2019", found)}
    assert all(one.inside for one in rows.values())
    assert found.without_us_measures < 0.25 * found.tested.share


def test_a_future_is_tested_on_its_own():
    futures = draw_futures(300, 4)
    whole, part = plausible(futures), plausible(futures.take(slice(100, 130)))
    for id_, values in part.values.items():
        assert np.array_equal(values, whole.values[id_][100:130])


def test_an_unknown_episode_names_the_nearest():
    with pytest.raises(InputError, match=r"no episode is called '2109'.*2019"):
        episode("2109")


def points(*rows):
    return [
        Point(
            episode="x",
            series="us_measures",
            day=date(2020, 1, day),
            value=value,
            join=join,
            grade="judged",
            source="gdp",
        )
        for day, value, join in rows
    ]


def test_each_point_is_joined_to_the_next_as_it_says():
    """A step among lines once was drawn as a line, for the first point alone was asked."""
    days = np.array([date(2020, 1, day).toordinal() for day in (1, 5, 7, 11, 14, 15, 18, 25)], float)
    mixed = points((5, 1.0, "linear"), (9, 3.0, "step"), (15, 0.0, "linear"), (21, 6.0, "linear"))
    assert joined(mixed, days) == pytest.approx([0, 1, 2, 3, 3, 0, 3, 6])
    steps = [point.model_copy(update={"join": "step"}) for point in mixed]
    assert joined(steps, days) == pytest.approx([0, 1, 1, 3, 3, 0, 0, 6])
    assert joined(points((5, 2.0, "linear")), days) == pytest.approx([0, 2, 2, 2, 2, 2, 2, 2])
    assert joined([], days).tolist() == [0.0] * 8
