"""Charts that more than one page needs, as Vega-Lite specifications."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from borderlab.report.page import style


def bars(
    rows: Sequence[dict[str, Any]],
    *,
    value: str = "value",
    label: str = "label",
    shown: str = "shown",
    colour: str | None = None,
    narrow: bool = False,
    step: int = 30,
) -> dict[str, Any]:
    """Horizontal bars with their figure written at the end. ``rows`` are in the order drawn, top first.

    Args:
        rows: each with ``label``, ``value`` and ``shown`` (the figure as text), ``tone`` if no colour is given, and
            ``mark`` where another value is to be ticked.
        colour: one colour for all; None colours by ``tone`` (worse, better, plain).
    """
    order = [row[label] for row in rows]
    rows = [{**row, "at": _beyond(float(row[value]), row.get("mark"))} for row in rows]
    marks = [float(row["mark"]) for row in rows if row.get("mark") is not None]
    low = min([0.0, *marks, *(float(row[value]) for row in rows)])
    high = max([0.0, *marks, *(float(row[value]) for row in rows)])
    room = (high - low or 1.0) * (0.28 if narrow else 0.14)
    fill: dict[str, Any] = (
        {"value": colour}
        if colour
        else {
            "field": "tone",
            "scale": {
                "domain": ["worse", "better", "plain"],
                "range": [style.WORSE, style.BETTER, style.BASELINE],
            },
            "legend": None,
        }
    )
    axis: dict[str, Any] = {"labelLimit": 150 if narrow else 330, "labelFontSize": 12 if narrow else 13}
    if narrow and any("→" in str(name) for name in order):  # from and to on two lines
        axis["labelExpr"] = "[split(datum.label, ' → ')[0] + ' →', split(datum.label, ' → ')[1]]"
        step = 44
    y = {"field": label, "sort": order, "axis": axis}
    x = {
        "field": value,
        "type": "quantitative",
        "scale": {"domain": [low - (room if low < 0 else 0), high + (room if high > 0 else 0)], "nice": False},
        "axis": None,
    }
    text = {"type": "text", "fontSize": 12, "fontWeight": 600, "baseline": "middle"}
    return {
        "data": {"values": list(rows)},
        "height": {"step": step},
        "encoding": {"y": y, "x": x},
        "layer": [
            {"mark": {"type": "bar", "height": {"band": 0.62}}, "encoding": {"color": fill}},
            {
                "transform": [{"filter": f"datum['{value}'] >= 0"}],
                "mark": {**text, "align": "left", "dx": 5},
                "encoding": {"text": {"field": shown}, "x": {"field": "at", "type": "quantitative"}},
            },
            {
                "transform": [{"filter": f"datum['{value}'] < 0"}],
                "mark": {**text, "align": "right", "dx": -5},
                "encoding": {"text": {"field": shown}, "x": {"field": "at", "type": "quantitative"}},
            },
            {"mark": {"type": "rule", "color": style.INK, "size": 1}, "encoding": {"x": {"datum": 0}, "y": None}},
            *(
                [
                    {
                        "transform": [{"filter": "isValid(datum.mark)"}],
                        "mark": {"type": "tick", "color": style.INK, "thickness": 3, "height": {"band": 0.85}},
                        "encoding": {"x": {"field": "mark", "type": "quantitative"}},
                    }
                ]
                if marks
                else []
            ),
        ],
    }


def _beyond(value: float, mark: float | None) -> float:
    """Where the figure of a bar stands: past the bar's end and past a tick on the same side."""
    if mark is None or (mark < 0) != (value < 0):
        return value
    return min(value, mark) if value < 0 else max(value, mark)


def waits_by_hour(
    rows: Sequence[dict[str, Any]],
    panels: Sequence[str],
    sides: tuple[str, str],
    *,
    shade: tuple[str, str] | None,
    unit: str,
    narrow: bool = False,
) -> dict[str, Any]:
    """Small multiples of waits over time: the usual in grey, the scenario in colour.

    Args:
        rows: ``t`` (ISO wall-clock time), ``panel``, ``side`` and ``h`` (wait; None where closed).
        panels: titles in order. sides: the two names of ``side``, usual first.
        shade: first and last moment of the stretch to shade, ISO.
        unit: what the vertical axis counts.
    """
    layers: list[dict[str, Any]] = []
    if shade:
        layers.append(
            {
                "data": {"values": [{"a": shade[0], "b": shade[1]}]},
                "mark": {"type": "rect", "color": "#f1ece0", "opacity": 1},
                "encoding": {"x": {"field": "a", "type": "temporal"}, "x2": {"field": "b"}},
            }
        )
    layers.append(
        {
            "mark": {
                "type": "line",
                "interpolate": "monotone",
                "strokeWidth": 1.9,
                "invalid": "break-paths-show-domains",
            },
            "encoding": {
                "x": {
                    "field": "t",
                    "type": "temporal",
                    "axis": {"format": "%-d %b", "tickCount": 4 if narrow else 5, "labelFlush": False},
                },
                "y": {
                    "field": "h",
                    "type": "quantitative",
                    "axis": {"tickCount": 4, "format": ",.2~f"},
                    "scale": {"domainMin": 0},
                },
                "color": {
                    "field": "side",
                    "type": "nominal",
                    "scale": {"domain": list(sides), "range": [style.BASELINE, style.WORSE]},
                    "legend": {"title": None, "symbolType": "stroke", "symbolStrokeWidth": 3, "symbolSize": 300}
                    if len({row["side"] for row in rows}) > 1
                    else None,
                },
                "tooltip": [
                    {"field": "panel", "title": " "},
                    {"field": "side", "title": " "},
                    {"field": "t", "type": "temporal", "format": "%-d %b %H:%M", "title": " "},
                    {"field": "h", "type": "quantitative", "format": ".1f", "title": unit},
                ],
            },
        }
    )
    return {
        "data": {"values": list(rows)},
        "facet": {
            "field": "panel",
            "type": "nominal",
            "sort": list(panels),
            "header": {"labelAnchor": "start", "labelPadding": 4},
        },
        "columns": 1 if narrow else 2,
        "spec": {"width": 288 if narrow else 418, "height": 130 if narrow else 160, "layer": layers},
        "resolve": {"scale": {"y": "independent"}},
        "spacing": {"row": 18, "column": 34},
    }
