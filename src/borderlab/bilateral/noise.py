"""Counter-based random numbers: what a future draws depends on its key, the purpose and the week, on nothing else."""

from __future__ import annotations

import hashlib
from functools import cache

import numpy as np
from numpy.typing import NDArray

from borderlab.bilateral.rates import Array

Keys = NDArray[np.uint64]

_GOLDEN = 0x9E3779B97F4A7C15
_MASK = 0xFFFFFFFFFFFFFFFF


@cache
def _salt(purpose: str) -> int:
    return int.from_bytes(hashlib.sha256(purpose.encode()).digest()[:8], "little")


def _mixed(z: Keys) -> Keys:
    """The finalizer of SplitMix64 (Steele, Lea and Flood 2014), on whole arrays; wraps modulo 2^64."""
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


def keys(seed: int, first: int, n: int) -> Keys:
    """The keys of futures ``first`` … ``first + n - 1`` of a seed. A key depends on seed and place alone."""
    base = np.uint64((seed * _GOLDEN + _salt("future")) & _MASK)
    places = np.arange(first, first + n, dtype=np.uint64)
    return _mixed(_mixed(places * np.uint64(_GOLDEN) + base) ^ base)


def uniform(key: Keys, purpose: str, step: int = 0) -> Array:
    """Uniform draws in (0, 1), one a future, for a purpose and a step (a week, an order of a leader, …)."""
    offset = np.uint64((_salt(purpose) + step * _GOLDEN) & _MASK)
    bits = _mixed(_mixed(key ^ offset) + np.uint64(_GOLDEN))
    return ((bits >> np.uint64(11)).astype(np.float64) + 0.5) * 2.0**-53


def normal(key: Keys, purpose: str, step: int = 0) -> Array:
    """Standard normal draws, by inversion of :func:`uniform`."""
    from scipy.special import ndtri

    return ndtri(uniform(key, purpose, step))


def exponential(key: Keys, purpose: str, step: int = 0) -> Array:
    """Exponential draws of mean 1."""
    return -np.log(uniform(key, purpose, step))
