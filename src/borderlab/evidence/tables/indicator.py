"""Indicators: what is reported, watched by rules and tracked, with one id in model, history and live data."""

from __future__ import annotations

from functools import cache
from typing import Literal

from borderlab.evidence.tables.table import SourcedRow, by_id, table

Direction = Literal["up", "down", "context"]
Aggregation = Literal["mean", "sum", "last", "max", "none"]


class Indicator(SourcedRow):
    """One measure or state of the world.

    Attributes:
        id: the same in simulation, history and live tracking, like ``encounters`` or ``mx.forces_at_north_border``.
        name_en, name_es: a short name.
        unit: unit of the value, like ``people/month``.
        definition_en, definition_es: what is counted, in one sentence.
        direction: ``up`` is better, ``down`` is better, or ``context`` where neither holds.
        aggregation: how the weeks of a run become one number; ``none`` where the model does not compute it.
        statute_id: the measure of 6 U.S.C. 223 it stands for, like ``6USC223-b1Av``.
        in_model: the bilateral model computes it.
        observable: a rule of a strategy may read it; states that nobody sees are not observable.
        official_series: the public series of the same thing, if there is one.
        limitation: why the series is not quite the thing defined.
        date: when the definition was set.
    """

    id: str
    name_en: str
    name_es: str
    unit: str
    definition_en: str
    definition_es: str
    direction: Direction
    aggregation: Aggregation
    statute_id: str | None = None
    in_model: bool
    observable: bool
    official_series: str | None = None
    limitation: str | None = None
    date: str

    def name(self, lang: str) -> str:
        """The short name in ``lang``."""
        return self.name_es if lang == "es" else self.name_en

    def definition(self, lang: str) -> str:
        """The definition in ``lang``."""
        return self.definition_es if lang == "es" else self.definition_en


@cache
def indicators() -> dict[str, Indicator]:
    """Every indicator by id, in table order, from ``reference/indicators/``.

    Raises:
        ValueError: an id stands twice.
    """
    return by_id(table("indicators", Indicator), "indicator")
