"""A scenario of the border: a title, a period, and restrictions."""

from __future__ import annotations

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict

from borderlab.crossings.scenarios.period import whole_months
from borderlab.crossings.scenarios.restriction import Restriction

MAX_DAYS = 1100


class OwnVolume(BaseModel):
    """Traffic of the scenario's own time at one crossing, in place of the table's.

    Attributes:
        per_day: entries on an average day of the period.
        booths: most booths open in its own time, in one standard lane class; None means as today.
        service_min: minutes at a booth in its own time; None means as fitted today.
        source: source ids or a reference in words.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    crossing: str
    mode: str
    per_day: float
    booths: float | None = None
    service_min: float | None = None
    source: tuple[str, ...] = ()


class Counted(BaseModel):
    """A published change of entries, to set beside the simulated one.

    Attributes:
        port: BTS code; month: ``"2022-04"``; day: the one day counted, if it was not a month; change: part of the
            ordinary month or day; source: source id or words.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    port: str
    mode: str
    month: str
    day: date | None = None
    change: float
    source: str = ""


class Scenario(BaseModel):
    """A checked scenario.

    Attributes:
        id: the shipped name, or the stem of the file.
        title_en, title_es, gist_en, gist_es: words for readers; a file with one language has it in both.
        first, last: the period that its author wants to see, both days counted.
        volumes: traffic of its own time; if there is any, only these crossings are simulated.
        restrictions: what is in force.
        sources: source ids or references in words.
        observed: what was observed, for the report to set beside the result; (words_en, words_es, source).
        counted: published changes by port, mode and month.
        upper_bounds: published totals, shown as upper bounds beside the cost: (words_en, words_es, USD, source).
        text: the file as read.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    title_en: str
    title_es: str
    gist_en: str = ""
    gist_es: str = ""
    first: date
    last: date
    volumes: tuple[OwnVolume, ...] = ()
    restrictions: tuple[Restriction, ...] = ()
    sources: tuple[str, ...] = ()
    assumptions: tuple[tuple[str, str], ...] = ()
    observed: tuple[tuple[str, str, str], ...] = ()
    counted: tuple[Counted, ...] = ()
    upper_bounds: tuple[tuple[str, str, float, str], ...] = ()
    text: str = ""

    def title(self, lang: str) -> str:
        """The title in a language."""
        return self.title_es if lang == "es" else self.title_en

    def gist(self, lang: str) -> str:
        """The gist in a language."""
        return self.gist_es if lang == "es" else self.gist_en

    def span(self) -> tuple[date, date]:
        """The days that are simulated: the period, widened to the calendar months that its restrictions touch.

        Monthly counts are published by calendar month; a change that is to be compared with them must be the
        change of the whole month, not of the eight days in it.
        """
        first, last = self.first, self.last
        if self.restrictions:
            begun, ended = whole_months(
                min(restriction.first for restriction in self.restrictions),
                max(restriction.last for restriction in self.restrictions),
            )
            first, last = min(first, begun), max(last, ended)
        return first, last

    def inputs(self) -> dict[str, Any]:
        """What of the scenario a result depends on (not its words), for the hash."""
        return {
            "span": [str(day) for day in self.span()],
            "volumes": [volume.model_dump(exclude={"source"}) for volume in self.volumes],
            "restrictions": [
                restriction.model_dump(exclude={"source", "note_en", "note_es", "file", "line"}, mode="json")
                for restriction in self.restrictions
            ],
        }


def ordinary(first: date, last: date) -> Scenario:
    """The border as it ordinarily is, for a stretch of days: no restriction."""
    return Scenario(
        id="ordinary",
        title_en="The border as it ordinarily is",
        title_es="La frontera en su estado habitual",
        first=first,
        last=last,
    )
