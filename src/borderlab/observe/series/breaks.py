"""Known changes of what a series counts, and changes of the publication it is read from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from borderlab.evidence.tables.table import SourcedRow, table
from borderlab.observe.reading.layout import datasets
from borderlab.observe.series.definition import feeds

CHANGE_OF_PUBLICATION = "publication"


class BreakRow(SourcedRow):
    """A row of ``reference/observe/breaks.csv``."""

    id: str
    target: str
    place: str | None = None
    parts: str | None = None
    first: str
    effect: Literal["stops", "noted"]
    what_en: str
    what_es: str

    @property
    def targets(self) -> frozenset[str]:
        """The data sets and series that it concerns."""
        return frozenset(self.target.split("|"))


@dataclass(frozen=True)
class Break:
    """A month from which a series counts something else, or is read elsewhere.

    Attributes:
        id: of the table, or ``publication``.
        first: the first month of the new meaning.
        parts: parts it concerns; empty = all and the whole.
        stops: no estimate is made across it.
        what_en, what_es: what changes.
        source: source ids.
        place: the feed it concerns, or None.
    """

    id: str
    first: date
    parts: frozenset[str]
    stops: bool
    what_en: str
    what_es: str
    source: str
    place: str | None = None

    def touches(self, parts: frozenset[str]) -> bool:
        """Whether the sum over ``parts`` (empty = the whole) changes its meaning: a split inside it does not."""
        return not self.parts or bool(self.parts & parts and not self.parts <= parts)

    def json_ready(self) -> dict[str, object]:
        """For ``data show --json``."""
        found: dict[str, object] = {"id": self.id, "first_period": f"{self.first:%Y-%m}"}
        return found | {"parts": sorted(self.parts), "what": self.what_en, "source": self.source}


@cache
def known_breaks(series_id: str, place: str) -> tuple[Break, ...]:
    """The known breaks of a series where it is read from ``place`` (``store:bts-crossings``), oldest first.

    A break of a data set concerns the series that are read from it, and, where no feed is named, the shipped figures
    of the same series.
    """
    sets = {feed.table for feed in feeds().get(series_id, ()) if feed.imported}
    rows = table("observe/breaks", BreakRow)
    found = [_break(row) for row in rows if row.targets & {series_id, *sets} and row.place in (None, place)]
    return tuple(sorted(found, key=lambda one: one.first))


def breaks_of_dataset(dataset: str) -> tuple[Break, ...]:
    """The known breaks of the rows of a data set, oldest first."""
    read = {name for name, each in feeds().items() if any(feed.place == f"store:{dataset}" for feed in each)}
    rows = [row for row in table("observe/breaks", BreakRow) if row.targets & {dataset, *read}]
    found = [_break(row) for row in rows if row.place in (None, f"store:{dataset}")]
    return tuple(sorted(found, key=lambda one: one.first))


def _break(row: BreakRow) -> Break:
    return Break(
        row.id,
        date(int(row.first[:4]), int(row.first[5:7]), 1),
        frozenset((row.parts or "").split("|")) - {""},
        row.effect == "stops",
        row.what_en,
        row.what_es,
        row.source,
        row.place,
    )


def new_publication(first: date, before: str, after: str, source: str) -> Break:
    """The month in which a series goes on in another publication; both are named as a reader knows them."""
    return Break(
        CHANGE_OF_PUBLICATION,
        first,
        frozenset(),
        False,
        f"another publication: {called(after, 'en')}; before it {called(before, 'en')}",
        f"otra publicación: {called(after, 'es')}; antes, {called(before, 'es')}",
        source,
    )


def called(place: str, lang: str) -> str:
    """A feed as a reader knows it."""
    kind, name = place.split(":", 1)
    if kind == "shipped":
        return "the figures that ship" if lang == "en" else "las cifras incluidas"
    row = datasets()[name.split(";")[0]]
    title = row.title_en if lang == "en" else row.title_es
    return f"imported, {title}" if lang == "en" else f"importado, {title}"


def tied(series_id: str, place: str, when: date) -> tuple[frozenset[str], ...]:
    """Groups of parts that one publication counts together in a month, so that two publications may not share them."""
    return tuple(one.parts for one in known_breaks(series_id, place) if one.parts and one.stops and when < one.first)
