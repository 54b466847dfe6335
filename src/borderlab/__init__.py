"""borderlab: a policy laboratory for U.S.–Mexico border security cooperation.

>>> import borderlab as bl
>>> list(bl.strategies)[0]
'status-quo'

What it offers is listed in ``__all__`` and loaded when first asked for; see ``docs/python.md``.
"""

import sys
from importlib import import_module
from types import ModuleType

__version__ = "0.1.0"

_HOMES = {
    "Cancelled": "borderlab.base.progress",
    "Futures": "borderlab.api.futures",
    "InputError": "borderlab.base.problems",
    "Measure": "borderlab.model.core.module",
    "Module": "borderlab.model.core.module",
    "Problem": "borderlab.base.problems",
    "Strategy": "borderlab.api.strategies",
    "believe": "borderlab.api.believe",
    "compare": "borderlab.api.compare",
    "discover": "borderlab.api.discover",
    "futures": "borderlab.api.futures",
    "hindcast": "borderlab.api.hindcast",
    "improve": "borderlab.api.improve",
    "names": "borderlab.model.core.module",
    "open_comparison": "borderlab.api.compare",
    "run": "borderlab.api.run",
    "sensitivity": "borderlab.api.sensitivity",
    "scenarios": "borderlab.api.scenarios",
    "simulate": "borderlab.api.simulate",
    "strategies": "borderlab.api.strategies",
    "use_tables": "borderlab.api.own",
}
"""Public name → module that has it."""
_CALLED = {"Futures": "DrawnFutures", "Strategy": "CheckedStrategy"}
"""What is called otherwise there, where another room has a class of that name."""
_ROOMS = {
    "data": "borderlab.api.data",
    "evidence": "borderlab.api.evidence",
    "progress": "borderlab.api.progress",
}
"""Public name → module that it is."""

__all__ = ["__version__", *sorted([*_HOMES, *_ROOMS])]


def __getattr__(name):  # type: ignore[no-untyped-def]
    if name in _HOMES:
        found = getattr(import_module(_HOMES[name]), _CALLED.get(name, name))
    elif name in _ROOMS:
        found = import_module(_ROOMS[name])
    else:
        raise AttributeError(f"module 'borderlab' has no attribute '{name}'")
    globals()[name] = found
    return found


def __dir__():  # type: ignore[no-untyped-def]
    return sorted({*globals(), *__all__})


class _Public(ModuleType):
    """Python binds the room ``borderlab.evidence`` as an attribute here whenever something of it is imported; what a
    user means by that name is the interface, which gives the room's own names, too.
    """

    @property
    def evidence(self):  # type: ignore[no-untyped-def]
        return import_module(_ROOMS["evidence"])

    @evidence.setter
    def evidence(self, room):  # type: ignore[no-untyped-def]
        pass


sys.modules[__name__].__class__ = _Public
