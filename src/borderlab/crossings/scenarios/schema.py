"""The JSON Schema of scenario files, made from the table of restriction kinds, so that editors complete them."""

from __future__ import annotations

from typing import Any

from borderlab.crossings.border.places import LANE_CLASSES, MODES, crossings, ports
from borderlab.crossings.border.places import REGIONS as REGION_IDS
from borderlab.crossings.scenarios.keys import SCHEMA
from borderlab.crossings.scenarios.period import DAY_SETS, DAYS
from borderlab.crossings.scenarios.restriction import KINDS, RestrictionKind
from borderlab.language.units import quantity_pattern


def scenario_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a scenario file."""
    text = {
        "description": "text, or text in each language",
        "oneOf": [
            {"type": "string"},
            {
                "type": "object",
                "properties": {"en": {"type": "string"}, "es": {"type": "string"}},
                "additionalProperties": False,
                "minProperties": 1,
            },
        ],
    }
    day = {"type": "string", "format": "date"}
    remark = {"en": {"type": "string"}, "es": {"type": "string"}}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": SCHEMA,
        "title": "borderlab scenario of the crossings",
        "type": "object",
        "required": ["title", "period", "restrictions"],
        "additionalProperties": False,
        "properties": {
            "schema": {"const": SCHEMA},
            "id": {"type": "string", "pattern": "^[a-z0-9][a-z0-9-]*$"},
            "title": {"$ref": "#/$defs/text"},
            "gist": {"$ref": "#/$defs/text"},
            "period": {
                "type": "object",
                "required": ["from", "to"],
                "additionalProperties": False,
                "properties": {"from": day, "to": day},
            },
            "volumes": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["at", "mode", "entries", "source"],
                    "additionalProperties": False,
                    "properties": {
                        "at": {"type": "string"},
                        "mode": {"enum": list(MODES)},
                        "entries": _quantity(
                            "entries on an average day", "31000 cars/day", *(f"{mode}/day" for mode in MODES)
                        ),
                        "booths": _quantity("most booths open in its own time", "24 booths", "booth"),
                        "time": _quantity("time at a booth in its own time", "34 s", "minute"),
                        "source": {"$ref": "#/$defs/texts"},
                    },
                },
            },
            "restrictions": {
                "type": "array",
                "minItems": 1,
                "items": {"oneOf": [_kind(kind) for kind in KINDS.values()]},
            },
            "sources": {"$ref": "#/$defs/texts"},
            "assumptions": {"type": "array", "items": {"$ref": "#/$defs/text"}},
            "observed": {
                "type": "array",
                "items": {
                    "type": "object",
                    "properties": {**remark, "source": {"type": "string"}},
                    "additionalProperties": False,
                },
            },
            "counted": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["at", "mode", "change", "source"],
                    "properties": {
                        "at": {"type": "string"},
                        "mode": {"enum": list(MODES)},
                        "month": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}$"},
                        "day": {"type": "string", "format": "date"},
                        "change": _quantity("published change of the month or day", "-20 %", "share"),
                        "source": {"type": "string"},
                    },
                    "additionalProperties": False,
                },
            },
            "upper_bounds": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["usd", "source"],
                    "properties": {
                        **remark,
                        "usd": _quantity("published total", "470 million USD", "USD"),
                        "source": {"type": "string"},
                    },
                    "additionalProperties": False,
                },
            },
        },
        "$defs": {
            "text": text,
            "texts": {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
            "place": {"anyOf": [{"enum": _places()}, {"type": "string", "description": "a CBP number or a name"}]},
        },
    }


def _places() -> list[str]:
    return ["all", *REGION_IDS, *ports(), *(row.id for row in crossings())]


def _quantity(meaning: str, example: str, *units: str) -> dict[str, Any]:
    pattern = "|".join(quantity_pattern(unit) for unit in units)
    return {"type": "string", "description": f"{meaning}, with its unit", "examples": [example], "pattern": pattern}


def _one_or_many(item: dict[str, Any]) -> dict[str, Any]:
    return {"oneOf": [item, {"type": "array", "items": item, "minItems": 1}]}


def _kind(kind: RestrictionKind) -> dict[str, Any]:
    classes = [
        name
        for name in LANE_CLASSES
        if kind.mode is None or name.startswith({"truck": "commercial", "vehicle": "passenger"}[kind.mode])
    ]
    schema: dict[str, Any] = {
        "type": "object",
        "title": kind.name,
        "description": kind.meaning,
        "required": ["kind", "at", *kind.needs],
        "additionalProperties": False,
        "properties": {
            "kind": {"const": kind.name},
            "at": _one_or_many({"$ref": "#/$defs/place"}),
            "mode": _one_or_many({"enum": [kind.mode] if kind.mode else list(MODES)}),
            "lane": _one_or_many({"enum": classes}),
            "from": {"type": "string", "format": "date"},
            "to": {"type": "string", "format": "date"},
            "hours": {"type": "string", "examples": ["7-19", "22:00-06:00"]},
            "days": {"oneOf": [{"enum": list(DAY_SETS)}, {"type": "array", "items": {"enum": list(DAYS)}}]},
            **{field.name: _quantity(field.meaning, field.example, field.unit) for field in kind.fields},
            "source": {"$ref": "#/$defs/texts"},
            "note": {"$ref": "#/$defs/text"},
        },
    }
    if kind.one_of:
        schema["oneOf"] = [{"required": [name]} for name in kind.one_of]
    if kind.any_of:
        schema["anyOf"] = [{"required": [name]} for name in kind.any_of]
    return schema
