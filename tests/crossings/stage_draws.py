"""The draws for a stage, by interval and number of the entity, as the engine makes them."""

from __future__ import annotations

import numba as nb
import numpy as np

from borderlab.crossings.queues.draws import STAGE, gamma_unit, uniform


@nb.njit
def draw(key, interval, number, shape, goes, units):
    """Fill ``goes`` with uniforms and ``units`` with gammas of mean 1."""
    for i in range(len(interval)):
        counter = (np.uint64(interval[i]) << np.uint64(32)) + (np.uint64(number[i]) << np.uint64(8))
        goes[i] = uniform(key, counter + STAGE)
        units[i] = gamma_unit(key, counter + STAGE + np.uint64(1), shape)
