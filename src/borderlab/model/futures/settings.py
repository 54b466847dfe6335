"""The parameters of a set of futures as modules ask for them: fixed ones filled in, structural switches applied."""

from __future__ import annotations

from functools import cache
from typing import Literal

import numpy as np

from borderlab.evidence.tables.lever import levers
from borderlab.evidence.tables.table import SourcedRow, table
from borderlab.model.core.rates import Array, Number
from borderlab.model.futures.futures import Futures, model_parameters


class Variant(SourcedRow):
    """What an option of a structural switch does to one parameter.

    Attributes:
        switch, option: of the register.
        parameter: that is changed in futures that have the option.
        how: ``set`` to ``by``, ``times`` or ``over`` it, or at ``most`` it.
        by: a number, or the id of a parameter.
    """

    switch: str
    option: str
    parameter: str
    how: Literal["set", "times", "over", "most"]
    by: str
    date: str


@cache
def variants() -> tuple[Variant, ...]:
    """The rows of ``reference/model/variants.csv``, in the order in which they are applied."""
    return table("model/variants", Variant)


class Settings:
    """Parameters by reference: a float if the same in all futures, else float64 [n]. Switches are already applied.

    A reference is an id of the register (``kc``); ``id@low`` or ``id@high``, a bound of what is drawn; ``lever@today``,
    a lever's value today; or ``switch:option``, 1 where a future has the option.

    Attributes:
        futures: where they come from.
        n: how many futures.
    """

    def __init__(self, futures: Futures) -> None:
        self.futures = futures
        self.n = futures.n
        self._values: dict[str, Number] = {
            id_: float(parameter.default)
            for id_, parameter in model_parameters().items()
            if parameter.distribution == "fixed"
        }
        self._values.update(futures.values)
        for variant in variants():
            self._apply(variant)

    def __getitem__(self, reference: str) -> Number:
        if "@" in reference:
            id_, bound = reference.split("@")
            if bound == "today":
                return levers()[id_].default
            row = model_parameters()[id_]
            return float((row.low if bound == "low" else row.high) or 0.0)
        if ":" in reference:
            return self.futures.chosen(*reference.split(":")).astype(float)
        return self._values[reference]

    def array(self, id_: str) -> Array:
        """The parameter as a fresh float64 [n]."""
        return np.broadcast_to(np.asarray(self[id_], float), (self.n,)).copy()

    def _apply(self, variant: Variant) -> None:
        where = self.futures.chosen(variant.switch, variant.option)
        by = self._values[variant.by] if variant.by in self._values else float(variant.by)
        value = self._values[variant.parameter]
        if variant.how == "set":
            changed: Number = by
        elif variant.how == "most":
            changed = np.minimum(value, by)
        else:
            changed = value * (by if variant.how == "times" else 1.0 / by)
        self._values[variant.parameter] = np.where(where, changed, value)


def known(reference: str) -> bool:
    """Whether a reference names something of the registers."""
    if "@" in reference:
        id_, bound = reference.split("@")
        return id_ in levers() if bound == "today" else id_ in model_parameters()
    if ":" in reference:
        switch, option = reference.split(":")
        row = model_parameters().get(switch)
        return row is not None and option in row.options()
    return reference in model_parameters()
