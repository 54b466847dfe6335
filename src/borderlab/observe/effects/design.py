"""How an episode is studied on a series: what it struck, when, and what may serve as a control."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from borderlab.base.problems import InputError, Problem, nearest
from borderlab.evidence.tables.episode import Episode, episodes
from borderlab.evidence.tables.table import SourcedRow, table
from borderlab.observe.series.shipped import month

DEFAULT_MONTHS = 6


class DesignRow(SourcedRow):
    """A row of ``reference/observe/designs.csv``."""

    episode: str
    series: str
    treated: str
    excluded: str | None = None
    start: str
    months: int
    note_en: str | None = None
    note_es: str | None = None


@dataclass(frozen=True)
class Design:
    """Attributes:
    treated: parts that were struck; empty = the whole border.
    excluded: parts that took what was diverted.
    start: first month touched; months: how many are judged.
    stated: a row of the table says so; False = the plain default.
    """

    episode: Episode
    series: str
    treated: frozenset[str]
    excluded: frozenset[str]
    start: date
    months: int
    stated: bool
    note_en: str | None = None
    note_es: str | None = None


def design_for(episode_id: str, series_id: str) -> Design:
    """The design of an episode on a series; without a row in the table the whole border is taken as struck.

    Raises:
        InputError: no such episode.
    """
    known = episodes()
    if episode_id not in known:
        raise InputError(
            Problem(
                f"there is no episode '{episode_id}'.",
                did_you_mean=nearest(episode_id, known),
                cure="'borderlab evidence timeline' lists them.",
            )
        )
    episode = known[episode_id]
    for row in table("observe/designs", DesignRow):
        if (row.episode, row.series) == (episode_id, series_id):
            treated = frozenset() if row.treated == "all" else frozenset(row.treated.split("|"))
            excluded = frozenset((row.excluded or "").split("|")) - {""}
            start = month(row.start)
            return Design(episode, series_id, treated, excluded, start, row.months, True, row.note_en, row.note_es)
    return Design(episode, series_id, frozenset(), frozenset(), _first_month(episode.start), DEFAULT_MONTHS, False)


def control_episodes(series_id: str) -> tuple[Design, ...]:
    """The designs of the no-threat controls on a series."""
    rows = table("observe/designs", DesignRow)
    known = episodes()
    found = [row.episode for row in rows if row.series == series_id and row.episode in known]
    return tuple(design_for(name, series_id) for name in found if known[name].kind == "control")


def _first_month(text: str) -> date:
    """The first month that an event touches for more than half: after the 15th the next month is taken."""
    if len(text) == 4:
        return date(int(text), 1, 1)
    when = month(text)
    if len(text) > 7 and int(text[8:10]) > 15:
        return date(when.year + when.month // 12, when.month % 12 + 1, 1)
    return when
