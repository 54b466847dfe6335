"""The model of the two governments: 10,000 futures, ten years, weekly, on two cores.

Targets: one strategy in at most 5 s and below 2 GB; the six shipped ones, one after another, in at most 20 s. The one
strategy is ``border-leverage``, which has most rules. Drawing the futures counts, the first import does not.
"""

from __future__ import annotations

import resource
import tempfile
import time
from pathlib import Path
from typing import Any

FUTURES = 10_000
YEARS = 10.0
STRATEGY = "border-leverage"
TARGET_S, TARGET_ALL_S = 5.0, 20.0
TARGET_MB = 2000.0
ROUNDS = 3


def once(names: list[str], seed: int) -> tuple[dict[str, float], int]:
    """Seconds by strategy, the draw of the futures among the first one's, and weeks run."""
    from borderlab.model.futures.futures import draw_futures
    from borderlab.model.run.run import run as run_model
    from borderlab.strategy.file.parse import load_strategy

    seconds: dict[str, float] = {}
    weeks, begun = 0, time.perf_counter()
    futures = draw_futures(FUTURES, seed)
    for name in names:
        weeks = len(run_model(load_strategy(name), futures, years=YEARS).weeks)
        seconds[name], begun = time.perf_counter() - begun, time.perf_counter()
    return seconds, weeks


def as_compared(names: list[str]) -> float:
    """Seconds that a comparison spends on the model, start of its two workers included: the plausible futures alone."""
    from borderlab.explore.answers.compare import plan_of
    from borderlab.explore.answers.compare import run as run_plan
    from borderlab.strategy.file.parse import load_strategy

    plan = plan_of([load_strategy(name) for name in names], futures=FUTURES, years=YEARS)
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        run_plan(plan, Path(folder) / "run", workers=2)
        return time.perf_counter() - begun


def run() -> list[dict[str, Any]]:
    """One strategy; all of them in all futures; all of them as a comparison runs them. The best of a few rounds."""
    from borderlab.model.futures.futures import draw_futures
    from borderlab.model.run.run import run as run_model
    from borderlab.strategy.file.library import shipped
    from borderlab.strategy.file.parse import load_strategy

    names = [STRATEGY, *(name for name in shipped() if name != STRATEGY)]
    for name in names:
        run_model(load_strategy(name), draw_futures(10, 0), years=0.1)
    rounds = [once(names, round_) for round_ in range(ROUNDS)]
    one = [seconds[STRATEGY] for seconds, _ in rounds]
    every = [sum(seconds.values()) for seconds, _ in rounds]
    usage = (resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    peak_mb = max(usage) / 1024
    best = min(rounds, key=lambda found: sum(found[0].values()))[0]
    order = ["status-quo", *(name for name in names if name != "status-quo")]
    compared = [as_compared(order) for _ in range(ROUNDS)]
    six = f"{FUTURES:,} futures x {len(names)} strategies x {rounds[0][1]} weeks"
    return [
        _result("model", f"{FUTURES:,} futures x {STRATEGY} x {rounds[0][1]} weeks", one, TARGET_S)
        | {"peak_mb": round(peak_mb), "ok": min(one) <= TARGET_S and peak_mb <= TARGET_MB},
        _result("model-every-future", f"{six}, every future run", every, TARGET_ALL_S)
        | {"each_s": {name: round(seconds, 2) for name, seconds in best.items()}},
        _result(
            "model-compared", f"{six}, as a comparison runs them: those that are plausible", compared, TARGET_ALL_S
        ),
    ]


def _result(name: str, what: str, seconds: list[float], target: float) -> dict[str, Any]:
    return {
        "name": name,
        "what": what,
        "value": round(min(seconds), 2),
        "unit": "s",
        "target": target,
        "ok": min(seconds) <= target,
        "all_rounds_s": [round(one, 2) for one in seconds],
    }


if __name__ == "__main__":
    print(run())
