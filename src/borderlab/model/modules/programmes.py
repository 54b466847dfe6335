"""Cooperation programmes, one by one: births, deaths, what shakes them, and what they carry."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from borderlab.evidence.tables.programme import programmes
from borderlab.model.core.equations import factor
from borderlab.model.core.kernels import kernel
from borderlab.model.core.module import Measure, Module, Rows, names
from borderlab.model.core.random import exponential, exponential_draw, salt
from borderlab.model.core.rates import WEEKS_PER_YEAR, Number
from borderlab.model.modules.survival import BINDING, FORMS, lines, risks
from borderlab.strategy.runtime.program import ACTS

ACTIONS = ("found", "strengthen", "let lapse")  # as strategies have them; compiled code has their places
FOUND, STRENGTHEN, LAPSE = range(len(ACTIONS))
SETTLED_WEEKS = 4  # ends of programmes are settled every four weeks; nobody dates them closer
SCANDAL, SHIFT = salt("scandal"), salt("shift")


class Roster(NamedTuple):
    """The programmes of one future: float64 [programmes], but for what goes by form [forms]."""

    alive: Any
    form: Any
    founded: Any
    risk: Any
    limit: Any
    relevance: Any
    hosts: Any
    strength_of: Any
    binding: Any
    rate_of: Any
    change_of: Any


@kernel
def weight(roster, place):  # type: ignore[no-untyped-def]
    """Strength that a programme adds to the institution level; 0 if it is not alive."""
    return roster.strength_of[int(roster.form[place])] * roster.relevance[place] * roster.alive[place]


@kernel
def tallied(roster):  # type: ignore[no-untyped-def]
    """What the programmes alive make together: strength, the part founded by a strategy, the share that stands in
    treaties and laws, how many there are, and whether one hosts joint work.
    """
    total = built = binding = count = hosting = 0.0
    for place in range(len(roster.alive)):
        if roster.alive[place] > 0.0:
            own = weight(roster, place)
            total += own
            built += own * roster.founded[place]
            binding += own * roster.binding[int(roster.form[place])]
            count += 1.0
            if roster.founded[place] > 0.0 or roster.hosts[place] > 0.0:
                hosting = 1.0
    return total, built, binding / max(total, 1e-9), count, hosting


@kernel
def aged(roster, weeks, new_president, total):  # type: ignore[no-untyped-def]
    """Let ``weeks`` at the ordinary hazard pass. Gives the share of strength that ended, and whether anything did."""
    gone, ended = 0.0, False
    for place in range(len(roster.alive)):
        if roster.alive[place] > 0.0:
            form = int(roster.form[place])
            roster.risk[place] += roster.rate_of[form] * weeks
            if new_president:
                roster.risk[place] += roster.change_of[form]
            if roster.risk[place] >= roster.limit[place]:
                gone += weight(roster, place)
                ended = True
                roster.alive[place] = 0.0
    return gone / max(total, 1e-9), ended


@kernel
def acted_on(roster, action, place, form, total):  # type: ignore[no-untyped-def]
    """Found, strengthen or end one programme. Gives the share of strength that ended. ``form`` −1 is none."""
    if action == LAPSE:
        gone = weight(roster, place) / max(total, 1e-9)
        roster.alive[place] = 0.0
        return gone
    newborn = action == FOUND and roster.alive[place] == 0.0
    if newborn:
        roster.alive[place] = roster.founded[place] = 1.0
        roster.risk[place] = 0.0
    # A weaker form never replaces a stronger one: that would be ending it.
    if form >= 0 and roster.alive[place] > 0.0 and (newborn or form < roster.form[place]):
        roster.form[place] = form
        roster.founded[place] = 1.0
    return 0.0


class Programmes(Module):
    """Programmes of the coded table that are alive today, and those that a strategy founds.

    A programme ends when the sum of its risks passes an exponential draw of its own: in each week the hazard of its
    form, times the factors of a scandal within the last half year and of a shift of power within the last year, and at
    a new president the chance of ending then. It keeps its draw when it gets a stronger form, and takes that form's
    hazard; renaming changes nothing. Hazards are those of the survival estimate
    (:mod:`borderlab.model.modules.survival`), at a rank of their spread that is drawn. Scandals and shifts of power
    come as Poisson processes. ``hosting`` says whether a programme is alive under which working groups, reviews and
    shared plans are held.
    """

    name = "programmes"
    parameters = names(
        rank_treaty="prog.rank_treaty",
        rank_statute="prog.rank_statute",
        rank_agreement="prog.rank_agreement",
        rank_declaration="prog.rank_declaration",
        rank_informal="prog.rank_informal",
        rank_change="prog.rank_change",
        strength_treaty="prog.strength_treaty",
        strength_statute="prog.strength_statute",
        strength_agreement="prog.strength_agreement",
        strength_declaration="prog.strength_declaration",
        strength_informal="prog.strength_informal",
        founded_relevance="prog.founded_relevance",
        scandal_rate="prog.scandal_rate",
        scandal_factor="prog.scandal_factor",
        scandal_weeks="prog.scandal_weeks",
        shift_rate="prog.shift_rate",
        shift_factor="prog.shift_factor",
        shift_weeks="prog.shift_weeks",
    )
    inputs = ("leader_mx", "leader_us")
    effects = names("programme_hazard")
    tables = names("act_action", "act_place", "act_form", acts="orders.acts")
    state = {
        "alive": Rows("programmes"),
        "form": Rows("programmes"),
        "founded": Rows("programmes"),
        "risk": Rows("programmes"),
        "limit": Rows("programmes"),
        "relevance": Rows("programmes"),
        "hosts": Rows("programmes"),
        "strength_of": Rows(len(FORMS)),
        "binding": Rows(len(FORMS)),
        "rate_of": Rows(len(FORMS)),
        "change_of": Rows(len(FORMS)),
        "total": "strength",
        "built": "strength",
        "lasting": "share",
        "count": "programmes",
        "hosting": "share",
        "pending": "weeks",
        "next_scandal": "week",
        "next_shift": "week",
        "scandal_until": "week",
        "shift_until": "week",
    }
    writes = {"gone": "share", "scandal": "share"}
    measures = (Measure("programmes_alive", "count"),)

    @staticmethod
    def begin(opening: Any, key: Any, scandal_rate: Number, shift_rate: Number, rank_change: Number,
              founded_relevance: Number, **by_form: Number) -> dict[str, Any]:  # fmt: skip
        """Programmes of today, each with its own draw, and the risks of each form."""
        known, coded = programmes(), {row.programme: row for row in lines()}
        today = [id_ for id_ in opening.programmes if id_ in coded and coded[id_].today]
        found = opening.programmes
        least = len(FORMS) - 1
        rate = [risks()[form].hazard(by_form[f"rank_{form}"]) / WEEKS_PER_YEAR for form in FORMS]
        change = [-np.log1p(-risks()[form].at_change(rank_change)) for form in FORMS]
        gap_scandal, gap_shift = WEEKS_PER_YEAR / scandal_rate, WEEKS_PER_YEAR / shift_rate
        return {
            "alive": [float(id_ in today) for id_ in found],
            "form": [float(FORMS.index(known[id_].form) if id_ in today else least) for id_ in found],
            "founded": [0.0 for _ in found],
            "risk": [0.0 for _ in found],
            "limit": [exponential(key, f"programme:{id_}") for id_ in found],
            "relevance": [coded[id_].relevance if id_ in coded else founded_relevance for id_ in found],
            "hosts": [float(id_ in coded and coded[id_].hosts) for id_ in found],
            "strength_of": [by_form[f"strength_{form}"] for form in FORMS],
            "binding": [float(form in BINDING) for form in FORMS],
            "rate_of": rate,
            "change_of": change,
            "pending": 0.0,
            "gap_scandal": gap_scandal,
            "gap_shift": gap_shift,
            "next_scandal": gap_scandal * exponential(key, "scandal"),
            "next_shift": gap_shift * exponential(key, "shift"),
            "scandal_until": -1.0,
            "shift_until": -1.0,
            "scandal": 0.0,
        }

    @staticmethod
    def start(alive, form, founded, risk, limit, relevance, hosts, strength_of, binding, rate_of, change_of):
        """What today's programmes make together."""
        roster = Roster(alive, form, founded, risk, limit, relevance, hosts, strength_of, binding, rate_of, change_of)
        total, built, lasting, count, hosting = tallied(roster)
        return {
            "total": total,
            "built": built,
            "lasting": lasting,
            "lasting_start": lasting,
            "carrying": 1.0,
            "count": count,
            "hosting": hosting,
        }

    @staticmethod
    def step(
        alive, form, founded, risk, limit, relevance, hosts, strength_of, binding, rate_of, change_of,
        total, built, lasting, count, hosting, pending, next_scandal, next_shift, scandal_until, shift_until,
        gap_scandal, gap_shift, scandal_factor, scandal_weeks, shift_factor, shift_weeks, programme_hazard,
        leader_mx, leader_us, acts, act_action, act_place, act_form, flags, week, key,
    ):  # fmt: skip
        """Events of the week, ends that have come due, and what a strategy does with programmes."""
        scandal = 0.0
        if next_scandal <= week:
            scandal = 1.0
            next_scandal = week + gap_scandal * exponential_draw(key, SCANDAL, week + 1)
            scandal_until = week + scandal_weeks
        if next_shift <= week:
            next_shift = week + gap_shift * exponential_draw(key, SHIFT, week + 1)
            shift_until = week + shift_weeks
        shaken = scandal_factor if scandal_until > week else 1.0
        shifted = shift_factor if shift_until > week else 1.0
        pending = pending + shaken * shifted * factor(programme_hazard)
        new_president = leader_mx > 0.0 or leader_us > 0.0
        acting = flags & ACTS != 0
        due = new_president or week % SETTLED_WEEKS == SETTLED_WEEKS - 1
        gone = 0.0
        if due or acting:  # settled before it is acted on
            roster = Roster(
                alive, form, founded, risk, limit, relevance, hosts, strength_of, binding, rate_of, change_of
            )
            gone, changed = aged(roster, pending, new_president, total)
            pending = 0.0
            if changed:
                total, built, lasting, count, hosting = tallied(roster)
            if acting:
                for slot in range(len(acts)):
                    if acts[slot] > 0:
                        gone = gone + acted_on(roster, act_action[slot], act_place[slot], act_form[slot], total)
                        total, built, lasting, count, hosting = tallied(roster)
        return {
            "gone": min(gone, 1.0),
            "scandal": scandal,
            "total": total,
            "built": built,
            "lasting": lasting,
            "count": count,
            "hosting": hosting,
            "pending": pending,
            "next_scandal": next_scandal,
            "next_shift": next_shift,
            "scandal_until": scandal_until,
            "shift_until": shift_until,
        }
