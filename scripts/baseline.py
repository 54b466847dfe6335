"""``python -m scripts.baseline``: are all results still those that are stored? ``--renew`` stores those of now.

Stored, as full float64, stand every measure of the model for six strategies in 300 futures, the sums of every shipped
crossings scenario, and a point of every shipped response surface with a small fit of one. Where the surfaces differ,
``VERSION`` in ``borderlab.crossings.surfaces.surface`` is raised and they are made anew. The futures are drawn
parameter by parameter, so that a parameter that is new since the baseline was stored stands at its default and moves
no other. Renew the baseline only when results change on purpose, and say in the commit which and why.

On a machine whose mathematics gives the same last bits, results must be the same bits. On another one (known by a
fingerprint of exp, log, pow, sums and products, by NumPy, by SciPy and by compiled code) they must agree to
1e-9, but for one in a thousand, where a threshold may fall on the other side.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, log
from pathlib import Path

import numpy as np
from numba import njit
from numpy.typing import NDArray

from borderlab.crossings.outcomes.outcome import MEASURES, SIDES
from borderlab.crossings.outcomes.simulate import simulate
from borderlab.crossings.scenarios.library import load_scenario, scenario_ids
from borderlab.crossings.surfaces import response, surface
from borderlab.crossings.surfaces.pattern import KINDS
from borderlab.evidence.tables.table import table
from borderlab.model.futures.futures import Futures, default_futures, drawn_parameters, futures_at
from borderlab.model.run.measures import measure_ids
from borderlab.model.run.run import run
from borderlab.strategy.file.library import shipped
from borderlab.strategy.file.parse import load_strategy

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "baseline"
MODEL, CROSSINGS, SURFACES = (FOLDER / f"{name}.npz" for name in ("model", "crossings", "surfaces"))
N, SEED = 300, 1
YEARS = 10.0
TABLES = (("lane", "period"), ("port", "month"), ("mode", "span"), ("all", "span"))
"""Sums of a scenario that are kept: by whom, over what."""
SUMMED = (*MEASURES, "joined")
SMALL_FIT = "sentri-share"
"""The surface whose fit is made small: its lanes are few."""
CLOSE = 1e-9
MOST_APART = 0.001
"""Share of the results that may differ by more than :data:`CLOSE` where the mathematics of the machine is another."""

Array = NDArray[np.float64]
Stored = dict[str, NDArray[np.generic]]


@njit
def _compiled(x: Array, out: Array) -> None:
    for i in range(len(x)):
        out[i] = exp(-x[i]) + log(x[i]) * x[i] ** 0.37


def fingerprint() -> str:
    """A hash of the bits that this machine's mathematics gives on a fixed grid; 16 hexadecimal digits."""
    from scipy.special import ndtri

    x = np.linspace(0.013, 37.0, 4096)
    compiled = np.empty_like(x)
    _compiled(x, compiled)
    grid = x.reshape(64, 64)
    parts = (np.exp(-x), np.log(x), x**0.37, ndtri(x / 38.0), compiled, grid @ grid, grid.sum(axis=0), x.cumsum())
    return hashlib.sha256(b"".join(np.ascontiguousarray(part).tobytes() for part in parts)).hexdigest()[:16]


def futures(names: tuple[str, ...]) -> Futures:
    """The futures of the baseline: the parameters named drawn, each from a sequence of its own, others at default."""
    drawn = list(drawn_parameters())
    points = np.full((N, len(drawn)), 0.5)
    for name in set(names) & set(drawn):
        points[:, drawn.index(name)] = np.random.default_rng([SEED, zlib.crc32(name.encode())]).random(N)
    found, usual = futures_at(points, SEED), default_futures(N, SEED)
    at_default = [name for name in drawn if name not in names]
    return found.replace({name: usual.column(name)[0] for name in at_default})


