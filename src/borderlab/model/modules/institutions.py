"""Cooperation programmes, one by one, and the institution level that they carry.

::

    each programme p of form k ends when the sum of its risks passes an exponential draw of its own:
        per week           hazard(k) exp(shift) x scandal x shift of power / 52.2
        at a new president -ln(1 - risk(k))
    ceiling  = min(1, sum of strength(k) relevance(p) over programmes alive / W)
    I+ = I + aI A e (ceiling - I) - .01 I (1 - verification shift) + cx max(lev, 0) (1 - I)    per month
    I  <- I (1 - xi (1 - I) (1 - durable))                          at a new president
    I  <- I (1 - its part of the strength alive)                    when a programme ends
    I  <- I (1 - scandal loss (1 - verification shift))             in a scandal: vetted units leak less

A is the building effort: today's ordinary one, the levers' shift, and ``BUILD`` for each unit of strength that a
strategy founded. e is effort, weighted by the focus of the demand. ``durable`` is how much more of the strength
stands in treaties and laws than at the start. A programme that gets a stronger form keeps its draw and takes the
hazard of the new form; renaming changes nothing. Hazards come from :mod:`borderlab.model.modules.survival`. ``hosting``
says where working groups, reviews and shared plans still have a programme to be held under (see ``shifts``).
"""

from __future__ import annotations

import numpy as np

from borderlab.evidence.tables.programme import programmes
from borderlab.model.core.equations import clip, factor, per_future
from borderlab.model.core.inputs import Drive
from borderlab.model.core.random import exponential
from borderlab.model.core.rates import WEEKS_PER_YEAR, Array, Number, per_week, weekly
from borderlab.model.futures.parameters import Settings
from borderlab.model.modules.survival import BINDING, FORMS, lines, risks

BUILD = 0.3
FOUNDED_RELEVANCE = 1.0
SCANDAL_WEEKS, SHIFT_WEEKS = 26, 52
ROSTER_WEEKS = 4  # ends of programmes are settled every four weeks; nobody dates them closer
ACTIONS = ("found", "strengthen", "let lapse")  # as strategies have them
LASTING = np.array([form in BINDING for form in FORMS])


def down(rows: Array) -> Array:
    """The sum over programmes, in their order: NumPy's own sum adds a single future's column in another order."""
    total = rows[0].copy()
    for row in rows[1:]:
        total += row
    return total


