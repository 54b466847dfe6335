"""A stand-in for the model that workers can import: quick, exact, and able to die on command."""

from __future__ import annotations

import os
import time
from pathlib import Path

import numpy as np

from borderlab.explore.running.workers import WORKERS, Worker


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
    found = {"measures": np.stack([np.sin(number * (k + 1)) for k in range(3)]), "plausible": number % 3 == 0}
    return spoilt(found, inputs["wrong"]) if "wrong" in inputs else found


def spoilt(found, wrong):
    """What a broken worker might give."""
    if wrong == "raises":
        raise ZeroDivisionError("the machine is broken")
    if wrong == "a list":
        return [found]
    measures = {
        "shape": found["measures"][:, 1:],
        "type": found["measures"].astype(np.float32),
        "not finite": np.full_like(found["measures"], np.inf),
        "objects": found["measures"].astype(object),
        "no arrays": "measures",
    }[wrong]
    return {**found, "measures": measures}


def check_inputs(inputs):
    """Anything goes."""


def headers(inputs, first, count, found):
    """What a file of a chunk must say of itself."""
    if found != {"measures": (np.dtype(float), (3, count)), "plausible": (np.dtype(bool), (count,))}:
        raise ValueError("it is not a chunk of the stand-in")


def check(inputs, first, count, arrays):
    """What a result must be."""
    headers(inputs, first, count, {name: (array.dtype, array.shape) for name, array in arrays.items()})
    if not np.isfinite(arrays["measures"]).all():
        raise ValueError("'measures' holds a number that is not finite")


TOY = Worker(run, check_inputs, headers, check)


def listed():
    """Put the stand-in on the list of workers of this process."""
    WORKERS["toy"] = TOY
