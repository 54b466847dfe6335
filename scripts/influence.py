"""``python -m scripts.influence``: does each parameter, switch and lever move all that ``why`` says, and no more?

Every parameter is moved alone, to both ends of its range (a fixed one by a quarter), every switch to each option, with
no strategy, under every shipped one and with every lever set, over the same futures and the same chance events; every
lever is set alone to both bounds. What moves must be among what the graph of the equations says. What the graph says
and what never moved is written to ``tests/model/unmoved.csv`` with ``--renew``: nearly all of it is reached through a
rule alone, whose condition no change of one parameter met.
"""

from __future__ import annotations

import argparse
import csv
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from borderlab.evidence.tables.lever import Lever, levers, sectors
from borderlab.evidence.tables.parameter import Parameter
from borderlab.model.border.approximation import PARAMETERS
from borderlab.model.futures.futures import Futures, draw_futures, model_parameters
from borderlab.model.run.influence import directly, moves
from borderlab.model.run.run import run
from borderlab.strategy.file.library import shipped
from borderlab.strategy.file.parse import load_strategy
from borderlab.strategy.tree.tree import Constant, Strategy

LISTED = Path(__file__).resolve().parents[1] / "tests" / "model" / "unmoved.csv"
FUTURES, YEARS, SEED = 24, 6.0, 5
PLACES = ("eagle-pass-2", "presidio")
NOTICED = 1e-9
QUARTER = 0.25
_NEAR = "only together with something that was not moved here: another lever, or a bound that no future met"
_FAR = "only through a rule of a strategy, which this change did not trip"


@dataclass(frozen=True)
class Change:
    """One thing that is moved: a node of the graph, what it is set to."""

    node: str
    id_: str
    to: float | str


def changes() -> Iterator[Change]:
    """Both ends of every parameter, every option of every switch."""
    for id_, row in model_parameters().items():
        if row.distribution == "choice":
            yield from (Change(f"switch:{id_}", id_, option) for option in row.options())
        else:
            yield from (Change(f"parameter:{id_}", id_, value) for value in ends(row))


def ends(row: Parameter) -> tuple[float, float]:
    """The ends of a parameter's range; of a fixed one, a quarter less and more."""
    if row.low is not None and row.high is not None:
        return float(row.low), float(row.high)
    value = float(row.default)
    return (value * (1 - QUARTER), value * (1 + QUARTER)) if value else (-0.1, 0.1)


def tiled(base: Futures, wanted: list[Change]) -> Futures:
    """The futures as they are, then once more for each change."""
    index = np.tile(np.arange(base.n), len(wanted) + 1)
    whole = base.take(index)
    values = {id_: array.copy() for id_, array in whole.values.items()}
    codes = {id_: array.copy() for id_, array in whole.codes.items()}
    for place, change in enumerate(wanted, start=1):
        block = slice(place * base.n, (place + 1) * base.n)
        if change.node.startswith("switch:"):
            codes[change.id_][block] = whole.labels[change.id_].index(str(change.to))
        else:
            row = model_parameters()[change.id_]
            if change.id_ not in values:
                values[change.id_] = np.full(whole.n, float(row.default))
            values[change.id_][block] = change.to
    return Futures(whole.n, whole.seed, whole.first, values, codes, whole.labels, whole.key)


def every_lever() -> tuple[Strategy, Strategy]:
    """Strategies that set every lever half-way to its upper bound, and to its lower one."""
    return tuple(
        Strategy(name, {}, {}, constants=tuple(
            Constant(id_, lever.default + (end - lever.default) / 2, at=_places(lever))
            for id_, lever in levers().items()
            if (end := getattr(lever, side)) != lever.default
        ))
        for name, side in (("up", "high"), ("down", "low"))
    )  # type: ignore[return-value]  # fmt: skip


def _places(lever: Lever) -> tuple[str, ...]:
    return tuple(sectors()) if lever.places == "sector" else ()


UNFITTED = Strategy(
    "unfitted",
    {},
    {},
    constants=tuple(
        Constant(id_, lever.high / 2, at=PLACES) for id_, lever in levers().items() if lever.surface_kind is not None
    ),
)
"""Every pattern at places for which no surface is fitted, so that the closed form stands in."""


