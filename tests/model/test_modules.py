"""Single modules against closed forms and hand calculations."""

import math

import numpy as np
import pytest

from borderlab.model.core.beginning import Opening
from borderlab.model.core.rates import WEEKS_PER_MONTH, weekly
from borderlab.model.futures.futures import default_futures, draw_futures, model_parameters
from borderlab.model.modules.drugs import DRUGS, YEAR_WEEKS, past_seizures
from borderlab.model.modules.economy import Economy
from borderlab.model.modules.leaders import Leaders
from borderlab.model.modules.migration import Migration
from tests.model.stage import at_rest, first, of_today, play

REST = Opening(today=False, institution=0.2, backlash=0.0, focus=1.0)
ROUTES = ("routes.x_ports", "routes.x_between", "routes.x_other")
INTERCEPTED = ("routes.ports", "routes.between", "routes.other")


def stack(found, names):
    return np.array([found[name] for name in names])


def test_routes_settle_where_the_logit_says():
    found = play(default_futures(1), 1500, {"shift intercept_ports": 0.2}, (*ROUTES, *INTERCEPTED))
    shares, caught = stack(found, ROUTES)[:, -1, 0], stack(found, INTERCEPTED)[:, -1, 0]
    pull = np.array([0.85, 0.10, 0.05]) * np.exp(-10 * (caught - [0.10, 0.10, 0.05]))
    assert shares == pytest.approx(pull / pull.sum(), abs=1e-4)
    assert shares[0] < 0.5  # checks at ports alone move the drugs elsewhere
    assert shares.sum() == pytest.approx(1.0)


def test_adaptation_takes_part_of_the_gain_back():
    """SOAR's lesson: interdiction at ports keeps less of its effect once routes have moved."""
    found = play(default_futures(1), 800, {"shift intercept_ports": 0.1}, ("drugs.through", "drugs.sent"))
    through, sent = found["drugs.through"][:, 0], found["drugs.sent"][:, 0]
    assert through[0] < 1.0
    assert through[-1] / sent[-1] > through[0]


def test_seizures_against_five_years_are_the_ratio_of_the_law():
    ports, between = past_seizures()
    assert ports[-1] + between[-1] == pytest.approx(11488 + 155993 + 40945 + 1121)
    against = ("drugs.against_ports", "drugs.against_between")
    futures = default_futures(1)
    found = play(futures, YEAR_WEEKS + 1, {}, (*ROUTES, *INTERCEPTED, "drugs.sent", *against))
    # Interception of the week meets the routes as they have just moved.
    taken = (stack(found, ROUTES) * stack(found, INTERCEPTED))[:2, :YEAR_WEEKS, 0]
    pounds = found["drugs.sent"][:YEAR_WEEKS, 0] * of_today(futures)["drugs.all_sent"] * taken / WEEKS_PER_MONTH
    ratio = pounds.sum(axis=1) / [ports.mean(), between.mean()]
    assert stack(found, against)[:, YEAR_WEEKS - 1, 0] == pytest.approx(ratio)
    assert stack(found, against)[:, YEAR_WEEKS, 0] == pytest.approx(ratio)  # until the next year is full
    start = [ports[-1] / ports[:-1].mean(), between[-1] / between[:-1].mean()]
    assert stack(found, against)[:, 0, 0] == pytest.approx(start)


def test_what_is_seized_today_is_what_cbp_reports():
    start = of_today(default_futures(1))
    counted = 0.85 * 0.10 + 0.10 * 0.10
    # 12 x 957 lb is the 11,488 lb of fiscal year 2025.
    assert 12 * start["drugs.sent_fentanyl"] * counted == pytest.approx(11488, rel=1e-3)
    for drug in DRUGS:
        sent = start[f"drugs.sent_{drug}"]
        assert start[f"drugs.passed_{drug}"] + sent * (counted + 0.05 * 0.05) == pytest.approx(sent)
    assert start["drugs.all_sent"] == pytest.approx(sum(start[f"drugs.sent_{drug}"] for drug in DRUGS))


def test_people_waiting_come_to_rest_by_hand():
    futures = default_futures(1)
    q = 0.10 + 0.8 * 0.26 * (1 - 0.7 * 0.26)
    start = {name: first(value) for name, value in at_rest(futures, REST).items() if name.startswith("migration")}
    assert start["migration.q"] == pytest.approx(q)
    assert start["migration.waiting"] == pytest.approx(0.6 * q / (0.12 + 0.25))
    assert start["migration.arrivals"] == pytest.approx(1 - q + 0.12 * start["migration.waiting"])
    state = {name: start[f"migration.{name}"] for name in ("K", "expected", "waiting")}
    still = {"expected_start": q, "intended": 1.0, "expect": 0.1}
    for _ in range(100):  # at the same effort, rest is rest
        found, _ = one_week_of_migration(**state, **still)
        state = {name: found[name] for name in state}
    assert found["waiting"] == pytest.approx(start["migration.waiting"])
    assert found["arrivals"] == pytest.approx(1 - q + 0.12 * start["migration.waiting"])


