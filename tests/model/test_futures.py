"""Futures: prefix-stable, spread as the register says, changed only through ``replace``."""

import csv

import numpy as np
import pytest

from borderlab.base.problems import InputError
from borderlab.evidence.tables.table import REFERENCE
from borderlab.model.futures.futures import default_futures, draw_futures, drawn_parameters, model_parameters


@pytest.mark.parametrize(("n", "seed"), [(1, 0), (5, 0), (64, 1), (100, 9)])
def test_doubling_leaves_the_first_half_as_it_was(n, seed):
    half, whole = draw_futures(n, seed), draw_futures(2 * n, seed)
    rest = draw_futures(n, seed, first=n)
    for id_, value in half.values.items():
        assert np.array_equal(value, whole.values[id_][:n])
        assert np.array_equal(rest.values[id_], whole.values[id_][n:])
    for id_, code in half.codes.items():
        assert np.array_equal(code, whole.codes[id_][:n])
    assert np.array_equal(half.key, whole.key[:n])
    assert np.array_equal(rest.key, whole.key[n:])


def test_draws_fill_their_ranges_evenly():
    futures = draw_futures(4096, 2)
    for id_, parameter in drawn_parameters().items():
        if parameter.distribution != "uniform":
            continue
        values = futures.values[id_]
        span = parameter.high - parameter.low
        assert values.min() >= parameter.low
        assert values.max() <= parameter.high
        # A scrambled Sobol' sequence of 2^12 points has 1024 in each quarter of every axis.
        quarters = np.histogram(values, bins=parameter.low + span * np.array([0, 0.25, 0.5, 0.75, 1.0]))[0]
        assert np.all(abs(quarters - 1024) <= 1), id_


def test_switches_follow_their_weights():
    futures = draw_futures(4096, 5)
    for id_, parameter in drawn_parameters().items():
        if parameter.distribution == "choice":
            for option, weight in parameter.options().items():
                assert futures.chosen(id_, option).mean() == pytest.approx(weight, abs=0.01)


def test_two_seeds_differ_and_zero_is_a_seed():
    assert not np.array_equal(draw_futures(8, 0).values["kc"], draw_futures(8, 1).values["kc"])
    assert not np.array_equal(draw_futures(8, 0).key, draw_futures(8, 1).key)


def test_the_register_holds_the_25_parameters_with_their_published_ranges():
    rows = model_parameters()
    expected = {
        "sig": (1.5, 0.5, 4), "sM": (0.15, 0.05, 0.3), "sU": (0.012, 0.004, 0.045), "kap": (0.6, 0.3, 0.9),
        "kc": (0.008, 0.003, 0.03), "eta": (0.7, 0.3, 1), "lup": (0.7, 0.4, 0.95), "ldn": (0.1, 0.04, 0.25),
        "e0": (0.2, 0.05, 0.4), "bI": (0.3, 0, 0.6), "v0": (0.5, 0.2, 0.9), "dlt": (0.3, 0, 0.8),
        "R0": (0.5, 0.2, 0.9), "aR": (0.4, 0.1, 0.7), "gF": (0.25, 0, 0.6), "dc": (1, 0, 3),
        "aI": (0.03, 0.01, 0.08), "xi": (0.5, 0.1, 0.9), "q1": (0.8, 0.4, 0.98), "lK": (0.05, 0.02, 0.25),
        "eA": (2, 0, 4), "eU": (0.6, 0, 1.5), "nu": (0.4, 0, 0.8), "psi": (0.3, 0, 1), "mu": (10, 2, 30),
    }  # fmt: skip
    assert len(expected) == 25
    for id_, (default, low, high) in expected.items():
        assert (rows[id_].default, rows[id_].low, rows[id_].high) == (default, low, high)


def test_replace_refuses_what_is_not_there():
    futures = default_futures(2)
    assert np.array_equal(futures.replace({"kc": 0.02}).values["kc"], [0.02, 0.02])
    with pytest.raises(InputError, match="no drawn parameter is called 'prog"):
        futures.replace({"prog.ful": 1.0})
    with pytest.raises(InputError, match="no option 'offf'"):
        futures.replace({"reputation": "offf"})
    with pytest.raises(InputError, match="cannot be drawn"):
        draw_futures(0, 1)


def test_what_is_not_judged_has_a_published_or_computed_basis():
    """The model's own priors and our judgement are no basis of a measured or estimated figure."""
    for id_, row in model_parameters().items():
        if row.grade in ("measured", "estimated"):
            assert set(row.source.split(";")) - {"model-priors", "borderlab-judgement"}, id_


def test_the_drift_of_arrivals_spans_what_ten_years_have_seen():
    """Hand calculation from the shipped monthly encounters: yearly log change of twelve-month sums over ten years."""
    path = REFERENCE / "observe" / "monthly" / "usbp-sectors.csv"
    rows = [row for row in csv.reader(path.read_text(encoding="utf-8").splitlines()) if row and row[0][:1].isdigit()]
    months = np.array([sum(float(cell) for cell in row[1:10] if cell) for row in sorted(rows)])
    years = np.convolve(months, np.ones(12), "valid")
    change = np.log(years[120:] / years[:-120]) / 10
    drift = model_parameters()["mig.drift"]
    assert (drift.low, drift.high) == pytest.approx((change.min(), change.max()), abs=0.005)
