"""The register of parameters: what nobody knows exactly, with range, grade and source."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, wraps
from typing import Literal, ParamSpec, TypeVar

from pydantic import field_validator, model_validator

from borderlab.evidence.tables.table import SourcedRow, by_id, table

Grade = Literal["measured", "estimated", "judged"]


class Parameter(SourcedRow):
    """One number of the model that a source, a fit or a judgement gives.

    Attributes:
        id: name in code, files and results, like ``kc`` or ``crossings.value_of_time_truck``.
        symbol: as equations print it.
        meaning_en, meaning_es: one plain sentence fragment.
        unit: of value, low and high.
        default: the value of the reference case.
        distribution: how futures are drawn; ``fixed`` is not drawn, ``choice`` is a structural switch.
        low, high: bounds of the draw (for ``normal`` the 5th and 95th percentile).
        choices: for ``choice``, the options with weights, like ``on:0.5;off:0.5``.
        grade: measured, estimated or judged.
        date: when the figure was set or holds.
        note: basis in a few words.
    """

    id: str
    symbol: str | None = None
    meaning_en: str
    meaning_es: str
    unit: str
    default: float | str
    distribution: Literal["fixed", "uniform", "loguniform", "triangular", "normal", "choice"]
    low: float | None = None
    high: float | None = None
    choices: str | None = None
    grade: Grade
    date: str
    note: str | None = None

    @field_validator("default", mode="before")
    @classmethod
    def _number_if_it_reads_as_one(cls, value: object) -> object:
        try:
            return float(value)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            return value

    @model_validator(mode="after")
    def _whole(self) -> Parameter:
        if self.distribution == "choice":
            if not self.choices:
                raise ValueError("a choice needs its options")
        elif self.distribution != "fixed":
            if self.low is None or self.high is None or not self.low < self.high:
                raise ValueError("a drawn parameter needs low < high")
            if not isinstance(self.default, float) or not self.low <= self.default <= self.high:
                raise ValueError("the default lies outside low … high")
        return self

    def options(self) -> dict[str, float]:
        """The options of a ``choice`` with their weights, which sum to 1."""
        pairs = [part.split(":") for part in (self.choices or "").split(";") if part]
        total = sum(float(weight) for _, weight in pairs)
        return {name.strip(): float(weight) / total for name, weight in pairs}


_NOTHING: Mapping[str, Parameter] = {}
_changed: ContextVar[Mapping[str, Parameter]] = ContextVar("changed parameters", default=_NOTHING)


@cache
def _registered() -> dict[str, Parameter]:
    return by_id(table("parameters", Parameter), "parameter")


def parameters() -> dict[str, Parameter]:
    """Every parameter by id, from the tables in ``reference/parameters/``, with what :func:`changed` has set.

    Raises:
        ValueError: an id stands twice.
    """
    own = _changed.get()
    return {**_registered(), **own} if own else _registered()


@contextmanager
def changed(values: Mapping[str, float]) -> Iterator[None]:
    """Other values of parameters while the context lasts, for this thread alone.

    What futures draw is not touched: their values are set in the futures.

    Raises:
        KeyError: no parameter has such an id.
    """
    rows = {id_: _registered()[id_].model_copy(update={"default": float(value)}) for id_, value in values.items()}
    token = _changed.set({**_changed.get(), **rows})
    try:
        yield
    finally:
        _changed.reset(token)


P = ParamSpec("P")
T = TypeVar("T")


def remembered(function: Callable[P, T]) -> Callable[P, T]:
    """A cache of a function that reads parameters: what was worked out with other values is not given again."""
    kept = cache(lambda _set, *args, **kwargs: function(*args, **kwargs))

    @wraps(function)
    def call(*args: P.args, **kwargs: P.kwargs) -> T:
        own = tuple(sorted((id_, row.default) for id_, row in _changed.get().items()))
        found: T = kept(own, *args, **kwargs)  # type: ignore[arg-type]
        return found

    return call


MODEL_TABLES = ("model", "structure", "levers", "surfaces")
"""Tables below ``reference/parameters/`` that the model reads."""


@cache
def model_parameters() -> dict[str, Parameter]:
    """Every parameter of the model by id, in table order, fixed ones too."""
    return {row.id: row for name in MODEL_TABLES for row in table(f"parameters/{name}", Parameter)}
