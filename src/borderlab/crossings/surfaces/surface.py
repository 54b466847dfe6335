"""Response surfaces: what a pattern of restrictions does to the border, for many futures at once, without queues.

For each pattern the exact simulator is run over a Sobol' design of the intensity and of the crossing uncertainties
(:mod:`~borderlab.crossings.surfaces.response`), and each output is fitted as

    y(x, u) = sum over k of ramp_k(x) (a_k + b_k u + c_k u^2)

where the ramps rise from 0 to 1 between knots of the intensity x and u holds the uncertainties, scaled to -1 … 1. At no
intensity the result is exactly 0; results are kept within the bounds that the design reached. The error is measured
on points that the fit has not seen and is kept with the surface.

Surfaces of the shipped strategies are in ``reference/surfaces``; others are made once and kept in the user's cache.
``python -m borderlab.crossings.surfaces.surface`` makes the shipped ones anew.
"""

from __future__ import annotations

import contextlib
import csv
import hashlib
import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from borderlab.base.inputfile import read_json
from borderlab.base.places import cache_home
from borderlab.base.problems import InputError
from borderlab.base.progress import progress
from borderlab.base.safefile import whole_file
from borderlab.crossings.surfaces.pattern import KINDS
from borderlab.evidence.tables.parameter import parameters
from borderlab.evidence.tables.table import REFERENCE, SourcedRow, table

Array = NDArray[np.float64]
MODES = ("truck", "vehicle", "pedestrian")
FOLDER = REFERENCE / "surfaces"
KNOTS = (0.0, 0.04, 0.08, 0.14, 0.22, 0.32, 0.45, 0.6, 0.75, 0.88, 1.0)
TRAIN, EDGE, TEST = 112, 12, 36
"""Points of the design, points at the largest intensity, points held back."""
QUICK = (60, 8, 20)
"""The same for a pattern that no shipped surface covers, made while somebody waits."""
_RIDGE = (1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1)
_FORM = 1
_MOST_BYTES = 20_000_000
VERSION = 2
"""Of the code that surfaces are made by. Raised when a figure of the simulator, of a pattern or of the fit changes, as
the stored baseline shows (``python -m scripts.baseline``); then the shipped surfaces are made anew."""
_WORDING = {"source", "date", "note", "grade", "symbol", "made"}


class Pattern(SourcedRow):
    """A pattern that ships with a surface: kind and crossings (split by ``;``; none means all)."""

    kind: str
    at: str | None = None

    @property
    def places(self) -> tuple[str, ...]:
        """The crossings, sorted."""
        return tuple(sorted(part for part in (self.at or "").split(";") if part))


@dataclass
class SurfaceResult:
    """What a pattern does, against the ordinary border at the same uncertainties; arrays [F].

    Attributes:
        throughput_lost: share of the whole border's northbound freight value (all transports) that does not cross.
        trucks_lost: share of the whole border's trucks.
        value_delayed: USD a month of northbound freight at least an hour later than usual.
        truck_cost: USD a month of hours of trucks in line and on detours.
        traveller_hours: person-hours a month in line, on detours, and lost with trips not made.
        wait_change: by mode, minutes of mean wait for primary inspection over the whole border, as the law counts it
            (6 U.S.C. 223); what is lost in secondary or an added stage is in the hours and costs.
        lost: by mode, share of the whole border's crossings.
        delay_hours: by mode, entity-hours a week.
    """

    throughput_lost: Array
    trucks_lost: Array
    value_delayed: Array
    truck_cost: Array
    traveller_hours: Array
    wait_change: dict[str, Array]
    lost: dict[str, Array]
    delay_hours: dict[str, Array]


