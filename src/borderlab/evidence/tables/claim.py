"""What the essays say: one statement each, with its place, and a verdict against official data."""

from __future__ import annotations

from functools import cache
from typing import Any, Literal

from pydantic import model_validator

from borderlab.evidence.tables.table import SourcedRow, by_id, table

Verdict = Literal["holds", "holds-roughly", "does-not-hold", "cannot-be-checked"]
ESSAYS = ("linderman-2022", "walser-zuckerman-2013", "linderman-2024", "davidson-2020", "wayne-2020")


class Claim(SourcedRow):
    """One statement of an essay, in our words.

    Attributes:
        id: the essay's id, a dot, a short name.
        kind: quantitative, or causal (what brings about what).
        stance: whether the statement supports the essay's own thesis, counts against it, or gives context.
        value, low, high: the figure in plain units; a bound alone stands in ``value`` and in ``low`` or ``high``.
        unit: of the figure; 1.7 billion dollars is 1700000000 USD, 72.9 % is 72.9 %.
        period: what the figure is about.
        place: section and paragraph of the essay.
        counts_en, counts_es: what is counted, or what is said to act.
        paraphrase_en, paraphrase_es: the statement in our words.
        verdict: against official data where a series exists.
        official, official_low, official_high, official_unit, official_period: the figure it was held against.
        official_source: ids of the sources of that figure.
        official_note_en, official_note_es: what the comparison shows.
        model: parameters, switches and indicators of the model that bear on it, split by ``;``.
        episodes: episodes that bear on it, split by ``;``.
        programmes: programmes that it speaks of, split by ``;``.
        source: the essay.
        date: of the essay.
    """

    id: str
    kind: Literal["quantitative", "causal"]
    stance: Literal["supports", "against", "context"]
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str | None = None
    period: str
    place: str
    counts_en: str
    counts_es: str
    paraphrase_en: str
    paraphrase_es: str
    verdict: Verdict
    official: float | None = None
    official_low: float | None = None
    official_high: float | None = None
    official_unit: str | None = None
    official_period: str | None = None
    official_source: str | None = None
    official_note_en: str | None = None
    official_note_es: str | None = None
    model: str | None = None
    episodes: str | None = None
    programmes: str | None = None
    date: str

    @model_validator(mode="after")
    def _whole(self) -> Claim:
        figures = (self.value, self.low, self.high)
        if any(figure is not None for figure in figures) != (self.unit is not None):
            raise ValueError("a figure needs a unit, and a unit a figure")
        if self.low is not None and self.high is not None and self.low > self.high and self.low >= 0:
            raise ValueError("low lies above high")
        if self.verdict in ("holds", "does-not-hold") and self.official_source is None:
            raise ValueError("a verdict needs the official source it rests on")
        if (self.official_note_en is None) != (self.official_note_es is None):
            raise ValueError("a note stands in one language only")
        if not self.id.startswith(self.source + "."):
            raise ValueError("the id must begin with the essay's id")
        return self

    @property
    def model_ids(self) -> tuple[str, ...]:
        """Ids of parameters, switches and indicators that bear on it."""
        return _split(self.model)

    @property
    def episode_ids(self) -> tuple[str, ...]:
        """Ids of episodes that bear on it."""
        return _split(self.episodes)

    @property
    def programme_ids(self) -> tuple[str, ...]:
        """Ids of programmes that it speaks of."""
        return _split(self.programmes)

    @property
    def official_sources(self) -> tuple[str, ...]:
        """Ids of the sources of the official figure."""
        return _split(self.official_source)

    def to_json(self, lang: str = "en") -> dict[str, Any]:
        """The claim as ``evidence show --json`` gives it; numbers are numbers in plain units."""
        official = None
        if self.official_source or self.official is not None:
            official = {
                "value": self.official,
                "low": self.official_low,
                "high": self.official_high,
                "unit": self.official_unit,
                "period": self.official_period,
                "sources": list(self.official_sources),
            }
        return {
            "id": self.id,
            "counts": self.counts_en if lang == "en" else self.counts_es,
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "unit": self.unit,
            "period": self.period,
            "place": self.place,
            "paraphrase": self.paraphrase_en if lang == "en" else self.paraphrase_es,
            "stance": self.stance,
            "verdict": self.verdict,
            "official": official,
            "essay": self.source,
            "kind": self.kind,
            "note": self.official_note_en if lang == "en" else self.official_note_es,
            "model": list(self.model_ids),
            "episodes": list(self.episode_ids),
            "programmes": list(self.programme_ids),
        }


def _split(cell: str | None) -> tuple[str, ...]:
    return tuple(part.strip() for part in (cell or "").split(";") if part.strip())


@cache
def claims() -> dict[str, Claim]:
    """Every claim by id, in the order of the essays and of their texts.

    Raises:
        ValueError: an id stands twice.
    """
    return by_id(table("claims", Claim), "claim")


def claims_of(essay: str) -> tuple[Claim, ...]:
    """The claims of one essay, in the order of its text."""
    return tuple(claim for claim in claims().values() if claim.source == essay)
