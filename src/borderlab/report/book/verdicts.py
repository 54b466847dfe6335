"""How many claims of each essay hold, as a chart."""

from __future__ import annotations

from typing import Any

from borderlab.report.book.text import term

VERDICTS = ("holds", "holds-roughly", "does-not-hold", "cannot-be-checked")
VERDICT_COLOURS = {
    "holds": "#17527a",
    "holds-roughly": "#8db9d6",
    "does-not-hold": "#b8430e",
    "cannot-be-checked": "#cfcabd",
}


def verdict_spec(counts: dict[str, dict[str, int]], lang: str, *, narrow: bool = False) -> dict[str, Any]:
    """Bars of how many claims of each essay hold, hold roughly, do not hold or cannot be checked."""
    rows = [
        {"essay": essay, "verdict": term("verdict", verdict, lang), "n": by.get(verdict, 0), "place": place}
        for essay, by in counts.items()
        for place, verdict in enumerate(VERDICTS)
    ]
    return {
        "data": {"values": rows},
        "height": {"step": 34},
        "mark": {"type": "bar", "aria": False, "height": {"band": 0.62}},
        "encoding": {
            "y": {
                "field": "essay",
                "type": "nominal",
                "sort": list(counts),
                "title": None,
                "axis": {"labelLimit": 130 if narrow else 300, "labelFontSize": 12},
            },
            "x": {"field": "n", "type": "quantitative", "title": None, "axis": {"tickMinStep": 1}},
            "order": {"field": "place"},
            "color": {
                "field": "verdict",
                "type": "nominal",
                "scale": {
                    "domain": [term("verdict", verdict, lang) for verdict in VERDICTS],
                    "range": [VERDICT_COLOURS[verdict] for verdict in VERDICTS],
                },
                "legend": {"orient": "top", "title": None, "columns": 1 if narrow else 4, "labelLimit": 220},
            },
            "tooltip": [{"field": name, "title": None} for name in ("essay", "verdict", "n")],
        },
    }