def one_week_of_migration(**changed):
    """A quiet week of 1,000 people by hand: effort 0.26, adaptation and beliefs at rest."""
    given = {
        "K": 0.7 * 0.26, "expected": 0.2, "waiting": 500.0, "effort": 0.26, "learn": weekly(0.05), "K_share": 0.7,
        "q0": 0.1, "stop_rate": 0.0, "q1": 0.8, "weaken": 0.0, "pressed": 0.0, "expect": 0.0, "intended": 1000.0,
        "log_baseline": 0.0, "eA": 2.0, "expected_start": 0.2, "eU": 0.6, "relaxed": 0.0, "us_rules": 0.0,
        "more_intent": 0.0, "processing": 0.0, "rel": 0.12, "out": 0.25, "ret": 0.6, "returns": 0.0,
        "most_stopped": 0.98, "most_onward": 0.5, "most_away": 0.5, "share_start": np.full(9, 1 / 9), "theta": 2.0,
        "displacement": 0.8, "by_sector": 0.0, "sector_detection": np.zeros(9), "shares": np.zeros(9),
        "encounters_by": np.zeros(9), "caught": 0.6, "detect": 0.0, "turned": 0.1, "unseen": 0.25,
        "arrivals_start": 800.0,
    }  # fmt: skip
    given |= changed
    return Migration.plain(**given), given["encounters_by"]


def test_a_week_of_migration_by_hand():
    found, by_sector = one_week_of_migration()
    q = 0.10 + 0.8 * 0.26 * (1 - 0.7 * 0.26)
    arrivals = 1000 * (1 - q) + 0.12 * 500
    assert found["q"] == pytest.approx(q)
    assert found["arrivals"] == pytest.approx(arrivals)
    assert found["encounters"] == pytest.approx(0.6 * arrivals)
    assert found["turnbacks"] == pytest.approx(0.1 * arrivals)
    assert found["gotaways"] + found["undetected"] == pytest.approx(0.3 * arrivals)
    assert found["undetected"] == pytest.approx(0.25 * found["gotaways"])
    assert found["effectiveness_rate"] == pytest.approx(0.7)
    assert found["waiting"] == pytest.approx(500 + (0.6 * 1000 * q - 0.37 * 500) / WEEKS_PER_MONTH)
    assert by_sector == pytest.approx(np.full(9, 0.6 * arrivals / 9))


def test_nobody_stops_more_than_the_most():
    found, _ = one_week_of_migration(q0=0.5, q1=0.9, effort=1.0, K=0.0, K_share=0.0)
    assert found["q"] == 0.98


def test_people_set_out_by_beliefs_rules_and_season():
    found, _ = one_week_of_migration(log_baseline=0.1, expected_start=0.15, us_rules=0.5, more_intent=-0.2)
    assert found["set_out"] == pytest.approx(1000 * math.exp(0.1 - 2.0 * 0.05 - 0.6 * 0.5 - 0.2))


def test_today_starts_from_the_encounters_counted():
    found = play(default_futures(1), 1, {}, ("migration.encounters",))
    assert found["migration.encounters"][0, 0] == pytest.approx(9340, rel=0.02)


def test_backlash_fades_and_jumps_by_hand():
    futures = default_futures(1)
    start = float(first(of_today(futures)["bargaining.F"]))
    found = play(futures, 1, {"new_pressure": 1.0, "tariff_threatened": 0.1}, ("bargaining.F",))
    assert found["bargaining.F"][0, 0] == pytest.approx((1 - weekly(0.04)) * start + 0.25)


def test_credibility_learns_from_what_is_done():
    script = {"executed": [[1.0], [0.0]], "dropped": [[0.0], [1.0]]}
    found = play(default_futures(1), 2, script, ("bargaining.R",))["bargaining.R"][:, 0]
    assert found == pytest.approx([0.5 + 0.4 * 0.5, 0.7 * 0.6])


