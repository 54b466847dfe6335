"""What a scenario file can do to a crossing: the kinds of restriction, their fields, and one restriction in force.

``KINDS`` is the one table that the parser, the JSON Schema, the documentation and the messages are made from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from pydantic import BaseModel, ConfigDict

from borderlab.crossings.scenarios.period import HOURS_A_WEEK, hours_of_week


@dataclass(frozen=True)
class Field:
    """One field of a kind of restriction: unit it is read in, bounds in that unit, and what it says."""

    name: str
    unit: str
    low: float
    high: float
    example: str
    meaning: str


@dataclass(frozen=True)
class RestrictionKind:
    """One kind of restriction.

    Attributes:
        fields: what may be written beside place, mode, lane class and time.
        one_of: exactly one of these fields must be written.
        needs: all of these must be written.
        any_of: at least one of these must be written.
        mode: the only mode it makes sense for, if there is one.
    """

    name: str
    meaning: str
    fields: tuple[Field, ...] = ()
    one_of: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    any_of: tuple[str, ...] = ()
    mode: str | None = None

    def field(self, name: str) -> Field:
        """The field of that name."""
        return next(field for field in self.fields if field.name == name)


def _share(meaning: str) -> Field:
    return Field("share", "share", 0.0, 1.0, "30 %", meaning)


_BOOTHS = Field("booths", "booth", 0, 80, "2 booths", "open booths, at each crossing and lane class chosen")
_ADD_BOOTHS = Field("add", "booth", -80, 80, "1 booth", "booths more (or fewer, if negative) than usual")
_ADD_POINTS = Field("add", "share", -1.0, 1.0, "10 points", "percentage points added to the usual share")

KINDS: dict[str, RestrictionKind] = {
    kind.name: kind
    for kind in (
        RestrictionKind("close", "nobody is let through; those already in line wait until it opens again"),
        RestrictionKind(
            "cap-booths",
            "no more booths open than this; the usual number where that is fewer",
            (_BOOTHS, _share("share of the usual booths that stay open, at least one booth")),
            one_of=("booths", "share"),
        ),
        RestrictionKind(
            "booths",
            "another number of open booths in all usual opening hours",
            (_BOOTHS, _ADD_BOOTHS),
            one_of=("booths", "add"),
        ),
        RestrictionKind(
            "add-stage",
            "a further inspection after primary, with its own places and queue, one at each crossing chosen",
            (
                _share("share of entities that must pass it"),
                Field("places", "booth", 1, 500, "6 places", "how many are inspected at once, at each crossing"),
                Field("time", "minute", 0.1, 1440, "50 min", "minutes each inspection takes on average"),
            ),
            needs=("share", "places", "time"),
        ),
        RestrictionKind(
            "secondary",
            "another share sent to secondary inspection, or another time there",
            (
                _share("share of entities sent to secondary"),
                Field("time", "minute", 0.1, 1440, "20 min", "minutes in secondary on average"),
            ),
            any_of=("share", "time"),
        ),
        RestrictionKind(
            "service-time",
            "another time at the primary booth",
            (
                Field("factor", "share", 0.1, 20.0, "150 %", "the usual time times this"),
                Field("time", "minute", 0.05, 240, "3 min", "this time on average"),
                Field("add", "minute", 0.01, 240, "2 min", "this much longer than usual"),
            ),
            one_of=("factor", "time", "add"),
        ),
        RestrictionKind(
            "sentri-share",
            "another share of cars enrolled in SENTRI",
            (_share("share of cars"), _ADD_POINTS),
            one_of=("share", "add"),
            mode="vehicle",
        ),
        RestrictionKind(
            "fast-share",
            "another share of trucks enrolled in FAST",
            (_share("share of trucks"), _ADD_POINTS),
            one_of=("share", "add"),
            mode="truck",
        ),
        RestrictionKind(
            "demand",
            "more or fewer who want to cross",
            (Field("change", "share", -1.0, 5.0, "-40 %", "change against the ordinary number"),),
            needs=("change",),
        ),
    )
}


# What a restriction sets of a lane, in words for messages.
SLOT_WORDS = {
    "open": "whether the lanes are open",
    "cap": "how many booths may open",
    "booths": "how many booths open",
    "add-stage": "the added inspection",
    "secondary share": "the share sent to secondary",
    "secondary time": "the time in secondary",
    "service-time": "the time at the booth",
    "sentri-share": "the share in SENTRI",
    "fast-share": "the share in FAST",
    "demand": "how many want to cross",
}
PROGRAMME = {"sentri-share": "passenger-sentri", "fast-share": "commercial-fast"}


class Restriction(BaseModel):
    """One restriction, checked, with everything resolved to crossings, lane classes, dates and hours of the week.

    Attributes:
        kind: a key of ``KINDS``.
        crossings: ids, in the order of the table of crossings.
        lane_classes: lane classes it touches (where a crossing has them).
        first, last: days in force, both counted.
        days: days of the week, 0 = Monday; empty means all.
        hours: from and to, whole hours; (22, 6) runs over midnight; None means all day.
        values: the fields of its kind in the unit of ``KINDS``: shares as parts of one, times in minutes.
        source, note_en, note_es: where it comes from and a remark.
        file, line: where it stands.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    crossings: tuple[str, ...]
    lane_classes: tuple[str, ...]
    first: date
    last: date
    days: tuple[int, ...] = ()
    hours: tuple[int, int] | None = None
    values: dict[str, float] = {}
    source: tuple[str, ...] = ()
    note_en: str | None = None
    note_es: str | None = None
    file: str | None = None
    line: int | None = None

    def week(self) -> tuple[bool, ...]:
        """Which of the 168 hours of a week (Monday 0 h first) it is in force."""
        return hours_of_week(self.days, self.hours)

    def overlaps(self, other: Restriction) -> bool:
        """True if the two share a crossing, a lane class and an hour."""
        if not set(self.crossings) & set(other.crossings) or not set(self.lane_classes) & set(other.lane_classes):
            return False
        first, last = max(self.first, other.first), min(self.last, other.last)
        if first > last:
            return False
        both = [mine and yours for mine, yours in zip(self.week(), other.week(), strict=True)]
        if (last - first).days >= 6:
            return any(both)
        shared = {(first.weekday() + step) % 7 for step in range((last - first).days + 1)}
        return any(both[hour] for hour in range(HOURS_A_WEEK) if hour // 24 in shared)

    def covers(self, other: Restriction) -> bool:
        """True if it holds in every hour in which ``other`` does."""
        inside = all(mine or not yours for mine, yours in zip(self.week(), other.week(), strict=True))
        return self.first <= other.first and other.last <= self.last and inside

    def slots(self) -> set[str]:
        """What of a lane it sets. Two restrictions that set the same thing at the same time contradict each other."""
        if self.kind == "secondary":
            return {f"secondary {name}" for name in self.values}
        return {{"close": "open", "cap-booths": "cap"}.get(self.kind, self.kind)}

    def contradicts(self, other: Restriction) -> str | None:
        """Why the two cannot both hold, or None."""
        if not self.overlaps(other):
            return None
        twice = self.slots() & other.slots()
        if twice:
            what = ", ".join(SLOT_WORDS[slot] for slot in sorted(twice))
            return f"both set {what}" if self.values != other.values else f"{what} is set twice, the same way"
        kinds = {self.kind, other.kind}
        opened = self if self.kind == "booths" else other
        if kinds == {"close", "booths"} and (opened.values.get("booths", 1) > 0):
            return "one closes what the other gives booths"
        if "close" in kinds and kinds & {"cap-booths", "add-stage", "secondary", "service-time"}:
            shut, slowed = (self, other) if self.kind == "close" else (other, self)
            if shut.covers(slowed):
                return "the lanes are closed all the time that the other works on them"
        if kinds == {"cap-booths", "booths"}:
            cap = other if opened is self else self
            if cap.values.get("booths", 1e9) < opened.values.get("booths", 0):
                return "one opens more booths than the other allows"
        return None
