"""Trees against published leaves and a tree that can be drawn by hand."""

from __future__ import annotations

import numpy as np
import pytest

from borderlab.explore.discovery.cart import leaves
from borderlab.explore.discovery.variables import Variables
from tests.explore.test_prim import bryant  # noqa: F401


def test_published_leaves_of_the_renewable_fuel_runs(bryant):  # noqa: F811
    columns, hits = bryant
    found = leaves(Variables.of(columns), hits, least_mass=0.05)
    assert len(found) == 8
    best = found[0].score
    assert (best.coverage, best.density) == pytest.approx((0.607, 0.643), abs=5e-4)


def test_a_step_and_a_category_come_back_as_boxes():
    draw = np.random.default_rng(0)
    x, word = draw.random(500), np.array(["a", "b", "c"])[draw.integers(0, 3, 500)]
    found = leaves(Variables.of({"x": x, "word": word}), (x > 0.5) & (word == "b"))
    assert found[0].score.density == 1.0
    assert found[0].score.coverage == pytest.approx(1.0)
    assert found[0].box.limits["word"] == ("b",)
    assert found[0].box.limits["x"][0] == pytest.approx(0.5, abs=0.02)
