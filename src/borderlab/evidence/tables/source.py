"""Publications that figures come from."""

from __future__ import annotations

from functools import cache
from typing import Literal

from borderlab.evidence.tables.table import Row, by_id, table


class Source(Row):
    """One publication, data set or judgement that a figure stands on.

    Attributes:
        id: short name used in ``source`` columns.
        title: what it is called.
        publisher: who put it out.
        date: when (``2022-04-12``, ``2022-04`` or ``2022``), or the period read.
        kind: what sort of thing it is.
        reliability: H official primary, M reputable secondary, L single press or advocacy claim, J our judgement.
        url: address, if one was kept.
        note: a caveat.
    """

    id: str
    title: str
    publisher: str
    date: str
    kind: Literal["dataset", "law", "report", "article", "press", "essay", "judgement", "derived"]
    reliability: Literal["H", "M", "L", "J"]
    url: str | None = None
    note: str | None = None


@cache
def sources() -> dict[str, Source]:
    """Every source by id, from the tables in ``reference/sources/``.

    Raises:
        ValueError: an id stands twice.
    """
    return by_id(table("sources", Source), "source")
