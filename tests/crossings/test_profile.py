import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderlab.crossings.border.fitted import GROUP_OF_DAY
from borderlab.crossings.fitting.profile import (
    FLOOR_PERCENTILE,
    fill,
    group_mask,
    profile,
    shared_approach,
    to_week,
    weighted_median,
)
from borderlab.crossings.fitting.waits import Waits


def readings(pairs, first="2026-05-04", days=42, hours=range(24), seed=0):
    """Made readings of some lanes: (crossing, lane, function of weekday and hour to the wait)."""
    rng = np.random.default_rng(seed)
    lane, time, wait = [], [], []
    for number, (_, _, rule) in enumerate(pairs):
        for day in range(days):
            for hour in hours:
                lane.append(number)
                time.append(np.datetime64(first) + np.timedelta64(24 * day + hour, "h"))
                wait.append(max(0.0, rule(day % 7, hour) + rng.normal(0, 1)))
    return Waits(
        tuple((crossing, name) for crossing, name, _ in pairs),
        np.array(lane, dtype=np.int32),
        np.array(time, dtype="datetime64[s]"),
        np.array(wait),
        np.full(len(wait), 3.0),
    )


@given(st.lists(st.tuples(st.floats(0, 100), st.integers(1, 5)), min_size=1, max_size=30))
def test_weighted_median_is_the_median_of_repeated_values(pairs):
    values = np.array([value for value, _ in pairs])
    weights = np.array([float(weight) for _, weight in pairs])
    repeated = np.sort(np.repeat(values, weights.astype(int)))
    assert weighted_median(values, weights) == repeated[(len(repeated) - 1) // 2]


def test_a_made_week_is_found():
    def rule(day, hour):
        return 30 + hour + (40 if day >= 5 else 0)

    found = profile(readings([("san-ysidro", "passenger-standard", rule)]), 0)
    assert found.readings == 42 * 24
    assert found.booths == pytest.approx(np.full((4, 24), 3.0))
    for kind, more in enumerate((0, 0, 40, 40)):
        assert found.wait_min[kind, 3:21] == pytest.approx(30 + np.arange(3, 21) + more, abs=4)
    # the climatology knows the hour alone: five of seven days are ordinary
    assert found.climatology == pytest.approx(30 + np.arange(24), abs=2.5)


def test_newer_readings_weigh_more():
    old = readings([("san-ysidro", "passenger-standard", lambda day, hour: 20)], first="2026-03-02", days=56)
    new = readings([("san-ysidro", "passenger-standard", lambda day, hour: 60)], first="2026-04-27", days=28)
    both = Waits(
        old.lanes,
        np.r_[old.lane, new.lane],
        np.r_[old.time, new.time],
        np.r_[old.wait_min, new.wait_min],
        np.r_[old.booths, new.booths],
    )
    assert profile(both, 0).wait_min == pytest.approx(np.full((4, 24), 60.0), abs=3)
    assert profile(both, 0).climatology == pytest.approx(np.full(24, 20.0), abs=3)


def test_closed_hours_are_nan_and_readings_there_do_not_count():
    found = profile(readings([("bota", "commercial-standard", lambda day, hour: 10)]), 0)
    mask = group_mask("bota", "commercial-standard")
    assert mask[0].sum() == 8
    assert not mask[2:].any()
    assert np.isnan(found.wait_min[~mask]).all()
    assert np.isfinite(found.wait_min[mask]).all()
    assert found.readings == 30 * 8


def test_gaps_are_filled_between_hours_and_from_other_days():
    values = np.full((4, 24), np.nan)
    values[0, 6], values[0, 10] = 10.0, 30.0
    mask = np.zeros((4, 24), dtype=bool)
    mask[:2, 6:11] = True
    filled = fill(values, mask)
    assert filled[0, 6:11] == pytest.approx([10, 15, 20, 25, 30])
    assert filled[1, 6:11] == pytest.approx([10, 15, 20, 25, 30])
    assert np.isnan(filled[2:]).all()


def test_the_feed_posts_a_floor_when_nobody_waits():
    found = profile(readings([("fort-hancock", "passenger-standard", lambda day, hour: 5.5)]), 0)
    assert 4 <= found.floor_min <= 5
    assert FLOOR_PERCENTILE == 10
    assert profile(readings([("san-ysidro", "passenger-standard", lambda day, hour: 90)]), 0).floor_min == 5


def test_equal_waits_mean_one_approach():
    def rule(day, hour):
        return 40 + hour

    same = readings([("hidalgo", "passenger-ready", rule), ("hidalgo", "passenger-standard", rule)])
    apart = readings([("hidalgo", "passenger-ready", rule), ("hidalgo", "passenger-standard", lambda d, h: 80 + h)])
    assert shared_approach(same, "hidalgo")
    assert not shared_approach(apart, "hidalgo")
    assert not shared_approach(same, "pharr")


def test_to_week_repeats_monday_to_thursday():
    groups = np.arange(96.0).reshape(4, 24)
    week = to_week(groups).reshape(7, 24)
    assert (week[:4] == groups[0]).all()
    assert (week[4:] == groups[1:]).all()
    assert GROUP_OF_DAY.tolist() == [0, 0, 0, 0, 1, 2, 3]
