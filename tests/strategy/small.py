"""Small strategies and weekly readings for tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from borderlab.strategy.file.parse import parse_strategy
from borderlab.strategy.runtime.calendar import Calendar
from borderlab.strategy.runtime.runtime import InForce, StrategyRuntime
from borderlab.strategy.tree.tree import Strategy

HEAD = """schema: borderlab/strategy/1
id: example
title: {en: Example, es: Ejemplo}
gist: {en: An example., es: Un ejemplo.}
"""
NORTH = "mx.forces_at_north_border"
INSPECT = "us.freight_inspection_share"
MONDAY = date(2027, 1, 4)


def strategy(body: str) -> Strategy:
    """A strategy of the usual head and ``body``."""
    return parse_strategy(HEAD + body)


def rule(**parts: str) -> str:
    """A rule 'squeeze' on forces at the north border; parts given replace or (if empty) leave out the usual ones."""
    usual = {
        "when": "{indicator: mx.forces_at_north_border, below: 20000 people, for: 4 weeks}",
        "do": "{lever: us.freight_inspection_share, at: world-trade, to: 100 %}",
        "until": "{indicator: mx.forces_at_north_border, above: 25000 people, for: 2 weeks}",
    }
    lines = [f"    {key}: {value}" for key, value in {**usual, **parts}.items() if value]
    return "rules:\n  - id: squeeze\n" + "\n".join(lines) + "\n"


def played(
    one: Strategy, readings: Sequence[object], indicator: str = NORTH, start: date = MONDAY
) -> tuple[list[InForce], StrategyRuntime]:
    """Every week of one future with the readings given (None is unknown)."""
    runtime = StrategyRuntime(one, 1, Calendar(start, len(readings)))
    weeks = []
    for week, value in enumerate(readings):
        seen = value if isinstance(value, dict) else {indicator: np.nan if value is None else float(value)}
        weeks.append(runtime.step(week, seen))
    return weeks, runtime


def levels(one: Strategy, readings: Sequence[object], lever: str = INSPECT, **kw: object) -> list[float]:
    """The value in force of a lever, week by week."""
    weeks, _ = played(one, readings, **kw)  # type: ignore[arg-type]
    return [round(float(week.imposed[lever][0]), 6) for week in weeks]
