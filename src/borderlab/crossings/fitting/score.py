"""How far simulated posted waits are from posted ones, beside the hour-of-day median of the fitting data."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from borderlab.base.identity import bundle_hash, file_content
from borderlab.base.problems import InputError, Problem
from borderlab.base.progress import progress
from borderlab.crossings.border.baseline import build_network
from borderlab.crossings.border.fitted import GROUP_OF_DAY, FittedTable, read_table, shipped
from borderlab.crossings.border.places import LANE_CLASSES
from borderlab.crossings.fitting.waits import Waits, read_waits
from borderlab.crossings.queues.engine import run
from borderlab.crossings.queues.network import PER_HOUR

Array = NDArray[np.float64]

SEEDS, FIRST_SEED = 3, 1000
WARM_UP_DAYS = 3
POSTED_STEP = 5.0
"""CBP posts most waits in steps of five minutes."""
SMALL_MIN = 2.5
MAX_GAP_DAYS = 7


def score(
    waits: str | Path, *, table: str | Path | FittedTable | None = None, seeds: int = SEEDS, since: date | None = None
) -> dict[str, Any]:
    """Simulate the days of a wait-time file and compare reading by reading.

    The prediction of a reading is the median of the simulated posted wait of that lane at that hour over runs and like
    days (:func:`simulated`): the median makes the mean absolute error least. The climatology is the fitted table's.

    Args:
        waits: a wait-time file, any weeks from 2015 to 2030.
        table: a fitted table or its file; None takes the shipped one.
        seeds: runs.
        since: leave earlier readings out.

    Returns:
        ``overall`` and ``by_lane`` with ``n, mae_min, mae_climatology_min, ratio``; also ``by_crossing``, ``dropped``,
        ``unknown_crossings``, ``period``, ``fitted_on``, ``hash``.

    Raises:
        InputError: faults of either file, dates outside the tables, or no reading that can be compared.
    """
    fitted = table if isinstance(table, FittedTable) else (shipped() if table is None else read_table(table))
    readings = read_waits(waits)
    kept = readings.between(since, None)
    if not len(kept.time):
        raise InputError(Problem("there are no usable readings.", str(waits)))
    predicted = simulated(kept, fitted, seeds)
    climate = climatology(kept, fitted)
    both = np.isfinite(predicted) & np.isfinite(climate)
    if not both.any():
        raise InputError(Problem("no reading is of a lane and hour that the fitted table has.", str(waits)))
    dropped = dict(readings.dropped)
    if since is not None:
        dropped[f"before {since}"] = len(readings.time) - len(kept.time)
    dropped["lane class not in the fitted table, or no reading to fit on"] = int((~np.isfinite(climate)).sum())
    dropped["outside opening hours"] = int((np.isfinite(climate) & ~np.isfinite(predicted)).sum())
    kept, predicted, climate = kept.where(both), predicted[both], climate[both]
    own, other = np.abs(kept.wait_min - predicted), np.abs(kept.wait_min - climate)
    lane = np.array([pair[1] for pair in kept.lanes])[kept.lane]
    place = np.array([pair[0] for pair in kept.lanes])[kept.lane]
    return {
        "overall": _errors(own, other),
        "by_lane": [
            {"lane": name, **_errors(own[lane == name], other[lane == name])}
            for name in LANE_CLASSES
            if (lane == name).any()
        ],
        "by_crossing": [
            {"crossing": name, **_errors(own[place == name], other[place == name])}
            for name in dict.fromkeys(place.tolist())
        ],
        "period": {"first": str(kept.first), "last": str(kept.last)},
        "fitted_on": {key: fitted.made.get(key) for key in ("waits_file", "first", "last", "readings")},
        "seeds": seeds,
        "dropped": {why: number for why, number in dropped.items() if number},
        "unknown_crossings": readings.unknown,
        "hash": bundle_hash({"waits": file_content(waits), "seeds": seeds, "made": fitted.made}, "score"),
    }


def _errors(own: Array, other: Array) -> dict[str, Any]:
    mae, base = float(own.mean()), float(other.mean())
    return {
        "n": len(own),
        "mae_min": round(mae, 3),
        "mae_climatology_min": round(base, 3),
        "ratio": round(mae / base, 4) if base > 0 else None,
    }


def climatology(waits: Waits, table: FittedTable) -> Array:
    """[N] hour-of-day median of the fitting data for each reading's lane; NaN where there was none."""
    out = np.full(len(waits.time), np.nan)
    hour = waits.hour
    for number, pair in enumerate(waits.lanes):
        fit = table.lanes.get(pair)
        if fit is not None and fit.climatology is not None:
            mine = waits.lane == number
            out[mine] = fit.climatology[hour[mine]]
    return out


