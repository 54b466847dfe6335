"""The strategies that ship: one per essay, and the status quo."""

from __future__ import annotations

from pathlib import Path

from borderlab.evidence.tables.table import REFERENCE

_ORDER = (
    "status-quo",
    "border-leverage",
    "shared-security",
    "unilateral-first",
    "institutional-dialogue",
    "treaty-alliance",
)


def shipped() -> tuple[str, ...]:
    """Ids of the shipped strategies, the status quo first."""
    there = {path.stem for path in (REFERENCE / "strategies").glob("*.yaml")}
    return (*(name for name in _ORDER if name in there), *sorted(there.difference(_ORDER)))


def file_of(strategy_id: str) -> Path:
    """The file of a shipped strategy."""
    return REFERENCE / "strategies" / f"{strategy_id}.yaml"
