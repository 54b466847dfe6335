"""DrawnFutures as a user has them: drawn, kept if history allows, looked at as a table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from borderlab.api.distributions import Given, Set, own_distributions, set_parameters
from borderlab.api.frames import frame
from borderlab.api.html import card
from borderlab.api.identity import Own, identity_of
from borderlab.api.own import Modules, check_tables, own_tables, world_of
from borderlab.base.identity import Identity
from borderlab.base.problems import InputError, Problem
from borderlab.base.progress import Cancel, Progress, watched
from borderlab.base.progress import progress as work
from borderlab.model.core.world import World
from borderlab.model.futures import futures as model
from borderlab.model.history.history_match import Plausibility
from borderlab.model.history.history_match import plausible as judge

if TYPE_CHECKING:
    import pandas as pd

MOST = 1_000_000


@dataclass(frozen=True, eq=False)
class DrawnFutures:
    """Draws of everything that nobody knows exactly.

    Attributes:
        whole: all that were drawn.
        numbers: place of each of them in the sequence of its seed.
        kept: of the drawn ones, those that are looked at; None: all.
        own: what of it is the user's own.
        world: own modules that history is judged with; None: the shipped ones.
    """

    whole: model.Futures = field(repr=False)
    numbers: NDArray[np.int64] = field(repr=False)
    kept: NDArray[np.bool_] | None = field(repr=False)
    own: Own
    world: World | None = field(default=None, repr=False)

    def __len__(self) -> int:
        return self.inner.n

    @property
    def drawn(self) -> int:
        """How many were drawn; as many are here unless only plausible ones were asked for."""
        return self.whole.n

    @property
    def seed(self) -> int:
        """Of the draw."""
        return self.whole.seed

    @cached_property
    def inner(self) -> model.Futures:
        """The futures, as the model takes them."""
        return self.whole if self.kept is None else self.whole.take(self.kept)

    @property
    def index(self) -> NDArray[np.int64]:
        """The number of each future."""
        return self.numbers if self.kept is None else self.numbers[self.kept]

    @cached_property
    def judged(self) -> Plausibility:
        """What history says of all that were drawn."""
        return judge(self.whole, world=self.world)

    @property
    def share(self) -> float:
        """Share of the drawn futures that reproduce coded history."""
        return self.judged.share

    @cached_property
    def frame(self) -> pd.DataFrame:
        """A row for each future, a column for each unknown: numbers in the unit of the register, options of switches.

        ``attrs["units"]`` holds the units.
        """
        rows = model.drawn_parameters()
        columns = {id_: self.inner.column(id_) for id_ in rows}
        units = {id_: row.unit for id_, row in rows.items()}
        return frame(columns, self.index, name="future", units=units, hash=self.hash)

    @property
    def plausible_here(self) -> NDArray[np.bool_]:
        """Which of the futures that are here reproduce coded history."""
        return self.judged.mask if self.kept is None else self.judged.mask[self.kept]

    @property
    def history(self) -> pd.DataFrame:
        """For each drawn future: which stylised facts of history it reproduces, and whether it is plausible."""
        columns = {**self.judged.facts, "plausible": self.judged.mask}
        return frame(columns, self.numbers, name="future", hash=self.hash)

    def plausible(self) -> DrawnFutures:
        """Those of them that reproduce coded history.

        Raises:
            InputError: none does.
        """
        mask = self.judged.mask if self.kept is None else self.judged.mask & self.kept
        if not mask.any():
            cure = "Draw more; about one in nine is plausible."
            raise InputError(Problem(f"none of {self.drawn} futures reproduces coded history.", cure=cure))
        found = replace(self, kept=mask)
        found.__dict__["judged"] = self.judged
        return found

    def take(self, index: Any) -> DrawnFutures:
        """Some of them, by place, mask or slice; each keeps its number and its chance events."""
        chosen = np.arange(len(self))[index]
        return DrawnFutures(self.inner.take(chosen), self.index[chosen], None, self.own, self.world)

    def set(self, values: Set) -> DrawnFutures:
        """The same futures with some parameters set or narrowed; each keeps its chance events, and its rank in a range.

        Args:
            values: ``{"kc": 0.01}``, ``{"kc": "0.005..0.01 GDP-month"}``, ``["fragility=fragile"]``.

        Raises:
            InputError: with every name or value that cannot be used.
        """
        changes = set_parameters(values)
        own = replace(self.own, set={**self.own.set, **{one.id: one for one in changes}})
        made = DrawnFutures(self.whole.changed(changes), self.numbers, None, own, self.world)
        return made if self.kept is None else made.plausible()

    @property
    def simple(self) -> bool:
        """Whether number, seed and place say all there is to say of the draw."""
        place = np.arange(self.whole.first, self.whole.first + self.drawn)
        return not self.own.plain() and np.array_equal(self.numbers, place)

    def inputs(self) -> dict[str, Any]:
        """What the draw is made from, as plain values, but for what of it is the user's own."""
        made: dict[str, Any] = {"futures": self.drawn, "seed": self.seed}
        if self.whole.first:
            made["first"] = self.whole.first
        if not self.simple:
            made["content"] = self.content
        return made

    @cached_property
    def content(self) -> str:
        """The hash of what was drawn, to the bit."""
        import hashlib

        digest = hashlib.sha256(self.whole.key.tobytes())
        for part in (self.whole.values, self.whole.codes):
            for name in sorted(part):
                digest.update(name.encode() + np.ascontiguousarray(part[name]).tobytes())
        return digest.hexdigest()[:16]

    @property
    def hash(self) -> str:
        """Of the identity."""
        return self.identity.hash

    @cached_property
    def identity(self) -> Identity:
        """What made them."""
        return identity_of("futures", {**self.inputs(), "plausible": self.kept is not None}, self.own)

    def _repr_html_(self) -> str:
        facts: dict[str, object] = {"drawn": self.drawn, "here": len(self), "seed": self.seed, "hash": self.hash}
        return card("Futures", facts, self.frame.iloc[:5, :8])


