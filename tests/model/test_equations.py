"""The course made from the equations against the equations themselves, and what is read off their syntax."""

from dataclasses import replace
from datetime import date
from math import exp

import numpy as np
import pytest
from scipy.special import ndtri

from borderlab.model.core.course import plain
from borderlab.model.core.equations import clip, factor
from borderlab.model.core.kernels import as_written, kernel
from borderlab.model.core.module import Module
from borderlab.model.core.random import keys, normal, normal_at, normal_draw, salt, uniform, unit_draw
from borderlab.model.core.syntax import dependencies, returned, woven
from borderlab.model.futures.futures import draw_futures
from borderlab.model.run.run import Course, rules
from borderlab.model.run.worlds import MODULES
from borderlab.strategy.file.parse import load_strategy

START = date(2030, 8, 5)  # with a new president of Mexico in it
WEEKS = 14


@pytest.mark.parametrize("id_", [None, "border-leverage", "institutional-dialogue", "shared-security"])
def test_the_compiled_course_gives_what_the_equations_give(id_):
    futures = draw_futures(3, 11)
    strategy = load_strategy(id_) if id_ else None
    course = Course(strategy, futures, start=START, years=WEEKS / 52.1775)
    assert len(course.weeks) == WEEKS
    names = course.prepared.details
    fast = course.take(names, kind=np.float64)
    course.prepared = replace(course.prepared, function=plain(course.prepared.layout, rules()))
    with np.errstate(over="ignore"):
        slow = course.take(names, kind=np.float64, threads=1)
    for name in names:
        assert np.array_equal(fast.series[name], slow.series[name], equal_nan=True), name
    for name, value in fast.measures.items():
        assert np.array_equal(value, slow.measures[name]), name
    if strategy is not None:
        logs = [course.log(taken)[0] for taken in (fast, slow)]
        assert np.array_equal(logs[0].columns, logs[1].columns)


def test_normal_draws_are_those_of_scipy_in_the_tails_too():
    ranks = np.concatenate([
        np.linspace(0.001, 0.999, 999), 10.0 ** np.arange(-300.0, -1.0, 7.0), 1.0 - 10.0 ** np.arange(-15.0, -1.0),
        [2.0**-53, 1.0 - 2.0**-53, np.exp(-2.0), 1.0 - np.exp(-2.0), np.exp(-32.0), 0.5],
    ])  # fmt: skip
    found = np.array([as_written(normal_at)(float(rank)) for rank in ranks])
    assert found == pytest.approx(ndtri(ranks), rel=1e-14, abs=1e-15)


def test_one_future_draws_what_all_futures_draw():
    key = keys(3, 0, 50)
    one_unit, one_normal = as_written(unit_draw), as_written(normal_draw)
    with np.errstate(over="ignore"):
        units = [one_unit(one, salt("arrivals"), 17) for one in key]
        normals = [one_normal(one, salt("arrivals"), 17) for one in key]
    assert np.array_equal(units, uniform(key, "arrivals", 17))
    assert normals == pytest.approx(normal(key, "arrivals", 17), rel=1e-14)


@pytest.mark.parametrize("module", MODULES, ids=lambda one: one.name)
def test_equations_run_as_they_are_written_and_say_what_they_give(module):
    """Text, names and order: every module states its equations as a plain function that returns by name."""
    assert issubclass(module, Module)
    assert module.__doc__
    given = returned(module.step)
    assert set(given) >= set(module.writes)
    lines, names = woven(module.step, "w", {name: name for name in module.step.__code__.co_varnames})
    compile("\n".join(lines), "woven", "exec")
    assert all(name.startswith("w_g_") for name in names)


def test_bounds_and_factors_by_hand():
    bounded, times = as_written(clip), as_written(factor)
    assert [bounded(value, 0.0, 1.0) for value in (-2.0, 0.3, 7.0)] == [0.0, 0.3, 1.0]
    assert [times(0.0), times(-0.5)] == [1.0, exp(-0.5)]


