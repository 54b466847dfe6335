"""The world of today: all shipped modules."""

from __future__ import annotations

from functools import cache

from borderlab.evidence.tables.indicator import indicators
from borderlab.model.core.source import Layout
from borderlab.model.core.world import World
from borderlab.model.modules.bargaining import Bargaining
from borderlab.model.modules.border import Border
from borderlab.model.modules.cooperation import Cooperation
from borderlab.model.modules.costs import Costs
from borderlab.model.modules.drugs import Drugs
from borderlab.model.modules.economy import Economy
from borderlab.model.modules.effort import Effort
from borderlab.model.modules.institutions import Institutions
from borderlab.model.modules.intent import Intent
from borderlab.model.modules.leaders import Leaders
from borderlab.model.modules.levers import Levers
from borderlab.model.modules.migration import Migration
from borderlab.model.modules.organisations import Organisations
from borderlab.model.modules.patterns import Patterns
from borderlab.model.modules.programmes import Programmes
from borderlab.model.modules.routes import Routes
from borderlab.model.modules.violence import Violence

MODULES = (
    Levers, Intent, Patterns, Border, Economy, Bargaining, Leaders, Effort, Programmes, Institutions, Migration, Routes,
    Drugs, Organisations, Violence, Costs, Cooperation,
)  # fmt: skip


@cache
def layout_of(world: World, *, ruled: bool = False) -> Layout:
    """The layout of a world, with measures taken together as their indicators say."""
    how = tuple((row.id, row.aggregation) for row in indicators().values() if row.id in world.measures)
    return Layout(world, ruled, how)


@cache
def today() -> World:
    """The world that runs of strategies take."""
    return World(MODULES)
