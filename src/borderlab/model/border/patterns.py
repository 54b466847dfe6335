"""Response surfaces as the tables that the model reads: one entry a pattern of restrictions, all of one shape."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from borderlab.crossings.surfaces.pattern import KINDS
from borderlab.crossings.surfaces.response import INPUTS
from borderlab.crossings.surfaces.surface import KNOTS, stored, surface_for
from borderlab.evidence.tables.lever import levers
from borderlab.evidence.tables.parameter import parameters, remembered
from borderlab.model.border.approximation import PARAMETERS, Approximation, touched
from borderlab.model.core.rates import Array
from borderlab.model.modules.patterns import OUTPUTS, SCALARS
from borderlab.strategy.tree.tree import Constant, LeverAction, Strategy

Place = tuple[str, ...]
PARTS = 1 + 2 * len(INPUTS)


@dataclass(frozen=True)
class Form:
    """One pattern's response at the knots of its intensity.

    Attributes:
        kind, at: the pattern.
        knots: shares of the greatest intensity [knots].
        low, high: ranges of the design [inputs].
        coefficients: of 1, u and u² of every input at each knot, [knots, PARTS, outputs].
        least, most: bounds of what was simulated, by output.
        basis: "simulated", or "approximate" for the closed form.
        error: relative error on held-out points of the share of throughput lost, or of the largest other output.
        content: hash of what was fitted, for the identity of a result.
    """

    kind: str
    at: Place
    knots: Array
    low: Array
    high: Array
    coefficients: Array
    least: Array
    most: Array
    basis: str
    error: float
    content: str

    @property
    def greatest(self) -> float:
        """The greatest intensity of the kind's lever."""
        return KINDS[self.kind].most


Figures = tuple[tuple[str, float], ...]
"""What the closed form reads of the register, by id."""


def form(kind: str, at: Place, figures: Figures = ()) -> Form:
    """The fitted surface of a pattern if one is stored, else the closed form at ``figures`` (default: the
    register's).
    """
    places = tuple(sorted(at))
    return _fitted(kind, places) if stored(kind, places) else closed(kind, places, figures or registered())


@remembered
def registered() -> Figures:
    """The figures of the closed form as the register has them."""
    known = parameters()
    return tuple((id_, float(known[id_].default)) for id_ in PARAMETERS)


@cache
def _fitted(kind: str, at: Place) -> Form:
    surface = surface_for(kind, at)
    there = [place for place, name in enumerate(OUTPUTS) if name in surface.names]
    columns = [surface.names.index(OUTPUTS[place]) for place in there]
    rises = np.zeros((len(KNOTS) - 1, PARTS, len(OUTPUTS)))
    rises[:, :, there] = surface.weights[:, columns].reshape(len(KNOTS) - 1, PARTS, len(columns))
    # Coefficients at each knot: the rises of all stretches below it. An output without surface stays 0.
    coefficients = np.concatenate([np.zeros((1, PARTS, len(OUTPUTS))), np.cumsum(rises, axis=0)])
    least, most = np.zeros(len(OUTPUTS)), np.zeros(len(OUTPUTS))
    least[there], most[there] = surface.least[columns], surface.most[columns]
    errors = [surface.error[name]["relative"] for name in SCALARS if name in surface.error]
    return Form(
        kind, at, np.array(KNOTS), np.asarray(surface.low, float), np.asarray(surface.high, float), coefficients,
        least, most, surface.basis, max(errors, default=0.0), _content(coefficients, least, most),
    )  # fmt: skip


@cache
def closed(kind: str, at: Place, figures: Figures) -> Form:
    """The closed form at the same number of knots, of which its kinks are some; between them a line stands for it."""
    closed = Approximation(kind, at, dict(figures))
    knots = closed.knots(len(KNOTS))
    found = closed.outputs(knots * KINDS[kind].most)
    coefficients = np.zeros((len(knots), PARTS, len(OUTPUTS)))
    coefficients[:, 0] = found
    ones = np.ones(len(INPUTS))
    least, most = found.min(axis=0), found.max(axis=0)
    return Form(kind, at, knots, -ones, ones, coefficients, least, most, "approximate", 0.0,
                _content(coefficients, least, most))  # fmt: skip


def _content(*arrays: Array) -> str:
    import hashlib

    digest = hashlib.sha256()
    for array in arrays:
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()[:16]


