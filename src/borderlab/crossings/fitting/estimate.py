"""The first fit: every lane's week from readings and counts by inversion; where too few, from the nearest like it."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from borderlab.crossings.border import volumes as vol
from borderlab.crossings.border.fitted import FittedTable, LaneFit
from borderlab.crossings.border.places import LANE_CLASSES, MODES, Crossing, crossing, crossings, lanes_of, open_mask
from borderlab.crossings.fitting.counts import Counts
from borderlab.crossings.fitting.invert import invert_mode
from borderlab.crossings.fitting.profile import ENOUGH, SOME, Profile, profile, shared_approach, to_week
from borderlab.crossings.fitting.waits import Waits
from borderlab.evidence.tables.reads import Reads, each

Array = NDArray[np.float64]
LEAST_PER_WEEK = 1.0
LEAST_TUNED = 500.0
"""Entries a week of a crossing and mode below which chance is larger than anything that tuning could mend."""


_RATIO = {
    "passenger-ready": "crossings.ready_service_ratio",
    "passenger-sentri": "crossings.sentri_service_ratio",
    "commercial-fast": "crossings.fast_service_ratio",
    "pedestrian-ready": "crossings.pedestrian_ready_service_ratio",
}
READS = Reads(
    __name__,
    each(
        (*_RATIO.values(), "crossings.service_shape", *(f"crossings.longest_service_{mode}" for mode in MODES)),
        ("service_min", "fit_error_min"),
    ),
)
"""Columns of the fitted table, when it is fitted anew (``borderlab crossings calibrate``)."""


def service_ratio(lane: str) -> float:
    """A lane class's service time as a multiple of the standard lane's of its crossing."""
    return READS.number(_RATIO[lane]) if lane in _RATIO else 1.0


def level(name: str, mode: str, first: date, last: date, counts: Counts | None = None) -> float:
    """Ordinary entries a week of a crossing and mode over the days of the readings."""
    port = crossing(name).port
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    months = dict.fromkeys((day.year, day.month) for day in days)
    per_day = {key: vol.monthly(port, mode, *key).entries / vol.days_in(*key) for key in months}
    mean = sum(per_day[day.year, day.month] for day in days) / len(days)
    # a crossing that is shut now is fitted at the share it last had, so that earlier years can be simulated
    years = range(min(max(last.year, vol.FIRST_YEAR), vol.LAST_YEAR), vol.FIRST_YEAR - 1, -1)
    share = next((found for year in years if (found := vol.crossing_share(name, mode, year)) > 0), 0.0)
    return 7 * mean * share * correction(port, mode, counts)


def correction(port: str, mode: str, counts: Counts | None) -> float:
    """How far the counts of a file lie above the shipped ones over the file's last twelve months; 1 without a file."""
    months = (counts.months if counts else {}).get((port, mode), {})
    recent = [key for key in sorted(months) if vol.FIRST_YEAR <= key[0] <= vol.LAST_YEAR][-12:]
    shipped = sum(vol.monthly(port, mode, *key, as_counted=True).entries for key in recent)
    given = sum(months[key] for key in recent)
    return given / shipped if shipped > 0 and given > 0 else 1.0


def first_fit(waits: Waits, counts: Counts | None = None) -> FittedTable:
    """Every lane's week before tuning."""
    profiles = {pair: profile(waits, number) for number, pair in enumerate(waits.lanes)}
    shape = READS.number("crossings.service_shape")
    levels: dict[tuple[str, str], float] = {
        (row.id, mode): max(level(row.id, mode, waits.first, waits.last, counts), LEAST_PER_WEEK)
        for row in crossings()
        for mode in row.modes
    }
    lanes: dict[tuple[str, str], LaneFit] = {}
    for row in crossings():
        shared = shared_approach(waits, row.id)
        for lane in lanes_of(row.id):
            pair = (row.id, lane.lane)
            lanes[pair] = _lane(row, lane.lane, lane.usual, profiles, levels, shape, shared)
    table = FittedTable(lanes, levels)
    for key in levels:
        _invert(table, *key)
    return table


