"""Levers: what a government can set. Typed, bounded, with a unit, today's value and how well the effect is known."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Annotated, Literal, NamedTuple, TypeVar

from pydantic import BeforeValidator, model_validator

from borderlab.evidence.tables.parameter import Grade
from borderlab.evidence.tables.table import Row, SourcedRow, by_id, table

Actor = Literal["us", "mx", "both"]
PlaceKind = Literal["crossing", "sector"]
SurfaceKind = Literal[
    "inspect-freight",
    "cut-trucks",
    "cut-vehicles",
    "cut-pedestrians",
    "limit-travel",
    "staff-ports",
    "fast-share",
    "sentri-share",
    "preclear",
]

N = TypeVar("N")
_Words = Annotated[
    tuple[str, ...],
    BeforeValidator(lambda cell: tuple(p.strip() for p in cell.split(";")) if isinstance(cell, str) else cell or ()),
]
_Yes = Annotated[bool, BeforeValidator(lambda cell: cell == "yes" if isinstance(cell, str) or cell is None else cell)]

# Hooks that act through their own equation, not through a parameter of the register.
DIRECT_HOOKS = frozenset({"surface", "tariff"})


class Lever(SourcedRow):
    """One instrument of one government, or of both together.

    Attributes:
        id: like ``us.freight_inspection_share``.
        actor: who sets it.
        group: heading under which it is listed.
        name_en, name_es: short name, as a sentence uses it.
        unit: of low, high and default.
        low, high: bounds of what a strategy may set.
        default: today's value; a lever at its default does nothing.
        places: what ``at`` may name, or None for a lever of the whole border.
        module: the module of the model that it acts on first.
        surface_kind: the pattern of the crossings response surface that it acts through, if it does.
        coercive: it may be announced as a threat.
        hosted: it is held under a programme: what is added to today's counts only while one is alive that hosts it.
        effects: what it shifts in the model ("hooks"); each has a parameter ``<id>.<hook>`` but for DIRECT_HOOKS.
        meaning_en, meaning_es: what is set, in one plain sentence fragment.
        grade: how well the default and the working of the lever are known.
        date: of the default.
        note: basis or caveat.
    """

    id: str
    actor: Actor
    group: str
    name_en: str
    name_es: str
    unit: str
    low: float
    high: float
    default: float
    places: PlaceKind | None = None
    module: str
    surface_kind: SurfaceKind | None = None
    coercive: _Yes = False
    hosted: _Yes = False
    effects: _Words
    meaning_en: str
    meaning_es: str
    grade: Grade
    date: str
    note: str | None = None

    @model_validator(mode="after")
    def _whole(self) -> Lever:
        if not self.low < self.high or not self.low <= self.default <= self.high:
            raise ValueError("needs low < high and a default between them")
        if not self.effects:
            raise ValueError("a lever that does nothing is a defect: name at least one effect")
        if ("surface" in self.effects) != (self.surface_kind is not None):
            raise ValueError("a lever with a surface_kind has the effect 'surface', and no other has it")
        return self

    def name(self, lang: str) -> str:
        """The short name in ``lang``."""
        return self.name_es if lang == "es" else self.name_en

    def meaning(self, lang: str) -> str:
        """What is set, in ``lang``."""
        return self.meaning_es if lang == "es" else self.meaning_en

    def move(self, value: N) -> N:
        """How far ``value`` (a number or an array, in ``unit``) is from today, as a share of the whole range.

        0 at the default; 1 for the whole way from ``low`` to ``high``; negative below the default.
        """
        return (value - self.default) / (self.high - self.low)  # type: ignore[operator, no-any-return, return-value]


class Sector(Row):
    """One Border Patrol sector between ports of entry."""

    id: str
    name_en: str
    name_es: str
    us_state: str
    source: str
    date: str
    note: str | None = None

    def name(self, lang: str) -> str:
        """The name in ``lang``."""
        return self.name_es if lang == "es" else self.name_en


class EffectPair(NamedTuple):
    """One thing that one lever shifts, and the parameter that says by how much over the lever's whole range."""

    lever: str
    hook: str
    parameter: str


@cache
def levers() -> dict[str, Lever]:
    """Every lever by id, from the tables in ``reference/levers/``; the U.S. ones first, then joint, then Mexican.

    Raises:
        ValueError: an id stands twice.
    """
    order: Sequence[str] = ("us", "both", "mx")
    return by_id(sorted(table("levers", Lever), key=lambda row: order.index(row.actor)), "lever")


@cache
def sectors() -> dict[str, Sector]:
    """The nine Border Patrol sectors of the border, west to east."""
    return {row.id: row for row in table("sectors", Sector)}


@cache
def effect_pairs() -> tuple[EffectPair, ...]:
    """Every (lever, hook, parameter) that acts through the register of parameters."""
    return tuple(
        EffectPair(lever.id, hook, f"{lever.id}.{hook}")
        for lever in levers().values()
        for hook in lever.effects
        if hook not in DIRECT_HOOKS
    )
