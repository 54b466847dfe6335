"""The engine beside SimPy and Ciw programs that are given the very same draws: the waits must be the same."""

from __future__ import annotations

import heapq

import ciw
import numpy as np
import pytest
import simpy

from borderlab.crossings.queues.engine import run
from tests.crossings.lanes import network_of
from tests.crossings.reference_solutions import natives

SEED = 17


class Port:
    """A lane with a timetable of booths in SimPy; optionally a stage in series that blocks the booths."""

    def __init__(self, draws, booths, service, *, goes=None, stage_min=None, places=0, buffer=0):
        self.env = simpy.Environment()
        self.draws, self.booths, self.service = draws, booths, service
        self.goes, self.stage_min, self.places, self.buffer = goes, stage_min, places, buffer
        self.idle, self.closing = int(booths[0]), 0
        self.line: list[int] = []
        self.inside = 0
        self.before: list = []
        self.blocked: list = []
        self.wait = np.full(len(draws.times), np.nan)
        self.stage_wait = np.full(len(draws.times), np.nan)
        self.env.process(self.timetable())
        self.env.process(self.source())
        self.env.run(until=15.0 * len(booths))

    def timetable(self):
        for t in range(1, len(self.booths)):
            yield self.env.timeout(15.0 * t - self.env.now)
            change = int(self.booths[t]) - int(self.booths[t - 1])
            if change > 0 and self.goes is not None:
                kept = min(self.closing, change)
                self.closing -= kept
                change -= kept
            if change > 0:
                self.idle += change
            else:
                at_once = min(self.idle, -change)
                self.idle -= at_once
                self.closing += -change - at_once
            self.serve()

    def source(self):
        for number, time in enumerate(self.draws.times):
            yield self.env.timeout(time - self.env.now)
            self.line.append(number)
            self.serve()

    def serve(self):
        while self.line and self.idle:
            self.idle -= 1
            number = self.line.pop(0)
            self.wait[number] = self.env.now - self.draws.times[number]
            self.env.process(self.primary(number))

    def release(self):
        if self.closing:
            self.closing -= 1
        else:
            self.idle += 1
        self.serve()

    def primary(self, number):
        yield self.env.timeout(self.service * self.draws.units[number])
        if self.goes is not None and self.goes[number]:
            self.blocked.append((number, self.env.now))
            self.move_up()
        else:
            self.release()

    def move_up(self):
        while True:
            if self.before and self.inside < self.places:
                number, done = self.before.pop(0)
                self.inside += 1
                self.stage_wait[number] = self.env.now - done
                self.env.process(self.inspection(number))
            elif self.blocked and (len(self.before) < self.buffer or (not self.before and self.inside < self.places)):
                self.before.append(self.blocked.pop(0))
                self.release()
            else:
                return

    def inspection(self, number):
        yield self.env.timeout(self.stage_min[number])
        self.inside -= 1
        self.move_up()


