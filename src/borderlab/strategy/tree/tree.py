"""The checked tree of a strategy file. Frozen; durations are whole weeks, amounts are in the unit of their table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date
from typing import Any, Literal

from borderlab.base.identity import hash_of
from borderlab.evidence.tables.assumption import Assumption

Sense = Literal["rises", "falls"]
Form = Literal["informal", "declaration", "agreement", "statute", "treaty"]
FORMS: tuple[Form, ...] = ("informal", "declaration", "agreement", "statute", "treaty")  # weakest first
MOST_TIMES = 5218
"""A rule may be limited to so many firings: one a week for a hundred years."""


@dataclass(frozen=True, slots=True)
class EssayPlace:
    """Where in a source a part of a strategy comes from."""

    source: str
    place: str | None = None


@dataclass(frozen=True, slots=True)
class Threshold:
    """An indicator stands above or below a value (or between two), for so many weekly readings in a row."""

    indicator: str
    above: float | None = None
    below: float | None = None
    held_weeks: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """An indicator has risen or fallen by at least an amount (or a share of what it was) over a time."""

    indicator: str
    sense: Sense
    amount: float
    relative: bool
    over_weeks: int
    held_weeks: int = 0


@dataclass(frozen=True, slots=True)
class InPeriod:
    """The calendar stands on or after a date, before a date, or between two."""

    after: date | None = None
    before: date | None = None
    held_weeks: int = 0


@dataclass(frozen=True, slots=True)
class LeaderChange:
    """A president took office no more than so many weeks ago."""

    country: Literal["us", "mx", "either"]
    within_weeks: int
    held_weeks: int = 0


@dataclass(frozen=True, slots=True)
class RuleState:
    """Another rule stood in a state at the end of the week before."""

    rule: str
    state: Literal["threatened", "in force", "ended"]
    held_weeks: int = 0


@dataclass(frozen=True, slots=True)
class AllOf:
    """Every part holds."""

    parts: tuple[Condition, ...]
    held_weeks: int = 0


@dataclass(frozen=True, slots=True)
class AnyOf:
    """At least one part holds."""

    parts: tuple[Condition, ...]
    held_weeks: int = 0


@dataclass(frozen=True, slots=True)
class Not:
    """The part is known not to hold."""

    part: Condition
    held_weeks: int = 0


Condition = Threshold | Change | InPeriod | LeaderChange | RuleState | AllOf | AnyOf | Not


def leaves(condition: Condition | None) -> Iterator[Condition]:
    """The conditions that have no parts, in the order written."""
    if condition is None:
        return
    if isinstance(condition, AllOf | AnyOf):
        for part in condition.parts:
            yield from leaves(part)
    elif isinstance(condition, Not):
        yield from leaves(condition.part)
    else:
        yield condition


def indicators_of(condition: Condition | None) -> tuple[str, ...]:
    """The indicators that a condition reads, each once, in the order written."""
    found = (leaf.indicator for leaf in leaves(condition) if isinstance(leaf, Threshold | Change))
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class LeverAction:
    """One lever set to a value, at places (crossing or sector ids; none means the whole border)."""

    lever: str
    to: float
    at: tuple[str, ...] = ()
    over_weeks: int = 0
    from_essay: EssayPlace | None = None
    at_words: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class ProgrammeStep:
    """A programme founded, given a stronger form, or let lapse; ``on`` a date where no rule decides it."""

    action: Literal["found", "strengthen", "let lapse"]
    programme: str
    form: Form | None = None
    title: Mapping[str, str] | None = None
    on: date | None = None
    from_essay: EssayPlace | None = None


@dataclass(frozen=True, slots=True)
class Constant:
    """A lever held at a value between two dates, with no condition."""

    lever: str
    value: float
    at: tuple[str, ...] = ()
    start: date | None = None
    end: date | None = None
    over_weeks: int = 0
    from_essay: EssayPlace | None = None
    at_words: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Threat:
    """What is announced before it is done: for how long, in public or not, and whether it is meant."""

    weeks: int
    public: bool = True
    carry_out: bool = True


@dataclass(frozen=True, slots=True)
class Lift:
    """How a measure ends: at once, evenly over weeks, or a step for each so much of an indicator.

    With steps, ``step`` (a share of the measure) is lifted each time ``indicator`` has gone ``per`` further in
    ``sense`` than it stood when the measure began; ``snap_back`` puts a step back when the indicator turns again.
    """

    style: Literal["at once", "over", "steps"] = "at once"
    weeks: int = 0
    step: float = 1.0
    per: float = 0.0
    indicator: str | None = None
    sense: Sense = "rises"
    snap_back: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A signpost, a trigger and what is then done. ``until`` is None where a measure is never ended by a condition."""

    id: str
    when: Condition
    do: tuple[LeverAction | ProgrammeStep, ...]
    until: Condition | None = None
    threaten: Threat | None = None
    lift: Lift = Lift()
    at_least_weeks: int = 0
    at_most_weeks: int | None = None
    rest_weeks: int = 0
    at_most_times: int | None = None
    title: Mapping[str, str] | None = None
    from_essay: EssayPlace | None = None

    @property
    def lever_actions(self) -> tuple[LeverAction, ...]:
        """What it does with levers."""
        return tuple(one for one in self.do if isinstance(one, LeverAction))

    @property
    def programme_steps(self) -> tuple[ProgrammeStep, ...]:
        """What it does with programmes."""
        return tuple(one for one in self.do if isinstance(one, ProgrammeStep))


