"""Strategies as a user has them: the shipped ones by id, own ones from files and texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from borderlab.api.html import card
from borderlab.base.problems import InputError, Problem, nearest
from borderlab.strategy.file.library import shipped
from borderlab.strategy.file.parse import check_file, load_strategy, parse_strategy
from borderlab.strategy.tree import tree
from borderlab.strategy.tree.plain_words import plain_words

if TYPE_CHECKING:
    import pandas as pd

BASELINE = "status-quo"


@dataclass(frozen=True, slots=True)
class CheckedStrategy(tree.Strategy):
    """A checked strategy: levers plus rules."""

    @classmethod
    def of(cls, checked: tree.Strategy) -> CheckedStrategy:
        """The same strategy, as this interface shows it."""
        if isinstance(checked, cls):
            return checked
        return cls(**{one.name: getattr(checked, one.name) for one in fields(tree.Strategy)})

    @classmethod
    def from_file(cls, path: str | Path) -> CheckedStrategy:
        """The strategy in a file.

        Raises:
            InputError: with every fault of the file, each with its line and its cure.
        """
        return cls.of(load_strategy(Path(path)))

    @classmethod
    def from_text(cls, text: str, file: str = "<text>") -> CheckedStrategy:
        """The strategy in a text; ``file`` stands for it in messages.

        Raises:
            InputError: with every fault of the text.
        """
        return cls.of(parse_strategy(text, file))

    def words(self, lang: str = "en") -> list[str]:
        """The strategy in plain words, a line each."""
        return plain_words(self, lang)

    def to_json(self, lang: str = "en") -> dict[str, Any]:
        """What ``borderlab strategies show --json`` prints."""
        return {
            "id": self.id,
            "hash": self.hash,
            "text": self.text,
            "words": self.words(lang),
            "tree": self.as_dict(),
        }

    def brief(self) -> dict[str, Any]:
        """Its entry in ``borderlab strategies list --json``."""
        return {
            "id": self.id,
            "title": dict(self.title),
            "gist": dict(self.gist),
            "position_of": [place.source for place in self.position_of],
            "rules": [rule.id for rule in self.rules],
            "settings": len(self.constants),
            "hash": self.hash,
        }

    def _repr_html_(self) -> str:
        facts = {"id": self.id, "hash": self.hash, "rules": len(self.rules), "levers set": len(self.constants)}
        return card(self.title.get("en") or self.id, facts)


class Strategies(Mapping[str, CheckedStrategy]):
    """The strategies that ship, by id; the status quo comes first."""

    def __getitem__(self, id_: str) -> CheckedStrategy:
        if id_ not in shipped():
            near = nearest(str(id_), shipped())
            cure = f"The shipped ones are: {', '.join(shipped())}."
            raise _NoStrategy(Problem(f"there is no shipped strategy '{id_}'.", did_you_mean=near, cure=cure))
        return CheckedStrategy.of(load_strategy(id_))

    def __iter__(self) -> Iterator[str]:
        return iter(shipped())

    def __len__(self) -> int:
        return len(shipped())

    def __repr__(self) -> str:
        return f"<strategies: {', '.join(shipped())}>"

    @property
    def frame(self) -> pd.DataFrame:
        """A row for each: title, gist, essays, number of rules."""
        from borderlab.api.frames import rows

        return rows(
            [
                {
                    "id": one.id,
                    "title": one.title["en"],
                    "gist": one.gist["en"],
                    "position_of": "; ".join(dict.fromkeys(place.source for place in one.position_of)),
                    "rules": len(one.rules),
                    "hash": one.hash,
                }
                for one in self.values()
            ],
            "id",
        )

    def _repr_html_(self) -> str:
        return card("Strategies", {"shipped": len(self)}, self.frame)


class _NoStrategy(InputError, KeyError):
    """A mapping is expected to raise KeyError (``in``, ``get``); a reader expects the cure."""

    __str__ = InputError.__str__


def strategy_of(given: str | Path | tree.Strategy) -> CheckedStrategy:
    """A strategy by shipped id, by file, or as it is.

    Raises:
        InputError: neither, or a file with faults (all of them).
    """
    return CheckedStrategy.of(given if isinstance(given, tree.Strategy) else load_strategy(given))


def strategies_of(given: Sequence[str | Path | tree.Strategy], *, all_of_them: bool = True) -> list[CheckedStrategy]:
    """Several strategies, each once, the status quo first; it is added where it is not named.

    Raises:
        InputError: with the faults of every one of them; two of one id.
    """
    several = list(given)
    if not several and all_of_them:
        several = [*shipped()]
    found: list[CheckedStrategy] = []
    problems: list[Problem] = []
    for one in several:
        try:
            made = strategy_of(one)
        except InputError as error:
            problems += error.problems
            continue
        if made not in found:
            found.append(made)
    if not any(one.id == BASELINE for one in found):
        found.append(strategy_of(BASELINE))
    found.sort(key=lambda one: one.id != BASELINE)
    ids = [one.id for one in found]
    for one in found:
        if ids.count(one.id) > 1:
            cause = f"the id '{one.id}' is used by two strategies."
            problems.append(Problem(cause, one.file or None, cure="Give each its own id."))
    if problems:
        raise InputError(problems)
    return found


def strategies_json() -> dict[str, Any]:
    """What ``borderlab strategies list --json`` prints."""
    return {"strategies": [one.brief() for one in strategies.values()]}


def problems_of(file: str | Path) -> tuple[Problem, ...]:
    """Every fault of a strategy file; none if it can be used."""
    return check_file(file)


def check_json(problems: Sequence[Problem]) -> dict[str, Any]:
    """What ``borderlab strategies check --json`` prints."""
    errors = [
        {
            "line": one.line,
            "message": " ".join(part for part in (one.cause, one.cure) if part),
            "did_you_mean": one.did_you_mean,
            "file": one.file,
        }
        for one in problems
    ]
    return {"ok": not problems, "errors": errors}


strategies = Strategies()

Strategy = CheckedStrategy
"""As users call it."""
