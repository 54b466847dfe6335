"""What must hold whatever the parameters: nothing from nothing, limits, order, independence of futures."""

import threading
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from borderlab.base.problems import InputError
from borderlab.evidence.tables.indicator import indicators
from borderlab.evidence.tables.lever import levers
from borderlab.model.futures.futures import draw_futures
from borderlab.model.run import run as room
from borderlab.model.run.measures import measure_ids
from borderlab.model.run.run import run
from borderlab.model.run.worlds import today
from borderlab.strategy.file.parse import load_strategy
from borderlab.strategy.tree.tree import Constant, Strategy

YEARS = 1.2
START = date(2027, 1, 4)
QUICK = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

LEVERAGE = """
schema: borderlab/strategy/1
id: tariff-on-arrivals
title: {en: Tariff on arrivals, es: Arancel por llegadas}
gist: {en: For tests., es: Para pruebas.}
rules:
  - id: tariff
    when: {indicator: encounters, above: 100 people/month, for: 2 weeks}
    threaten: {for: 4 weeks}
    do: [{lever: us.tariff, to: 25 %}]
    until: never
    at_most: 8 weeks
    then_rest: 26 weeks
"""


def hold(values: dict[str, float]) -> Strategy:
    """A strategy that holds levers at values throughout."""
    constants = tuple(
        Constant(lever=id_, value=value, at=(), start=None, end=None, over_weeks=0, from_essay=None, at_words=())
        for id_, value in values.items()
    )
    return Strategy(
        id="held", title={}, gist={}, constants=constants, rules=(), programmes=(), position_of=(), base=(), file=None,
        text="",
    )  # fmt: skip


@pytest.fixture(scope="module")
def futures():
    return draw_futures(24, 3)


@pytest.fixture(scope="module")
def quiet(futures):
    return run(None, futures, start=START, years=YEARS)


@pytest.fixture(scope="module")
def quiet_half_year(futures):
    return run(None, futures, start=START, years=0.5).measures


@pytest.fixture(scope="module")
def leverage(tmp_path_factory):
    path = tmp_path_factory.mktemp("strategies") / "tariff.yaml"
    path.write_text(LEVERAGE, encoding="utf-8")
    return load_strategy(path)


def test_no_lever_moves_nothing(futures, quiet):
    for values in ({}, {id_: lever.default for id_, lever in levers().items() if not lever.surface_kind}):
        moved = run(hold(values), futures, start=START, years=YEARS)
        for id_ in measure_ids():
            assert np.array_equal(moved.measures[id_], quiet.measures[id_]), id_


@pytest.mark.parametrize("id_", sorted(levers()))
def test_every_lever_does_something(id_, futures, quiet_half_year):
    lever = levers()[id_]
    end = lever.high if lever.high != lever.default else lever.low
    moved = run(hold({id_: end}), futures, start=START, years=0.5).measures
    changed = [one for one in measure_ids() if not np.array_equal(moved[one], quiet_half_year[one])]
    # Money alone would not be a lever: something besides a budget moves.
    assert [one for one in changed if not one.startswith("budget.")], f"{id_} moves {changed}"


def test_no_exposure_gives_no_concession(futures, leverage):
    for change in ({"sM": 0.0}, {"eta": 0.0}, {"kap": 0.0}):
        blind = futures.replace({**change, "us.usmca_linkage.expected_cost": 0.0, "backlash": "damps"})
        result = run(leverage, blind, start=START, years=YEARS)
        assert (result.firings.first_weeks() >= 0).all()
        assert not result.measures["concession_announced"].any()


def test_pressure_gives_some_concession_where_it_does_not_harden(futures, leverage):
    calm = futures.replace({"backlash": "none"})
    assert (run(leverage, calm, start=START, years=YEARS).measures["concession_announced"] > 0).all()


def test_doubling_the_futures_leaves_the_first_half_bit_identical(leverage):
    half = run(leverage, draw_futures(40, 1), start=START, years=YEARS, record=("encounters",))
    whole = run(leverage, draw_futures(80, 1), start=START, years=YEARS, record=("encounters",))
    for id_ in measure_ids():
        assert np.array_equal(half.measures[id_], whole.measures[id_][:40], equal_nan=True), id_
    assert np.array_equal(half.series["encounters"], whole.series["encounters"][:40])