@dataclass(frozen=True, eq=False)
class Surface:
    """The fitted response to one pattern.

    Attributes:
        kind, at: the pattern; ``at`` empty means all crossings.
        inputs: ids of the parameters it depends on; ``low`` and ``high`` their ranges in the design.
        names: of the outputs that are not 0 everywhere; ``weights`` [terms, outputs]; ``least``, ``most``: bounds.
        error: by output, ``rmse`` on held-out points in the output's unit, ``relative`` to the largest size of the
            output in the design, and ``r2``.
        points: simulated for the fit and for the error.
        basis: "simulated".
        made_from: the key of the code, tables and parameters that it was made from; see :meth:`stale`.
    """

    kind: str
    at: tuple[str, ...]
    inputs: tuple[str, ...]
    low: Array
    high: Array
    names: tuple[str, ...]
    weights: Array
    least: Array
    most: Array
    error: dict[str, dict[str, float]]
    points: int
    basis: str = "simulated"
    made_from: str = ""
    _place: dict[str, int] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        self._place.update({name: index for index, name in enumerate(self.names)})

    def predict(self, intensity: Array | float, inputs: Mapping[str, Array | float] | None = None) -> SurfaceResult:
        """The response at an intensity (share, [F] or one) and inputs by id ([F] or one; defaults where left out)."""
        x = np.atleast_1d(np.asarray(intensity, dtype=np.float64))
        wanted = [name for name in self.names if name.count(".") < 2]
        found = self._evaluate(x, inputs or {}, wanted)
        zero = np.zeros(len(x))

        def by_mode(name: str) -> dict[str, Array]:
            return {mode: found[f"{name}.{mode}"] for mode in KINDS[self.kind].modes if f"{name}.{mode}" in found}

        scalars = {
            name: found.get(name, zero)
            for name in ("throughput_lost", "trucks_lost", "value_delayed", "truck_cost", "traveller_hours")
        }
        return SurfaceResult(
            **scalars, wait_change=by_mode("wait_change"), lost=by_mode("lost"), delay_hours=by_mode("delay_hours")
        )

    def _evaluate(self, x: Array, inputs: Mapping[str, Array | float], names: list[str]) -> dict[str, Array]:
        defaults = parameters()
        given = [
            np.broadcast_to(np.asarray(inputs.get(name, float(defaults[name].default)), dtype=np.float64), x.shape)
            for name in self.inputs
        ]
        columns = [self._place[name] for name in names]
        parts = _parts(
            np.stack(
                [
                    np.clip((2 * g - low - high) / (high - low), -1.0, 1.0)
                    for g, low, high in zip(given, self.low, self.high, strict=True)
                ],
                axis=1,
            )
        )
        # Only the ramp that the intensity stands on is partly climbed: those below it count in full.
        steps = self.weights[:, columns].reshape(len(KNOTS) - 1, parts.shape[1], len(columns))
        climbed = np.cumsum(steps, axis=0) - steps
        knots = np.array(KNOTS)
        x = np.clip(x / KINDS[self.kind].most, 0.0, 1.0)
        ramp = np.minimum(np.searchsorted(knots, x, side="right") - 1, len(knots) - 2)
        values = np.empty((len(x), len(columns)))
        for k in np.unique(ramp):
            here = np.flatnonzero(ramp == k)
            mine = parts[here]
            height = ((x[here] - knots[k]) / (knots[k + 1] - knots[k]))[:, None]
            values[here] = mine @ climbed[k] + height * (mine @ steps[k])
        values = np.clip(values, self.least[columns], self.most[columns])
        values[x <= 0.0] = 0.0
        return {name: values[:, index] for index, name in enumerate(names)}

    def stale(self) -> bool:
        """True if the version of the code, the fitted border or parameters have changed since it was made."""
        return self.made_from != content_hash()

    def as_json(self) -> dict[str, Any]:
        """A document that :meth:`from_json` reads."""
        return {
            "form": _FORM,
            "kind": self.kind,
            "at": list(self.at),
            "inputs": {
                name: [float(low), float(high)]
                for name, low, high in zip(self.inputs, self.low, self.high, strict=True)
            },
            "outputs": {
                name: {
                    "least": _short(self.least[k]),
                    "most": _short(self.most[k]),
                    "error": {key: _short(size) for key, size in self.error[name].items()},
                    "weights": [_short(w) for w in self.weights[:, k]],
                }
                for k, name in enumerate(self.names)
            },
            "points": self.points,
            "basis": self.basis,
            "made_from": self.made_from,
        }

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Surface:
        """Read a surface. Raises ValueError if it has another form."""
        if document.get("form") != _FORM:
            raise ValueError("a surface of another form")
        made = document["outputs"]
        bounds = np.array(list(document["inputs"].values()), dtype=np.float64)
        return cls(
            kind=document["kind"],
            at=tuple(document["at"]),
            inputs=tuple(document["inputs"]),
            low=bounds[:, 0],
            high=bounds[:, 1],
            names=tuple(made),
            weights=np.array([entry["weights"] for entry in made.values()], dtype=np.float64).T.copy(),
            least=np.array([entry["least"] for entry in made.values()], dtype=np.float64),
            most=np.array([entry["most"] for entry in made.values()], dtype=np.float64),
            error={name: dict(entry["error"]) for name, entry in made.items()},
            points=int(document["points"]),
            basis=document["basis"],
            made_from=document.get("made_from", ""),
        )


def _short(number: float) -> float:
    return float(f"{number:.7g}")


def terms(x: Array, u: Array) -> Array:
    """[F, terms] of the fit: ramps of the intensity (0 … 1) times 1, u and u²; ``u`` is [F, inputs] in -1 … 1."""
    knots = np.array(KNOTS)
    ramps = np.clip((x[:, None] - knots[:-1]) / np.diff(knots), 0.0, 1.0)
    return (ramps[:, :, None] * _parts(u)[:, None, :]).reshape(len(x), -1)