def hourly(draws, values, hours):
    """Sums of values by hour of arrival."""
    known = ~np.isnan(values)
    return np.bincount((draws.times[known] // 60).astype(int), values[known], hours)


def test_a_day_with_changing_booths_is_the_same_in_simpy():
    rng = np.random.default_rng(1)
    intervals = 96 * 2
    booths = np.clip(np.round(4 + 3 * np.sin(np.arange(intervals) / 9) + rng.integers(-2, 3, intervals)), 0, 9)
    rate = 120 + 90 * np.sin(np.arange(intervals) / 15)
    network = network_of([("a", "vehicle")], days=2, per_hour=rate[None], booths=booths[None], service_min=1.5)
    tally = run(network, SEED, couple=False)
    draws = natives(network, 0, SEED)
    port = Port(draws, booths, 1.5)
    assert port.closing + 0 >= 0
    assert tally.still_queued[0] == np.isnan(port.wait).sum()
    waited = np.where(np.isnan(port.wait), 15.0 * intervals - draws.times, port.wait)
    assert waited.max() > 60
    assert np.allclose(tally.wait_sum[0], hourly(draws, waited, 48), rtol=1e-6, atol=1e-4)
    assert tally.wait_max[0].max() == pytest.approx(waited.max(), rel=1e-6)
    started = draws.times[~np.isnan(port.wait)] + port.wait[~np.isnan(port.wait)]
    assert np.array_equal(tally.served[0], np.bincount((started // 60).astype(int), minlength=48))
    # Queue at the quarter hours, and the wait posted then, from the twin's own arrivals and starts.
    starts = draws.times + np.where(np.isnan(port.wait), np.inf, port.wait)
    at = 15.0 * np.arange(1, intervals + 1)
    queue = np.array([((draws.times < t) & (starts >= t)).sum() for t in at])
    assert np.array_equal(tally.queue_max[0], np.maximum(queue.reshape(-1, 4).max(axis=1), np.r_[0, queue[3:-1:4]]))


@pytest.mark.parametrize(("places", "buffer", "share"), [(3, 0, 1.0), (3, 4, 1.0), (2, 6, 0.4), (12, 3, 0.7)])
def test_a_stage_that_blocks_the_booths_is_the_same_in_simpy(places, buffer, share):
    intervals = 96
    booths = np.full(intervals, 5)
    booths[40:52] = 2
    network = network_of(
        [("a", "truck")],
        per_hour=30,
        booths=booths[None],
        service_min=4.0,
        stage=np.array([0], dtype=np.int32),
        stage_share=np.full((1, intervals), share, dtype=np.float32),
        stage_min=np.full((1, intervals), 8.0, dtype=np.float32),
        stage_places=np.full((1, intervals), places, dtype=np.int16),
        stage_shape=np.array([8.0]),
        stage_buffer=np.array([buffer], dtype=np.int32),
    )
    tally = run(network, SEED, couple=False)
    draws = natives(network, 0, SEED)
    goes, minutes = stage_draws(network, len(draws.times), draws)
    port = Port(
        draws, booths, 4.0, goes=goes < np.float32(share), stage_min=8.0 * minutes, places=places, buffer=buffer
    )
    waited = np.where(np.isnan(port.wait), 15.0 * intervals - draws.times, port.wait)
    assert np.allclose(tally.wait_sum[0], hourly(draws, waited, 24), rtol=1e-5, atol=1e-3)
    assert tally.still_queued[0] == np.isnan(port.wait).sum()
    assert tally.stage_wait.sum() >= np.nansum(port.stage_wait) - 1e-2
    if share == 1.0 and places == 3:
        assert waited.max() > 120


def stage_draws(network, count, draws):
    """The engine's uniforms and unit times for the stage, entity by entity."""
    from borderlab.crossings.queues.draws import make_key
    from borderlab.crossings.queues.network import stream_key
    from tests.crossings.stage_draws import draw

    key = make_key(SEED, stream_key(network.crossing[0], network.lane_class[0]))
    interval = (draws.times // 15).astype(np.int64)
    number = np.arange(count) - np.searchsorted(interval, interval)
    goes, units = np.zeros(count), np.zeros(count)
    draw(key, interval, number, float(network.stage_shape[0]), goes, units)
    return goes, units


def test_docks_in_secondary_are_the_same_as_first_come_first_served():
    network = network_of(
        [("a", "vehicle"), ("a", "vehicle", "passenger-ready")],
        days=2,
        per_hour=[[100], [60]],
        booths=[[4], [3]],
        service_min=[2.0, 2.5],
        secondary_share=np.full((2, 1), 0.3, dtype=np.float32),
        secondary_min=np.full((2, 1), 9.0, dtype=np.float32),
        secondary_pool=np.zeros(2, dtype=np.int32),
        pool_docks=np.array([7], dtype=np.int32),
    )
    tally = run(network, SEED, couple=False)
    events = []
    for lane, mean in ((0, 2.0), (1, 2.5)):
        draws = natives(network, lane, SEED)
        free = [0.0] * int(network.booths[lane, 0])
        for time, unit, u, inside in zip(draws.times, draws.units, draws.referred, draws.inside, strict=True):
            done = max(time, heapq.heappop(free)) + mean * unit
            heapq.heappush(free, done)
            if u < np.float32(0.3):
                events.append((done, lane, 9.0 * inside))
    events.sort()
    docks, waits = [0.0] * 7, np.zeros(2)
    for done, lane, minutes in events:
        if done < 2880:
            start = max(done, heapq.heappop(docks))
            heapq.heappush(docks, start + minutes)
            waits[lane] += start - done
    assert waits.min() > 100
    assert tally.secondary_wait.sum(axis=1) == pytest.approx(waits, rel=1e-4)
    assert tally.referred.sum() == sum(done < 2880 for done, _, _ in events)


def test_a_lane_is_the_same_in_ciw():
    rate = 60 + 50 * np.sin(np.arange(96) / 15)
    network = network_of([("a", "vehicle")], per_hour=rate[None], booths=6, service_min=4.5)
    tally = run(network, SEED, couple=False)
    draws = natives(network, 0, SEED)
    gaps = np.diff(draws.times, prepend=0.0)
    twin = ciw.create_network(
        arrival_distributions=[ciw.dists.Sequential([*gaps.tolist(), 1e9])],
        service_distributions=[ciw.dists.Sequential((4.5 * draws.units).tolist())],
        number_of_servers=[6],
    )
    simulation = ciw.Simulation(twin)
    simulation.simulate_until_max_customers(len(draws.times), method="Finish")
    records = sorted(simulation.get_all_records(), key=lambda record: record.arrival_date)
    waits = np.array([record.waiting_time for record in records])
    # A start after the end of the day counts as waiting until then.
    waits = np.minimum(waits, 1440 - draws.times[: len(waits)])
    assert waits.max() > 10
    assert np.allclose(tally.wait_sum[0], hourly(draws, waits, 24), rtol=1e-5, atol=1e-3)
