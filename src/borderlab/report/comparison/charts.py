"""Charts of the comparison report, as Vega-Lite specifications."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from borderlab.report.page import style

BASE_COLOUR = style.BASELINE
LINES = "split(datum.label, '\\n')"  # labels too long for a line are given in two


def colours(names: Sequence[str]) -> dict[str, Any]:
    """One colour a strategy, the status quo grey, the same on every chart."""
    others = [style.CATEGORY[place % len(style.CATEGORY)] for place in range(len(names) - 1)]
    return {"domain": list(names), "range": [BASE_COLOUR, *others]}


def ranges(panels: Sequence[dict[str, Any]], names: Sequence[str], *, narrow: bool) -> dict[str, Any]:
    """Panels side by side, one a measure: for each strategy a bar from 5 to 95 % and a dot at the median.

    Args:
        panels: ``title``, ``unit``, ``rows`` (name, p05, median, p95, shown) and ``base`` (median of the status quo).
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
                "title": {
                    "text": panel["title"],
                    "subtitle": panel["unit"],
                    "limit": 350,
                    "subtitleFont": style.FONT,
                    "subtitleFontSize": 12,
                    "subtitleColor": style.MUTED,
                },
                "width": 205 if narrow else 330,
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
            "legend": {
                "title": None,
                "columns": 2 if narrow else 6,
                "labelLimit": 170,
                "symbolOpacity": 1,
                "symbolType": "circle",
            },
        }
        tooltip = [{"field": "name", "title": " "}, {"field": "shown", "title": " "}]
        made.append(
            {
                "title": panel["title"],
                "width": 265 if narrow else 370,
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

    A strip along the top says when rules are in force: the darker, the more futures.

    Args:
        rows: ``name``, ``day``, ``end`` (ISO), ``p05``, ``median``, ``p95``, ``base``, ``force`` (0..100).
        elections: ``day``, ``who``.
    """
    x = {"field": "day", "type": "temporal", "title": None, "axis": {"format": "%Y", "tickCount": 5}}
    y = {"type": "quantitative", "scale": {"zero": False}, "axis": {"tickCount": 4, "format": format}}
    colour = {"field": "name", "scale": colours(names), "legend": None}
    high = 120
    strip = {"y": {"value": -9}, "y2": {"value": -2}}
    # Every layer reads the facet's data; lines of elections are taken from the rows marked with them.
    return {
        "data": {"values": [*rows]},
        "facet": {
            "field": "name",
            "type": "nominal",
            "sort": list(names),
            "title": None,
            "header": {"labelPadding": 14},
        },
        "columns": 1 if narrow else 3,
        "spec": {
            "width": 285 if narrow else 245,
            "height": high,
            "layer": [
                {
                    "transform": [{"filter": "datum.force > 0"}],
                    "mark": {"type": "rect", "color": style.INK},
                    "encoding": {
                        "x": x,
                        "x2": {"field": "end"},
                        **strip,
                        "opacity": {
                            "field": "force",
                            "type": "quantitative",
                            "scale": {"domain": [0, 100], "range": [0.04, 0.85]},
                            "legend": None,
                        },
                    },
                },
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


def firing_strips(rows: Sequence[dict[str, Any]], names: Sequence[str], *, title: str, narrow: bool) -> dict[str, Any]:
    """A strip a rule, by strategy: how dark says in what share of futures it is in force in that season.

    Args:
        rows: ``name``, ``rule``, ``day``, ``end``, ``share`` (0..100), ``shown``; rules in the order drawn.
    """
    y: dict[str, Any] = {"field": "rule", "type": "nominal", "sort": None, "axis": {"labelLimit": 380}}
    if narrow:  # no room beside the strips: each rule stands above its own
        y = {**y, "axis": None, "scale": {"paddingInner": 0.55, "paddingOuter": 0.3}}
    x = {"field": "day", "type": "temporal", "title": None, "axis": {"format": "%Y", "tickCount": 6}}
    layers: list[dict[str, Any]] = [
        {
            "mark": {"type": "rect"},
            "encoding": {
                "x": x,
                "x2": {"field": "end"},
                "y": y,
                "color": {
                    "field": "share",
                    "type": "quantitative",
                    "scale": {"range": ["#f1ede2", style.ACCENT], "domain": [0, 100]},
                    "legend": {"title": title, "gradientLength": 140, "orient": "top"},
                },
                "tooltip": [{"field": "rule", "title": " "}, {"field": "shown", "title": " "}],
            },
        }
    ]
    if narrow:
        layers.append(
            {
                "transform": [{"aggregate": [{"op": "min", "field": "day", "as": "first"}], "groupby": ["rule"]}],
                "mark": {"type": "text", "align": "left", "dy": -15, "limit": 350},
                "encoding": {"x": {"value": 0}, "y": y, "text": {"field": "rule"}},
            }
        )
    return {
        "data": {"values": list(rows)},
        "facet": {
            "row": {
                "field": "name",
                "type": "nominal",
                "sort": list(names),
                "title": None,
                "header": {"labelOrient": "top", "labelAnchor": "start", "labelPadding": 4},
            }
        },
        "spec": {"width": 340 if narrow else 540, "height": {"step": 36 if narrow else 20}, "layer": layers},
        "resolve": {"scale": {"y": "independent"}},
        "spacing": 12,
    }


def story(
    rows: Sequence[dict[str, Any]], spans: Sequence[dict[str, Any]], labels: tuple[str, str], format: str
) -> dict[str, Any]:
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
                        "axis": {"tickCount": 4, "format": format},
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
        "height": {"step": 30},
        "mark": {"type": "rect", "stroke": style.PAPER, "strokeWidth": 2},
        "encoding": {
            "x": {
                "field": "measure",
                "type": "nominal",
                "sort": list(measures),
                "title": None,
                "axis": {"labelAngle": -60, "orient": "top", "labelLimit": 260, "domain": False},
            },
            "y": {
                "field": "parameter",
                "type": "nominal",
                "sort": list(order),
                "axis": {
                    "labelLimit": 420,
                    "labelExpr": LINES,
                    "labelLineHeight": 13,
                    # two lines stand around the middle of their row, not below it
                    "labelOffset": {
                        "condition": {"test": "indexof(datum.value, '\\n') >= 0", "value": -7},
                        "value": 0,
                    },
                },
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
    y = {"field": "parameter", "type": "nominal", "sort": None, "axis": None, "scale": {"paddingInner": 0.65}}
    x = {"field": "index", "type": "quantitative", "title": title, "axis": {"tickCount": 4}}
    return {
        "data": {"values": list(rows)},
        "height": {"step": 60},
        "layer": [
            {"mark": {"type": "bar", "color": style.ACCENT}, "encoding": {"x": x, "y": y}},
            {
                "mark": {
                    "type": "text",
                    "align": "left",
                    "baseline": "line-bottom",
                    "dy": {"expr": "indexof(datum.parameter, '\\n') >= 0 ? -30 : -16"},
                    "dx": 2,
                    "limit": 350,
                    "fontWeight": "bold",
                    "lineBreak": "\n",
                    "lineHeight": 14,
                },
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
