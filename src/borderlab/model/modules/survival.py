"""How long cooperation programmes live: a survival estimate from the coded table, with its uncertainty.

Two risks for each form: a constant hazard per year, and the chance of ending at a change of president. Rows whose
state is not known are left out; a row still running when last seen counts as censored. A programme that was only
renamed did not end: its rows are joined into one line (``reference/model/programme_lines.csv``).

Estimate, with conjugate weak priors (so that a form with no end observed keeps a positive, honest hazard)::

    ends at other times  ~ Poisson(hazard x years)            hazard ~ Gamma(1/2, 2 years)
    ends at a change     ~ Binomial(changes met, risk)        risk   ~ Beta(1/2, 3/2)

Treaties and statutes are counted together: both bind by law, none of them ended, and a single treaty watched for six
years would say next to nothing alone. An end is laid to a change of president if one lies within the year before it
(or the half year after it, since an agreement may be dropped by a president-elect or by one about to leave).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from borderlab.evidence.tables.dates import fraction
from borderlab.evidence.tables.leader import changes, leaders
from borderlab.evidence.tables.programme import Programme, programmes
from borderlab.evidence.tables.table import SourcedRow, table
from borderlab.model.core.rates import Array

FORMS = ("treaty", "statute", "agreement", "declaration", "informal")
BINDING = ("treaty", "statute")
PRIOR_SHAPE, PRIOR_YEARS = 0.5, 2.0
PRIOR_ENDS, PRIOR_SURVIVALS = 0.5, 1.5
BEFORE, AFTER = 1.0, 0.5


class Line(SourcedRow):
    """What the model takes from one programme.

    Attributes:
        programme: id in the programmes table.
        line: programmes of one line are one thing under several names.
        counted: it is an agreement or mechanism of both countries, so it counts in the survival estimate.
        today: it is alive at the start of a run.
        relevance: weight in the institution level, 0 to 1.
        hosts: working groups, reviews and shared plans are held under it.
        date: when this was coded.
    """

    programme: str
    line: str
    counted: bool
    today: bool
    relevance: float
    hosts: bool
    date: str
    note: str | None = None


@dataclass(frozen=True)
class Spell:
    """One line under observation: ``years`` at risk, ``met`` changes of president, how it ended."""

    line: str
    form: str
    years: float
    met: int
    ended: bool
    at_change: bool


@dataclass(frozen=True)
class Risk:
    """Counts behind the two risks of one form; the posteriors follow from them."""

    form: str
    spells: int
    years: float
    changes: int
    ends_other: int
    ends_at_change: int

    def hazard(self, rank: Array | float) -> Array:
        """The yearly hazard at rank ``rank`` of its posterior."""
        from scipy.special import gammaincinv

        return gammaincinv(PRIOR_SHAPE + self.ends_other, rank) / (PRIOR_YEARS + self.years)

    def at_change(self, rank: Array | float) -> Array:
        """The chance of ending at one change of president, at rank ``rank`` of its posterior."""
        from scipy.special import betaincinv

        survived = self.changes - self.ends_at_change
        ends = PRIOR_ENDS + self.ends_at_change
        return betaincinv(ends, PRIOR_SURVIVALS + survived, rank)


@cache
def lines() -> tuple[Line, ...]:
    """The rows of ``reference/model/programme_lines.csv``."""
    return table("model/programme_lines", Line)


@cache
def spells() -> tuple[Spell, ...]:
    """Every counted line: programmes under one line are joined from first start to last end."""
    known = programmes()
    groups: dict[str, list[Programme]] = {}
    for row in lines():
        if row.counted and known[row.programme].ended is not None:
            groups.setdefault(row.line, []).append(known[row.programme])
    return tuple(_spell(line, rows) for line, rows in groups.items())


def _spell(line: str, rows: list[Programme]) -> Spell:
    rows = sorted(rows, key=lambda row: fraction(row.start))
    last = max(rows, key=lambda row: fraction(row.end or row.last_seen))
    start, end = rows[0].start, last.end or last.last_seen
    ended = bool(last.ended)
    years = max(fraction(end) - fraction(start), 0.05)
    at_change = ended and any(-AFTER <= fraction(end) - fraction(leader.start) <= BEFORE for leader in leaders())
    return Spell(line, last.form, years, changes(start, end), ended, at_change)


@cache
def risks() -> dict[str, Risk]:
    """The counts by form."""
    found = {}
    for form in FORMS:
        group = BINDING if form in BINDING else (form,)
        mine = [spell for spell in spells() if spell.form in group]
        at_change = sum(spell.at_change for spell in mine)
        met = sum(max(spell.met, int(spell.at_change)) for spell in mine)
        ends = sum(spell.ended for spell in mine) - at_change
        found[form] = Risk(form, len(mine), sum(spell.years for spell in mine), met, ends, at_change)
    return found
