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
from numpy.typing import NDArray

from borderlab.bilateral.fluid import ORDINARY_WAIT_MIN, Fluid
from borderlab.bilateral.rates import Array, Number
from borderlab.evidence.lever import levers

SCALARS = ("throughput_lost", "trucks_lost", "value_delayed", "truck_cost", "traveller_hours")
MODES = ("truck", "vehicle", "pedestrian")


@dataclass(frozen=True)
class Felt:
    """What one pattern does; units as in :class:`borderlab.bilateral.drive.Border`, waits as changes, minutes."""

    throughput_lost: Number
    trucks_lost: Number
    value_delayed: Number
    truck_cost: Number
    traveller_hours: Number
    wait_change: dict[str, Number]


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

        wanted = [*SCALARS, *(f"wait_change.{mode}" for mode in MODES)]
        self.names = [name for name in wanted if name in surface.names]
        columns = [surface.names.index(name) for name in self.names]
        self.knots = np.array(KNOTS)
        self.most_intensity = KINDS[surface.kind].most
        parts = 1 + 2 * len(self.inputs)
        rises = surface.weights[:, columns].reshape(len(KNOTS) - 1, parts, len(columns))
        # Coefficients at each knot: the rises of all stretches below it.
        self.at_knot = np.concatenate([np.zeros((1, parts, len(columns))), np.cumsum(rises, axis=0)])
        self.widths = np.diff(self.knots)
        self.least, self.most = surface.least[columns], surface.most[columns]
        errors = [surface.error[name]["relative"] for name in SCALARS if name in surface.error]
        self.error = max(errors, default=0.0)

    def bind(self, inputs: Mapping[str, Number], n: int) -> Bound:
        """The surface for ``n`` futures whose inputs do not change: a table of outputs at the knots of each."""
        if isinstance(self.surface, Fluid):
            return Bound(self, None)
        table = np.broadcast_to(self.at_knot[None, :, 0], (n, *self.at_knot[:, 0].shape)).copy()
        surface = self.surface
        for place, id_ in enumerate(self.inputs):
            low, high = surface.low[place], surface.high[place]
            u = np.clip((2.0 * np.asarray(inputs[id_]) - low - high) / (high - low), -1.0, 1.0)
            u = np.broadcast_to(u, (n,))[:, None, None]
            table += u * self.at_knot[:, 1 + place]
            table += (u * u) * self.at_knot[:, 1 + place + len(self.inputs)]
        return Bound(self, table)

    def __call__(self, intensity: Array, inputs: Mapping[str, Number]) -> Felt:
        """What the pattern does at intensities [n]; exactly 0 where the intensity is 0."""
        return self.bind(inputs, len(intensity))(intensity, np.arange(len(intensity)))


@dataclass(frozen=True)
class Bound:
    """A surface bound to futures. ``table`` is [futures, knots, outputs]; None for the coarse form."""

    evaluator: Evaluator
    table: Array | None

    def __call__(self, intensity: Array, where: NDArray[np.intp]) -> Felt:
        """What the pattern does at intensities [k] in the futures ``where`` [k]; exactly 0 where there is none."""
        own = self.evaluator
        if self.table is None:
            result = own.surface.predict(intensity, {})
            return Felt(*(getattr(result, name) for name in SCALARS), dict(result.wait_change))
        x = np.clip(intensity / own.most_intensity, 0.0, 1.0)
        stretch = np.minimum(np.searchsorted(own.knots, x, side="right"), len(own.knots) - 1) - 1
        within = ((x - own.knots[stretch]) / own.widths[stretch])[:, None]
        below = self.table[where, stretch]
        total = below + within * (self.table[where, stretch + 1] - below)
        total = np.clip(total, own.least, own.most)
        total[intensity <= 0.0] = 0.0
        values = {name: np.ascontiguousarray(total[:, column]) for column, name in enumerate(own.names)}
        none = np.zeros(len(intensity))
        scalars = (values.get(name, none) for name in SCALARS)
        waits = {mode: values[f"wait_change.{mode}"] for mode in MODES if f"wait_change.{mode}" in values}
        return Felt(*scalars, waits)


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