class Roster:
    """Programmes alive. Arrays are [programme, future]; a row is added when a strategy founds something new."""

    def __init__(self, settings: Settings) -> None:
        self.n, self.key = settings.n, settings.futures.key
        self.strength = np.array([float(settings[f"prog.strength_{form}"]) for form in FORMS])
        change_rank = settings["prog.rank_change"]
        rate, change = [], []
        for form in FORMS:
            risk = risks()[form]
            rate.append(np.broadcast_to(risk.hazard(settings[f"prog.rank_{form}"]) / WEEKS_PER_YEAR, (self.n,)))
            change.append(np.broadcast_to(-np.log1p(-risk.at_change(change_rank)), (self.n,)))
        self.rate_of, self.change_of = np.array(rate), np.array(change)
        self.ids: list[str] = []
        known = programmes()
        today = [row for row in lines() if row.today]
        shape = (len(today), self.n)
        self.alive = np.ones(shape, bool)
        self.form = np.zeros(shape, np.int8)
        self.relevance = np.array([row.relevance for row in today])
        self.hosts = np.array([row.hosts for row in today])
        self.founded = np.zeros(shape, bool)
        self.risk = np.zeros(shape)
        self.limit = np.zeros(shape)
        for place, row in enumerate(today):
            self.ids.append(row.programme)
            self.form[place] = FORMS.index(known[row.programme].form)
            self.limit[place] = exponential(self.key, f"programme:{row.programme}")
        self.rate, self.change, self.weight = (np.zeros(shape) for _ in range(3))
        self.total, self.built, self.lasting, self.count = (np.zeros(self.n) for _ in range(4))
        self.hosting = np.zeros(self.n, bool)
        self._renew()

    def _renew(self, where: np.ndarray | slice = slice(None)) -> None:
        """Set what follows from ``alive`` and ``form`` in some futures; called when either changes there."""
        alive, form = self.alive[:, where], self.form[:, where]
        columns = np.arange(self.n)[where]
        weight = self.strength[form] * self.relevance[:, None] * alive
        total = down(weight)
        self.rate[:, where] = self.rate_of[form, columns] * alive
        self.change[:, where] = self.change_of[form, columns] * alive
        self.weight[:, where], self.total[where] = weight, total
        self.built[where] = down(weight * self.founded[:, where])
        self.lasting[where] = down(weight * LASTING[form]) / np.maximum(total, 1e-9)
        self.count[where] = alive.sum(axis=0)
        self.hosting[where] = (alive & (self.founded[:, where] | self.hosts[:, None])).any(axis=0)

    def age(self, weeks: Number, new_president: bool) -> Array:
        """Let ``weeks`` at the ordinary hazard pass [n]. Gives the share of strength that ended [n]."""
        self.risk += self.rate * weeks
        if new_president:
            self.risk += self.change
        ending = self.alive & (self.risk >= self.limit)
        if not ending.any():
            return np.zeros(self.n)
        where = np.flatnonzero(ending.any(axis=0))
        gone = np.zeros(self.n)
        part = down(self.weight[:, where] * ending[:, where])
        gone[where] = part / np.maximum(self.total[where], 1e-9)
        self.alive[:, where] &= ~ending[:, where]
        self._renew(where)
        return gone

    def act(self, action: str, programme: str, form: str, where: np.ndarray) -> Array:
        """Found, strengthen or end a programme in some futures. Gives the share of strength that ended [n]."""
        if action not in ACTIONS:
            raise ValueError(f"'{action}' is nothing that is done with a programme")
        gone = np.zeros(self.n)
        if not where.any():
            return gone
        place = self._place(programme)
        code = FORMS.index(form) if form in FORMS else None
        if action == "let lapse":
            ending = self.alive[place] & where
            gone = self.weight[place] * ending / np.maximum(self.total, 1e-9)
            self.alive[place] &= ~where
        else:
            newborn = where & ~self.alive[place] if action == "found" else np.zeros(self.n, bool)
            self.alive[place] |= newborn
            self.founded[place] |= newborn
            self.risk[place] = np.where(newborn, 0.0, self.risk[place])
            if code is not None:
                # A weaker form never replaces a stronger one: that would be ending it.
                stronger = where & self.alive[place] & (newborn | (code < self.form[place]))
                self.form[place] = np.where(stronger, code, self.form[place])
                self.founded[place] |= stronger
        self._renew(np.flatnonzero(where))
        return gone

    def _place(self, programme: str) -> int:
        if programme in self.ids:
            return self.ids.index(programme)
        known = {row.programme: row for row in lines()}
        self.ids.append(programme)
        self.alive = np.vstack([self.alive, np.zeros((1, self.n), bool)])
        self.form = np.vstack([self.form, np.full((1, self.n), len(FORMS) - 1, np.int8)])
        self.founded = np.vstack([self.founded, np.zeros((1, self.n), bool)])
        self.risk = np.vstack([self.risk, np.zeros((1, self.n))])
        self.limit = np.vstack([self.limit, exponential(self.key, f"programme:{programme}")[None]])
        blank = np.zeros((1, self.n))
        self.rate, self.change = np.vstack([self.rate, blank]), np.vstack([self.change, blank])
        self.weight = np.vstack([self.weight, blank])
        row = known.get(programme)
        self.relevance = np.append(self.relevance, FOUNDED_RELEVANCE if row is None else row.relevance)
        self.hosts = np.append(self.hosts, row is not None and row.hosts)
        return len(self.ids) - 1


@per_future(outputs=1)
def _risk(pending, week, scandal_until, scandal_factor, shift_until, shift_factor, hazard, after):
    scandal = scandal_factor if scandal_until > week else 1.0
    shift = shift_factor if shift_until > week else 1.0
    after[0] = pending + scandal * shift * factor(hazard)


@per_future(outputs=1)
def _level(
    level, gone, scandal, scandal_loss, verification, strength, full, ordinary, shift, built, new_president, xi,
    durable, build, effort, wear, cx, leverage,
    after,
):  # fmt: skip
    leaks = clip(1.0 - verification, 0.0, 1.0)
    left = level * (1.0 - gone) * (1.0 - scandal_loss * leaks * scandal)
    if new_president > 0.0:
        left = left * (1.0 - xi * (1.0 - left) * (1.0 - durable))
    building = clip(ordinary + shift + BUILD * built, 0.0, 1.0)
    grown = build * building * effort * max(min(strength / full, 1.0) - left, 0.0)
    after[0] = clip(left + grown - wear * leaks * left + cx * max(leverage, 0.0) * (1.0 - left), 0.0, 1.0)


