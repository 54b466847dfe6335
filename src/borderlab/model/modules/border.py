"""The crossings as the model sees them: what restrictions in force do to trade, travellers and waits this week."""

from __future__ import annotations

from typing import Any

from borderlab.crossings.surfaces.surface import ordinary_waits
from borderlab.model.core.equations import factor
from borderlab.model.core.module import Measure, Module, names


class Border(Module):
    """Throughput lost, delay and waits, from the response surfaces of the patterns in force.

    The exact simulator of ``crossings`` is not run here: for each pattern of restrictions its fitted surface is
    evaluated at the intensity in force (:mod:`borderlab.model.border.patterns`). Only patterns of coercive levers press
    on Mexico. Levers may shift ordinary waits as a whole.
    """

    name = "border"
    reads = names(
        kept="patterns.kept",
        kept_pressed="patterns.kept_pressed",
        kept_threatened="patterns.kept_threatened",
        trucks_kept="patterns.trucks",
        delayed="patterns.value_delayed",
        truck_delay="patterns.truck_cost",
        hours="patterns.traveller_hours",
        change_truck="patterns.wait_truck",
        change_vehicle="patterns.wait_vehicle",
        change_pedestrian="patterns.wait_pedestrian",
    )
    effects = names(log_waits="trade_waits")
    writes = {
        "throughput_lost": "share",
        "throughput_pressed": "share",
        "throughput_threatened": "share",
        "value_delayed": "USD/month",
        "truck_cost": "USD/month",
        "traveller_hours": "hours/month",
        "wait_truck": "min",
        "wait_vehicle": "min",
        "wait_pedestrian": "min",
        "trucks": "ratio",
        "wait_ratio": "ratio",
    }
    measures = (
        Measure("waits.truck", "wait_truck"),
        Measure("waits.vehicle", "wait_vehicle"),
        Measure("waits.pedestrian", "wait_pedestrian"),
        Measure("waits.ratio", "wait_ratio"),
        Measure("throughput.truck", "trucks"),
        Measure("trade.delayed", "value_delayed"),
        Measure("travellers.hours_lost", "traveller_hours"),
    )

    @staticmethod
    def begin() -> dict[str, Any]:
        """Mean waits of an ordinary week, by the exact simulator."""
        waits = ordinary_waits()
        return {
            "ordinary_truck": waits["truck"],
            "ordinary_vehicle": waits["vehicle"],
            "ordinary_pedestrian": waits["pedestrian"],
        }

    @staticmethod
    def step(
        kept, kept_pressed, kept_threatened, trucks_kept, delayed, truck_delay, hours, change_truck, change_vehicle,
        change_pedestrian, log_waits, ordinary_truck, ordinary_vehicle, ordinary_pedestrian,
    ):  # fmt: skip
        """What is lost and how long is waited."""
        slower = factor(log_waits)
        wait_truck = max(ordinary_truck * slower + change_truck, 0.0)
        return {
            "throughput_lost": max(1.0 - kept, 0.0),
            "throughput_pressed": max(1.0 - kept_pressed, 0.0),
            "throughput_threatened": 1.0 - kept_threatened,
            "value_delayed": delayed,
            "truck_cost": truck_delay,
            "traveller_hours": hours,
            "wait_truck": wait_truck,
            "wait_vehicle": max(ordinary_vehicle * slower + change_vehicle, 0.0),
            "wait_pedestrian": max(ordinary_pedestrian * slower + change_pedestrian, 0.0),
            "trucks": trucks_kept,
            "wait_ratio": wait_truck / ordinary_truck,
        }