def _lane(
    row: Crossing,
    lane: str,
    usual_booths: int,
    profiles: dict[tuple[str, str], Profile],
    levels: dict[tuple[str, str], float],
    shape: float,
    shared: bool,
) -> LaneFit:
    mode = next(mode for mode in MODES if lane in lane_classes_of(mode))
    is_open = open_mask(row.id, mode)
    mine = profiles.get((row.id, lane))
    readings = mine.readings if mine else 0
    fit = LaneFit(
        crossing=row.id, lane=lane, status="fitted", borrowed_from=None, readings=readings, service_min=1.0,
        shape=shape, share=1.0, arrivals=np.zeros(168), booths=np.zeros(168, dtype=np.int64),
        usual_wait=np.zeros(168), climatology=mine.climatology if mine and readings else None,
        approach=shared and lane in ("passenger-standard", "passenger-ready"),
        floor_min=mine.floor_min if mine else 0.0,
    )  # fmt: skip
    if mine and readings >= ENOUGH:
        wait, booths = to_week(mine.wait_min), to_week(mine.booths)
        return _shaped(fit, is_open, wait, booths)
    lender = _lender(row, lane, mode, profiles, levels)
    theirs = profiles[lender]
    wait, booths = to_week(theirs.wait_min), to_week(theirs.booths)
    usual = float(np.nanmedian(booths))
    fit = replace(fit, borrowed_from="/".join(lender), status="thin" if readings >= SOME else "borrowed")
    if mine and readings >= SOME:
        ratio = (np.nanmedian(mine.climatology) + 1) / (np.nanmedian(theirs.climatology) + 1)
        wait = wait * float(np.clip(ratio, 0.05, 3.0))
        usual_booths = (
            max(1, round(float(np.nanmedian(mine.booths)))) if np.isfinite(mine.booths).any() else usual_booths
        )
    return _shaped(fit, is_open, wait, booths * usual_booths / usual)


def lane_classes_of(mode: str) -> tuple[str, ...]:
    """The lane classes of a mode."""
    word = {"truck": "commercial", "vehicle": "passenger", "pedestrian": "pedestrian"}[mode]
    return tuple(lane for lane in LANE_CLASSES if lane.startswith(word))


def _shaped(fit: LaneFit, is_open: NDArray[np.bool_], wait: Array, booths: Array) -> LaneFit:
    """The fit with waits and booths on its own opening hours, also where a lender is shut."""
    wait, booths = nearest_known(wait), nearest_known(booths)
    return replace(
        fit,
        usual_wait=np.where(is_open, wait, 0.0),
        booths=np.where(is_open, np.maximum(np.rint(booths), 1), 0).astype(np.int64),
    )


def nearest_known(week: Array) -> Array:
    """Gaps of a week filled by straight line between the hours beside them, round the week."""
    known = np.flatnonzero(np.isfinite(week))
    if not len(known):
        return np.zeros_like(week)
    return np.interp(np.arange(168), known, week[known], period=168)


def _lender(
    row: Crossing,
    lane: str,
    mode: str,
    profiles: dict[tuple[str, str], Profile],
    levels: dict[tuple[str, str], float],
) -> tuple[str, str]:
    """The nearest lane like this one: same class if possible, near by road and of like volume."""
    best: tuple[float, tuple[str, str]] | None = None
    plain = lane.split("-")[0] + "-standard"
    for (other, other_lane), found in profiles.items():
        if found.readings < ENOUGH or (other == row.id and other_lane == lane):
            continue
        beside = other == row.id and {lane, other_lane} == {"passenger-standard", "passenger-ready"}
        if other_lane not in (lane, plain) and not beside:
            continue
        place = crossing(other)
        apart = 111 * math.hypot(place.lat - row.lat, (place.lon - row.lon) * 0.86) / 250
        unlike = abs(math.log(levels[row.id, mode] / levels[other, mode]))
        distance = apart + unlike + (0.0 if other_lane == lane or beside else 1.5)
        if best is None or distance < best[0]:
            best = (distance, (other, other_lane))
    if best is None:
        raise ValueError(f"no lane has {ENOUGH} readings that {row.id}/{lane} could borrow from")
    return best[1]


def _invert(table: FittedTable, name: str, mode: str) -> None:
    fits = table.of(name, mode)
    if not fits:
        return
    per_week = table.levels[name, mode]
    service, arrivals = invert_mode(
        [np.where(fit.usual_wait <= fit.floor_min, 0.0, fit.usual_wait) for fit in fits],
        [fit.booths for fit in fits],
        [service_ratio(fit.lane) for fit in fits],
        per_week,
        fits[0].shape,
        READS.number(f"crossings.longest_service_{mode}"),
    )
    whole = sum(float(rates.sum()) for rates in arrivals)
    for fit, rates in zip(fits, arrivals, strict=True):
        if per_week < LEAST_TUNED and whole > 0:
            rates = rates * (per_week / whole)
        total = float(rates.sum())
        fit.service_min = service * service_ratio(fit.lane)
        fit.share = total / per_week
        fit.arrivals = rates / total if total > 0 else rates
