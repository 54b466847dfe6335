"""The JSON Schema of strategy files, made from the tables, so that editors complete and check while one types."""

from __future__ import annotations

from typing import Any

from borderlab.evidence.tables.lever import levers
from borderlab.strategy.file.parse import SCHEMA
from borderlab.strategy.tree.tree import FORMS
from borderlab.strategy.tree.vocabulary import known_sources, place_words, shipped_indicators, shipped_programmes

_ID = "^[a-z0-9]+(-[a-z0-9]+)*$"
_QUANTITY = {"type": "string", "pattern": r"^\s*[+-]?[\d.,_]+\s*\S", "description": "a number and its unit"}
_WEEKS = {"type": "string", "pattern": r"^\s*[\d.,]+\s*(d|day|week|month|year)s?\s*$", "description": "like 4 weeks"}
_DATE = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_YES = {"enum": [True, False, "yes", "no"]}


def json_schema() -> dict[str, Any]:
    """A JSON Schema (2020-12) of the file. What spans parts of a file is checked by ``strategies check`` alone."""
    ref = "#/$defs/{}".format
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "borderlab strategy",
        "type": "object",
        "additionalProperties": False,
        "required": ["schema", "id", "title", "gist"],
        "properties": {
            "schema": {"const": SCHEMA},
            "id": {"type": "string", "pattern": _ID},
            "title": {"$ref": ref("both")},
            "gist": {"$ref": ref("both")},
            "position_of": _one_or_list({"$ref": ref("essay")}),
            "base": _one_or_list({"type": "string"}),
            "drop": _one_or_list({"type": "string"}),
            "levers": _one_or_list({"$ref": ref("setting")}),
            "rules": _one_or_list({"$ref": ref("rule")}),
            "programmes": _one_or_list({"$ref": ref("programme")}),
        },
        "$defs": {
            "both": _object({"en": {"type": "string"}, "es": {"type": "string"}}, ["en", "es"]),
            "essay": _object({"source": {"enum": sorted(known_sources())}, "place": {"type": "string"}}, ["source"]),
            "lever": {"enum": list(levers())},
            "place": _one_or_list({"enum": _places()}),
            "setting": _setting(),
            "action": _action(),
            "programme": _programme(),
            "condition": _condition(),
            "rule": _rule(),
        },
    }


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "additionalProperties": False, "required": required, "properties": properties}


def _one_or_list(item: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [item, {"type": "array", "items": item, "minItems": 1}]}


def _places() -> list[str | int]:
    words: list[str | int] = list(dict.fromkeys((*place_words("crossing"), *place_words("sector"))))
    return words + [int(word) for word in words if isinstance(word, str) and word.isdigit()]


def _setting() -> dict[str, Any]:
    return _object(
        {
            "lever": {"$ref": "#/$defs/lever"},
            "at": {"$ref": "#/$defs/place"},
            "value": _QUANTITY,
            "from": _DATE,
            "to": _DATE,
            "over": _WEEKS,
            "from_essay": {"$ref": "#/$defs/essay"},
        },
        ["lever", "value"],
    )


def _action() -> dict[str, Any]:
    return _object(
        {
            "lever": {"$ref": "#/$defs/lever"},
            "at": {"$ref": "#/$defs/place"},
            "to": {"anyOf": [_QUANTITY, {"enum": ["close", "closed", "shut"]}]},
            "over": _WEEKS,
            "from_essay": {"$ref": "#/$defs/essay"},
        },
        ["lever", "to"],
    )


def _programme() -> dict[str, Any]:
    found = {
        "found": {"type": "string", "pattern": _ID},
        "strengthen": {"type": "string", "examples": list(shipped_programmes())},
        "let_lapse": {"type": "string", "examples": list(shipped_programmes())},
        "form": {"enum": list(FORMS)},
        "title": {"$ref": "#/$defs/both"},
        "on": _DATE,
        "from_essay": {"$ref": "#/$defs/essay"},
    }
    schema = _object(found, [])
    schema["oneOf"] = [
        {"required": ["found", "form", "title"]},
        {"required": ["strengthen", "form"]},
        {"required": ["let_lapse"]},
    ]
    return schema


def _condition() -> dict[str, Any]:
    readable = [row.id for row in shipped_indicators().values() if row.observable]
    inner = {"$ref": "#/$defs/condition"}
    held = {"for": _WEEKS}
    several = {"type": "array", "items": inner, "minItems": 1}
    watched = {"indicator": {"enum": readable}}
    return {
        "anyOf": [
            {**_object({**watched, "above": _QUANTITY, "below": _QUANTITY, **held}, ["indicator"]),
             "anyOf": [{"required": ["above"]}, {"required": ["below"]}]},
            _object({**watched, "rises": _QUANTITY, "over": _WEEKS, **held}, ["indicator", "rises", "over"]),
            _object({**watched, "falls": _QUANTITY, "over": _WEEKS, **held}, ["indicator", "falls", "over"]),
            {**_object({"after": _DATE, "before": _DATE, **held}, []), "minProperties": 1},
            _object({"leader_change": {"enum": ["us", "mx", "either"]}, "within": _WEEKS, **held}, ["leader_change"]),
            _object({"rule": {"type": "string"}, "state": {"enum": ["threatened", "in force", "ended"]}, **held},
                    ["rule", "state"]),
            _object({"all": several, **held}, ["all"]),
            _object({"any": several, **held}, ["any"]),
            _object({"not": inner, **held}, ["not"]),
        ]
    }  # fmt: skip


def _rule() -> dict[str, Any]:
    lift = {
        "anyOf": [
            {"type": "string", "pattern": r"^(at once|over .+|in steps of .+ per .+)$"},
            _object({"over": _WEEKS}, ["over"]),
            _object(
                {"in_steps_of": _QUANTITY, "per": _QUANTITY, "of": {"type": "string"}, "snap_back": _YES},
                ["in_steps_of", "per"],
            ),
        ]
    }
    return _object(
        {
            "id": {"type": "string", "pattern": _ID},
            "title": {"$ref": "#/$defs/both"},
            "from_essay": {"$ref": "#/$defs/essay"},
            "when": {"$ref": "#/$defs/condition"},
            "threaten": _object({"for": _WEEKS, "public": _YES, "carry_out": _YES}, ["for"]),
            "do": _one_or_list({"anyOf": [{"$ref": "#/$defs/action"}, {"$ref": "#/$defs/programme"}]}),
            "until": {"anyOf": [{"const": "never"}, {"$ref": "#/$defs/condition"}]},
            "lift": lift,
            "at_least": _WEEKS,
            "at_most": _WEEKS,
            "then_rest": _WEEKS,
            "at_most_times": {
                "anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "pattern": r"^\d+ times$"}]
            },
        },
        ["id", "when", "do"],
    )
