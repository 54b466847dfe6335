"""A search over a strategy's free numbers for the robust trade-off front."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from borderlab.api.frames import rows
from borderlab.api.html import card
from borderlab.api.identity import identity_of
from borderlab.api.own import own_tables
from borderlab.api.strategies import Strategy, strategy_of
from borderlab.base import safefile
from borderlab.base.identity import Identity
from borderlab.base.progress import Cancel, Progress, watched
from borderlab.evidence.tables.indicator import indicators
from borderlab.explore.results.focus import measure_ids
from borderlab.explore.search.nsga import MARKER, Front, search
from borderlab.model.border.patterns import surfaces_of
from borderlab.strategy.tree import tree

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Improvement:
    """The result of :func:`improve`. ``front``: as the search gives it."""

    front: Front = field(repr=False)
    identity: Identity = field(repr=False)
    drawn: int
    seed: int

    @property
    def hash(self) -> str:
        """Of the identity."""
        return self.identity.hash

    @property
    def strategies(self) -> dict[str, Strategy]:
        """The strategies of the front by id."""
        return {one.strategy.id: Strategy.of(one.strategy) for one in self.front.front}

    @property
    def frame(self) -> pd.DataFrame:
        """A row for the strategy as it is and for each of the front: means of the measures on unseen futures, then the
        numbers that were turned.
        """
        free = [number.path for number in self.front.free]
        known = indicators()
        made = rows(
            [
                {"strategy": one.strategy.id, **one.unseen, **{path: one.numbers[path] for path in free}}
                for one in (self.front.start, *self.front.front)
            ],
            "strategy",
            hash=self.hash,
        )
        made.attrs["units"] = {id_: known[id_].unit for id_ in self.front.measures} | {
            number.path: number.unit for number in self.front.free
        }
        return made

    def to_json(self) -> dict[str, Any]:
        """What ``borderlab improve --json`` prints."""
        return self.front.as_json()

    def text(self, lang: str = "en") -> str:
        """What ``borderlab improve`` prints."""
        from borderlab.report.comparison.text import standing_lines

        return "\n".join([*self.front.lines(), "", *standing_lines(self.drawn, self.seed, self.front.futures, lang)])

    def save(self, folder: str | Path) -> list[Path]:
        """Write each strategy of the front as a file that ``compare`` can read, and the front as JSON."""
        return self.front.write(Path(folder))

    def report(self, path: str | Path, lang: str = "en") -> Path:
        """Write the result as one offline page, and give its path."""
        from borderlab.report.page.text_page import text_page

        title = self.front.start.strategy.title.get(lang) or self.front.start.strategy.id
        return text_page(title, self.text(lang), lang, self.hash).write(path)

    def _repr_html_(self) -> str:
        facts = {"tried": self.front.tried, "on the front": len(self.front.front), "hash": self.hash}
        return card(f"{self.front.start.strategy.id}: numbers that do better", facts, self.frame)


def improve(
    strategy: str | Path | tree.Strategy,
    on: Sequence[str] | str = ("arrivals", "cost-us"),
    *,
    futures: int = 500,
    years: float = 10.0,
    seed: int = 1,
    rounds: int = 8,
    size: int = 12,
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> Improvement:
    """Search a strategy's free numbers (thresholds, steps, holds) for the robust trade-off front (needs pymoo).

    Args:
        on: measures to improve, ids or short words.
        futures: how many to draw; the plausible ones judge. seed: of the draw and of the search.
        years: how long each is. rounds: generations. size: candidates in each.
        progress: told of every step. cancel: stops the work when set.

    Raises:
        InputError: with what is wrong: no free numbers, too few plausible futures …
        Cancelled: ``cancel`` was set.
    """
    chosen, measures = strategy_of(strategy), measure_ids([on] if isinstance(on, str) else on)
    with watched(progress, cancel):
        front = search(chosen, measures, futures=futures, years=float(years), seed=seed, rounds=rounds, size=size)
    inputs = {
        "strategy": chosen.essence(),
        "on": list(measures),
        "futures": futures,
        "years": float(years),
        "seed": seed,
        "rounds": rounds,
        "size": size,
        "surfaces": surfaces_of(chosen),
    }
    return Improvement(front, identity_of("improve", inputs, own_tables()), futures, seed)


def check_folder(folder: str | Path) -> None:
    """Refuse a folder that :meth:`Improvement.save` could not use, before the search.

    Raises:
        InputError: it is a file, cannot be made, or holds other things.
    """
    safefile.check_folder(folder, marker=MARKER)
