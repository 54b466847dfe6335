"""The JSON object of a simulation: stable keys, units, hash. Documented in docs/scenarios.md."""

from __future__ import annotations

import math
from typing import Any

from borderlab.crossings.border.places import crossing, ports
from borderlab.crossings.outcomes.outcome import MEASURES, SIDES, Outcome
from borderlab.crossings.outcomes.totals import totals
from borderlab.crossings.scenarios.period import is_whole_month
from borderlab.crossings.scenarios.scenario import Counted

SCHEMA = "borderlab/simulation/1"


def simulation_object(outcome: Outcome) -> dict[str, Any]:
    """Everything ``borderlab crossings simulate --json`` prints."""
    scenario = outcome.scenario
    return {
        "schema": SCHEMA,
        "hash": outcome.hash,
        "identity": outcome.identity.as_json(),
        "set": {},
        "seed": outcome.seed,
        "scenario": {
            "id": scenario.id,
            "title": {"en": scenario.title_en, "es": scenario.title_es},
            "from": str(scenario.first),
            "to": str(scenario.last),
            "restrictions": len(scenario.restrictions),
            "sources": list(scenario.sources),
        },
        "simulated": {"from": str(outcome.first), "to": str(outcome.last), "days": outcome.n_days},
        "direction": "northbound",
        "units": {
            "months.baseline": "entities served in the days simulated of that month",
            "months.scenario": "entities served in the days simulated of that month",
            "months.change_pct": "per cent of baseline",
            "lanes.entities": "entities served in the scenario's period",
            "lanes.mean_wait_min": "minutes in the primary line, over those who joined it in the scenario's period",
            "lanes.max_wait_min": "minutes",
            **{f"totals.{name}": unit for name, (unit, _) in MEASURES.items()},
        },
        "months": _months(outcome),
        "counted": _counted(outcome),
        "lanes": _lanes(outcome),
        "diverted": outcome.diverted(),
        "totals": totals(outcome),
        "assumptions": [{"en": english, "es": spanish} for english, spanish in scenario.assumptions],
    }


def _months(outcome: Outcome) -> list[dict[str, Any]]:
    sides = {side: outcome.summed(side, "port", "month") for side in SIDES}
    rows = []
    for place, label in enumerate(sides["baseline"]["labels"]):
        port, _, mode = label.partition("/")
        for step, month in enumerate(sides["baseline"]["parts"]):
            before, after = (round(float(sides[side]["served"][place, step])) for side in SIDES)
            rows.append(
                {
                    "month": month,
                    "port": port,
                    "port_name": ports()[port].name,
                    "mode": mode,
                    "baseline": before,
                    "scenario": after,
                    "change_pct": change_pct(before, after),
                    "whole_month": is_whole_month(month, outcome.first, outcome.last),
                    "days": sum(f"{day:%Y-%m}" == month for day in outcome.days),
                }
            )
    return sorted(rows, key=lambda row: (row["month"], row["port"], row["mode"]))


def _counted(outcome: Outcome) -> list[dict[str, Any]]:
    """Published changes beside the simulated ones."""
    simulated = {(row["month"], row["port"], row["mode"]): row["change_pct"] for row in _months(outcome)}
    return [
        {
            "month": one.month,
            "day": None if one.day is None else str(one.day),
            "port": one.port,
            "port_name": ports()[one.port].name,
            "mode": one.mode,
            "counted_pct": round(100 * one.change, 2),
            "change_pct": simulated.get((one.month, one.port, one.mode))
            if one.day is None
            else day_change(outcome, one),
            "source": one.source,
        }
        for one in outcome.scenario.counted
    ]


def day_change(outcome: Outcome, one: Counted) -> float | None:
    """Simulated change (per cent) of a port and mode on the day of a published one; None if it was not simulated."""
    sides = {side: outcome.summed(side, "port", "day") for side in SIDES}
    label, day = f"{one.port}/{one.mode}", str(one.day)
    if label not in sides["baseline"]["labels"] or day not in sides["baseline"]["parts"]:
        return None
    place, step = sides["baseline"]["labels"].index(label), sides["baseline"]["parts"].index(day)
    before, after = (float(sides[side]["served"][place, step]) for side in SIDES)
    return change_pct(before, after)


def _lanes(outcome: Outcome) -> list[dict[str, Any]]:
    sides = {side: outcome.summed(side, "lane", "period") for side in SIDES}
    rows = []
    for index, (place, lane, mode) in enumerate(outcome.lanes):
        row: dict[str, Any] = {"crossing": place, "lane": lane, "mode": mode, "port": crossing(place).port}
        for side in SIDES:
            found = sides[side]
            row[side] = {
                "entities": round(float(found["served"][index, 0])),
                "mean_wait_min": _rounded(found["mean_wait_min"][index, 0]),
                "p95_wait_min": _rounded(found["p95_wait_min"][index, 0]),
                "max_wait_min": _rounded(found["max_wait_min"][index, 0]) or 0.0,
                "longest_queue": round(float(found["longest_queue"][index, 0])),
                "delay_hours": _rounded(found["delay_hours"][index, 0]),
            }
        row["change_pct"] = change_pct(row["baseline"]["entities"], row["scenario"]["entities"])
        rows.append(row)
    return rows


def change_pct(before: float, after: float) -> float | None:
    """Change in per cent of ``before``, one decimal; None where nothing crossed before.

    >>> change_pct(200, 150), change_pct(0, 0), change_pct(0, 5)
    (-25.0, 0.0, None)
    """
    if before == 0:
        return 0.0 if after == 0 else None
    return round(100 * (after - before) / before, 2)


def _rounded(value: float) -> float | None:
    return round(float(value), 1) if math.isfinite(value) else None
