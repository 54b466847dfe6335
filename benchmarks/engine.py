"""The crossing engine against SimPy, Ciw and salabim on the same port, one core each, paired in one run.

Processor time of one thread, several rounds in which every engine runs once, medians of the ratios of each round; the
kernels are compiled before. The rivals get their vehicles drawn beforehand, for which they are not charged; the engine
draws its own.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from typing import Any

from benchmarks.port import SEED, draws, port
from benchmarks.rivals import ciw_port, salabim_port, simpy_port
from borderlab.crossings.queues.engine import run as simulate

ROUNDS = 7
TARGETS = {"SimPy": (250.0, 150.0), "Ciw": (900.0, 500.0), "salabim": (300.0, 180.0)}
DAYS = {"SimPy": 4, "Ciw": 1, "salabim": 4}
OUR_DAYS = 364


def _timed(work: Callable[[], Any]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def run() -> list[dict[str, Any]]:
    """One entry for each rival, plain and coupled."""
    random.seed(SEED)
    rivals: dict[str, Callable[[Any], float]] = {"SimPy": simpy_port, "Ciw": ciw_port, "salabim": salabim_port}
    vehicles = {name: draws(days) for name, days in DAYS.items()}
    plain, coupled = port(OUR_DAYS), port(OUR_DAYS // 2, copies=2, exchanging=True)
    ours = {
        "plain": lambda: simulate(plain, SEED, threads=1, couple=False),
        "coupled": lambda: simulate(coupled, SEED, threads=1),
    }
    count = {name: int(work().joined.sum()) for name, work in ours.items()}
    diverted = int(ours["coupled"]().diverted_away.sum())
    rates: dict[str, list[float]] = {name: [] for name in (*rivals, *ours)}
    for _ in range(ROUNDS):
        for name, work in ours.items():
            rates[name].append(count[name] / _timed(work))
        for name, rival in rivals.items():
            rates[name].append(len(vehicles[name].gaps) / _timed(lambda r=rival, v=vehicles[name]: r(v)))
    found = []
    for name, targets in TARGETS.items():
        for form, target in zip(("plain", "coupled"), targets, strict=True):
            ratios = sorted(a / b for a, b in zip(rates[form], rates[name], strict=True))
            found.append(
                {
                    "name": f"engine-{form}-{name.lower()}",
                    "what": f"{form} engine against {name}, vehicles a second",
                    "value": round(statistics.median(ratios), 0),
                    "unit": "times",
                    "target": target,
                    "ok": statistics.median(ratios) >= target,
                    "range": [round(ratios[0]), round(ratios[-1])],
                    "ours_per_second": round(statistics.median(rates[form])),
                    "theirs_per_second": round(statistics.median(rates[name])),
                    "rounds": ROUNDS,
                    **({"diverted": diverted} if form == "coupled" else {}),
                }
            )
    return found
