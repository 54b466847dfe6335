"""Re-makes the fitted table from public files: counts and posted waits in, every lane's ordinary week out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from borderlab.base.identity import bundle_hash, file_content
from borderlab.base.problems import InputError, Problem
from borderlab.base.progress import progress
from borderlab.crossings.border.fitted import FittedTable
from borderlab.crossings.border.places import LANE_CLASSES, MODE_OF, lanes_of, open_mask, ports
from borderlab.crossings.border.volumes import monthly
from borderlab.crossings.fitting.counts import Counts, read_counts
from borderlab.crossings.fitting.estimate import correction, first_fit
from borderlab.crossings.fitting.profile import ENOUGH, SOME
from borderlab.crossings.fitting.tuning import Round, tune
from borderlab.crossings.fitting.waits import Waits, read_waits

Array = NDArray[np.float64]

LEAST_READINGS = 2000
LEAST_DAYS = 14
ROUNDS, WEEKS = 24, 5


@dataclass(frozen=True)
class Calibration:
    """A fitted table with the account of how it was made."""

    table: FittedTable
    rounds: tuple[Round, ...]
    waits: Waits
    counts: Counts | None
    corrections: dict[tuple[str, str], float]

    def report(self) -> dict[str, Any]:
        """JSON-ready: what was read, what was left out and why, how well it fits, and which lanes borrow."""
        return {
            **self.table.made,
            "lanes": [
                {
                    "crossing": fit.crossing,
                    "lane": fit.lane,
                    "status": fit.status,
                    "borrowed_from": fit.borrowed_from,
                    "readings": fit.readings,
                    "service_min": round(fit.service_min, 3),
                    "share": round(fit.share, 4),
                    "fit_error_min": None if fit.error_min is None else round(fit.error_min, 1),
                }
                for fit in self.table.ordered()
            ],
            "counts_differ": [
                {"port": port, "mode": mode, "file_over_shipped": round(ratio, 4)}
                for (port, mode), ratio in sorted(self.corrections.items())
                if abs(ratio - 1) > 0.01
            ],
        }

    def lines(self) -> list[str]:
        """The report for people, in English."""
        made = self.table.made
        out = [
            f"Readings used: {made['readings']:,} of {made['rows']:,}, {made['first']} to {made['last']}.",
            *(f"Left out: {number:,} rows, {why}." for why, number in made["dropped"].items()),
            *(f"Unknown crossing {name}: {number:,} rows." for name, number in made["unknown_crossings"].items()),
            f"Simulated and usual waits differ by {made['fit_error_min']:.1f} min on average; "
            f"counts by at most {made['count_error']:.2%} at crossings of more than 1,000 entries a week.",
        ]
        for status, words in (("thin", "has few readings: its own level, the shape of"), ("borrowed", "borrows from")):
            for fit in self.table.ordered():
                if fit.status == status:
                    out.append(f"{fit.crossing} {fit.lane} ({fit.readings} readings) {words} {fit.borrowed_from}.")
        return out


def calibrate(
    counts: str | Path | list[str] | list[Path] | None,
    waits: str | Path,
    out: str | Path | None = None,
    *,
    until: date | None = None,
    rounds: int = ROUNDS,
    weeks: int = WEEKS,
    tell: Callable[[Round], None] | None = None,
) -> Calibration:
    """Fit every lane's week to counts and posted waits; write the table to ``out`` if it is given.

    Args:
        counts: BTS border-crossing files; None keeps the shipped counts.
        waits: a wait-time file as :func:`read_waits` takes it.
        out: where to write the fitted table (JSON); whole or not at all.
        until: last day of readings to use; later ones are kept back.
        rounds, weeks: simulations of the tuning and their length.
        tell: called after each of ``rounds`` + 1 simulations; without it a bar is shown.

    Raises:
        InputError: every fault of every file together; or too few readings to fit anything.
    """
    problems: list[Problem] = []
    counted: Counts | None = None
    readings: Waits | None = None
    try:
        counted = read_counts(counts) if counts is not None else None
    except InputError as error:
        problems += error.problems
    try:
        readings = read_waits(waits)
    except InputError as error:
        problems += error.problems
    if problems or readings is None:
        raise InputError(problems)
    kept = readings.between(None, until)
    _enough(kept)
    first = first_fit(kept, counted)
    weight = readings_by_hour(kept)
    if tell is not None:
        table, history = tune(first, rounds=rounds, weeks=weeks, weight=weight, tell=tell)
    else:
        with progress("Fitting the crossings", rounds + 1) as advance:
            table, history = tune(first, rounds=rounds, weeks=weeks, weight=weight, tell=lambda _: advance(1))
    best = history[-1]
    table.made = {
        "waits_file": Path(waits).name,
        "counts_files": [Path(name).name for name in counted.files] if counted else [],
        "first": str(kept.first),
        "last": str(kept.last),
        "rows": readings.rows,
        "readings": len(kept.time),
        "kept_back": len(readings.time) - len(kept.time),
        "dropped": readings.dropped,
        "counts_dropped": counted.dropped if counted else {},
        "unknown_crossings": readings.unknown,
        "outside_hours": outside_hours(kept),
        "lanes_not_modelled": not_modelled(kept),
        "fit_error_min": round(best.error_min, 2),
        "count_error": round(float(best.count_error), 4),
        "rounds": len(history),
        "statuses": {
            status: sum(fit.status == status for fit in table.lanes.values())
            for status in ("fitted", "thin", "borrowed")
        },
        "enough_readings": ENOUGH,
        "some_readings": SOME,
        "hash": bundle_hash(
            {
                "waits": file_content(waits),
                "counts": [file_content(name) for name in counted.files] if counted else [],
                "last": str(kept.last),
                "rounds": rounds,
                "weeks": weeks,
            },
            "calibrate",
        ),
    }
    corrections = {
        (port, mode): correction(port, mode, counted)
        for port in ports()
        for mode in ("truck", "vehicle", "pedestrian")
        if counted and monthly(port, mode, 2024, 12).entries > 0
    }
    if out is not None:
        table.write(out)
    return Calibration(table, tuple(history), kept, counted, corrections)


def _enough(waits: Waits) -> None:
    """Raise InputError if the readings cannot carry a fit."""
    if len(waits.time) < LEAST_READINGS:
        raise InputError(
            Problem(f"{len(waits.time)} usable readings; at least {LEAST_READINGS} are needed for a fit.", waits.file)
        )
    if (waits.last - waits.first).days + 1 < LEAST_DAYS:
        raise InputError(
            Problem(
                f"the readings span {(waits.last - waits.first).days + 1} days; {LEAST_DAYS} are needed.", waits.file
            )
        )
    for lane in LANE_CLASSES:
        plain = lane.split("-")[0] + "-standard"
        most = max(
            (int((waits.lane == number).sum()) for number, pair in enumerate(waits.lanes) if pair[1] in (lane, plain)),
            default=0,
        )
        if most < ENOUGH:
            raise InputError(
                Problem(f"no crossing has {ENOUGH} readings of {lane} or {plain} lanes to fit.", waits.file)
            )


def readings_by_hour(waits: Waits) -> dict[tuple[str, str], Array]:
    """[168] how many readings each lane has in each hour of the week."""
    how = waits.weekday * 24 + waits.hour
    return {
        pair: np.bincount(how[waits.lane == number], minlength=168).astype(np.float64)
        for number, pair in enumerate(waits.lanes)
    }


def outside_hours(waits: Waits) -> int:
    """Readings at hours in which the tables have the lane shut."""
    how = waits.weekday * 24 + waits.hour
    return sum(
        int((~open_mask(name, MODE_OF[lane])[how[waits.lane == number]]).sum())
        for number, (name, lane) in enumerate(waits.lanes)
    )


def not_modelled(waits: Waits) -> dict[str, int]:
    """Readings of lane classes that a crossing does not have in the tables."""
    out = {}
    for number, (name, lane) in enumerate(waits.lanes):
        if lane not in {row.lane for row in lanes_of(name)}:
            out[f"{name}/{lane}"] = int((waits.lane == number).sum())
    return out
