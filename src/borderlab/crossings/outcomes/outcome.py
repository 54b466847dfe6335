"""What a scenario gives beside its baseline: measures by lane and hour, and their sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from borderlab.base.identity import Identity
from borderlab.crossings.border.cost import cost_per_hour, delayed_after_min
from borderlab.crossings.border.places import crossing
from borderlab.crossings.border.trade import truck_values
from borderlab.crossings.queues.network import PER_HOUR, Network
from borderlab.crossings.queues.tally import Tally, wait_quantile
from borderlab.crossings.scenarios.scenario import Scenario

# Every measure of the tables: unit, and how it adds up. "sum" adds over lanes and hours; "max" takes the largest;
# "mean" and "p95" are over the entities that joined a line.
MEASURES: dict[str, tuple[str, str]] = {
    "arrivals": ("entities", "sum"),
    "served": ("entities", "sum"),
    "diverted_away": ("entities", "sum"),
    "diverted_in": ("entities", "sum"),
    "put_off": ("entities", "sum"),
    "came_back": ("entities", "sum"),
    "mean_wait_min": ("minutes", "mean"),
    "p95_wait_min": ("minutes", "p95"),
    "max_wait_min": ("minutes", "max"),
    "longest_queue": ("entities", "max"),
    "delay_hours": ("entity-hours", "sum"),
    "detour_hours": ("entity-hours", "sum"),
    "user_cost_usd": ("USD", "sum"),
    "us_imports_crossed_usd": ("USD", "sum"),
    "us_imports_delayed_usd": ("USD", "sum"),
    "us_imports_put_off_usd": ("USD", "sum"),
    "us_exports_linked_usd": ("USD", "sum"),
}
SUMS = tuple(name for name, (_, how) in MEASURES.items() if how == "sum")
SIDES = ("baseline", "scenario")
Table = dict[str, NDArray[Any] | list[Any]]


@dataclass(frozen=True, eq=False)
class Outcome:
    """A scenario and its baseline, simulated with common random numbers.

    Attributes:
        scenario: what was put in force; an ordinary stretch of days has no restriction.
        first, last: days simulated and kept, both counted (a day of warm-up before them is dropped).
        seed: of both runs.
        networks, tallies: by side, "baseline" and "scenario".
        warm_up: hours before ``first`` in the arrays of the tallies.
        identity: what made the result.
    """

    scenario: Scenario
    first: date
    last: date
    seed: int
    networks: dict[str, Network]
    tallies: dict[str, Tally]
    warm_up: int
    identity: Identity
    seconds: float = 0.0
    _cache: dict[Any, Any] = field(default_factory=dict, repr=False)

    @property
    def hash(self) -> str:
        """Of the identity."""
        return self.identity.hash

    @property
    def network(self) -> Network:
        """The baseline's network (lanes are the same on both sides)."""
        return self.networks["baseline"]

    @cached_property
    def lanes(self) -> list[tuple[str, str, str]]:
        """(crossing, lane class, mode) of each lane."""
        net = self.network
        return list(zip(net.crossing, net.lane_class, net.mode, strict=True))

    @property
    def n_hours(self) -> int:
        """Hours kept."""
        return 24 * self.n_days

    @property
    def n_days(self) -> int:
        """Days kept."""
        return (self.last - self.first).days + 1

    @cached_property
    def days(self) -> list[date]:
        """The days kept."""
        return [self.first + timedelta(days=step) for step in range(self.n_days)]

    def hourly(self, side: str) -> dict[str, NDArray[np.float64]]:
        """[L, H] arrays of one side by name: the measures that add up, and those the others are made from."""
        if side not in self._cache:
            self._cache[side] = self._hourly(side)
        found: dict[str, NDArray[np.float64]] = self._cache[side]
        return found

    def _hourly(self, side: str) -> dict[str, NDArray[np.float64]]:
        tally, cut = self.tallies[side], slice(self.warm_up, self.warm_up + self.n_hours)

        def get(name: str) -> NDArray[np.float64]:
            return np.asarray(getattr(tally, name)[:, cut], dtype=np.float64)

        put_off, returned = get("put_off"), get("returned")
        joined, wait = get("joined"), get("wait_sum")
        delay = wait + get("secondary_wait") + get("stage_wait") + get("stage_time")
        detour, extra_usd = self._detours(tally, get("diverted_away"))
        hour_usd = np.array([cost_per_hour(mode) for _, _, mode in self.lanes])[:, None]
        north, south = self._values()
        out = {
            "arrivals": get("arrivals"),
            "served": get("served"),
            "diverted_away": get("diverted_away"),
            "diverted_in": get("diverted_in"),
            "put_off": put_off,
            "came_back": returned,
            "joined": joined,
            "wait_sum_min": wait,
            "max_wait_min": get("wait_max"),
            "longest_queue": get("queue_max"),
            "delay_hours": delay / 60,
            "detour_hours": detour / 60,
            "user_cost_usd": (delay + detour) / 60 * hour_usd + extra_usd,
            "us_imports_crossed_usd": get("served") * north,
            "us_imports_put_off_usd": (put_off - returned) * north,
            "us_exports_linked_usd": (put_off - returned) * south,
        }
        # A load is delayed if its hour's mean wait lies that far above the baseline's of the same hour.
        mean = np.divide(delay, joined, out=np.zeros_like(delay), where=joined > 0)
        out["mean_delay_min"] = mean
        usual = mean if side == "baseline" else self.hourly("baseline")["mean_delay_min"]
        out["us_imports_delayed_usd"] = joined * north * (mean - usual >= delayed_after_min())
        return out

    def _detours(self, tally: Tally, away: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """[L, H] minutes and dollars that those who left a lane spent on the way to another one.

        The engine counts each way taken by day; within a day they are spread as the hours in which drivers left.
        """
        net, first = self.network, self.warm_up // 24
        flow = np.asarray(tally.edge_flow[:, first : first + self.n_days], dtype=np.float64)
        source = np.repeat(np.arange(net.n_lanes), np.diff(net.alt_ptr))
        by_hour = away.reshape(len(self.lanes), self.n_days, 24)
        by_day = by_hour.sum(axis=2)
        found = []
        for price in (net.alt_detour_min, net.alt_extra_usd):
            total = np.zeros((len(self.lanes), self.n_days))
            np.add.at(total, source, flow * np.asarray(price, dtype=np.float64)[:, None])
            each = np.divide(total, by_day, out=np.zeros_like(total), where=by_day > 0)
            found.append((by_hour * each[:, :, None]).reshape(away.shape))
        return found[0], found[1]

    def _values(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """[L, 1] northbound and southbound freight value per truck; 0 for people and cars."""
        if not any(mode == "truck" for _, _, mode in self.lanes):
            nothing = np.zeros((len(self.lanes), 1))
            return nothing, nothing
        values = truck_values(self.first.year)
        pairs = [
            (values[place].northbound, values[place].southbound) if mode == "truck" and place in values else (0.0, 0.0)
            for place, _, mode in self.lanes
        ]
        both = np.array(pairs)
        return both[:, :1], both[:, 1:]

    # -- sums -----------------------------------------------------------------------------------------------------

    def labels(self, by: str) -> list[str]:
        """A label for each lane: ``lane``, ``crossing``, ``port``, ``region``, ``mode`` or ``all``, with its mode.

        Cars and trucks are never added up, except their hours and costs under ``all``.
        """
        if by == "lane":
            return [f"{place}/{lane}" for place, lane, _ in self.lanes]
        if by == "all":
            return ["all"] * len(self.lanes)
        if by == "mode":
            return [mode for _, _, mode in self.lanes]
        if by == "class":
            return [lane for _, lane, _ in self.lanes]
        return [f"{_place_label(place, by)}/{mode}" for place, _, mode in self.lanes]

    def parts(self, over: str) -> tuple[list[str], NDArray[np.int64]]:
        """Names of the stretches (``day``, ``month``, ``period``, ``span``) and the one each day is in (-1: none)."""
        if over == "day":
            return [day.isoformat() for day in self.days], np.arange(self.n_days)
        if over == "month":
            names = [f"{day:%Y-%m}" for day in self.days]
            known = list(dict.fromkeys(names))
            return known, np.array([known.index(name) for name in names])
        if over == "period":
            first, last = self.scenario.first, self.scenario.last
            return [f"{first}/{last}"], np.array([0 if first <= day <= last else -1 for day in self.days])
        return [f"{self.first}/{self.last}"], np.zeros(self.n_days, dtype=np.int64)

    def summed(self, side: str, by: str, over: str) -> dict[str, Any]:
        """Measures of one side summed over lanes and time.

        Returns:
            ``labels`` [G], ``parts`` [P], and one [G, P] array for each of :data:`MEASURES` and for ``joined``.
        """
        key = (side, by, over)
        if key not in self._cache:
            self._cache[key] = self._summed(side, by, over)
        found: dict[str, Any] = self._cache[key]
        return found

    def _summed(self, side: str, by: str, over: str) -> dict[str, Any]:
        labels = self.labels(by)
        known = list(dict.fromkeys(labels))
        group = np.array([known.index(label) for label in labels])
        names, part = self.parts(over)
        hourly = self.hourly(side)
        size = (len(known), len(names))
        kept = np.flatnonzero(part >= 0)
        cell = (group[:, None] * len(names) + part[kept][None, :]).ravel()
        out: dict[str, Any] = {"labels": known, "parts": names}

        def by_day(name: str, how: str) -> NDArray[np.float64]:
            block = hourly[name].reshape(len(labels), self.n_days, 24)[:, kept]
            found: NDArray[np.float64] = block.sum(axis=2) if how == "sum" else block.max(axis=2)
            return found

        for name in (*SUMS, "joined", "wait_sum_min"):
            out[name] = np.bincount(cell, weights=by_day(name, "sum").ravel(), minlength=size[0] * size[1]).reshape(
                size
            )
        for name in ("max_wait_min", "longest_queue"):
            flat = np.zeros(size[0] * size[1])
            np.maximum.at(flat, cell, by_day(name, "max").ravel())
            out[name] = flat.reshape(size)
        joined, wait = out["joined"], out["wait_sum_min"]
        out["mean_wait_min"] = np.divide(wait, joined, out=np.full(size, np.nan), where=joined > 0)
        out["p95_wait_min"] = self._p95(side, group, part, kept, out["max_wait_min"])
        return out

    def _p95(
        self,
        side: str,
        group: NDArray[np.int64],
        part: NDArray[np.int64],
        kept: NDArray[np.int64],
        longest: NDArray[np.float64],
    ) -> NDArray[np.float64]:
        first = self.warm_up // 24
        counts = self.tallies[side].histogram[:, first : first + self.n_days]
        merged = np.zeros((*longest.shape, counts.shape[-1]), dtype=np.int64)
        for lane in range(counts.shape[0]):
            np.add.at(merged[group[lane]], part[kept], counts[lane, kept].astype(np.int64))
        found = np.full(longest.shape, np.nan)
        for cell in zip(*np.nonzero(merged.sum(axis=-1)), strict=True):
            found[cell] = wait_quantile(merged[cell], 0.95, float(longest[cell]))
        return found

    def table(self, by: str, over: str) -> Table:
        """One row for each label and stretch: keys, then every measure of baseline and scenario."""
        sides = {side: self.summed(side, by, over) for side in SIDES}
        labels, parts = sides["baseline"]["labels"], sides["baseline"]["parts"]
        out: Table = dict(self._keys(by, labels, len(parts)))
        out[{"day": "date", "month": "month"}.get(over, "period")] = [name for _ in labels for name in parts]
        for name in MEASURES:
            for side in SIDES:
                out[f"{side}_{name}"] = _whole(name, sides[side][name].ravel())
        return out

    def hours_table(self) -> Table:
        """One row for each lane and hour. The longest table: L x H rows."""
        count = self.n_hours
        pairs = self.labels("lane")
        out: Table = dict(self._keys("lane", pairs, count))
        out["date"] = [day.isoformat() for day in self.days for _ in range(24)] * len(pairs)
        out["hour"] = np.tile(np.arange(24, dtype=np.int16), self.n_days * len(pairs))
        for name, (_, how) in MEASURES.items():
            for side in SIDES:
                hourly = self.hourly(side)
                if name == "p95_wait_min":
                    cut = slice(self.warm_up, self.warm_up + count)
                    values = np.asarray(self.tallies[side].wait_p95[:, cut], dtype=np.float64)
                elif how == "mean":
                    joined = hourly["joined"]
                    blank = np.full_like(joined, np.nan)
                    values = np.divide(hourly["wait_sum_min"], joined, out=blank, where=joined > 0)
                else:
                    values = hourly[name]
                out[f"{side}_{name}"] = _whole(name, values.ravel())
        return out

    def _keys(self, by: str, labels: Sequence[str], repeat: int) -> dict[str, list[str]]:
        """Key columns: who a row is about."""
        columns: dict[str, list[str]] = {}
        for label in labels:
            head, _, tail = label.partition("/")
            if by == "lane":
                place = crossing(head)
                mode = next(mode for name, lane, mode in self.lanes if (name, lane) == (head, tail))
                row = {"crossing": head, "port": place.port, "region": place.region, "mode": mode, "lane": tail}
            elif by == "crossing":
                place = crossing(head)
                row = {"crossing": head, "port": place.port, "region": place.region, "mode": tail}
            elif by in ("port", "region"):
                row = {by: head, "mode": tail}
            else:
                row = {by: head}
            for name, value in row.items():
                columns.setdefault(name, []).extend([value] * repeat)
        return columns

    def diverted(self) -> list[dict[str, Any]]:
        """Who went where instead, over the days kept: from, to, mode and entities on both sides, most first."""
        net = self.network
        first = self.warm_up // 24
        flows = {
            side: np.asarray(self.tallies[side].edge_flow)[:, first : first + self.n_days].sum(axis=1) for side in SIDES
        }
        source = np.repeat(np.arange(net.n_lanes), np.diff(net.alt_ptr))
        found: dict[tuple[str, str, str], list[float]] = {}
        for edge, (start, end) in enumerate(zip(source, net.alt_lane, strict=True)):
            key = (net.crossing[start], net.crossing[end], net.mode[start])
            if key[0] == key[1]:
                continue
            pair = found.setdefault(key, [0.0, 0.0])
            pair[0] += float(flows["baseline"][edge])
            pair[1] += float(flows["scenario"][edge])
        rows = [
            {"from": key[0], "to": key[1], "mode": key[2], "baseline": round(pair[0]), "scenario": round(pair[1])}
            for key, pair in found.items()
            if pair[0] or pair[1]
        ]
        return sorted(rows, key=lambda row: (-(row["scenario"] - row["baseline"]), row["from"], row["to"]))

    def posted(self, side: str) -> NDArray[np.float64]:
        """[L, H] posted waits in minutes at the full hour; NaN where closed."""
        cut = slice(self.warm_up * PER_HOUR, (self.warm_up + self.n_hours) * PER_HOUR, PER_HOUR)
        return np.asarray(self.tallies[side].posted[:, cut], dtype=np.float64)


def _place_label(name: str, by: str) -> str:
    place = crossing(name)
    return {"crossing": place.id, "port": place.port, "region": place.region}[by]


def _whole(name: str, values: NDArray[np.float64]) -> NDArray[Any]:
    """Counts as whole numbers, minutes and dollars rounded to what they can bear."""
    unit, how = MEASURES[name]
    if unit == "entities" and how in ("sum", "max"):
        return np.rint(values).astype(np.int64)
    return np.round(values, 2 if unit != "USD" else 0)
