"""Surfaces evaluated future by future against the room's own evaluation, and without dependence on company."""

import json

import numpy as np
import pytest
from borderlab.model.border.response import MODES, MOST_GAIN, Evaluator, Felt, patterns_of

from borderlab.crossings.surfaces.surface import FOLDER, Surface
from borderlab.strategy.file.library import shipped
from borderlab.strategy.file.parse import load_strategy

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
    ours, theirs = felt(evaluate, intensity, inputs), surface.predict(intensity, inputs)
    for row, lost in enumerate((theirs.throughput_lost, theirs.trucks_lost)):
        assert ours.rows[row] == pytest.approx(1.0 - np.clip(lost, MOST_GAIN, 1.0), rel=1e-9)
    for name_ in ("value_delayed", "truck_cost", "traveller_hours"):
        assert getattr(ours, name_) == pytest.approx(getattr(theirs, name_), rel=1e-9, abs=1e-9)
    for mode in MODES:
        assert ours.wait_change[mode] == pytest.approx(theirs.wait_change.get(mode, 0.0), rel=1e-9, abs=1e-9)
    assert np.array_equal(ours.rows[:, intensity == 0], Felt.none(int((intensity == 0).sum())).rows)
    alone = felt(evaluate, intensity[7:8], {id_: value[7:8] for id_, value in inputs.items()})
    assert np.array_equal(alone.rows[:, 0], ours.rows[:, 7])


def felt(evaluate, intensity, inputs):
    found = Felt.none(len(intensity))
    evaluate.bind(inputs, len(intensity)).add(intensity, found)
    return found


def test_patterns_add_up_and_threats_count_losses_alone():
    surface = Surface.from_json(json.loads((FOLDER / FILES[0]).read_text(encoding="utf-8")))
    evaluate = Evaluator(surface)
    inputs = {id_: np.full(3, low) for id_, low in zip(surface.inputs, surface.low, strict=True)}
    intensity = np.array([0.0, 0.4, 1.0]) * evaluate.most_intensity
    once, twice, threat = (Felt.none(3) for _ in range(3))
    bound = evaluate.bind(inputs, 3)
    bound.add(intensity, once)
    for _ in range(2):
        bound.add(intensity, twice)
    bound.add(intensity, threat, only_losses=True)
    assert twice.rows[:2] == pytest.approx(once.rows[:2] ** 2)  # shares kept multiply
    assert twice.rows[2:] == pytest.approx(2 * once.rows[2:])  # hours and money add up
    assert (threat.kept <= 1.0).all()
    assert threat.kept == pytest.approx(np.minimum(once.kept, 1.0))


def test_patterns_of_the_shipped_strategies_are_found():
    found = {pattern for id_ in shipped() for pattern in patterns_of(load_strategy(id_))}
    assert ("inspect-freight", ("colombia", "pharr", "world-trade")) in {
        (kind, tuple(sorted(at))) for kind, at in found
    }
    assert not patterns_of(load_strategy("status-quo"))
