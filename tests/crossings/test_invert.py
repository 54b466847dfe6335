import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from borderlab.crossings.fitting.invert import FULL, IDLE, LATENT, arrivals_from, invert_mode, mean_wait, use_for


def erlang_c_wait(use, booths, service):
    """Mean M/M/c wait from Erlang's formula, written out."""
    load = use * booths
    terms = [load**n / math.factorial(n) for n in range(booths)]
    last = load**booths / math.factorial(booths) / (1 - use)
    return last / (sum(terms) + last) * service / (booths * (1 - use))


@pytest.mark.parametrize("booths", [1, 2, 5, 12])
@pytest.mark.parametrize("use", [0.6, 0.8, 0.95])
def test_the_wait_formula_is_near_erlang_c(booths, use):
    # Sakasegawa's formula is an approximation: within a tenth, or a second or two where waits are tiny.
    assert mean_wait(use, booths, 1.0, 1.0) == pytest.approx(erlang_c_wait(use, booths, 1.0), rel=0.1, abs=0.06)


@given(st.floats(1, 60), st.integers(1, 15), st.floats(0.3, 5))
def test_use_gives_the_wait_back(wait, booths, service):
    use = use_for(wait, booths, service)
    assert IDLE <= use <= FULL
    if IDLE < use < FULL:
        assert mean_wait(use, booths, service) == pytest.approx(wait, rel=1e-3)


def fluid_waits(arrivals, booths, service, standing):
    """Posted waits at full hours of a queue in which work flows evenly and that ends the week as long as it began."""
    queue, out = standing, np.zeros(168)
    for hour in range(168):
        out[hour] = queue * service / booths[hour]
        queue += arrivals[hour] - booths[hour] * 60 / service
        assert queue > 0
    assert queue == pytest.approx(standing)
    return out


def test_inversion_finds_the_arrivals_of_a_made_week():
    hours = np.arange(168)
    booths = np.where(hours % 24 < 6, 2, 4)
    service = 1.5
    arrivals = booths * 60 / service + 40 * np.sin((hours % 24 - 8) / 24 * 2 * np.pi)
    waits = fluid_waits(arrivals, booths, service, 500.0)
    found_service, (found,) = invert_mode([waits], [booths], [1.0], float(arrivals.sum()), 2.0)
    assert found_service == pytest.approx(service * FULL, rel=1e-3)
    assert found / (1 + LATENT) == pytest.approx(arrivals, rel=0.02)


def test_lanes_share_a_crossing_by_booths_and_service():
    waits, booths = np.full(168, 60.0), np.full(168, 3)
    service, (standard, ready) = invert_mode([waits, waits], [booths, 2 * booths], [1.0, 0.8], 168_000.0, 2.0)
    assert ready.sum() / standard.sum() == pytest.approx(2 / 0.8)
    assert service * 168_000 / (168 * 60) == pytest.approx((3 + 6 / 0.8) * FULL, rel=1e-3)


def test_the_longest_service_time_binds_where_nearly_nobody_comes():
    service, (found,) = invert_mode([np.zeros(168)], [np.full(168, 2)], [1.0], 700.0, 2.0, 2.5)
    assert service == 2.5
    assert found.sum() == pytest.approx(700)


def test_a_queue_on_opening_came_in_the_hour_before():
    booths = np.tile(np.r_[np.zeros(6), np.full(12, 2), np.zeros(6)], 7).astype(int)
    flow = booths * 30.0
    queue = np.where(np.arange(168) % 24 == 6, 40.0, 0.0)
    found = arrivals_from(flow, queue, booths, 2.0)
    assert found[5] == pytest.approx(40, rel=0.1)
    assert found[4] == 0
    assert found[20] == 0


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(0, 200), min_size=24, max_size=24),
    st.lists(st.integers(0, 9), min_size=24, max_size=24).filter(any),
    st.floats(500, 200_000),
)
def test_arrivals_are_never_negative_and_add_up(wait, booths, per_week):
    week_booths = np.tile(booths, 7)
    week_wait = np.where(week_booths > 0, np.tile(wait, 7), 0.0)
    service, (found,) = invert_mode([week_wait], [week_booths], [1.0], per_week, 2.0)
    assert service > 0
    assert np.isfinite(found).all()
    assert (found >= 0).all()
    assert per_week * 0.999 <= found.sum() <= per_week * (1 + LATENT) * 1.001
