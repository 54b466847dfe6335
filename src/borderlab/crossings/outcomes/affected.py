"""Which lanes, crossings and ports a scenario touches most: what a report is about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import numpy as np

from borderlab.crossings.outcomes.outcome import SIDES, Outcome
from borderlab.crossings.queues.network import PER_HOUR

LEAST_CHANGE = 0.005
LEAST_ENTITIES = 100


@dataclass(frozen=True)
class PortChange:
    """Entries of a port and mode in a month, as usual and with the restrictions."""

    port: str
    mode: str
    month: str
    baseline: float
    scenario: float

    @property
    def share(self) -> float:
        """Change as part of the usual; 0 where nothing is usual."""
        return (self.scenario - self.baseline) / self.baseline if self.baseline else 0.0

    @property
    def entities(self) -> float:
        """Change in entities."""
        return self.scenario - self.baseline


def port_changes(outcome: Outcome) -> list[PortChange]:
    """Every port, mode and month, largest change in entities first."""
    sides = {side: outcome.summed(side, "port", "month") for side in SIDES}
    found = [
        PortChange(
            label.partition("/")[0], label.partition("/")[2], month, *(float(sides[s]["served"][i, j]) for s in SIDES)
        )
        for i, label in enumerate(sides["baseline"]["labels"])
        for j, month in enumerate(sides["baseline"]["parts"])
    ]
    return sorted(found, key=lambda row: (-abs(row.entities), row.port, row.mode, row.month))


def notable(changes: Sequence[PortChange]) -> list[PortChange]:
    """Changes that are more than noise: half a per cent and a hundred entities, where at least a hundred cross."""
    return [
        row
        for row in changes
        if abs(row.share) >= LEAST_CHANGE and abs(row.entities) >= LEAST_ENTITIES and row.baseline >= LEAST_ENTITIES
    ]


def largest_fall(outcome: Outcome) -> PortChange | None:
    """The port, mode and month that loses most entries."""
    falls = [row for row in notable(port_changes(outcome)) if row.entities < 0]
    return falls[0] if falls else None


def touched_modes(outcome: Outcome) -> list[str]:
    """Modes whose lines or counts change, the one with most extra hours or lost entries first."""
    sides = {side: outcome.summed(side, "mode", "span") for side in SIDES}
    weight = {}
    for place, mode in enumerate(sides["baseline"]["labels"]):
        hours = abs(sides["scenario"]["delay_hours"][place, 0] - sides["baseline"]["delay_hours"][place, 0])
        lost = abs(sides["scenario"]["served"][place, 0] - sides["baseline"]["served"][place, 0])
        weight[mode] = float(hours + 2 * lost)
    most = max(weight.values(), default=0.0)
    return sorted((mode for mode, size in weight.items() if size > 0.02 * most and size > 10), key=lambda m: -weight[m])


def crossing_rows(outcome: Outcome, mode: str) -> list[dict[str, Any]]:
    """Crossings of a mode in the scenario's period: traffic a day, mean and longest wait on both sides."""
    sides = {side: outcome.summed(side, "crossing", "period") for side in SIDES}
    days = max((outcome.scenario.last - outcome.scenario.first).days + 1, 1)
    rows = []
    for place, label in enumerate(sides["baseline"]["labels"]):
        name, _, its_mode = label.partition("/")
        if its_mode != mode:
            continue
        row: dict[str, Any] = {"crossing": name, "mode": mode}
        for side in SIDES:
            found = sides[side]
            row[side] = {
                "per_day": float(found["served"][place, 0]) / days,
                "mean": float(found["mean_wait_min"][place, 0]),
                "max": float(found["max_wait_min"][place, 0]),
                "hours": float(found["delay_hours"][place, 0]),
            }
        row["closed"] = (
            row["baseline"]["per_day"] > 0 and row["scenario"]["per_day"] < 0.02 * row["baseline"]["per_day"]
        )
        row["change"] = row["scenario"]["mean"] - row["baseline"]["mean"]
        rows.append(row)
    return rows


