"""Simulate the fitted week, compare with the readings' ordinary week, move arrivals, again, until they agree."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime

import numpy as np
from numpy.typing import NDArray

from borderlab.crossings.border.baseline import Period, assemble
from borderlab.crossings.border.fitted import GROUP_OF_DAY, GROUPS, FittedTable, LaneFit
from borderlab.crossings.fitting.estimate import LEAST_TUNED
from borderlab.crossings.fitting.invert import FLOOR
from borderlab.crossings.queues.engine import run
from borderlab.crossings.queues.network import PER_HOUR, Network
from borderlab.crossings.queues.tally import Tally

Array = NDArray[np.float64]

MONDAY = date(2026, 6, 1)
WARM_UP_WEEKS = 1
STEADY_MIN = 10.0
"""Wait at which half of a queue's difference lives on into the next hour."""
MOST_STEP = 0.25
"""Largest change of an hour's arrivals in a round, as a part of what the booths can serve."""
LEVEL_PER_MIN, MOST_LEVEL = 0.0004, 0.02
"""Change of a standing queue's arrivals for a minute of difference over the week, and the most in a round."""
FIRST_GAIN, LAST_GAIN = 0.6, 0.25
LATE, LAST_WEEKS = 0.4, 3
"""Part of the rounds whose mean is taken, and how many times longer the last simulation is."""
SERVICE_STEP = (0.9, 1.1)


@dataclass(frozen=True)
class Round:
    """How a round of tuning went: mean absolute difference of usual and simulated median wait (min), largest
    difference of the counts of any crossing and mode of more than 1,000 entries a week."""

    number: int
    error_min: float
    count_error: float


def week_network(table: FittedTable, weeks: int) -> Network:
    """The fitted week, repeated, at the level of the fit."""
    fits = table.ordered()
    period = Period(MONDAY, 7 * weeks)
    hours = period.week_hour
    level = np.array([table.levels[fit.crossing, fit.mode] * fit.share for fit in fits])
    rates = np.array([fit.arrivals for fit in fits])[:, hours] * level[:, None]
    return assemble(fits, datetime.combine(MONDAY, datetime.min.time()), period, rates, np.ones((len(fits), 1)))


def joined(tally: Tally) -> Array:
    """[L] entities that joined each lane after the warm-up."""
    first = WARM_UP_WEEKS * 168
    total = tally.arrivals - tally.diverted_away - tally.put_off + tally.diverted_in + tally.returned
    return total[:, first:].sum(axis=1).astype(np.float64)


