"""Strict reading of a mapping from YAML: every unknown key, wrong kind and missing value becomes a noted problem."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, TypeVar

from borderlab.base.problems import ProblemList, nearest
from borderlab.base.yamlfile import line_of
from borderlab.language.amounts import read_amount, read_weeks
from borderlab.language.units import QuantityError
from borderlab.strategy.tree.tree import MOST_TIMES

T = TypeVar("T")
# What people write for a key, with the keys that it may stand for.
MEANT = {"date": ("after", "on"), "since": ("after",), "on": ("after",), "exceeds": ("above",),
         "more_than": ("above",), "under": ("below",), "less_than": ("below",), "and": ("all",), "or": ("any",),
         "value": ("to",), "for": ("at_most",), "cooldown": ("then_rest",), "rest": ("then_rest",)}  # fmt: skip
_COUNT = re.compile(r"\s*[0-9]{1,18}\s*(times)?\s*")
MOST_ITEMS = 1000
"""No list in a strategy is longer: the border has some fifty crossings, the table of levers some sixty rows."""
_YES = {"yes": True, "true": True, "no": False, "false": False}


def kind_of(value: object) -> str:
    """What a YAML value is, in plain words."""
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "a mapping"
    if isinstance(value, str):
        return f"the text '{value}'" if len(value) <= 40 else "a text"
    if isinstance(value, Sequence):
        return "a list"
    return f"'{value}'"


class Fields:
    """One mapping of the file. Each getter notes a problem with its line and gives None (or a default) if it fails.

    Args:
        node: the mapping as ruamel read it.
        problems: where faults are noted.
        label: what the mapping is, as messages say it: ``rule 'squeeze'``.
        known: every key it may have.
        aliases: keys that people write instead, with the right one.
    """

    def __init__(
        self, node: Any, problems: ProblemList, label: str, known: Iterable[str], line: int | None = None
    ) -> None:
        self.problems, self.label = problems, label
        self.known = tuple(known)
        self.line = line_of(node) if isinstance(node, Mapping) else line
        self.line = self.line or line
        self.ok = isinstance(node, Mapping)
        self.node: Mapping[Any, Any] = node if self.ok else {}
        if not self.ok:
            self.note(f"{label} must be a mapping of keys to values, not {kind_of(node)}.", line=line)
        for key in self.node:
            if key not in self.known:
                self.unknown(key)

    def unknown(self, key: object) -> None:
        """Note a key that this mapping does not have."""
        near = nearest(str(key), self.known)
        meant = next((right for right in MEANT.get(str(key), ()) if right in self.known), None)
        near = meant or near
        cure = None if near else f"It may have: {', '.join(self.known)}."
        if self.node[key] is None and near is None:  # {place: one, two} reads as the text 'one' and the key 'two'
            cure = "If it belongs to the text before it, put that text in quotes: a comma ends it."
        if key == "for" and {"to", "over"} <= set(self.known):
            near, cure = None, "How long a measure stays is 'at_most' of its rule; how fast it comes is 'over'."
        self.note(f"unknown key '{key}' in {self.label}.", key, cure=cure, did_you_mean=near)

    def note(
        self,
        cause: str,
        key: object = None,
        *,
        cure: str | None = None,
        did_you_mean: str | None = None,
        line: int | None = None,
    ) -> None:
        """Note a problem at a key of this mapping, or at the mapping itself."""
        self.problems.add(cause, line=line or self.line_at(key), cure=cure, did_you_mean=did_you_mean)

    def line_at(self, key: object = None) -> int | None:
        """The line of a key, or of the mapping."""
        return line_of(self.node, key) if key is not None and key in self.node else self.line

    def __contains__(self, key: str) -> bool:
        return key in self.node

    def raw(self, key: str) -> Any:
        """The value as it stands."""
        return self.node.get(key)

    def missing(self, key: str, cure: str | None = None) -> None:
        """Note that a key is not there."""
        self.note(f"{self.label} has no '{key}'.", cure=cure)

    def text(self, key: str, *, needed: bool = False, cure: str | None = None) -> str | None:
        """A text that is not empty."""
        if key not in self.node:
            if needed:
                self.missing(key, cure)
            return None
        value = self.node[key]
        if isinstance(value, str) and not value.strip():
            self.note(f"'{key}' of {self.label} is empty.", key)
            return None
        if not isinstance(value, str):
            self.note(f"'{key}' of {self.label} must be a text, not {kind_of(value)}.", key)
            return None
        return str(value).strip()

    def word(self, key: str, choices: Iterable[str], *, needed: bool = False) -> str | None:
        """One of the words given."""
        value = self.text(key, needed=needed)
        choices = tuple(choices)
        if value is None or value in choices:
            return value
        near = nearest(value, choices)
        cure = None if near else f"It is one of: {', '.join(choices)}."
        self.note(f"'{value}' is no {key} of {self.label}.", key, did_you_mean=near, cure=cure)
        return None

    def flag(self, key: str, default: bool) -> bool:
        """``yes`` or ``no``."""
        if key not in self.node:
            return default
        value = self.node[key]
        if isinstance(value, bool):
            return value
        if isinstance(value, str) and value.strip().lower() in _YES:
            return _YES[value.strip().lower()]
        self.note(f"'{key}' of {self.label} must be yes or no, not {kind_of(value)}.", key)
        return default

    def day(self, key: str) -> date | None:
        """A date like 2027-01-20."""
        if key not in self.node:
            return None
        value = self.node[key]
        if isinstance(value, date) and not isinstance(value, datetime):
            return date(value.year, value.month, value.day)
        self.note(
            f"'{key}' of {self.label} must be a date, not {kind_of(value)}.", key, cure="Write it like 2027-01-20."
        )
        return None

    def weeks(self, key: str, default: int = 0, *, needed: bool = False) -> int:
        """A duration in whole weeks."""
        if key not in self.node:
            if needed:
                self.missing(key, "Write a duration like '4 weeks'.")
            return default
        return self._quantity(key, lambda value: read_weeks(value), default)

    def amount(self, key: str, unit: str) -> float | None:
        """An amount in ``unit``."""
        return self._quantity(key, lambda value: read_amount(value, unit), None)

    def _quantity(self, key: str, read: Callable[[Any], T], default: T) -> T:
        value = self.node[key]
        if isinstance(value, Mapping) or (isinstance(value, Sequence) and not isinstance(value, str)):
            self.note(f"'{key}' of {self.label} must be a quantity, not {kind_of(value)}.", key)
            return default
        try:
            return read(value)
        except QuantityError as error:
            near = error.did_you_mean
            self.note(f"'{key}' of {self.label}: {error}.", key, did_you_mean=near)
            return default

    def count(self, key: str) -> int | None:
        """A whole number of one or more."""
        if key not in self.node:
            return None
        value = self.node[key]
        if isinstance(value, str) and _COUNT.fullmatch(value):
            value = int(value.strip().removesuffix("times"))
        if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
            if value <= MOST_TIMES:
                return int(value)
            self.note(f"'{key}' of {self.label} is more than {MOST_TIMES:,}.", key, cure="Leave it out for no limit.")
            return None
        self.note(f"'{key}' of {self.label} must be a whole number of one or more, not {kind_of(value)}.", key)
        return None

    def items(self, key: str, what: str) -> list[tuple[Any, int | None]]:
        """The items of a list, each with its line; one item alone stands for a list of one."""
        if key not in self.node:
            return []
        value = self.node[key]
        if isinstance(value, (Mapping, str)):
            return [(value, self.line_at(key))]
        if not isinstance(value, Sequence):
            self.note(f"'{key}' of {self.label} must be a list of {what}, not {kind_of(value)}.", key)
            return []
        if not value:
            self.note(f"'{key}' of {self.label} is empty.", key, cure=f"It is a list of {what}.")
            return []
        if len(value) > MOST_ITEMS:
            self.note(f"'{key}' of {self.label} has {len(value):,} items; at most {MOST_ITEMS:,} are read.", key)
            return []
        return [(item, line_of(value, number)) for number, item in enumerate(value)]

    def both_languages(self, key: str, *, needed: bool = False) -> dict[str, str] | None:
        """A text in English and Spanish: ``{en: …, es: …}``."""
        if key not in self.node:
            if needed:
                self.missing(key, f"Write '{key}: {{en: …, es: …}}'.")
            return None
        value = self.node[key]
        if not isinstance(value, Mapping):
            self.note(
                f"'{key}' of {self.label} must be in English and Spanish, not {kind_of(value)}.",
                key,
                cure=f"Write '{key}: {{en: …, es: …}}'.",
            )
            return None
        inner = Fields(value, self.problems, f"'{key}' of {self.label}", ("en", "es"), self.line_at(key))
        texts = {lang: inner.text(lang, needed=True) for lang in ("en", "es")}
        return {lang: text for lang, text in texts.items() if text} if all(texts.values()) else None