@QUICK
@given(block=st.integers(1, 60), threads=st.sampled_from([1, 2, 3]))
def test_results_depend_on_neither_blocks_nor_threads(block, threads, leverage):
    futures, record = draw_futures(60, 2), ("encounters", "bargaining.leverage", "migration.encounters_by[3]")
    once = run(leverage, futures, start=START, years=0.7, record=record, block=60, threads=1)
    split = run(leverage, futures, start=START, years=0.7, record=record, block=block, threads=threads)
    for id_ in measure_ids():
        assert np.array_equal(once.measures[id_], split.measures[id_], equal_nan=True), id_
    for name in record:
        assert np.array_equal(once.series[name], split.series[name]), name
    assert np.array_equal(once.firings.columns, split.firings.columns)
    assert once.indicators_unknown == split.indicators_unknown


@pytest.mark.parametrize("threads", [1, 2])
def test_what_is_told_may_stop_the_run_and_counts_every_future(threads, futures):
    told = []
    run(None, futures, start=START, years=0.1, block=5, threads=threads, done=told.append)
    assert told == [5, 10, 15, 20, 24]

    def stop(count):
        told.append(count)
        if count >= 10:
            raise KeyboardInterrupt

    told.clear()
    before = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        run(None, futures, start=START, years=0.1, block=5, threads=threads, done=stop)
    assert told == [5, 10]
    assert threading.active_count() == before


@pytest.mark.parametrize("block", [7, 64])
def test_a_log_that_outgrows_its_room_loses_nothing(block, leverage, monkeypatch):
    futures = draw_futures(24, 4)
    roomy = run(leverage, futures, start=START, years=6, record=("encounters",), block=block)
    assert len(roomy.firings) > 2 * futures.n
    monkeypatch.setattr(room, "_FIRINGS", 0)
    outgrown = run(leverage, futures, start=START, years=6, record=("encounters",), block=block)
    assert np.array_equal(outgrown.firings.columns, roomy.firings.columns)
    assert [outgrown.firings.of(place) for place in range(futures.n)] == [
        roomy.firings.of(place) for place in range(futures.n)
    ]
    assert outgrown.indicators_unknown == roomy.indicators_unknown
    for id_ in measure_ids():
        assert np.array_equal(outgrown.measures[id_], roomy.measures[id_], equal_nan=True), id_
    assert np.array_equal(outgrown.series["encounters"], roomy.series["encounters"])


def test_a_strategy_run_after_another_gives_the_same(futures, leverage):
    alone = run(leverage, futures, start=START, years=YEARS)
    run(hold({"us.barriers": 1.0}), futures, start=START, years=YEARS)
    again = run(leverage, futures, start=START, years=YEARS)
    for id_ in measure_ids():
        assert np.array_equal(alone.measures[id_], again.measures[id_], equal_nan=True), id_


def test_a_future_alone_is_the_same_as_among_others(futures, leverage):
    alone = run(leverage, futures.take(slice(7, 8)), start=START, years=YEARS)
    among = run(leverage, futures, start=START, years=YEARS)
    for id_ in measure_ids():
        assert alone.measures[id_][0] == among.measures[id_][7], id_


@QUICK
@given(rate=st.sampled_from([0.05, 0.1, 0.2, 0.4]))
def test_a_higher_tariff_never_costs_less(rate, futures, quiet):
    fixed = futures.replace({"diversification": "off"})
    low = run(hold({"us.tariff": rate}), fixed, start=START, years=0.5).measures
    high = run(hold({"us.tariff": rate + 0.1}), fixed, start=START, years=0.5).measures
    for id_ in ("trade.lost", "trade.cost_us", "trade.cost_mx"):
        assert (high[id_] >= low[id_]).all()


def test_trade_lost_to_a_tariff_by_hand(futures):
    # loss = 1 - exp(-sig v), times 70 billion a month, every week the same.
    measures = run(hold({"us.tariff": 0.2}), futures, start=START, years=0.5).measures
    today = levers()["us.tariff"].default
    expected = (1 - np.exp(-futures.values["sig"] * (0.2 - today))) * 7.0e10
    assert measures["trade.lost"] == pytest.approx(expected, rel=1e-9)


