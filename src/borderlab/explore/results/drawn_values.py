"""Drawn parameters and switches of futures as the columns of a search for beliefs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from borderlab.base.problems import InputError, Problem
from borderlab.evidence.tables.parameter import Parameter
from borderlab.explore.discovery.variables import Variables
from borderlab.model.futures.futures import drawn_parameters


def variables_of(unknowns: Mapping[str, Sequence[str] | None], drawn: np.ndarray) -> Variables:
    """Every unknown as a column, one row a future.

    Args:
        unknowns: name -> options of a switch, or None for a number. drawn: [futures, unknowns], numbers and codes.

    Raises:
        InputError: the register no longer has one of them.
    """
    gone = [name for name in unknowns if name not in drawn_parameters()]
    if gone:
        raise InputError(Problem(f"this version has no parameter '{gone[0]}'.", cure="Run the comparison anew."))
    return Variables.of(
        {
            name: drawn[:, place] if options is None else np.asarray(options)[drawn[:, place].astype(np.intp)]
            for place, (name, options) in enumerate(unknowns.items())
        }
    )


def parameter_rows() -> dict[str, Parameter]:
    """The register's rows of what is drawn."""
    return drawn_parameters()
