"""Response surfaces of the crossings, evaluated future by future.

``crossings.surfaces`` fits them on the exact simulator. Its own evaluation is a matrix product, whose last bits depend
on how many futures are evaluated together; a future's result must depend on itself alone, so the same formula is worked
out here term by term. The intensity picks a stretch between two knots; there each coefficient is linear.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numba import njit

from borderlab.evidence.tables.lever import levers
from borderlab.model.border.approximation import ORDINARY_WAIT_MIN, Fluid
from borderlab.model.core.rates import Array, Number

SCALARS = ("throughput_lost", "trucks_lost", "value_delayed", "truck_cost", "traveller_hours")
MODES = ("truck", "vehicle", "pedestrian")
OUTPUTS = (*SCALARS, *(f"wait_change.{mode}" for mode in MODES))
MOST_GAIN, MOST_LOSS = -0.5, 1.0
"""Bounds of the share of throughput that one pattern adds or takes."""


@dataclass(frozen=True)
class Felt:
    """What patterns of restrictions do together: ``rows`` [8, n], filled by :meth:`Bound.add`.

    Units as in :class:`borderlab.model.core.inputs.Border`; waits as changes, minutes.
    """

    rows: Array

    @classmethod
    def none(cls, n: int) -> Felt:
        """Nothing is restricted."""
        rows = np.zeros((len(OUTPUTS), n))
        rows[:2] = 1.0
        return cls(rows)

    @property
    def kept(self) -> Array:
        """Share of the value of northbound trade that still crosses."""
        return self.rows[0]

    @property
    def trucks(self) -> Array:
        """Truck crossings over the ordinary number."""
        return self.rows[1]

    @property
    def value_delayed(self) -> Array:
        """Freight value that crosses late, USD/month."""
        return self.rows[2]

    @property
    def truck_cost(self) -> Array:
        """Cost of the delay to carriers, USD/month."""
        return self.rows[3]

    @property
    def traveller_hours(self) -> Array:
        """Extra hours of people, hours/month."""
        return self.rows[4]

    @property
    def wait_change(self) -> dict[str, Array]:
        """Change of the mean wait by mode, minutes."""
        return {mode: self.rows[len(SCALARS) + place] for place, mode in enumerate(MODES)}


class Evaluator:
    """One pattern's surface, ready for many evaluations.

    Attributes:
        inputs: ids of the parameters that it depends on.
        basis: "simulated", or "fluid" for the coarse form.
        error: relative error on held-out points of the share of throughput lost, or of the largest other output.
    """

    def __init__(self, surface: Any) -> None:
        self.surface = surface
        self.inputs: tuple[str, ...] = surface.inputs
        self.basis: str = surface.basis
        self.error = 0.0
        if isinstance(surface, Fluid):
            return
        from borderlab.crossings.surfaces.pattern import KINDS
        from borderlab.crossings.surfaces.surface import KNOTS

        there = [place for place, name in enumerate(OUTPUTS) if name in surface.names]
        columns = [surface.names.index(OUTPUTS[place]) for place in there]
        self.knots = np.array(KNOTS)
        self.most_intensity = KINDS[surface.kind].most
        parts = 1 + 2 * len(self.inputs)
        rises = np.zeros((len(KNOTS) - 1, parts, len(OUTPUTS)))
        rises[:, :, there] = surface.weights[:, columns].reshape(len(KNOTS) - 1, parts, len(columns))
        # Coefficients at each knot: the rises of all stretches below it. An output without surface stays 0.
        self.at_knot = np.concatenate([np.zeros((1, parts, len(OUTPUTS))), np.cumsum(rises, axis=0)])
        self.least, self.most = np.zeros(len(OUTPUTS)), np.zeros(len(OUTPUTS))
        self.least[there], self.most[there] = surface.least[columns], surface.most[columns]
        errors = [surface.error[name]["relative"] for name in SCALARS if name in surface.error]
        self.error = max(errors, default=0.0)

    def bind(self, inputs: Mapping[str, Number], n: int) -> Bound:
        """The surface for ``n`` futures whose inputs do not change: a table of outputs at the knots of each."""
        if isinstance(self.surface, Fluid):
            return Bound(self, None)
        knots, _, outputs = self.at_knot.shape
        table = np.broadcast_to(self.at_knot[:, None, 0], (knots, n, outputs)).copy()
        surface = self.surface
        for place, id_ in enumerate(self.inputs):
            low, high = surface.low[place], surface.high[place]
            u = np.clip((2.0 * np.asarray(inputs[id_]) - low - high) / (high - low), -1.0, 1.0)
            u = np.broadcast_to(u, (n,))[None, :, None]
            table += u * self.at_knot[:, None, 1 + place]
            table += (u * u) * self.at_knot[:, None, 1 + place + len(self.inputs)]
        return Bound(self, table)


@dataclass(frozen=True)
class Bound:
    """A surface bound to futures. ``table`` is [knots, futures, outputs]; None for the coarse form."""

    evaluator: Evaluator
    table: Array | None

    def add(self, intensity: Array, felt: Felt, *, only_losses: bool = False) -> None:
        """Add what the pattern does at intensities [n] to what others do; exactly nothing where there is none.

        Args:
            only_losses: for threats, which nobody weighs by what they would speed up.
        """
        own = self.evaluator
        least = 0.0 if only_losses else MOST_GAIN
        if self.table is None:
            _add_fluid(own.surface, intensity, least, felt)
        else:
            share = intensity if own.most_intensity == 1.0 else intensity / own.most_intensity
            outputs = 1 if only_losses else len(OUTPUTS)
            _add(share, own.knots, self.table, own.least, own.most, least, MOST_LOSS, felt.rows[:outputs])


@njit(cache=True, nogil=True)
def _add(share, knots, table, least, most, least_lost, most_lost, rows):  # type: ignore[no-untyped-def]
    """Add a pattern at a share [n] of its greatest intensity to ``rows`` [outputs, n]: two shares kept, six sums."""
    for i in range(len(share)):
        if share[i] <= 0.0:
            continue
        x = min(share[i], 1.0)
        stretch = 0
        while stretch < len(knots) - 2 and x >= knots[stretch + 1]:
            stretch += 1
        within = (x - knots[stretch]) / (knots[stretch + 1] - knots[stretch])
        for k in range(len(rows)):
            below = table[stretch, i, k]
            value = below + within * (table[stretch + 1, i, k] - below)
            value = min(max(value, least[k]), most[k])
            if k < 2:
                rows[k, i] *= 1.0 - min(max(value, least_lost), most_lost)
            else:
                rows[k, i] += value


def _add_fluid(surface: Fluid, intensity: Array, least_lost: float, felt: Felt) -> None:
    found = surface.predict(intensity, {})
    for row, lost in enumerate((found.throughput_lost, found.trucks_lost)):
        felt.rows[row] *= 1.0 - np.clip(lost, least_lost, MOST_LOSS)
    for row, name in enumerate(SCALARS[2:], 2):
        felt.rows[row] += getattr(found, name)
    for mode, change in found.wait_change.items():
        felt.rows[len(SCALARS) + MODES.index(mode)] += change


@cache
def evaluator(kind: str, at: tuple[str, ...]) -> Evaluator:
    """The evaluator of a pattern of restrictions: its fitted surface if one is stored, else the coarse form."""
    from borderlab.crossings.surfaces.surface import stored, surface_for

    places = tuple(sorted(at))
    return Evaluator(surface_for(kind, places) if stored(kind, places) else Fluid(kind, places))


def fit_missing(strategy: Any) -> int:
    """Make the surfaces that a strategy needs and that are not stored: minutes each, with progress. Gives how many."""
    from borderlab.crossings.surfaces.surface import stored, surface_for

    missing = [(kind, tuple(sorted(at))) for kind, at in patterns_of(strategy)]
    missing = [one for one in missing if not stored(*one)]
    for one in missing:
        surface_for(*one)
    evaluator.cache_clear()
    return len(missing)


def patterns_of(strategy: Any) -> list[tuple[str, tuple[str, ...]]]:
    """Every pattern of restrictions that a strategy can put in force."""
    known = levers()
    actions = [*strategy.constants, *(one for rule in strategy.rules for one in rule.lever_actions)]
    found = {(str(known[one.lever].surface_kind), one.at) for one in actions if known[one.lever].surface_kind}
    return sorted(found)


@cache
def ordinary_waits() -> dict[str, float]:
    """Mean waits of an ordinary week by mode, minutes."""
    from borderlab.crossings.surfaces import surface

    if (surface.FOLDER / "ordinary.json").exists():
        return surface.ordinary_waits()
    return dict(ORDINARY_WAIT_MIN)
