"""The rules of every shipped strategy alone, 2,000 futures over ten years, in one thread: nanoseconds per future-week.

Readings are recorded beforehand: slow walks about the levels that the rules look at, about as many of which are crossed
in a week as in a run of the model; none is known in the first week. One compiled function takes each future through all
its weeks, as the model does. Time is that of the processor: other work on the machine slows it a little all the same.
"""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from borderlab.base.kernels import Kernels
from borderlab.strategy.file.library import shipped
from borderlab.strategy.file.parse import load_strategy
from borderlab.strategy.runtime.building import build
from borderlab.strategy.runtime.calendar import Calendar
from borderlab.strategy.runtime.kernel import finish, reset, step
from borderlab.strategy.runtime.program import blank_book, blank_out, blank_state, larger
from borderlab.strategy.runtime.truth import RULES
from borderlab.strategy.tree.tree import Change, Strategy, Threshold, leaves

FUTURES, RECORDED, WEEKS = 2000, 100, 522
STEP = 0.02
TARGET_NS = 100.0
GROUP = Kernels("benchmark", [Path(__file__)], using=[RULES])


@GROUP.entry
def courses(program, state, out, book, readings, futures):
    """Every future through all its weeks; a sum, so that nothing can be left out."""
    total = 0.0
    for future in range(futures):
        reset(program, state)
        mine = readings[future % len(readings)]
        for week in range(len(mine)):
            flags = step(program, state, week, mine[week], out, book, future)
            total += flags
        finish(program, state, book, future)
    return total


@GROUP.entry
def idle(readings, futures):
    """The same loop with the rules left out."""
    total = 0.0
    for future in range(futures):
        mine = readings[future % len(readings)]
        for week in range(len(mine)):
            total += mine[week, 0]
    return total


def readings_of(strategy: Strategy, names: tuple[str, ...], seed: int) -> Any:
    """Walks ``[recorded, weeks, names]`` that stay about the levels at which rules act."""
    rng = np.random.default_rng(seed)
    found = [leaf for rule in strategy.rules for one in (rule.when, rule.until) for leaf in leaves(one)]
    out = np.empty((RECORDED, WEEKS, len(names)))
    for column, name in enumerate(names):
        bounds = [
            bound
            for leaf in found
            if isinstance(leaf, Threshold) and leaf.indicator == name
            for bound in (leaf.above, leaf.below)
            if bound is not None
        ]
        changes = [leaf for leaf in found if isinstance(leaf, Change) and leaf.indicator == name]
        level = np.mean(bounds) if bounds else 100.0
        spread = 0.25 * abs(level) + (np.ptp(bounds) if bounds else 0.0) + 20.0 * bool(changes and not bounds)
        steps = rng.normal(0.0, STEP, (RECORDED, WEEKS))
        steps[:, 0] = rng.normal(0.0, 0.5, RECORDED)
        out[:, :, column] = level + spread * np.cumsum(steps, axis=1)
    out[:, 0] = np.nan
    return out


def measure(name: str, repeats: int = 5) -> dict[str, float]:
    """Figures of one strategy: the best of some runs."""
    strategy = load_strategy(name)
    calendar = Calendar(date(2027, 1, 4), WEEKS)
    begun = time.thread_time()
    program, layout = build(strategy, calendar)
    built = time.thread_time() - begun
    readings = readings_of(strategy, layout.seen, 1) if layout.seen else np.zeros((RECORDED, WEEKS, 0))
    state, out, book = blank_state(program), blank_out(program), blank_book(program, 100)
    courses(program, state, out, book, readings, 2)
    best = np.inf
    for _ in range(repeats):
        book.written[0] = 0
        begun = time.thread_time()
        courses(program, state, out, book, readings, FUTURES)
        best = min(best, time.thread_time() - begun)
        book = larger(book, int(book.written[0]))
    return {
        "ns": best / (FUTURES * WEEKS) * 1e9,
        "firings": int(book.written[0]) / FUTURES,
        "build_ms": built * 1e3,
    }


def run() -> list[dict[str, Any]]:
    """One result for each shipped strategy."""
    found = []
    for name in shipped():
        row = measure(name)
        found.append(
            {
                "name": f"rules-{name}",
                "what": f"rules of {name}, a future and week, of {FUTURES:,} futures x {WEEKS} weeks",
                "value": round(row["ns"], 1),
                "unit": "ns",
                "target": TARGET_NS,
                "ok": row["ns"] <= TARGET_NS,
                "firings_a_future": round(row["firings"], 1),
                "built_ms": round(row["build_ms"], 1),
            }
        )
    return found


if __name__ == "__main__":
    for result in run():
        print(f"{result['what']}: {result['value']} ns, {result['firings_a_future']} firings a future")