@dataclass(frozen=True)
class BoundPatterns:
    """The patterns that a strategy can put in force, those that press on Mexico first, larger before smaller.

    Attributes:
        forms: one a pattern.
        of_slot: which pattern each use of a lever belongs to.
    """

    forms: tuple[Form, ...]
    of_slot: tuple[int, ...]

    @classmethod
    def of(cls, slots: Sequence[tuple[str, str, Place]], figures: Figures = ()) -> BoundPatterns:
        """From the uses of a strategy: (lever, kind, places)."""
        pressing = {lever.surface_kind for lever in levers().values() if lever.coercive}
        wanted = list(dict.fromkeys((kind, tuple(sorted(at))) for _, kind, at in slots))
        first = {kind: place for place, (kind, _) in reversed(list(enumerate(wanted)))}

        def rank(one: tuple[str, Place]) -> tuple[bool, int, float]:
            return one[0] not in pressing, first[one[0]], -float(len(one[1]) or np.inf)

        wanted.sort(key=rank)
        places = {one: place for place, one in enumerate(wanted)}
        return cls(
            tuple(form(*one, figures) for one in wanted),
            tuple(places[kind, tuple(sorted(at))] for _, kind, at in slots),
        )

    def tables(self) -> dict[str, np.ndarray]:
        """Tables of the module ``patterns``."""
        pressing = {lever.surface_kind for lever in levers().values() if lever.coercive}
        forms = self.forms
        shape = (len(forms), len(KNOTS), PARTS, len(OUTPUTS))

        def stacked(values: list[Any], *rest: int) -> Array:
            return np.array(values, float).reshape((len(forms), *rest))

        return {
            "pattern_of": np.array(self.of_slot, np.int64),
            "greatest": stacked([one.greatest for one in forms]),
            "pressing": stacked([float(one.kind in pressing) for one in forms]),
            "preclears": stacked([float(one.kind == "preclear") for one in forms]),
            "knots": stacked([one.knots for one in forms], len(KNOTS)),
            "low": stacked([one.low for one in forms], len(INPUTS)),
            "high": stacked([one.high for one in forms], len(INPUTS)),
            "coefficients": stacked([one.coefficients for one in forms], *shape[1:]),
            "least": stacked([one.least for one in forms], len(OUTPUTS)),
            "most": stacked([one.most for one in forms], len(OUTPUTS)),
            "common": np.array([[_common(mine, other) for other in forms] for mine in forms], float).reshape(
                (len(forms), len(forms))
            ),
        }


def _common(mine: Form, other: Form) -> float:
    """Share of what passes the places of one pattern that passes those of another of the same kind, too."""
    if mine.kind != other.kind or mine is other:
        return 0.0
    if not other.at or set(mine.at) <= set(other.at):
        return 1.0 if mine.at or not other.at else 0.0
    shared = tuple(sorted(set(mine.at) & set(other.at))) if mine.at else other.at
    if not shared:
        return 0.0
    mode = KINDS[mine.kind].modes[0]
    return min(touched(shared).entries[mode] / max(touched(mine.at).entries[mode], 1e-9), 1.0)


def patterns_of(strategy: Strategy) -> list[tuple[str, Place]]:
    """Every pattern of restrictions that a strategy can put in force."""
    known = levers()
    actions: list[Constant | LeverAction] = [
        *strategy.constants,
        *(one for rule in strategy.rules for one in rule.lever_actions),
    ]
    found = {(str(known[one.lever].surface_kind), one.at) for one in actions if known[one.lever].surface_kind}
    return sorted(found)


def surfaces_of(strategy: Strategy) -> dict[str, str]:
    """Which surface or closed form serves each pattern of a strategy, by content: for the identity of a result."""
    found = {}
    for kind, at in patterns_of(strategy):
        served = form(kind, at)
        found[f"{kind} at {', '.join(served.at) or 'all crossings'}"] = f"{served.basis} {served.content}"
    return found


def fit_missing(strategy: Strategy) -> int:
    """Make the surfaces that a strategy needs and that are not stored: minutes each, with progress. Gives how many."""
    missing = [(kind, tuple(sorted(at))) for kind, at in patterns_of(strategy)]
    missing = [one for one in missing if not stored(*one)]
    for one in missing:
        surface_for(*one)
    return len(missing)
