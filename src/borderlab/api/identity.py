"""What made a result, and what of its assumptions is the user's own. The one place where both are put together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from borderlab.base.identity import Identity


@dataclass(frozen=True)
class Own:
    """What a user has put in place of, or beside, what ships.

    Attributes:
        set: parameters by name, as ``{"value": …, "unit": …}`` or ``{"low": …, "high": …, "unit": …}``.
        distributions: parameters by name, in words that name the distribution wholly.
        modules: name of the module → hash of its source.
        tables: tables laid over the shipped ones → hash of their content.
    """

    set: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    distributions: Mapping[str, str] = field(default_factory=dict)
    modules: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.set or self.distributions or self.modules or self.tables)

    def plain(self) -> dict[str, Any]:
        """What is not empty, as plain values: for an identity."""
        parts = {"set": self.set, "distributions": self.distributions, "modules": self.modules, "tables": self.tables}
        return {name: dict(part) for name, part in parts.items() if part}

    def set_json(self) -> dict[str, Any]:
        """The ``set`` of the JSON contracts: what of the unknowns was set or narrowed."""
        return {name: dict(row) for name, row in self.set.items()}


def identity_of(kind: str, inputs: Mapping[str, Any], own: Own | None = None) -> Identity:
    """What made a result.

    Args:
        kind: what was done, like ``run``.
        inputs: everything asked for that changes a number; never titles, weights, languages, paths.
        own: what was the user's own; nothing of it changes nothing.
    """
    return Identity(kind, {**inputs, **({"own": own.plain()} if own else {})})
