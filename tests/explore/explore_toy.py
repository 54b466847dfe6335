"""A stand-in for the model that workers can import: quick, exact, and able to die on command."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np


def run(inputs, first, count):
    """Arrays that depend on the number of each future alone."""
    time.sleep(inputs.get("seconds", 0.0))
    fatal = inputs.get("fatal")
    if fatal and first <= fatal["at"] < first + count:
        marker = Path(fatal["marker"])
        if fatal.get("always") or not marker.exists():
            marker.touch()
            os._exit(9)
    number = np.arange(first, first + count, dtype=float)
    return {"measures": np.stack([np.sin(number * (k + 1)) for k in range(3)]), "plausible": number % 3 == 0}
