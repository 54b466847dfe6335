"""What made a result, and what of its assumptions is the user's own. The one place where both are put together."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from borderlab import __version__
from borderlab.base.identity import code_hash

LIBRARIES = ("numpy", "scipy", "numba")
"""What computes, and whose last bits may differ between versions."""


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
        """What is not empty, as plain values: for a hash, and for an identity."""
        parts = {"set": self.set, "distributions": self.distributions, "modules": self.modules, "tables": self.tables}
        return {name: dict(part) for name, part in parts.items() if part}


def identity_of(kind: str, hash_: str, inputs: Mapping[str, Any], own: Own | None = None) -> dict[str, Any]:
    """What made a result, as plain values: its hash, code, libraries, inputs, and what was the user's own.

    Args:
        kind: what was done, like ``compare``.
        inputs: everything asked for that changes a number; never titles, weights, languages, paths.
    """
    return {
        "hash": hash_,
        "kind": kind,
        "borderlab": __version__,
        "code": code_hash()[:16],
        "libraries": _libraries(),
        "inputs": dict(inputs),
        "own": own.plain() if own else {},
    }


def content_hash(value: Any) -> str:
    """The hash of plain values, sixteen hexadecimal digits.

    Raises:
        TypeError: it holds something else than JSON can.
    """
    return hashlib.sha256(json.dumps(value, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def _libraries() -> dict[str, str]:
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "none"
    return found