def test_without_response_to_measures_asylum_rules_move_no_arrivals(futures, quiet):
    deaf = futures.replace({"us_measures": "absent"})
    hook = {"us.asylum_rules.intent": 0.0} if "us.asylum_rules.intent" in deaf.values else {}
    deaf = deaf.replace(hook)
    base = run(None, deaf, start=START, years=0.5).measures["arrivals"]
    moved = run(hold({"us.asylum_rules": 0.0}), deaf, start=START, years=0.5).measures["arrivals"]
    assert moved == pytest.approx(base)


def test_the_effectiveness_rate_is_the_one_of_the_law(quiet):
    parts = {id_: quiet.measures[id_] for id_ in ("encounters", "turnbacks", "gotaways", "undetected")}
    done = parts["encounters"] + parts["turnbacks"]
    # Shares are constant in a quiet run, so the ratio of the means is the mean of the ratios.
    law = done / (done + parts["undetected"] + parts["gotaways"])
    assert quiet.measures["effectiveness_rate"] == pytest.approx(law)
    assert quiet.measures["arrivals"] == pytest.approx(sum(parts.values()))
    # An unlawful entry, in the law, is one who enters and is not apprehended: (a)(11).
    assert quiet.measures["detected_entries"] == pytest.approx(parts["gotaways"] + parts["turnbacks"])
    assert indicators()["detected_entries"].statute_id == "6USC223-b1Aii"


def test_sectors_add_up_to_the_border(futures, quiet):
    moved = run(hold({"us.sensors": 1.0}), futures, start=START, years=0.5).measures
    for measures in (quiet.measures, moved):
        total = sum(value for id_, value in measures.items() if id_.startswith("encounters."))
        assert total == pytest.approx(measures["encounters"])


def test_levels_stay_within_their_bounds(leverage):
    record = ("institution_level", "credibility", "mx.effort_migration", "mx.effort_security", "smuggler_adaptation")
    result = run(leverage, draw_futures(200, 8), start=START, years=6, record=record)
    for id_, series in result.series.items():
        assert np.isfinite(series).all()
        assert series.min() >= 0.0, id_
        assert series.max() <= (0.7 if id_ == "smuggler_adaptation" else 1.0), id_
    assert all(np.isfinite(value).all() for value in result.measures.values())


def test_every_modelled_indicator_is_read_and_every_reading_is_an_indicator():
    assert set(today().measures) == set(measure_ids())
    assert set(measure_ids()) <= set(indicators())
    assert all(indicators()[id_].aggregation != "none" for id_ in measure_ids())


def test_the_43_measures_of_the_law_are_all_there():
    assert len({row.statute_id for row in indicators().values() if row.statute_id}) == 43


def test_what_cannot_be_run_is_refused(futures):
    with pytest.raises(InputError, match="years cannot be run"):
        run(None, futures, years=0)
    with pytest.raises(InputError, match=r"no indicator 'encounter'.*Did you mean 'encounters'"):
        run(None, futures, record=("encounter",))


def test_a_course_over_stretches_is_the_mean_of_its_weeks(futures, leverage):
    weekly = run(leverage, futures, start=START, years=0.5, record=("encounters", "backlash")).series
    rough = run(leverage, futures, start=START, years=0.5, record=("encounters", "backlash"), every=4).series
    for id_, series in rough.items():
        assert series.shape == (futures.n, weekly[id_].shape[1] // 4)
        means = weekly[id_][:, : 4 * series.shape[1]].reshape(futures.n, -1, 4).mean(axis=2, dtype=float)
        assert series == pytest.approx(means, rel=1e-6)


def test_first_weeks_and_weeks_in_force_are_those_of_each_future_told(leverage):
    log = run(leverage, draw_futures(12, 4), start=START, years=4).firings
    first, weeks = log.first_weeks(), log.weeks_in_force()
    assert len(log) > 24  # more than one firing a future
    for future in range(12):
        told = log.of(future)
        assert START + timedelta(days=7 * int(first[0, future])) == min(one.begin for one in told)
        assert weeks[0, future] == sum(one.weeks_in_force for one in told)
