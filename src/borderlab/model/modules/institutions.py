"""The institution level: how much of an agreed way of working stands."""

from __future__ import annotations

from typing import Any

from borderlab.model.core.equations import clip
from borderlab.model.core.module import Measure, Module, Whole, names
from borderlab.model.core.rates import Number, per_week, weekly


class Institutions(Module):
    """The institution level I, built under effort towards what the programmes alive can carry.

    Building is today's ordinary one, the shift of levers, and ``prog.build`` for each unit of strength that a strategy
    founded; effort is weighted by the focus of the demand. The level wears, less where work is verified; a scandal
    takes a share of it, the end of a programme its part of the strength, a new president ``xi`` of what is not yet
    whole, less of it the more of the strength stands in treaties and laws than at the start. Under a variant, pressure
    seeds institutions or crowds them out (``cx``); where pressure hardens Mexico it does neither.
    """

    name = "institutions"
    parameters = names(
        "xi",
        build_monthly="aI",
        wear_monthly="I_decay",
        cx_monthly="cx",
        full="prog.full",
        build_founded="prog.build",
        scandal_loss="prog.scandal_loss",
        least_durable="prog.least_durable",
        most_durable="prog.most_durable",
        building_today="today.building",
        level_today="today.institution",
    )
    inputs = ("leader_mx", "leader_us")
    reads = names(
        effort="effort.working",
        leverage="bargaining.leverage",
        gone="programmes.gone",
        scandal="programmes.scandal",
        strength="programmes.total",
        built="programmes.built",
        lasting="programmes.lasting",
        lasting_start="programmes.lasting_start",
        carrying="programmes.carrying",
    )
    effects = names(verification=Whole("verification"), more_building="institution_build")
    state = {"level": "share"}
    measures = (Measure("institution_level", "level"),)

    @staticmethod
    def begin(
        opening: Any,
        level_today: Number,
        building_today: Number,
        build_monthly: Number,
        wear_monthly: Number,
        cx_monthly: Number,
    ) -> dict[str, Any]:
        """The level of today, or that of an episode, in which programmes are left out."""
        return {
            "level": level_today if opening.institution is None else opening.institution,
            "ordinary": building_today if opening.today else 0.0,
            "build": weekly(build_monthly),
            "wear": weekly(wear_monthly),
            "cx": per_week(cx_monthly),
        }

    @staticmethod
    def step(
        level, gone, scandal, scandal_loss, verification, strength, full, ordinary, more_building, built, leader_mx,
        leader_us, xi, lasting, lasting_start, carrying, least_durable, most_durable, build_founded, build, effort,
        wear, cx, leverage,
    ):  # fmt: skip
        """Losses of the week, then what is built and what wears."""
        leaks = clip(1.0 - verification, 0.0, 1.0)
        left = level * (1.0 - gone) * (1.0 - scandal_loss * leaks * scandal)
        if leader_mx > 0.0 or leader_us > 0.0:
            gained = (lasting - lasting_start) / max(1.0 - lasting_start, 1e-9)
            durable = clip(gained, least_durable, most_durable) if carrying > 0.0 else 0.0
            left = left * (1.0 - xi * (1.0 - left) * (1.0 - durable))
        building = clip(ordinary + more_building + build_founded * built, 0.0, 1.0)
        ceiling = min(strength / full, 1.0) if carrying > 0.0 else 1.0
        grown = build * building * effort * max(ceiling - left, 0.0)
        level = clip(left + grown - wear * leaks * left + cx * max(leverage, 0.0) * (1.0 - left), 0.0, 1.0)
        return {"level": level}
