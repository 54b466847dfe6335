"""What a module of the model declares about itself, from which all else is derived.

A module states its parameters, what it reads and from whom, the effects of levers that it takes up, its state, what it
writes, and its equations, once and by name::

    class Economy(Module):
        name = "economy"
        parameters = names("sU", "sig", exposure_start="sM")
        reads = names(lost="border.throughput_lost", tariff="levers.tariff_imposed")
        state = {"exposure": "share"}
        writes = {"loss": "share"}

        def begin(exposure_start): ...      # before the first week, over all futures at once (NumPy)
            return {"exposure": exposure_start}

        def step(exposure, lost, tariff, sig, sU): ...  # one week of one future (plain floats)
            loss = 1.0 - (1.0 - lost) * exp(-sig * tariff)
            return {"loss": loss, "exposure": ...}

The arguments of ``step`` and ``begin`` are the names declared above and nothing else; the last statement of either
returns what it gives, by name. :class:`borderlab.model.core.world.World` checks, sorts and wires modules; measures, the
compiled course, ``docs/model.md`` and ``borderlab why`` come from the same declarations.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

SPECIALS = {
    "week": "weeks since the start",
    "key": "key of the future's own random numbers",
    "place": "place of the future in the run, for tables that have a column for each",
    "flags": "what the rules of a strategy did this week, as bits of the rule program",
}
"""What any ``step`` may ask for beside what it declares."""


def names(*same: str, **mapped: str) -> dict[str, str]:
    """Local name → global one, for those that are called the same and those that are not.

    >>> names("sig", noise="mig.noise")
    {'sig': 'sig', 'noise': 'mig.noise'}
    """
    return {**{name: name for name in same}, **mapped}


class Before(str):
    """A variable of another module as it stood at the end of the week before."""

    __slots__ = ()


class Whole(str):
    """An effect of levers that is taken up whole: how far Mexico carries it out is in the equations that read it, or it
    is money, which is spent in full. Other effects of Mexican levers count to the share that is verified.
    """

    __slots__ = ()


@dataclass(frozen=True)
class Draw:
    """A random number of the future's own.

    Attributes:
        kind: its distribution.
        purpose: what it is drawn for; two purposes never share a number.
        step: the input or special that numbers the draws, like ``week``.
    """

    kind: Literal["normal", "uniform", "exponential"]
    purpose: str
    step: str = "week"


@dataclass(frozen=True)
class Rows:
    """State that is an array: one value a programme, a sector, a year.

    Attributes:
        length: how many values, or the name of a length that the run sets (``programmes``).
        unit: of a value.
        shown: it can be recorded.
    """

    length: int | str
    unit: str = "index"
    shown: bool = True


@dataclass(frozen=True)
class Measure:
    """An indicator that the model computes.

    Attributes:
        id: the indicator's row, which says how weeks become one number.
        variable: the name that the module writes, which is its weekly value.
        times: a constant of the module that the variable is multiplied by; the multiplication is done once, at the end.
        plus: other measures; the value is the sum of theirs (``variable`` is then empty).
        place: index into ``variable`` where that is an array.
    """

    id: str
    variable: str = ""
    times: str | None = None
    plus: tuple[str, ...] = ()
    place: int | None = None


class Module:
    """Base of all modules; see the docstring of this file. Classes, never instances, make a world."""

    name: ClassVar[str] = ""
    parameters: ClassVar[Mapping[str, str]] = {}
    inputs: ClassVar[tuple[str, ...]] = ()
    """Columns of the weekly table of inputs that the calendar or coded history fills."""
    reads: ClassVar[Mapping[str, str]] = {}
    effects: ClassVar[Mapping[str, str]] = {}
    """Effects of levers ("hooks") whose shift of the week is read, by local name."""
    levers: ClassVar[Mapping[str, str]] = {}
    """Levers whose change against today is read directly, in their unit, by local name."""
    tables: ClassVar[Mapping[str, str]] = {}
    """Arrays that the run brings with it, by local name: response surfaces, sizes of effects, and what a strategy
    orders this week (``orders.imposed`` …, fields of the rule program's output)."""
    draws: ClassVar[Mapping[str, Draw]] = {}
    state: ClassVar[Mapping[str, str | Rows]] = {}
    writes: ClassVar[Mapping[str, str]] = {}
    """Results of a week: name → unit."""
    arrays: ClassVar[Mapping[str, Rows]] = {}
    """Results of a week that are arrays; ``step`` fills them in place."""
    moved_by: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    """Variables that levers move through tables of the run, with the effects ("hooks") of those levers."""
    measures: ClassVar[tuple[Measure, ...]] = ()
    begin: ClassVar[Callable[..., dict[str, Any]] | None] = None
    """Constants and state before the first week, over all futures at once; it may also ask for ``opening`` and
    ``key``.
    """
    start: ClassVar[Callable[..., dict[str, Any]] | None] = None
    """The same for one future, in compiled code, from what ``begin`` gave."""
    step: ClassVar[Callable[..., dict[str, Any]]]

    @classmethod
    def plain(cls, **values: Any) -> dict[str, Any]:
        """One week of one future as the equations are written, without compilation: for reading, tests and notebooks.

        Args:
            values: every argument of ``step`` by name.
        """
        from borderlab.model.core.kernels import plain_calls

        found: dict[str, Any] = plain_calls(_function(cls, "step"))(**values)
        return found


def _function(module: type[Module], name: str) -> Any:
    for owner in module.__mro__:
        if name in owner.__dict__:
            found = owner.__dict__[name]
            return found.__func__ if isinstance(found, staticmethod) else found
    return None


def step_of(module: type[Module]) -> Callable[..., dict[str, Any]]:
    """The equations of a week, as the plain function that they are."""
    found: Callable[..., dict[str, Any]] = _function(module, "step")
    return found


def begin_of(module: type[Module]) -> Callable[..., dict[str, Any]] | None:
    """What is done before the first week over all futures at once; None where nothing is."""
    found: Callable[..., dict[str, Any]] | None = _function(module, "begin")
    return found


def start_of(module: type[Module]) -> Callable[..., dict[str, Any]] | None:
    """What is done before the first week for each future; None where nothing is."""
    found: Callable[..., dict[str, Any]] | None = _function(module, "start")
    return found
