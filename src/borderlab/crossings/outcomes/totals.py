"""The few totals of an outcome: by mode and for the border, with what they cost and what they leave out."""

from __future__ import annotations

import math
from typing import Any

from borderlab.crossings.border.cost import delayed_after_min, prices
from borderlab.crossings.border.trade import trade_year
from borderlab.crossings.outcomes.outcome import MEASURES, SIDES, Outcome


def totals(outcome: Outcome) -> dict[str, Any]:
    """Totals over the days simulated, by mode and for all, baseline beside scenario; and what costs stand on."""
    modes = {side: outcome.summed(side, "mode", "span") for side in SIDES}
    rows = []
    for place, mode in enumerate(modes["baseline"]["labels"]):
        row: dict[str, Any] = {"mode": mode}
        for name in MEASURES:
            row[name] = {side: _number(modes[side][name][place, 0]) for side in SIDES}
        rows.append(row)
    border = {side: outcome.summed(side, "all", "span") for side in SIDES}
    money = ("user_cost_usd", "us_imports_delayed_usd", "us_imports_put_off_usd", "us_exports_linked_usd")
    extra = {
        name: _number(border["scenario"][name][0, 0] - border["baseline"][name][0, 0])
        for name in ("delay_hours", "detour_hours", *money)
    }
    return {
        "by_mode": rows,
        "extra": {
            **extra,
            "note": "scenario minus baseline. us_imports_*: northbound freight, sold by Mexican firms to U.S. buyers. "
            "us_exports_linked_usd: southbound freight of the same trucks at the ports' usual ratio, U.S. firms' sales "
            "to Mexico; not simulated, shown for scale.",
        },
        "prices": [
            {
                "mode": mode,
                "usd_per_hour": row.default,
                "low": row.low,
                "high": row.high,
                "grade": row.grade,
                "source": row.source,
                "date": row.date,
            }
            for mode, row in prices().items()
        ],
        "delayed_after_min": delayed_after_min(),
        "trade_year": trade_year(outcome.first.year),
        "upper_bounds": [
            {"en": english, "es": spanish, "usd": usd, "source": source}
            for english, spanish, usd, source in outcome.scenario.upper_bounds
        ],
    }


def _number(value: float) -> float | None:
    return round(float(value), 2) if math.isfinite(value) else None
