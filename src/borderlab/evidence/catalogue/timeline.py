"""Programmes, episodes and presidents on one line of time."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Any, Literal

from borderlab.base.problems import InputError, Problem
from borderlab.evidence.tables.dates import first_day, fraction, last_day
from borderlab.evidence.tables.episode import episodes
from borderlab.evidence.tables.leader import leaders
from borderlab.evidence.tables.programme import programmes

Lane = Literal["leader-us", "leader-mx", "programme", "episode", "control"]


@dataclass(frozen=True)
class Span:
    """One bar or point of the timeline.

    Attributes:
        id: name of the programme, episode or leader.
        lane: leader-us, leader-mx, programme, episode (a threat or measure), control (no threat).
        title_en, title_es: what it is called.
        start, end: dates as the tables give them; no end if it runs on, or is not known.
        open: it runs on, or was running when last seen.
        form: of a programme; kind of an episode.
        sources: source ids.
        short: a short name, for presidents.
    """

    id: str
    lane: Lane
    title_en: str
    title_es: str
    start: str
    end: str | None
    open: bool
    form: str
    sources: tuple[str, ...]
    short: str = ""

    def title(self, lang: str) -> str:
        """What it is called in ``lang``."""
        return self.title_es if lang == "es" else self.title_en

    def to_json(self, lang: str = "en") -> dict[str, Any]:
        """The span as ``evidence timeline --json`` gives it."""
        return {
            "id": self.id,
            "lane": self.lane,
            "title": self.title(lang),
            "start": self.start,
            "end": self.end,
            "open": self.open,
            "form": self.form,
            "sources": list(self.sources),
        }


def timeline(first: str = "1969", last: str | None = None) -> list[Span]:
    """Everything that lies at least partly between ``first`` and ``last``, by its start.

    Raises:
        InputError: a date is not of the form 2019, 2019-06 or 2019-06-07, or they stand in the wrong order.
    """
    for text in (first, last):
        if text is not None:
            try:
                first_day(text)
            except ValueError as error:
                raise InputError(Problem(f"{error}.")) from None
    low = fraction(first_day(first).isoformat())
    high = inf if last is None else fraction(last_day(last).isoformat())
    if low > high:
        raise InputError(
            Problem(f"the timeline ends ({last}) before it begins ({first}).", cure="Swap --from and --to.")
        )
    spans = [*_leaders(), *_programmes(), *_episodes()]
    kept = [
        span
        for span in spans
        if fraction(span.start) <= high and (span.open or fraction(span.end or span.start) >= low)
    ]
    return sorted(kept, key=lambda span: (fraction(span.start), span.lane, span.id))


def _leaders() -> list[Span]:
    return [
        Span(row.id, "leader-us" if row.country == "US" else "leader-mx", row.name, row.name, row.start, row.end,
             row.end is None, "president", row.sources, row.short)
        for row in leaders()
    ]  # fmt: skip


def _programmes() -> list[Span]:
    spans = []
    for row in programmes().values():
        end = row.end or (None if row.ended else row.last_seen)
        spans.append(
            Span(
                row.id, "programme", row.name_en, row.name_es, row.start, end, row.ended is False, row.form, row.sources
            )
        )
    return spans


def _episodes() -> list[Span]:
    return [
        Span(row.id, "control" if row.is_control else "episode", row.title_en, row.title_es, row.start,
             row.lifted or row.deadline, False, row.kind, row.sources)
        for row in episodes().values()
    ]  # fmt: skip
