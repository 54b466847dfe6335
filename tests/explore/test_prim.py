"""PRIM against the EMA Workbench and against boxes that are known."""

from __future__ import annotations

import csv
import warnings
from pathlib import Path

import numpy as np
import pytest

from borderlab.explore.discovery.box import Box
from borderlab.explore.discovery.discover import discover
from borderlab.explore.discovery.prim import PrimSettings, drop_weak, find_walks, quasi_p, walk_once
from borderlab.explore.discovery.resample import reproducibility
from borderlab.explore.discovery.runs_table import RunsTable
from borderlab.explore.discovery.variables import Variables


def ema():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pytest.importorskip("ema_workbench.analysis.prim")


def bryant_file() -> Path:
    ema()
    import ema_workbench

    return Path(ema_workbench.__file__).parent / "examples" / "data" / "bryant et al 2010 data.csv"


@pytest.fixture(scope="module")
def bryant():
    """The renewable-fuel runs of Bryant and Lempert (2010), as the EMA Workbench ships them."""
    with bryant_file().open() as handle:
        rows = list(csv.reader(handle))
    header, cells = rows[0], np.array(rows[1:], dtype=float)
    columns = {name: cells[:, place] for place, name in enumerate(header) if 2 <= place <= 10}
    return columns, cells[:, 15].astype(bool)


def oracle(columns, hits, **settings):
    import pandas as pd

    prim = ema()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return prim.Prim(pd.DataFrame(columns), hits.astype(int), **settings).find_box()


def assert_same_walk(walk, theirs):
    trajectory = theirs.peeling_trajectory
    assert len(walk.scores) == len(trajectory)
    for figure, name in (("coverage", "coverage"), ("density", "density"), ("mass", "mass"), ("restricted", "res_dim")):
        ours = [getattr(score, figure) for score in walk.scores]
        assert ours == pytest.approx(trajectory[name].to_numpy(float), abs=1e-12)


def test_published_boxes_of_bryant_and_lempert(bryant):
    columns, hits = bryant
    variables = Variables.of(columns)
    assert (len(variables), int(hits.sum())) == (882, 89)
    walks = find_walks(variables, hits, PrimSettings(threshold=0.8, peel=0.1))
    assert len(walks) == 1  # the second box of the published analysis reaches .354 only
    walk = walks[0]
    end = walk.scores[-1]
    assert (end.coverage, end.density, end.mass) == pytest.approx((0.5056, 1.0, 0.0510), abs=5e-5)
    assert end.restricted == 6
    score, box = walk.scores[21], walk.boxes[21]
    assert (score.hits, score.runs) == (67, 87)
    assert (score.coverage, score.density, score.mass) == pytest.approx((0.7528, 0.7701, 0.0986), abs=5e-5)
    published = {
        "Total biomass": (450, 755.8),
        "Demand elasticity": (-0.422, -0.202),
        "Biomass backstop price": (150.05, 199.6),
        "Cellulosic cost": (72.65, 133.7),
    }
    assert set(box.limits) == set(published)
    for name, limits in published.items():
        assert box.limits[name] == pytest.approx(limits, abs=0.06)
    wider = box.without("Cellulosic cost").score(variables, hits)
    assert (wider.hits, wider.runs) == (68, 95)
    assert (wider.coverage, wider.density, wider.mass) == pytest.approx((0.7640, 0.7158, 0.1077), abs=5e-5)


@pytest.mark.parametrize("alpha", [0.05, 0.1])
def test_every_step_is_that_of_the_ema_workbench(bryant, alpha):
    columns, hits = bryant
    walk = walk_once(Variables.of(columns), hits, PrimSettings(peel=alpha))
    theirs = oracle(columns, hits, threshold=0.8, peel_alpha=alpha)
    assert_same_walk(walk, theirs)
    box = walk.boxes[12]
    expected = dict(theirs.qp[12].items())
    ours = quasi_p(Variables.of(columns), hits, box)
    assert set(ours) == set(expected)
    for name in ours:
        assert ours[name] == pytest.approx(expected[name], rel=1e-9)


def mixed(seed):
    draw = np.random.default_rng(seed)
    n = 700
    columns = {
        "slope": draw.random(n),
        "steps": draw.integers(0, 8, n),
        "rounded": np.round(draw.random(n), 1),
        "many": draw.integers(-40, 60, n),
        "regime": np.array(["calm", "tense", "shut"])[draw.integers(0, 3, n)],
    }
    chance = 0.05 + 0.9 * ((columns["slope"] > 0.4) & (columns["steps"] <= 4) & (columns["regime"] != "shut"))
    return columns, draw.random(n) < chance


