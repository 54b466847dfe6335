"""Charts of the comparison report, as Vega-Lite specifications."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from borderlab.report import style

BASE_COLOUR = style.BASELINE


def colours(names: Sequence[str]) -> dict[str, Any]:
    """One colour a strategy, the status quo grey, the same on every chart."""
    others = [style.CATEGORY[place % len(style.CATEGORY)] for place in range(len(names) - 1)]
    return {"domain": list(names), "range": [BASE_COLOUR, *others]}


def ranges(panels: Sequence[dict[str, Any]], names: Sequence[str], *, narrow: bool) -> dict[str, Any]:
    """Panels side by side, one a measure: for each strategy a bar from 5 to 95 % and a dot at the median.

    Args:
        panels: ``title``, ``rows`` (name, p05, median, p95, shown) and ``base`` (median of the status quo).
    """
    made = []
    for number, panel in enumerate(panels):
        labels = narrow or number % 2 == 0
        y = {"field": "name", "type": "nominal", "sort": list(names), "axis": {"labels": labels, "labelLimit": 150}}
        x = {
            "type": "quantitative",
            "scale": {"zero": False, "nice": True},
            "axis": {"tickCount": 4, "format": panel["format"]},
        }
        colour = {"field": "name", "scale": colours(names), "legend": None}
        tooltip = [{"field": "name", "title": " "}, {"field": "shown", "title": " "}]
        made.append(
            {
                "title": {"text": panel["title"], "limit": 330},
                "width": 190 if narrow else 330,
                "height": {"step": 19},
                "data": {"values": panel["rows"]},
                "layer": [
                    {
                        "mark": {"type": "rule", "color": BASE_COLOUR, "strokeDash": [3, 3]},
                        "encoding": {"x": {"datum": panel["base"], **x}},
                    },
                    {
                        "mark": {"type": "bar", "height": 5, "opacity": 0.38, "cornerRadius": 2},
                        "encoding": {
                            "x": {"field": "p05", **x},
                            "x2": {"field": "p95"},
                            "y": y,
                            "color": colour,
                            "tooltip": tooltip,
                        },
                    },
                    {
                        "mark": {"type": "point", "size": 62, "opacity": 1},
                        "encoding": {"x": {"field": "median", **x}, "y": y, "color": colour, "tooltip": tooltip},
                    },
                ],
            }
        )
    return {"concat": made, "columns": 1 if narrow else 2, "spacing": 22, "resolve": {"scale": {"color": "shared"}}}


def trade_offs(panels: Sequence[dict[str, Any]], names: Sequence[str], *, narrow: bool) -> dict[str, Any]:
    """Panels of dots: cost across, gain up, one dot a strategy with its band.

    Args:
        panels: ``title``, ``x_title``, ``y_title`` and ``rows`` (name, x, x05, x95, y, y05, y95, shown).
    """
    made = []
    for panel in panels:
        x = {
            "type": "quantitative",
            "title": panel["x_title"],
            "scale": {"type": "symlog", "constant": 20},  # one strategy may cost a hundred times another
            "axis": {"values": [-100, 0, 100, 1000, 10_000, 100_000], "format": ",.0f", "grid": True},
        }
        y = {
            "type": "quantitative",
            "title": panel["y_title"],
            "scale": {"zero": False},
            "axis": {"tickCount": 5, "format": panel["y_format"]},
        }
        colour = {
            "field": "name",
            "scale": colours(names),
            "legend": {"title": None, "columns": 2 if narrow else 6, "labelLimit": 170},
        }
        tooltip = [{"field": "name", "title": " "}, {"field": "shown", "title": " "}]
        made.append(
            {
                "title": panel["title"],
                "width": 250 if narrow else 370,
                "height": 220,
                "data": {"values": panel["rows"]},
                "layer": [
                    {
                        "mark": {"type": "rule", "opacity": 0.3, "strokeWidth": 3},
                        "encoding": {
                            "x": {"field": "x", **x},
                            "y": {"field": "y05", **y},
                            "y2": {"field": "y95"},
                            "color": colour,
                        },
                    },
                    {
                        "mark": {"type": "rule", "opacity": 0.3, "strokeWidth": 3},
                        "encoding": {
                            "x": {"field": "x05", **x},
                            "x2": {"field": "x95"},
                            "y": {"field": "y", **y},
                            "color": colour,
                        },
                    },
                    {
                        "mark": {"type": "point", "size": 110, "opacity": 1},
                        "encoding": {
                            "x": {"field": "x", **x},
                            "y": {"field": "y", **y},
                            "color": colour,
                            "tooltip": tooltip,
                        },
                    },
                ],
            }
        )
    return {"concat": made, "columns": 1 if narrow else 2, "spacing": 26, "resolve": {"scale": {"color": "shared"}}}


def fans(
    rows: Sequence[dict[str, Any]],
    names: Sequence[str],
    elections: Sequence[dict[str, Any]],
    *,
    narrow: bool,
    format: str = "~s",
) -> dict[str, Any]:
    """One panel a strategy: the 5–95 % band and the median, the status quo's median dashed, elections as lines.

    Args:
        rows: ``name``, ``day`` (ISO), ``p05``, ``median``, ``p95``, ``base``.
        elections: ``day``, ``who``.
    """
    x = {"field": "day", "type": "temporal", "title": None, "axis": {"format": "%Y", "tickCount": 5}}
    y = {"type": "quantitative", "scale": {"zero": False}, "axis": {"tickCount": 4, "format": format}}
    colour = {"field": "name", "scale": colours(names), "legend": None}
    # Every layer reads the facet's data; lines of elections are taken from the rows marked with them.
    return {
        "data": {"values": [*rows]},
        "facet": {"field": "name", "type": "nominal", "sort": list(names), "title": None},
        "columns": 1 if narrow else 3,
        "spec": {
            "width": 240 if narrow else 245,
            "height": 120,
            "layer": [
                *[
                    {
                        "mark": {"type": "rule", "color": style.MUTED, "opacity": 0.45, "strokeDash": [2, 3]},
                        "encoding": {
                            "x": {
                                "datum": {
                                    "year": int(e["day"][:4]),
                                    "month": int(e["day"][5:7]),
                                    "date": int(e["day"][8:10]),
                                },
                                "type": "temporal",
                            }
                        },
                    }
                    for e in elections
                ],
                {
                    "mark": {"type": "area", "opacity": 0.26},
                    "encoding": {"x": x, "y": {"field": "p05", **y}, "y2": {"field": "p95"}, "color": colour},
                },
                {
                    "mark": {"type": "line", "strokeDash": [4, 3], "strokeWidth": 1.4, "color": BASE_COLOUR},
                    "encoding": {"x": x, "y": {"field": "base", **y}},
                },
                {
                    "mark": {"type": "line", "strokeWidth": 2},
                    "encoding": {"x": x, "y": {"field": "median", **y}, "color": colour},
                },
            ],
        },
        "resolve": {"scale": {"y": "shared"}},
    }


def firing_strips(rows: Sequence[dict[str, Any]], order: Sequence[str], *, title: str, narrow: bool) -> dict[str, Any]:
    """A strip a rule: how dark says in what share of futures it is in force in that season.

    Args:
        rows: ``rule``, ``day``, ``end``, ``share`` (0..100), ``shown``.
    """
    return {
        "data": {"values": list(rows)},
        "height": {"step": 20},
        "mark": {"type": "rect"},
        "encoding": {
            "x": {"field": "day", "type": "temporal", "title": None, "axis": {"format": "%Y", "tickCount": 6}},
            "x2": {"field": "end"},
            "y": {
                "field": "rule",
                "type": "nominal",
                "sort": list(order),
                "axis": {"labelLimit": 150 if narrow else 330},
            },
            "color": {
                "field": "share",
                "type": "quantitative",
                "scale": {"range": ["#f6f3ec", style.ACCENT], "domain": [0, 100]},
                "legend": {"title": title, "gradientLength": 140, "orient": "top"},
            },
            "tooltip": [{"field": "rule", "title": " "}, {"field": "shown", "title": " "}],
        },
    }


def story(rows: Sequence[dict[str, Any]], spans: Sequence[dict[str, Any]], labels: tuple[str, str]) -> dict[str, Any]:
    """One measure in one future: under the strategy and under the status quo; times with a rule in force are shaded.

    Args:
        rows: ``day``, ``value``, ``line`` (one of ``labels``: strategy, status quo). spans: ``day``, ``end``.
    """
    x = {"field": "day", "type": "temporal", "title": None, "axis": {"format": "%Y", "tickCount": 5}}
    return {
        "height": 150,
        "layer": [
            {
                "data": {"values": list(spans)},
                "mark": {"type": "rect", "color": style.WORSE, "opacity": 0.13},
                "encoding": {"x": x, "x2": {"field": "end"}},
            },
            {
                "data": {"values": list(rows)},
                "mark": {"type": "line"},
                "encoding": {
                    "x": x,
                    "y": {
                        "field": "value",
                        "type": "quantitative",
                        "scale": {"zero": False},
                        "axis": {"tickCount": 4, "format": "~s"},
                    },
                    "color": {
                        "field": "line",
                        "legend": {"title": None},
                        "scale": {"domain": list(labels), "range": [style.ACCENT, BASE_COLOUR]},
                    },
                    "strokeDash": {
                        "field": "line",
                        "legend": None,
                        "scale": {"domain": list(labels), "range": [[1, 0], [4, 3]]},
                    },
                },
            },
        ],
    }


def heat(
    rows: Sequence[dict[str, Any]], order: Sequence[str], measures: Sequence[str], *, title: str
) -> dict[str, Any]:
    """Unknowns down, measures across; how dark says how much.

    Args:
        rows: ``parameter``, ``measure``, ``index``, ``shown``.
    """
    return {
        "data": {"values": list(rows)},
        "height": {"step": 24},
        "mark": {"type": "rect", "stroke": style.PAPER, "strokeWidth": 2},
        "encoding": {
            "x": {
                "field": "measure",
                "type": "nominal",
                "sort": list(measures),
                "title": None,
                "axis": {"labelAngle": -60, "orient": "top", "labelLimit": 170, "domain": False},
            },
            "y": {
                "field": "parameter",
                "type": "nominal",
                "sort": list(order),
                "axis": {"labelLimit": 420},
            },
            "color": {
                "field": "index",
                "type": "quantitative",
                "scale": {"range": ["#f6f3ec", style.ACCENT]},
                "legend": {"title": title, "gradientLength": 140, "orient": "bottom"},
            },
            "tooltip": [
                {"field": "parameter", "title": " "},
                {"field": "measure", "title": " "},
                {"field": "shown", "title": " "},
            ],
        },
    }


def strongest_bars(rows: Sequence[dict[str, Any]], *, title: str) -> dict[str, Any]:
    """Bars for phones: each unknown and, written in the bar, the measure that it moves most.

    Args:
        rows: ``parameter``, ``index``, ``measure``, in the order drawn.
    """
    y = {"field": "parameter", "type": "nominal", "sort": None, "axis": None, "scale": {"paddingInner": 0.55}}
    x = {"field": "index", "type": "quantitative", "title": title, "axis": {"tickCount": 4}}
    return {
        "data": {"values": list(rows)},
        "height": {"step": 46},
        "layer": [
            {"mark": {"type": "bar", "color": style.ACCENT}, "encoding": {"x": x, "y": y}},
            {
                "mark": {"type": "text", "align": "left", "dy": -19, "dx": 2, "limit": 330, "fontWeight": "bold"},
                "encoding": {"x": {"datum": 0}, "y": y, "text": {"field": "parameter"}},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 5, "color": style.MUTED, "limit": 170},
                "encoding": {"x": x, "y": y, "text": {"field": "measure"}},
            },
        ],
    }


def iso(day: date) -> str:
    """A day as charts read it (local midnight, so that no time zone moves it)."""
    return f"{day.isoformat()}T00:00:00"
