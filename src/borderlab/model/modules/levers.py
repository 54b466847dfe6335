"""Levers in force become shifts of the model, pressure and changes against today."""

from __future__ import annotations

from typing import Any

from borderlab.model.core.kernels import kernel
from borderlab.model.core.module import Before, Module, Rows, names
from borderlab.strategy.runtime.program import CHANGED, DROPPED, EXECUTED, PUBLIC

WAYS = ("whole", "in part", "hosted")
"""How a lever is carried out: whole, to the share of announcements that is verified, or where a programme hosts it."""


@kernel
def add_up(place, imposed, default, span, part_key, part_lever, part_size, totals):  # type: ignore[no-untyped-def]
    """``totals`` [effects x ways] becomes the sum, by effect and way, of size times move of the levers in force."""
    for key in range(len(totals)):
        totals[key] = 0.0
    for part in range(len(part_key)):
        lever = part_lever[part]
        move = (imposed[lever] - default[lever]) / span[lever]
        totals[part_key[part]] += part_size[part, place] * move


@kernel
def carried(totals, moved, verified, hosting, shift):  # type: ignore[no-untyped-def]
    """``shift`` [effects] from totals by way, at the shares that are carried out this week; of those ``moved``."""
    for row in range(len(moved)):
        effect = moved[row]
        place = 3 * effect
        shift[effect] = hosting * totals[place + 2] + (verified * totals[place + 1] + totals[place])


@kernel
def pressed(place, value, default, span, cost_lever, cost_size):  # type: ignore[no-untyped-def]
    """Expected cost of levers that stand at ``value``, percent of a month's GDP."""
    total = 0.0
    for part in range(len(cost_lever)):
        lever = cost_lever[part]
        total = total + cost_size[part, place] * max((value[lever] - default[lever]) / span[lever], 0.0)
    return total


@kernel
def detection(place, sectors, row_lever, row_size, row_default, row_span, sector_detection):  # type: ignore[no-untyped-def]
    """``sector_detection`` [sectors] from levers put at sectors. Gives 1 where any differs from today, else 0."""
    moved = 0.0
    for sector in range(len(sector_detection)):
        change = 0.0
        for row in range(len(row_lever)):
            value = sectors[row_lever[row], sector]
            change += row_size[row, place] * ((value - row_default[row]) / row_span[row])
        sector_detection[sector] = change
        if change != 0.0:
            moved = 1.0
    return moved


class Levers(Module):
    """Every lever is measured from today; its move is a share of its range.

    ``shift[effect]`` is the sum over levers of the parameter ``lever.effect`` times the move. Mexican levers are
    carried
    out only in part: their moves count by the share of announcements that is verified, but for effort, which has that
    share in its own equation, and for money, which is spent in full. Working groups, reviews and shared plans are held
    under some programme: what a strategy adds to today's, or takes from them, counts only where one is alive, today's
    senior group or one that the strategy founded. U.S. rules that a new president may relax stay where the strategy
    itself keeps such rules tighter than today's.
    """

    name = "levers"
    parameters = names(relaxed_level="mig.relaxed")
    inputs = ("relaxing",)
    reads = {"verified": Before("effort.verified"), "hosting": Before("programmes.hosting")}
    tables = names(
        "default", "span", "part_key", "part_lever", "part_size", "moved", "cost_lever", "cost_size",
        "row_lever", "row_size", "row_default", "row_span", "us_rules", "tariff_lever", "direct_lever",
        imposed="orders.imposed", threatened="orders.threatened", sectors="orders.sectors",
    )  # fmt: skip
    arrays = {
        "totals": Rows("totals", shown=False),
        "shift": Rows("effects"),
        "direct": Rows("direct"),
        "sector_detection": Rows(9, "share"),
    }
    moved_by = {
        "tariff_imposed": ("tariff",),
        "tariff_threatened": ("tariff",),
        "expected_cost": ("expected_cost",),
        "expected_imposed": ("expected_cost",),
        "sector_detection": ("detect at sectors",),
        "by_sector": ("detect at sectors",),
        "kept_rules": ("us_measures",),
        "new_pressure": ("pressure",),
        "executed": ("pressure",),
        "dropped": ("pressure",),
    }
    state = {
        "by_sector": "event",
        "tariff_imposed": "share",
        "tariff_threatened": "share",
        "expected_cost": "percent of GDP",
        "expected_imposed": "percent of GDP",
        "kept_rules": "event",
    }
    writes = {"us_relaxed": "level", "new_pressure": "event", "executed": "event", "dropped": "event"}

    @staticmethod
    def begin() -> dict[str, Any]:
        """No lever has moved."""
        return {
            "by_sector": 0.0,
            "tariff_imposed": 0.0,
            "tariff_threatened": 0.0,
            "expected_cost": 0.0,
            "expected_imposed": 0.0,
            "kept_rules": 0.0,
        }

    @staticmethod
    def step(
        imposed, threatened, sectors, flags, default, span, part_key, part_lever, part_size, moved, cost_lever,
        cost_size, row_lever, row_size, row_default, row_span, us_rules, tariff_lever, direct_lever, totals, shift,
        direct, sector_detection, verified, hosting, relaxing, relaxed_level, by_sector, tariff_imposed,
        tariff_threatened, expected_cost, expected_imposed, kept_rules, week, place,
    ):  # fmt: skip
        """What is worked out anew only in weeks in which a lever moved; then what is carried out of it this week."""
        if flags & CHANGED != 0 or week == 0:
            add_up(place, imposed, default, span, part_key, part_lever, part_size, totals)
            for row in range(len(direct)):
                lever = direct_lever[row]
                direct[row] = imposed[lever] - default[lever] if lever >= 0 else 0.0
            by_sector = detection(place, sectors, row_lever, row_size, row_default, row_span, sector_detection)
            if tariff_lever[0] >= 0:
                today = default[tariff_lever[0]]
                tariff_imposed = max(imposed[tariff_lever[0]] - today, 0.0)
                tariff_threatened = max(threatened[tariff_lever[0]] - today, 0.0)
            expected_cost = pressed(place, threatened, default, span, cost_lever, cost_size)
            expected_imposed = pressed(place, imposed, default, span, cost_lever, cost_size)
            kept_rules = 0.0
            for row in range(len(us_rules)):
                if imposed[us_rules[row]] > default[us_rules[row]]:
                    kept_rules = 1.0
        carried(totals, moved, verified, hosting, shift)
        return {
            "by_sector": by_sector,
            "tariff_imposed": tariff_imposed,
            "tariff_threatened": tariff_threatened,
            "expected_cost": expected_cost,
            "expected_imposed": expected_imposed,
            "kept_rules": kept_rules,
            "us_relaxed": -relaxed_level if relaxing > 0.0 and kept_rules == 0.0 else 0.0,
            "new_pressure": 1.0 if flags & PUBLIC != 0 else 0.0,
            "executed": 1.0 if flags & EXECUTED != 0 else 0.0,
            "dropped": 1.0 if flags & DROPPED != 0 else 0.0,
        }
