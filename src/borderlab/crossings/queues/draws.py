"""Random draws that depend on what they are for, never on what was drawn before.

Every draw is a function of (seed, lane, interval, entity, purpose): the counter-based generator squares64 (Widynski,
2020, arXiv:2004.06278) turns a key (seed and lane) and a counter (interval, entity, slot) into 64 random bits. An
entity keeps its draws whatever happens to others, so scenario and baseline share them, and threads cannot change them.

The kernels take and return scalars only: state that lives in registers is four times faster than state in an array.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from borderlab.crossings.queues.compiled import inlined, kernel

# Slots of an entity's 256 draws. A sampler that rejects takes the next draws of its own slot.
GAP = np.uint64(0)
SERVICE = np.uint64(32)
CHOICE = np.uint64(96)
SECONDARY = np.uint64(128)
STAGE = np.uint64(192)
# A counter is interval and number of the entity in it, with room for its draws.
INTERVAL_SHIFT = np.uint64(32)
NEXT_ENTITY = np.uint64(256)

_ONE = np.uint64(1)
_R32 = np.uint64(32)
_MASK8 = np.uint64(255)
_SIGN = np.uint64(256)
_TO_53 = np.uint64(11)
_UNIT = 1.0 / 2.0**53
_WORD = (1 << 64) - 1


def _splitmix(state: int) -> tuple[int, int]:
    state = (state + 0x9E3779B97F4A7C15) & _WORD
    z = ((state ^ (state >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _WORD
    return state, z ^ (z >> 31)


def make_key(seed: int, stream: int) -> np.uint64:
    """A squares key for a seed (any integer, 0 too) and a stream (a lane's 64-bit key).

    Squares wants keys whose upper and lower eight hexadecimal digits are each distinct and not zero, and odd; the
    digits are picked by a SplitMix64 sequence started from seed and stream.
    """
    _, first = _splitmix(seed & _WORD)
    if seed >> 64:
        _, first = _splitmix(first ^ ((seed >> 64) & _WORD))
    state, _ = _splitmix(first ^ stream)
    key = 0
    for _half in range(2):
        digits = list(range(1, 16))
        for place in range(8):
            state, word = _splitmix(state)
            odd_place = place == 7
            choices = [d for d in digits if d % 2] if odd_place else digits
            digit = choices[(word >> 32) % len(choices)]
            digits.remove(digit)
            key = (key << 4) | digit
    return np.uint64(key)


def _ziggurat(tail: float, area: float, density: str) -> tuple[NDArray, NDArray, NDArray]:  # type: ignore[type-arg]
    # 256 layers of equal area (Marsaglia and Tsang, 2000): widths, accept limits on 53 bits, heights.
    def height(x: float) -> float:
        return math.exp(-x) if density == "exponential" else math.exp(-0.5 * x * x)

    x = [area / height(tail), tail]
    while len(x) < 256:
        level = height(x[-1]) + area / x[-1]
        x.append(-math.log(level) if density == "exponential" else math.sqrt(-2 * math.log(level)))
    x.append(0.0)
    widths = np.array([edge * _UNIT for edge in x[:256]])
    limits = np.array([int(x[i + 1] / x[i] * 2.0**53) for i in range(256)], dtype=np.uint64)
    heights = np.array([1.0 if i == 256 else height(x[i]) for i in range(257)])
    return widths, limits, heights


_EXP_TAIL, _NORMAL_TAIL = 7.69711747013104972, 3.6541528853610088
_EXP_W, _EXP_K, _EXP_F = _ziggurat(_EXP_TAIL, 3.949659822581572e-3, "exponential")
_NORMAL_W, _NORMAL_K, _NORMAL_F = _ziggurat(_NORMAL_TAIL, 4.92867323399e-3, "normal")


@inlined
def bits64(key: np.uint64, counter: np.uint64) -> np.uint64:
    """64 random bits: squares64, five rounds."""
    y = counter * key
    z = y + key
    x = y * y + y
    x = (x >> _R32) | (x << _R32)
    x = x * x + z
    x = (x >> _R32) | (x << _R32)
    x = x * x + y
    x = (x >> _R32) | (x << _R32)
    x = x * x + z
    t = x
    x = (x >> _R32) | (x << _R32)
    return t ^ ((x * x + y) >> _R32)


@inlined
def uniform(key: np.uint64, counter: np.uint64) -> float:
    """A uniform in [0, 1)."""
    return np.float64(bits64(key, counter) >> _TO_53) * _UNIT


@kernel
def _exponential_slow(key: np.uint64, counter: np.uint64, layer: np.uint64, x: float) -> float:
    shift = 0.0
    while True:
        if layer == np.uint64(0):
            # The tail of an exponential is an exponential again.
            shift += _EXP_TAIL
        else:
            counter += _ONE
            low, high = _EXP_F[layer], _EXP_F[layer + _ONE]
            if low + uniform(key, counter) * (high - low) < math.exp(-x):
                return shift + x
        counter += _ONE
        bits = bits64(key, counter)
        layer = bits & _MASK8
        mantissa = bits >> _TO_53
        x = np.float64(mantissa) * _EXP_W[layer]
        if mantissa < _EXP_K[layer]:
            return shift + x


@inlined
def exponential(key: np.uint64, counter: np.uint64) -> float:
    """A unit exponential by the ziggurat method; nearly always one draw."""
    bits = bits64(key, counter)
    layer = bits & _MASK8
    mantissa = bits >> _TO_53
    x = np.float64(mantissa) * _EXP_W[layer]
    if mantissa < _EXP_K[layer]:
        return x
    return _exponential_slow(key, counter, layer, x)


@kernel
def _normal(key: np.uint64, counter: np.uint64) -> tuple[float, np.uint64]:
    # A standard normal and the next free counter.
    while True:
        bits = bits64(key, counter)
        counter += _ONE
        layer = bits & _MASK8
        mantissa = bits >> _TO_53
        x = np.float64(mantissa) * _NORMAL_W[layer]
        sign = -1.0 if bits & _SIGN else 1.0
        if mantissa < _NORMAL_K[layer]:
            return sign * x, counter
        if layer == np.uint64(0):
            while True:
                far = -math.log(1.0 - uniform(key, counter)) / _NORMAL_TAIL
                y = -math.log(1.0 - uniform(key, counter + _ONE))
                counter += _ONE + _ONE
                if y + y > far * far:
                    return sign * (_NORMAL_TAIL + far), counter
        low, high = _NORMAL_F[layer], _NORMAL_F[layer + _ONE]
        u = uniform(key, counter)
        counter += _ONE
        if low + u * (high - low) < math.exp(-0.5 * x * x):
            return sign * x, counter


@kernel
def _gamma_any(key: np.uint64, counter: np.uint64, shape: float) -> float:
    # Marsaglia and Tsang, 2000; below shape 1 through shape + 1.
    boost = 1.0
    a = shape
    if a < 1.0:
        boost = (1.0 - uniform(key, counter)) ** (1.0 / a)
        counter += _ONE
        a += 1.0
    d = a - 1.0 / 3.0
    c = 1.0 / math.sqrt(9.0 * d)
    while True:
        x, counter = _normal(key, counter)
        v = 1.0 + c * x
        if v <= 0.0:
            continue
        v = v * v * v
        u = 1.0 - uniform(key, counter)
        counter += _ONE
        if u < 1.0 - 0.0331 * (x * x) * (x * x) or math.log(u) < 0.5 * x * x + d * (1.0 - v + math.log(v)):
            return boost * d * v / shape


@kernel
def gamma_unit(key: np.uint64, counter: np.uint64, shape: float) -> float:
    """A gamma with mean 1. Shapes 1, 2 and 3 are sums of exponentials, which is faster and as exact."""
    if shape == 2.0:
        return 0.5 * (exponential(key, counter) + exponential(key, counter + np.uint64(16)))
    if shape == 1.0:
        return exponential(key, counter)
    if shape == 3.0:
        two = exponential(key, counter) + exponential(key, counter + np.uint64(16))
        return (two + exponential(key, counter + np.uint64(32))) / 3.0
    return _gamma_any(key, counter, shape)
