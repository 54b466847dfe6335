"""Coded history: figures of the prototype at the defaults, the facts, the control, hand calculations."""

import math
from datetime import date

import numpy as np
import pytest

from borderlab.base.problems import InputError
from borderlab.model.core.beginning import Opening
from borderlab.model.core.rates import weekly
from borderlab.model.futures.futures import default_futures, draw_futures
from borderlab.model.history.episodes import Point, episode, inputs, joined, trace
from borderlab.model.history.hindcast import beside, hindcast, with_default_structure
from borderlab.model.history.history_match import facts, plausible
from borderlab.model.history.world import past
from borderlab.model.modules.bargaining import Bargaining
from borderlab.model.modules.economy import Economy
from tests.model.stage import at_rest, first, replay

REST = Opening(today=False, institution=0.2, backlash=0.0, focus=1.0)


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
    weekly_inputs = inputs("2025", past().inputs)
    script = dict(zip(past().inputs, weekly_inputs.T, strict=True))
    found = replay(futures, len(weekly_inputs), script, ("effort.migration",), REST)
    assert found["effort.migration"].max() == pytest.approx(0.55, abs=0.03)


def test_pressure_by_hand():
    economy = Economy.plain(
        exposure=0.15, sU=0.012, sig=1.5, divert=0.0, lost=0.0, lost_pressed=0.0, tariff=0.0, lost_threatened=0.0,
        tariff_threatened=0.05,
    )  # fmt: skip
    found = Bargaining.plain(
        R=0.5, F=0.0, cost_threatened=economy["cost_threatened"], cost_pressed=economy["cost_pressed"], expected=0.0,
        expected_imposed=0.0, eta=0.7, kc=0.008, dc=1.0, rally=0.0, kap=0.6, capacity=0.0, weaken=0.0, aR=0.4,
        executed=0.0, dropped=0.0, gF=0.25, more_backlash=0.0, new_pressure=0.0, fade=0.0, wear=0.0,
    )  # fmt: skip
    z = 0.7 * 0.5 * 0.15 * (1 - math.exp(-1.5 * 0.05)) / 0.008
    assert found["leverage"] == pytest.approx(1 - math.exp(-z))
    assert found["concession"] == pytest.approx(0.6 * (1 - math.exp(-z)))
    # The same at the defaults of the register, through the course.
    record = ("bargaining.leverage", "bargaining.concession")
    run = replay(default_futures(1), 1, {"recorded_tariff_threat": 0.05}, record, REST)
    assert [run[name][0, 0] for name in record] == pytest.approx([found["leverage"], found["concession"]])


def test_effort_reaches_its_target_at_the_monthly_speed():
    # 5 % threatened for ever, no adaptation of beliefs: after one month 70 % of the gap is closed.
    futures = default_futures(1)
    start = first(at_rest(futures, REST)["effort.migration"])
    record = ("effort.migration", "bargaining.concession")
    found = replay(futures, 1, {"recorded_tariff_threat": 0.05}, record, REST)
    # Own effort 0.2 and 0.3 x 0.2 of institutions; of the announcement 0.5 + 0.5 x 0.2 is carried out.
    target = 0.2 + 0.3 * 0.2 + 0.6 * found["bargaining.concession"][0, 0]
    assert found["effort.migration"][0, 0] - start == pytest.approx(weekly(0.7) * (target - start), rel=1e-9)
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