def shut(outcome: Outcome) -> np.ndarray:
    """[L] lanes that next to nobody joins in the scenario's period, though many usually do."""
    joined = {side: outcome.summed(side, "lane", "period")["joined"][:, 0] for side in SIDES}
    closed: np.ndarray = (joined["baseline"] > 0) & (joined["scenario"] < 0.02 * joined["baseline"])
    return closed


def worst_lanes(outcome: Outcome, most: int = 6) -> list[int]:
    """Lanes that change most, one lane class a crossing and mode: by change of mean wait times usual traffic.

    Hours in line would not do: where a line drives its users away, few wait long and the sum hardly moves.
    """
    found_by_side = {side: outcome.summed(side, "lane", "period") for side in SIDES}
    hours = {side: found["delay_hours"][:, 0] for side, found in found_by_side.items()}
    served = {side: found["served"][:, 0] for side, found in found_by_side.items()}
    if not outcome.scenario.restrictions:
        size = hours["baseline"]
    else:
        mean = {side: found["mean_wait_min"][:, 0] for side, found in found_by_side.items()}
        change = np.nan_to_num(np.abs(mean["scenario"] - mean["baseline"])) * ~shut(outcome)
        size = change * served["baseline"] / 60 + np.abs(served["scenario"] - served["baseline"])
    # A handful of vehicles at a remote gate can wait for days without mattering to anybody else.
    small = served["baseline"] < 0.002 * max(served["baseline"].sum(), 1.0)
    size = np.where(small, 0.0, size)
    found: list[int] = []
    seen: set[tuple[str, str]] = set()
    for lane in np.argsort(-size, kind="stable"):
        place, _, mode = outcome.lanes[lane]
        if size[lane] <= 1 or (place, mode) in seen:
            continue
        seen.add((place, mode))
        found.append(int(lane))
        if len(found) == most:
            break
    return found


def window(outcome: Outcome, most_days: int = 16, around: int = 2) -> tuple[date, date]:
    """The days to draw hour by hour: the period and two days on each side, at most ``most_days`` from its start."""
    first = max(outcome.scenario.first - timedelta(days=around), outcome.first)
    last = min(outcome.scenario.last + timedelta(days=around), outcome.last)
    return first, min(last, first + timedelta(days=most_days - 1))


def open_ahead(outcome: Outcome, side: str, lane: int) -> np.ndarray:
    """[H] hours that a lane stays open from each full hour on; 0 where closed."""
    booths = outcome.networks[side].booths[lane, ::PER_HOUR]
    ahead = np.zeros(len(booths))
    for hour in range(len(booths) - 1, -1, -1):
        if booths[hour] > 0:
            ahead[hour] = 1 + (ahead[hour + 1] if hour + 1 < len(booths) else 24)
    return ahead[outcome.warm_up : outcome.warm_up + outcome.n_hours]


def hourly_waits(outcome: Outcome, lanes: Sequence[int], first: date, last: date) -> list[dict[str, Any]]:
    """Posted waits at each full hour of some lanes: lane index, side, ISO time, hours of wait.

    None where the lane is closed, and where who joins would be served only after the next opening: no sign posts
    a wait over night.
    """
    start, stop = (first - outcome.first).days * 24, ((last - outcome.first).days + 1) * 24
    begin = datetime.combine(first, datetime.min.time())
    times = [(begin + timedelta(hours=step)).isoformat(timespec="minutes") for step in range(stop - start)]
    rows = []
    for side in SIDES if outcome.scenario.restrictions else SIDES[:1]:
        posted = outcome.posted(side) / 60
        for lane in lanes:
            ahead = open_ahead(outcome, side, lane)[start:stop]
            for time, hours, left in zip(times, posted[lane, start:stop], ahead, strict=True):
                shown = None if np.isnan(hours) or hours > left else round(float(hours), 2)
                rows.append({"lane": lane, "side": side, "t": time, "h": shown})
    return rows
