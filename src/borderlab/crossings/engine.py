"""Running a network: splits it into components that cannot exchange traffic and simulates each in its own thread.

The result depends on the network and the seed alone: not on the number of threads, not on the order of lanes, and for
a lane only on the lanes of its component.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import Any

import numpy as np
from numpy.typing import NDArray

from borderlab.crossings.booths import Lanes, Plan
from borderlab.crossings.choice import usual_weights
from borderlab.crossings.docks import Docks
from borderlab.crossings.draws import make_key
from borderlab.crossings.inbox import Inbox
from borderlab.crossings.kernel import BINS, Desk, Out, run_component
from borderlab.crossings.network import PER_HOUR, Network
from borderlab.crossings.stage import Stages
from borderlab.crossings.tally import Tally

Advance = Callable[[float], None]


def run(
    network: Network, seed: int, *, threads: int | None = None, couple: bool = True, progress: Advance | None = None
) -> Tally:
    """Simulate every entity of a network.

    Args:
        network: the border for a period.
        seed: any integer; the same seed gives the same draws to the same entities in any network.
        threads: worker threads; by default one for every core the process may use.
        couple: whether users see posted waits and divert. Without it only barred lanes lose traffic, all put off.
        progress: called with the share of work done (the shares sum to 1) as components end.

    Returns:
        What happened, by lane and hour.

    Raises:
        ValueError: the network's arrays do not fit together.
    """
    network.check()
    plan = _plan(network, seed)
    out = _out(network)
    load = network.arrivals.sum(axis=1, dtype=np.float64) + network.n_intervals
    parts = components(network, couple=couple)
    parts.sort(key=lambda part: (-float(load[part].sum()), int(part[0])))
    workers = max(1, min(threads or len(os.sched_getaffinity(0)), len(parts)))
    if workers == 1:
        for part in parts:
            _simulate(network, plan, out, part, couple)
            if progress:
                progress(float(load[part].sum() / load.sum()))
        return Tally.of(network, out)
    with ThreadPoolExecutor(workers) as pool:
        tasks = {pool.submit(_simulate, network, plan, out, part, couple): part for part in parts}
        for task in as_completed(tasks):
            task.result()
            if progress:
                progress(float(load[tasks[task]].sum() / load.sum()))
    return Tally.of(network, out)


def components(network: Network, *, couple: bool = True) -> list[NDArray[np.int64]]:
    """Lanes that can affect each other: by a shared approach, shared docks and, if coupled, by diversion.

    Within a component the lanes of one approach stand together; the order follows the lanes' names alone.
    """
    count = network.n_lanes
    boss = list(range(count))

    def find(lane: int) -> int:
        while boss[lane] != lane:
            boss[lane] = boss[boss[lane]]
            lane = boss[lane]
        return lane

    for shared in (network.approach, network.secondary_pool):
        first: dict[int, int] = {}
        for lane, index in enumerate(shared):
            if index >= 0:
                boss[find(lane)] = find(first.setdefault(int(index), lane))
    if couple:
        for lane in range(count):
            for edge in range(network.alt_ptr[lane], network.alt_ptr[lane + 1]):
                boss[find(lane)] = find(int(network.alt_lane[edge]))
    keys = network.keys
    lead: dict[int, int] = {}
    for lane in range(count):
        group = int(network.approach[lane])
        if group >= 0:
            lead[group] = min(lead.get(group, int(keys[lane])), int(keys[lane]))
    order = sorted(
        range(count), key=lambda lane: (lead.get(int(network.approach[lane]), int(keys[lane])), int(keys[lane]))
    )
    parts: dict[int, list[int]] = {}
    for lane in order:
        parts.setdefault(find(lane), []).append(lane)
    return [np.array(part, dtype=np.int64) for part in parts.values()]


def usual_waits(tally: Tally) -> NDArray[np.float32]:
    """Hour means of the posted waits of a run, [L,H], zero where closed: what users of a copy of it would expect."""
    posted = tally.posted.reshape(tally.posted.shape[0], -1, PER_HOUR)
    known = ~np.isnan(posted)
    total = np.where(known, posted, 0.0).sum(axis=2)
    return (total / np.maximum(known.sum(axis=2), 1)).astype(np.float32)


def _plan(network: Network, seed: int) -> Plan:
    # Edges of a lane in the order of their targets' keys, so that sums do not depend on the order of lanes.
    keys = network.keys
    edges = np.concatenate(
        [
            np.arange(network.alt_ptr[lane], network.alt_ptr[lane + 1])[
                np.argsort(keys[network.alt_lane[network.alt_ptr[lane] : network.alt_ptr[lane + 1]]])
            ]
            for lane in range(network.n_lanes)
        ]
        or [np.empty(0, dtype=np.int64)]
    ).astype(np.int32)
    same = {name: getattr(network, name) for name in Plan._fields if hasattr(network, name)}
    given = {
        **same,
        "intervals": network.n_intervals,
        "lead_hours": network.start.hour,
        "keys": np.array([make_key(seed, int(key)) for key in keys], dtype=np.uint64),
        "alt_lane": network.alt_lane[edges],
        "alt_edge": edges,
        "alt_detour_min": network.alt_detour_min[edges],
        "alt_extra_usd": network.alt_extra_usd[edges],
    }
    return Plan(**{name: np.ascontiguousarray(v) if isinstance(v, np.ndarray) else v for name, v in given.items()})


def _out(network: Network) -> Out:
    # Zeroed pages take no memory until they are written.
    shape = (network.n_lanes, network.n_hours)
    days = len(network.dates())
    special = {
        "posted": np.zeros((network.n_lanes, network.n_intervals), dtype=np.float32),
        "histogram": np.zeros((network.n_lanes, days, BINS), dtype=np.uint32),
        "edge_flow": np.zeros((len(network.alt_lane), days), dtype=np.int32),
        "still_queued": np.zeros(network.n_lanes, dtype=np.int64),
    }
    real = {"wait_sum", "wait_max", "wait_p95", "secondary_wait", "secondary_time", "stage_wait", "stage_time"}
    plain = {
        name: np.zeros(shape, dtype=np.float32 if name in real else np.int32)
        for name in Out._fields
        if name not in special
    }
    return Out(**plain, **special)


def _simulate(network: Network, plan: Plan, out: Out, part: NDArray[np.int64], couple: bool) -> None:
    place_of = np.full(network.n_lanes, -1, dtype=np.int64)
    place_of[part] = np.arange(len(part))
    docks, pool = _docks(network, part)
    lanes, stages, desk = _lanes(network, part, pool), _stages(network, part), _desk(network, part)
    box = _inbox(len(part))
    usual = usual_weights(plan)[part]
    reached = 0
    while reached < network.n_intervals:
        box, docks = _widened(network, part, box, docks, reached)
        reached = run_component(plan, out, lanes, stages, docks, box, desk, place_of, usual, couple, reached)
    if box.lost[0] or docks.lost[0]:
        raise RuntimeError("an inbox or a line of the engine overflowed")


def _inbox(count: int) -> Inbox:
    words = np.empty((count, 0), dtype=np.uint64)
    kinds = np.empty((count, 0), dtype=np.int64)
    size = np.zeros(count, dtype=np.int64)
    return Inbox(size, np.empty((count, 0)), words, words.copy(), kinds, np.zeros(1, dtype=np.int64))


def _widened(network: Network, part: NDArray[np.int64], box: Inbox, docks: Docks, interval: int) -> tuple[Inbox, Docks]:
    # Twice the room that the kernel asks for, and never less than before.
    rate = network.arrivals[part, interval].astype(np.float64)
    peak = float((rate + 12 * np.sqrt(rate) + 40).sum()) + float(box.size.sum())
    room = max(int(2 * (peak + box.size.max())), box.time.shape[1])
    lines = max(int(2 * (peak + (docks.tail - docks.head).max())), docks.time.shape[1])

    def wide(old: NDArray[Any], columns: int) -> NDArray[Any]:
        new = np.empty((old.shape[0], columns), dtype=old.dtype)
        new[:, : old.shape[1]] = old
        return new

    arrays = [wide(array, room) for array in (box.time, box.key, box.counter, box.kind)]
    box = Inbox(box.size, *arrays, box.lost)
    columns = lines if len(docks.size) else 0
    docks = docks._replace(
        time=wide(docks.time, columns), key=wide(docks.key, columns), counter=wide(docks.counter, columns)
    )
    return box, docks


def _lanes(network: Network, part: NDArray[np.int64], pool: NDArray[np.int64]) -> Lanes:
    count = len(part)
    most = max(max(int(network.booths[lane].max()) for lane in part), 0)
    staffed = np.array([max(int(network.booths[lane, 0]), 0) for lane in part], dtype=np.int64)
    free = np.full((count, most + 2), math.inf)
    for i in range(count):
        free[i, : staffed[i]] = 0.0
    approach = network.approach[part]
    known = sorted({int(group) for group in approach if group >= 0}, key=list(approach).index)
    group = np.array([known.index(a) if a >= 0 else -1 for a in approach.tolist()], dtype=np.int64)
    sizes = np.array([int(network.approach_storage[a]) + 1 for a in known], dtype=np.int64)
    first = np.arange(count)
    until = np.arange(count) + 1
    for index in range(len(known)):
        members = np.flatnonzero(group == index)
        first[members], until[members] = members[0], members[-1] + 1
    hours = [network.service_factor[part, 0], network.secondary_share[part, 0]]
    return Lanes(
        lane=part,
        free=free,
        open=staffed.copy(),
        staffed=staffed,
        front=np.zeros(count, dtype=np.int64),
        started=np.zeros(count, dtype=np.int64),
        served=np.zeros((count, network.n_intervals), dtype=np.uint16),
        mean=network.service_min[part] * hours[0],
        share=hours[1].astype(np.float64),
        last=np.full(count, -math.inf),
        group=group,
        first=first,
        until=until,
        ring=np.full((len(known), int(sizes.max(initial=1))), -math.inf),
        ring_at=np.zeros(len(known), dtype=np.int64),
        ring_size=sizes,
        stage=network.stage[part].astype(np.int64),
        pool=pool,
    )


def _stages(network: Network, part: NDArray[np.int64]) -> Stages:
    stage = network.stage[part]
    count = len(part) if (stage >= 0).any() else 0
    used = stage[stage >= 0]
    booths = max((int(network.booths[lane].max()) for lane in part[stage >= 0]), default=0)
    places = max((int(network.stage_places[s].max()) for s in used), default=0)
    buffer = max((int(network.stage_buffer[s]) for s in used), default=0)
    free = np.full((count, max(places, 0) + 2), math.inf)
    opened = np.zeros(len(part), dtype=np.int64)
    for i in np.flatnonzero(stage >= 0):
        opened[i] = max(int(network.stage_places[stage[i], 0]), 0)
        free[i, : opened[i]] = 0.0
    cells = (count, max(booths, 0) + 1)
    return Stages(
        count=np.zeros(len(part), dtype=np.int64),
        closing=np.zeros(len(part), dtype=np.int64),
        done=np.zeros(cells),
        goes=np.zeros(cells, dtype=np.bool_),
        key=np.zeros(cells, dtype=np.uint64),
        counter=np.zeros(cells, dtype=np.uint64),
        free=free,
        places=opened,
        front=np.zeros(len(part), dtype=np.int64),
        entered=np.full(len(part), -math.inf),
        ring=np.full((count, max(buffer, 1)), -math.inf),
        ring_at=np.zeros(len(part), dtype=np.int64),
        scratch=np.zeros(free.shape[1]),
    )


def _docks(network: Network, part: NDArray[np.int64]) -> tuple[Docks, NDArray[np.int64]]:
    # The pools of a component, their lanes, and the pool of every lane.
    pools = network.secondary_pool[part]
    known = list(dict.fromkeys(int(pool) for pool in pools if pool >= 0))
    pool_of = np.array([known.index(pool) if pool >= 0 else -1 for pool in pools.tolist()], dtype=np.int64)
    size = np.array([int(network.pool_docks[pool]) for pool in known], dtype=np.int64)
    free = np.full((len(known), int(size.max(initial=0)) + 1), math.inf)
    for index, docks in enumerate(size):
        free[index, :docks] = 0.0
    members = [np.flatnonzero(pool_of == index) for index in range(len(known))]
    words = np.empty((len(part), 0), dtype=np.uint64)
    lines = Docks(
        head=np.zeros(len(part), dtype=np.int64),
        tail=np.zeros(len(part), dtype=np.int64),
        time=np.empty((len(part), 0)),
        key=words,
        counter=words.copy(),
        lost=np.zeros(1, dtype=np.int64),
        free=free,
        size=size,
        first=np.concatenate([[0], np.cumsum([len(member) for member in members])]).astype(np.int64),
        members=np.concatenate(members).astype(np.int64) if members else np.empty(0, dtype=np.int64),
    )
    return lines, pool_of


def _desk(network: Network, part: NDArray[np.int64]) -> Desk:
    count = len(part)
    most = max(int(network.alt_ptr[lane + 1] - network.alt_ptr[lane]) for lane in part)
    value = np.ones(1)

    def whole() -> NDArray[np.int64]:
        return np.zeros(count, dtype=np.int64)

    return Desk(
        entities=whole(),
        wait_sum=np.zeros(count),
        wait_max=np.zeros(count),
        counts=np.zeros((count, BINS), dtype=np.uint32),
        joined=whole(),
        arrived=whole(),
        queue=whole(),
        queue_max=whole(),
        next_time=np.full(count, math.inf),
        next_counter=np.zeros(count, dtype=np.uint64),
        gap=np.ones(count),
        leave=np.zeros(count),
        excess=np.zeros(count),
        barred=np.zeros(count, dtype=np.bool_),
        options=np.ones((count, most + 1)),
        value=value,
        word=value.view(np.int64),
    )
