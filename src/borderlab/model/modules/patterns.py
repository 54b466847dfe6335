"""Patterns of restrictions at the crossings, through their fitted response surfaces.

``crossings.surfaces`` fits the surfaces on the exact simulator. Each coefficient is linear between knots of the
intensity, so a future, whose uncertain inputs do not change, needs one table of outputs at the knots, made before its
first week. A pattern without a fitted surface comes as a table, too (:mod:`borderlab.model.border.approximation`).
"""

from __future__ import annotations

from typing import Any

from borderlab.crossings.surfaces.response import INPUTS
from borderlab.model.core.equations import clip
from borderlab.model.core.kernels import kernel
from borderlab.model.core.module import Module, Rows, names
from borderlab.model.core.rates import Number
from borderlab.strategy.runtime.program import CHANGED

SCALARS = ("throughput_lost", "trucks_lost", "value_delayed", "truck_cost", "traveller_hours")
MODES = ("truck", "vehicle", "pedestrian")
OUTPUTS = (*SCALARS, *(f"wait_change.{mode}" for mode in MODES))
SHARES = 2
"""The first outputs are shares of a flow that is lost: patterns multiply what is kept. The others add up."""


@kernel
def at_knots(knots, low, high, coefficients, inputs, table):  # type: ignore[no-untyped-def]
    """``table`` [patterns, knots, outputs] at the inputs of one future.

    Args:
        knots: shares of the greatest intensity, [patterns, knots].
        low, high: ranges of the design, [patterns, inputs].
        coefficients: at each knot of 1, u and u² of every input, [patterns, knots, 1 + 2 inputs, outputs].
        inputs: values of the future [inputs].
    """
    patterns, places, _, outputs = coefficients.shape
    for pattern in range(patterns):
        for knot in range(places):
            for output in range(outputs):
                table[pattern, knot, output] = coefficients[pattern, knot, 0, output]
        for one in range(len(inputs)):
            least, most = low[pattern, one], high[pattern, one]
            u = clip((2.0 * inputs[one] - least - most) / (most - least), -1.0, 1.0)
            for knot in range(places):
                for output in range(outputs):
                    table[pattern, knot, output] += u * coefficients[pattern, knot, 1 + one, output]
                    table[pattern, knot, output] += (u * u) * coefficients[pattern, knot, 1 + one + len(inputs), output]


@kernel
def stretch_of(knots, pattern, share):  # type: ignore[no-untyped-def]
    """The stretch between two knots in which a share of the greatest intensity lies, and how far along it."""
    x = min(share, 1.0)
    stretch = 0
    while stretch < knots.shape[1] - 2 and x >= knots[pattern, stretch + 1]:
        stretch += 1
    low = knots[pattern, stretch]
    return stretch, (x - low) / (knots[pattern, stretch + 1] - low)


@kernel
def felt(table, least, most, pattern, output, stretch, within):  # type: ignore[no-untyped-def]
    """One output of a pattern at a place between two knots."""
    below = table[pattern, stretch, output]
    value = below + within * (table[pattern, stretch + 1, output] - below)
    return min(max(value, least[pattern, output]), most[pattern, output])


@kernel
def shares_of(slots, pattern_of, greatest, found):  # type: ignore[no-untyped-def]
    """``found`` [patterns]: the greatest intensity that any use puts each pattern at, as a share of its limit."""
    for pattern in range(len(found)):
        found[pattern] = 0.0
    for slot in range(len(slots)):
        pattern = pattern_of[slot]
        share = slots[slot] if greatest[pattern] == 1.0 else slots[slot] / greatest[pattern]
        if share > found[pattern]:
            found[pattern] = share


@kernel
def covered_by(pattern, shares, common):  # type: ignore[no-untyped-def]
    """The earlier pattern of the same kind that already holds at most of this one's places, or -1."""
    best, most = -1, 0.0
    for other in range(pattern):
        weight = common[pattern, other] * min(shares[other], shares[pattern])
        if weight > most:
            best, most = other, weight
    return best


@kernel
def kept_after(kept, lost, already, weight, least, most):  # type: ignore[no-untyped-def]
    """What is kept of a flow after a pattern, of which an earlier one has taken ``already`` at part of the places."""
    kept *= 1.0 - min(max(lost, least), most)
    if weight > 0.0:
        kept /= max(1.0 - weight * min(max(already, least), most), 1e-9)
    return kept


@kernel
def add(pattern, shares, common, knots, table, least, most, outputs, most_gain, most_loss, sums):  # type: ignore[no-untyped-def]
    """Add the first ``outputs`` outputs of a pattern to ``sums``: what it does beyond earlier ones at the same
    places.
    """
    share = shares[pattern]
    other = covered_by(pattern, shares, common)
    weight = common[pattern, other] if other >= 0 else 0.0
    stretch, within = stretch_of(knots, pattern, share)
    at, along = stretch_of(knots, pattern, min(share, shares[other])) if other >= 0 else (0, 0.0)
    for output in range(outputs):
        value = felt(table, least, most, pattern, output, stretch, within)
        already = felt(table, least, most, pattern, output, at, along) if other >= 0 else 0.0
        if output < SHARES:
            sums[output] = kept_after(sums[output], value, already, weight, most_gain, most_loss)
        else:
            sums[output] += value - weight * already


