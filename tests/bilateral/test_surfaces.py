"""Surfaces evaluated future by future against the room's own evaluation, and without dependence on company."""

import json

import numpy as np
import pytest

from borderlab.bilateral.surfaces import SCALARS, Evaluator, patterns_of
from borderlab.crossings.surfaces.surface import FOLDER, Surface
from borderlab.strategy.library import shipped
from borderlab.strategy.parse import load_strategy

FILES = sorted(path.name for path in FOLDER.glob("*.json") if path.name != "ordinary.json")


@pytest.mark.parametrize("name", FILES)
def test_term_by_term_is_the_matrix_product(name):
    surface = Surface.from_json(json.loads((FOLDER / name).read_text(encoding="utf-8")))
    evaluate = Evaluator(surface)
    rng = np.random.default_rng(5)
    intensity = rng.random(400) * (rng.random(400) > 0.2) * evaluate.most_intensity
    inputs = {
        id_: low + (high - low) * rng.random(400)
        for id_, low, high in zip(surface.inputs, surface.low, surface.high, strict=True)
    }
    ours, theirs = evaluate(intensity, inputs), surface.predict(intensity, inputs)
    for name_ in SCALARS:
        assert getattr(ours, name_) == pytest.approx(getattr(theirs, name_), rel=1e-9, abs=1e-9)
        assert not getattr(ours, name_)[intensity == 0].any()
    assert set(ours.wait_change) == set(theirs.wait_change)
    alone = evaluate(intensity[7:8], {id_: value[7:8] for id_, value in inputs.items()})
    for name_ in SCALARS:
        assert getattr(alone, name_)[0] == getattr(ours, name_)[7]


def test_patterns_of_the_shipped_strategies_are_found():
    found = {pattern for id_ in shipped() for pattern in patterns_of(load_strategy(id_))}
    assert ("inspect-freight", ("colombia", "pharr", "world-trade")) in {
        (kind, tuple(sorted(at))) for kind, at in found
    }
    assert not patterns_of(load_strategy("status-quo"))
