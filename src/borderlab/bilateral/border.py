"""The crossings as the model sees them: restrictions in, trade and travellers hit out, through the response surface.

The exact simulator of ``crossings`` is never run here. For each pattern of restrictions that a strategy uses, its
fitted surface is looked up once; each week it is evaluated at the intensity in force, for all futures together.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from borderlab.bilateral.drive import Border
from borderlab.bilateral.rates import Array, Number
from borderlab.bilateral.settings import Settings
from borderlab.bilateral.surfaces import SCALARS, Bound, Felt, evaluator, ordinary_waits

MODES = ("truck", "vehicle", "pedestrian")


class Restricted(Protocol):
    """One use of a crossings lever, as the strategy runtime gives it."""

    surface_kind: Any
    at: tuple[str, ...]
    intensity: Array
    threatened: Array


class Crossings:
    """Surfaces of the patterns in use, with what they gave last time, since restrictions seldom change."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._surfaces: dict[Any, Bound] = {}
        self.ordinary = ordinary_waits()
        self._last: dict[Any, tuple[Array, Any]] = {}
        self._quiet: Border | None = None

    def in_force(self, restrictions: Sequence[Restricted], log_waits: Number, preclear: Number) -> Border:
        """What the restrictions in force do this week.

        Args:
            restrictions: of the runtime.
            log_waits: shift of the logarithm of ordinary waits.
            preclear: share of pre-clearance that can be used.
        """
        ordinary = self.ordinary
        active = _merged([one for one in restrictions if one.intensity.any()])
        if not active and not np.any(log_waits):
            if self._quiet is None:
                self._quiet = Border(waits=dict(ordinary))
            return self._quiet
        results = [self._predict(kind, at, intensity, preclear) for (kind, at), intensity in active.items()]
        kept: Number = 1.0
        trucks: Number = 1.0
        for result in results:
            kept = kept * (1.0 - np.clip(result.throughput_lost, -0.5, 1.0))
            trucks = trucks * (1.0 - np.clip(result.trucks_lost, -0.5, 1.0))
        factor = np.exp(log_waits)
        waits = {
            mode: np.maximum(
                ordinary[mode] * factor + sum(result.wait_change.get(mode, 0.0) for result in results), 0.0
            )
            for mode in MODES
        }
        hours = sum((result.traveller_hours for result in results), start=0.0)
        return Border(
            throughput_lost=np.maximum(1.0 - kept, 0.0),
            value_delayed=sum((result.value_delayed for result in results), start=0.0),
            truck_cost=sum((result.truck_cost for result in results), start=0.0),
            traveller_hours=hours,
            waits=waits,
            trucks=trucks,
            wait_ratio=waits["truck"] / ordinary["truck"],
        )

    def threatened(self, restrictions: Sequence[Restricted]) -> Number:
        """Share of throughput that threats name, as carrying them out would cost it."""
        kept: Number = 1.0
        for one in restrictions:
            if one.threatened.any():
                lost = self._predict(one.surface_kind, one.at, one.threatened, 1.0, threat=True).throughput_lost
                kept = kept * (1.0 - np.clip(lost, 0.0, 1.0))
        return 1.0 - kept

    def _predict(
        self, kind: str, at: tuple[str, ...], intensity: Array, preclear: Number, *, threat: bool = False
    ) -> Felt:
        key = (kind, at, threat)
        if kind == "preclear":
            intensity = intensity * preclear
        last = self._last.get(key)
        if last is not None and np.array_equal(last[0], intensity):
            return last[1]
        result = self._evaluated(kind, at, intensity)
        self._last[key] = (intensity.copy(), result)
        return result

    def _evaluated(self, kind: str, at: tuple[str, ...], intensity: Array) -> Felt:
        """The surface at an intensity, worked out only where there is any."""
        if (kind, at) not in self._surfaces:
            found = evaluator(kind, at)
            inputs = {id_: self.settings[id_] for id_ in found.inputs}
            self._surfaces[kind, at] = found.bind(inputs, self.settings.n)
        where = np.flatnonzero(intensity)
        result = self._surfaces[kind, at](intensity[where], where)
        if len(where) == len(intensity):
            return result

        def spread(value: Number) -> Array:
            full = np.zeros(len(intensity))
            full[where] = value
            return full

        waits = {mode: spread(value) for mode, value in result.wait_change.items()}
        return Felt(*(spread(getattr(result, name)) for name in SCALARS), waits)


def _merged(restrictions: Sequence[Restricted]) -> dict[tuple[str, tuple[str, ...]], Array]:
    """Intensity by pattern and places; where two rules use the same one, the stronger holds."""
    found: dict[tuple[str, tuple[str, ...]], Array] = {}
    for one in restrictions:
        key = (one.surface_kind, one.at)
        found[key] = np.maximum(found[key], one.intensity) if key in found else one.intensity
    return found
