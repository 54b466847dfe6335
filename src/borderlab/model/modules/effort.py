"""What Mexico does: effort on migration and on security, announced and real, and the forces it sends."""

from __future__ import annotations

from typing import Any

import numpy as np

from borderlab.model.core.equations import clip
from borderlab.model.core.module import Before, Measure, Module, Whole, names
from borderlab.model.core.rates import Number, weekly

SOLDIERS = 1e4  # the unit of eff.forces_on_routes


class Effort(Module):
    """Announced and real effort, and forces.

    Of an announcement the share ``verified`` is carried out, more of it the stronger the institutions. Effort without
    pressure is the president's own and what institutions sustain; a concession is shared between migration and security
    by the focus of the demand, and forces sent for migration are missing in security (``dlt``). Effort rises at
    ``lup`` and fades at ``ldn``, more slowly where institutions hold it. It is capped where corruption limits the
    state. Forces follow the announcement, not the real effort: they are counted where they are announced.
    """

    name = "effort"
    parameters = names(
        "v0", "bI", "dlt", "cap", "lup", "ldn",
        least_cap="effort.least_cap",
        per_north="eff.forces_per_concession",
        per_south="eff.south_per_concession",
        north_today="today.forces_north",
        south_today="today.forces_south",
        migration_today="today.effort_migration",
        security_today="today.effort_security",
        focus_today="today.focus",
        routes_today="today.route_security",
        per_soldiers="eff.forces_on_routes",
    )  # fmt: skip
    reads = {
        "institution": Before("institutions.level"),
        "own": "leaders.own",
        "concession": "bargaining.concession",
    }
    effects = names(
        verification=Whole("verification"),
        capacity=Whole("capacity"),
        own_migration=Whole("effort_migration"),
        own_security=Whole("effort_security"),
    )
    levers = names(
        guard_north="mx.guard_north",
        military_north="mx.military_north",
        guard_south="mx.guard_south",
        military_south="mx.military_south",
        own_routes="mx.route_security",
    )
    state = {"migration": "effort", "security": "effort", "extra_north": "people", "extra_south": "people"}
    writes = {
        "verified": "share",
        "announced_migration": "effort",
        "announced_security": "effort",
        "working": "effort",
        "north": "people",
        "south": "people",
        "route_security": "share",
        "deployed": "people",
        "change": "effort",
    }
    measures = (
        Measure("mx.effort_migration", "migration"),
        Measure("mx.effort_security", "security"),
        Measure("mx.effort_migration_announced", "announced_migration"),
        Measure("mx.effort_security_announced", "announced_security"),
        Measure("mx.forces_at_north_border", "north"),
        Measure("mx.forces_at_south_border", "south"),
        Measure("mx.route_security", "route_security"),
    )

    @staticmethod
    def begin(
        opening: Any,
        institution: Number,
        own: Number,
        v0: Number,
        bI: Number,
        cap: Number,
        lup: Number,
        ldn: Number,
        migration_today: Number,
        security_today: Number,
        focus_today: Number,
    ) -> dict[str, Any]:
        """Today's effort; in a past episode, effort at rest."""
        base = np.minimum(own + bI * institution, cap)
        migration, security = (migration_today, security_today) if opening.today else (base, base)
        migration, security = (
            np.clip(migration + np.zeros_like(base), 0.0, cap),
            np.clip(security + np.zeros_like(base), 0.0, cap),
        )
        return {
            "migration": migration,
            "security": security,
            "security_start": security,
            "announced_migration": migration,
            "announced_security": security,
            "verified": v0 + (1.0 - v0) * institution,
            "extra_north": 0.0,
            "extra_south": 0.0,
            "rise": weekly(lup),
            "fade": weekly(ldn),
            "focus": focus_today if opening.focus is None else opening.focus,
        }

    @staticmethod
    def step(
        migration, security, extra_north, extra_south, own, bI, institution, v0, verification, cap, least_cap,
        capacity, dlt, rise, fade, concession, focus, own_migration, own_security, per_north, per_south,
        security_start, north_today, south_today, guard_north, military_north, guard_south, military_south,
        own_routes, routes_today, per_soldiers,
    ):  # fmt: skip
        """Move effort and forces towards what is announced and verified."""
        promised = clip(v0 + verification, 0.0, 1.0)
        verified = promised + (1.0 - promised) * institution
        most = clip(cap + capacity, least_cap, 1.0)
        rest = own + bI * institution
        for_migration = focus * concession + own_migration
        for_security = (1.0 - focus) * concession - dlt * focus * concession + own_security
        announced_migration = clip(rest + for_migration, 0.0, 1.0)
        announced_security = clip(rest + for_security, 0.0, 1.0)
        down = fade * (1.0 - institution)
        gap = clip(rest + for_migration * verified, 0.0, most) - migration
        migration = migration + (rise if gap > 0.0 else down) * gap
        gap = clip(rest + for_security * verified, 0.0, most) - security
        security = security + (rise if gap > 0.0 else down) * gap
        kept = max(concession, 0.0)
        gap = per_north * kept - extra_north
        extra_north = extra_north + (rise if gap > 0.0 else down) * gap
        gap = per_south * kept * focus - extra_south
        extra_south = extra_south + (rise if gap > 0.0 else down) * gap
        working = focus * migration + (1.0 - focus) * security
        north = max(north_today + extra_north + (guard_north + military_north), 0.0)
        south = max(south_today + extra_south + (guard_south + military_south), 0.0)
        held = routes_today + per_soldiers * (north - north_today) / SOLDIERS + own_routes * verified
        route_security = clip(held, 0.0, 1.0)
        deployed = extra_north + extra_south
        change = security - security_start
        return {
            "verified": verified,
            "announced_migration": announced_migration,
            "announced_security": announced_security,
            "migration": migration,
            "security": security,
            "extra_north": extra_north,
            "extra_south": extra_south,
            "working": working,
            "north": north,
            "south": south,
            "route_security": route_security,
            "deployed": deployed,
            "change": change,
        }
