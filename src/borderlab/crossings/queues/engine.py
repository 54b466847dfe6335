"""Running a network: splits it into components that cannot exchange traffic and simulates each in its own thread.

The result depends on the network and the seed alone: not on the number of threads, not on the order of lanes, and for
a lane only on the lanes of its component.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed

import numpy as np
from numpy.typing import NDArray

from borderlab.base.machine import processors
from borderlab.crossings.queues.beginning import fresh_state, with_room
from borderlab.crossings.queues.draws import make_key
from borderlab.crossings.queues.kernel import run_component
from borderlab.crossings.queues.network import PER_HOUR, Network
from borderlab.crossings.queues.state import BINS, COUNTS, EDGE, LANE, MINUTES, STAGE, LaneCounts, LanePlan
from borderlab.crossings.queues.tally import Tally

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
    out = _out(network)
    load = network.arrivals.sum(axis=1, dtype=np.float64) + network.n_intervals
    parts = components(network, couple=couple)
    parts.sort(key=lambda part: (-float(load[part].sum()), int(part[0])))
    plan = _plan(network, seed, parts)
    workers = max(1, min(threads or processors(), len(parts)))
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


def _plan(network: Network, seed: int, parts: list[NDArray[np.int64]]) -> LanePlan:
    keys = network.keys
    ends = network.alt_ptr
    lane = np.zeros(network.n_lanes, dtype=LANE)
    for name in set(LANE.names or ()) - {"key", "first_edge", "last_edge", "place"}:
        lane[name] = getattr(network, name)
    lane["key"] = [make_key(seed, int(key)) for key in keys]
    lane["first_edge"], lane["last_edge"] = ends[:-1], ends[1:]
    for part in parts:
        lane["place"][part] = np.arange(len(part))
    # Edges of a lane in the order of their targets' keys, so that sums do not depend on the order of lanes.
    home = np.repeat(np.arange(network.n_lanes), np.diff(ends))
    order = np.lexsort((keys[network.alt_lane], home))
    edge = np.zeros(len(order), dtype=EDGE)
    edge["edge"], edge["lane"] = order, network.alt_lane[order]
    # The size of an alternative enters its utility as ln(size): written here as a discount in dollars.
    discount = np.log(network.alt_size[order]) / np.maximum(network.sensitivity[home[order]], 1e-9)
    edge["detour"], edge["extra"] = network.alt_detour_min[order], network.alt_extra_usd[order] - discount
    stage = np.zeros(len(network.stage_buffer), dtype=STAGE)
    stage["shape"], stage["buffer"] = network.stage_shape, network.stage_buffer
    timed = {name: np.ascontiguousarray(getattr(network, name)) for name in LanePlan._fields[5:]}
    return LanePlan(network.n_intervals, network.start.hour, lane, edge, stage, **timed)


def _out(network: Network) -> LaneCounts:
    # Zeroed pages take no memory until they are written.
    lanes, hours, days = network.n_lanes, network.n_hours, len(network.dates())
    return LaneCounts(
        counts=np.zeros((len(COUNTS), lanes, hours), dtype=np.int32),
        minutes=np.zeros((len(MINUTES), lanes, hours), dtype=np.float32),
        posted=np.zeros((lanes, network.n_intervals), dtype=np.float32),
        histogram=np.zeros((lanes, days, BINS), dtype=np.uint32),
        edge_flow=np.zeros((len(network.alt_lane), days), dtype=np.int32),
        still_queued=np.zeros(lanes, dtype=np.int64),
    )


def _simulate(network: Network, plan: LanePlan, out: LaneCounts, part: NDArray[np.int64], couple: bool) -> None:
    state = fresh_state(network, plan, part)
    reached = 0
    while reached < network.n_intervals:
        state = with_room(network, part, state, reached)
        reached = run_component(plan, out, state, couple, reached)
    if state.lost[0]:
        raise RuntimeError("an inbox or a line of the engine overflowed")
