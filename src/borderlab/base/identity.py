"""What made a result: code, tables, libraries and inputs. Its hash names the result."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).resolve().parents[1]
_FACES = ("cli", "web", "api", "report", "language")
"""Rooms that show numbers and make none: their code is in no identity."""
_WORDS = ("strategies", "scenarios", "surfaces", "sources", "claims", "map", "explore")
"""Tables that a result either does not read, or that stand among its inputs by content where it does."""
LIBRARIES = ("numpy", "scipy", "numba", "llvmlite")
"""What computes, and whose last bits may differ between versions."""
_LENGTH = 16


@cache
def code_hash() -> str:
    """SHA-256 over the code of every room that computes (names and bytes)."""
    paths = (path for path in sorted(_PACKAGE.rglob("*.py")) if path.relative_to(_PACKAGE).parts[0] not in _FACES)
    return _digest(paths)


@cache
def tables_hash() -> str:
    """SHA-256 over the reference tables that results are made from (names and bytes)."""
    folder = _PACKAGE / "reference"
    kept = (".csv", ".yaml", ".json", ".npz")
    paths = (
        path
        for path in sorted(folder.rglob("*"))
        if path.suffix in kept and path.relative_to(folder).parts[0] not in _WORDS
    )
    return _digest(paths)


def _digest(paths: Iterator[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        if path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(_PACKAGE).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


@cache
def libraries() -> Mapping[str, str]:
    """Versions of the libraries that compute."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "none"
    return found


@dataclass(frozen=True)
class Identity:
    """What made a result.

    Attributes:
        kind: what was done, like ``compare``.
        inputs: everything asked for that changes a number, as plain values: seeds, periods, what strategies order, what
            was set, contents of data and of surfaces. Never titles, weights, thresholds, languages, paths.
        code, tables, libraries: of this version and machine, unless read from a result of another.
    """

    kind: str
    inputs: Mapping[str, Any]
    code: str = field(default_factory=code_hash)
    tables: str = field(default_factory=tables_hash)
    libraries: Mapping[str, str] = field(default_factory=libraries)

    @property
    def hash(self) -> str:
        """Sixteen hexadecimal digits; the same hash means the same numbers on the same kind of machine.

        Raises:
            TypeError: something among the inputs is no plain value.
        """
        return hash_of(self._whole())

    def as_json(self) -> dict[str, Any]:
        """Plain values, the hash among them."""
        return {"hash": self.hash, **self._whole()}

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Identity:
        """The identity that :meth:`as_json` wrote, by whatever version.

        Raises:
            KeyError, TypeError: a part is missing or is something else.
        """
        return cls(
            str(found["kind"]),
            dict(found["inputs"]),
            str(found["code"]),
            str(found["tables"]),
            dict(found["libraries"]),
        )

    def differences(self, other: Identity) -> list[str]:
        """What differs between two identities, in words: one line each."""
        mine, theirs = dict(_leaves(self._whole())), dict(_leaves(other._whole()))
        found = []
        for name in dict.fromkeys([*mine, *theirs]):
            if mine.get(name) != theirs.get(name):
                found.append(f"{name}: {_short(theirs.get(name))} before, {_short(mine.get(name))} now")
        return found

    def _whole(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "inputs": self.inputs,
            "code": self.code[:_LENGTH],
            "tables": self.tables[:_LENGTH],
            "libraries": dict(self.libraries),
        }


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        for name, part in value.items():
            yield from _leaves(part, f"{path}.{name}" if path else str(name))
    else:
        yield path, value


def _short(value: Any) -> str:
    text = "none" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:57]}…"


def hash_of(value: Any) -> str:
    """The hash of a plain value (what JSON can hold), sixteen hexadecimal digits.

    Raises:
        TypeError: it holds something else.
    """
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:_LENGTH]


def file_content(path: Path | str) -> str:
    """The hash of a file's bytes, sixteen hexadecimal digits: a file stands in an identity by this, never by name."""
    with Path(path).open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()[:_LENGTH]


@cache
def folder_content(name: str) -> str:
    """The hash of a folder (or file) of ``reference/`` that :func:`tables_hash` leaves out."""
    path = _PACKAGE / "reference" / name
    return _digest(iter(sorted(path.rglob("*")) if path.is_dir() else [path]))[:_LENGTH]


def bundle_hash(inputs: Mapping[str, Any], kind: str = "result") -> str:
    """The hash of a result that is made from ``inputs`` (:class:`Identity`)."""
    return Identity(kind, inputs).hash
