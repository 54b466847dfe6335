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

from borderlab.bilateral.drive import Drive
from borderlab.bilateral.rates import Array, Number, weekly
from borderlab.bilateral.settings import Settings

NORTH = ("mx.guard_north", "mx.military_north")
SOUTH = ("mx.guard_south", "mx.military_south")


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
        verified = np.clip(self.v0 + drive.shift("verification"), 0.0, 1.0)
        verified = self.verified = verified + (1.0 - verified) * institution
        cap = np.clip(self.cap + drive.shift("capacity"), 0.05, 1.0)
        base = self.own + self.bI * institution
        for_migration = focus * concession
        for_security = (1.0 - focus) * concession - self.dlt * focus * concession
        own_migration, own_security = drive.shift("effort_migration"), drive.shift("effort_security")
        self.base = np.minimum(base, cap)
        self.announced = concession
        self.announced_migration = np.clip(base + for_migration + own_migration, 0.0, 1.0)
        self.announced_security = np.clip(base + for_security + own_security, 0.0, 1.0)
        fade = self.fade * (1.0 - institution)
        target = np.clip(base + (for_migration + own_migration) * verified, 0.0, cap)
        self.migration = self._toward(self.migration, target, fade)
        target = np.clip(base + (for_security + own_security) * verified, 0.0, cap)
        self.security = self._toward(self.security, target, fade)
        kept = np.maximum(concession, 0.0)
        self.extra_north = self._toward(self.extra_north, self.per_north * kept, fade)
        self.extra_south = self._toward(self.extra_south, self.per_south * kept * focus, fade)

    def _toward(self, now: Array, target: Array, fade: Array) -> Array:
        gap = target - now
        return now + np.where(gap > 0.0, self.rise, fade) * gap
