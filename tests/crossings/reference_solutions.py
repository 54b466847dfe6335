"""Independent truths for the engine: closed forms of queueing theory, and the very draws that an engine's lane uses.

``closed_form_rows`` gives the table of the validation report: simulated mean waits beside Erlang-C and
Pollaczek–Khinchine, with the standard error over independent lanes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from borderlab.crossings.queues.compiled import entry
from borderlab.crossings.queues.draws import GAP, SECONDARY, SERVICE, exponential, gamma_unit, make_key, uniform
from borderlab.crossings.queues.engine import run
from borderlab.crossings.queues.network import PER_DAY, Network, plain_network, stream_key

_SHIFT = np.uint64(32)
_NEXT = np.uint64(256)
CASES = tuple((servers, use) for servers in (1, 2, 5, 10, 20) for use in (0.5, 0.7, 0.85, 0.95))
SHAPES = (0.5, 1.0, 2.0, 3.0, 8.0)


def erlang_c_wait(servers: int, use: float, service_min: float) -> float:
    """Mean wait (minutes) of M/M/c: Erlang's delay formula.

    >>> round(erlang_c_wait(1, 0.5, 1.0), 6)
    1.0
    >>> round(erlang_c_wait(2, 0.75, 1.0), 4)
    1.2857
    """
    load = servers * use
    blocked = 1.0
    for k in range(1, servers + 1):
        blocked = load * blocked / (k + load * blocked)
    delayed = blocked / (1.0 - use * (1.0 - blocked))
    return delayed * service_min / (servers * (1.0 - use))


def pollaczek_khinchine_wait(use: float, service_min: float, shape: float) -> float:
    """Mean wait (minutes) of M/G/1 with gamma service of a given shape.

    >>> pollaczek_khinchine_wait(0.5, 1.0, 1.0)
    1.0
    """
    return use * service_min * (1.0 + 1.0 / shape) / (2.0 * (1.0 - use))


@dataclass(frozen=True)
class Row:
    """One case: mean wait in minutes by theory and by simulation, its standard error, and how many entities."""

    system: str
    servers: int
    use: float
    shape: float
    theory: float
    simulated: float
    error: float
    entities: int

    @property
    def z(self) -> float:
        """Difference in standard errors."""
        return (self.simulated - self.theory) / self.error


def steady_row(servers: int, use: float, shape: float, *, days: int = 40, lanes: int = 20, seed: int = 1) -> Row:
    """Simulate one stationary lane, many times independently, and put it beside theory.

    The first quarter of the period is dropped, because the lanes start empty. With more than one server only
    exponential service (shape 1) has a closed form.
    """
    if servers > 1 and shape != 1.0:
        raise ValueError("no closed form for M/G/c")
    name = "M/M/c" if shape == 1.0 else "M/G/1"
    theory = erlang_c_wait(servers, use, 1.0) if shape == 1.0 else pollaczek_khinchine_wait(use, 1.0, shape)
    intervals = PER_DAY * days
    network = plain_network(
        datetime(2026, 1, 1),
        [(f"oracle-{servers}-{use}-{shape}-{lane}", "passenger-standard", "vehicle") for lane in range(lanes)],
        np.full((lanes, intervals), 15.0 * servers * use, dtype=np.float32),
        np.full((lanes, intervals), servers, dtype=np.int16),
        np.ones(lanes),
        service_shape=np.full(lanes, shape),
    )
    tally = run(network, seed, couple=False)
    kept = slice(24 * days // 4, None)
    joined = tally.joined[:, kept].sum(axis=1)
    means = tally.wait_sum[:, kept].sum(axis=1, dtype=np.float64) / joined
    error = float(means.std(ddof=1) / math.sqrt(lanes))
    return Row(name, servers, use, shape, theory, float(means.mean()), error, int(joined.sum()))


def closed_form_rows(*, days: int = 40, lanes: int = 20, seed: int = 1) -> list[Row]:
    """M/M/c for 1 to 20 servers at uses of 0.5 to 0.95, and M/G/1 at a use of 0.8 for several shapes."""
    rows = [steady_row(servers, use, 1.0, days=days, lanes=lanes, seed=seed) for servers, use in CASES]
    rows += [steady_row(1, 0.8, shape, days=days, lanes=lanes, seed=seed) for shape in SHAPES if shape != 1.0]
    return rows


@entry
def _draw(
    key: np.uint64,
    arrivals: NDArray[np.float32],
    shape: float,
    secondary_shape: float,
    times: NDArray[np.float64],
    units: NDArray[np.float64],
    referred: NDArray[np.float64],
    inside: NDArray[np.float64],
) -> int:
    count = 0
    for t in range(len(arrivals)):
        if arrivals[t] <= 0.0:
            continue
        gap = 15.0 / arrivals[t]
        counter = np.uint64(t) << _SHIFT
        time = t * 15.0 + gap * exponential(key, counter + GAP)
        while time < (t + 1) * 15.0:
            times[count] = time
            units[count] = gamma_unit(key, counter + SERVICE, shape)
            referred[count] = uniform(key, counter + SECONDARY)
            inside[count] = gamma_unit(key, counter + SECONDARY + np.uint64(1), secondary_shape)
            count += 1
            counter += _NEXT
            time += gap * exponential(key, counter + GAP)
    return count


@dataclass(frozen=True, eq=False)
class Natives:
    """The draws of a lane's own entities in order of arrival: minute of arrival, service time over its mean, the
    uniform that decides on secondary, and the time there over its mean."""

    times: NDArray[np.float64]
    units: NDArray[np.float64]
    referred: NDArray[np.float64]
    inside: NDArray[np.float64]


def natives(network: Network, lane: int, seed: int) -> Natives:
    """The draws that the engine gives a lane's entities, as arrays, so that another program can simulate the same."""
    expected = float(network.arrivals[lane].sum())
    room = int(expected + 20 * math.sqrt(expected) + 100)
    arrays = [np.zeros(room) for _ in range(4)]
    key = make_key(seed, stream_key(network.crossing[lane], network.lane_class[lane]))
    count = _draw(
        key,
        np.ascontiguousarray(network.arrivals[lane]),
        float(network.service_shape[lane]),
        float(network.secondary_shape[lane]),
        *arrays,
    )
    return Natives(*(array[:count] for array in arrays))