def _parts(u: Array) -> Array:
    # 1, u, u²
    return np.concatenate([np.ones((len(u), 1)), u, u * u], axis=1)


def surface_for(kind: str, at: tuple[str, ...] = ()) -> Surface:
    """The surface of a pattern: shipped, from the user's cache, or made now (a minute or less, with progress).

    Raises:
        KeyError: no such kind.
    """
    if kind not in KINDS:
        raise KeyError(f"no pattern '{kind}'; there are {', '.join(KINDS)}")
    return _surface_for(kind, tuple(sorted(at)))


def stored(kind: str, at: tuple[str, ...] = ()) -> bool:
    """True if the surface is shipped, or in the user's cache and made from what is here now."""
    return any(path.exists() for path in _files(kind, tuple(sorted(at))))


def _files(kind: str, at: tuple[str, ...]) -> tuple[Path, Path]:
    name = file_name(kind, at)
    return FOLDER / name, cache_home() / "surfaces" / f"{content_hash()}-{name}"


@cache
def _surface_for(kind: str, at: tuple[str, ...]) -> Surface:
    shipped, kept = _files(kind, at)
    if shipped.exists():
        return Surface.from_json(json.loads(shipped.read_text(encoding="utf-8")))
    found = _kept(kept, kind, at)
    if found is not None:
        return found
    surface = make(kind, at, points=QUICK)
    with contextlib.suppress(InputError):  # a cache that cannot be written costs time and nothing else
        write(surface, kept)
    return surface


def _kept(path: Path, kind: str, at: tuple[str, ...]) -> Surface | None:
    """The surface in a file of the user's cache; None if there is none, or none that can be used."""
    try:
        surface = Surface.from_json(read_json(path, most=_MOST_BYTES))
    except (InputError, ValueError, KeyError, TypeError, AttributeError, IndexError):
        return None
    outputs = len(surface.names)
    whole = surface.weights.ndim == 2 and surface.weights.shape[1] == outputs == len(surface.least) == len(surface.most)
    whole = whole and all(np.isfinite(part).all() for part in (surface.weights, surface.least, surface.most))
    return surface if whole and (surface.kind, surface.at) == (kind, at) else None


def file_name(kind: str, at: tuple[str, ...]) -> str:
    """Name of a surface's file."""
    if not at:
        return f"{kind}.json"
    return f"{kind}-{hashlib.blake2b(';'.join(at).encode(), digest_size=4).hexdigest()}.json"


def write(surface: Surface, path: Path) -> None:
    """Write a surface as JSON, whole or not at all."""
    with whole_file(path) as part:
        part.write_text(json.dumps(surface.as_json()) + "\n", encoding="utf-8")