class Institutions:
    """State: ``level`` I [n] and, unless ``programmes`` is off, the roster of programmes."""

    def __init__(self, settings: Settings, level: Number, *, roster: bool = True) -> None:
        n = settings.n
        self.key = settings.futures.key
        self.level: Array = np.zeros(n) + level
        self.build = weekly(settings["aI"])
        self.wear = weekly(settings["I_decay"])
        self.cx = per_week(settings["cx"])
        self.xi = settings["xi"]
        self.full = float(settings["prog.full"])
        self.scandal_loss = settings["prog.scandal_loss"]
        self.scandal_factor = settings["prog.scandal_factor"]
        self.shift_factor = settings["prog.shift_factor"]
        self.scandal_gap = WEEKS_PER_YEAR / settings["prog.scandal_rate"]
        self.shift_gap = WEEKS_PER_YEAR / settings["prog.shift_rate"]
        self.roster = Roster(settings) if roster else None
        self.ordinary = settings["today.building"] if roster else 0.0
        self.pending: Array = np.zeros(n)
        self.next_scandal = self.scandal_gap * exponential(self.key, "scandal")
        self.next_shift = self.shift_gap * exponential(self.key, "shift")
        self.scandal_until = np.full(n, -1.0)
        self.shift_until = np.full(n, -1.0)
        self.lasting_start = self.roster.lasting.copy() if self.roster else 0.0
        self.scandal: np.ndarray = np.zeros(n, bool)

    @property
    def alive(self) -> Array:
        """Programmes in force [n]."""
        assert self.roster is not None
        return self.roster.count

    @property
    def hosting(self) -> np.ndarray:
        """Where a programme is alive under which joint work is held: today's senior group, or one of the strategy's."""
        return np.ones(len(self.level), bool) if self.roster is None else self.roster.hosting

    def step(self, drive: Drive, effort: Array, leverage: Array) -> None:
        """Births, deaths and the level."""
        new_president = drive.leader_mx or drive.leader_us
        gone, scandal, strength, full, built = 0.0, 0.0, 1.0, 1.0, 0.0
        if self.roster is not None:
            gone, scandal = self._programmes(drive, new_president), self.scandal
            strength, full, built = self.roster.total, self.full, self.roster.built
        self.level = _level(
            self.level,
            gone,
            scandal,
            self.scandal_loss,
            drive.shift("verification"),
            strength,
            full,
            self.ordinary,
            drive.shift("institution_build"),
            built,
            new_president,
            self.xi,
            self._durable() if new_president else 0.0,
            self.build,
            effort,
            self.wear,
            self.cx,
            leverage,
        )

    def _durable(self) -> Number:
        if self.roster is None:
            return 0.0
        gained = (self.roster.lasting - self.lasting_start) / np.maximum(1.0 - self.lasting_start, 1e-9)
        return np.clip(gained, -0.5, 0.9)

    def _programmes(self, drive: Drive, new_president: bool) -> Array:
        assert self.roster is not None
        week = drive.week
        self.scandal = self._happens(week, "scandal", self.next_scandal, self.scandal_gap)
        self.scandal_until[self.scandal] = week + SCANDAL_WEEKS
        shift = self._happens(week, "shift", self.next_shift, self.shift_gap)
        self.shift_until[shift] = week + SHIFT_WEEKS
        self.pending = _risk(
            self.pending,
            week,
            self.scandal_until,
            self.scandal_factor,
            self.shift_until,
            self.shift_factor,
            drive.shift("programme_hazard"),
        )
        gone = np.zeros_like(self.level)
        if new_president or week % ROSTER_WEEKS == ROSTER_WEEKS - 1:
            gone = self.roster.age(self.pending, new_president)
            self.pending = np.zeros_like(self.level)
        elif drive.programmes:
            # Settled before it is acted on, but only where it is: other futures must not notice.
            acted = np.any([np.asarray(act.where) for act in drive.programmes], axis=0)
            gone = self.roster.age(np.where(acted, self.pending, 0.0), False)
            self.pending = np.where(acted, 0.0, self.pending)
        for act in drive.programmes:
            gone = gone + self.roster.act(act.action, act.programme, act.form or "", np.asarray(act.where))
        return np.minimum(gone, 1.0)

    def _happens(self, week: int, what: str, due: Array, gap: Number) -> np.ndarray:
        """Where an event of a Poisson process falls in this week; its next date is set there."""
        now = due <= week
        where = np.flatnonzero(now)
        if len(where):
            again = exponential(self.key[where], what, week + 1)
            due[where] = week + np.broadcast_to(gap, (len(self.key),))[where] * again
        return now
