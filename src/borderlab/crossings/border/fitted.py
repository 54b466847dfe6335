"""The fitted table: each lane's ordinary week, made by `calibrate`, shipped with the package, read by `baseline`."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from borderlab.base.inputfile import parse_json, read_text
from borderlab.base.problems import InputError, Problem
from borderlab.base.safefile import whole_file
from borderlab.crossings.border.places import LANE_CLASSES, MODE_OF, crossings
from borderlab.evidence.tables.table import REFERENCE

Array = NDArray[np.float64]

SCHEMA = "borderlab/crossings-fitted/1"
SHIPPED = REFERENCE / "crossings" / "fitted.json"
_MAX_BYTES = 20_000_000
GROUPS = ("mon-thu", "fri", "sat", "sun")
"""Kinds of day that readings are pooled by."""
GROUP_OF_DAY = np.array([0, 0, 0, 0, 1, 2, 3])
STATUSES = ("fitted", "thin", "borrowed")


@dataclass
class LaneFit:
    """One lane's ordinary week.

    Attributes:
        crossing, lane: which lane.
        status: fitted (its own readings), thin (own level on a borrowed shape), borrowed (all from another lane).
        borrowed_from: the lane that lent, as ``crossing/lane class``.
        readings: posted waits used.
        service_min: mean minutes at a booth, move-up included; shape: gamma shape.
        share: the lane's part of the entries of its crossing and mode.
        arrivals: [168] part of a week's arrivals that comes in each hour of the week (Monday 00:00 first); sums to 1.
        booths: [168] open booths, 0 where closed.
        usual_wait: [168] posted wait that is usual at each full hour, min; 0 where closed.
        climatology: [24] hour-of-day median of the readings fitted on, or None where there were none.
        floor_min: what the feed posts when nobody waits (at some crossings 1 or 5), min.
        approach: shares its approach with the other lanes of the crossing that have this flag.
        error_min: mean absolute difference between usual and simulated median posted wait, weighted by readings.
    """

    crossing: str
    lane: str
    status: str
    borrowed_from: str | None
    readings: int
    service_min: float
    shape: float
    share: float
    arrivals: Array
    booths: NDArray[np.int64]
    usual_wait: Array
    climatology: Array | None
    approach: bool = False
    floor_min: float = 0.0
    error_min: float | None = None

    @property
    def mode(self) -> str:
        """The mode of the lane class."""
        return MODE_OF[self.lane]


@dataclass
class FittedTable:
    """Every lane's week, the weekly volumes it was fitted at, and how it was made.

    ``levels`` holds entries a week by (crossing, mode); ``made`` is a JSON-ready account of the files and dates.
    """

    lanes: dict[tuple[str, str], LaneFit]
    levels: dict[tuple[str, str], float]
    made: dict[str, Any] = field(default_factory=dict)

    def of(self, crossing: str, mode: str) -> list[LaneFit]:
        """The lanes of a crossing and mode, in the order of the lane classes."""
        return [
            self.lanes[crossing, lane]
            for lane in LANE_CLASSES
            if MODE_OF[lane] == mode and (crossing, lane) in self.lanes
        ]

    def ordered(self) -> list[LaneFit]:
        """All lanes, crossings west to east, lane classes in their order."""
        place = {row.id: number for number, row in enumerate(crossings())}
        return sorted(self.lanes.values(), key=lambda fit: (place[fit.crossing], LANE_CLASSES.index(fit.lane)))

    def to_json(self) -> dict[str, Any]:
        """The table as JSON-ready data. Arrivals are parts per million; waits are whole minutes."""
        return {
            "schema": SCHEMA,
            "made": self.made,
            "groups": list(GROUPS),
            "levels": {
                f"{crossing}/{mode}": round(level, 1) for (crossing, mode), level in sorted(self.levels.items())
            },
            "lanes": [_lane_json(fit) for fit in self.ordered()],
        }

    def write(self, path: str | Path) -> None:
        """Write the table, whole or not at all."""
        text = self.to_json()
        with whole_file(path) as part:
            lines = ",\n".join(json.dumps(lane, separators=(",", ":")) for lane in text.pop("lanes"))
            head = json.dumps(text, indent=1, ensure_ascii=False)[:-2]
            part.write_text(f'{head},\n "lanes": [\n{lines}\n]}}\n', encoding="utf-8")


def _lane_json(fit: LaneFit) -> dict[str, Any]:
    return {
        "crossing": fit.crossing,
        "lane": fit.lane,
        "status": fit.status,
        "borrowed_from": fit.borrowed_from,
        "readings": fit.readings,
        "service_min": round(fit.service_min, 4),
        "shape": fit.shape,
        "share": round(fit.share, 5),
        "approach": fit.approach,
        "floor_min": round(fit.floor_min, 1),
        "error_min": None if fit.error_min is None else round(fit.error_min, 2),
        "arrivals_ppm": [round(value * 1e6) for value in fit.arrivals],
        "booths": [int(value) for value in fit.booths],
        "usual_wait": [round(float(value), 1) for value in fit.usual_wait],
        "climatology": None if fit.climatology is None else [round(float(value), 1) for value in fit.climatology],
    }


def read_table(path: str | Path) -> FittedTable:
    """Read a fitted table.

    Raises:
        InputError: missing, not JSON, another schema, or a lane with wrong or missing figures.
    """
    name = str(path)
    text = read_text(path, most=_MAX_BYTES)
    try:
        data = parse_json(text)
    except ValueError as error:
        line = getattr(error, "lineno", None)
        raise InputError(Problem(f"is not a fitted table (not JSON: {error}).", name, line, _CURE)) from None
    if not isinstance(data, dict) or data.get("schema") != SCHEMA:
        found = data.get("schema") if isinstance(data, dict) else None
        raise InputError(Problem(f"is not a fitted table (schema {found!r}; needed {SCHEMA!r}).", name, cure=_CURE))
    try:
        lanes = {(row["crossing"], row["lane"]): _lane_fit(row) for row in data["lanes"]}
        levels = {}
        for key, value in data["levels"].items():
            crossing, _, mode = key.partition("/")
            levels[crossing, mode] = float(value)
        if not lanes:
            raise ValueError("no lanes")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(Problem(f"the fitted table is damaged: {error}.", name, cure=_CURE)) from None
    return FittedTable(lanes, levels, dict(data.get("made", {})))


_CURE = "Make one with 'borderlab crossings calibrate --counts FILE --waits FILE --out TABLE'."


def _lane_fit(row: dict[str, Any]) -> LaneFit:
    arrivals = _numbers(row, "arrivals_ppm", 168)
    known = {place.id for place in crossings()}
    if row["crossing"] not in known or row["lane"] not in LANE_CLASSES:
        raise ValueError(f"unknown lane {row['crossing']}/{row['lane']}")
    climate = row["climatology"]
    total = arrivals.sum()
    return LaneFit(
        crossing=row["crossing"],
        lane=row["lane"],
        status=row["status"],
        borrowed_from=row["borrowed_from"],
        readings=int(row["readings"]),
        service_min=float(row["service_min"]),
        shape=float(row["shape"]),
        share=float(row["share"]),
        arrivals=arrivals / total if total > 0 else arrivals,
        booths=_numbers(row, "booths", 168).astype(np.int64),
        usual_wait=_numbers(row, "usual_wait", 168),
        climatology=None if climate is None else _numbers(row, "climatology", 24),
        approach=bool(row["approach"]),
        floor_min=float(row["floor_min"]),
        error_min=row["error_min"],
    )


def _numbers(row: dict[str, Any], name: str, size: int) -> Array:
    values = np.array(row[name], dtype=np.float64)
    if values.shape != (size,) or not np.isfinite(values).all() or (values < 0).any():
        raise ValueError(f"{name} of {row['crossing']}/{row['lane']} is not {size} numbers of 0 or more")
    return values


@cache
def shipped() -> FittedTable:
    """The table that ships with the package."""
    return read_table(SHIPPED)
