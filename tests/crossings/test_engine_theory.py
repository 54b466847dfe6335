"""The engine against closed forms and against moments of its draws."""

from __future__ import annotations

import math

import numpy as np
import pytest

from borderlab.crossings.queues.draws import make_key
from tests.crossings.lanes import network_of
from tests.crossings.reference_solutions import erlang_c_wait, natives, steady_row


@pytest.mark.parametrize(("servers", "use"), [(1, 0.5), (1, 0.95), (2, 0.8), (5, 0.9), (10, 0.7), (20, 0.95)])
def test_many_servers_give_erlang_c(servers, use):
    row = steady_row(servers, use, 1.0, days=20, lanes=12, seed=3)
    assert abs(row.z) < 3.5
    assert row.error < 0.1 * row.theory + 0.002


@pytest.mark.parametrize("shape", [0.5, 2.0, 3.0, 8.0])
def test_one_server_gives_pollaczek_khinchine(shape):
    row = steady_row(1, 0.8, shape, days=20, lanes=12, seed=4)
    assert abs(row.z) < 3.5


def test_erlang_c_of_the_tables():
    # Ten servers, 8 erlangs: probability of delay 0.4092 (Cooper, Introduction to Queueing Theory, table).
    assert erlang_c_wait(10, 0.8, 1.0) * (10 * 0.2) == pytest.approx(0.4092, abs=5e-4)


@pytest.mark.parametrize("shape", [0.5, 1.0, 2.0, 3.0, 5.5])
def test_service_draws_have_the_moments_of_a_gamma(shape):
    network = network_of([("a", "vehicle")], days=3, per_hour=20_000, booths=30, service_shape=shape)
    units = natives(network, 0, seed=11).units
    count = len(units)
    assert units.mean() == pytest.approx(1.0, abs=4 / math.sqrt(shape * count))
    assert units.var() == pytest.approx(1 / shape, rel=0.02)
    skew = ((units - 1) ** 3).mean() * shape**1.5
    assert skew == pytest.approx(2 / math.sqrt(shape), rel=0.06)


def test_arrivals_are_poisson_in_every_interval():
    network = network_of([("a", "vehicle")], days=40, per_hour=48, booths=3)
    times = natives(network, 0, seed=5).times
    counts = np.bincount((times // 15).astype(int), minlength=network.n_intervals)
    assert counts.mean() == pytest.approx(12, abs=4 * math.sqrt(12 / len(counts)))
    assert counts.var() == pytest.approx(12, rel=0.1)
    assert np.corrcoef(counts[:-1], counts[1:])[0, 1] == pytest.approx(0, abs=4 / math.sqrt(len(counts)))


def test_keys_differ_for_neighbouring_seeds_and_streams():
    keys = {int(make_key(seed, stream)) for seed in (-1, 0, 1, 2**70) for stream in range(500)}
    assert len(keys) == 2000
    for key in list(keys)[:50]:
        assert key % 2 == 1
        digits = f"{key:016x}"
        assert "0" not in digits
        assert len(set(digits[:8])) == len(set(digits[8:])) == 8
