"""The hash that says which code, tables and inputs made a result."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

_PACKAGE = Path(__file__).resolve().parents[1]
_COUNTED = {".py", ".csv", ".yaml", ".json", ".npz"}


@cache
def code_hash() -> str:
    """SHA-256 over the package's code and reference tables (names and bytes)."""
    digest = hashlib.sha256()
    for path in sorted(_PACKAGE.rglob("*")):
        if path.suffix in _COUNTED and path.is_file() and "__pycache__" not in path.parts:
            digest.update(path.relative_to(_PACKAGE).as_posix().encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def bundle_hash(inputs: Any) -> str:
    """The hash of a run: code, tables, and ``inputs`` (anything JSON can hold: scenario, strategies, seed, …).

    Sixteen hexadecimal digits; equal hashes mean equal results on the same machine kind.
    """
    text = json.dumps(inputs, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256((code_hash() + text).encode()).hexdigest()[:16]