@cache
def content_hash() -> str:
    """The key of a surface: the version of the code, and the figures of the fitted border and of the parameters.

    Wording, sources and grades of a table are not in it, nor is the text of the code.
    """
    files = [REFERENCE / "parameters" / f"{name}.csv" for name in ("crossings-cost", "crossings", "surfaces")]
    files += (REFERENCE / "crossings").iterdir()
    figures = {path.relative_to(REFERENCE).as_posix(): _figures(path) for path in files if path.is_file()}
    text = json.dumps([VERSION, figures], sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _figures(path: Path) -> Any:
    """What a table says, without comments and without the columns that no simulation reads."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".json":
        return {key: value for key, value in json.loads(text).items() if key not in _WORDING}
    rows = csv.DictReader(line for line in text.splitlines() if line.strip() and not line.startswith("#"))
    return [
        {name: cell for name, cell in row.items() if name not in _WORDING and not name.endswith(("_en", "_es"))}
        for row in rows
    ]


def make(kind: str, at: tuple[str, ...], *, points: tuple[int, int, int] = (TRAIN, EDGE, TEST)) -> Surface:
    """Simulate the design and fit the surface of a pattern; shows progress."""
    from borderlab.crossings.surfaces.response import INPUTS, outputs, respond

    low, high = _ranges(INPUTS)
    x, u = design(sum(points[::2]), points[1], low, high)
    with progress(f"response surface {kind} {'; '.join(at) or 'all crossings'}", len(x)) as advance:
        rows = []
        for point in range(len(x)):
            rows.append(respond(kind, at, float(x[point]) * KINDS[kind].most, tuple(u[point])))
            advance(1)
    y = np.array(rows)
    test = np.zeros(len(x), dtype=bool)
    test[points[0] : points[0] + points[2]] = True
    names = outputs()
    live = [k for k in range(len(names)) if np.abs(y[:, k]).max() > 0]
    scaled = (2 * u - low - high) / (high - low)
    basis = terms(x, scaled)
    weights, error = [], {}
    for k in live:
        size = np.abs(y[:, k]).max()
        fitted = _fit(basis[~test], y[~test, k] / size) * size
        miss = np.clip(basis[test] @ fitted, y[~test, k].min(), y[~test, k].max()) - y[test, k]
        spread = float(((y[test, k] - y[test, k].mean()) ** 2).sum())
        rmse = float(np.sqrt((miss**2).mean()))
        error[names[k]] = {
            "rmse": rmse,
            "relative": rmse / float(size),
            "r2": 1.0 - float((miss**2).sum()) / spread if spread > 0 else 0.0,
        }
        weights.append(_fit(basis, y[:, k] / size) * size)
    return Surface(
        kind=kind,
        at=at,
        inputs=INPUTS,
        low=low,
        high=high,
        names=tuple(names[k] for k in live),
        weights=np.array(weights).T.reshape(basis.shape[1], len(live)),
        least=np.minimum(y[:, live].min(axis=0), 0.0),
        most=np.maximum(y[:, live].max(axis=0), 0.0),
        error=error,
        points=len(x),
        made_from=content_hash(),
    )


def _ranges(names: tuple[str, ...]) -> tuple[Array, Array]:
    rows = [parameters()[name] for name in names]
    return np.array([row.low for row in rows], dtype=np.float64), np.array([row.high for row in rows], dtype=np.float64)


def design(count: int, edge: int, low: Array, high: Array) -> tuple[Array, Array]:
    """Intensities [n] in 0 … 1 and inputs [n, inputs]: a Sobol' sequence, then ``edge`` points at intensity 1.

    The inputs do not depend on the pattern, so that patterns of the same lanes share the runs of the ordinary border.
    """
    from scipy.stats import qmc

    sample = qmc.Sobol(1 + len(low), scramble=True, rng=np.random.default_rng(7)).random_base2(9)[: count + edge]
    # More points at low intensities, where most patterns bite.
    x = sample[:, 0] ** 1.5
    x[count:] = 1.0
    return x, low + sample[:, 1:] * (high - low)


def _fit(basis: Array, y: Array) -> Array:
    # Ridge regression, its weight chosen by five-fold cross-validation; dependence on inputs is shrunk more.
    each = basis.shape[1] // (len(KNOTS) - 1)
    shrink = np.tile(np.r_[0.1, np.ones(each - 1)], len(KNOTS) - 1)
    fold = np.arange(len(y)) % 5

    def solve(rows: NDArray[np.bool_], ridge: float) -> Array:
        some = basis[rows]
        normal = some.T @ some + ridge * len(some) * np.diag(shrink)
        return np.asarray(np.linalg.solve(normal, some.T @ y[rows]), dtype=np.float64)

    def missed(ridge: float) -> float:
        return sum(float(((basis[fold == f] @ solve(fold != f, ridge) - y[fold == f]) ** 2).sum()) for f in range(5))

    best = min(_RIDGE, key=missed)
    return solve(np.ones(len(y), dtype=bool), best)


def ordinary_waits() -> dict[str, float]:
    """Mean minutes of waiting of an ordinary week by mode, from the shipped simulation."""
    kept = json.loads((FOLDER / "ordinary.json").read_text(encoding="utf-8"))
    return {mode: float(kept["mean_wait_min"][mode]) for mode in MODES}


def main(arguments: list[str]) -> None:
    """Make the shipped surfaces anew: all of them, or those whose kind is named. ``--check`` only tells stale ones."""
    from borderlab.crossings.surfaces import response

    if arguments == ["--check"]:
        known = [surface_for(pattern.kind, pattern.places) for pattern in table("surfaces/patterns", Pattern)]
        old = [surface for surface in known if surface.stale()]
        for surface in old:
            print(f"{surface.kind} {', '.join(surface.at) or 'all'}: stale; make it with this command and its kind")
        sys.exit(1 if old else 0)

    waits = {mode: _short(minutes) for mode, minutes in response.ordinary_waits().items()}
    with whole_file(FOLDER / "ordinary.json") as part:
        part.write_text(json.dumps({"mean_wait_min": waits, "source": "borderlab-computed"}, indent=1) + "\n")
    for pattern in table("surfaces/patterns", Pattern):
        if arguments and pattern.kind not in arguments:
            continue
        surface = make(pattern.kind, pattern.places)
        write(surface, FOLDER / file_name(pattern.kind, pattern.places))
        shown = ", ".join(
            f"{name} {surface.error[name]['relative']:.1%}"
            for name in ("trucks_lost", "traveller_hours", "truck_cost")
            if name in surface.error
        )
        print(f"{pattern.kind} {pattern.at or 'all'}: held-out error {shown}")


if __name__ == "__main__":
    main(sys.argv[1:])
