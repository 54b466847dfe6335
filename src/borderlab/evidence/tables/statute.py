"""The 43 measures that the law asks for, and which of them can be computed from what is public."""

from __future__ import annotations

from functools import cache
from typing import Literal

from borderlab.evidence.tables.table import SourcedRow, table


class StatutoryMeasure(SourcedRow):
    """One measure of 6 U.S.C. 223.

    Attributes:
        id: like ``6USC223-b1C``.
        part: between-ports, at-ports, maritime, air-marine.
        paragraph: of the section.
        name_en, name_es: what it is, in our words.
        unit: of its value.
        direction: up or down is better; context says that neither is better by itself.
        computable: yes from public series; partly; model (needs an estimate that the model gives, as an interval); no.
        indicator: the product's indicator nearest to it.
        series: the official series it is read from.
        limitation_en, limitation_es: why not, or with what caveat.
        date: of the law.
    """

    id: str
    part: Literal["between-ports", "at-ports", "maritime", "air-marine"]
    paragraph: str
    name_en: str
    name_es: str
    unit: str
    direction: Literal["up", "down", "context"]
    computable: Literal["yes", "partly", "model", "no"]
    indicator: str | None = None
    series: str | None = None
    limitation_en: str | None = None
    limitation_es: str | None = None
    date: str


@cache
def statutory_measures() -> dict[str, StatutoryMeasure]:
    """The 43 measures by id, in the order of the law."""
    return {measure.id: measure for measure in table("measures_6usc223", StatutoryMeasure)}


def effectiveness_rate(
    apprehensions: float, turn_backs: float, got_aways: float, undetected: tuple[float, float]
) -> tuple[float, float]:
    """The unlawful-crossing effectiveness rate of 6 U.S.C. 223(a) as an interval, shares from 0 to 1.

    (apprehensions + turn backs) / (apprehensions + undetected + turn backs + got-aways), for the least and the most
    that may have gone unseen. All four are counts of events in the same place and period.

    >>> tuple(round(share, 3) for share in effectiveness_rate(80, 10, 10, (0, 50)))
    (0.6, 0.9)

    Raises:
        ValueError: a count is negative, the interval is upside down, or nobody crossed.
    """
    low, high = undetected
    if min(apprehensions, turn_backs, got_aways, low) < 0 or low > high:
        raise ValueError("counts must not be negative, and the interval must run from low to high")
    stopped = apprehensions + turn_backs
    if stopped + got_aways + high <= 0:
        raise ValueError("nobody crossed: the rate is not defined")
    worst = stopped / (stopped + got_aways + high)
    best = stopped / (stopped + got_aways + low) if stopped + got_aways + low > 0 else 0.0
    return worst, best
