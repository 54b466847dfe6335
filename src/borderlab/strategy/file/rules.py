"""Reading of rules, constants and programmes into the tree, with every fault noted."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from borderlab.base.problems import ProblemList, nearest
from borderlab.base.yamlfile import line_of
from borderlab.language.amounts import CLOSED, amount_words, read_amount, read_weeks
from borderlab.language.units import QuantityError
from borderlab.strategy.file.conditions import ConditionReader, relief_sense, wrong_turn
from borderlab.strategy.file.mapping import Fields, kind_of
from borderlab.strategy.tree.tree import (
    FORMS,
    Condition,
    Constant,
    EssayPlace,
    LeverAction,
    Lift,
    ProgrammeStep,
    Rule,
    Sense,
    Threat,
    indicators_of,
)
from borderlab.strategy.tree.vocabulary import (
    Lever,
    Readable,
    UnknownPlace,
    closes,
    ended_programmes,
    known_sources,
    levers,
    places_of,
    shipped_programmes,
)

_ID = re.compile(r"^[a-z0-9]+(-[a-z0-9]+)*$")
_LIFT = re.compile(r"^in steps of (?P<step>.+?) per (?P<per>.+?)(?: of (?P<of>[a-z][\w.-]*))?$")
RULE_KEYS = ("id", "title", "from_essay", "when", "threaten", "do", "until", "lift", "at_least", "at_most",
             "then_rest", "at_most_times")  # fmt: skip
ACTION_KEYS = ("lever", "at", "to", "over", "from_essay")
CONSTANT_KEYS = ("lever", "at", "value", "from", "to", "over", "from_essay")
PROGRAMME_KEYS = ("found", "strengthen", "let_lapse", "form", "title", "on", "from_essay")
_STEPS = {"found": "found", "strengthen": "strengthen", "let_lapse": "let lapse"}


@dataclass
class RuleReader:
    """Reads the parts of one file. ``lines`` keeps where each part stands, for checks across rules."""

    problems: ProblemList
    indicators: Mapping[str, Readable]
    rules_named: list[tuple[str, str, int | None]] = field(default_factory=list)
    lines: dict[int, int | None] = field(default_factory=dict)  # id() of a tree part -> line
    founded: set[str] = field(default_factory=set)
    kept: list[object] = field(default_factory=list)  # keeps parts alive, so that no id() is used again

    def mark(self, part: object, line: int | None) -> None:
        """Remember where a part stands."""
        self.kept.append(part)
        self.lines[id(part)] = line

    def __post_init__(self) -> None:
        self.conditions = ConditionReader(self.problems, self.indicators, self.rules_named)

    def essay(self, fields: Fields, key: str = "from_essay") -> EssayPlace | None:
        """``{source, place}``."""
        return (
            self.essay_of(fields.raw(key), f"'{key}' of {fields.label}", fields.line_at(key)) if key in fields else None
        )

    def essay_of(self, node: Any, label: str, line: int | None) -> EssayPlace | None:
        """One source with the place in it."""
        inner = Fields(node, self.problems, label, ("source", "place"), line)
        source = inner.text("source", needed=inner.ok)
        if source is not None and source not in known_sources():
            inner.note(
                f"unknown source '{source}' in {label}.", "source", did_you_mean=nearest(source, known_sources())
            )
            return None
        place = inner.text("place")
        return EssayPlace(source, place) if source else None

    def lever(self, fields: Fields) -> Lever | None:
        """The lever that ``lever`` names."""
        name = fields.text("lever", needed=True)
        if name is None:
            return None
        found = levers().get(name)
        if found is None:
            fields.note(f"unknown lever '{name}' in {fields.label}.", "lever", did_you_mean=nearest(name, levers()),
                        cure="'borderlab levers' lists them.")  # fmt: skip
        return found

    def value(self, fields: Fields, key: str, lever: Lever) -> float | None:
        """A value that the lever can take and that is not today's."""
        if key not in fields:
            fields.missing(key, f"Write for example '{key}: {amount_words(lever.high, lever.unit, 'en')}'.")
            return None
        raw = fields.raw(key)
        if isinstance(raw, str) and raw.strip() in CLOSED and closes(lever):
            return 1.0
        value = fields.amount(key, lever.unit)
        if value is None:
            return None
        if not lever.low - 1e-9 <= value <= lever.high + 1e-9:
            low, high = (amount_words(one, lever.unit, "en") for one in (lever.low, lever.high))
            fields.note(f"'{raw}' is outside the bounds of '{lever.id}': {low} to {high}.", key)
            return None
        if abs(value - lever.default) < 1e-12:
            fields.note(f"'{lever.id}' at {raw} does nothing: that is today's value.", key)
            return None
        return value

    def places(self, fields: Fields, lever: Lever) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The ids and the words of ``at``."""
        if "at" not in fields:
            return (), ()
        if lever.places is None:
            fields.note(f"'{lever.id}' acts on the whole border; it has no 'at'.", "at")
            return (), ()
        ids: list[str] = []
        words: list[str] = []
        for item, line in fields.items("at", f"{lever.places}s"):
            if isinstance(item, int) and not isinstance(item, bool):
                item = str(item)
            if not isinstance(item, str):
                fields.note(f"'at' of {fields.label} names {lever.places}s, not {kind_of(item)}.", "at", line=line)
                continue
            try:
                found = places_of(lever, item)
            except UnknownPlace as error:
                fields.note(f"{error}.", "at", line=line, did_you_mean=error.did_you_mean, cure=error.cure)
                continue
            if set(found) & set(ids):
                spot = sorted(set(found) & set(ids))[0]
                fields.note(f"'at' of {fields.label} names {spot} twice.", "at", line=line,
                            cure=f"'{item}' has it, and so has a place before it: leave one out.")  # fmt: skip
                break
            ids += found
            words.append(item)
        return tuple(ids), tuple(words)

    def constant(self, node: Any, line: int | None) -> Constant | None:
        """One item of ``levers``."""
        named = next((key for key in node if key in levers()), None) if isinstance(node, Mapping) else None
        if named is not None and "lever" not in node:
            self.problems.add(
                f"'{named}' stands as a key in 'levers', which is a list of settings.",
                line=line_of(node, named) or line,
                cure=f"Write '- {{lever: {named}, value: {node[named]}}}'.",
            )
            return None
        fields = Fields(node, self.problems, "an item of 'levers'", CONSTANT_KEYS, line)
        if not fields.ok:
            return None
        lever = self.lever(fields)
        start, end = fields.day("from"), fields.day("to")
        if start and end and start >= end:
            fields.note(f"the setting ends ({end}) before it begins ({start}).", "to")
        over, essay = fields.weeks("over"), self.essay(fields)
        if lever is None:
            return None
        fields.label = f"'{lever.id}'"
        value = self.value(fields, "value", lever)
        at, words = self.places(fields, lever)
        if value is None or (words == () and "at" in fields):
            return None
        found = Constant(lever.id, value, at, start, end, over, essay, words)
        self.mark(found, line)
        return found

    def programme(self, node: Any, line: int | None, *, dated: bool) -> ProgrammeStep | None:
        """A programme founded, strengthened or let lapse; ``dated`` where no rule decides when."""
        fields = Fields(node, self.problems, "a programme step", PROGRAMME_KEYS, line)
        heads = [key for key in _STEPS if key in fields]
        if len(heads) != 1:
            if fields.ok:
                fields.note("a programme step says one of 'found', 'strengthen' or 'let_lapse'.")
            return None
        action, name = heads[0], fields.text(heads[0], needed=True)
        fields.label = f"programme step '{action} {name}'"
        form = fields.word("form", FORMS, needed=action != "let_lapse")
        title, on, essay = fields.both_languages("title"), fields.day("on"), self.essay(fields)
        if action == "let_lapse" and "form" in fields:
            fields.note(f"'form' has no meaning in {fields.label}.", "form")
        if dated and "on" not in fields:
            fields.missing("on", "Write the date, like 'on: 2027-06-01', or put it in the 'do' of a rule.")
        if not dated and "on" in fields:
            fields.note(f"{fields.label} stands in a rule, which decides when; it has no 'on'.", "on")
        if name is None or not self._programme_known(fields, action, name, form, title is not None):
            return None
        found = ProgrammeStep(cast(Any, _STEPS[action]), name, cast(Any, form), title, on, essay)
        self.mark(found, line)
        return found

    def _programme_known(self, fields: Fields, action: str, name: str, form: str | None, titled: bool) -> bool:
        known = shipped_programmes()
        if action == "found":
            if not _ID.match(name):
                fields.note(f"'{name}' is no id.", "found", cure="Use lower-case words joined by hyphens.")
                return False
            if name in known or name in ended_programmes():
                fields.note(f"programme '{name}' is in the coded table already.", "found",
                            cure="Choose a new id, or write 'strengthen'.")  # fmt: skip
                return False
            if not titled:
                fields.missing("title", "Write 'title: {en: …, es: …}'.")
                return False
            self.founded.add(name)
            return form is not None
        if name in ended_programmes():
            fields.note(f"programme '{name}' has ended.", action, cure="Found a new one.")
            return False
        if name not in known and name not in self.founded:
            near = nearest(name, [*known, *self.founded])
            fields.note(f"unknown programme '{name}'.", action, did_you_mean=near)
            return False
        now = known.get(name) if action == "strengthen" and form is not None else None
        if now is not None and FORMS.index(cast(Any, form)) <= FORMS.index(cast(Any, now)):
            cure = f"From weak to strong: {', '.join(FORMS)}."
            fields.note(f"'{form}' is no stronger form: '{name}' is {_a(now)} now.", "form", cure=cure)
            return False
        return action == "let_lapse" or form is not None

    def action(self, node: Any, line: int | None, rule: str) -> LeverAction | ProgrammeStep | None:
        """One item of ``do``."""
        if isinstance(node, Mapping) and any(key in node for key in _STEPS):
            return self.programme(node, line, dated=False)
        fields = Fields(node, self.problems, f"'do' of {rule}", ACTION_KEYS, line)
        if not fields.ok:
            return None
        lever = self.lever(fields)
        over, essay = fields.weeks("over"), self.essay(fields)
        if lever is None:
            return None
        to = self.value(fields, "to", lever)
        at, words = self.places(fields, lever)
        if to is None or (words == () and "at" in fields):
            return None
        found = LeverAction(lever.id, to, at, over, essay, words)
        self.mark(found, line)
        return found

    def rule(self, node: Any, line: int | None) -> Rule | None:
        """One item of ``rules``."""
        named = node.get("id") if isinstance(node, Mapping) else None
        if named is None and isinstance(node, Mapping):
            inner = next(
                (key for key in node if isinstance(node[key], Mapping) and {"when", "do"} & set(node[key])), None
            )
            if inner is not None:
                self.problems.add(
                    f"'{inner}' stands as a key in 'rules', which is a list of rules.",
                    line=line_of(node, inner) or line,
                    cure=f"Write '- id: {inner}' and the rest of the rule below it.",
                )
                return None
        label = f"rule '{named}'" if isinstance(named, str) else "a rule"
        fields = Fields(node, self.problems, label, RULE_KEYS, line)
        if not fields.ok:
            return None
        name = fields.text("id", needed=True, cure="Give each rule a short id.")
        if name is not None and not _ID.match(name):
            fields.note(f"'{name}' is no id.", "id", cure="Use lower-case words joined by hyphens.")
        before = len(self.problems.problems)
        title, essay = fields.both_languages("title"), self.essay(fields)
        when = self._condition(fields, "when")
        do = self._do(fields)
        until, never = self._until(fields, do)
        threaten = self._threat(fields, do)
        limits = {key: fields.weeks(key, -1) for key in ("at_least", "at_most", "then_rest")}  # -1: none, or faulty
        times = fields.count("at_most_times")
        self._limits(fields, limits, do)
        if when is not None and until is not None:
            why = wrong_turn(when, until)
            if why:
                fields.note(
                    f"{fields.label}: {why}.", "until", cure="Leave room between them, on the far side of 'when'."
                )
        lift = self._lift(fields, when, until)
        if name is None or when is None or not do or (until is None and not never) or lift is None:
            return None
        if len(self.problems.problems) > before:
            return None
        least, most, rest = (max(limits[key], 0) for key in ("at_least", "at_most", "then_rest"))
        found = Rule(name, when, do, until, threaten, lift, least, most or None, rest, times, title, essay)
        self.mark(found, fields.line)
        return found

    def _condition(self, fields: Fields, key: str) -> Condition | None:
        if key not in fields:
            fields.missing(key, "Say what is watched and what must hold.")
            return None
        return self.conditions.read(fields.raw(key), f"'{key}' of {fields.label}", fields.line_at(key))

    def _do(self, fields: Fields) -> tuple[LeverAction | ProgrammeStep, ...]:
        if "do" not in fields:
            fields.missing("do", "Say which lever is set, or which programme is founded.")
            return ()
        read = [self.action(item, line, fields.label) for item, line in fields.items("do", "actions")]
        done = tuple(one for one in read if one is not None)
        seen: set[tuple[str, str]] = set()
        for one in done:
            if isinstance(one, LeverAction):
                spots = {(one.lever, spot) for spot in one.at or ("everywhere",)}
                if (
                    spots & seen
                    or (seen & {(one.lever, "everywhere")})
                    or (not one.at and one.lever in {s[0] for s in seen})
                ):
                    fields.note(f"{fields.label} sets '{one.lever}' twice at the same place.", line=self.lines[id(one)])
                seen |= spots
        return done if len(done) == len(read) else ()

    def _until(self, fields: Fields, do: Sequence[object]) -> tuple[Condition | None, bool]:
        """The condition of ``until``; and whether there is rightly none."""
        if "until" not in fields:
            if any(isinstance(one, LeverAction) for one in do) or not do:
                fields.missing("until", "Say what ends it, or write 'until: never' if nothing does.")
                return None, False
            return None, True
        if isinstance(fields.raw("until"), str) and fields.raw("until").strip() == "never":
            return None, True
        return self._condition(fields, "until"), False

    def _threat(self, fields: Fields, do: Sequence[object]) -> Threat | None:
        if "threaten" not in fields:
            return None
        if isinstance(fields.raw("threaten"), str):
            cure = f"Write 'threaten: {{for: {fields.raw('threaten')}}}'."
            fields.note(f"'threaten' of {fields.label} must be a mapping of keys to values.", "threaten", cure=cure)
            return None
        inner = Fields(fields.raw("threaten"), self.problems, f"'threaten' of {fields.label}",
                       ("for", "public", "carry_out"), fields.line_at("threaten"))  # fmt: skip
        weeks = inner.weeks("for", needed=inner.ok)
        for one in do:
            if isinstance(one, LeverAction) and not levers()[one.lever].coercive:
                inner.note(
                    f"'{one.lever}' is no means of pressure, so it cannot be threatened.",
                    line=self.lines[id(one)],
                    cure="Put it in a rule of its own, without 'threaten'.",
                )
            elif isinstance(one, ProgrammeStep):
                inner.note(f"a programme step cannot be threatened ({fields.label}).", line=self.lines[id(one)])
        return Threat(weeks, inner.flag("public", True), inner.flag("carry_out", True)) if weeks else None

    def _limits(self, fields: Fields, limits: Mapping[str, int], do: Sequence[object]) -> None:
        most, least = limits["at_most"], limits["at_least"]
        if most == 0:
            fields.note(f"'at_most' of {fields.label} leaves no time.", "at_most")
        if 0 < most < least:
            fields.note(f"'at_least' of {fields.label} ({least} weeks) is longer than 'at_most' ({most}).", "at_least")
        for one in do:
            if isinstance(one, LeverAction) and one.over_weeks > most > 0:
                fields.note(f"'{one.lever}' is phased in over {one.over_weeks} weeks but kept at most {most}.",
                            line=self.lines[id(one)])  # fmt: skip

    def _lift(self, fields: Fields, when: Condition | None, until: Condition | None) -> Lift | None:
        if "lift" not in fields:
            return Lift()
        raw = fields.raw("lift")
        if isinstance(raw, Mapping):
            return self._lift_mapping(fields, raw, when, until)
        text = " ".join(str(raw).split())
        if text == "at once":
            return Lift()
        if text.startswith("over "):
            return self._lift_over(fields, text.removeprefix("over "))
        match = _LIFT.match(text)
        if not match:
            fields.note(f"'lift' of {fields.label} cannot be read: '{text}'.", "lift",
                        cure="Write 'at once', 'over 4 weeks' or 'in steps of 25 % per 5000 people'.")  # fmt: skip
            return None
        return self._steps(fields, match["step"], match["per"], match["of"], False, when, until)

    def _lift_mapping(self, fields: Fields, raw: Any, when: Condition | None, until: Condition | None
    ) -> Lift | None:  # fmt: skip
        known = ("over", "in_steps_of", "per", "of", "snap_back")
        inner = Fields(raw, self.problems, f"'lift' of {fields.label}", known, fields.line_at("lift"))
        if "over" in inner:
            for key in ("in_steps_of", "per", "of", "snap_back"):
                if key in inner:
                    inner.note(f"'{key}' cannot stand beside 'over' in {inner.label}.", key)
            return self._lift_over(fields, inner.raw("over"))
        for key in ("in_steps_of", "per"):
            if key not in inner:
                inner.missing(key)
                return None
        return self._steps(fields, inner.raw("in_steps_of"), inner.raw("per"), inner.text("of"),
                           inner.flag("snap_back", False), when, until)  # fmt: skip

    def _lift_over(self, fields: Fields, text: object) -> Lift | None:
        try:
            return Lift("over", weeks=read_weeks(text))
        except QuantityError as error:
            fields.note(f"lift of {fields.label}: {error}.", "lift", did_you_mean=error.did_you_mean)
            return None

    def _steps(
        self, fields: Fields, step: object, per: object, of: str | None, back: bool, when: Condition | None,
        until: Condition | None,
    ) -> Lift | None:  # fmt: skip
        if when is None:  # its fault is noted; what it watches is not known
            return Lift()
        names = [of] if of else list(indicators_of(until) or indicators_of(when))
        if of is not None and of not in self.indicators:
            fields.note(f"unknown indicator '{of}' in 'lift' of {fields.label}.", "lift",
                        did_you_mean=nearest(of, self.indicators))  # fmt: skip
            return None
        fault: QuantityError | None = None
        fits: list[tuple[str, float]] = []
        for name in names:
            try:
                fits.append((name, read_amount(per, self.indicators[name].unit)))
            except QuantityError as error:
                fault = error
        try:
            share = read_amount(step, "share")
        except QuantityError as error:
            fields.note(f"step of 'lift' of {fields.label}: {error}.", "lift", did_you_mean=error.did_you_mean)
            return None
        if not fits:
            cause = f"{fault}" if fault else "nothing is watched that a step could follow"
            fields.note(
                f"'lift' of {fields.label}: {cause}.",
                "lift",
                did_you_mean=fault.did_you_mean if fault else None,
                cure=None if fault else "Write 'at once' or 'over 4 weeks', or let 'until' read an indicator.",
            )
            return None
        if len(fits) > 1:
            fields.note(f"'lift' of {fields.label} could follow {' or '.join(name for name, _ in fits)}.", "lift",
                        cure="Add 'of' and the indicator.")  # fmt: skip
            return None
        name, amount = fits[0]
        if amount <= 0 or not 0 < share <= 1:
            fields.note(f"a step of 'lift' of {fields.label} must be more than nothing and at most 100 %.", "lift")
            return None
        sense = relief_sense(until, when, name)
        if sense is None:
            fields.note(f"'lift' of {fields.label} follows '{name}', which neither 'until' nor 'when' reads.", "lift")
            return None
        return Lift("steps", 0, share, amount, name, cast(Sense, sense), back)


def _a(word: str) -> str:
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"
