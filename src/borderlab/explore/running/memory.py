"""A finished run that is kept in memory: read like one in a folder, and gone when nobody needs it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np

from borderlab.explore.running.plan import Plan


class Finished(Protocol):
    """What a comparison is read from: a run in a folder, or in memory."""

    @property
    def plan(self) -> Plan:
        """What the run was made from."""

    @property
    def identity(self) -> Mapping[str, Any]:
        """What made it, as plain values, as the version that made it wrote it down."""

    @property
    def other_version(self) -> str | None:
        """The version that made it, where that is not this one."""

    def spans(self) -> Iterator[list[dict[str, np.ndarray]]]:
        """The chunks that cover the same futures, together, in order of futures."""


@dataclass(frozen=True)
class Kept:
    """A run of all futures at once, as :func:`borderlab.explore.running.chunk.run_strategies` gives it."""

    plan: Plan
    arrays: dict[str, np.ndarray] = field(repr=False)

    @property
    def identity(self) -> Mapping[str, Any]:
        """What made it, as plain values."""
        return self.plan.identity.as_json()

    @property
    def other_version(self) -> str | None:
        """It is of this version."""
        return None

    def spans(self) -> Iterator[list[dict[str, np.ndarray]]]:
        """The one chunk there is."""
        yield [self.arrays]
