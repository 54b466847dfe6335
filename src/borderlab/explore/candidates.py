"""Drawn parameters and switches of futures as the columns of a search for beliefs."""

from __future__ import annotations

from typing import Any

import numpy as np

from borderlab.bilateral.futures import Futures, drawn_parameters
from borderlab.evidence.parameter import Parameter
from borderlab.explore.variables import Variables


def variables_of(futures: Futures) -> Variables:
    """Every drawn parameter (numbers) and switch (categories), one row a future."""
    columns: dict[str, Any] = {name: np.asarray(values, dtype=float) for name, values in futures.values.items()}
    for name, codes in futures.codes.items():
        columns[name] = np.asarray(futures.labels[name])[np.asarray(codes, dtype=np.intp)]
    return Variables.of(columns)


def parameter_rows() -> dict[str, Parameter]:
    """The register's rows of what is drawn."""
    return drawn_parameters()
