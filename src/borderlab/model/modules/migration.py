"""Irregular migration: who sets out, who is stopped in Mexico, who waits, who arrives, and what becomes of them."""

from __future__ import annotations

from math import exp
from typing import Any

import numpy as np

from borderlab.evidence.tables.table import SourcedRow, table
from borderlab.model.core.equations import clip, factor
from borderlab.model.core.kernels import kernel
from borderlab.model.core.module import Measure, Module, Rows, names
from borderlab.model.core.rates import WEEKS_PER_MONTH, Number, weekly


class SectorShare(SourcedRow):
    """A sector's share of encounters today."""

    sector: str
    share: float
    date: str


def sector_shares() -> dict[str, float]:
    """Share of encounters by sector id, west to east; they sum to 1."""
    rows = table("model/sector_shares", SectorShare)
    total = sum(row.share for row in rows)  # the table is rounded
    return {row.sector: row.share / total for row in rows}


SECTORS = tuple(sector_shares())


@kernel
def spread(share_start, theta, displacement, detection, shares):  # type: ignore[no-untyped-def]
    """Where the flow goes when detection changes by sector; fills ``shares``, gives what is deterred and caught."""
    total = 0.0
    for place in range(len(share_start)):
        shares[place] = share_start[place] * factor(-theta * detection[place])
        total += shares[place]
    caught = 0.0
    for place in range(len(share_start)):
        shares[place] /= total
        caught += shares[place] * detection[place]
    return max(1.0 - total, 0.0) * (1.0 - displacement), caught


