"""The model beside coded history."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from borderlab.api.frames import rows
from borderlab.api.html import card
from borderlab.api.identity import identity_of
from borderlab.api.own import own_tables
from borderlab.api.plain import finite
from borderlab.base.identity import Identity
from borderlab.base.progress import Cancel, Progress, watched
from borderlab.base.progress import progress as work
from borderlab.model.history import hindcast as room
from borderlab.model.history.episodes import episode as known_episode
from borderlab.model.history.episodes import episodes

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class HindcastResult:
    """The result of :func:`hindcast`. ``episode``: the one that is asked about; None: all."""

    found: room.Hindcast = field(repr=False)
    episode: str | None
    identity: Identity = field(repr=False)

    @property
    def hash(self) -> str:
        """Of the identity."""
        return self.identity.hash

    @property
    def accepted_share(self) -> float:
        """Share of the draws that pass every fact."""
        return self.found.tested.share

    @cached_property
    def frame(self) -> pd.DataFrame:
        """A row for each stylised fact: share of draws that pass, what was observed, the model's median and band."""
        found = []
        for row in self.to_json()["facts"]:
            model = row.pop("model")
            found.append({**row, **model})
        return rows(found, "id", hash=self.hash)

    @cached_property
    def record(self) -> pd.DataFrame:
        """A row for each figure of the record: its value beside median and band of plausible futures, and whether it
        lies within.
        """
        found = []
        for id_ in episodes() if self.episode is None else [self.episode]:
            for one in room.beside(id_, self.found):
                found.append(
                    {
                        "id": one.recorded.id,
                        "episode": one.recorded.episode,
                        "recorded": one.recorded.value,
                        **one.plausible,
                        "inside": one.inside,
                        "unit": one.recorded.unit,
                        "source": one.recorded.source,
                    }
                )
        return rows(found, "id", hash=self.hash)

    def to_json(self) -> dict[str, Any]:
        """What ``borderlab hindcast --json`` prints."""
        found: dict[str, Any] = finite(self.found.contract(self.episode))
        return found

    def text(self, lang: str = "en") -> str:
        """What ``borderlab hindcast`` prints."""
        from borderlab.report.story.hindcast import hindcast_lines

        return "\n".join(hindcast_lines(self.found, self.episode, lang))

    def report(self, path: str | Path, lang: str = "en") -> Path:
        """Write the result as one offline page, and give its path."""
        from borderlab.report.page.text_page import text_page
        from borderlab.report.story.hindcast import hindcast_title

        return text_page(hindcast_title(lang), self.text(lang), lang, self.hash).write(path)

    def _repr_html_(self) -> str:
        facts = {"draws": self.found.futures.n, "plausible": f"{self.accepted_share:.1%}", "hash": self.hash}
        return card("The model beside coded history", facts, self.frame)


def hindcast(
    episode: str | None = None,
    *,
    draws: int = 4096,
    seed: int = 1,
    us_measures: bool = True,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> HindcastResult:
    """Set the model beside coded history: which facts it reproduces, in which share of futures.

    Args:
        episode: 2018, 2019, 2022, 2025 or control; all without it.
        draws: how many futures to draw. seed: of the draw.
        us_measures: with what Washington did in 2019 apart from pressure.
        progress: told of every step. cancel: stops the work when set.

    Raises:
        InputError: there is no such episode, or no such draw.
        Cancelled: ``cancel`` was set.
    """
    if episode is not None:
        known_episode(episode)
    with watched(progress, cancel), work("history", 1.0) as advance:
        found = room.hindcast(draws, seed, us_measures=us_measures)
        advance(1.0)
    inputs = {"draws": draws, "seed": seed, "us_measures": us_measures}
    return HindcastResult(found, episode, identity_of("hindcast", inputs, own_tables()))
