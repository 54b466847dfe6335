"""Counter-based random numbers: what a future draws depends on its key, the purpose and the week, on nothing else."""

from __future__ import annotations

import hashlib
from functools import cache

import numpy as np
from numba import njit, vectorize
from numpy.typing import NDArray

from borderlab.model.core.rates import Array

Keys = NDArray[np.uint64]

_GOLDEN = 0x9E3779B97F4A7C15
_MASK = 0xFFFFFFFFFFFFFFFF
_STEP, _FIRST, _SECOND = np.uint64(_GOLDEN), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_11, _27, _30, _31 = (np.uint64(bits) for bits in (11, 27, 30, 31))


@cache
def _salt(purpose: str) -> int:
    return int.from_bytes(hashlib.sha256(purpose.encode()).digest()[:8], "little")


@njit(inline="always")
def _mix(z: int) -> int:
    """The finalizer of SplitMix64 (Steele, Lea and Flood 2014); wraps modulo 2^64."""
    z = (z ^ (z >> _30)) * _FIRST
    z = (z ^ (z >> _27)) * _SECOND
    return z ^ (z >> _31)


@vectorize(["uint64(uint64)"], cache=True)
def _mixed(z: int) -> int:
    return _mix(z)


@vectorize(["float64(uint64, uint64)"], cache=True)
def _in_unit(key: int, offset: int) -> float:
    return (float(_mix(_mix(key ^ offset) + _STEP) >> _11) + 0.5) * 2.0**-53


def keys(seed: int, first: int, n: int) -> Keys:
    """The keys of futures ``first`` … ``first + n - 1`` of a seed. A key depends on seed and place alone."""
    base = np.uint64((seed * _GOLDEN + _salt("future")) & _MASK)
    places = np.arange(first, first + n, dtype=np.uint64)
    return _mixed(_mixed(places * np.uint64(_GOLDEN) + base) ^ base)


def uniform(key: Keys, purpose: str, step: int = 0) -> Array:
    """Uniform draws in (0, 1), one a future, for a purpose and a step (a week, an order of a leader, …)."""
    drawn: Array = _in_unit(key, np.uint64((_salt(purpose) + step * _GOLDEN) & _MASK))
    return drawn


def normal(key: Keys, purpose: str, step: int = 0) -> Array:
    """Standard normal draws, by inversion of :func:`uniform`."""
    from scipy.special import ndtri

    return ndtri(uniform(key, purpose, step))


def exponential(key: Keys, purpose: str, step: int = 0) -> Array:
    """Exponential draws of mean 1."""
    return -np.log(uniform(key, purpose, step))
