"""The engine's rules, checked by hand calculation, by small plain-Python twins and by what must not change."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from borderlab.crossings.queues import compiled
from borderlab.crossings.queues.engine import components, run, usual_waits
from borderlab.crossings.queues.state import SHUT
from tests.crossings.lanes import edges, network_of, same
from tests.crossings.reference_solutions import natives

SEED = 5


def waits_by_hand(times, services, free):
    """Plain recursion: each takes the booth that is free first."""
    waits = []
    for time, service in zip(times, services, strict=True):
        free.sort()
        start = max(time, free[0])
        free[0] = start + service
        waits.append(start - time)
    return np.array(waits)


def test_a_queue_stands_while_closed_and_is_served_on_reopening():
    booths = np.full(96, 3)
    booths[16:28] = 0  # closed from 04:00 to 07:00
    network = network_of([("a", "truck")], per_hour=40, booths=booths[None], service_min=2.0)
    tally = run(network, SEED, couple=False)
    draws = natives(network, 0, SEED)
    before = draws.times < 240
    # Those who cannot start before 04:00 start with three fresh booths at 07:00, in order.
    first = waits_by_hand(draws.times[before], 2.0 * draws.units[before], [0.0] * 3)
    late = draws.times[before] + first >= 240
    queued = np.r_[draws.times[before][late], draws.times[~before]]
    units = np.r_[draws.units[before][late], draws.units[~before]]
    second = waits_by_hand(queued, 2.0 * units, [420.0] * 3)
    total = first[~late].sum() + second.sum()
    assert tally.wait_sum.sum() == pytest.approx(total, rel=1e-5)
    assert tally.served[0, 4:7].sum() == 0
    assert tally.served[0, 7] > 80
    assert np.isnan(tally.posted[0, 16:28]).all()
    assert tally.posted[0, 28] == pytest.approx(np.clip(second - (420 - queued), 0, None)[queued < 420].max(), abs=2.5)


def test_nobody_joins_a_barred_lane_and_its_queue_waits():
    booths = np.full(96, 2)
    booths[40:60] = -1
    network = network_of([("a", "truck")], per_hour=50, booths=booths[None], service_min=2.2, return_share=np.zeros(1))
    tally = run(network, SEED, couple=False)
    assert tally.put_off[0].sum() == tally.arrivals[0, 10:15].sum() > 200
    assert tally.joined[0, 10:15].sum() == tally.served[0, 10:15].sum() == 0
    assert tally.queue_max[0, 12] == tally.queue_max[0, 13] > 0


def approach_by_hand(lanes, storage):
    """Merged arrivals of (times, services, booths): FIFO in the class, and never before the one k + 1 ahead."""
    merged = sorted((time, lane, n) for lane, (times, _, _) in enumerate(lanes) for n, time in enumerate(times))
    free = [[0.0] * booths for _, _, booths in lanes]
    last, starts, waits = [0.0] * len(lanes), [], [[] for _ in lanes]
    for time, lane, n in merged:
        free[lane].sort()
        ahead = starts[-storage - 1] if len(starts) > storage else 0.0
        start = max(time, last[lane], ahead, free[lane][0])
        free[lane][0] = start + lanes[lane][1][n]
        last[lane] = start
        starts.append(start)
        waits[lane].append(start - time)
    return [np.array(w) for w in waits]


@pytest.mark.parametrize("storage", [0, 3, 25, 10_000])
def test_two_classes_on_one_approach(storage):
    network = network_of(
        [("a", "vehicle"), ("a", "vehicle", "passenger-ready")],
        per_hour=[[90], [90]],
        booths=[[3], [4]],
        service_min=[2.2, 2.0],
        approach=np.zeros(2, dtype=np.int32),
        approach_storage=np.array([storage], dtype=np.int32),
    )
    tally = run(network, SEED, couple=False)
    draws = [natives(network, lane, SEED) for lane in range(2)]
    expected = approach_by_hand(
        [(draws[0].times, 2.2 * draws[0].units, 3), (draws[1].times, 2.0 * draws[1].units, 4)], storage
    )
    for lane in range(2):
        waited = np.minimum(expected[lane], 1440 - draws[lane].times)
        assert tally.wait_sum[lane].sum() == pytest.approx(waited.sum(), rel=1e-5)
    standard, ready = tally.wait_sum.sum(axis=1) / tally.joined.sum(axis=1)
    assert standard > 20
    if storage <= 3:
        assert ready == pytest.approx(standard, abs=3)
    if storage == 10_000:
        assert ready < standard / 3


def test_a_closed_class_uses_the_open_lane_of_its_approach():
    booths = np.full((2, 96), 3)
    booths[1, 48:] = 0
    network = network_of(
        [("a", "vehicle"), ("a", "vehicle", "passenger-ready")],
        per_hour=[[40], [40]],
        booths=booths,
        service_min=1.5,
        approach=np.zeros(2, dtype=np.int32),
        approach_storage=np.array([10], dtype=np.int32),
    )
    tally = run(network, SEED, couple=False)
    assert tally.switched_out[1, 12:].sum() == tally.arrivals[1, 12:].sum()
    assert np.array_equal(tally.switched_out[1], tally.switched_in[0])
    assert tally.served[1, 13:].sum() == 0
    assert (tally.arrivals.sum() - tally.served.sum()) == tally.still_queued.sum()


def border(**changes):
    """Four crossings: two truck bridges that exchange traffic, one port of cars with docks, one far away."""
    lanes = [
        ("north", "truck"),
        ("south", "truck"),
        ("port", "vehicle"),
        ("port", "vehicle", "passenger-ready"),
        ("far", "truck"),
    ]
    rate = np.full((5, 96 * 3), 60.0) * (1 + 0.5 * np.sin(np.arange(96 * 3) / 15))
    given = {
        "days": 3,
        "per_hour": rate,
        "booths": np.array([[3], [3], [3], [4], [2]]) * np.ones(96 * 3),
        "service_min": [2.4, 2.2, 2.5, 2.5, 1.5],
        "secondary_share": np.full((5, 1), 0.2, dtype=np.float32),
        "secondary_min": np.full((5, 1), 12.0, dtype=np.float32),
        "secondary_pool": np.array([-1, 0, 1, 1, -1], dtype=np.int32),
        "pool_docks": np.array([4, 3], dtype=np.int32),
        "approach": np.array([-1, -1, 0, 0, -1], dtype=np.int32),
        "approach_storage": np.array([5], dtype=np.int32),
        "return_min": np.full(5, 300.0),
        **edges([(0, 1), (1, 0)], 5, detour=20.0),
    }
    return network_of(lanes, **{**given, **changes})


def closed(network, lane, first, last):
    booths = network.booths.copy()
    booths[lane, first:last] = -1
    return network.with_(booths=booths)


def test_every_entity_is_accounted_for():
    network = closed(border(), 0, 60, 200)
    tally = run(network, SEED)
    assert tally.diverted_away.sum() > 500
    assert tally.put_off.sum() > 20
    assert tally.returned.sum() > 5
    assert np.array_equal(tally.joined.sum(axis=1), tally.served.sum(axis=1) + tally.still_queued)
    assert tally.edge_flow.sum() == tally.diverted_away.sum() >= tally.diverted_in.sum()
    assert tally.histogram.sum() == tally.joined.sum()


@pytest.mark.parametrize("couple", [True, False])
def test_threads_and_the_order_of_lanes_change_no_bit(couple):
    network = closed(border(), 0, 60, 200)
    one = run(network, SEED, threads=1, couple=couple)
    assert same(one, run(network, SEED, threads=2, couple=couple))
    order = [3, 0, 4, 2, 1]
    mixed = run(network.take(order), SEED, threads=2, couple=couple)
    assert same(one, mixed, lanes=order, other=list(range(5)))


def test_closing_a_bridge_changes_nothing_where_its_traffic_cannot_go():
    before = run(border(), SEED)
    after = run(closed(border(), 0, 60, 200), SEED)
    assert same(before, after, lanes=[2, 3, 4])
    assert not same(before, after, lanes=[1])
    assert len(components(border())) == 3


def test_adding_and_removing_lanes_changes_no_draw_of_others():
    whole = border()
    alone = run(whole.take([4]), SEED)
    assert same(run(whole, SEED), alone, lanes=[4], other=[0])


def test_diverted_entities_do_not_move_the_draws_of_natives():
    network = closed(border(), 0, 60, 200)
    calm = run(border(), SEED)
    after = run(network, SEED)
    assert np.array_equal(calm.arrivals, after.arrivals)
    assert after.diverted_in[1].sum() > 300


def test_seeds_differ_and_zero_is_a_seed():
    runs = [run(border(), seed) for seed in (0, 1, -1)]
    assert same(runs[0], run(border(), 0))
    assert not same(runs[0], runs[1])
    assert not same(runs[1], runs[2])


def test_usual_waits_divert_nobody_and_longer_ones_divert_by_the_logit():
    ordinary = border()
    base = run(ordinary, SEED, couple=False)
    expecting = ordinary.with_(usual_wait=usual_waits(base), notice_min=np.full(5, 30.0))
    assert run(expecting, SEED).diverted_away.sum() <= 0.002 * base.arrivals.sum()
    # A posted wait of many hours beside a free bridge: the shares of the two options are those of the logit.
    slow = ordinary.service_min.copy()
    slow[0] *= 6
    rate = ordinary.arrivals.copy()
    rate[0] *= 8
    tally = run(
        ordinary.with_(
            service_min=slow, arrivals=rate, return_share=np.zeros(5), sensitivity=np.full(5, 0.5),
            put_off=np.full(5, 3.0), booths=np.where(np.arange(5)[:, None] == 1, 60, ordinary.booths).astype(np.int16),
        ),
        SEED,
    )  # fmt: skip
    away, off = tally.diverted_away[0, 24:].sum(), tally.put_off[0, 24:].sum()
    weight = np.exp(-0.5 * 0.5 * 20.0)
    assert off / (off + away) == pytest.approx(np.exp(-3.0) / (np.exp(-3.0) + weight), abs=0.02)


def test_hourly_and_daily_percentiles_are_near_those_of_the_entities():
    network = network_of([("a", "vehicle")], days=2, per_hour=70, booths=3, service_min=2.5)
    tally = run(network, SEED, couple=False)
    draws = natives(network, 0, SEED)
    waits = waits_by_hand(draws.times, 2.5 * draws.units, [0.0] * 3)
    hour = (draws.times // 60).astype(int)
    for h in range(48):
        exact = np.quantile(waits[hour == h], 0.95, method="inverted_cdf")
        assert tally.wait_p95[0, h] == pytest.approx(exact, rel=0.09, abs=0.15)
        assert tally.wait_max[0, h] == pytest.approx(waits[hour == h].max(), rel=1e-6)
    day = tally.group("crossing", "day")
    for d in range(2):
        exact = np.quantile(waits[hour // 24 == d], 0.95)
        assert day["p95_wait_min"][0, d] == pytest.approx(exact, rel=0.03, abs=0.1)


def test_sums_by_month_and_label():
    network = border()
    network = network.with_(start=network.start.replace(month=1, day=30))
    tally = run(network, SEED)
    months = tally.group("mode", "month")
    assert months["spans"] == ["2026-01", "2026-02"]
    assert months["groups"] == ["truck", "vehicle"]
    assert months["arrivals"][0, 0] == tally.arrivals[[0, 1, 4], :48].sum()
    total = tally.group(["x", "y", "x", "y", "x"])
    assert total["joined"].sum() == tally.joined.sum()
    assert total["delay_hours"].sum() == pytest.approx(tally.wait_sum.sum() / 60, rel=1e-6)
    with pytest.raises(ValueError, match="labels"):
        tally.group(["x"])


def test_the_kernels_do_the_same_as_plain_python():
    program = (
        "from tests.crossings.test_engine_rules import border, closed\n"
        "from borderlab.crossings.queues.engine import run\n"
        "net = closed(border(), 0, 8, 16)\n"
        "cut = lambda a: a[:, : 24] if a.ndim > 1 and a.shape[1] == net.n_intervals else a\n"
        "net = net.with_(arrivals=cut(net.arrivals) / 2, booths=cut(net.booths), stage_share=cut(net.stage_share),\n"
        "    stage_min=cut(net.stage_min), stage_places=cut(net.stage_places))\n"
        "tally = run(net, 3, threads=1)\n"
        "import json\n"
        "print(json.dumps([tally.arrivals.tolist(), tally.served.tolist(), tally.diverted_in.tolist(),\n"
        "    tally.wait_sum.tolist(), tally.posted.tolist(), tally.secondary_wait.tolist()]))\n"
    )
    outputs = [
        subprocess.run(
            [sys.executable, "-W", "ignore", "-c", program],
            env={**os.environ, "NUMBA_DISABLE_JIT": disabled},
            capture_output=True, text=True, check=True,
        ).stdout
        for disabled in ("0", "1")
    ]  # fmt: skip
    fast, slow = (json.loads(text) for text in outputs)
    assert fast[:3] == slow[:3]
    # Plain Python divides by a float32 in single precision where the kernels use double.
    for one, other in zip(fast[3:], slow[3:], strict=True):
        assert np.allclose(one, other, rtol=1e-4, atol=1e-3, equal_nan=True)
    assert np.sum(fast[2]) > 0


@pytest.mark.parametrize("name", compiled.SOURCES)
def test_a_compiled_kernel_is_named_by_all_that_it_is_made_from(name):
    text = Path(compiled.__file__).with_name(f"{name}.py").read_text(encoding="utf-8")
    assert set(re.findall(r"from borderlab\.crossings\.queues\.(\w+) import", text)) <= set(compiled.SOURCES)


def test_a_network_that_does_not_fit_is_refused():
    network = border()
    with pytest.raises(ValueError, match="arrivals is float64"):
        run(network.with_(arrivals=network.arrivals.astype(float)), 1)
    with pytest.raises(ValueError, match="booths below -2"):
        run(network.with_(booths=(network.booths - 9).astype(np.int16)), 1)


def test_who_reaches_a_barred_lane_puts_the_trip_off():
    network = closed(closed(border(alt_detour_min=np.full(2, 120.0, dtype=np.float32)), 0, 60, 100), 1, 90, 110)
    tally = run(network, SEED)
    # South is shut from interval 90: those sent there from north before are turned back on arrival.
    late = tally.diverted_in[1, 23:25].sum()
    assert late > 10
    assert tally.joined[1, 23:25].sum() == 0
    assert np.array_equal(tally.joined.sum(axis=1), tally.served.sum(axis=1) + tally.still_queued)


def test_nobody_stands_in_line_into_known_shut_hours():
    booths = np.full(96, 2)
    booths[40:60] = SHUT
    network = network_of([("a", "truck")], per_hour=60, booths=booths[None], service_min=2.2, return_share=np.zeros(1))
    tally = run(network, SEED, couple=False)
    draws = natives(network, 0, SEED)
    before = draws.times < 600
    starts = draws.times[before] + waits_by_hand(draws.times[before], 2.2 * draws.units[before], [0.0] * 2)
    served = int((starts < 600).sum())
    assert (starts >= 600).sum() > 20
    assert tally.served[0, :10].sum() == tally.joined[0, :10].sum() == served
    assert tally.put_off[0, :10].sum() == before.sum() - served
    assert tally.put_off[0, 10:15].sum() == tally.arrivals[0, 10:15].sum() > 200
    assert tally.joined[0, 10:15].sum() == tally.queue_max[0, 11:15].sum() == 0
    assert tally.wait_max.max() < 120
