"""The loop made from the equations of one future, against the equations themselves."""

import numpy as np
import pytest

from borderlab.model.core.equations import PerFuture, per_future
from borderlab.model.modules import (
    bargaining,
    costs,
    drugs,
    economy,
    effort,
    institutions,
    migration,
    organisations,
    violence,
)
from borderlab.model.run import lever_inputs as steer
from borderlab.model.run import measures, world

MODULES = (
    bargaining, costs, drugs, economy, effort, institutions, measures, migration, organisations, steer, violence, world,
)  # fmt: skip
EVERY = [
    found
    for module in (
        bargaining,
        costs,
        drugs,
        economy,
        effort,
        institutions,
        migration,
        organisations,
        steer,
        violence,
        world,
    )
    for found in vars(module).values()
    if isinstance(found, PerFuture)
]


@per_future(outputs=2)
def _both(first, second, total, larger):
    total[0] = first + 10.0 * second
    larger[0] = first if first > second else second


def test_scalars_arrays_and_truth_values_mix():
    total, larger = _both(np.array([1.0, 2.0, 3.0]), 2.0)
    assert total.tolist() == [21.0, 22.0, 23.0]
    assert larger.tolist() == [2.0, 2.0, 3.0]
    total, _ = _both(0.5, np.array([True, False]))
    assert total.tolist() == [10.5, 0.5]
    assert _both(1.0, np.arange(6.0)[::2])[0].tolist() == [1.0, 21.0, 41.0]  # not contiguous


def test_arrays_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="broadcast"):
        _both(np.ones(3), np.ones(4))


@pytest.mark.parametrize("equations", EVERY, ids=lambda one: one.__name__)
def test_the_loop_gives_what_the_equations_give(equations):
    rng = np.random.default_rng(7)
    values = rng.uniform(0.1, 0.6, (equations.inputs, 40))
    values[:, 20:] *= rng.random((equations.inputs, 20)) > 0.3  # shifts of nothing, too
    if equations.__name__ == "_risk":
        values[1] = 30.0
    found = np.atleast_2d(equations(*values))
    for future in range(values.shape[1]):
        alone = [np.zeros(1) for _ in range(equations.outputs)]
        with np.errstate(all="ignore"):
            try:
                equations.plain(*values[:, future], *alone)
            except (ZeroDivisionError, ValueError):
                continue  # plain Python refuses what an array gives as infinity
        assert found[:, future] == pytest.approx([one[0] for one in alone], rel=1e-13, nan_ok=True)
    assert np.array_equal(np.atleast_2d(equations(*values[:, 5:6]))[:, 0], found[:, 5], equal_nan=True)


def test_every_module_states_its_equations_this_way():
    assert len(EVERY) >= 13