def test_force_may_lower_or_raise_homicides_or_do_neither():
    for option, sign in (("lowers", -1), ("raises", 1), ("neither", 0)):
        futures = default_futures(1).replace({"force_and_violence": option, "org.homicide_trend": 0.0, "org.guns": 0.0})
        found = play(futures, 30, {"shift effort_security": 0.5}, ("effort.change", "violence.homicides"))
        assert found["effort.change"][-1, 0] > 0
        assert np.sign(round(float(found["violence.homicides"][-1, 0]) - 1503, 6)) == sign


def test_costs_are_halved_between_the_two_sides():
    script = {"truck_cost": 2e6, "traveller_hours": 1e5, "value_delayed": 4e6}
    found = play(default_futures(1), 1, script, ("costs.us", "costs.mx"))
    assert found["costs.us"][0, 0] == pytest.approx((2e6 + 1e5 * 14 + 4e6 * 0.01) / 2)
    assert found["costs.mx"][0, 0] == pytest.approx(found["costs.us"][0, 0])


def test_trade_lost_and_its_costs_by_hand():
    given = {"lost": 0.1, "lost_pressed": 0.06, "tariff": 0.2, "lost_threatened": 0.3, "tariff_threatened": 0.25}
    found = Economy.plain(exposure=0.15, sU=0.012, sig=1.5, divert=0.01, **given)
    loss = 1 - 0.9 * math.exp(-1.5 * 0.2)
    assert found["loss"] == pytest.approx(loss)
    assert found["cost_mx"] == pytest.approx(0.15 * loss)
    assert found["cost_us"] == pytest.approx(0.012 * loss)
    assert found["cost_pressed"] == pytest.approx(0.15 * (1 - 0.94 * math.exp(-1.5 * 0.2)))
    assert found["cost_threatened"] == pytest.approx(0.15 * (1 - 0.7 * math.exp(-1.5 * 0.25)))
    assert found["exposure"] == pytest.approx(0.15 * 0.99)
    calm = Economy.plain(exposure=0.15, sU=0.012, sig=1.5, divert=0.01, **dict.fromkeys(given, 0.0))
    assert calm["exposure"] == 0.15  # nobody turns away from a market that is open
    assert not any(value for name, value in calm.items() if name != "exposure")


def test_each_mexican_president_brings_an_effort_of_his_own():
    futures = draw_futures(2000, 1)
    own = play(futures, 3, {"president_mx": [0, 2030, 2036]}, ("leaders.own",))["leaders.own"]
    willing = ~futures.chosen("capacity", "unwilling")
    assert np.array_equal(own[0, willing], futures.values["e0"][willing])
    assert np.array_equal(own[:, ~willing].min(axis=0), own[:, ~willing].max(axis=0))
    one, other = own[1:, willing]
    row = model_parameters()["e0"]
    assert (row.low, row.high) == (0.05, 0.40)
    for drawn in (one, other):
        assert 0.05 <= drawn.min() < 0.06
        assert 0.39 < drawn.max() <= 0.40
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.1
    # The draw belongs to the year of taking office, not to the week: the same one comes at any start.
    early = play(futures, 2, {"president_mx": [2036, 0]}, ("leaders.own",))["leaders.own"]
    assert np.array_equal(early[0], own[2])
    assert np.array_equal(early[1], own[2])


def test_a_president_who_is_unwilling_is_followed_by_one_who_is():
    given = {"own": 0.1, "own_low": 0.05, "own_high": 0.4, "president_mx": 2030.0, "rank": 0.5}
    assert Leaders.plain(unwilling=0.0, **given)["own"] == pytest.approx(0.225)
    assert Leaders.plain(unwilling=1.0, **given)["own"] == 0.1


def test_more_mexican_effort_never_lets_more_people_arrive():
    futures = draw_futures(128, 6)
    idle, active = (
        play(futures, 120, {"shift effort_migration": own}, ("migration.arrivals",))["migration.arrivals"]
        for own in (0.0, 0.3)
    )
    assert (active[-1] <= idle[-1] * (1 + 1e-12)).all()
    assert (active[-1] < idle[-1]).mean() > 0.9


def test_stronger_measures_of_the_united_states_never_raise_arrivals():
    futures = draw_futures(128, 6)
    arrivals = [
        play(futures, 20, {"us_relaxed": level}, ("migration.arrivals",))["migration.arrivals"][-1]
        for level in (0.0, 0.5, 1.0)
    ]
    assert (arrivals[1] <= arrivals[0]).all()
    assert (arrivals[2] <= arrivals[1]).all()
    deaf = futures.chosen("us_measures", "absent")
    assert np.array_equal(arrivals[2][deaf], arrivals[0][deaf])
