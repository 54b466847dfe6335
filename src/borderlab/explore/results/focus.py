"""Which measures a comparison puts first, their default thresholds with reasons, and the rules for reading it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Literal

from borderlab.base.problems import InputError, Problem, nearest
from borderlab.evidence.tables.indicator import Indicator, indicators
from borderlab.evidence.tables.parameter import Grade
from borderlab.evidence.tables.table import SourcedRow, table
from borderlab.language.number import NumberError, read_number, split_number, written

Basis = Literal["of-today", "absolute"]


class Focus(SourcedRow):
    """A measure that a comparison shows first.

    Attributes:
        id: the indicator. group: security, cooperation, people or cost.
        headline: shown in the first table. series: its course over time is kept. believe: searched for conditions.
        short: another word for it on the command line.
        threshold, basis: what counts as good enough: a multiple of the level at the start of the same future
            (of-today), or a value in the unit (absolute). None: no threshold.
        reason_en, reason_es: why that threshold.
    """

    id: str
    group: Literal["security", "cooperation", "people", "cost"]
    headline: bool = False
    series: bool | None = None
    believe: bool | None = None
    short: str
    threshold: float | None = None
    basis: Basis
    reason_en: str | None = None
    reason_es: str | None = None
    grade: Grade
    date: str


class Setting(SourcedRow):
    """A setting of a comparison: an id, a value with its unit, what it means, and where it comes from."""

    id: str
    value: float
    unit: str
    meaning_en: str
    meaning_es: str
    grade: Grade
    date: str


@cache
def focus() -> dict[str, Focus]:
    """The measures that come first, by id, in order."""
    return {row.id: row for row in table("explore/measures", Focus)}


@cache
def rules() -> dict[str, float]:
    """The settings by id."""
    return {row.id: row.value for row in table("explore/rules", Setting)}


def measures() -> dict[str, Indicator]:
    """Every measure of the model for which better and worse are defined, the headline ones first."""
    known = {
        id_: indicator
        for id_, indicator in indicators().items()
        if indicator.in_model and indicator.aggregation != "none" and indicator.direction != "context"
    }
    first = [id_ for id_ in focus() if id_ in known]
    return {id_: known[id_] for id_ in [*first, *(id_ for id_ in known if id_ not in first)]}


def measure_id(word: str) -> str:
    """The measure that a word of the command line means: an id or a short word.

    Raises:
        InputError: no such measure; names the nearest.
    """
    known = measures()
    short = {row.short: row.id for row in focus().values()}
    if word in known:
        return word
    if word in short:
        return short[word]
    raise InputError(
        Problem(
            f"there is no measure '{word}'.",
            did_you_mean=nearest(word, [*known, *short]),
            cure=f"Measures: {', '.join(sorted(short))} and every id of the first table of a report.",
        )
    )


def measure_ids(words: Iterable[str]) -> list[str]:
    """The measures of several words, each once.

    Raises:
        InputError: no words, or no such measure.
    """
    words = list(words)
    if not words:
        raise InputError(Problem("no measure is named.", cure="Name one or more after --on, split by commas."))
    return list(dict.fromkeys(measure_id(word) for word in words))


def read_pairs(texts: Sequence[str] | str | None, what: str) -> dict[str, float]:
    """Read ``"arrivals=2, cost-us=1"``, or several such texts, into measure ids and numbers.

    Numbers are read by the rules of :mod:`borderlab.language.number`; a comma parts measures, so decimals have a point.

    Raises:
        InputError: with every part that is not ``measure=number``, and every measure that is given two numbers.
    """
    texts = [texts] if isinstance(texts, str) else texts or ()
    found: dict[str, float] = {}
    problems: list[Problem] = []
    for part in (piece.strip() for text in texts for piece in text.split(",") if piece.strip()):
        try:
            id_, value = _pair(part, what)
        except InputError as error:
            problems += error.problems
            continue
        if found.setdefault(id_, value) != value:
            both = f"{written(found[id_])} and {written(value)}"
            problems.append(Problem(f"{what}: {id_} is given twice, as {both}.", cure="Give it once."))
    if problems:
        raise InputError(problems)
    return found


def _pair(part: str, what: str) -> tuple[str, float]:
    name, mark, text = (piece.strip() for piece in part.partition("="))
    if not mark:
        digits = part.replace(".", "").isdecimal()
        cure = "A comma parts measures: write decimals with a point and thousands without a mark." if digits else None
        raise InputError(Problem(f"{what}: '{part}' is not measure=number.", cure=cure))
    id_ = measure_id(name)
    if text.lstrip("+-").casefold() in ("nan", "inf", "infinity"):
        raise InputError(Problem(f"{what}: {id_} is {text}.", cure="Give a finite number."))
    number = split_number(text)
    if number is None or number[1]:
        raise InputError(Problem(f"{what}: '{part}' is not measure=number."))
    try:
        value = read_number(number[0])
    except NumberError as error:
        cure = f"Write {' or '.join(error.readings)}." if error.readings else None
        raise InputError(Problem(f"{what}: the number of '{part}' {error}.", cure=cure)) from None
    if what == "--weights" and value <= 0:
        raise InputError(Problem(f"--weights: {id_} has weight {value:g}.", cure="A weight must be above 0."))
    return id_, value


def threshold_values(given: Mapping[str, float] | None = None) -> dict[str, tuple[float, Basis]]:
    """Threshold and basis of each measure that has one; ``given`` ones are absolute and replace the defaults."""
    found: dict[str, tuple[float, Basis]] = {
        row.id: (row.threshold, row.basis) for row in focus().values() if row.threshold is not None
    }
    for id_, value in (given or {}).items():
        found[id_] = (value, "absolute")
    return found