@dataclass(frozen=True, slots=True)
class Strategy:
    """A whole strategy, with the layers below it already merged in.

    ``parameters`` are assumptions of its own, in place of what the register says, in its runs alone.
    ``text`` is the file as written; ``texts`` holds it and its base layers by file name, so that a copy can be kept
    and read again with :func:`borderlab.strategy.file.parse.load_texts`.
    """

    id: str
    title: Mapping[str, str]
    gist: Mapping[str, str]
    constants: tuple[Constant, ...] = ()
    rules: tuple[Rule, ...] = ()
    programmes: tuple[ProgrammeStep, ...] = ()
    position_of: tuple[EssayPlace, ...] = ()
    base: tuple[str, ...] = ()
    parameters: tuple[Assumption, ...] = ()
    file: str = field(default="", compare=False)
    text: str = field(default="", compare=False)
    texts: Mapping[str, str] = field(default_factory=dict, compare=False)

    @property
    def hash(self) -> str:
        """Of what the strategy orders, sixteen hexadecimal digits; wording and layout of the file do not count."""
        return hash_of(self.essence())

    def essence(self) -> dict[str, Any]:
        """What the strategy orders, as plain values without wording: two strategies of the same essence do the same."""
        return essence_of(self.as_dict())

    def rule(self, rule_id: str) -> Rule:
        """The rule of that id.

        Raises:
            KeyError: there is none.
        """
        for rule in self.rules:
            if rule.id == rule_id:
                return rule
        raise KeyError(rule_id)

    def as_dict(self) -> dict[str, Any]:
        """The tree as plain values, for JSON and for the hash of a run; the file's name and wording are left out."""
        return _plain(self)  # type: ignore[no-any-return]


_WORDING = frozenset({"title", "gist", "from_essay", "position_of", "base"})


def essence_of(plain: Any) -> Any:
    """Plain values of :meth:`Strategy.as_dict` without what is wording: titles, and places in essays."""
    if isinstance(plain, Mapping):
        return {key: essence_of(one) for key, one in plain.items() if key not in _WORDING}
    if isinstance(plain, list):
        return [essence_of(one) for one in plain]
    return plain


_KINDS = {
    "Threshold": "indicator",
    "Change": "change",
    "InPeriod": "period",
    "LeaderChange": "leader change",
    "RuleState": "rule",
    "AllOf": "all",
    "AnyOf": "any",
    "Not": "not",
    "LeverAction": "lever",
    "ProgrammeStep": "programme",
}


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        out = {one.name: _plain(getattr(value, one.name)) for one in fields(value) if one.compare}
        kind = _KINDS.get(type(value).__name__)
        return {"kind": kind, **out} if kind else out
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return value
