"""What made a result, and what of its assumptions is the user's own. The one place where both are put together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from borderlab.base.identity import Identity
from borderlab.evidence.tables.assumption import Assumption


@dataclass(frozen=True)
class Own:
    """What a user has put in place of, or beside, what ships.

    Attributes:
        set: parameters that were set or narrowed, by name.
        distributions: parameters by name, in words that name the distribution wholly.
        modules: name of the module → hash of its source.
        tables: tables laid over the shipped ones → hash of their content.
    """

    set: Mapping[str, Assumption] = field(default_factory=dict)
    distributions: Mapping[str, str] = field(default_factory=dict)
    modules: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.set or self.distributions or self.modules or self.tables)

    def plain(self) -> dict[str, Any]:
        """What is not empty, as plain values; but for ``set``, which contracts name by itself."""
        parts = {"distributions": self.distributions, "modules": self.modules, "tables": self.tables}
        return {name: dict(part) for name, part in parts.items() if part}

    def set_json(self) -> dict[str, Any]:
        """The ``set`` of the JSON contracts."""
        return {name: one.as_json() for name, one in self.set.items()}

    def inputs(self) -> dict[str, Any]:
        """What an identity holds of it."""
        found: dict[str, Any] = {"set": self.set_json()}
        plain = self.plain()
        return {**found, "own": plain} if plain else found

    def words(self) -> tuple[str, ...]:
        """What else than ``set`` is the user's own, a few words each."""
        drawn = [f"{name}: {said}" for name, said in self.distributions.items() if name not in self.set]
        modules = [f"module {name} ({content})" for name, content in self.modules.items()]
        return (*drawn, *modules, *(f"table {name} ({content})" for name, content in self.tables.items()))


def identity_of(kind: str, inputs: Mapping[str, Any], own: Own | None = None) -> Identity:
    """What made a result.

    Args:
        kind: what was done, like ``run``.
        inputs: everything asked for that changes a number; never titles, weights, languages, paths.
        own: what was the user's own.
    """
    return Identity(kind, {**inputs, **(own.inputs() if own is not None else {})})
