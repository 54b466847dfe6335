"""What a comparison says beyond the plain figures: beliefs, stability, what matters. Computed once, from the seed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from borderlab.base.problems import InputError
from borderlab.base.progress import progress
from borderlab.explore.answers.beliefs import Belief, advantage, find_belief, margin_of
from borderlab.explore.discovery.variables import Variables
from borderlab.explore.results.comparison import Comparison
from borderlab.explore.results.focus import focus
from borderlab.explore.results.robustness import dominated
from borderlab.explore.results.stability import Stability, stability
from borderlab.explore.sensitivity.pawn import Importance, screen
from borderlab.strategy.tree.tree import Strategy


@dataclass
class Findings:
    """Beliefs (each strategy against all others and against the status quo), stability and importance by measure.

    Attributes:
        dominated: for each strategy the place of one that is at least as good on the median of every headline
            measure and better on one; None if there is none.
        importance: measure -> strategy id -> how strongly each unknown moves the difference from the status quo.
    """

    beliefs: list[Belief]
    stability: dict[str, Stability]
    importance: dict[str, dict[str, Importance]]
    dominated: list[int | None]


def find(comparison: Comparison) -> Findings:
    """Everything the report needs beyond the figures of the comparison."""
    seed = int(comparison.inputs["seed"])
    everyone = range(len(comparison.ids))
    questions = [
        (strategy, others, measure)
        for strategy in everyone
        for measure, row in focus().items()
        if row.believe and measure in comparison.values
        for others in ([place for place in everyone if place != strategy], [0])
        if strategy not in others and (others != [0] or len(comparison.ids) > 2)
    ]
    headline = [one.id for one in comparison.headline]
    with progress("what to believe", len(questions) + 2 * len(headline)) as advance:
        beliefs = []
        for strategy, others, measure in questions:
            beliefs.append(ask(comparison, strategy, others, measure, seed=seed))
            advance(1)
        stable = {}
        for measure in headline:
            stable[measure] = stability(comparison.values[measure], comparison.better(measure), seed=seed)
            advance(1)
        importance = {}
        for measure in headline:
            importance[measure] = what_matters(comparison, measure, seed=seed)
            advance(1)
    medians = np.array([[comparison.standing[m][s].median for m in headline] for s in range(len(comparison.ids))])
    return Findings(beliefs, stable, importance, dominated(medians, [comparison.better(m) for m in headline]))


def ask(comparison: Comparison, strategy: int, others: list[int], measure: str, *, seed: int) -> Belief:
    """When is a strategy better than all of ``others`` on a measure?"""
    values = comparison.values[measure]
    ahead = advantage(values, strategy, others, comparison.better(measure))
    over = comparison.ids[others[0]] if len(others) == 1 else "all"
    variables = _askable(comparison, [strategy, *others])
    # A tie is measured on the strategies asked about: who else is compared does not change the answer.
    margin = margin_of(values[[strategy, *others]])
    return find_belief(comparison.ids[strategy], over, measure, variables, ahead, margin, seed=seed)


def ask_together(comparison: Comparison, strategy: int, other: int, measures: list[str], *, seed: int) -> Belief:
    """When is a strategy better than another on all of several measures at once?"""
    ahead = np.full(len(comparison.index), np.inf)
    behind = np.ones(len(comparison.index), dtype=bool)
    for measure in measures:
        values = comparison.values[measure]
        unit = margin_of(values[[strategy, other]]) or 1.0
        gain = advantage(values, strategy, [other], comparison.better(measure)) / unit
        ahead, behind = np.minimum(ahead, gain), behind & (gain < -1.0)
    variables = _askable(comparison, [strategy, other])
    name = " + ".join(measures)
    ids = comparison.ids
    return find_belief(ids[strategy], ids[other], name, variables, ahead, 1.0, seed=seed, behind=behind)


def _askable(comparison: Comparison, places: list[int]) -> Variables:
    """The unknowns that can matter to these strategies."""
    chosen = relevant(comparison.variables.names, *(comparison.strategies[place] for place in places))
    return comparison.variables.columns(chosen)


def what_matters(comparison: Comparison, measure: str, *, seed: int) -> dict[str, Importance]:
    """For each strategy but the status quo: which unknowns move the difference it makes; for the status quo, the level.

    A parameter of a lever that a strategy never touches cannot matter to it, so those are left out.
    """
    values = comparison.values[measure]
    found = {}
    for place, strategy in enumerate(comparison.strategies):
        output = values[place] if place == 0 else values[place] - values[0]
        kept = relevant(comparison.variables.names, strategy)
        importance = screen(comparison.variables.columns(kept), output, seed=seed, codes=comparison.codes[:, kept])
        found[strategy.id] = importance
    return found


def touched(strategy: Strategy) -> set[str]:
    """The levers a strategy can move."""
    levers = {constant.lever for constant in strategy.constants}
    return levers | {action.lever for rule in strategy.rules for action in rule.lever_actions}


def relevant(names: tuple[str, ...], *strategies: Strategy) -> np.ndarray:
    """Indices of the parameters that can matter: all but those of levers that none of the strategies moves."""
    from borderlab.evidence.tables.lever import effect_pairs

    moved = set().union(*(touched(strategy) for strategy in strategies))
    idle = {parameter for lever, _, parameter in effect_pairs() if lever not in moved}
    return np.array([place for place, name in enumerate(names) if name not in idle], dtype=np.intp)


def must_differ(first: str, second: str) -> None:
    """Refuse to set a strategy against itself; a caller asks before the runs, not after."""
    if first == second:
        raise InputError(f"'{first}' cannot be compared with itself. Name another strategy after --over.")


def questions_between(
    comparison: Comparison, first: str, second: str, measures: list[str], *, seed: int
) -> list[Belief]:
    """When does ``first`` beat ``second``: on each measure, then on all at once if there are several.

    Raises:
        InputError: the two are one and the same.
    """
    must_differ(first, second)
    one, other = comparison.ids.index(first), comparison.ids.index(second)
    found = [ask(comparison, one, [other], measure, seed=seed) for measure in measures]
    if len(measures) > 1:
        found.append(ask_together(comparison, one, other, measures, seed=seed))
    return found
