"""Signs and sums that no expert would let pass: each of these once came out wrong."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from borderlab.evidence.tables.lever import levers
from borderlab.model.border import patterns
from borderlab.model.futures.futures import default_futures, draw_futures
from borderlab.model.run.run import run
from borderlab.strategy.file.parse import load_strategy
from borderlab.strategy.tree.tree import Strategy
from tests.model.test_properties import hold

START = date(2027, 1, 4)


def test_no_got_away_is_negative_and_no_rate_above_one():
    """Arrests up to 88 % and turn-backs up to 15 % of attempts are drawn apart, and add up to more than all."""
    futures = draw_futures(4096, 1)
    drawn = futures.values["today.apprehension"] + futures.values["today.turnback"]
    assert (drawn > 1.0).any()
    outcomes = run(None, futures, start=START, years=0.1).measures
    for id_ in ("gotaways", "undetected", "turnbacks"):
        assert (outcomes[id_] > 0.0).all(), id_
    assert outcomes["effectiveness_rate"].max() < 1.0


@pytest.fixture
def clogged(monkeypatch):
    """Trusted lanes that lose as much as lanes cut: no shipped surface of facilitation loses throughput any more."""
    real = patterns.form

    def form(kind, at, figures):
        return replace(real("cut-trucks", at, figures), kind=kind) if kind == "fast-share" else real(kind, at, figures)

    monkeypatch.setattr(patterns, "form", form)


def test_facilitation_that_loses_throughput_costs_but_presses_nobody(clogged):
    futures = draw_futures(48, 5)
    quiet = run(None, futures, start=START, years=0.5).measures
    moved = run(hold({"us.fast_share_added": 0.09}), futures, start=START, years=0.5).measures
    assert (moved["trade.lost"] > 0.0).mean() > 0.9
    assert (moved["trade.cost_mx"] > 0.0).mean() > 0.9
    for id_ in ("concession_announced", "leverage", "backlash", "mx.forces_at_north_border", "mx.effort_migration"):
        assert np.array_equal(moved[id_], quiet[id_]), id_


def test_lanes_cut_beside_facilitation_press_as_much_as_alone(clogged):
    futures = draw_futures(48, 5)
    alone = run(hold({"us.truck_capacity_cut": 0.5}), futures, start=START, years=0.3).measures
    both = run(hold({"us.truck_capacity_cut": 0.5, "us.fast_share_added": 0.09}), futures, start=START, years=0.3)
    assert (alone["concession_announced"] > 0.0).any()
    assert np.array_equal(both.measures["concession_announced"], alone["concession_announced"])
    assert (both.measures["trade.lost"] > alone["trade.lost"]).all()


def test_enrolment_shortens_waits_and_loses_no_trade():
    futures = draw_futures(48, 5)
    quiet = run(None, futures, start=START, years=0.3).measures
    moved = run(hold({"us.fast_share_added": 0.3}), futures, start=START, years=0.3).measures
    assert (moved["waits.truck"] < quiet["waits.truck"]).mean() > 0.9
    assert np.median(moved["trade.lost"]) == 0.0


def test_returns_that_mexico_accepts_do_not_keep_the_rules_of_washington():
    """Whether U.S. rules are relaxed in 2029 does not hang on a Mexican lever; on the strategy's own it does."""
    futures = draw_futures(64, 5).replace({"us_policy_2029": "relaxed", "us_measures": "ordinary"})
    record, week = ("arrivals",), 130
    quiet = run(None, futures, start=START, years=2.6, record=record).series["arrivals"][:, week]
    accepted = run(hold({"mx.accept_returns": 0.55}), futures, start=START, years=2.6, record=record)
    kept = run(hold({"us.asylum_rules": 0.05}), futures, start=START, years=2.6, record=record)
    assert np.median(accepted.series["arrivals"][:, week] / quiet) == pytest.approx(1.0, abs=0.03)
    assert np.median(kept.series["arrivals"][:, week] / quiet) < 0.8


@pytest.mark.parametrize("id_", ["mx.guard_north", "mx.guard_south", "mx.military_north", "mx.military_south"])
def test_a_soldier_is_paid_once(id_):
    lever = levers()[id_]
    futures = default_futures(1)
    budget = run(hold({id_: lever.high}), futures, start=START, years=0.5).measures["budget.mx"]
    yearly = futures.values[f"{id_}.budget_mx"] * float(lever.move(np.array([lever.high]))[0])
    assert budget == pytest.approx(1e6 * yearly / 12)


def test_soldiers_sent_under_pressure_are_paid():
    futures = default_futures(1)
    found = run(hold({"us.tariff": 0.25}), futures, start=START, years=0.5).measures
    sent = found["mx.forces_at_north_border"] + found["mx.forces_at_south_border"] - 16_000
    assert found["budget.mx"] == pytest.approx(sent * futures.values["cost.soldier"] / 12)


def test_pressure_that_crowds_institutions_out_never_builds_them():
    """Where pressure hardens Mexico, leverage is below nothing: times a rate below nothing it would build."""
    futures = draw_futures(96, 1).replace({"coercion_and_institutions": "crowds-out", "backlash": "rally"})
    quiet = run(None, futures, start=START, years=4).measures
    pressed = run(load_strategy("border-leverage"), futures, start=START, years=4).measures
    assert (pressed["leverage"] < 0.0).any()
    # Its small and nimble help and what it funds build a little; pressure adds nothing to it.
    assert np.median(pressed["institution_level"]) <= np.median(quiet["institution_level"]) * 1.02
    assert pressed["institution_level"].max() < 0.6


def inspected(*places: tuple[str, ...]) -> Strategy:
    """Full inspection of freight, once at each of some groups of crossings."""
    lever = "us.freight_inspection_share"
    held = hold({lever: 1.0})
    return replace(held, constants=tuple(replace(held.constants[0], at=at) for at in places))


def test_the_same_crossing_inspected_twice_is_inspected_once():
    futures = draw_futures(32, 3)
    measures = [
        run(inspected(*places), futures, start=START, years=0.3).measures
        for places in (
            [("colombia", "world-trade")],
            [("colombia", "world-trade"), ("world-trade",)],
            [("colombia", "world-trade"), ("pharr",)],
        )
    ]
    once, twice, more = measures
    for id_ in once:
        assert twice[id_] == pytest.approx(once[id_], rel=1e-9), id_
    assert (more["trade.lost"] > once["trade.lost"]).all()
