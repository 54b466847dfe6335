"""Rival structures against the prototype's table (MODEL-PRIORS 3.4): 144 months of five policies, made independently.

The prototype stepped by months; ours by weeks. Cells: mean effort, mean arrivals against the start. Its "durable"
institutions without building wear less than its text says, so those three cells are left out. Where coercion erodes
institutions and hardens Mexico, its pressure built them (a leverage below zero times a rate below zero): an effort of
0.26 and 0.25 beside 0.23 with no pressure at all. Ours does not, so those two cells are left out as well.
"""

import numpy as np
import pytest
from borderlab.model.core.inputs import Drive
from borderlab.model.futures.parameters import Settings
from borderlab.model.run.world import Opening, World

from borderlab.model.core.rates import WEEKS_PER_MONTH, weeks_in
from borderlab.model.futures.futures import Futures, default_futures

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
    """One future a case, with the settings of its variant."""
    futures = default_futures(len(CASES))
    for place, (variant, _, _) in enumerate(CASES):
        alone = default_futures(1).replace(SET[variant])
        for own, whole in ((alone.values, futures.values), (alone.codes, futures.codes)):
            for id_, value in own.items():
                whole[id_][place] = value[0]
    return futures


def _drive(week: int, playing: dict[str, np.ndarray]) -> Drive:
    """Each lever year: two months threatened at 25 %, one month imposed or dropped."""
    month = int(week / WEEKS_PER_MONTH)
    opens = week == 0 or int((week - 1) / WEEKS_PER_MONTH) != month
    pressing = playing["executed"] | playing["bluffs"]
    third = month % 12 == 2
    return Drive(
        week=week,
        leader_us=week in {weeks_in(one) for one in NEW_PRESIDENTS},
        tariff_threatened=0.25 * pressing * (month % 12 < 2),
        new_pressure=pressing & (month % 12 == 0 and opens),
        tariff_imposed=0.25 * playing["executed"] * third,
        executed=playing["executed"] & (third and opens),
        dropped=playing["bluffs"] & (third and opens),
        shifts={"institution_build": 1.0 * playing["institution"]},
        us_measures=0.5 * playing["unilateral"],
    )


@pytest.fixture(scope="module")
def means() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Mean effort, arrivals and Mexico's cost, percent of GDP, of every case."""
    settings = Settings(_futures())
    world = World(settings, Opening(today=False, institution=0.2, backlash=0.0, focus=1.0))
    playing = {policy: np.array([case[1] == policy for case in CASES]) for policy in POLICIES}
    effort, arrivals, cost = [], [], []
    for week in range(weeks_in(144)):
        world.step(_drive(week, playing))
        effort.append(world.effort.migration)
        arrivals.append(world.migration.arrivals / world.migration.arrivals_start)
        cost.append(100 * world.economy.cost_mx)
    return np.mean(effort, axis=0), np.mean(arrivals, axis=0), np.mean(cost, axis=0)


@pytest.mark.parametrize(("place", "case"), list(enumerate(CASES)), ids=str)
def test_a_rival_structure_does_what_the_prototype_did(place, case, means):
    _, policy, cell = case
    assert means[0][place] == pytest.approx(cell[0], abs=0.025)
    assert means[1][place] == pytest.approx(cell[1], abs=0.025)
    assert means[2][place] == pytest.approx(0.39 if policy == "executed" else 0.0, abs=0.02)
