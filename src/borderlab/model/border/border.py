"""The crossings as the model sees them: restrictions in, trade and travellers hit out, through the response surface.

The exact simulator of ``crossings`` is never run here. For each pattern of restrictions that a strategy uses, its
fitted surface is looked up once; each week it is evaluated at the intensity in force in every future. Only kinds whose
levers are coercive press on Mexico: what a trusted-shipper lane or a yard costs in throughput is a cost and no demand.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np

from borderlab.evidence.tables.lever import levers
from borderlab.model.border.response import Bound, Felt, evaluator, ordinary_waits
from borderlab.model.core.inputs import Border
from borderlab.model.core.rates import Array, Number
from borderlab.model.futures.parameters import Settings


class Restricted(Protocol):
    """One use of a crossings lever, as the strategy runtime gives it."""

    surface_kind: Any
    at: tuple[str, ...]
    intensity: Array
    threatened: Array


class Crossings:
    """The surfaces of the patterns in use, bound to the futures of a run."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._pressing = {lever.surface_kind for lever in levers().values() if lever.coercive}
        self._bound: dict[tuple[str, tuple[str, ...]], Bound] = {}
        self.ordinary = ordinary_waits()
        self._quiet = Border(waits=dict(self.ordinary))

    def in_force(self, restrictions: Sequence[Restricted], log_waits: Number, preclear: Number) -> Border:
        """What the restrictions in force do this week.

        Args:
            restrictions: of the runtime.
            log_waits: shift of the logarithm of ordinary waits.
            preclear: share of pre-clearance that can be used.
        """
        active = _merged([one for one in restrictions if one.intensity.any()])
        if not active and not np.any(log_waits):
            return self._quiet
        felt = Felt.none(self.settings.n)
        pressed: Number = 0.0
        for (kind, at), intensity in sorted(active.items(), key=lambda one: one[0][0] not in self._pressing):
            self._surface(kind, at).add(intensity * preclear if kind == "preclear" else intensity, felt)
            if kind in self._pressing:
                pressed = np.maximum(1.0 - felt.kept, 0.0)
        factor = np.exp(log_waits)
        waits: dict[str, Number] = {
            mode: np.maximum(ordinary * factor + felt.wait_change[mode], 0.0)
            for mode, ordinary in self.ordinary.items()
        }
        return Border(
            throughput_lost=np.maximum(1.0 - felt.kept, 0.0),
            throughput_pressed=pressed,
            value_delayed=felt.value_delayed,
            truck_cost=felt.truck_cost,
            traveller_hours=felt.traveller_hours,
            waits=waits,
            trucks=felt.trucks,
            wait_ratio=waits["truck"] / self.ordinary["truck"],
        )

    def threatened(self, restrictions: Sequence[Restricted]) -> Number:
        """Share of throughput that threats name, as carrying them out would cost it."""
        named = [one for one in restrictions if one.surface_kind in self._pressing and one.threatened.any()]
        if not named:
            return 0.0
        felt = Felt.none(self.settings.n)
        for one in named:
            self._surface(one.surface_kind, one.at).add(one.threatened, felt, only_losses=True)
        return 1.0 - felt.kept

    def _surface(self, kind: str, at: tuple[str, ...]) -> Bound:
        if (kind, at) not in self._bound:
            found = evaluator(kind, at)
            inputs = {id_: self.settings[id_] for id_ in found.inputs}
            self._bound[kind, at] = found.bind(inputs, self.settings.n)
        return self._bound[kind, at]


def _merged(restrictions: Sequence[Restricted]) -> dict[tuple[str, tuple[str, ...]], Array]:
    """Intensity by pattern and places; where two rules use the same one, the stronger holds."""
    found: dict[tuple[str, tuple[str, ...]], Array] = {}
    for one in restrictions:
        key = (one.surface_kind, one.at)
        found[key] = np.maximum(found[key], one.intensity) if key in found else one.intensity
    return found
