"""The bilateral model: 10,000 futures, one strategy, ten years, weekly. Target: at most 5 s on two cores, below 2 GB.

The strategy is ``border-leverage``, the one with most rules; drawing the futures counts, the first import does not.
"""

from __future__ import annotations

import resource
import time
from typing import Any

FUTURES = 10_000
YEARS = 10.0
STRATEGY = "border-leverage"
TARGET_S = 5.0
TARGET_MB = 2000.0
ROUNDS = 3


def run() -> dict[str, Any]:
    """Time draw and run; the best of a few rounds, since the machine is shared."""
    from borderlab.bilateral.futures import draw_futures
    from borderlab.bilateral.run import run as run_model
    from borderlab.strategy.parse import load_strategy

    strategy = load_strategy(STRATEGY)
    run_model(strategy, draw_futures(10, 0), years=0.1)
    seconds, weeks = [], 0
    for round_ in range(ROUNDS):
        begun = time.perf_counter()
        result = run_model(strategy, draw_futures(FUTURES, round_), years=YEARS)
        seconds.append(time.perf_counter() - begun)
        weeks = len(result.weeks)
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "name": "model",
        "what": f"{FUTURES:,} futures x {STRATEGY} x {weeks} weeks",
        "value": round(min(seconds), 2),
        "unit": "s",
        "target": TARGET_S,
        "ok": min(seconds) <= TARGET_S and peak_mb <= TARGET_MB,
        "all_rounds_s": [round(one, 2) for one in seconds],
        "peak_mb": round(peak_mb),
    }


if __name__ == "__main__":
    print(run())