class Migration(Module):
    """Flows per month, and the stock of people waiting in Mexico.

    Smugglers learn to get round enforcement (K); enforcement stops the share q; migrants learn what to expect and set
    out accordingly; those stopped stay, wait, go on or leave. Of those who arrive some are arrested, some turned back,
    some seen and lost, some never seen. Detection that changes in single sectors moves the flow between them and deters
    part of it. Shares that go on and leave are flows a month, shared out over its weeks: who leaves for the north is
    who arrives. Effectiveness and detected entries are those of 6 U.S.C. 223.

    A run of today starts from today's encounters and people waiting; a past episode as an index, where one unit sets
    out each month and people waiting stand at rest.
    """

    name = "migration"
    parameters = names(
        "q0", "q1", "weaken", "rel", "out", "ret", "eA", "eU", "K_share",
        learn_monthly="lK",
        expect_monthly="qh_speed",
        caught="today.apprehension",
        turnback_today="today.turnback",
        unseen="today.undetected",
        theta="mig.sector_response",
        displacement="mig.displacement",
        encounters_today="today.encounters",
        waiting_today="today.waiting",
        most_stopped="mig.most_stopped",
        most_turned="mig.most_turned",
        most_onward="mig.most_onward",
        most_away="mig.most_away",
    )  # fmt: skip
    reads = names(
        effort="effort.migration",
        pressed="economy.cost_pressed",
        log_baseline="intent.log_baseline",
        relaxed="levers.us_relaxed",
        by_sector="levers.by_sector",
        sector_detection="levers.sector_detection",
    )
    effects = names(
        "stop_rate", "processing", "detect", us_rules="us_measures", more_intent="intent", returns="returns_accepted"
    )
    state = {"K": "share", "expected": "share", "waiting": "people", "share_start": Rows(len(SECTORS), "share")}
    writes = {
        "q": "share",
        "set_out": "people/month",
        "detentions": "people/month",
        "arrivals": "people/month",
        "rate": "share",
        "encounters": "people/month",
        "turnbacks": "people/month",
        "gotaways": "people/month",
        "undetected": "people/month",
        "apprehension_rate": "share",
        "effectiveness_rate": "share",
        "relative": "ratio",
        "stopping": "share",
    }
    arrays = {"shares": Rows(len(SECTORS), "share"), "encounters_by": Rows(len(SECTORS), "people/month")}
    measures = (
        Measure("arrivals", "arrivals"),
        Measure("share_stopped_in_mexico", "q"),
        Measure("mx.detentions", "detentions"),
        Measure("mx.people_waiting", "waiting"),
        Measure("smuggler_adaptation", "K"),
        Measure("encounters", "encounters"),
        Measure("turnbacks", "turnbacks"),
        Measure("gotaways", "gotaways"),
        Measure("undetected", "undetected"),
        Measure("apprehension_rate", "apprehension_rate"),
        Measure("effectiveness_rate", "effectiveness_rate"),
        # 6 U.S.C. 223 (a)(11): who enters and is not apprehended
        Measure("detected_entries", plus=("gotaways", "turnbacks")),
        *(Measure(f"encounters.{sector}", "encounters_by", place=place) for place, sector in enumerate(SECTORS)),
    )

    @staticmethod
    def begin(
        opening: Any,
        effort: Number,
        q0: Number,
        q1: Number,
        K_share: Number,
        rel: Number,
        out: Number,
        ret: Number,
        learn_monthly: Number,
        expect_monthly: Number,
        caught: Number,
        turnback_today: Number,
        encounters_today: Number,
        waiting_today: Number,
        most_stopped: Number,
        most_turned: Number,
    ) -> dict[str, Any]:
        """Stopping at today's effort, and the flows that it goes with."""
        K = K_share * effort
        q = np.minimum(most_stopped, q0 + q1 * effort * (1.0 - K))
        if opening.today:
            waiting = waiting_today + np.zeros_like(q)
            intended = (encounters_today / caught - rel * waiting) / (1.0 - q)
        else:
            intended = np.ones_like(q)
            waiting = ret * q / (rel + out)
        arriving = intended * (1.0 - q) + rel * waiting
        rate = np.minimum(np.maximum(np.asarray(caught), 0.0), most_stopped)
        return {
            "K": K,
            "expected": q,
            "expected_start": q,
            "waiting": waiting,
            "intended": intended,
            "turned": np.minimum(turnback_today, most_turned * (1.0 - caught)),
            "learn": weekly(learn_monthly),
            "expect": weekly(expect_monthly),
            "share_start": list(sector_shares().values()),
            "arrivals": arriving,
            "arrivals_start": arriving,
            "relative": 1.0,
            "q": q,
            "rate": rate,
            "stopping_start": 1.0 - (1.0 - q) * (1.0 - rate),
        }

    @staticmethod
    def step(
        K, expected, waiting, effort, learn, K_share, q0, stop_rate, q1, weaken, pressed, expect, intended,
        log_baseline, eA, expected_start, eU, relaxed, us_rules, more_intent, processing, rel, out, ret, returns,
        most_stopped, most_onward, most_away, share_start, theta, displacement, by_sector, sector_detection, shares,
        encounters_by, caught, detect, turned, unseen, arrivals_start,
    ):  # fmt: skip
        """Learning, stopping, setting out, waiting, arriving, and what becomes of those who arrive."""
        K = K + learn * (K_share * effort - K)
        floor = clip(q0 + stop_rate, 0.0, most_stopped)
        q = min(most_stopped, floor + q1 / (1.0 + weaken * 100.0 * pressed) * effort * (1.0 - K))
        expected = expected + expect * (q - expected)
        us_measures = relaxed + us_rules
        set_out = intended * exp(log_baseline - eA * (expected - expected_start) - eU * us_measures + more_intent)
        faster = factor(processing)
        onward = min(rel * faster, most_onward)
        away = min(out * faster, most_away)
        detentions = set_out * q
        arriving = set_out * (1.0 - q) + onward * waiting
        waiting = waiting + (clip(ret + returns, 0.0, 1.0) * detentions - (onward + away) * waiting) / WEEKS_PER_MONTH
        deterred = 0.0
        local = 0.0
        if by_sector > 0.0:
            deterred, local = spread(share_start, theta, displacement, sector_detection, shares)
        arrivals = arriving * (1.0 - deterred)
        rate = clip(caught + (detect + local), 0.0, most_stopped)
        encounters = arrivals * rate
        for place in range(len(encounters_by)):
            encounters_by[place] = (shares[place] if by_sector > 0.0 else share_start[place]) * encounters
        turnbacks = arrivals * turned * ((1.0 - rate) / (1.0 - caught))
        missed = arrivals - encounters - turnbacks
        gotaways = missed / (1.0 + unseen)
        undetected = missed - gotaways
        # Of the statute's sums the people who arrive cancel out: what is left are shares of them.
        turned_share = turned * ((1.0 - rate) / (1.0 - caught))
        return {
            "K": K,
            "q": q,
            "expected": expected,
            "set_out": set_out,
            "detentions": detentions,
            "waiting": waiting,
            "arrivals": arrivals,
            "rate": rate,
            "encounters": encounters,
            "turnbacks": turnbacks,
            "gotaways": gotaways,
            "undetected": undetected,
            "apprehension_rate": rate,
            "effectiveness_rate": rate + turned_share,
            "relative": arrivals / arrivals_start,
            "stopping": 1.0 - (1.0 - q) * (1.0 - rate),
        }