def moved_by_parameters() -> dict[str, set[str]]:
    """Measures that each parameter and switch moved anywhere, by node."""
    with np.errstate(all="ignore"):  # at the very ends of ranges a risk may be certain, a share nothing
        return _moved_by_parameters()


def _moved_by_parameters() -> dict[str, set[str]]:
    base = draw_futures(FUTURES, SEED)
    # Figures of the closed form are read once for all futures of a run, so that each takes a run of its own.
    alone = [change for change in changes() if change.id_ in PARAMETERS]
    wanted = [change for change in changes() if change.id_ not in PARAMETERS]
    futures = tiled(base, wanted)
    found: dict[str, set[str]] = {change.node: set() for change in (*wanted, *alone)}
    usual = run(UNFITTED, base, years=YEARS).measures
    for change in alone:
        values = {**base.values, change.id_: np.full(base.n, float(change.to))}
        once = Futures(base.n, base.seed, base.first, values, base.codes, base.labels, base.key)
        for id_, now in run(UNFITTED, once, years=YEARS).measures.items():
            if _away(now[None], usual[id_])[0]:
                found[change.node].add(id_)
    for strategy in (None, *(load_strategy(id_) for id_ in shipped()), *every_lever()):
        done = run(strategy, futures, years=YEARS)
        for id_, values in done.measures.items():
            blocks = values.reshape(-1, base.n)
            away = _away(blocks[1:], blocks[0])
            for change, differs in zip(wanted, away, strict=True):
                if differs:
                    found[change.node].add(id_)
    return found


def moved_by_levers() -> dict[str, set[str]]:
    """Measures that each lever moved, set alone from the start to either bound; levers that threaten, by a rule too."""
    base = draw_futures(FUTURES, SEED)
    ordinary = run(None, base, years=YEARS).measures
    found: dict[str, set[str]] = {}
    for id_, lever in levers().items():
        mine = found.setdefault(f"lever:{id_}", set())
        at = _places(lever)
        for value in {lever.low, lever.high} - {lever.default}:
            alone = Strategy("alone", {}, {}, constants=(Constant(id_, value, at=at),))
            for measure, values in run(alone, base, years=YEARS).measures.items():
                if _away(values[None], ordinary[measure])[0]:
                    mine.add(measure)
    return found


def _away(rows: np.ndarray, base: np.ndarray) -> np.ndarray:
    """Whether each row differs from the base anywhere by more than the last bits."""
    size = np.maximum(np.abs(base), np.abs(rows))
    with np.errstate(invalid="ignore"):
        differs = np.abs(rows - base) > NOTICED * size
    differs |= np.isnan(rows) != np.isnan(base)
    return np.asarray(differs.any(axis=1))


def beyond(found: Mapping[str, set[str]]) -> list[tuple[str, str]]:
    """What moved though the graph does not say so."""
    return sorted((node, id_) for node, ids in found.items() for id_ in ids - set(moves(node)))


def unmoved(found: Mapping[str, set[str]]) -> list[tuple[str, str, str]]:
    """What the graph says and what never moved: node, measure, reason."""
    rows = []
    for node, ids in found.items():
        near = directly(node)
        for id_ in moves(node):
            if id_ not in ids:
                reason = _NEAR if id_ in near else _FAR
                rows.append((node, id_, reason))
    return rows


def listed() -> set[tuple[str, str]]:
    """What is known not to move: (node, measure)."""
    with LISTED.open(encoding="utf-8", newline="") as file:
        return {(row["node"], row["measure"]) for row in csv.DictReader(file)}


def main() -> int:
    """Check, or renew the list."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--renew", action="store_true", help="write what never moved to the list")
    renew = parser.parse_args().renew
    found = {**moved_by_parameters(), **moved_by_levers()}
    wrong, rest = beyond(found), unmoved(found)
    if renew:
        with LISTED.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["node", "measure", "reason"])
            writer.writerows(rest)
    else:
        wrong += [(node, id_) for node, id_, _ in rest if (node, id_) not in listed()]
    for node, id_ in wrong:
        print(f"{node}: {id_}")
    said = sum(len(moves(node)) for node in found)
    print(f"{len(found)} nodes, {said} influences said, {len(rest)} of them never seen, {len(wrong)} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
