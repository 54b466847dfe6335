"""Irregular migration: who sets out, who is stopped in Mexico, who waits, who arrives, and what becomes of them.

::

    K+ = K + lK (.7 e_m - K)                                    smugglers learn to get round enforcement
    q  = min(.98, q0 + q1 e_m (1 - K))                          share stopped in Mexico
    qh+ = qh + .3 (q - qh)                                      what migrants expect
    A  = A0 exp(baseline(t) - eA (qh - qh0) - eU dU + intent)   people who set out, per month
    N  = A (1 - q) + rel S                                      arrivals at the U.S. side
    S+ = (1 - rel - out) S + ret A q                            people waiting in Mexico

    sector shares ~ share0 exp(-theta d), d = change of detection in the sector; of the flow so deterred the share
    ``displacement`` goes to other sectors and the rest is not seen again.
    effectiveness (6 U.S.C. 223) = (apprehensions + turn-backs)
                                 / (apprehensions + undetected + turn-backs + got-aways)
"""

from __future__ import annotations

import numpy as np

from borderlab.bilateral.drive import Drive
from borderlab.bilateral.rates import WEEKS_PER_MONTH, Array, Number, weekly
from borderlab.bilateral.settings import Settings
from borderlab.evidence.table import SourcedRow, table


class SectorShare(SourcedRow):
    """A sector's share of encounters today."""

    sector: str
    share: float
    date: str


def sector_shares() -> dict[str, float]:
    """Share of encounters by sector id, west to east; they sum to 1."""
    rows = table("bilateral/sector_shares", SectorShare)
    total = sum(row.share for row in rows)  # the table is rounded
    return {row.sector: row.share / total for row in rows}


def stopped(q0: Number, q1: Number, effort: Number, adaptation: Number) -> Number:
    """Share stopped in Mexico at an effort and an adaptation."""
    return np.minimum(0.98, q0 + q1 * effort * (1.0 - adaptation))


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
        self.turned = settings["today.turnback"]
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
        self.arrivals: Array = self.intended * (1.0 - self.q) + self.rel * self.waiting
        self.arrivals_start = self.arrivals.copy()
        self.set_out = self.intended.copy()
        self.detentions = self.intended * self.q
        self.shares: Array | None = None
        self.deterred: Number = 0.0
        self.rate: Number = self.caught
        self.outcomes = self._outcomes()

    def step(self, drive: Drive, effort: Array, cost_mx: Array) -> None:
        """One week: learning, stopping, setting out, arriving, waiting."""
        self.adaptation = self.adaptation + self.learn * (self.K_share * effort - self.adaptation)
        q1 = self.q1 / (1.0 + self.weaken * 100.0 * cost_mx)
        floor = np.clip(self.q0 + drive.shift("stop_rate"), 0.0, 0.98)
        self.q = stopped(floor, q1, effort, self.adaptation)
        self.expected = self.expected + self.expect * (self.q - self.expected)
        measures = drive.us_measures + drive.shift("us_measures")
        log_change = drive.log_baseline - self.eA * (self.expected - self.expected_start)
        log_change = log_change - self.eU * measures + drive.shift("intent")
        self.set_out = self.intended * np.exp(log_change)
        faster = np.exp(drive.shift("processing"))
        onward, away = np.minimum(self.rel * faster, 0.6), np.minimum(self.out * faster, 0.39)
        self.detentions = self.set_out * self.q
        arriving = self.set_out * (1.0 - self.q) + onward * self.waiting
        self._sectors(drive)
        self.arrivals = arriving * (1.0 - self.deterred)
        kept = np.clip(self.ret + drive.shift("returns_accepted"), 0.0, 1.0)
        left = 1.0 - (1.0 - onward - away) ** (1.0 / WEEKS_PER_MONTH)
        self.waiting = self.waiting * (1.0 - left) + kept * self.detentions / WEEKS_PER_MONTH
        self.outcomes = self._outcomes()

    def _sectors(self, drive: Drive) -> None:
        detect = drive.shift("detect")
        if drive.sector_detection is None:
            self.shares, self.deterred = None, 0.0
            self.rate = np.clip(self.caught + detect, 0.0, 0.98)
            return
        pull = self.share_start * np.exp(-np.asarray(self.theta)[..., None] * drive.sector_detection)
        total = pull.sum(axis=-1)
        self.shares = pull / total[..., None]
        self.deterred = np.maximum(1.0 - total, 0.0) * (1.0 - self.displacement)
        local = (self.shares * drive.sector_detection).sum(axis=-1)
        self.rate = np.clip(self.caught + detect + local, 0.0, 0.98)

    def _outcomes(self) -> dict[str, Number]:
        """Apprehensions, turn-backs, got-aways and undetected entries per month, and the two rates of the law."""
        people, rate = self.arrivals, self.rate
        rest = (1.0 - rate) / (1.0 - self.caught)
        apprehended, turned = people * rate, people * self.turned * rest
        missed = people - apprehended - turned
        gotaways = missed / (1.0 + self.unseen)
        undetected = missed - gotaways
        done = apprehended + turned
        return {
            "encounters": apprehended,
            "turnbacks": turned,
            "gotaways": gotaways,
            "undetected": undetected,
            "apprehension_rate": apprehended / people,
            "effectiveness_rate": done / (done + undetected + gotaways),
        }
