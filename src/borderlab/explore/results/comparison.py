"""A finished comparison, read from its run folder: arrays with names, units and directions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np

from borderlab.evidence.tables.indicator import Indicator, indicators
from borderlab.explore.discovery.variables import Variables
from borderlab.explore.results.drawn_values import variables_of
from borderlab.explore.results.focus import Basis, focus, threshold_values
from borderlab.explore.results.robustness import Better, RankChange, Standing, rank_change, standings, weighted_score
from borderlab.explore.running.chosen import rebuild
from borderlab.explore.running.chunk import BLOCK_WEEKS, together
from borderlab.explore.running.memory import Finished
from borderlab.explore.sensitivity.pawn import slices
from borderlab.strategy.tree.tree import Strategy


@dataclass
class Comparison:
    """Results over the plausible futures.

    Attributes:
        identity: what made the run, as plain values, its hash among them. inputs: what it was made from.
        drawn: number of futures drawn.
        plausible: [drawn] bool. facts: [facts, drawn] bool, which stylised facts of history each future reproduces.
        index: [kept] numbers of the plausible futures. values: measure id -> [strategies, kept], natural units.
        course: series id -> float32 [strategies, kept, blocks].
        in_force: per strategy [rules, blocks], share of plausible futures. first, weeks: per strategy [rules, kept].
        firings: per strategy int [6, firings]: rule, place among the kept futures, week begun, imposed, ended, why.
        drawn_values: [kept, unknowns] what was drawn: numbers, and codes of options.
        weights, thresholds: the user's; thresholds as (value, basis) by measure, defaults included.
    """

    identity: Mapping[str, Any]
    inputs: Mapping[str, Any]
    drawn: int
    plausible: np.ndarray
    facts: np.ndarray
    index: np.ndarray
    values: dict[str, np.ndarray]
    course: dict[str, np.ndarray]
    in_force: list[np.ndarray]
    first: list[np.ndarray]
    weeks: list[np.ndarray]
    firings: list[np.ndarray]
    drawn_values: np.ndarray
    weights: Mapping[str, float]
    thresholds: Mapping[str, tuple[float, Basis]]

    @property
    def hash(self) -> str:
        """The hash of the identity."""
        return str(self.identity["hash"])

    @classmethod
    def read(
        cls, store: Finished, weights: Mapping[str, float] | None = None, thresholds: Mapping[str, float] | None = None
    ) -> Comparison:
        """Read a finished run, one chunk at a time; only plausible futures are kept."""
        asked = {"weights": dict(weights or {}), "thresholds": dict(thresholds or {})}
        inputs = {**store.plan.inputs, **asked}
        parts: dict[str, list[np.ndarray]] = {}
        count = len(inputs["strategies"])
        force: list[np.ndarray] = []
        for chunk in map(together, store.spans()):
            first = sum(len(part) for part in parts.get("plausible", []))
            before = sum(len(part) for part in parts.get("index", []))
            good = chunk["plausible"][chunk["index"] - first]
            parts.setdefault("plausible", []).append(chunk["plausible"])
            parts.setdefault("facts", []).append(chunk["facts"])
            parts.setdefault("index", []).append(chunk["index"][good])
            parts.setdefault("drawn", []).append(chunk["drawn"][good])
            parts.setdefault("measures", []).append(chunk["measures"][:, :, good])
            parts.setdefault("series", []).append(chunk["series"][:, :, good])
            for place in range(count):
                parts.setdefault(f"first.{place}", []).append(chunk[f"first.{place}"][:, good])
                parts.setdefault(f"weeks.{place}", []).append(chunk[f"weeks.{place}"][:, good])
                log = chunk[f"firings.{place}"][:, good[chunk[f"firings.{place}"][1]]].copy()
                log[1] = (np.cumsum(good) - 1)[log[1]] + before
                parts.setdefault(f"firings.{place}", []).append(log)
            counts = [chunk[f"in_force.{place}"].astype(np.int64) for place in range(count)]
            force = [a + b for a, b in zip(force, counts, strict=True)] if force else counts
        joined = {
            "plausible": np.concatenate(parts["plausible"]),
            "facts": np.concatenate(parts["facts"], axis=1),
            "index": np.concatenate(parts["index"]),
            "measures": np.concatenate(parts["measures"], axis=2),
            "series": np.concatenate(parts.pop("series"), axis=2),
        }
        kept = max(len(joined["index"]), 1)
        return cls(
            store.identity,
            inputs,
            store.plan.futures,
            joined["plausible"],
            joined["facts"],
            joined["index"],
            {name: joined["measures"][:, place] for place, name in enumerate(inputs["measures"])},
            {name: joined["series"][:, place] for place, name in enumerate(inputs["series"])},
            [counts / kept for counts in force],
            [np.concatenate(parts[f"first.{place}"], axis=1) for place in range(count)],
            [np.concatenate(parts[f"weeks.{place}"], axis=1) for place in range(count)],
            [np.concatenate(parts[f"firings.{place}"], axis=1) for place in range(count)],
            np.concatenate(parts["drawn"]),
            dict(weights or {}),
            threshold_values(thresholds),
        )

    @cached_property
    def strategies(self) -> list[Strategy]:
        """The strategies, the status quo first."""
        return [rebuild(plain) for plain in self.inputs["strategies"]]

    @property
    def ids(self) -> list[str]:
        """Their ids."""
        return [strategy.id for strategy in self.strategies]

    @property
    def plausible_share(self) -> float:
        """Share of the futures drawn that reproduce coded history."""
        return float(self.plausible.mean())

    @property
    def measures(self) -> list[Indicator]:
        """Measures for which better and worse are defined, headline ones first."""
        known = indicators()
        first = [name for name in focus() if name in self.values]
        rest = [name for name in self.values if name not in first and known[name].direction != "context"]
        return [known[name] for name in [*first, *rest]]

    @property
    def headline(self) -> list[Indicator]:
        """The measures shown first."""
        rows = focus()
        return [one for one in self.measures if one.id in rows and rows[one.id].headline]

    def better(self, measure: str) -> Better:
        """Which way is better."""
        direction = indicators()[measure].direction
        assert direction in ("up", "down")
        return direction  # type: ignore[return-value]

    def threshold(self, measure: str) -> float | np.ndarray | None:
        """The threshold of a measure: a value, an array over futures (relative to today), or None."""
        if measure not in self.thresholds:
            return None
        value, basis = self.thresholds[measure]
        if basis == "absolute":
            return value
        today = self.today(measure)
        return None if today is None else value * today

    def today(self, measure: str) -> np.ndarray | None:
        """[kept]: the level in the first block of the status quo; None where the course was not kept."""
        return self.course[measure][0, :, 0].astype(float) if measure in self.course else None

    @cached_property
    def standing(self) -> dict[str, list[Standing]]:
        """Measure id -> the standing of every strategy."""
        return {
            one.id: standings(self.values[one.id], self.better(one.id), self.threshold(one.id)) for one in self.measures
        }

    @cached_property
    def rank_changes(self) -> dict[str, RankChange]:
        """Measure id -> ranks under every metric."""
        return {one.id: rank_change(self.standing[one.id], self.better(one.id)) for one in self.measures}

    @cached_property
    def all_met(self) -> np.ndarray:
        """[strategies]: share of plausible futures in which every threshold is met at once."""
        good = np.ones((len(self.ids), len(self.index)), dtype=bool)
        for measure in self.thresholds:
            threshold = self.threshold(measure)
            if measure in self.values and threshold is not None:
                values = self.values[measure]
                good &= values >= threshold if self.better(measure) == "up" else values <= threshold
        return good.mean(axis=1) if good.shape[1] else np.zeros(len(self.ids))

    @cached_property
    def scores(self) -> np.ndarray | None:
        """[strategies, kept]: the weighted score, if the user gave weights."""
        if not self.weights:
            return None
        names = list(self.weights)
        return weighted_score(
            np.stack([self.values[name] for name in names]),
            [self.better(name) for name in names],
            np.array([self.weights[name] for name in names]),
        )

    @cached_property
    def variables(self) -> Variables:
        """What was drawn for the plausible futures, as columns."""
        return variables_of(self.inputs["unknowns"], self.drawn_values)

    @cached_property
    def codes(self) -> np.ndarray:
        """[kept, columns]: the slice of its range in which each drawn value lies."""
        return slices(self.variables)

    @property
    def start(self) -> date:
        """First day."""
        return date.fromisoformat(self.inputs["start"])

    @property
    def block_days(self) -> list[date]:
        """The first day of each block of the courses."""
        blocks = next(iter(self.course.values())).shape[-1] if self.course else 0
        return [self.start + timedelta(days=7 * BLOCK_WEEKS * block) for block in range(blocks)]
