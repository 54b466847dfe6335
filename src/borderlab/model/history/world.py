"""The world of a past episode: what acted is given by coded history, not by a strategy."""

from __future__ import annotations

from functools import cache
from typing import Any

from borderlab.model.core.module import Module, Rows, names
from borderlab.model.core.world import World
from borderlab.model.run.worlds import MODULES


class RecordedPressure(Module):
    """Tariffs, threats and Mexican effort of its own as they were; no lever has moved."""

    name = "levers"
    inputs = (
        "recorded_tariff", "recorded_tariff_threat", "recorded_expected_cost", "recorded_us_measures",
        "recorded_effort", "recorded_pressure", "recorded_executed", "recorded_dropped",
    )  # fmt: skip
    tables = names(effort_at="own_effort_at")
    arrays = {
        "shift": Rows("effects"),
        "direct": Rows("direct"),
        "sector_detection": Rows(9, "share"),
    }
    writes = {
        "by_sector": "event",
        "tariff_imposed": "share",
        "tariff_threatened": "share",
        "expected_cost": "percent of GDP",
        "expected_imposed": "percent of GDP",
        "us_relaxed": "level",
        "new_pressure": "event",
        "executed": "event",
        "dropped": "event",
    }

    @staticmethod
    def step(
        recorded_tariff, recorded_tariff_threat, recorded_expected_cost, recorded_us_measures, recorded_effort,
        recorded_pressure, recorded_executed, recorded_dropped, effort_at, shift,
    ):  # fmt: skip
        """The week of the record."""
        shift[effort_at[0]] = recorded_effort
        return {
            "by_sector": 0.0,
            "tariff_imposed": recorded_tariff,
            "tariff_threatened": recorded_tariff_threat,
            "expected_cost": recorded_expected_cost,
            "expected_imposed": 0.0,
            "us_relaxed": recorded_us_measures,
            "new_pressure": recorded_pressure,
            "executed": recorded_executed,
            "dropped": recorded_dropped,
        }


class RecordedIntent(Module):
    """What would have happened without either government, as it is judged."""

    name = "intent"
    inputs = ("recorded_log_baseline",)
    writes = {"log_baseline": "log"}

    @staticmethod
    def step(recorded_log_baseline):
        """The week of the record."""
        return {"log_baseline": recorded_log_baseline}


class RecordedBorder(Module):
    """Throughput lost and threatened as it was; delay is not in the record."""

    name = "border"
    inputs = ("recorded_lost", "recorded_lost_threat")
    writes = {
        "throughput_lost": "share",
        "throughput_pressed": "share",
        "throughput_threatened": "share",
        "value_delayed": "USD/month",
        "truck_cost": "USD/month",
        "traveller_hours": "hours/month",
    }

    @staticmethod
    def step(recorded_lost, recorded_lost_threat):
        """The week of the record."""
        return {
            "throughput_lost": recorded_lost,
            "throughput_pressed": recorded_lost,
            "throughput_threatened": recorded_lost_threat,
            "value_delayed": 0.0,
            "truck_cost": 0.0,
            "traveller_hours": 0.0,
        }


class NoProgrammes(Module):
    """Programmes are left out of episodes: the level that an episode begins with stands for them."""

    name = "programmes"
    state = {
        "total": "strength",
        "built": "strength",
        "lasting": "share",
        "lasting_start": "share",
        "carrying": "event",
        "hosting": "share",
    }
    writes = {"gone": "share", "scandal": "event"}

    @staticmethod
    def begin() -> dict[str, Any]:
        """No programme carries the level."""
        return {"total": 0.0, "built": 0.0, "lasting": 0.0, "lasting_start": 0.0, "carrying": 0.0, "hosting": 1.0}

    @staticmethod
    def step():
        """Nothing ends."""
        return {"gone": 0.0, "scandal": 0.0}


@cache
def past(world: World | None = None) -> World:
    """The world that coded history is run through: modules of today's, or of a world with own ones, but for what the
    record gives.
    """
    modules = MODULES if world is None else world.modules
    kept = tuple(module for module in modules if module.name != "patterns")
    return World((*kept, RecordedPressure, RecordedIntent, RecordedBorder, NoProgrammes))
