"""What is done together and can be counted: joint operations, extraditions, reviews, officials vetted."""

from __future__ import annotations

from math import exp

from borderlab.model.core.equations import clip
from borderlab.model.core.module import Measure, Module, names


class Cooperation(Module):
    """Joint work of the week.

    Extraditions and joint operations follow security effort; a concession asks for joint operations, levers add to
    them. Reviews beyond today's are held only under a programme that hosts them. Officials are vetted as far as Mexico
    carries out what it announced.
    """

    name = "cooperation"
    parameters = names(
        extraditions_today="today.extraditions",
        response="eff.extradition",
        joint_today="today.joint_operations",
        per_concession="eff.joint_per_concession",
        reviews_today="both.reviews_per_year@today",
        vetted_today="mx.senior_vetting@today",
    )
    reads = names(
        effort_change="effort.change",
        verified="effort.verified",
        focus="effort.focus",
        concession="bargaining.concession",
        hosting="programmes.hosting",
    )
    effects = names(shift="extradition")
    levers = names(
        added_operations="both.joint_operations",
        added_reviews="both.reviews_per_year",
        added_vetting="mx.senior_vetting",
    )
    writes = {
        "extraditions": "people/year",
        "joint_operations": "operations/month",
        "reviews": "meetings/year",
        "vetted": "share",
    }
    measures = (
        Measure("mx.extraditions", "extraditions"),
        Measure("mx.joint_operations", "joint_operations"),
        Measure("review_meetings", "reviews"),
        Measure("officials_vetted", "vetted"),
    )

    @staticmethod
    def step(
        extraditions_today, response, effort_change, shift, joint_today, per_concession, focus, concession,
        added_operations, reviews_today, added_reviews, hosting, vetted_today, added_vetting, verified,
    ):  # fmt: skip
        """Counts of the week, at yearly or monthly rates."""
        asked = per_concession * (1.0 - focus) * max(concession, 0.0)
        return {
            "extraditions": extraditions_today * exp(response * effort_change + shift),
            "joint_operations": max(joint_today * exp(response * effort_change) + asked + added_operations, 0.0),
            "reviews": reviews_today + added_reviews * hosting,
            "vetted": clip(vetted_today + added_vetting * verified, 0.0, 1.0),
        }
