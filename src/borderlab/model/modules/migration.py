"""Irregular migration: who sets out, who is stopped in Mexico, who waits, who arrives, and what becomes of them.

::

    K+ = K + lK (.7 e_m - K)                                    smugglers learn to get round enforcement
    q  = min(.98, q0 + q1 e_m (1 - K))                          share stopped in Mexico
    qh+ = qh + .3 (q - qh)                                      what migrants expect
    A  = A0 exp(baseline(t) - eA (qh - qh0) - eU dU + intent)   people who set out, per month
    N  = A (1 - q) + rel S                                      arrivals at the U.S. side
    S+ = (1 - rel - out) S + ret A q                            people waiting in Mexico

    rel, out and ret A q are flows a month, shared out over its weeks: who leaves for the north is who arrives.

    sector shares ~ share0 exp(-theta d), d = change of detection in the sector; of the flow so deterred the share
    ``displacement`` goes to other sectors and the rest is not seen again.
    effectiveness (6 U.S.C. 223) = (apprehensions + turn-backs)
                                 / (apprehensions + undetected + turn-backs + got-aways)
"""

from __future__ import annotations

from math import exp

import numpy as np
from numba import guvectorize

from borderlab.evidence.tables.table import SourcedRow, table
from borderlab.model.core.equations import clip, factor, per_future
from borderlab.model.core.inputs import Drive
from borderlab.model.core.rates import WEEKS_PER_MONTH, Array, Number, weekly
from borderlab.model.futures.parameters import Settings


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


def stopped(q0: Number, q1: Number, effort: Number, adaptation: Number) -> Number:
    """Share stopped in Mexico at an effort and an adaptation."""
    return np.minimum(0.98, q0 + q1 * effort * (1.0 - adaptation))


MOST_STOPPED = 0.98
MOST_TURNED = 0.9  # of those not arrested: the ranges of arrests and turn-backs, drawn apart, add up to more than all
OUTCOMES = ("encounters", "turnbacks", "gotaways", "undetected", "apprehension_rate", "effectiveness_rate")


@per_future(outputs=7)
def _flows(
    K, expected, waiting, effort, learn, K_share, q0, stop_rate, q1, weaken, pressed, expect, intended,
    baseline, eA, expected_start, eU, us_measures, intent, processing, rel, out,
    ret, returns,
    K_after, q, expected_after, set_out, detentions, arriving, waiting_after,
):  # fmt: skip
    adapted = K_after[0] = K + learn * (K_share * effort - K)
    floor = clip(q0 + stop_rate, 0.0, MOST_STOPPED)
    stop = q[0] = min(MOST_STOPPED, floor + q1 / (1.0 + weaken * 100.0 * pressed) * effort * (1.0 - adapted))
    hat = expected_after[0] = expected + expect * (stop - expected)
    leaving = set_out[0] = intended * exp(baseline - eA * (hat - expected_start) - eU * us_measures + intent)
    faster = factor(processing)
    onward, away = min(rel * faster, 0.6), min(out * faster, 0.39)
    held = detentions[0] = leaving * stop
    arriving[0] = leaving * (1.0 - stop) + onward * waiting
    waiting_after[0] = waiting + (clip(ret + returns, 0.0, 1.0) * held - (onward + away) * waiting) / WEEKS_PER_MONTH


@guvectorize(
    ["void(float64[:], float64, float64, float64[:], float64[:], float64[:], float64[:])"],
    "(s),(),(),(s)->(s),(),()",
    cache=True,
)
def _sectors(share_start, theta, displacement, detection, shares, deterred, local):  # type: ignore[no-untyped-def]
    total = 0.0
    for place in range(len(share_start)):
        shares[place] = share_start[place] * factor(-theta * detection[place])
        total += shares[place]
    caught = 0.0
    for place in range(len(share_start)):
        shares[place] /= total
        caught += shares[place] * detection[place]
    deterred[0] = max(1.0 - total, 0.0) * (1.0 - displacement)
    local[0] = caught


