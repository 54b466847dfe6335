"""What acts on the model in one week: pressure, shifts of levers, the calendar. Filled by history or a strategy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from borderlab.model.core.rates import Number


@dataclass
class Border:
    """What restrictions at the crossings do in one week. Scalars or arrays [n].

    Attributes:
        throughput_lost: share of northbound trade that does not cross.
        throughput_pressed: the part of it that is lost to measures of pressure; None is all of it.
        value_delayed: freight value that crosses an hour late or more, USD/month.
        truck_cost: cost of the delay to carriers, USD/month.
        traveller_hours: extra hours of people in cars and on foot, hours/month.
        waits: mean wait by mode, minutes.
        trucks: truck crossings over the ordinary number.
        wait_ratio: mean truck wait over the ordinary one.
    """

    throughput_lost: Number = 0.0
    throughput_pressed: Number | None = None
    value_delayed: Number = 0.0
    truck_cost: Number = 0.0
    traveller_hours: Number = 0.0
    waits: dict[str, Number] = field(default_factory=dict)
    trucks: Number = 1.0
    wait_ratio: Number = 1.0


@dataclass
class Drive:
    """One week's inputs. Shares and levels are floats or arrays [n]; events are bool or bool [n].

    Attributes:
        week: from 0.
        tariff_threatened, tariff_imposed: tariff, share.
        throughput_threatened: share of northbound throughput that a threat names.
        border: what is in force at the crossings.
        expected_cost: designation, decertification and treaty links, threatened or in force, percent of a month's GDP.
        expected_cost_imposed: the part of it that is in force.
        focus: share of a concession that goes to migration; None leaves the parameter.
        us_measures: level of U.S.-side measures above the reference.
        new_pressure: a public threat or measure began this week.
        executed: a resisted threat was carried out this week; dropped: it was let go unmet.
        shifts: shifts of levers by hook, in the unit of the hook.
        programmes: acts on programmes this week, as the strategy gives them.
        leader_mx, leader_us: a president took office this week.
        log_baseline: log of intended arrivals without any policy, against the reference.
        levers: change against today of levers that are read directly (forces, routes, joint work), in their unit.
        sector_detection: change of detection by sector [n, sectors], or None.
    """

    week: int = 0
    tariff_threatened: Number = 0.0
    tariff_imposed: Number = 0.0
    throughput_threatened: Number = 0.0
    border: Border = field(default_factory=Border)
    expected_cost: Number = 0.0
    expected_cost_imposed: Number = 0.0
    focus: Number | None = None
    us_measures: Number = 0.0
    new_pressure: Any = False
    executed: Any = False
    dropped: Any = False
    shifts: dict[str, Number] = field(default_factory=dict)
    programmes: Sequence[Any] = ()
    leader_mx: bool = False
    leader_us: bool = False
    log_baseline: Number = 0.0
    levers: dict[str, Number] = field(default_factory=dict)
    sector_detection: np.ndarray | None = None

    def shift(self, hook: str) -> Number:
        """The total shift of a hook this week; 0 if no lever moves it."""
        return self.shifts.get(hook, 0.0)

    def lever_change(self, lever: str) -> Number:
        """How far a lever that is read directly stands from today, in its unit; 0 if no strategy touches it."""
        return self.levers.get(lever, 0.0)
