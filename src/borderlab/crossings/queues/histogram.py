"""Histograms of waits: eight bins to each doubling of one plus the wait, so that hours merge into days and ports."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from borderlab.crossings.queues.compiled import entry, inlined
from borderlab.crossings.queues.state import BINS

_FIRST_BIN = 1023 << 3
_BIN_SHIFT = 49


@inlined
def bin_of(value: NDArray[np.float64], word: NDArray[np.int64], wait: float) -> int:
    """The histogram bin of a wait: exponent and first three bits of 1 + wait."""
    value[0] = 1.0 + wait
    return min((word[0] >> _BIN_SHIFT) - _FIRST_BIN, BINS - 1)


@entry
def quantile(counts: NDArray[np.uint32], share: float, largest: float) -> float:
    """A quantile of waits from a histogram, linear within a bin, never above the largest wait."""
    total = 0.0
    for b in range(BINS):
        total += counts[b]
    if total == 0.0 or largest <= 0.0:
        return 0.0
    wanted = share * total
    below = 0.0
    for b in range(BINS):
        count = counts[b]
        if count > 0 and below + count >= wanted:
            low = 2.0 ** (b // 8) * (1.0 + (b % 8) / 8.0) - 1.0
            width = 2.0 ** (b // 8) / 8.0
            high = min(low + width, largest) if b < BINS - 1 else largest
            return min(low + (high - low) * (wanted - below) / count, largest)
        below += count
    return largest
