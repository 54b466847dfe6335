"""Beliefs on planted truths: found where they are, not where there are none."""

from __future__ import annotations

import numpy as np
import pytest

from borderlab.explore.answers import beliefs as b
from borderlab.explore.discovery.box import Box
from borderlab.explore.discovery.variables import Variables
from borderlab.explore.results.focus import rules


def unknowns(n=600, seed=0, more=60):
    draw = np.random.default_rng(seed)
    columns = {f"noise{i}": draw.random(n) for i in range(more)}
    columns["will"] = draw.random(n)
    columns["regime"] = np.array(["open", "shut"])[draw.integers(0, 2, n)]
    return columns, Variables.of(columns), draw


def test_a_planted_condition_is_found_with_its_side_and_holds_on_unseen_futures():
    columns, variables, draw = unknowns()
    ahead = np.where((columns["will"] > 0.6) & (columns["regime"] == "open"), 1.0, -1.0) + 0.3 * draw.standard_normal(
        600
    )
    found = b.find_belief("a", "b", "m", variables, ahead, 0.0, seed=1)
    assert found.verdict == "holds"
    assert set(found.box.limits) == {"will", "regime"}
    assert found.box.limits["regime"] == ("open",)
    low, high = b.restricted_ends(found.box, "will", variables)
    assert low == pytest.approx(0.6, abs=0.08)
    assert high is None
    assert found.unseen["density"] > 0.8
    assert min(found.reproduced.values()) >= rules()["box.reproduced"]
    truth = Box({"will": (0.6, 1.0), "regime": ("open",)}).score(variables, ahead > 0)
    assert found.score.coverage == pytest.approx(truth.coverage, abs=0.15)


def test_where_there_is_nothing_it_says_so():
    _, variables, _ = unknowns(seed=3)
    for seed in range(3):
        ahead = np.random.default_rng(seed).standard_normal(600) - 0.6
        assert b.find_belief("a", "b", "m", variables, ahead, 0.0, seed=1).verdict == "no box"


@pytest.mark.parametrize(("share", "verdict"), [(0.97, "always"), (0.01, "never")])
def test_nearly_always_and_hardly_ever_need_no_box(share, verdict):
    _, variables, draw = unknowns(n=1000, more=5)
    ahead = np.where(draw.random(1000) < share, 1.0, -1.0)
    found = b.find_belief("a", "b", "m", variables, ahead, 0.0, seed=1)
    assert (found.verdict, found.box.limits) == (verdict, {})


def test_too_few_futures_are_not_described():
    columns, variables, _ = unknowns(n=60, more=3)
    ahead = np.where(columns["will"] > 0.8, 1.0, -1.0)
    assert b.find_belief("a", "b", "m", variables, ahead, 0.0, seed=1).verdict == "few"


def test_advantage_is_against_the_best_of_the_others_in_the_same_future():
    values = np.array([[5.0, 1.0], [3.0, 4.0], [4.0, 0.0]])
    assert b.advantage(values, 1, [0, 2], "down").tolist() == [1.0, -4.0]
    assert b.advantage(values, 1, [0, 2], "up").tolist() == [-2.0, 3.0]


def test_the_same_seed_gives_the_same_answer():
    columns, variables, draw = unknowns(n=300, more=20)
    ahead = columns["will"] - 0.5 + 0.2 * draw.standard_normal(300)
    one, two = (b.find_belief("a", "b", "m", variables, ahead, 0.0, seed=5) for _ in range(2))
    assert (one.box, one.unseen) == (two.box, two.unseen)


def test_a_tie_is_neither_better_nor_worse_and_is_told():
    columns, variables, _ = unknowns(more=10)
    # A rule that fires in few futures: elsewhere the two strategies are one and the same.
    ahead = np.where(columns["will"] > 0.7, 1.0, 0.0)
    found = b.find_belief("a", "b", "m", variables, ahead, 0.1, seed=1)
    assert found.base == pytest.approx(0.3, abs=0.05)
    assert (found.worse, found.worse_inside) == (0.0, 0.0)
    assert found.base + found.neither == pytest.approx(1.0)
    assert found.score.density + found.neither_inside == pytest.approx(1.0)
    turned = b.find_belief("b", "a", "m", variables, -ahead, 0.1, seed=1)
    assert (turned.verdict, turned.base, turned.worse) == ("never", 0.0, found.base)
    assert turned.neither == pytest.approx(found.neither)


def test_the_order_of_tied_futures_says_nothing():
    ahead = np.array([0.0, 2.0, 0.0, -1.0, 0.0])
    assert b._ranks(ahead).tolist() == pytest.approx([0.4, 0.8, 0.4, 0.0, 0.4])
    draw = np.random.default_rng(4)
    order = draw.permutation(500)
    columns = {"late": np.arange(500.0), "will": draw.random(500)}
    ahead = np.where(columns["will"] > 0.9, 1.0, 0.0)
    for rows in (np.arange(500), order):
        variables = Variables.of({name: column[rows] for name, column in columns.items()})
        kept = b._strongest(variables, b._ranks(ahead[rows]), b.slices(variables, 6), 1)
        assert kept.names == ("will",)
