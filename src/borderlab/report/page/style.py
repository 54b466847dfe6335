"""Colours and chart settings of every page. One place, so that all pages look like one publication."""

from __future__ import annotations

from typing import Any

# Inks and papers. Text colours keep a contrast of at least 4.5 : 1 on PAPER.
PAPER = "#fdfcf9"
INK = "#1b2430"
MUTED = "#5b6573"
GRID = "#e3e0d8"
LAND_US = "#efece3"
LAND_MX = "#e6e9e2"

# What a line or a dot means is the same on every page. The pair WORSE/BETTER is told apart with any
# colour vision (vermilion and blue, after Okabe and Ito), and never carries meaning alone.
BASELINE = "#7d8794"
ACCENT = "#17527a"
WORSE = "#b8430e"
BETTER = "#1a6fa8"
CATEGORY = ["#17527a", "#b8430e", "#4f8a5b", "#8a5a9e", "#b98500", "#4b9cb5", "#7d6b57"]
DIVERGING = ["#1a6fa8", "#8db9d6", "#d9d5cb", "#e6a67c", "#b8430e"]
SEQUENTIAL = ["#f3e3d3", "#e9b98f", "#d98550", "#b8430e", "#7d2a05"]

FONT = "'Source Sans 3', 'Segoe UI', 'Helvetica Neue', Helvetica, Arial, 'Liberation Sans', 'DejaVu Sans', sans-serif"
SERIF = "'Source Serif 4', Charter, 'Bitstream Charter', 'Sitka Text', Cambria, Georgia, 'DejaVu Serif', serif"


def vega_config() -> dict[str, Any]:
    """The Vega-Lite configuration of every chart: quiet axes, direct labels, no frame."""
    axis = {
        "domain": False,
        "grid": True,
        "gridColor": GRID,
        "labelColor": MUTED,
        "labelFont": FONT,
        "labelFontSize": 12,
        "labelPadding": 6,
        "ticks": False,
        "title": None,
        "titleColor": MUTED,
        "titleFont": FONT,
        "titleFontSize": 12,
        "titleFontWeight": "normal",
    }
    return {
        "aria": False,  # the page names each chart and gives its data as a table
        "background": "transparent",
        "font": FONT,
        "view": {"stroke": None, "continuousHeight": 280, "discreteHeight": {"step": 26}},
        "axis": axis,
        "axisX": {"grid": False, "domain": True, "domainColor": MUTED, "labelFlush": True},
        "axisBand": {"grid": False, "domain": False, "labelColor": INK, "labelFontSize": 13},
        "legend": {
            "labelColor": INK,
            "labelFont": FONT,
            "labelFontSize": 12,
            "titleColor": MUTED,
            "titleFont": FONT,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "orient": "top",
            "offset": 8,
            "symbolStrokeWidth": 0,
        },
        "header": {"labelFont": FONT, "labelFontSize": 13, "labelColor": INK, "labelFontWeight": "bold", "title": None},
        "title": {"font": FONT, "fontSize": 13, "color": INK, "anchor": "start", "fontWeight": "bold"},
        "mark": {"aria": False},
        "text": {"font": FONT, "fontSize": 12, "color": INK},
        "line": {"strokeWidth": 2.2, "color": ACCENT},
        "bar": {"color": ACCENT},
        "area": {"color": ACCENT, "opacity": 0.25, "line": False},
        "point": {"filled": True, "size": 60, "color": ACCENT},
        "rule": {"color": MUTED},
        "range": {"category": CATEGORY, "diverging": DIVERGING, "ramp": SEQUENTIAL, "heatmap": SEQUENTIAL},
        "concat": {"spacing": 28},
        "facet": {"spacing": 28},
    }
