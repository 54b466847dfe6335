"""A year of all crossings, every entity, with secondary inspection, posted waits and diversion, on two cores.

Runs in a process of its own, whose peak memory is what the system reports for it. Kernels are compiled before, in a
run of one day; building the network from the tables is counted apart.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

TARGET_S, TARGET_MB = 8.0, 500.0
YEAR = 2026
_PROGRAM = f"""
import json, resource, time
from datetime import date
from borderlab.crossings.border.baseline import build_network
from borderlab.crossings.queues.engine import run
run(build_network(date({YEAR}, 1, 1), 1), 1, threads=2)
begun = time.perf_counter()
network = build_network(date({YEAR}, 1, 1), 365)
built = time.perf_counter() - begun
begun, used = time.perf_counter(), time.process_time()
tally = run(network, 1, threads=2)
seconds, cpu = time.perf_counter() - begun, time.process_time() - used
print(json.dumps({{
    "seconds": seconds, "cpu_s": cpu, "build_s": built, "entities": int(tally.arrivals.sum()),
    "diverted": int(tally.diverted_away.sum()), "put_off": int(tally.put_off.sum()),
    "referred": int(tally.referred.sum()), "lanes": network.n_lanes,
    "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
}}))
"""


def run(rounds: int = 3) -> list[dict[str, Any]]:
    """Seconds (median of rounds) and peak memory."""
    runs = []
    for _ in range(rounds):
        done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=True)
        runs.append(json.loads(done.stdout.splitlines()[-1]))
    runs.sort(key=lambda one: one["seconds"])
    middle = runs[len(runs) // 2]
    details = {key: round(size, 2) for key, size in middle.items() if key not in ("seconds", "peak_mb")}
    what = f"a year of all crossings, {middle['entities'] / 1e6:.0f} million entities, with diversion"
    return [
        {
            "name": "border-year",
            "what": what,
            "value": round(middle["seconds"], 1),
            "unit": "s",
            "target": TARGET_S,
            "ok": middle["seconds"] <= TARGET_S,
            "range": [round(runs[0]["seconds"], 1), round(runs[-1]["seconds"], 1)],
            **details,
        },
        {
            "name": "border-year-memory",
            "what": "peak memory of its process",
            "value": round(max(one["peak_mb"] for one in runs)),
            "unit": "MB",
            "target": TARGET_MB,
            "ok": max(one["peak_mb"] for one in runs) < TARGET_MB,
        },
    ]
