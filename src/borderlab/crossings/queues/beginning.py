"""The state of a component before its first interval, and more room in it when its kernel asks for that."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from borderlab.crossings.queues.choice import usual_weights
from borderlab.crossings.queues.network import Network
from borderlab.crossings.queues.state import APPROACH, BINS, BOOTH, BOX, LINE, POOL, ROW, LanePlan, LaneState


def fresh_state(network: Network, plan: LanePlan, part: NDArray[np.int64]) -> LaneState:
    """The state of a component of the lanes ``part``: the booths of the first interval free, nobody there."""
    count = len(part)
    row = np.zeros(count, dtype=ROW)
    row["lane"] = part
    row["staffed"] = row["open"] = np.maximum(network.booths[part, 0], 0)
    row["mean"] = network.service_min[part] * network.service_factor[part, 0]
    row["share"] = network.secondary_share[part, 0]
    row["last"] = row["entered"] = -math.inf
    row["next_time"] = math.inf
    row["gap"] = 1.0
    row["usual"] = usual_weights(plan)[part]
    row["stage"] = network.stage[part]
    approach, ring = _approaches(network, part, row)
    pool, members, dock_free = _pools(network, part, row)
    booth, place_free, place_ring = _stages(network, part, row)
    edges = max(int(network.alt_ptr[lane + 1] - network.alt_ptr[lane]) for lane in part)
    value = np.ones(1)
    return LaneState(
        row=row,
        free=_until_free(row["open"], max(int(network.booths[lane].max()) for lane in part)),
        served=np.zeros((count, network.n_intervals), dtype=np.uint16),
        counts=np.zeros((count, BINS), dtype=np.uint32),
        options=np.ones((count, edges + 1)),
        approach=approach,
        ring=ring,
        booth=booth,
        place_free=place_free,
        place_ring=place_ring,
        scratch=np.zeros(place_free.shape[1]),
        line=np.zeros((count, 0), dtype=LINE),
        box=np.zeros((count, 0), dtype=BOX),
        pool=pool,
        members=members,
        dock_free=dock_free,
        lost=np.zeros(1, dtype=np.int64),
        value=value,
        word=value.view(np.int64),
    )


def with_room(network: Network, part: NDArray[np.int64], state: LaneState, interval: int) -> LaneState:
    """The state with at least twice the room that the kernel asks for at ``interval``, never less than it had."""
    rate = network.arrivals[part, interval].astype(np.float64)
    row = state.row
    peak = float((rate + 12 * np.sqrt(rate) + 40).sum() + row["boxed"].sum())
    box = max(int(2 * (peak + row["boxed"].max())), state.box.shape[1])
    line = max(int(2 * (peak + (row["line_tail"] - row["line_head"]).max())), state.line.shape[1])
    return state._replace(box=_wide(state.box, box), line=_wide(state.line, line if len(state.dock_free) else 0))


def _wide(old: NDArray[np.void], columns: int) -> NDArray[np.void]:
    new = np.zeros((old.shape[0], columns), dtype=old.dtype)
    new[:, : old.shape[1]] = old
    return new


def _until_free(open_now: NDArray[np.int64], most: int) -> NDArray[np.float64]:
    # Rows of zeros for what is open and infinities behind.
    columns = np.arange(max(most, 0) + 2)
    return np.where(columns < open_now[:, None], 0.0, math.inf)


def _approaches(
    network: Network, part: NDArray[np.int64], row: NDArray[np.void]
) -> tuple[NDArray[np.void], NDArray[np.float64]]:
    given = network.approach[part]
    known = list(dict.fromkeys(int(index) for index in given if index >= 0))
    approach = np.zeros(len(known), dtype=APPROACH)
    row["group"] = -1
    row["first"] = np.arange(len(part))
    row["until"] = row["first"] + 1
    for place, index in enumerate(known):
        members = np.flatnonzero(given == index)
        row["group"][members] = place
        row["first"][members], row["until"][members] = members[0], members[-1] + 1
        approach[place]["ring_size"] = network.approach_storage[index] + 1
    return approach, np.full((len(known), int(approach["ring_size"].max(initial=1))), -math.inf)


def _pools(
    network: Network, part: NDArray[np.int64], row: NDArray[np.void]
) -> tuple[NDArray[np.void], NDArray[np.int64], NDArray[np.float64]]:
    given = network.secondary_pool[part]
    known = list(dict.fromkeys(int(index) for index in given if index >= 0))
    pool = np.zeros(len(known) + 1, dtype=POOL)
    members: list[int] = []
    row["pool"] = -1
    for place, index in enumerate(known):
        mine = np.flatnonzero(given == index)
        row["pool"][mine] = place
        pool[place]["first"], pool[place]["docks"] = len(members), network.pool_docks[index]
        members += mine.tolist()
    pool[len(known)]["first"] = len(members)
    free = _until_free(pool["docks"][:-1], int(pool["docks"].max()))
    return pool, np.array(members, dtype=np.int64), free


def _stages(
    network: Network, part: NDArray[np.int64], row: NDArray[np.void]
) -> tuple[NDArray[np.void], NDArray[np.float64], NDArray[np.float64]]:
    staged = np.flatnonzero(row["stage"] >= 0)
    used = row["stage"][staged]
    count = len(part) if len(staged) else 0
    booths = max((int(network.booths[lane].max()) for lane in part[staged]), default=0)
    places = max((int(network.stage_places[stage].max()) for stage in used), default=0)
    buffer = max((int(network.stage_buffer[stage]) for stage in used), default=0)
    row["places"][staged] = np.maximum(network.stage_places[used, 0], 0)
    booth = np.zeros((count, max(booths, 0) + 1), dtype=BOOTH)
    return booth, _until_free(row["places"][:count], places), np.full((count, max(buffer, 1)), -math.inf)
