"""Official series under the product's own indicator ids."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import cache
from typing import Literal

from borderlab.base.problems import InputError, Problem, nearest
from borderlab.evidence.tables.indicator import indicators
from borderlab.evidence.tables.table import SourcedRow, table
from borderlab.observe.series.series import Series, definition, definitions, load_series
from borderlab.observe.store.store import Store


class Official(SourcedRow):
    """Which official series stands for an indicator.

    Attributes:
        part: the sector, port, … it is, or None for the whole.
        factor: indicator = factor × series.
        match: ``same`` thing, ``near`` (``differs`` says how), or a ``part`` of it.
    """

    indicator: str
    series: str
    part: str | None = None
    factor: float
    match: Literal["same", "near", "part"]
    differs_en: str | None = None
    differs_es: str | None = None


@cache
def officials() -> dict[str, Official]:
    """Every indicator that has an official series."""
    return {row.indicator: row for row in table("observe/indicators", Official)}


def official_ids() -> dict[str, str]:
    """Indicator id -> series id."""
    return {name: row.series for name, row in officials().items()}


def official(
    indicator_id: str, first: date | None = None, last: date | None = None, store: Store | None = None
) -> Series:
    """The official series of an indicator, in the indicator's unit. A series id is taken too.

    Raises:
        InputError: no such indicator, or nothing official counts it.
    """
    row = officials().get(indicator_id)
    if row is None:
        return _without(indicator_id, first, last, store)
    base = definition(row.series)
    where = {base.by: row.part} if row.part and base.by else None
    series = load_series(row.series, first, last, where=where, store=store)
    known = indicators().get(indicator_id)
    unit = known.unit if known else base.unit
    points = tuple(
        replace(
            point,
            dimensions={base.by: row.part} if row.part and base.by else {},
            value=None if point.value is None else point.value * row.factor,
            unit=unit,
        )
        for point in series.points
    )
    title_en, title_es = (known.name_en, known.name_es) if known else (base.title_en, base.title_es)
    return Series(indicator_id, title_en, title_es, unit, points)


def _without(indicator_id: str, first: date | None, last: date | None, store: Store | None) -> Series:
    if indicator_id in definitions():
        return load_series(indicator_id, first, last, store=store)
    known = indicators()
    if indicator_id in known:
        reason = known[indicator_id].official_series
        because = f" ({reason} exists, but no file of it can be imported yet)" if reason else ""
        raise InputError(
            Problem(
                f"'{indicator_id}' has no official series here{because}.",
                cure="Indicators that have one: " + ", ".join(sorted(officials())) + ".",
            )
        )
    raise InputError(
        Problem(
            f"there is no indicator '{indicator_id}'.",
            did_you_mean=nearest(indicator_id, [*known, *definitions()]),
        )
    )
