"""What rooms above declare of a name: which modules read or compute it, what it moves, what moves it.

The evidence lies below the model and the crossings, so that it cannot ask them. Whoever asks :func:`why` hands over
what they declare, as plain names; :func:`borderlab.model.run.declared.declarations` gathers it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class Declared:
    """What is declared of one parameter, switch, lever or indicator.

    Attributes:
        modules: that read it; of an indicator, the one that computes it, as dotted names below ``borderlab``.
        levers: whose effect it sizes.
        moves: indicators of the model, or outputs of a simulation of the crossings, that differ where it differs.
        moves_directly: those of them that differ without a rule of a strategy that watches what it moves.
        moved_by: of an indicator, the parameters, switches and levers that move it.
    """

    modules: tuple[str, ...] = ()
    levers: tuple[str, ...] = ()
    moves: tuple[str, ...] = ()
    moves_directly: tuple[str, ...] = ()
    moved_by: tuple[str, ...] = ()


_NOTHING = Declared()


@dataclass(frozen=True)
class Declarations:
    """What is declared of everything, by kind (``parameter``, switches too; ``lever``; ``indicator``) and name."""

    rows: Mapping[str, Mapping[str, Declared]] = field(default_factory=dict)

    def of(self, kind: str, name: str) -> Declared:
        """What is declared of a thing; nothing where nobody declares it."""
        return self.rows.get(kind, {}).get(name, _NOTHING)

    def as_json(self) -> dict[str, Any]:
        """Plain values that :meth:`from_json` reads."""
        return {
            kind: {name: {part: value for part, value in asdict(row).items() if value} for name, row in rows.items()}
            for kind, rows in self.rows.items()
        }

    @classmethod
    def from_json(cls, found: Mapping[str, Any]) -> Declarations:
        """The declarations that :meth:`as_json` wrote.

        Raises:
            TypeError, AttributeError: it is something else.
        """
        return cls(
            {
                kind: {
                    name: Declared(**{part: tuple(value) for part, value in row.items()}) for name, row in rows.items()
                }
                for kind, rows in found.items()
            }
        )


UNDECLARED = Declarations()
"""Nothing is declared: names answer with what tables, strategies and claims say of them."""
