"""The JSON Schema of strategy files, made from the tables, so that editors complete and check while one types."""

from __future__ import annotations

from typing import Any

from borderlab.evidence.tables.lever import levers
from borderlab.evidence.tables.parameter import model_parameters
from borderlab.language.amounts import CLOSED, weeks_pattern, words_of, written_pattern
from borderlab.language.number import number_pattern
from borderlab.strategy.file.parse import SCHEMA
from borderlab.strategy.tree.tree import FORMS
from borderlab.strategy.tree.vocabulary import (
    closes,
    known_sources,
    place_words,
    shipped_indicators,
    shipped_programmes,
)

_ID = "^[a-z0-9]+(-[a-z0-9]+)*$"
_QUANTITY = {"type": "string", "description": "a number and its unit"}
_TEXT = {"type": "string", "pattern": r"\S"}
_WEEKS = {"$ref": "#/$defs/weeks"}
_DATE = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_YES = {"enum": [True, False, "yes", "no"]}


def _parameters() -> dict[str, Any]:
    """What each parameter of the model may be set to: options of a switch; else a text with number and unit."""
    return {
        id_: {"enum": list(row.options())}
        if row.distribution == "choice"
        else {"type": "string", "pattern": r"\d.*\D", "description": f"{row.meaning_en}, in {row.unit}"}
        for id_, row in model_parameters().items()
    }


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
            "parameters": {"type": "object", "additionalProperties": False, "properties": _parameters()},
        },
        "$defs": {
            "both": _object({"en": _TEXT, "es": _TEXT}, ["en", "es"]),
            "essay": _object({"source": {"enum": sorted(known_sources())}, "place": {"type": "string"}}, ["source"]),
            "lever": {"enum": list(levers())},
            "place": _one_or_list({"enum": _places("crossing", "sector")}),
            "weeks": {"type": "string", "pattern": weeks_pattern(), "description": "like 4 weeks"},
            **{_def(unit): _in_unit(unit) for unit in _units()},
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


def _units() -> list[str]:
    indicators = (row.unit for row in shipped_indicators().values() if row.observable)
    return sorted({"share", *(lever.unit for lever in levers().values()), *indicators})


def _def(unit: str) -> str:
    return "in-" + unit.replace("/", "-per-").replace(" ", "-")


def _ref(unit: str) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{_def(unit)}"}


def _in_unit(unit: str) -> dict[str, Any]:
    return {"type": "string", "pattern": written_pattern(unit), "description": f"a number and its unit, as {unit}"}


def _places(*kinds: str) -> list[str | int]:
    words: list[str | int] = list(dict.fromkeys(word for kind in kinds for word in place_words(kind)))
    return words + [int(word) for word in words if isinstance(word, str) and word.isdigit()]


def _setting() -> dict[str, Any]:
    schema = _object(
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
    return {**schema, "allOf": _by_lever("value")}


def _action() -> dict[str, Any]:
    schema = _object(
        {
            "lever": {"$ref": "#/$defs/lever"},
            "at": {"$ref": "#/$defs/place"},
            "to": _QUANTITY,
            "over": _WEEKS,
            "from_essay": {"$ref": "#/$defs/essay"},
        },
        ["lever", "to"],
    )
    return {**schema, "allOf": _by_lever("to")}


def _by_lever(key: str) -> list[dict[str, Any]]:
    """What the lever named decides: the unit of its value, and whether and where it can be put."""
    groups: dict[tuple[str, bool, str | None], list[str]] = {}
    for lever in levers().values():
        groups.setdefault((lever.unit, closes(lever), lever.places), []).append(lever.id)
    out = []
    for (unit, shuts, places), names in groups.items():
        value = {"anyOf": [{"enum": list(CLOSED)}, _ref(unit)]} if shuts else _ref(unit)
        at = _one_or_list({"enum": _places(places)}) if places else False
        out.append(_if("lever", names, {key: value, "at": at}))
    return out


def _if(key: str, names: list[str], then: dict[str, Any]) -> dict[str, Any]:
    """Where ``key`` is one of ``names``, the other keys are as ``then`` has it."""
    return {"if": {"properties": {key: {"enum": names}}, "required": [key]}, "then": {"properties": then}}


def _by_indicator() -> list[dict[str, Any]]:
    """What the indicator named decides: the unit of its levels; of a change, per cent of what it was too."""
    groups: dict[str, list[str]] = {}
    for row in shipped_indicators().values():
        if row.observable:
            groups.setdefault(row.unit, []).append(row.id)
    out = []
    for unit, names in groups.items():
        change = {"anyOf": [_ref(unit), _ref("share")]}
        out.append(
            _if("indicator", names, {"above": _ref(unit), "below": _ref(unit), "rises": change, "falls": change})
        )
    return out


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
        ],
        "allOf": _by_indicator(),
    }  # fmt: skip


def _lift_pattern() -> str:
    """The three forms of ``lift`` as a text; whether a step is in the unit of what is watched it cannot tell."""
    over = weeks_pattern().strip("^$")
    step = written_pattern("share").strip("^$")
    words: dict[bool, list[str]] = {True: [], False: []}
    for unit in _units():
        words[words_of(unit)[1]].append(words_of(unit)[0])
    per = "|".join(rf"{number_pattern(counted=counted)}\s*(?:{'|'.join(words[counted])})" for counted in words)
    return rf"^\s*(?:at once|over {over}|in steps of {step} per (?:{per})(?: of [a-z][\w.-]*)?)\s*$"


def _rule() -> dict[str, Any]:
    lift = {
        "anyOf": [
            {"type": "string", "pattern": _lift_pattern()},
            _object({"over": _WEEKS}, ["over"]),
            _object(
                {
                    "in_steps_of": _ref("share"),
                    "per": {"anyOf": [_ref(unit) for unit in _units()]},
                    "of": {"type": "string"},
                    "snap_back": _YES,
                },
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
                "anyOf": [
                    {"type": "integer", "minimum": 1},
                    {"type": "string", "pattern": r"^\s*[1-9]\d*\s*(times)?\s*$"},
                ]
            },
        },
        ["id", "when", "do"],
    )