def spans(waits: Waits) -> list[tuple[date, date]]:
    """The stretches of days that hold readings; gaps of more than a week split them."""
    days = [day.item() for day in np.unique(waits.time.astype("datetime64[D]"))]
    out: list[tuple[date, date]] = []
    for day in days:
        if out and (day - out[-1][1]).days <= MAX_GAP_DAYS:
            out[-1] = (out[-1][0], day)
        else:
            out.append((day, day))
    return out


def simulated(waits: Waits, table: FittedTable, seeds: int) -> Array:
    """[N] the simulated posted wait at each reading, rounded as CBP posts; NaN where closed.

    The median over the runs and over the days of one kind (Monday to Thursday, Friday, Saturday, Sunday) of a month:
    nothing in the network tells one Tuesday of a month from the next, so all of them are draws of the same wait.
    """
    out = np.full(len(waits.time), np.nan)
    stretches = spans(waits)
    day = waits.time.astype("datetime64[D]")
    with progress("Simulating the posted weeks", len(stretches) * seeds) as advance:
        for first, last in stretches:
            inside = (day >= np.datetime64(first)) & (day <= np.datetime64(last))
            start = first - timedelta(days=WARM_UP_DAYS)
            # at least a whole week after the warm-up, so that every kind of day has some
            days = max((last - start).days + 1, WARM_UP_DAYS + 7)
            network = build_network(start, days, table=table)
            posted = [run(network, FIRST_SEED + seed).posted[:, ::PER_HOUR] for seed in _counted(seeds, advance)]
            weeks = kind_medians(np.stack(posted), start)
            index = {pair: n for n, pair in enumerate(zip(network.crossing, network.lane_class, strict=True))}
            rows = np.array([index.get(pair, -1) for pair in waits.lanes])[waits.lane[inside]]
            floors = np.array([table.lanes[pair].floor_min if pair in index else 0.0 for pair in waits.lanes])
            month = day[inside].astype("datetime64[M]").astype(int)
            kind, hour = GROUP_OF_DAY[waits.weekday[inside]], waits.hour[inside]
            found = np.full(len(rows), np.nan)
            for number, row in enumerate(rows):
                if row >= 0:
                    found[number] = weeks[month[number]][row, kind[number], hour[number]]
            out[inside] = np.maximum(as_posted(found), floors[waits.lane[inside]])
    return out


def _counted(seeds: int, advance: Callable[[float], None]) -> Iterator[int]:
    for seed in range(seeds):
        yield seed
        advance(1)


def kind_medians(posted: NDArray[np.float32], start: date) -> dict[int, Array]:
    """Medians [L,4,24] by month (months since 1970) of posted waits [seeds, L, hours] from ``start``."""
    seeds, lanes, hours = posted.shape
    days = np.datetime64(start) + np.arange(hours // 24)
    by_day = posted.reshape(seeds, lanes, hours // 24, 24)
    kinds = GROUP_OF_DAY[(days.astype("datetime64[D]").astype(np.int64) + 3) % 7]
    months = days.astype("datetime64[M]").astype(int)
    warm = np.arange(len(days)) >= WARM_UP_DAYS
    out: dict[int, Array] = {}
    for month in np.unique(months):
        medians = np.full((lanes, 4, 24), np.nan)
        for kind in range(4):
            mine = warm & (months == month) & (kinds == kind)
            if not mine.any():
                mine = warm & (kinds == kind)
            some = by_day[:, :, mine].transpose(1, 0, 2, 3).reshape(lanes, -1, 24)
            seen = ~np.isnan(some).all(axis=1)
            filled = np.where(np.isnan(some), np.inf, some)
            filled.sort(axis=1)
            count = (~np.isnan(some)).sum(axis=1)
            middle = np.take_along_axis(filled, np.maximum((count - 1) // 2, 0)[:, None], axis=1)[:, 0]
            medians[:, kind] = np.where(seen, middle, np.nan)
        out[int(month)] = medians
    return out


def as_posted(wait_min: Array) -> Array:
    """A wait as CBP would post it: whole minutes when short, else steps of five."""
    stepped = np.rint(wait_min / POSTED_STEP) * POSTED_STEP
    return np.where(wait_min < SMALL_MIN, np.rint(wait_min), stepped)
