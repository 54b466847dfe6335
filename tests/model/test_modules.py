"""Single modules against closed forms and hand calculations."""

import numpy as np
import pytest
from borderlab.model.core.inputs import Border, Drive
from borderlab.model.futures.parameters import Settings
from borderlab.model.run.world import Opening, World

from borderlab.model.border.approximation import CUT_MODES, RELIEF_MODES, Fluid, touched
from borderlab.model.core.random import keys
from borderlab.model.core.rates import WEEKS_PER_MONTH, weekly
from borderlab.model.futures.futures import default_futures, draw_futures
from borderlab.model.modules.drugs import DRUGS, YEAR_WEEKS, past_seizures
from borderlab.model.modules.leaders import own_effort
from borderlab.model.modules.migration import stopped


@pytest.fixture
def world():
    return World(Settings(default_futures(1)), Opening())


def test_routes_settle_where_the_logit_says(world):
    drive = Drive(shifts={"intercept_ports": 0.2})
    for week in range(1500):
        drive.week = week
        world.step(drive)
    caught = world.organisations.interception[:, 0] - np.array([0.10, 0.10, 0.05])
    pull = np.array([0.85, 0.10, 0.05]) * np.exp(-10 * caught)
    assert world.organisations.routes[:, 0] == pytest.approx(pull / pull.sum(), abs=1e-4)
    assert world.organisations.routes[0, 0] < 0.5  # checks at ports alone move the drugs elsewhere
    assert world.organisations.routes.sum() == pytest.approx(1.0)


def test_adaptation_takes_part_of_the_gain_back(world):
    """SOAR's lesson: interdiction at ports keeps less of its effect once routes have moved."""
    drive = Drive(shifts={"intercept_ports": 0.1})
    world.step(drive)
    first = float(world.drugs.through[0])
    for week in range(1, 800):
        drive.week = week
        drive.shifts["effort_security"] = 0.0
        world.step(drive)
    supply = float(world.drugs.sent[0])
    assert first < 1.0
    assert float(world.drugs.through[0]) / supply > first


def test_seizures_against_five_years_are_the_ratio_of_the_law(world):
    ports, between = past_seizures()
    assert ports[-1] + between[-1] == pytest.approx(11488 + 155993 + 40945 + 1121)
    total = np.zeros(2)
    for week in range(YEAR_WEEKS):
        world.step(Drive(week=week))
        taken = (world.organisations.routes * world.organisations.interception)[:2, 0]
        total += world.drugs.sent[0] * world.drugs.all_sent[0] * taken / WEEKS_PER_MONTH
    assert world.drugs.against_five[:, 0] == pytest.approx(total / [ports.mean(), between.mean()])


def test_what_is_seized_today_is_what_cbp_reports(world):
    # 12 x 957 lb is the 11,488 lb of fiscal year 2025.
    assert 12 * world.drugs.seized("fentanyl")[0] == pytest.approx(11488, rel=1e-3)
    for drug in DRUGS:
        sent = world.drugs.sent_start[drug][0]
        everything = sent * float((world.organisations.routes * world.organisations.interception).sum())
        assert world.drugs.entering(drug)[0] + everything == pytest.approx(sent)


def test_people_waiting_come_to_rest_by_hand():
    settings = Settings(default_futures(1))
    world = World(settings, Opening(today=False, institution=0.2, backlash=0.0, focus=1.0))
    q = float(stopped(0.10, 0.8, 0.26, 0.7 * 0.26))
    assert world.migration.q[0] == pytest.approx(q)
    assert world.migration.waiting[0] == pytest.approx(0.6 * q / (0.12 + 0.25))
    assert world.migration.arrivals[0] == pytest.approx(1 - q + 0.12 * world.migration.waiting[0])
    assert stopped(0.5, 0.9, 1.0, 0.0) == 0.98
    start = float(world.migration.waiting[0])
    for week in range(100):  # at the same effort, rest is rest
        world.migration.step(Drive(week=week), np.array([0.26]), np.zeros(1))
    assert world.migration.waiting[0] == pytest.approx(start)
    assert world.migration.arrivals[0] == pytest.approx(1 - q + 0.12 * start)


