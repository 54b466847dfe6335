"""What a government can set, as the contract of ``borderlab levers --json`` has it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from borderlab.base.problems import InputError, Problem, nearest
from borderlab.evidence.tables.lever import DIRECT_HOOKS, Lever, levers
from borderlab.evidence.tables.parameter import parameters


def levers_named(name: str | None = None) -> list[Lever]:
    """The lever of that name; all of them without one.

    Raises:
        InputError: there is none of that name.
    """
    known = levers()
    if name is not None and name not in known:
        raise InputError(
            Problem(
                f"there is no lever '{name}'.",
                did_you_mean=nearest(name, known),
                cure="'borderlab levers' lists them.",
            )
        )
    return list(known.values()) if name is None else [known[name]]


def levers_json(found: Iterable[Lever], lang: str = "en") -> dict[str, Any]:
    """What ``borderlab levers --json`` prints."""
    return {"levers": [_row(one, lang) for one in found]}


def _row(lever: Lever, lang: str) -> dict[str, Any]:
    row = lever.model_dump()
    row["effects"] = [{"hook": hook, **effect_json(lever, hook)} for hook in lever.effects]
    row["sources"] = list(lever.sources)
    row["name"], row["meaning"] = lever.name(lang), lever.meaning(lang)
    return row


def effect_json(lever: Lever, hook: str) -> dict[str, Any]:
    """The parameter that says how much a lever shifts; empty where it acts through an equation of its own."""
    if hook in DIRECT_HOOKS:
        return {}
    row = parameters()[f"{lever.id}.{hook}"]
    return {
        "parameter": row.id,
        "default": row.default,
        "low": row.low,
        "high": row.high,
        "unit": row.unit,
        "grade": row.grade,
    }
