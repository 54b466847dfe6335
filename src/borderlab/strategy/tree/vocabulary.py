"""The words that a strategy file may use: levers, indicators, places, programmes, sources. Looked up, never guessed."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Protocol

from borderlab.base.problems import InputError, nearest
from borderlab.evidence.tables.lever import Lever, SurfaceKind, levers, sectors


class Readable(Protocol):
    """What a strategy needs to know of an indicator."""

    id: str
    unit: str
    observable: bool

    def name(self, lang: str) -> str:
        """Its short name."""
        ...


# What can cross where decides where a pattern of restrictions can be put.
_MODES: Mapping[SurfaceKind, tuple[str, ...]] = {
    "inspect-freight": ("truck",),
    "cut-trucks": ("truck",),
    "fast-share": ("truck",),
    "preclear": ("truck",),
    "cut-vehicles": ("vehicle",),
    "sentri-share": ("vehicle",),
    "cut-pedestrians": ("pedestrian",),
    "limit-travel": ("vehicle", "pedestrian"),
    "staff-ports": ("truck", "vehicle", "pedestrian"),
}


class UnknownPlace(ValueError):
    """A place that a lever cannot be put at; ``did_you_mean`` is the nearest known word."""

    def __init__(self, message: str, did_you_mean: str | None = None, cure: str | None = None) -> None:
        super().__init__(message)
        self.did_you_mean, self.cure = did_you_mean, cure


def shipped_indicators() -> Mapping[str, Readable]:
    """Every indicator of the product, readable by rules or not."""
    from borderlab.evidence.tables.indicator import indicators

    return indicators()


def closes(lever: Lever) -> bool:
    """Whether ``closed`` may be written for 100 % of a lever: it presses, at crossings, and can go so far."""
    return lever.unit == "share" and lever.coercive and lever.surface_kind is not None and lever.high >= 1.0


def places_of(lever: Lever, word: str) -> tuple[str, ...]:
    """The crossing or sector ids that ``word`` names, as far as ``lever`` can act there.

    A port, a region or ``all`` keeps the crossings that carry what the lever restricts.

    Raises:
        UnknownPlace: no such place, or nothing there for the lever to act on.
    """
    if lever.places == "sector":
        return _sectors(word)
    from borderlab.crossings.border.places import crossing, resolve

    try:
        found = resolve(word)
    except InputError as error:
        problem = error.problems[0]
        raise UnknownPlace(problem.cause.rstrip("."), problem.did_you_mean, problem.cure) from None
    modes = _MODES[lever.surface_kind] if lever.surface_kind else ("truck", "vehicle", "pedestrian")
    fit = tuple(one for one in found if set(modes) & set(crossing(one).modes))
    if not fit:
        what = " or ".join({"truck": "trucks", "vehicle": "cars", "pedestrian": "people on foot"}[one] for one in modes)
        raise UnknownPlace(f"'{word}' carries no {what}, so '{lever.id}' does nothing there")
    return fit


def _sectors(word: str) -> tuple[str, ...]:
    known = sectors()
    low = word.strip().casefold()
    if low == "all":
        return tuple(known)
    if low in known:
        return (low,)
    for sector in known.values():
        if low in (sector.name_en.casefold(), sector.name_es.casefold()):
            return (sector.id,)
    near = nearest(low, known)
    raise UnknownPlace(f"'{word}' is no Border Patrol sector", near, f"The sectors are: {', '.join(known)}.")


@cache
def place_words(kind: str) -> tuple[str, ...]:
    """Every word that ``at`` may hold for levers put at crossings or at sectors."""
    if kind == "sector":
        return ("all", *sectors())
    from borderlab.crossings.border.places import REGIONS, crossings, ports

    return ("all", *REGIONS, *(row.id for row in crossings()), *ports(), *(port.name for port in ports().values()))


def place_name(kind: str | None, word: str, lang: str) -> str:
    """The name of a place word, as a sentence prints it."""
    if kind == "sector":
        known = sectors()
        return known[word].name(lang) if word in known else word
    from borderlab.crossings.border.places import crossings, ports

    for row in crossings():
        if row.id == word:
            return row.name(lang)
    if word in ports():
        return ports()[word].name
    return next((port.name for port in ports().values() if port.name.lower() == word.lower()), word)


@cache
def shipped_programmes() -> Mapping[str, str | None]:
    """Programmes of the coded table that may still be alive: id to form. Those known to have ended are not in it."""
    from borderlab.evidence.tables.programme import programmes

    return {row.id: row.form for row in programmes().values() if not row.ended}


@cache
def ended_programmes() -> frozenset[str]:
    """Programmes of the coded table that are over."""
    from borderlab.evidence.tables.programme import programmes

    return frozenset(row.id for row in programmes().values() if row.ended)


@cache
def known_sources() -> frozenset[str]:
    """Ids of sources."""
    from borderlab.evidence.tables.source import sources

    return frozenset(sources())


__all__ = [
    "Lever",
    "Readable",
    "UnknownPlace",
    "closes",
    "ended_programmes",
    "known_sources",
    "levers",
    "place_name",
    "place_words",
    "places_of",
    "shipped_indicators",
    "shipped_programmes",
]
