"""Reading of conditions (``when``, ``until``) into the tree, with every fault noted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from borderlab.base.problems import ProblemList, nearest
from borderlab.base.yamlfile import line_of
from borderlab.language.amounts import in_percent
from borderlab.strategy.file.mapping import Fields, kind_of
from borderlab.strategy.tree.tree import (
    AllOf,
    AnyOf,
    Change,
    Condition,
    InPeriod,
    LeaderChange,
    Not,
    RuleState,
    Threshold,
    leaves,
)
from borderlab.strategy.tree.vocabulary import Readable

_KEYS = ("indicator", "above", "below", "rises", "falls", "over", "after", "before", "leader_change", "within",
         "rule", "state", "all", "any", "not", "for")  # fmt: skip
_HEADS = ("indicator", "leader_change", "rule", "all", "any", "not", "after", "before")
_OWN = {
    "indicator": ("above", "below", "rises", "falls", "over"),
    "leader_change": ("within",),
    "rule": ("state",),
    "after": ("before",),
    "before": ("after",),
    "all": (),
    "any": (),
    "not": (),
}
_DEEPEST = 20
_MOST = 500  # YAML aliases could otherwise unfold into millions


@dataclass
class ConditionReader:
    """Reads the conditions of one file. ``rules_named`` gathers the other rules they look at, with their lines."""

    problems: ProblemList
    indicators: Mapping[str, Readable]
    rules_named: list[tuple[str, str, int | None]]
    count: int = 0

    def read(self, node: Any, label: str, line: int | None, depth: int = 0) -> Condition | None:
        """One condition, or None if it is faulty."""
        self.count += 1
        if self.count > _MOST:
            if self.count == _MOST + 1:
                self.problems.add(f"the file has more than {_MOST} conditions.", line=line)
            return None
        if depth > _DEEPEST:
            self.problems.add(f"{label} is nested more than {_DEEPEST} deep.", line=line)
            return None
        if isinstance(node, Sequence) and not isinstance(node, str):
            self.problems.add(f"{label} is a list.", line=line, cure="Write 'all: [...]' or 'any: [...]'.")
            return None
        if not isinstance(node, Mapping):
            self.problems.add(
                f"{label} must be a condition, not {kind_of(node)}.",
                line=line,
                cure="Write for example '{indicator: encounters, above: 50000 people/month, for: 4 weeks}'.",
            )
            return None
        fields = Fields(node, self.problems, label, _KEYS, line)
        head = self._head(fields)
        if head is None:
            return None
        found = self._of_kind(fields, head, depth)
        held = fields.weeks("for")
        return replace(found, held_weeks=held) if found is not None and held else found

    def _head(self, fields: Fields) -> str | None:
        heads = [key for key in _HEADS if key in fields]
        if not heads:
            if not fields.node:
                fields.note(f"{fields.label} is empty.", cure=f"Begin it with one of: {', '.join(_HEADS)}.")
            elif any(key in fields for key in _KEYS):  # else each unknown key has been noted
                key = next(key for key in _KEYS if key in fields)
                cure = "Name the indicator." if key in _OWN["indicator"] else "Say what is watched."
                fields.note(f"{fields.label} has '{key}' but says not of what.", key, cure=cure)
            return None
        head = heads[0]
        for key in fields.node:
            if key in _KEYS and key not in (head, "for", *_OWN[head]):
                joined = "Use 'all' or 'any' to join two conditions." if key in _HEADS else None
                fields.note(f"'{key}' cannot stand beside '{head}' in {fields.label}.", key, cure=joined)
                return None
        return head

    def _of_kind(self, fields: Fields, head: str, depth: int) -> Condition | None:
        if head == "indicator":
            return self._indicator(fields)
        if head in ("after", "before"):
            return self._period(fields)
        if head == "leader_change":
            country = fields.word("leader_change", ("us", "mx", "either"), needed=True)
            weeks = fields.weeks("within", 1)
            return LeaderChange(cast(Any, country), weeks) if country else None
        if head == "rule":
            return self._rule(fields)
        if head == "not":
            part = self.read(fields.raw("not"), f"'not' of {fields.label}", fields.line_at("not"), depth + 1)
            return Not(part) if part else None
        return self._joined(fields, head, depth)

    def _joined(self, fields: Fields, head: str, depth: int) -> Condition | None:
        node = fields.raw(head)
        if not isinstance(node, Sequence) or isinstance(node, str):
            fields.note(f"'{head}' of {fields.label} must be a list of conditions, not {kind_of(node)}.", head)
            return None
        if not node:
            fields.note(f"'{head}' of {fields.label} is empty.", head, cure="It is a list of conditions.")
            return None
        label = f"'{head}' of {fields.label}"
        parts = [self.read(part, label, line_of(node, number), depth + 1) for number, part in enumerate(node)]
        if any(part is None for part in parts):
            return None
        kept = tuple(part for part in parts if part is not None)
        return AllOf(kept) if head == "all" else AnyOf(kept)

    def _rule(self, fields: Fields) -> Condition | None:
        name = fields.text("rule", needed=True)
        state = fields.word("state", ("threatened", "in force", "ended"), needed=True)
        if name is None:
            return None
        self.rules_named.append((name, fields.label, fields.line_at("rule")))
        return RuleState(name, cast(Any, state)) if state else None

    def _period(self, fields: Fields) -> Condition | None:
        after, before = fields.day("after"), fields.day("before")
        if after and before and after >= before:
            fields.note(f"{fields.label} can never hold: it is after {after} and before {before}.", "before")
            return None
        return InPeriod(after, before) if after or before else None

    def indicator(self, fields: Fields, key: str) -> Readable | None:
        """The indicator that ``key`` names, if rules may read it."""
        name = fields.text(key, needed=True)
        if name is None:
            return None
        found = self.indicators.get(name)
        readable = [row.id for row in self.indicators.values() if row.observable]
        if found is None:
            cure = "'borderlab indicators' lists them."
            fields.note(
                f"unknown indicator '{name}' in {fields.label}.", key, did_you_mean=nearest(name, readable), cure=cure
            )
        elif not found.observable:
            fields.note(
                f"'{name}' is never observed, so no rule can read it.",
                key,
                did_you_mean=next((one for one in readable if one.startswith(name)), nearest(name, readable)),
                cure="Rules read indicators, never hidden state; 'borderlab indicators' shows which are observed.",
            )
            return None
        return found

    def _indicator(self, fields: Fields) -> Condition | None:
        found = self.indicator(fields, "indicator")
        senses = [key for key in ("rises", "falls") if key in fields]
        levels = [key for key in ("above", "below") if key in fields]
        if senses and levels:
            fields.note(f"'{senses[0]}' cannot stand beside '{levels[0]}' in {fields.label}.", senses[0],
                        cure="Use 'all' or 'any' to join two conditions.")  # fmt: skip
            return None
        if not senses and not levels:
            cure = None
            if "over" in fields and isinstance(fields.raw("over"), str):
                cure = f"Write 'above: {fields.raw('over')}', or add by how much it rises or falls in that time."
            fields.note(f"{fields.label} has no 'above', 'below', 'rises' or 'falls'.", "indicator", cure=cure)
            return None
        if found is None:
            return None
        return self._change(fields, found, senses) if senses else self._threshold(fields, found)

    def _threshold(self, fields: Fields, indicator: Readable) -> Condition | None:
        if "over" in fields:
            fields.note(f"'over' belongs to 'rises' or 'falls' in {fields.label}.", "over",
                        cure="A time that a level must hold is written 'for: 4 weeks'.")  # fmt: skip
            return None
        values: dict[str, float | None] = {"above": None, "below": None}
        for key in values:
            if key in fields:
                values[key] = fields.amount(key, indicator.unit)
                if not self._possible(fields, key, values[key], indicator):
                    return None
        above, below = values["above"], values["below"]
        if above is not None and below is not None and above >= below:
            fields.note(f"{fields.label} can never hold: it is above {above:,g} and below {below:,g}.", "below")
            return None
        return Threshold(indicator.id, above, below)

    def _possible(self, fields: Fields, key: str, value: float | None, indicator: Readable) -> bool:
        if value is None:
            return False
        if value < 0:
            fields.note(f"'{indicator.id}' cannot be below zero.", key)
            return False
        if indicator.unit == "share" and value > 1:
            fields.note(f"'{indicator.id}' is a share and cannot be above 100 %.", key)
            return False
        if (value == 0 and key == "below") or (indicator.unit == "share" and value == 1 and key == "above"):
            fields.note(f"{fields.label} can never hold: '{indicator.id}' cannot be {key} {value * 100:g} %."
                        if indicator.unit == "share" else
                        f"{fields.label} can never hold: '{indicator.id}' cannot be below zero.", key)  # fmt: skip
            return False
        return True

    def _change(self, fields: Fields, indicator: Readable, senses: list[str]) -> Condition | None:
        if len(senses) == 2:
            fields.note(f"{fields.label} both rises and falls.", "falls", cure="Use 'any' to join two conditions.")
            return None
        sense = senses[0]
        weeks = fields.weeks("over", needed=True)
        relative = in_percent(fields.raw(sense))
        amount = fields.amount(sense, "share" if relative else indicator.unit)
        if amount is None or not weeks:
            return None
        if amount <= 0:
            other = "falls" if sense == "rises" else "rises"
            fields.note(
                f"'{sense}' of {fields.label} must be more than zero.",
                sense,
                cure=f"For the other direction write '{other}'.",
            )
            return None
        if relative and sense == "falls" and amount > 1:
            fields.note(f"{fields.label} can never hold: nothing falls by more than 100 %.", sense)
            return None
        return Change(indicator.id, cast(Any, sense), amount, relative, weeks)


def relief_sense(until: Condition | None, when: Condition, indicator: str) -> str | None:
    """The direction in which ``indicator`` brings relief: that of ``until``, else against that of ``when``."""
    for condition, turn in ((until, False), (when, True)):
        for leaf in leaves(condition):
            up: bool | None = None
            if isinstance(leaf, Threshold) and leaf.indicator == indicator:
                up = leaf.above is not None
            elif isinstance(leaf, Change) and leaf.indicator == indicator:
                up = leaf.sense == "rises"
            if up is not None:
                return "rises" if up != turn else "falls"
    return None


def wrong_turn(when: Condition, until: Condition) -> str | None:
    """Why ``until`` cannot end what ``when`` begins: it looks the same way, or holds at the same time.

    Only thresholds that must all hold are compared; alternatives may look both ways for good reasons.
    """

    def plain(condition: Condition) -> list[Threshold]:
        parts = condition.parts if isinstance(condition, AllOf) else (condition,)
        return [part for part in parts if isinstance(part, Threshold) and (part.above is None) != (part.below is None)]

    for first in plain(when):
        for second in plain(until):
            if first.indicator != second.indicator:
                continue
            if (first.above is None) == (second.above is None):
                side = "below" if first.above is None else "above"
                return (
                    f"'until' looks in the same direction as 'when': both wait for '{first.indicator}' {side} a value"
                )
            low, high = (second.above, first.below) if first.above is None else (first.above, second.below)
            if low is not None and high is not None and low < high:
                return (
                    f"'when' and 'until' hold at the same time for '{first.indicator}' between {low:,g} and {high:,g}"
                )
    return None
