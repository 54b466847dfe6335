"""The five essays: author, thesis in our words, and the strategy that carries it out in the model."""

from __future__ import annotations

from functools import cache

from borderlab.evidence.tables.source import Source, sources
from borderlab.evidence.tables.table import SourcedRow, table


class Essay(SourcedRow):
    """One essay.

    Attributes:
        id: the id of its source.
        author: who wrote it.
        strategy: the shipped strategy that carries out its position.
        thesis_en, thesis_es: what it argues, in our words.
        date: when it appeared.
    """

    id: str
    author: str
    strategy: str
    thesis_en: str
    thesis_es: str
    date: str

    @property
    def publication(self) -> Source:
        """The essay as a source: title, publisher, date."""
        return sources()[self.id]


@cache
def essays() -> dict[str, Essay]:
    """The five essays by id."""
    return {essay.id: essay for essay in table("essays", Essay)}
