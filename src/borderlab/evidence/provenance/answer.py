"""The answer to ``why NAME``: what a name means, its value, and what leans on it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from borderlab.evidence.catalogue.catalogue import entries
from borderlab.evidence.provenance.usage import Use


@dataclass(frozen=True)
class Answer:
    """The answer to ``why NAME``.

    Attributes:
        name, kind: what was asked for.
        meaning_en, meaning_es: what it is.
        value: a number, a text (an option), a list of numbers with names, or None where it has no value of its own.
        range: low and high, or the options of a switch, or None.
        unit: of value and range.
        grade: measured, estimated, judged, or None.
        date: to when it holds.
        sources: source ids.
        used: what leans on it directly.
        reached: what it moves through other modules than those that read it.
        note: basis or caveat.
        place: table and line.
        moves: indicators, or outputs of a simulation, that a parameter, switch or lever moves.
        moves_directly: those of them that it moves without a rule that watches them.
        computed_by: modules that compute an indicator.
        moved_by: parameters, switches and levers that move an indicator.
    """

    name: str
    kind: str
    meaning_en: str
    meaning_es: str
    value: Any
    range: list[Any] | None
    unit: str | None
    grade: str | None
    date: str | None
    sources: tuple[str, ...]
    used: tuple[Use, ...]
    reached: tuple[str, ...]
    note: str | None
    place: str
    moves: tuple[str, ...] = ()
    moves_directly: tuple[str, ...] = ()
    computed_by: tuple[str, ...] = ()
    moved_by: tuple[str, ...] = ()

    def to_json(self, lang: str = "en") -> dict[str, Any]:
        """The contract of ``why NAME --json``, with the parts in words beside the plain lists."""
        return {
            "name": self.name,
            "kind": self.kind,
            "value": self.value,
            "range": self.range,
            "unit": self.unit,
            "grade": self.grade,
            "sources": list(self.sources),
            "used_by": [use.name for use in self.used],
            "meaning": self.meaning_en if lang == "en" else self.meaning_es,
            "date": self.date,
            "note": self.note,
            "place": self.place,
            "uses": [{"kind": use.kind, "name": use.name} for use in self.used],
            "reaches": list(self.reached),
            "moves": list(self.moves),
            "moves_directly": list(self.moves_directly),
            "computed_by": list(self.computed_by),
            "moved_by": list(self.moved_by),
            "source_details": [_source_json(id_) for id_ in self.sources],
        }


def _source_json(id_: str) -> dict[str, Any]:
    for entry in entries().get(id_, ()):
        if entry.kind == "source":
            return {column: entry.row.get(column) or None for column in
                    ("id", "title", "publisher", "date", "kind", "reliability", "url")}  # fmt: skip
    return {"id": id_}