def futures(
    n: int = 1000,
    *,
    seed: int = 1,
    plausible: bool = False,
    first: int = 0,
    set: Set = (),
    distributions: Mapping[str, Given] | None = None,
    modules: Modules = (),
    progress: Progress | None = None,
    cancel: Cancel | None = None,
) -> DrawnFutures:
    """Draw futures. The first ``n`` of ``2 n`` are these, to the bit.

    Args:
        n: how many to draw.
        seed: of the draw; 0 is a seed.
        plausible: keep only those that reproduce coded history (about one in nine).
        first: place of the first one in the sequence.
        set: parameters that are set or narrowed, like ``{"kc": "0.01 GDP-month"}`` or ``["kc=0.005..0.01 GDP-month"]``.
        distributions: own ones in place of the register's, by name: ``("uniform", low, high)``,
            ``("loguniform", low, high)``, ``("triangular", low, likeliest, high)``, ``("normal", p05, p95)``, a number,
            a frozen distribution of SciPy; of a switch an option, or weights by option. Other unknowns are drawn as
            they are without.
        modules: own modules that history is judged with.

    Raises:
        InputError: with everything that is wrong.
        Cancelled: ``cancel`` was set.
    """
    with watched(progress, cancel):
        quantiles, own = own_distributions(distributions)
        if n > MOST:
            raise InputError(Problem(f"{n} futures cannot be drawn at once.", cure=f"Draw {MOST:,} at most."))
        changes = set_parameters(set)
        own = replace(own, tables=own_tables().tables, set={**own.set, **{one.id: one for one in changes}})
        whole = model.draw_futures(n, seed, first=first, changes=changes, quantiles=quantiles)
        found = DrawnFutures(whole, np.arange(first, first + n), None, own, world_of(modules))
        return _kept(found) if plausible else found


def _kept(drawn: DrawnFutures) -> DrawnFutures:
    with work("history", 1.0) as advance:
        drawn.judged  # noqa: B018 (worked out here, where it can be followed)
        advance(1.0)
    return drawn.plausible()


def futures_of(given: int | DrawnFutures, seed: int, world: World | None = None, set: Set = ()) -> DrawnFutures:
    """DrawnFutures as they are, with ``set`` in them; or so many drawn of this seed, and the plausible ones kept."""
    if isinstance(given, DrawnFutures):
        check_tables(given.own)
        return given.set(set) if set else given
    return _kept(replace(futures(given, seed=seed, set=set), world=world))
