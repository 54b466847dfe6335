"""What equations of one future may call besides ``math``: bounds, and the factor of a shift of a logarithm."""

from __future__ import annotations

from math import exp

from borderlab.model.core.kernels import inlined


@inlined
def clip(value, low, high):  # type: ignore[no-untyped-def]
    """``value``, or the bound that it passes."""
    return min(max(value, low), high)


@inlined
def factor(log_change):  # type: ignore[no-untyped-def]
    """The factor that a shift of a logarithm makes. Most shifts are 0 most of the time, and ``exp`` is dear."""
    return exp(log_change) if log_change != 0.0 else 1.0
