"""Agreements and mechanisms of cooperation: form, birth and perhaps death."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import model_validator

from borderlab.evidence.tables.dates import Moment, fraction
from borderlab.evidence.tables.leader import changes
from borderlab.evidence.tables.table import SourcedRow, by_id, table

Form = Literal["treaty", "statute", "agreement", "declaration", "informal"]


class Programme(SourcedRow):
    """One agreement or mechanism.

    Attributes:
        id: short name.
        name_en, name_es: as it is called.
        form: treaty; statute; agreement (signed agreement, letter, memorandum); declaration (joint declaration or
            framework); informal (operation or practice).
        form_code: finer: TR, ST, AG, JD, MO (memorandum of ministries or agencies), IN.
        start: when it began.
        end: when it ended; None if it runs or if the end is not known.
        last_seen: the last date at which its state is known: its end, or where a survival count stops.
        event: 1 ended or superseded, 0 running when last seen, None not known.
        money_usd: money appropriated to it, US dollars.
        size_en, size_es, targets_en, targets_es: how big it was; what it was to be measured by.
        end_reason_en, end_reason_es: why it ended, or its state.
        confidence: H, M or L.
        date: to when the row holds.
        note: a caveat.
    """

    id: str
    name_en: str
    name_es: str
    form: Form
    form_code: Literal["TR", "ST", "AG", "JD", "MO", "IN"]
    start: Moment
    end: Moment | None = None
    last_seen: Moment
    event: Literal["0", "1"] | None = None
    money_usd: float | None = None
    size_en: str | None = None
    size_es: str | None = None
    targets_en: str | None = None
    targets_es: str | None = None
    end_reason_en: str | None = None
    end_reason_es: str | None = None
    confidence: Literal["H", "M", "L"]
    date: str
    note: str | None = None

    @model_validator(mode="after")
    def _whole(self) -> Programme:
        if self.event == "1" and self.end is None:
            raise ValueError("a programme that ended needs its end")
        if fraction(self.last_seen) < fraction(self.start):
            raise ValueError("last seen before its start")
        for english, spanish in (
            (self.size_en, self.size_es),
            (self.targets_en, self.targets_es),
            (self.end_reason_en, self.end_reason_es),
        ):
            if (english is None) != (spanish is None):
                raise ValueError("a text stands in one language only")
        return self

    @property
    def ended(self) -> bool | None:
        """Whether it ended; None if that is not known (leave such rows out of a survival estimate)."""
        return None if self.event is None else self.event == "1"

    @property
    def years(self) -> float | None:
        """Years it lived, or was watched alive; None if its state is not known."""
        if self.event is None:
            return None
        return max(fraction(self.end or self.last_seen) - fraction(self.start), 0.0)

    @property
    def changes_of_president(self) -> int | None:
        """Changes of president, in either country, between its start and its end or last sight."""
        return None if self.event is None else changes(self.start, self.end or self.last_seen)


@cache
def programmes() -> dict[str, Programme]:
    """Every programme by id, in order of its start.

    Raises:
        ValueError: an id stands twice.
    """
    return by_id(sorted(table("programmes", Programme), key=lambda row: fraction(row.start)), "programme")
