"""What is wrong with an input, said once and in full."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Problem:
    """One fault of one input: where it is, what is wrong, how to mend it.

    ``line`` counts from 1; ``did_you_mean`` is the nearest right word where there is one.
    """

    cause: str
    file: str | None = None
    line: int | None = None
    cure: str | None = None
    did_you_mean: str | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line) if part is not None)
        text = f"{place}: {self.cause}" if place else self.cause
        if self.did_you_mean:
            text += f" Did you mean '{self.did_you_mean}'?"
        if self.cure:
            text += f" {self.cure}"
        return text


class InputError(Exception):
    """An input that cannot be used. Carries every problem found, never just the first.

    The command line prints the problems and leaves with exit status 2; no traceback.
    """

    def __init__(self, problems: Problem | str | Iterable[Problem]) -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        self.problems: tuple[Problem, ...] = (problems,) if isinstance(problems, Problem) else tuple(problems)
        if not self.problems:
            raise ValueError("an InputError needs at least one problem")
        super().__init__("\n".join(str(problem) for problem in self.problems))


class ProblemList:
    """Gathers problems of one file, so that a user sees all of them at once."""

    def __init__(self, file: str | Path | None = None) -> None:
        self.file = None if file is None else str(file)
        self.problems: list[Problem] = []

    def add(
        self, cause: str, *, line: int | None = None, cure: str | None = None, did_you_mean: str | None = None
    ) -> None:
        """Note one problem of this file."""
        self.problems.append(Problem(cause, self.file, line, cure, did_you_mean))

    def raise_if_any(self) -> None:
        """Raise an :class:`InputError` with all problems, sorted by line, if there are any."""
        if self.problems:
            raise InputError(sorted(self.problems, key=lambda problem: problem.line or 0))


_LONGEST_WORD = 200


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like ``word``, or None if nothing is near.

    >>> nearest("world-trad", ["world-trade", "colombia"])
    'world-trade'
    >>> nearest("zzz", ["world-trade"]) is None
    True
    """
    if len(word) > _LONGEST_WORD:
        return None
    known = list(known)
    found = difflib.get_close_matches(word, known, n=1, cutoff=0.6)
    if not found:
        folded = {candidate.casefold(): candidate for candidate in known}
        found = [folded[hit] for hit in difflib.get_close_matches(word.casefold(), folded, n=1, cutoff=0.6)]
    return found[0] if found else None
