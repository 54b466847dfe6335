"""Sensitivity indices against closed forms and published lake results."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import qmc

from borderlab.base.problems import InputError
from borderlab.explore.discovery.box import Box
from borderlab.explore.discovery.prim import PrimSettings, drop_weak, walk_once
from borderlab.explore.discovery.variables import Variables
from borderlab.explore.sensitivity.pawn import extra_trees, pawn, screen, slices
from borderlab.explore.sensitivity.sobol import sobol_indices
from tests.explore import lake


def ishigami(unit):
    x = np.pi * (2 * unit - 1)
    return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


def sobol_g(unit):
    a = np.array([0, 1, 4.5, 9, 99, 99, 99, 99])
    return np.prod((np.abs(4 * unit - 2) + a) / (1 + a), axis=1)


def test_ishigami_has_its_analytic_indices():
    pytest.importorskip("SALib")
    found = sobol_indices(["x1", "x2", "x3"], ishigami, base=4096, seed=0)
    assert found.first == pytest.approx([0.3139, 0.4424, 0.0], abs=0.02)
    assert found.total == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.02)
    assert (found.total_conf > 0).all()


def test_sobol_g_has_its_analytic_indices():
    pytest.importorskip("SALib")
    found = sobol_indices([f"x{i}" for i in range(8)], sobol_g, base=4096, seed=3)
    assert found.first[:4] == pytest.approx([0.7162, 0.1790, 0.0237, 0.0072], abs=0.02)


def test_the_same_seed_gives_the_same_indices_and_seed_zero_is_a_seed():
    pytest.importorskip("SALib")
    one, two = (sobol_indices(["a", "b", "c"], ishigami, base=256, seed=0) for _ in range(2))
    assert one.first.tolist() == two.first.tolist()
    assert one.first_conf.tolist() == two.first_conf.tolist()


def test_groups_share_one_index():
    pytest.importorskip("SALib")
    found = sobol_indices(["x1", "x2", "x3"], ishigami, base=2048, seed=1, groups=["odd", "even", "odd"])
    assert found.names == ("odd", "even")
    assert found.first == pytest.approx([0.5576, 0.4424], abs=0.03)  # all that x2 does not explain


def test_pawn_agrees_with_salib_in_order_and_size():
    analyze = pytest.importorskip("SALib.analyze.pawn")
    unit = qmc.Sobol(3, seed=4).random(4096)
    output = ishigami(unit)
    ours = pawn(output, slices(Variables.of({f"x{i}": unit[:, i] for i in range(3)}), 10))
    problem = {"num_vars": 3, "names": ["x0", "x1", "x2"], "bounds": [[0, 1]] * 3}
    theirs = analyze.analyze(problem, unit, output, S=10, seed=1)
    assert ours == pytest.approx(np.array(theirs["median"]), abs=0.02)


def test_screening_keeps_what_matters_and_drops_what_does_not():
    unit = qmc.Sobol(6, seed=1).random(1024)
    output = 5 * unit[:, 2] + np.where(unit[:, 4] > 0.5, 3.0, 0.0)
    variables = Variables.of({f"x{i}": unit[:, i] for i in range(6)})
    found = screen(variables, output)
    assert [name for name, _ in found.top(3)][:2] in (["x2", "x4"], ["x4", "x2"])
    assert sum(index > found.floor for index in found.index) <= 3
    importances, fit = extra_trees(variables, output, trees=50)
    assert importances[2] + importances[4] > 0.9
    assert fit > 0.9


def test_an_output_that_never_changes_has_no_causes():
    variables = Variables.of({"x": np.linspace(0, 1, 50)})
    assert screen(variables, np.ones(50)).top(5) == []


def test_utility_of_a_constant_release():
    assert lake.utility(0.02, 0.98) == pytest.approx(0.346952178, abs=5e-10)


def test_published_box_of_the_lake():
    # Published: b >= .2308, q >= 2.865, mean <= .0464; on fresh points coverage .625, density .974, mass .373.
    unit = qmc.Sobol(5, seed=7).random(2048)
    points = lake.scale(unit)
    hits = lake.reliability(points, draws=10) > 0.9
    assert hits.mean() == pytest.approx(0.581, abs=0.03)
    variables = Variables.of(dict(zip(lake.BOUNDS, points.T, strict=True)))
    published = Box({"b": (0.2308, 0.45), "q": (2.865, 4.5), "mean": (0.01, 0.0464)}).score(variables, hits)
    assert (published.coverage, published.density, published.mass) == pytest.approx((0.625, 0.974, 0.373), abs=0.03)
    walk = walk_once(variables, hits, PrimSettings(threshold=0.9))
    ours = drop_weak(variables, hits, walk.boxes[-1], worst_p=0.05)
    assert {"b", "q"} <= set(ours.limits)
    assert "stdev" not in ours.limits
    assert "delta" not in ours.limits


def test_published_sobol_indices_of_the_lake():
    pytest.importorskip("SALib")
    names = list(lake.BOUNDS)
    found = sobol_indices(names, lambda unit: lake.reliability(lake.scale(unit), draws=5), base=512, seed=2)
    assert found.first[:3] == pytest.approx([0.498, 0.201, 0.061], abs=0.06)
    assert found.total[:3] == pytest.approx([0.736, 0.423, 0.200], abs=0.07)


def plain_pawn(output, codes):
    """The definition, slice by slice, at every distinct output."""
    found = []
    for column in codes.T:
        distances = []
        for code in np.unique(column):
            here = output[column == code]
            if len(here) >= 5:
                steps = np.unique(output)
                gaps = [abs((here <= at).mean() - (output <= at).mean()) for at in steps]
                distances.append(max(gaps))
        found.append(np.median(distances) if distances else 0.0)
    return found


@pytest.mark.parametrize("decimals", [0, 1, 6])
def test_pawn_is_its_definition_also_where_outputs_tie(decimals):
    draw = np.random.default_rng(decimals)
    codes = np.column_stack([draw.integers(0, most, 203) for most in (2, 3, 8, 60)])
    output = np.round(draw.standard_normal(203) + 0.4 * codes[:, 2], decimals)
    assert pawn(output, codes) == pytest.approx(plain_pawn(output, codes), abs=1e-12)


@pytest.mark.parametrize("base", [0, 7, 100])
def test_a_base_that_is_no_power_of_two_is_refused(base):
    with pytest.raises(InputError, match=f"--base is {base}"):
        sobol_indices(["a"], lambda unit: unit[:, 0], base=base)


def test_chance_events_of_a_future_are_no_effect_of_its_unknowns(tmp_path):
    # Presidents' own effort is drawn by chance. What a parameter of a port's queue does to institutions is nothing.
    pytest.importorskip("SALib")
    from borderlab.explore.answers import compare as room
    from borderlab.explore.answers.sensitivity import _sobol
    from borderlab.explore.running.chosen import chosen_strategies

    strategies = chosen_strategies(["border-leverage"])
    comparison = room.read(room.run(room.plan_of(strategies, futures=200, years=8), tmp_path / "run", workers=1))
    names = list(comparison.variables.names)
    idle = "us.consulate_platforms.extradition"
    found = _sobol(comparison, strategies[1], "institution_level", names, [idle], 16, 1)
    place = found.names.index(idle)
    assert (found.first[place], found.total[place]) == (0.0, 0.0)
    assert found.total[1 - place] > 0.5
