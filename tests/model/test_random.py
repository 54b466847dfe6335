"""Counter-based draws: known outputs, spread, and independence of place."""

import numpy as np
import pytest
from scipy import stats

from borderlab.model.core import random as noise


def test_mixing_gives_the_published_outputs_of_splitmix64():
    # First outputs of SplitMix64 seeded with 1234567 (Rosetta Code, and the author's C program).
    expected = [6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431]
    golden = 0x9E3779B97F4A7C15
    states = np.array([(1234567 + k * golden) % 2**64 for k in (1, 2, 3, 4)], dtype=np.uint64)
    assert noise._mixed(states).tolist() == expected


def test_a_draw_depends_on_key_purpose_and_step_alone():
    key = noise.keys(7, 0, 100)
    whole = noise.uniform(key, "arrivals", 12)
    assert np.array_equal(noise.uniform(key[40:60], "arrivals", 12), whole[40:60])
    assert np.array_equal(noise.keys(7, 40, 20), key[40:60])
    assert not np.any(noise.uniform(key, "arrivals", 13) == whole)
    assert not np.any(noise.uniform(key, "scandal", 12) == whole)


@pytest.mark.parametrize("step", [0, 1, 521])
def test_draws_are_uniform_and_uncorrelated(step):
    key = noise.keys(0, 0, 20_000)
    draws = noise.uniform(key, "arrivals", step)
    assert stats.kstest(draws, "uniform").pvalue > 1e-3
    for other in (noise.uniform(key, "arrivals", step + 1), noise.uniform(key, "scandal", step), np.roll(draws, 1)):
        assert abs(np.corrcoef(draws, other)[0, 1]) < 4 / np.sqrt(len(draws))


def test_exponential_and_normal_have_their_moments():
    key = noise.keys(3, 0, 50_000)
    assert noise.exponential(key, "x").mean() == pytest.approx(1.0, abs=0.02)
    normal = noise.normal(key, "x")
    assert normal.mean() == pytest.approx(0.0, abs=0.02)
    assert normal.std() == pytest.approx(1.0, abs=0.02)
