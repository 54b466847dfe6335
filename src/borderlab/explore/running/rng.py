"""Random choices of this room: counter-based and keyed by what they are for."""

from __future__ import annotations

import hashlib

import numpy as np


def generator(seed: int, purpose: str, number: int = 0) -> np.random.Generator:
    """A stream of its own for one purpose and one repetition; the same everywhere, whatever else is drawn."""
    digest = hashlib.sha256(f"borderlab/explore/{seed}/{purpose}/{number}".encode()).digest()
    return np.random.Generator(np.random.Philox(key=np.frombuffer(digest[:16], dtype=np.uint64)))


def part(rows: int, seed: int, purpose: str, number: int = 0, share: float = 0.5) -> np.ndarray:
    """[rows] bool: a random part of the rows, the same for the same key."""
    chosen = np.zeros(rows, dtype=bool)
    chosen[generator(seed, purpose, number).permutation(rows)[: round(rows * share)]] = True
    return chosen
