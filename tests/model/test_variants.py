"""Rival structures against the prototype's table (MODEL-PRIORS 3.4): 144 months of five policies, made independently.

The prototype stepped by months; ours by weeks. Cells: mean effort, mean arrivals against the start. Its "durable"
institutions without building wear less than its text says, so those three cells are left out. Where coercion erodes
institutions and hardens Mexico, its pressure built them (a leverage below zero times a rate below zero): an effort of
0.26 and 0.25 beside 0.23 with no pressure at all. Ours does not, so those two cells are left out as well.
"""

import numpy as np
import pytest

from borderlab.model.core.beginning import Opening
from borderlab.model.core.rates import WEEKS_PER_MONTH, weeks_in
from borderlab.model.futures.futures import Futures, default_futures
from tests.model.stage import at_rest, replay

POLICIES = ("none", "executed", "bluffs", "institution", "unilateral")
NEW_PRESIDENTS = (48, 72, 96, 120)
TABLE = {
    "default": ((0.23, 1.05), (0.43, 0.80), (0.28, 0.99), (0.28, 0.96), (0.23, 0.79)),
    "coercion erodes and rally": ((0.23, 1.05), None, None, (0.28, 0.96), (0.23, 0.79)),
    "coercion builds": ((0.23, 1.05), (0.55, 0.71), (0.30, 0.95), (0.28, 0.96), (0.23, 0.79)),
    "fragile": ((0.21, 1.02), (0.40, 0.77), (0.25, 0.95), (0.22, 1.00), (0.21, 0.76)),
    "durable": (None, None, None, (0.60, 0.76), None),
    "low credibility": ((0.23, 1.05), (0.43, 0.80), (0.25, 1.03), (0.28, 0.96), (0.23, 0.79)),
}
SET = {
    "default": {},
    "coercion erodes and rally": {
        "gF": 0.6, "dc": 3.0, "backlash": "rally", "coercion_and_institutions": "crowds-out",
    },
    "coercion builds": {"gF": 0.05, "dc": 0.0, "coercion_and_institutions": "seeds"},
    "fragile": {"institutions": "fragile"},
    "durable": {"institutions": "durable"},
    "low credibility": {"R0": 0.2, "aR": 0.7},
}  # fmt: skip
CASES = [
    (variant, policy, cell)
    for variant, row in TABLE.items()
    for policy, cell in zip(POLICIES, row, strict=True)
    if cell is not None
]


def _futures() -> Futures:
    """One future a variant, with its settings."""
    futures = default_futures(len(SET))
    for place, changes in enumerate(SET.values()):
        alone = default_futures(1).replace(changes)
        for own, whole in ((alone.values, futures.values), (alone.codes, futures.codes)):
            for id_, value in own.items():
                whole[id_][place] = value[0]
    return futures


def _script(policy: str) -> dict[str, np.ndarray]:
    """Each lever year: two months threatened at 25 %, one month imposed or dropped."""
    weeks = np.arange(weeks_in(144))
    month = (weeks / WEEKS_PER_MONTH).astype(int)
    opens = np.diff(month, prepend=-1) > 0
    pressing, third = policy in ("executed", "bluffs"), month % 12 == 2
    return {
        "leader_us": np.isin(weeks, [weeks_in(one) for one in NEW_PRESIDENTS]),
        "recorded_tariff_threat": 0.25 * pressing * (month % 12 < 2),
        "recorded_pressure": pressing * (month % 12 == 0) * opens,
        "recorded_tariff": 0.25 * (policy == "executed") * third,
        "recorded_executed": (policy == "executed") * third * opens,
        "recorded_dropped": (policy == "bluffs") * third * opens,
        "shift institution_build": np.full(len(weeks), 1.0 * (policy == "institution")),
        "recorded_us_measures": np.full(len(weeks), 0.5 * (policy == "unilateral")),
    }


REST = Opening(today=False, institution=0.2, backlash=0.0, focus=1.0)


@pytest.fixture(scope="module")
def means() -> dict[tuple[str, str], tuple[float, float, float]]:
    """Mean effort, arrivals and Mexico's cost, percent of GDP, by variant and policy."""
    futures, found = _futures(), {}
    record = ("effort.migration", "migration.arrivals", "economy.cost_mx")
    before = at_rest(futures, REST)["migration.arrivals"]
    for policy in POLICIES:
        script = _script(policy)
        effort, arrivals, cost = replay(futures, weeks_in(144), script, record, REST).values()
        rows = effort.mean(axis=0), (arrivals / before).mean(axis=0), 100 * cost.mean(axis=0)
        found |= {(variant, policy): tuple(row[place] for row in rows) for place, variant in enumerate(SET)}
    return found


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_rival_structure_does_what_the_prototype_did(case, means):
    variant, policy, cell = case
    effort, arrivals, cost = means[variant, policy]
    assert effort == pytest.approx(cell[0], abs=0.025)
    assert arrivals == pytest.approx(cell[1], abs=0.025)
    assert cost == pytest.approx(0.39 if policy == "executed" else 0.0, abs=0.02)
