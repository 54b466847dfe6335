"""Official monthly figures that ship with the product, so that series exist before anything is imported."""

from __future__ import annotations

from datetime import date
from functools import cache

from pydantic import ConfigDict

from borderlab.evidence.tables.table import SourcedRow, table

VINTAGE = "shipped"


class _NationalRow(SourcedRow):
    series: str
    period: str
    value: float


class _SectorRow(SourcedRow):
    model_config = ConfigDict(frozen=True, extra="allow")

    period: str


class _PortRow(SourcedRow):
    model_config = ConfigDict(frozen=True, extra="allow")

    port: str
    mode: str
    year: int
    grade: str


# One figure: period, dimensions, value, source id.
Figure = tuple[date, dict[str, str], float, str]


def figures(name: str, where: dict[str, frozenset[str]]) -> list[Figure]:
    """The figures of a shipped table (``national``, ``usbp-sectors``, ``ports``) whose dimensions fit ``where``."""
    found = {"national": _national, "usbp-sectors": _sectors, "ports": _ports}[name]()
    return [row for row in found if all(row[1].get(column) in words for column, words in where.items())]


def month(text: str) -> date:
    """The first day of ``2024-03``."""
    return date(int(text[:4]), int(text[5:7]), 1)


@cache
def _national() -> list[Figure]:
    rows = table("observe/monthly/national", _NationalRow)
    return [(month(row.period), {"series": row.series}, row.value, row.source) for row in rows]


@cache
def _sectors() -> list[Figure]:
    rows = table("observe/monthly/usbp-sectors", _SectorRow)
    return [
        (month(row.period), {"sector": sector}, float(value), row.source)
        for row in rows
        for sector, value in (row.model_extra or {}).items()
        if value is not None
    ]


@cache
def _ports() -> list[Figure]:
    """The measured rows of the crossings' own monthly table; months that were estimated are no observations."""
    rows = table("crossings/monthly", _PortRow)
    found: list[Figure] = []
    for row in rows:
        if row.grade != "measured":
            continue
        for name, value in (row.model_extra or {}).items():
            if value is not None:
                where = {"port_code": row.port, "mode": row.mode}
                found.append((date(row.year, int(name[1:]), 1), where, float(value), row.source))
    return found