def median_week(tally: Tally) -> Array:
    """[L,168] median of the posted waits at full hours, over weeks and days of a kind; 0 where closed."""
    posted = tally.posted[:, ::PER_HOUR].astype(np.float64)
    lanes = posted.shape[0]
    weeks = posted.reshape(lanes, -1, 7, 24)[:, WARM_UP_WEEKS:]
    out = np.zeros((lanes, len(GROUPS), 24))
    for kind in range(len(GROUPS)):
        days = np.flatnonzero(kind == GROUP_OF_DAY)
        some = weeks[:, :, days].reshape(lanes, -1, 24)
        shut = np.isnan(some).all(axis=1)
        filled = np.where(np.isnan(some), np.inf, some)
        filled.sort(axis=1)
        seen = (~np.isnan(some)).sum(axis=1)
        middle = np.take_along_axis(filled, np.maximum((seen - 1) // 2, 0)[:, None, :], axis=1)[:, 0]
        out[:, kind] = np.where(shut, 0.0, middle)
    return np.ascontiguousarray(out[:, GROUP_OF_DAY].reshape(lanes, 168))


def tune(
    table: FittedTable,
    *,
    rounds: int = 24,
    weeks: int = 9,
    seed: int = 1,
    weight: dict[tuple[str, str], Array] | None = None,
    tell: Callable[[Round], None] | None = None,
    threads: int | None = None,
) -> tuple[FittedTable, list[Round]]:
    """Move each lane's hourly arrivals until the simulated median posted wait is the usual one and counts are met.

    Args:
        table: the first fit.
        rounds: simulations to run.
        weeks: weeks per simulation, the first of which is not looked at.
        weight: [168] readings of each lane by hour of the week, for the error; None weighs open hours alike.
        tell: called after each round.

    Returns:
        The mean of the late rounds, scaled to the counts, lanes' errors filled in; and the rounds.
    """
    current = table
    history: list[Round] = []
    late: list[FittedTable] = []
    for number in range(rounds):
        # another seed each round: the fit must not learn one seed's luck
        tally = run(week_network(current, weeks), seed + number, threads=threads)
        waits, came = median_week(tally), joined(tally) / (weeks - WARM_UP_WEEKS)
        history.append(_judged(number + 1, current, waits, came, weight))
        if tell:
            tell(history[-1])
        gain = FIRST_GAIN + (LAST_GAIN - FIRST_GAIN) * number / max(rounds - 1, 1)
        current = move(to_counts(current, came, gain), waits, gain)
        if number >= rounds - max(1, round(rounds * LATE)):
            late.append(current)
    # what one round moves too far another moves back: their mean is nearer than the last
    final = average(late)
    long = LAST_WEEKS * weeks
    tally = run(week_network(final, long), seed + rounds, threads=threads)
    final = to_counts(final, joined(tally) / (long - WARM_UP_WEEKS), 1.0)
    tally = run(week_network(final, long), seed + rounds + 1, threads=threads)
    waits, came = median_week(tally), joined(tally) / (long - WARM_UP_WEEKS)
    history.append(_judged(rounds + 1, final, waits, came, weight))
    if tell:
        tell(history[-1])
    return with_errors(final, waits, weight), history


def _judged(
    number: int, table: FittedTable, waits: Array, came: Array, weight: dict[tuple[str, str], Array] | None
) -> Round:
    scored = with_errors(table, waits, weight)
    return Round(number, overall_error(scored), count_error(scored, came))


def average(tables: list[FittedTable]) -> FittedTable:
    """The mean of tables that differ in arrivals, shares and service times."""
    lanes = {}
    for pair, fit in tables[0].lanes.items():
        fits = [table.lanes[pair] for table in tables]
        rates = np.mean([each.arrivals * each.share for each in fits], axis=0)
        total = float(rates.sum())
        lanes[pair] = replace(
            fit,
            share=total,
            arrivals=rates / total if total > 0 else fit.arrivals,
            service_min=float(np.mean([each.service_min for each in fits])),
        )
    return FittedTable(lanes, tables[0].levels, tables[0].made)


def with_errors(table: FittedTable, waits: Array, weight: dict[tuple[str, str], Array] | None) -> FittedTable:
    """The table with each lane's error: weighted mean of |usual - simulated| over open hours."""
    lanes = {}
    for number, fit in enumerate(table.ordered()):
        pair = (fit.crossing, fit.lane)
        is_open = (fit.booths > 0).astype(float)
        mine = weight.get(pair, is_open) if weight else is_open
        total = float((mine * is_open).sum())
        gap = np.abs(fit.usual_wait - np.maximum(waits[number], fit.floor_min)) * mine * is_open
        lanes[pair] = replace(fit, error_min=float(gap.sum()) / total if total > 0 else None)
    return FittedTable(lanes, table.levels, table.made)


def overall_error(table: FittedTable) -> float:
    """Mean error of the lanes with readings of their own, weighted by readings."""
    pairs = [(fit.error_min, fit.readings) for fit in table.lanes.values() if fit.status == "fitted"]
    weight = sum(readings for error, readings in pairs if error is not None)
    return sum(error * readings for error, readings in pairs if error is not None) / max(weight, 1)


def _groups(table: FittedTable) -> dict[tuple[str, str], list[tuple[int, LaneFit]]]:
    out: dict[tuple[str, str], list[tuple[int, LaneFit]]] = {}
    for number, fit in enumerate(table.ordered()):
        out.setdefault((fit.crossing, fit.mode), []).append((number, fit))
    return out


def count_error(table: FittedTable, came: Array) -> float:
    """Largest relative difference between joined and counted entries of a crossing and mode above 1,000 a week."""
    worst = 0.0
    for key, members in _groups(table).items():
        level = table.levels[key]
        if level > 1000:
            worst = max(worst, abs(sum(came[number] for number, _ in members) / level - 1))
    return worst


def to_counts(table: FittedTable, came: Array, gain: float) -> FittedTable:
    """Arrivals scaled so that as many join as were counted; service times scaled back, so that waits stay."""
    lanes = dict(table.lanes)
    for key, members in _groups(table).items():
        seen = sum(float(came[number]) for number, _ in members)
        if seen <= 0 or table.levels[key] < LEAST_TUNED:
            continue
        scale = float(np.clip((table.levels[key] / seen) ** gain, *SERVICE_STEP))
        for _, fit in members:
            lanes[fit.crossing, fit.lane] = replace(fit, share=fit.share * scale, service_min=fit.service_min / scale)
    return FittedTable(lanes, table.levels, table.made)


def move(table: FittedTable, waits: Array, gain: float) -> FittedTable:
    """Arrivals moved by the vehicles that the queue is short of, or has too many of, at each full hour."""
    lanes = dict(table.lanes)
    for number, fit in enumerate(table.ordered()):
        if table.levels[fit.crossing, fit.mode] < LEAST_TUNED:
            continue
        level = table.levels[fit.crossing, fit.mode] * fit.share
        rates = fit.arrivals * level
        new = moved(rates, fit, waits[number], gain)
        total = float(new.sum())
        if total > 0 and level > 0:
            lanes[fit.crossing, fit.lane] = replace(
                fit, arrivals=new / total, share=fit.share * total / float(rates.sum())
            )
    return FittedTable(lanes, table.levels, table.made)


def moved(rates: Array, fit: LaneFit, wait: Array, gain: float) -> Array:
    """[168] new arrivals an hour of one lane.

    Two corrections. The week's mean difference of wait changes the level: a little where a queue always stands, since
    there it adds up, more where waits are short. What is left of each hour's difference changes the hour before it,
    less what lives on of the hour's own: all in a long queue, little in a short one.
    """
    is_open = fit.booths > 0
    before = ~is_open & np.roll(is_open, -1)
    booths = np.where(is_open, fit.booths, np.where(before, np.roll(fit.booths, -1), 0))
    serves = booths * 60 / fit.service_min
    lives_on = np.where(is_open, fit.usual_wait / (fit.usual_wait + STEADY_MIN), 0.0)
    short = np.where(is_open, fit.usual_wait - np.maximum(wait, fit.floor_min), 0.0)
    mean = float((short * lives_on).sum() / max(lives_on.sum(), 1.0))
    # in booth-minutes, so that a change of booths between two hours is seen
    rest = np.where(is_open, (short - mean) * booths, 0.0)
    raised = np.where(is_open, (1 - lives_on) * mean * booths, 0.0)
    ahead = np.where(np.roll(is_open, -1), np.roll(rest + raised, -1), 0.0)
    hourly = (ahead - lives_on * rest) / np.maximum(60 * booths, 1)
    level = float(np.clip(LEVEL_PER_MIN * mean, -MOST_LEVEL, MOST_LEVEL)) * lives_on
    step = np.clip(gain * hourly, -MOST_STEP, MOST_STEP) + level
    least = np.where(is_open, np.minimum(FLOOR * serves, rates.mean()), 0.0)
    return np.where(is_open | before, np.maximum(rates + step * serves, least), 0.0)