@pytest.mark.parametrize("seed", range(4))
def test_real_and_categorical_columns_walk_as_the_ema_workbench_does(seed):
    columns, hits = mixed(seed)
    columns = {name: column for name, column in columns.items() if column.dtype.kind != "i"}
    walk = walk_once(Variables.of(columns), hits, PrimSettings(peel=0.07, paste=0.1))
    assert_same_walk(walk, oracle(columns, hits, threshold=0.2, peel_alpha=0.07, paste_alpha=0.1))


@pytest.mark.parametrize("seed", range(4))
def test_whole_numbers_peel_as_the_ema_workbench_does(seed):
    # The workbench cannot paste whole-number columns under pandas 3, so its peeling alone is the oracle.
    import pandas as pd

    columns, hits = mixed(seed)
    prim = ema()
    walk = walk_once(Variables.of(columns), hits, PrimSettings(peel=0.07))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        search = prim.Prim(pd.DataFrame(columns), hits.astype(int), threshold=0.2, peel_alpha=0.07)
        theirs = search._peel(prim.PrimBox(search, search.box_init, search.yi_remaining[:])).peeling_trajectory
    assert walk.peels == len(theirs) - 1
    assert [score.runs for score in walk.scores[: len(theirs)]] == theirs["n"].tolist()
    assert [score.hits for score in walk.scores[: len(theirs)]] == theirs["k"].tolist()
    assert [score.restricted for score in walk.scores[: len(theirs)]] == theirs["res_dim"].tolist()


def test_a_planted_box_is_found_and_nothing_else():
    draw = np.random.default_rng(11)
    x = draw.random((4000, 6))
    hits = (x[:, 1] > 0.6) & (x[:, 4] < 0.5)
    variables = Variables.of({f"x{i}": x[:, i] for i in range(6)})
    walk = walk_once(variables, hits, PrimSettings(threshold=0.9))
    box = drop_weak(variables, hits, walk.boxes[-1], worst_p=0.05)
    assert {"x1", "x4"} <= set(box.limits)
    assert box.limits["x1"][0] == pytest.approx(0.6, abs=0.06)
    assert box.limits["x4"][1] == pytest.approx(0.5, abs=0.06)
    again = reproducibility(variables, hits, walk, walk.end, PrimSettings(), times=8, seed=3)
    assert again["x1"][0] == again["x4"][0] == 1.0


def test_covering_finds_two_separate_planted_boxes():
    draw = np.random.default_rng(5)
    x = draw.random((3000, 3))
    hits = (x[:, 0] > 0.75) | (x[:, 1] < 0.2)
    variables = Variables.of({f"x{i}": x[:, i] for i in range(3)})
    walks = find_walks(variables, hits, PrimSettings(threshold=0.9))
    assert len(walks) >= 2
    first, second = (set(walk.boxes[-1].limits) for walk in walks[:2])
    assert ("x0" in first and "x1" in second) or ("x1" in first and "x0" in second)
    covered = np.zeros(3000, bool)
    for walk in walks:
        covered |= walk.boxes[-1].contains(variables)
    assert hits[covered].mean() > 0.9


def test_noise_does_not_hold_on_unseen_runs():
    draw = np.random.default_rng(2)
    columns = {f"x{i}": draw.random(400) for i in range(12)}
    hits = draw.random(400) < 0.3
    table = RunsTable(Variables.of(columns), hits, ())
    found = discover(table, PrimSettings(threshold=0.55))
    assert found  # PRIM always finds something in noise …
    assert found[0].score.density > 0.55
    assert found[0].held_out.density < 0.42  # … and unseen runs show it for what it is: the base rate is .3


def test_binomial_quasi_p_by_hand():
    # 10 runs, 4 hits; the box takes the upper 5 with 4 hits; freeing its low end gives 4 of 10: P(X >= 4 | 5, .4).
    variables = Variables.of({"x": np.arange(10.0)})
    hits = np.array([0, 0, 0, 0, 0, 0, 1, 1, 1, 1], bool)
    p = quasi_p(variables, hits, Box({"x": (4.5, 9.0)}))
    assert p == {"x": [pytest.approx(5 * 0.4**4 * 0.6 + 0.4**5), -1.0]}


def test_a_perfect_box_comes_back_at_its_coverage_though_other_steps_cover_as_much():
    draw = np.random.default_rng(0)
    x = draw.random(300)
    word = np.array(["x", "y"])[draw.integers(0, 2, 300)]
    hits = (x > 0.6) & (word == "x")
    variables = Variables.of({"x": x, "word": word})
    walk = walk_once(variables, hits, PrimSettings())
    again = reproducibility(variables, hits, walk, walk.end, PrimSettings(), times=8, seed=1)
    assert again == {"x": (1.0, 1.0), "word": (1.0, 1.0)}
