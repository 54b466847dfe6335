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
    "futures": "borderlab.api.futures",
    "names": "borderlab.model.core.module",
    "run": "borderlab.api.run",
    "strategies": "borderlab.api.strategies",
}
"""Public name → module that has it."""
_ROOMS: dict[str, str] = {}
"""Public name → module that it is."""

__all__ = ["__version__", *sorted([*_HOMES, *_ROOMS])]  # noqa: PLE0604


def __getattr__(name):  # type: ignore[no-untyped-def]
    if name in _HOMES:
        found = getattr(import_module(_HOMES[name]), name)
    elif name in _ROOMS:
        found = import_module(_ROOMS[name])
    else:
        raise AttributeError(f"module 'borderlab' has no attribute '{name}'")
    globals()[name] = found
    return found


def __dir__():  # type: ignore[no-untyped-def]
    return sorted({*globals(), *__all__})
