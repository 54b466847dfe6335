"""The map of the border: crossings sized by traffic and coloured by what changed."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from borderlab.evidence.tables.table import REFERENCE
from borderlab.report.page import style

SOURCES = ("natural-earth", "census-states")


@dataclass(frozen=True)
class Spot:
    """One crossing on the map: where, how much traffic, which colour class, and what the pointer shows."""

    name: str
    lon: float
    lat: float
    size: float
    group: str
    detail: str
    label: str | None = None


@cache
def shapes() -> dict[str, Any]:
    """Land, state lines and the border line, already projected (see scripts/map_shapes.mjs)."""
    found: dict[str, Any] = json.loads((REFERENCE / "map" / "border.json").read_text(encoding="utf-8"))
    return found


def _xy(lon: float, lat: float) -> tuple[float, float]:
    return lon * shapes()["about"]["squeeze"], lat


# Faint names that tell the reader where they are: longitude, latitude, text by language.
_COUNTRIES = (
    (-103.6, 33.55, {"en": "UNITED STATES", "es": "ESTADOS UNIDOS"}),
    (-108.7, 27.4, {"en": "MEXICO", "es": "MÉXICO"}),
)
_STATES = (
    (-116.4, 33.75, {"en": "California", "es": "California"}),
    (-112.2, 33.3, {"en": "Arizona", "es": "Arizona"}),
    (-106.9, 33.0, {"en": "New Mexico", "es": "Nuevo México"}),
    (-99.2, 31.3, {"en": "Texas", "es": "Texas"}),
    (-115.2, 31.55, {"en": "B. Calif.", "es": "B. Calif."}),
    (-110.9, 29.9, {"en": "Sonora", "es": "Sonora"}),
    (-106.3, 29.1, {"en": "Chihuahua", "es": "Chihuahua"}),
    (-102.4, 27.5, {"en": "Coahuila", "es": "Coahuila"}),
)


def border_map(
    spots: Sequence[Spot],
    groups: Sequence[tuple[str, str]],
    lang: str,
    *,
    size_title: str | None,
    narrow: bool = False,
) -> dict[str, Any]:
    """A Vega-Lite map.

    Args:
        spots: crossings; ``group`` is one of the texts in ``groups``.
        groups: (text, colour) in the order of the legend.
        size_title: what the size means, with its unit; None for no legend of sizes.
        narrow: the form for phones: smaller dots, fewer names.
    """
    width, height = (358, 184) if narrow else (944, 452)
    biggest = max((spot.size for spot in spots), default=1.0) or 1.0
    top = 500.0 if narrow else 1700.0
    names = [(x, y, text[lang], 11.0) for x, y, text in _COUNTRIES]
    names += [] if narrow else [(x, y, text[lang], 6.5) for x, y, text in _STATES]
    labels, free = _placed(spots, names, width, height, biggest, top, narrow)
    dots = []
    for spot in sorted(spots, key=lambda one: -one.size):
        x, y = _xy(spot.lon, spot.lat)
        dots.append({"x": x, "y": y, "name": spot.name, "size": spot.size, "group": spot.group, "detail": spot.detail})
    used = [pair for pair in groups if any(spot.group == pair[0] for spot in spots)]
    place = {"longitude": {"field": "x", "type": "quantitative"}, "latitude": {"field": "y", "type": "quantitative"}}
    texts = [{"x": _xy(x, y)[0], "y": y, "text": text} for x, y, text, _ in free]
    layers: list[dict[str, Any]] = [
        _land("us", {"fill": style.LAND_US}),
        _land("mx", {"fill": style.LAND_MX}),
        _land("states", {"filled": False, "stroke": "#ffffff", "strokeWidth": 1.2}),
        _land("border", {"filled": False, "stroke": style.MUTED, "strokeWidth": 1.1}),
        {
            "data": {"values": texts},
            "mark": {"type": "text", "fontSize": 10 if narrow else 11, "color": "#757c86", "letterSpacing": 1},
            "encoding": {**place, "text": {"field": "text"}},
        },
        {
            "data": {"values": dots},
            "mark": {"type": "circle", "opacity": 0.9, "stroke": "#ffffff", "strokeWidth": 1},
            "encoding": {
                **place,
                "size": {
                    "field": "size",
                    "type": "quantitative",
                    "scale": {"domain": [0, biggest], "range": [8, top]},
                    "legend": size_title
                    and {
                        "title": size_title,
                        "values": _round_sizes(biggest),
                        "symbolFillColor": "#b9bec5",
                        "symbolStrokeColor": "#b9bec5",
                        "orient": "bottom",
                        "direction": "horizontal",
                        "format": ",d",
                        "titleLimit": 340,
                    },
                },
                "color": {
                    "field": "group",
                    "type": "nominal",
                    "scale": {"domain": [text for text, _ in used], "range": [colour for _, colour in used]},
                    "legend": {
                        "title": None,
                        "orient": "top",
                        "columns": 1 if narrow else 0,
                        "symbolSize": 120,
                        "columnPadding": 18,
                        "symbolType": "circle",
                        "symbolOpacity": 1,
                        "labelLimit": 340,
                    },
                },
                "tooltip": [{"field": "name", "title": " "}, {"field": "detail", "title": "→"}],
            },
        },
    ]
    for align, values in labels.items():
        # Twice: first as a pale rim, so that names stay readable on lines and dots.
        for rim in ({"stroke": "#f4f2ea", "strokeWidth": 3.5, "strokeJoin": "round"}, {}):
            mark = {
                "type": "text",
                "align": align,
                "baseline": "middle",
                "fontSize": 11 if narrow else 12.5,
                "fontWeight": 600,
                "color": style.INK,
                "dx": {"expr": "datum.dx"},
                "dy": {"expr": "datum.dy"},
                **rim,
            }
            layers.append({"data": {"values": values}, "mark": mark, "encoding": {**place, "text": {"field": "text"}}})
    return {
        "height": height,
        "projection": {"type": "identity", "reflectY": True},
        "autosize": {"type": "fit-x", "contains": "padding"},
        "layer": layers,
    }


def _land(kind: str, mark: dict[str, Any]) -> dict[str, Any]:
    features = [feature for feature in shapes()["features"] if feature["properties"]["kind"] == kind]
    return {"data": {"values": features}, "mark": {"type": "geoshape", **mark}}


def _round_sizes(biggest: float) -> list[float]:
    """Two or three round traffic figures for the legend."""
    step = 10 ** math.floor(math.log10(biggest))
    top = next(step * factor for factor in (5, 2, 1) if step * factor <= biggest)
    return [top / 10, top] if top >= 10 else [top]


_Name = tuple[float, float, str, float]


def _placed(
    spots: Sequence[Spot],
    names: Sequence[_Name],
    width: int,
    height: int,
    biggest: float,
    top: float,
    narrow: bool,
) -> tuple[dict[str, list[dict[str, Any]]], list[_Name]]:
    """Labels beside dots where there is room (right, left, above, below), and the faint names they leave room for.

    A label that fits nowhere is left out; the pointer and the table still tell it.
    """
    xs = [point[0] for feature in shapes()["features"] for point in _points(feature["geometry"]["coordinates"])]
    ys = [point[1] for feature in shapes()["features"] for point in _points(feature["geometry"]["coordinates"])]
    scale = min(width / (max(xs) - min(xs)), height / (max(ys) - min(ys)))
    left = (width - scale * (max(xs) - min(xs))) / 2 - scale * min(xs)
    upper = (height - scale * (max(ys) - min(ys))) / 2 + scale * max(ys)
    letter = 5.9 if narrow else 6.9
    boxes: list[tuple[float, float, float, float]] = []
    centres = {}
    for spot in spots:
        x, y = _xy(spot.lon, spot.lat)
        radius = math.sqrt((8 + (top - 8) * spot.size / biggest) / math.pi)
        centres[spot.name] = (left + scale * x, upper - scale * y, radius)
        if spot.label:
            boxes.append(_box(*centres[spot.name][:2], radius * 0.8, radius * 0.8))
    found: dict[str, list[dict[str, Any]]] = {"left": [], "right": [], "center": []}
    for spot in spots:
        if not spot.label:
            continue
        px, py, radius = centres[spot.name]
        wide = letter * len(spot.label)
        own = _box(px, py, radius * 0.8, radius * 0.8)
        for align, dx, dy in (
            ("left", radius + 4, 0.0),
            ("right", -radius - 4, 0.0),
            ("left", radius * 0.7 + 3, -radius * 0.7 - 8),
            ("right", -radius * 0.7 - 3, radius * 0.7 + 8),
            ("left", radius * 0.7 + 3, radius * 0.7 + 8),
            ("right", -radius * 0.7 - 3, -radius * 0.7 - 8),
            ("center", 0.0, -radius - 10),
            ("center", 0.0, radius + 10),
            ("left", radius + 8, -26.0),
            ("right", -radius - 8, 26.0),
            ("left", radius + 8, 26.0),
            ("right", -radius - 8, -26.0),
        ):
            middle = px + dx + {"left": wide / 2, "right": -wide / 2, "center": 0.0}[align]
            box = _box(middle, py + dy, wide / 2, 8.5)
            inside = box[0] >= 2 and box[2] <= width - 2 and box[1] >= 2 and box[3] <= height - 2
            if inside and not any(_touch(box, other) for other in boxes if other != own):
                boxes.append(box)
                x, y = _xy(spot.lon, spot.lat)
                found[align].append({"x": x, "y": y, "text": spot.label, "dx": round(dx, 1), "dy": round(dy, 1)})
                break
    free = []
    for x, y, text, letter_px in names:
        box = _box(left + scale * _xy(x, y)[0], upper - scale * y, letter_px * len(text) / 2, 8)
        if not any(_touch(box, other) for other in boxes):
            free.append((x, y, text, letter_px))
    return {align: values for align, values in found.items() if values}, free


def _box(x: float, y: float, half_wide: float, half_high: float) -> tuple[float, float, float, float]:
    return x - half_wide, y - half_high, x + half_wide, y + half_high


def _touch(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _points(coordinates: Any) -> list[tuple[float, float]]:
    if isinstance(coordinates[0], int | float):
        return [(coordinates[0], coordinates[1])]
    return [point for part in coordinates for point in _points(part)]
