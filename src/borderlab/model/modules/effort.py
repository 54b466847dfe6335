"""What Mexico does: effort on migration and on security, announced and real, and the forces it sends.

::

    v    = v0 + (1 - v0) I                                    share of an announcement carried out
    b    = e0(president) + bI I + shift by Mexico's own levers x v
    e_m* = clip(b + nom v f)
    e_s* = clip(b + nom v (1 - f) - dlt nom v f)              forces diverted from security
    e   += lup (e* - e) if e* > e else ldn (1 - I) (e* - e)

clip is to [0, cap]; cap is 1 unless variant M12 (corruption) holds. Forces follow the announcement, not the real
effort: they are counted where they are announced.
"""

from __future__ import annotations

import numpy as np

from borderlab.model.core.equations import clip, per_future
from borderlab.model.core.inputs import Drive
from borderlab.model.core.rates import Array, Number, weekly
from borderlab.model.futures.parameters import Settings

NORTH = ("mx.guard_north", "mx.military_north")
SOUTH = ("mx.guard_south", "mx.military_south")


@per_future(outputs=8)
def _effort(
    migration, security, north, south, e0, bI, institution, v0, verification, cap, capacity, dlt, rise, fade,
    concession, focus, own_migration, own_security, per_north, per_south,
    verified, base, announced_migration, announced_security, migration_after, security_after, north_after, south_after,
):  # fmt: skip
    promised = clip(v0 + verification, 0.0, 1.0)
    done = verified[0] = promised + (1.0 - promised) * institution
    most = clip(cap + capacity, 0.05, 1.0)
    rest = e0 + bI * institution
    base[0] = min(rest, most)
    for_migration = focus * concession + own_migration
    for_security = (1.0 - focus) * concession - dlt * focus * concession + own_security
    announced_migration[0] = clip(rest + for_migration, 0.0, 1.0)
    announced_security[0] = clip(rest + for_security, 0.0, 1.0)
    down = fade * (1.0 - institution)
    gap = clip(rest + for_migration * done, 0.0, most) - migration
    migration_after[0] = migration + (rise if gap > 0.0 else down) * gap
    gap = clip(rest + for_security * done, 0.0, most) - security
    security_after[0] = security + (rise if gap > 0.0 else down) * gap
    kept = max(concession, 0.0)
    gap = per_north * kept - north
    north_after[0] = north + (rise if gap > 0.0 else down) * gap
    gap = per_south * kept * focus - south
    south_after[0] = south + (rise if gap > 0.0 else down) * gap


class Effort:
    """State [n]: ``migration``, ``security`` (real effort), ``north``, ``south`` (people), ``own`` (e0 in office)."""

    def __init__(self, settings: Settings, institution: Array, start: tuple[Number, Number] | None = None) -> None:
        self.settings = settings
        self.v0, self.bI, self.dlt = settings["v0"], settings["bI"], settings["dlt"]
        self.cap = settings["cap"]
        self.rise = weekly(settings["lup"])
        self.fade = weekly(settings["ldn"])
        self.own = settings.array("e0")
        base = np.minimum(self.own + self.bI * institution, self.cap)
        self.base = base
        if start is None:
            start = (base, base)
        zero = np.zeros(settings.n)
        self.migration = np.clip(start[0] + zero, 0.0, self.cap)
        self.security = np.clip(start[1] + zero, 0.0, self.cap)
        self.security_start = self.security.copy()
        self.verified = self.v0 + (1.0 - self.v0) * institution
        self.announced_migration = self.migration.copy()
        self.announced_security = self.security.copy()
        self.announced: Array = zero.copy()
        self.extra_north: Array = zero.copy()
        self.extra_south: Array = zero.copy()
        self.north_base = float(settings["today.forces_north"])
        self.south_base = float(settings["today.forces_south"])
        self.per_north = settings["eff.forces_per_concession"]
        self.per_south = settings["eff.south_per_concession"]

    def new_president(self, own: Array) -> None:
        """A president with other own effort takes office."""
        self.own = own

    def step(self, drive: Drive, concession: Array, institution: Array, focus: Number) -> None:
        """Move effort and forces towards what is announced and verified."""
        self.announced = concession
        (
            self.verified,
            self.base,
            self.announced_migration,
            self.announced_security,
            self.migration,
            self.security,
            self.extra_north,
            self.extra_south,
        ) = _effort(
            self.migration,
            self.security,
            self.extra_north,
            self.extra_south,
            self.own,
            self.bI,
            institution,
            self.v0,
            drive.shift("verification"),
            self.cap,
            drive.shift("capacity"),
            self.dlt,
            self.rise,
            self.fade,
            concession,
            focus,
            drive.shift("effort_migration"),
            drive.shift("effort_security"),
            self.per_north,
            self.per_south,
        )
