"""What a strategy can move, as tables that the equations read: levers, their effects, programmes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from borderlab.evidence.tables.lever import Lever, effect_pairs, levers
from borderlab.model.core.rates import Array
from borderlab.model.core.world import World
from borderlab.model.futures.settings import Settings
from borderlab.model.modules.levers import WAYS
from borderlab.model.modules.programmes import ACTIONS
from borderlab.model.modules.survival import FORMS, lines

Tables = Mapping[str, np.ndarray]


@dataclass(frozen=True)
class StrategyOrders:
    """What a strategy may put in force, in the order of its columns.

    Attributes:
        touched: levers that it moves.
        at_sectors: those of them that are put at Border Patrol sectors.
        slots: uses of levers of the crossings: (lever, kind of pattern, places).
        acts: (action, programme, form or "") that rules or dates carry out.
    """

    touched: tuple[str, ...] = ()
    at_sectors: tuple[str, ...] = ()
    slots: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    acts: tuple[tuple[str, str, str], ...] = ()

    @property
    def programmes(self) -> tuple[str, ...]:
        """Programmes of today, then those that the strategy may found, in the order of its acts."""
        today = [row.programme for row in lines() if row.today]
        return tuple(dict.fromkeys([*today, *(programme for _, programme, _ in self.acts)]))


def lever_tables(orders: StrategyOrders, world: World, settings: Settings) -> dict[str, np.ndarray]:
    """Tables of the module ``levers``: which lever shifts what by how much in each future."""
    known = levers()
    place = {id_: column for column, id_ in enumerate(orders.touched)}
    keys: list[int] = []
    by: list[int] = []
    sizes: list[object] = []
    costs: list[tuple[int, object]] = []
    sector_rows: list[tuple[str, object]] = []
    us_rules: list[int] = []
    for pair in effect_pairs():
        if pair.lever not in place:
            continue
        lever, size = known[pair.lever], settings[pair.parameter]
        if pair.hook == "expected_cost":
            costs.append((place[pair.lever], size))
        elif pair.hook == "detect" and lever.places == "sector":
            sector_rows.append((pair.lever, size))
        elif pair.hook in world.effects:
            keys.append(len(WAYS) * world.effects.index(pair.hook) + WAYS.index(_way(lever, pair.hook, world)))
            by.append(place[pair.lever])
            sizes.append(size)
            if pair.hook == "us_measures" and lever.actor == "us":
                us_rules.append(place[pair.lever])
    return {
        "default": np.array([known[id_].default for id_ in orders.touched], float),
        "span": np.array([known[id_].high - known[id_].low for id_ in orders.touched], float),
        "part_key": np.array(keys, np.int64),
        "part_lever": np.array(by, np.int64),
        "moved": np.unique(np.array(keys, np.int64) // len(WAYS)),
        "part_size": _by_future(sizes, settings.n),
        "cost_lever": np.array([column for column, _ in costs], np.int64),
        "cost_size": _by_future([size for _, size in costs], settings.n),
        "row_lever": np.array([orders.at_sectors.index(id_) for id_, _ in sector_rows], np.int64),
        "row_size": _by_future([size for _, size in sector_rows], settings.n),
        "row_default": np.array([known[id_].default for id_, _ in sector_rows], float),
        "row_span": np.array([known[id_].high - known[id_].low for id_, _ in sector_rows], float),
        "us_rules": np.array(us_rules, np.int64),
        "tariff_lever": np.array([place.get("us.tariff", -1)], np.int64),
        "direct_lever": np.array([place.get(id_, -1) for id_ in world.levers], np.int64),
    }


def programme_tables(orders: StrategyOrders) -> dict[str, np.ndarray]:
    """Tables of the module ``programmes``: what each act does, to which programme, with which form (-1: none)."""
    roster = orders.programmes
    return {
        "act_action": np.array([ACTIONS.index(action) for action, _, _ in orders.acts], np.int64),
        "act_place": np.array([roster.index(programme) for _, programme, _ in orders.acts], np.int64),
        "act_form": np.array([FORMS.index(form) if form in FORMS else -1 for *_, form in orders.acts], np.int64),
    }


def _way(lever: Lever, hook: str, world: World) -> str:
    if lever.hosted:
        return "hosted"
    return "in part" if lever.actor == "mx" and hook not in world.whole else "whole"


def _by_future(values: list[Any], n: int) -> Array:
    made = np.empty((len(values), n))
    for row, value in enumerate(values):
        made[row] = value
    return made
