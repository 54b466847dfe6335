"""The parameters that a module of the border reads, with the outputs that each of them reaches.

A module declares them once, beside the code that reads, and reads through the declaration alone, which refuses any
other: so what ``borderlab why`` says of a parameter cannot drift from what is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from borderlab.evidence.tables.parameter import Parameter, parameters


@dataclass(frozen=True)
class Reads:
    """What a module reads of the register of parameters.

    Attributes:
        owner: the module's ``__name__``.
        reach: the outputs that each parameter reaches, by its id.
    """

    owner: str
    reach: Mapping[str, tuple[str, ...]]

    @property
    def module(self) -> str:
        """The dotted name below the package."""
        return self.owner.removeprefix("borderlab.")

    def row(self, id_: str) -> Parameter:
        """A parameter that is declared, as it stands now.

        Raises:
            KeyError: the module does not declare it.
        """
        if id_ not in self.reach:
            raise KeyError(f"{self.module} reads the parameter '{id_}', which it does not declare")
        return parameters()[id_]

    def number(self, id_: str) -> float:
        """Its value, in its unit.

        Raises:
            KeyError: the module does not declare it.
        """
        return float(self.row(id_).default)


def each(ids: Iterable[str], outputs: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Several parameters that reach the same outputs."""
    return dict.fromkeys(ids, outputs)