@per_future(outputs=8)
def _outcomes(
    arriving, deterred, caught, detect, turned_share, unseen,
    arrivals, rate, apprehended, turned, gotaways, undetected, apprehension_rate, effectiveness_rate,
):  # fmt: skip
    people = arrivals[0] = arriving * (1.0 - deterred)
    share = rate[0] = clip(caught + detect, 0.0, MOST_STOPPED)
    apprehended[0] = people * share
    turned[0] = people * turned_share * ((1.0 - share) / (1.0 - caught))
    missed = people - apprehended[0] - turned[0]
    gotaways[0] = missed / (1.0 + unseen)
    undetected[0] = missed - gotaways[0]
    done = apprehended[0] + turned[0]
    apprehension_rate[0] = apprehended[0] / people
    effectiveness_rate[0] = done / (done + undetected[0] + gotaways[0])


class Migration:
    """State [n]: ``adaptation`` K, ``expected`` qh, ``waiting`` S. Results of the week: flows per month [n].

    Started in ``people``: from today's encounters and people waiting. Else as an index: one unit sets out each month
    and people waiting stand at rest.
    """

    def __init__(self, settings: Settings, effort: Array, *, people: bool) -> None:
        self.q0, self.q1 = settings["q0"], settings["q1"]
        self.weaken = settings["weaken"]
        self.rel, self.out, self.ret = settings["rel"], settings["out"], settings["ret"]
        self.eA, self.eU = settings["eA"], settings["eU"]
        self.learn = weekly(settings["lK"])
        self.expect = weekly(settings["qh_speed"])
        self.K_share = settings["K_share"]
        self.adaptation = self.K_share * effort
        self.q = stopped(self.q0, self.q1, effort, self.adaptation) + np.zeros(settings.n)
        self.expected = self.q.copy()
        self.expected_start = self.q.copy()
        self.caught = settings["today.apprehension"]
        self.turned = np.minimum(settings["today.turnback"], MOST_TURNED * (1.0 - self.caught))
        self.unseen = settings["today.undetected"]
        self.theta = settings["mig.sector_response"]
        self.displacement = settings["mig.displacement"]
        self.share_start = np.array(list(sector_shares().values()))
        if people:
            arrivals = settings["today.encounters"] / self.caught
            self.waiting: Array = settings["today.waiting"] + np.zeros(settings.n)
            self.intended: Array = (arrivals - self.rel * self.waiting) / (1.0 - self.q)
        else:
            self.intended = np.ones(settings.n)
            self.waiting = self.ret * self.q / (self.rel + self.out)
        self.set_out = self.intended.copy()
        self.detentions = self.intended * self.q
        self.shares: Array | None = None
        self._settle(self.intended * (1.0 - self.q) + self.rel * self.waiting, 0.0, 0.0)
        self.arrivals_start = self.arrivals.copy()

    def step(self, drive: Drive, effort: Array, pressed: Array) -> None:
        """One week: learning, stopping, setting out, arriving, waiting. ``pressed``: cost of pressure to Mexico."""
        (
            self.adaptation,
            self.q,
            self.expected,
            self.set_out,
            self.detentions,
            arriving,
            self.waiting,
        ) = _flows(
            self.adaptation,
            self.expected,
            self.waiting,
            effort,
            self.learn,
            self.K_share,
            self.q0,
            drive.shift("stop_rate"),
            self.q1,
            self.weaken,
            pressed,
            self.expect,
            self.intended,
            drive.log_baseline,
            self.eA,
            self.expected_start,
            self.eU,
            drive.us_measures + drive.shift("us_measures"),
            drive.shift("intent"),
            drive.shift("processing"),
            self.rel,
            self.out,
            self.ret,
            drive.shift("returns_accepted"),
        )
        detect, deterred = drive.shift("detect"), 0.0
        self.shares = None
        if drive.sector_detection is not None:
            self.shares, deterred, local = _sectors(
                self.share_start, self.theta, self.displacement, drive.sector_detection
            )
            detect = detect + local
        self._settle(arriving, deterred, detect)

    def _settle(self, arriving: Array, deterred: Number, detect: Number) -> None:
        """What becomes of those who arrive; ``outcomes`` holds flows per month and the two rates of the law."""
        self.arrivals: Array
        self.rate: Array
        self.arrivals, self.rate, *flows = _outcomes(arriving, deterred, self.caught, detect, self.turned, self.unseen)
        self.outcomes: dict[str, Array] = dict(zip(OUTCOMES, flows, strict=True))
