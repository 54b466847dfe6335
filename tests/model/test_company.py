"""A future does not depend on its company: for every shipped strategy, whatever is run beside it, in any order.

Strategies that found programmes by rule act in some futures and not in others in the same week; what is settled for
those must leave the others alone, to the bit.
"""

from datetime import date
from itertools import pairwise

import numpy as np
import pytest

from borderlab.model.futures.futures import Futures, draw_futures
from borderlab.model.run.measures import measure_ids
from borderlab.model.run.run import Run, run
from borderlab.strategy.file.library import shipped
from borderlab.strategy.file.parse import load_strategy

N, YEARS, START = 40, 2.4, date(2027, 1, 4)  # with a change of president, and programmes founded by rule
RECORD = ("programmes_alive", "institution_level")
EDGES = (0, 1, 8, 31, N)


def whole(id_: str, futures: Futures) -> Run:
    return run(load_strategy(id_), futures, start=START, years=YEARS, record=RECORD)


@pytest.fixture(scope="module")
def futures() -> Futures:
    return draw_futures(N, 1)


@pytest.fixture(scope="module")
def alone(futures) -> dict[str, Run]:
    return {id_: whole(id_, futures) for id_ in shipped()}


def same(part: Run, among: Run, where: slice | np.ndarray) -> None:
    for id_ in measure_ids():
        assert np.array_equal(part.measures[id_], among.measures[id_][where], equal_nan=True), id_
    for id_ in RECORD:
        assert np.array_equal(part.series[id_], among.series[id_][where]), id_
    assert np.array_equal(part.firings.first_weeks(), among.firings.first_weeks()[:, where])


@pytest.mark.parametrize("id_", shipped())
def test_parts_give_what_the_whole_gives(id_, futures, alone):
    for low, high in reversed(list(pairwise(EDGES))):
        same(whole(id_, futures.take(slice(low, high))), alone[id_], slice(low, high))


@pytest.mark.parametrize("id_", shipped())
def test_the_order_of_futures_is_nothing(id_, futures, alone):
    order = np.random.default_rng(3).permutation(N)
    same(whole(id_, futures.take(order)), alone[id_], order)


@pytest.mark.parametrize("id_", shipped())
def test_doubling_leaves_the_first_half_to_the_bit(id_, alone):
    same(alone[id_], whole(id_, draw_futures(2 * N, 1)), slice(0, N))


def test_strategies_run_in_another_order_give_the_same(futures, alone):
    for id_ in reversed(shipped()):
        same(whole(id_, futures), alone[id_], slice(None))


def test_programmes_are_founded_by_rule_in_some_futures_only(futures, alone):
    """Else the tests above would not reach what they are for."""
    for id_ in ("institutional-dialogue", "treaty-alliance", "shared-security"):
        quiet, found = alone["status-quo"].series["programmes_alive"], alone[id_].series["programmes_alive"]
        more = (found > quiet).any(axis=1)
        assert 0.1 < more.mean() < 0.9, id_