# --- what depends on what -------------------------------------------------------------------------------------------


def straight(a, b, unused):
    c = a + 1.0
    d = c * b
    return {"first": c, "second": d, "third": 4.0}


def branches(a, b, test):
    found = 0.0
    if test > 0.0:
        found = a
    else:
        b = 2.0 * b
    return {"found": found, "b": b, "both": a if b > 0.0 else 0.0}


def overwritten(a, b):
    c = a
    c = b
    return {"c": c}


def loops(values, weights, start, count):
    total = start
    last = 0.0
    for place in range(count):
        last = total
        total += values[place] * weights[place]
    return {"total": total, "last": last}


def chained(a, n):
    x = 0.0
    y = 0.0
    z = 0.0
    for _ in range(n):
        z = y
        y = x
        x = a
    return {"z": z}


def filled(values, shares, chosen, scale):
    shares[chosen] = values[0] * scale
    return {"total": shares[0] + 1.0}


@kernel
def shared_out(amount, weights, found):
    total = 0.0
    for place in range(len(weights)):
        total += weights[place]
    for place in range(len(weights)):
        found[place] = amount * weights[place] / total
    return total


def calls(flow, weights, parts, other):
    total = 0.0
    if other > 0.0:
        total = shared_out(flow, weights, parts)
    return {"total": total, "first": parts[0]}


def unpacked(a, b, c):
    x, y = a, b + c
    return {"x": x, "y": y}


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (straight, {"first": {"a"}, "second": {"a", "b"}, "third": set()}),
        (branches, {"found": {"a", "test"}, "b": {"b", "test"}, "both": {"a", "b", "test"}}),
        (overwritten, {"c": {"b"}}),
        (loops, {"total": {"values", "weights", "start", "count"}, "last": {"values", "weights", "start", "count"}}),
        (chained, {"z": {"a", "n"}}),
        (filled, {"shares": {"shares", "values", "chosen", "scale"}, "total": {"shares", "values", "chosen", "scale"}}),
        (
            calls,
            {
                "total": {"flow", "weights", "parts", "other"},
                "first": {"flow", "weights", "parts", "other"},
                "parts": {"flow", "weights", "parts", "other"},
            },
        ),
    ],
    ids=lambda one: getattr(one, "__name__", ""),
)
def test_what_each_result_depends_on(function, expected):
    assert {name: set(needs) for name, needs in dependencies(function).items()} == expected


def test_what_is_unpacked_depends_on_everything_on_the_right():
    found = dependencies(unpacked)
    assert found["x"] >= {"a"}
    assert found["y"] >= {"b", "c"}


def early(a):
    if a > 0.0:
        return {"a": a}
    return {"a": -a}


def bare(a):
    return a


def named(a):
    found = {"a": a}
    return found


@pytest.mark.parametrize(("function", "says"), [(early, "return once"), (bare, "dictionary"), (named, "dictionary")])
def test_equations_that_do_not_return_by_name_are_refused(function, says):
    with pytest.raises(TypeError, match=says):
        returned(function)


def renamed(x, y):
    """Set anew twice, and under a condition."""
    x = x + y
    x = 2.0 * x
    if y > 1.0:
        x = x - 1.0
        z = 5.0
    else:
        z = y
    y = x * z
    return {"x": x, "y": y, "w": exp(y - y)}


@pytest.mark.parametrize("given", [(1.0, 0.5), (1.0, 2.0), (-3.0, 1.0)])
def test_woven_equations_give_what_the_function_gives(given):
    lines, names = woven(renamed, "p", {"x": "in_x", "y": "in_y"})
    scope = {**names, "in_x": given[0], "in_y": given[1]}
    exec("\n".join(lines), scope)
    found = {name: scope[f"p_{name}_"] for name in ("x", "y", "w")}
    assert found == renamed(*given)
    assert (scope["in_x"], scope["in_y"]) == given