def of_model(names: tuple[str, ...]) -> Stored:
    """Every measure of every shipped strategy: ``results`` is float64 [strategies, measures, futures]."""
    drawn = futures(names)
    results = []
    for id_ in shipped():
        measures = run(load_strategy(id_), drawn, years=YEARS).measures
        results.append([measures[name] for name in measure_ids()])
    return {
        "fingerprint": np.array(fingerprint()),
        "parameters": np.array(names),
        "strategies": np.array(shipped()),
        "measures": np.array(measure_ids()),
        "results": np.array(results),
    }


def of_crossings() -> Stored:
    """The sums of every shipped scenario: a float64 array [sides, measures, labels, stretches] for each table."""
    found: Stored = {"fingerprint": np.array(fingerprint()), "measures": np.array(SUMMED)}
    for id_ in scenario_ids():
        outcome = simulate(load_scenario(id_), SEED)
        for by, over in TABLES:
            sides = [outcome.summed(side, by, over) for side in SIDES]
            found[f"{id_}/{by}/{over}"] = np.array([[side[name] for name in SUMMED] for side in sides])
            found[f"{id_}/{by}/labels"] = np.array(sides[0]["labels"])
        ways = outcome.diverted()
        found[f"{id_}/diverted"] = np.array([[way[side] for side in SIDES] for way in ways], float).reshape(-1, 2)
        found[f"{id_}/ways"] = np.array(["{from} {to} {mode}".format(**way) for way in ways], dtype=str)
    return found


def of_surfaces() -> Stored:
    """What each shipped pattern does at one point of the design, the ordinary waits, and a small fit of one pattern."""
    found: Stored = {"fingerprint": np.array(fingerprint())}
    for pattern in table("surfaces/patterns", surface.Pattern):
        kind, at = pattern.kind, pattern.places
        name = surface.file_name(kind, at).removesuffix(".json")
        found[name] = response.respond(kind, at, 0.4 * KINDS[kind].most, response.default_inputs())
        if name == SMALL_FIT:
            made = surface.make(kind, at, points=(24, 4, 8))
            found["fit"] = np.concatenate([made.weights.ravel(), made.least, made.most])
    found["ordinary"] = np.array(list(response.ordinary_waits().values()))
    return found


@dataclass(frozen=True)
class Difference:
    """Results that are no longer what they were.

    Attributes:
        what: whose, and which measure.
        bits, apart: how many differ at all, and by more than :data:`CLOSE`, of so many in ``all``.
        most: largest difference over the stored size, or the difference where that is 0; inf where one is missing.
    """

    what: str
    bits: int
    apart: int
    all: int
    most: float

    def __str__(self) -> str:
        return (
            f"{self.what}: {self.bits} of {self.all} differ, {self.apart} by more than {CLOSE:g}; most {self.most:.3g}"
        )


def difference(what: str, stored: Array, now: Array) -> Difference | None:
    """How two arrays of one shape differ; None if they are the same bits (missing is the same as missing).

    >>> print(difference("wait", np.array([1.0, 2.0, 4.0]), np.array([1.0, 2.0, 5.0])))
    wait: 1 of 3 differ, 1 by more than 1e-09; most 0.25
    """
    other = ~((stored == now) | (np.isnan(stored) & np.isnan(now)))
    if not other.any():
        return None
    before, after = stored[other], now[other]
    size = np.where(before == 0.0, 1.0, np.abs(before))
    relative = np.nan_to_num(np.abs(after - before) / size, nan=np.inf)
    return Difference(what, int(other.sum()), int((relative > CLOSE).sum()), stored.size, float(relative.max()))


def model_differences(stored: Stored, now: Stored) -> Iterator[Difference | str]:
    """Every strategy's measures that differ; strategies and measures that have come or gone are told by name."""
    yield from _names("strategies", stored, now)
    yield from _names("measures", stored, now)
    for strategy in _both("strategies", stored, now):
        for measure in _both("measures", stored, now):
            pair = [_of(kept, strategy, measure) for kept in (stored, now)]
            if (found := difference(f"{strategy}, {measure}, futures", *pair)) is not None:
                yield found


