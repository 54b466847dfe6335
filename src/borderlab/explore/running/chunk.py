"""One chunk of a comparison: draw futures, keep the plausible ones, run every strategy over them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from borderlab.base.problems import InputError, Problem
from borderlab.evidence.tables.assumption import Assumption, assumption_of
from borderlab.evidence.tables.parameter import model_parameters
from borderlab.strategy.tree.tree import Strategy

if TYPE_CHECKING:
    from borderlab.model.core.world import World
    from borderlab.model.futures.futures import Futures
    from borderlab.model.history.history_match import Plausibility

BLOCK_WEEKS = 4
"""Courses over time are kept as means over so many weeks."""
_BY_STRATEGY = ("first", "weeks", "firings", "in_force")


def run_strategies(inputs: Mapping[str, Any], first: int, count: int) -> dict[str, np.ndarray]:
    """The worker of a comparison.

    Args:
        inputs: strategies (plain), seed, start, years, measures, series, everything (run implausible futures, too),
            lead (False: leave out facts and drawn, which another chunk of the same futures has).

    Returns:
        plausible [count] bool; facts [facts, count] bool; and for the futures that were run: index (their numbers),
        drawn [run, unknowns] (what was drawn: numbers, and codes of options),
        measures float64 [strategies, measures, run], series float32 [strategies, series, run, blocks], and for each
        strategy k ``in_force.k`` int32 [rules, blocks] (futures with the rule in force at some time of the block,
        plausible ones only), ``first.k`` int32 [rules, run] (week of the first firing, −1 never), ``weeks.k`` and
        ``firings.k`` int32 [6, firings] (rule, place among the futures run, week begun, imposed, ended, why).
    """
    from borderlab.explore.running.chosen import rebuild

    strategies = [rebuild(plain) for plain in inputs["strategies"]]
    _check_surfaces(strategies, inputs.get("surfaces", {}))
    changes = assumptions_in(inputs.get("set", {}))
    judged, ran, part = _futures(inputs["seed"], first, count, bool(inputs.get("everything")), changes)
    counted = judged.mask[ran]
    out: dict[str, np.ndarray] = {"plausible": judged.mask, "index": first + ran}
    if inputs.get("lead", True):
        out["facts"] = np.stack([judged.facts[name] for name in judged.facts])
        out["drawn"] = drawn_of(part, inputs["unknowns"])
    out |= over(strategies, part, counted, inputs)
    some = bool(inputs.get("everything")) or judged.mask.any()
    return out if some else _without_futures(out, len(inputs["strategies"]))


def over(
    strategies: Sequence[Strategy],
    part: Futures,
    counted: np.ndarray,
    inputs: Mapping[str, Any],
    *,
    world: World | None = None,
    done: Callable[[int], None] = lambda count: None,
) -> dict[str, np.ndarray]:
    """What :func:`run_strategies` says of the futures that are run.

    Args:
        counted: bool [run], which of them are plausible.
        inputs: start, years, measures, series.
        world: other modules than the shipped ones.
        done: told after each strategy how many runs of a future are done in all; may raise to stop.
    """
    from borderlab.model.run.run import run

    out: dict[str, np.ndarray] = {}
    measures, courses = [], []
    for place, strategy in enumerate(strategies):
        before = place * part.n
        ran = run(
            strategy,
            part,
            start=date.fromisoformat(inputs["start"]),
            years=inputs["years"],
            record=tuple(inputs["series"]),
            every=BLOCK_WEEKS,
            world=world,
            done=lambda count, before=before: done(before + count),  # type: ignore[misc]
        )
        measures.append(np.stack([ran.measures[name] for name in inputs["measures"]]))
        courses.append(np.stack([ran.series[name] for name in inputs["series"]]))
        log = ran.firings
        assert log is not None, "a strategy was run"
        out[f"first.{place}"] = log.first_weeks().astype(np.int32)
        out[f"weeks.{place}"] = log.weeks_in_force().astype(np.int32)
        out[f"firings.{place}"] = log.columns.astype(np.int32)
        out[f"in_force.{place}"] = in_force(log.columns, len(log.rules), counted, len(ran.weeks), courses[-1].shape[-1])
    out["measures"] = np.stack(measures)
    out["series"] = np.stack(courses)
    return out


def drawn_of(part: Futures, unknowns: Iterable[str]) -> np.ndarray:
    """What was drawn, float64 [futures, unknowns]: numbers, and codes of options."""
    columns = [part.values[name] if name in part.values else part.codes[name] for name in unknowns]
    return np.column_stack([column.astype(float) for column in columns])


def assumptions_in(plain: Mapping[str, Mapping[str, Any]]) -> tuple[Assumption, ...]:
    """The changes of parameters among a run's inputs, checked.

    Raises:
        InputError: no such parameter, or a value that cannot be.
    """
    return tuple(assumption_of(name, one, model_parameters()) for name, one in plain.items())


def _check_surfaces(strategies: Sequence[Strategy], wanted: Mapping[str, str]) -> None:
    """Refuse to mix surfaces: those here must be those that the run was begun with.

    Raises:
        InputError: a pattern would be served by another surface.
    """
    from borderlab.model.border.patterns import surfaces_of

    for strategy in strategies:
        for pattern, content in surfaces_of(strategy).items():
            if wanted.get(pattern, content) != content:
                raise InputError(
                    Problem(
                        f"pattern {pattern} was served by {wanted[pattern]} when the run was begun; here by {content}.",
                        cure="Begin anew, or bring the surface of that run into the cache folder.",
                    )
                )


def together(pieces: Sequence[Mapping[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """One chunk of all strategies from chunks of some of them over the same futures, in order."""
    out = {name: array for name, array in pieces[0].items() if "." not in name}
    for name in ("measures", "series"):
        out[name] = np.concatenate([piece[name] for piece in pieces])
    place = 0
    for piece in pieces:
        for own in range(len(piece["measures"])):
            out.update({f"{kind}.{place}": piece[f"{kind}.{own}"] for kind in _BY_STRATEGY})
            place += 1
    return out


@lru_cache(maxsize=1)
def _futures(
    seed: int, first: int, count: int, everything: bool, changes: tuple[Assumption, ...]
) -> tuple[Plausibility, np.ndarray, Futures]:
    """What history says of a span of futures, the places of those to run, and these futures.

    Kept for the next chunk, which is often another strategy over the same futures. A span may hold no plausible future:
    one is run for the shapes and then left out.
    """
    from borderlab.model.futures.futures import draw_futures
    from borderlab.model.history.history_match import plausible

    futures = draw_futures(count, seed, first=first, changes=changes)
    judged = plausible(futures)
    kept = np.ones(count, dtype=bool) if everything else judged.mask
    ran = np.flatnonzero(kept) if kept.any() else np.zeros(1, dtype=np.intp)
    return judged, ran, futures.take(ran)


def _without_futures(out: dict[str, np.ndarray], strategies: int) -> dict[str, np.ndarray]:
    """The same arrays with no future in them."""
    for name in {"index", "drawn"} & set(out):
        out[name] = out[name][:0]
    out["measures"], out["series"] = out["measures"][:, :, :0], out["series"][:, :, :0]
    for place in range(strategies):
        for name in ("first", "weeks", "firings"):  # in_force counts plausible futures only
            out[f"{name}.{place}"] = out[f"{name}.{place}"][:, :0]
    return out


def in_force(columns: np.ndarray, rules: int, counted: np.ndarray, weeks: int, blocks: int) -> np.ndarray:
    """int32 [rules, blocks]: in how many counted futures a rule was in force at some time of the block.

    Args:
        columns: int [6, firings]: rule, future, begun, imposed (−1 never), ended (−1 still running), why.
    """
    rule, future, _, imposed, end, _ = columns[:, (columns[3] >= 0) & counted[columns[1]]]
    place = (np.cumsum(counted) - 1)[future]
    last = np.maximum(np.where(end >= 0, end, weeks) - 1, imposed)
    found = np.zeros((rules, blocks), dtype=np.int32)
    wide = blocks + 2
    for number in range(rules):
        mine = rule == number
        rows = place[mine] * wide
        begun = np.bincount(rows + np.minimum(imposed[mine] // BLOCK_WEEKS, blocks), minlength=counted.sum() * wide)
        ended = np.bincount(rows + np.minimum(last[mine] // BLOCK_WEEKS, blocks) + 1, minlength=counted.sum() * wide)
        at_work = np.cumsum((begun - ended).reshape(-1, wide), axis=1)[:, :blocks] > 0
        found[number] = at_work.sum(axis=0)
    return found