@kernel
def together(
    intensity, announced, usable, pattern_of, greatest, pressing, preclears, knots, least, most, common, shares, named,
    table, sums, threat, most_gain, most_loss,
):  # type: ignore[no-untyped-def]  # fmt: skip
    """``sums`` [outputs] of all patterns in force; gives what is kept after those that press, and after threats."""
    shares_of(intensity, pattern_of, greatest, shares)
    shares_of(announced, pattern_of, greatest, named)
    for output in range(len(sums)):
        sums[output] = 1.0 if output < SHARES else 0.0
    kept_pressed, threat[0] = 1.0, 1.0
    for pattern in range(len(shares)):
        if preclears[pattern] > 0.0:
            shares[pattern] = shares[pattern] * usable
        if shares[pattern] > 0.0:
            add(pattern, shares, common, knots, table, least, most, len(sums), most_gain, most_loss, sums)
        if pressing[pattern] > 0.0:
            kept_pressed = sums[0]
            if named[pattern] > 0.0:  # nobody weighs a threat by what it would speed up
                add(pattern, named, common, knots, table, least, most, 1, 0.0, most_loss, threat)
    return kept_pressed, threat[0]


class Patterns(Module):
    """What the patterns in force do together, and what those announced would.

    Where two uses put the same crossing under the same kind of restriction, it holds once, at the greater intensity: a
    pattern counts only for what it adds to earlier ones of its kind at the places they share. Different kinds act
    one after the other. Patterns of coercive levers come first, so that what presses is known apart.
    """

    name = "patterns"
    parameters = names(
        demand_growth="surface.demand_growth",
        service_inflation="surface.service_inflation",
        diversion_sensitivity="surface.diversion_sensitivity",
        value_of_time="surface.value_of_time",
        yield_base="preclear_yield_base",
        most_gain="border.most_gain",
        most_loss="border.most_loss",
    )
    effects = names(more_yield="preclear_yield")
    tables = names(
        "pattern_of", "greatest", "pressing", "preclears", "knots", "low", "high",
        "coefficients", "least", "most", "common",
        intensity="orders.intensity", announced="orders.announced",
    )  # fmt: skip
    moved_by = {
        "kept": ("throughput_lost",),
        "kept_pressed": ("throughput_lost pressing",),
        "kept_threatened": ("throughput_lost pressing",),
        "trucks": ("trucks_lost",),
        "value_delayed": ("value_delayed",),
        "truck_cost": ("truck_cost",),
        "traveller_hours": ("traveller_hours",),
        "wait_truck": ("wait_change.truck",),
        "wait_vehicle": ("wait_change.vehicle",),
        "wait_pedestrian": ("wait_change.pedestrian",),
    }
    state = {
        "inputs": Rows(len(INPUTS)),
        "kept": "share",
        "kept_pressed": "share",
        "kept_threatened": "share",
        "trucks": "ratio",
        "value_delayed": "USD/month",
        "truck_cost": "USD/month",
        "traveller_hours": "hours/month",
        "wait_truck": "min",
        "wait_vehicle": "min",
        "wait_pedestrian": "min",
        "last_yield": "share",
    }
    arrays = {
        "table": Rows("table", shown=False),
        "shares": Rows("patterns", "share"),
        "named": Rows("patterns", "share"),
        "sums": Rows(len(OUTPUTS), shown=False),
        "threat": Rows(1, shown=False),
    }

    @staticmethod
    def begin(
        demand_growth: Number, service_inflation: Number, diversion_sensitivity: Number, value_of_time: Number
    ) -> dict[str, Any]:
        """The uncertain inputs of the surfaces, in their order; nothing is in force."""
        given = {
            "surface.demand_growth": demand_growth,
            "surface.service_inflation": service_inflation,
            "surface.diversion_sensitivity": diversion_sensitivity,
            "surface.value_of_time": value_of_time,
        }
        return {
            "inputs": [given[id_] for id_ in INPUTS],
            "kept": 1.0,
            "kept_pressed": 1.0,
            "kept_threatened": 1.0,
            "trucks": 1.0,
            "value_delayed": 0.0,
            "truck_cost": 0.0,
            "traveller_hours": 0.0,
            "wait_truck": 0.0,
            "wait_vehicle": 0.0,
            "wait_pedestrian": 0.0,
            "last_yield": 0.0,
        }

    @staticmethod
    def start(knots, low, high, coefficients, inputs, table):
        """The table of the future."""
        at_knots(knots, low, high, coefficients, inputs, table)
        return {}

    @staticmethod
    def step(
        intensity, announced, flags, pattern_of, greatest, pressing, preclears, knots, least, most, common,
        shares, named, table, sums, threat, yield_base, more_yield, most_gain, most_loss, last_yield, kept,
        kept_pressed, kept_threatened, trucks, value_delayed, truck_cost, traveller_hours, wait_truck, wait_vehicle,
        wait_pedestrian,
    ):  # fmt: skip
        """Worked out anew only where something in force or announced has changed."""
        usable = clip(yield_base + more_yield, 0.0, 1.0)
        if len(shares) > 0 and (flags & CHANGED != 0 or usable != last_yield):
            last_yield = usable
            kept_pressed, kept_threatened = together(
                intensity, announced, usable, pattern_of, greatest, pressing, preclears, knots, least, most, common,
                shares, named, table, sums, threat, most_gain, most_loss,
            )  # fmt: skip
            kept = sums[0]
            trucks = sums[1]
            value_delayed = sums[2]
            truck_cost = sums[3]
            traveller_hours = sums[4]
            wait_truck = sums[5]
            wait_vehicle = sums[6]
            wait_pedestrian = sums[7]
        return {
            "last_yield": last_yield,
            "kept": kept,
            "kept_pressed": kept_pressed,
            "kept_threatened": kept_threatened,
            "trucks": trucks,
            "value_delayed": value_delayed,
            "truck_cost": truck_cost,
            "traveller_hours": traveller_hours,
            "wait_truck": wait_truck,
            "wait_vehicle": wait_vehicle,
            "wait_pedestrian": wait_pedestrian,
        }