def _of(kept: Stored, strategy: str, measure: str) -> Array:
    place = list(kept["strategies"]).index(strategy), list(kept["measures"]).index(measure)
    return np.asarray(kept["results"][place], dtype=np.float64)


def crossings_differences(stored: Stored, now: Stored) -> Iterator[Difference | str]:
    """Every scenario's sums that differ, by table, side and measure; every surface that differs."""
    for key in sorted({*stored, *now} - {"fingerprint"}):
        if key not in stored or key not in now:
            yield f"{key}: {'is new' if key in now else 'is no more'}"
        elif stored[key].shape != now[key].shape:
            yield f"{key}: had shape {stored[key].shape}, has {now[key].shape}"
        elif stored[key].dtype.kind == "U":
            if (stored[key] != now[key]).any():
                yield f"{key}: other names"
        elif stored[key].ndim < 3:
            if (found := difference(key, *(np.asarray(k[key], float) for k in (stored, now)))) is not None:
                yield found
        else:
            for side, label in enumerate(SIDES):
                for place, measure in enumerate(SUMMED):
                    pair = [np.asarray(kept[key][side, place], dtype=np.float64) for kept in (stored, now)]
                    if (found := difference(f"{key}, {label}, {measure}", *pair)) is not None:
                        yield found


def _names(key: str, stored: Stored, now: Stored) -> Iterator[str]:
    before, after = ({str(name) for name in kept[key]} for kept in (stored, now))
    yield from (f"{key}: '{name}' is new" for name in sorted(after - before))
    yield from (f"{key}: '{name}' is no more" for name in sorted(before - after))


def _both(key: str, stored: Stored, now: Stored) -> list[str]:
    known = {str(name) for name in now[key]}
    return [str(name) for name in stored[key] if str(name) in known]


def faults(stored: Stored, now: Stored, found: list[Difference | str], everything: int) -> list[str]:
    """What of the differences is a fault on this machine, as text.

    Args:
        everything: number of results that were compared.
    """
    told = [one for one in found if isinstance(one, str)]
    numbers = [one for one in found if isinstance(one, Difference)]
    if str(stored["fingerprint"]) != str(now["fingerprint"]):
        apart = [one for one in numbers if one.apart]
        numbers = apart if sum(one.apart for one in apart) > MOST_APART * everything else []
    return told + [str(one) for one in numbers]


def load(path: Path) -> Stored:
    """A stored baseline."""
    with np.load(path) as kept:
        return dict(kept)


def check_model() -> list[str]:
    """What the model no longer gives as it was stored."""
    stored = load(MODEL)
    now = of_model(tuple(str(name) for name in stored["parameters"]))
    return faults(stored, now, list(model_differences(stored, now)), stored["results"].size)


def check_crossings() -> list[str]:
    """What the crossings no longer give as it was stored."""
    return _check_tables(CROSSINGS, of_crossings())


def check_surfaces() -> list[str]:
    """What the making of surfaces no longer gives as it was stored."""
    return _check_tables(SURFACES, of_surfaces())


def _check_tables(path: Path, now: Stored) -> list[str]:
    stored = load(path)
    everything = sum(array.size for array in stored.values() if array.dtype.kind == "f")
    return faults(stored, now, list(crossings_differences(stored, now)), everything)


def main(arguments: list[str]) -> int:
    """Check, or renew."""
    parser = argparse.ArgumentParser(prog="python -m scripts.baseline", description="Are results as they were stored?")
    parser.add_argument("--renew", action="store_true", help="store the results of now")
    if parser.parse_args(arguments).renew:
        np.savez_compressed(MODEL, **of_model(tuple(drawn_parameters())))
        np.savez_compressed(CROSSINGS, **of_crossings())
        np.savez_compressed(SURFACES, **of_surfaces())
        print(f"Stored in {FOLDER}.")
        return 0
    found = check_model() + check_crossings() + check_surfaces()
    print("\n".join(found) or "All results are as they were stored.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
