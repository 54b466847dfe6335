"""What a run is made from, and the cutting of its work into chunks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from borderlab.base.identity import Identity
from borderlab.strategy.tree.tree import essence_of

ASKED = frozenset({"weights", "thresholds"})
"""Inputs that say how results are to be read, and change none: asking with others runs nothing again."""


@dataclass(frozen=True)
class Plan:
    """A run: a worker, its inputs, and how many futures in chunks of what size.

    Attributes:
        worker: the name of one of :data:`borderlab.explore.running.workers.WORKERS`.
        inputs: anything JSON can hold.
        futures: how many. chunk: how many at a time; results do not depend on it.
        apart: name of a list among the inputs whose entries are run apart, one a chunk; None: together. Ends in the
            same results: a run over few futures costs nearly as much as one over many, so it is the other way to share
            out work.
    """

    worker: str
    inputs: Mapping[str, Any]
    futures: int
    chunk: int
    apart: str | None = None

    @property
    def identity(self) -> Identity:
        """What makes the run's numbers: its inputs without wording, weights and thresholds; not the chunk size."""
        inputs = {name: value for name, value in self.inputs.items() if name not in ASKED}
        if "strategies" in inputs:
            inputs["strategies"] = [essence_of(strategy) for strategy in inputs["strategies"]]
        return Identity("compare", {"worker": self.worker, "futures": self.futures, **inputs})

    @property
    def hash(self) -> str:
        """The hash of the identity."""
        return self.identity.hash

    @property
    def pieces(self) -> int:
        """How many chunks cover the same futures."""
        return len(self.inputs[self.apart]) if self.apart else 1

    @property
    def chunks(self) -> int:
        """How many chunks there are."""
        return -(-self.futures // self.chunk) * self.pieces

    def span(self, number: int) -> tuple[int, int]:
        """(first future, number of futures) of a chunk."""
        first = number // self.pieces * self.chunk
        return first, min(self.chunk, self.futures - first)

    def work(self, number: int) -> tuple[str, Mapping[str, Any], int, int]:
        """What is needed to run a chunk: the worker's name, and what the worker is called with.

        Where something is run apart, ``lead`` among the inputs marks the chunk that keeps what all pieces share.
        """
        inputs = self.inputs
        if self.apart:
            piece = number % self.pieces
            inputs = {**inputs, self.apart: [inputs[self.apart][piece]], "lead": piece == 0}
        return self.worker, inputs, *self.span(number)
