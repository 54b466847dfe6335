"""Regret, satisficing, ranks and dominance by hand."""

from __future__ import annotations

import numpy as np
import pytest

from borderlab.explore.results import robustness as rb

COST = np.array(
    [[1.0, 9.0, 2.0, 2.0], [3.0, 3.0, 3.0, 3.0], [4.0, 4.0, 4.0, 0.0]]
)  # [strategies, futures], lower better


def test_regret_is_in_natural_units_and_zero_for_the_best():
    assert rb.regret(COST, "down").tolist() == [[0, 6, 0, 2], [2, 0, 1, 3], [3, 1, 2, 0]]
    assert rb.regret(COST, "up").tolist() == [[3, 0, 2, 1], [1, 6, 1, 0], [0, 5, 0, 3]]


def test_the_leader_depends_on_the_metric():
    found = rb.standings(COST, "down", threshold=3.0)
    assert [one.expected for one in found] == [3.5, 3.0, 3.0]
    assert [one.median for one in found] == [2.0, 3.0, 4.0]
    assert [one.regret_max for one in found] == [6.0, 3.0, 3.0]
    assert [one.satisficing for one in found] == [0.75, 1.0, 0.25]
    change = rb.rank_change(found, "down")
    assert change.leaders["median"] == (0,)
    assert change.leaders["regret_max"] == (1, 2)
    assert change.leaders["satisficing"] == (1,)
    assert not change.agrees
    assert change.largest_move[3] == 2


def test_regret_does_not_change_when_every_value_moves_by_the_same():
    # The trap of regrets divided by a base value: near 0 they blow up. Ours must not care.
    moved = rb.standings(COST - 3.0, "down")
    assert [one.regret_max for one in moved] == [one.regret_max for one in rb.standings(COST, "down")]


def test_dominated_strategies_are_named_with_what_dominates_them():
    figures = np.array([[10.0, 5.0], [12.0, 5.0], [8.0, 1.0]])  # security up, cost down
    assert rb.dominated(figures, ["up", "down"]) == [1, None, None]


def test_equal_strategies_do_not_dominate_each_other():
    assert rb.dominated(np.array([[1.0, 2.0], [1.0, 2.0]]), ["up", "down"]) == [None, None]


def test_a_weighted_score_runs_from_worst_to_best():
    values = np.array([[[1.0], [2.0], [3.0]], [[5.0], [5.0], [0.0]]])
    score = rb.weighted_score(values, ["up", "down"], np.array([3.0, 1.0]))
    assert score[:, 0] == pytest.approx([0.0, 0.375, 1.0])
