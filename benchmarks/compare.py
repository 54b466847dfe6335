"""The main job at full size, and the same model called one run at a time through the EMA Workbench.

Targets: 10,000 futures × 6 strategies × 10 years with report in at most 60 s and under 4 GB on two cores; at least
100 times as many runs a second as the EMA Workbench's evaluator. The comparison runs the futures that history allows;
``everything`` runs all of them, so that both figures are known.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path
from typing import Any

FUTURES, YEARS = 10_000, 10
TARGET_S, TARGET_GB, TARGET_TIMES = 60.0, 4.0, 100.0
EMA_RUNS = 6
RUN = "from borderlab.cli.main import run; run()"


def compare_once(folder: Path, *, everything: bool) -> dict[str, float]:
    """Seconds, peak memory of the largest process (GB), size of the report (MB), and runs, of one comparison."""
    words = ["compare", "--futures", str(FUTURES), "--years", str(YEARS), "--out", str(folder), "--workers", "2"]
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", RUN, *words, *(["--all"] if everything else [])],
        check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    seconds = time.perf_counter() - begun
    found = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    per_strategy = FUTURES if everything else found["run"]["plausible"]
    return {
        "seconds": seconds,
        "gb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6,
        "report_mb": (folder / "report.html").stat().st_size / 1e6,
        "runs": float(per_strategy * len(found["run"]["strategies"])),
    }


def ema_runs_per_second() -> float:
    """Runs a second of the same model under the EMA Workbench's sequential evaluator, one future at a time."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ema_workbench import IntegerParameter, Model, Policy, ScalarOutcome, SequentialEvaluator

        from borderlab.model.futures.futures import draw_futures
        from borderlab.model.run.run import run
        from borderlab.strategy.file.parse import load_strategy

        futures = draw_futures(1024, 1)
        strategies = {name: load_strategy(name) for name in ("status-quo", "institutional-dialogue")}

        def one(future: int = 0, strategy: str = "status-quo") -> dict[str, float]:
            done = run(strategies[strategy], futures.take(slice(future, future + 1)), years=YEARS)
            return {"arrivals": float(done.measures["arrivals"][0])}

        one()
        model = Model("borderlab", function=one)
        model.uncertainties = [IntegerParameter("future", 0, 1023)]
        model.outcomes = [ScalarOutcome("arrivals")]
        policies = [Policy(name, strategy=name) for name in strategies]
        begun = time.perf_counter()
        with SequentialEvaluator(model) as evaluator:
            evaluator.perform_experiments(scenarios=EMA_RUNS // 2, policies=policies)
        return EMA_RUNS / (time.perf_counter() - begun)


def run() -> dict[str, Any]:
    """Both comparisons and the EMA Workbench."""
    with tempfile.TemporaryDirectory() as folder:
        plausible = compare_once(Path(folder) / "plausible", everything=False)
        everything = compare_once(Path(folder) / "everything", everything=True)
    ema = ema_runs_per_second()
    ours = everything["runs"] / everything["seconds"]
    gb = max(plausible["gb"], everything["gb"])
    return {
        "name": "compare",
        "what": f"{FUTURES:,} futures x 6 strategies x {YEARS} years with report",
        "value": round(plausible["seconds"], 1),
        "unit": "s",
        "target": TARGET_S,
        "ok": plausible["seconds"] <= TARGET_S and gb < TARGET_GB and ours >= TARGET_TIMES * ema,
        "everything_s": round(everything["seconds"], 1),
        "peak_gb": round(gb, 2),
        "report_mb": round(plausible["report_mb"], 2),
        "runs_per_second": round(ours, 1),
        "ema_runs_per_second": round(ema, 3),
        "times_ema": round(ours / ema, 1),
        "cores": os.cpu_count(),
    }


if __name__ == "__main__":
    print(json.dumps(run(), indent=1))