def test_today_starts_from_the_encounters_counted(world):
    world.step(Drive())
    assert world.migration.outcomes["encounters"][0] == pytest.approx(9340, rel=0.02)


def test_backlash_fades_and_jumps_by_hand(world):
    start = float(world.bargaining.backlash[0])
    world.step(Drive(new_pressure=True, tariff_threatened=0.1))
    assert world.bargaining.backlash[0] == pytest.approx((1 - weekly(0.04)) * start + 0.25)


def test_credibility_learns_from_what_is_done(world):
    world.step(Drive(executed=np.array([True])))
    assert world.bargaining.credibility[0] == pytest.approx(0.5 + 0.4 * 0.5)
    world.step(Drive(dropped=np.array([True])))
    assert world.bargaining.credibility[0] == pytest.approx(0.7 * 0.6)


def test_force_may_lower_or_raise_homicides_or_do_neither():
    for option, sign in (("lowers", -1), ("raises", 1), ("neither", 0)):
        futures = default_futures(1).replace({"force_and_violence": option, "org.homicide_trend": 0.0, "org.guns": 0.0})
        world = World(Settings(futures), Opening())
        drive = Drive(shifts={"effort_security": 0.5})
        for week in range(30):
            drive.week = week
            world.step(drive)
        assert world.effort_change[0] > 0
        assert np.sign(round(float(world.violence.homicides[0]) - 1503, 6)) == sign


def test_costs_are_halved_between_the_two_sides(world):
    border = Border(throughput_lost=0.0, truck_cost=2e6, traveller_hours=1e5, value_delayed=4e6)
    world.step(Drive(border=border))
    assert world.costs.us[0] == pytest.approx((2e6 + 1e5 * 14 + 4e6 * 0.01) / 2)
    assert world.costs.mx[0] == pytest.approx(world.costs.us[0])


def test_each_mexican_president_brings_an_effort_of_his_own():
    from datetime import date

    key = keys(1, 0, 2000)
    first, second = own_effort(key, date(2030, 10, 1)), own_effort(key, date(2036, 10, 1))
    assert first.min() >= 0.05
    assert first.max() <= 0.40
    assert abs(np.corrcoef(first, second)[0, 1]) < 0.1


def test_the_fluid_form_is_nothing_at_nothing_and_by_hand_at_a_closure():
    for kind in (*CUT_MODES, *RELIEF_MODES):
        result = Fluid(kind, ()).predict(np.zeros(2), {})
        for value in (result.throughput_lost, result.truck_cost, result.traveller_hours, *result.wait_change.values()):
            assert not np.any(value)
    place = touched(("pharr",))
    closed = Fluid("cut-trucks", ("pharr",)).predict(np.array([1.0]), {})
    assert closed.trucks_lost[0] == pytest.approx(0.85 * place.share["truck"])
    # Below the spare capacity of one fifth nothing is lost.
    assert Fluid("cut-trucks", ()).predict(np.array([0.2]), {}).trucks_lost[0] == pytest.approx(0.0, abs=1e-12)


def test_more_mexican_effort_never_lets_more_people_arrive():
    settings = Settings(draw_futures(128, 6))
    worlds = [World(settings, Opening()), World(settings, Opening())]
    for week in range(120):
        for world, own in zip(worlds, (0.0, 0.3), strict=True):
            world.step(Drive(week=week, shifts={"effort_migration": own}))
    idle, active = (world.migration.arrivals for world in worlds)
    assert (active <= idle * (1 + 1e-12)).all()
    assert (active < idle).mean() > 0.9


def test_stronger_measures_of_the_united_states_never_raise_arrivals():
    settings = Settings(draw_futures(128, 6))
    arrivals = []
    for level in (0.0, 0.5, 1.0):
        world = World(settings, Opening())
        for week in range(20):
            world.step(Drive(week=week, us_measures=level))
        arrivals.append(world.migration.arrivals)
    assert (arrivals[1] <= arrivals[0]).all()
    assert (arrivals[2] <= arrivals[1]).all()
    deaf = settings.futures.chosen("us_measures", "absent")
    assert np.array_equal(arrivals[2][deaf], arrivals[0][deaf])
