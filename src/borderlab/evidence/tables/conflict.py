"""Where sources differ: every value, with what it counts."""

from __future__ import annotations

from functools import cache
from typing import Literal

from pydantic import model_validator

from borderlab.evidence.tables.table import SourcedRow, table


class Value(SourcedRow):
    """One of several values that sources give for what looks like the same thing.

    Attributes:
        id: the topic's id, a dot, a number.
        topic: short name of what they differ on.
        topic_en, topic_es: the same as a heading.
        value, low, high: the figure, or a bound or range.
        unit, period: of the figure.
        counts_en, counts_es: what this value counts.
        used: whether the product uses it.
        note_en, note_es: a judgement on the difference.
        date: of the value.
    """

    id: str
    topic: str
    topic_en: str
    topic_es: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    unit: str
    period: str
    counts_en: str
    counts_es: str
    used: Literal["yes", "no"]
    note_en: str | None = None
    note_es: str | None = None
    date: str

    @model_validator(mode="after")
    def _whole(self) -> Value:
        if self.value is None and self.low is None and self.high is None:
            raise ValueError("no figure")
        return self


@cache
def conflicts() -> dict[str, tuple[Value, ...]]:
    """The values of every topic on which sources differ."""
    found: dict[str, list[Value]] = {}
    for value in table("conflicts", Value):
        found.setdefault(value.topic, []).append(value)
    return {topic: tuple(values) for topic, values in found.items()}
