"""Counter-based random numbers: what a future draws depends on its key, the purpose and the week, on nothing else.

The same functions serve whole arrays of futures (:func:`uniform` …) and compiled code that holds one future
(:func:`unit_draw` …); both give the same bits, but for the last one of a logarithm.
"""

from __future__ import annotations

import hashlib
from functools import cache
from math import log, sqrt

import numpy as np
from numba import vectorize
from numpy.typing import NDArray

from borderlab.model.core.kernels import inlined, kernel
from borderlab.model.core.rates import Array

Keys = NDArray[np.uint64]

_GOLDEN = 0x9E3779B97F4A7C15
_MASK = 0xFFFFFFFFFFFFFFFF
STEP, _FIRST, _SECOND = np.uint64(_GOLDEN), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)
_11, _27, _30, _31 = (np.uint64(bits) for bits in (11, 27, 30, 31))


@cache
def salt(purpose: str) -> np.uint64:
    """The number that stands for a purpose."""
    return np.uint64(int.from_bytes(hashlib.sha256(purpose.encode()).digest()[:8], "little"))


@inlined
def _mix(z):  # type: ignore[no-untyped-def]
    """The finalizer of SplitMix64 (Steele, Lea and Flood 2014); wraps modulo 2^64."""
    z = (z ^ (z >> _30)) * _FIRST
    z = (z ^ (z >> _27)) * _SECOND
    return z ^ (z >> _31)


@vectorize(["uint64(uint64)"])
def _mixed(z):  # type: ignore[no-untyped-def]
    return _mix(z)


@vectorize(["float64(uint64, uint64)"])
def _in_unit(key, offset):  # type: ignore[no-untyped-def]
    return (float(_mix(_mix(key ^ offset) + STEP) >> _11) + 0.5) * 2.0**-53


def keys(seed: int, first: int, n: int) -> Keys:
    """The keys of futures ``first`` … ``first + n - 1`` of a seed. A key depends on seed and place alone."""
    base = np.uint64((seed * _GOLDEN + int(salt("future"))) & _MASK)
    places = np.arange(first, first + n, dtype=np.uint64)
    found: Keys = _mixed(_mixed(places * np.uint64(_GOLDEN) + base) ^ base)
    return found


def uniform(key: Keys, purpose: str, step: int = 0) -> Array:
    """Uniform draws in (0, 1), one a future, for a purpose and a step (a week, an order of a leader, …)."""
    drawn: Array = _in_unit(key, np.uint64((int(salt(purpose)) + step * _GOLDEN) & _MASK))
    return drawn


def normal(key: Keys, purpose: str, step: int = 0) -> Array:
    """Standard normal draws, by inversion of :func:`uniform`."""
    from scipy.special import ndtri

    drawn: Array = ndtri(uniform(key, purpose, step))
    return drawn


def exponential(key: Keys, purpose: str, step: int = 0) -> Array:
    """Exponential draws of mean 1."""
    return -np.log(uniform(key, purpose, step))


# --- the same for one future, in compiled code; ``purpose`` is :func:`salt` of it -----------------------------------


@inlined
def unit_draw(key, purpose, step):  # type: ignore[no-untyped-def]
    """A uniform draw in (0, 1)."""
    offset = purpose + np.uint64(step) * STEP
    return (float(_mix(_mix(key ^ offset) + STEP) >> _11) + 0.5) * 2.0**-53


@inlined
def exponential_draw(key, purpose, step):  # type: ignore[no-untyped-def]
    """An exponential draw of mean 1."""
    return -log(unit_draw(key, purpose, step))


# Coefficients of the inverse normal distribution as Cephes has them (S. L. Moshier, ndtri.c), highest power first; the
# first coefficient of each Q is 1.
_P0 = (
    -5.99633501014107895267e1,
    9.80010754185999661536e1,
    -5.66762857469070293439e1,
    1.39312609387279679503e1,
    -1.23916583867381258016e0,
)
_Q0 = (
    1.0,
    1.95448858338141759834e0,
    4.67627912898881538453e0,
    8.63602421390890590575e1,
    -2.25462687854119370527e2,
    2.00260212380060660359e2,
    -8.20372256168333339912e1,
    1.59056225126211695515e1,
    -1.18331621121330003142e0,
)
_P1 = (
    4.05544892305962419923e0,
    3.15251094599893866154e1,
    5.71628192246421288162e1,
    4.40805073893200834700e1,
    1.46849561928858024014e1,
    2.18663306850790267539e0,
    -1.40256079171354495875e-1,
    -3.50424626827848203418e-2,
    -8.57456785154685413611e-4,
)
_Q1 = (
    1.0,
    1.57799883256466749731e1,
    4.53907635128879210584e1,
    4.13172038254672030440e1,
    1.50425385692907503408e1,
    2.50464946208309415979e0,
    -1.42182922854787788574e-1,
    -3.80806407691578277194e-2,
    -9.33259480895457427372e-4,
)
_P2 = (
    3.23774891776946035970e0,
    6.91522889068984211695e0,
    3.93881025292474443415e0,
    1.33303460815807542389e0,
    2.01485389549179081538e-1,
    1.23716634817820021358e-2,
    3.01581553508235416007e-4,
    2.65806974686737550832e-6,
    6.23974539184983293730e-9,
)
_Q2 = (
    1.0,
    6.02427039364742014255e0,
    3.67983563856160859403e0,
    1.37702099489081330271e0,
    2.16236993594496635890e-1,
    1.34204006088543189037e-2,
    3.28014464682127739104e-4,
    2.89247864745380683936e-6,
    6.79019408009981274425e-9,
)
_S2PI, _EDGE = 2.50662827463100050242, 0.13533528323661269189  # sqrt(2 pi), exp(-2)


@inlined
def _polynomial(x, coefficients):  # type: ignore[no-untyped-def]
    value = coefficients[0]
    for place in range(1, len(coefficients)):
        value = value * x + coefficients[place]
    return value


@kernel
def normal_at(rank):  # type: ignore[no-untyped-def]
    """The standard normal quantile at a rank in (0, 1), after Cephes."""
    y = rank
    above = y > 1.0 - _EDGE
    if above:
        y = 1.0 - y
    if y > _EDGE:
        y = y - 0.5
        y2 = y * y
        x = y + y * (y2 * _polynomial(y2, _P0) / _polynomial(y2, _Q0))
        return x * _S2PI
    x = sqrt(-2.0 * log(y))
    x0 = x - log(x) / x
    z = 1.0 / x
    if x < 8.0:
        x1 = z * _polynomial(z, _P1) / _polynomial(z, _Q1)
    else:
        x1 = z * _polynomial(z, _P2) / _polynomial(z, _Q2)
    x = x0 - x1
    return x if above else -x


@inlined
def normal_draw(key, purpose, step):  # type: ignore[no-untyped-def]
    """A standard normal draw."""
    return normal_at(unit_draw(key, purpose, step))
