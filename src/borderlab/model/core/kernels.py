"""Compiling of what equations call. Whole courses are compiled in :mod:`borderlab.model.core.course`."""

from __future__ import annotations

from pathlib import Path

from borderlab.base.kernels import Kernels

_HERE = Path(__file__).parent

MODEL = Kernels("model", (*sorted(_HERE.glob("*.py")), *sorted((_HERE.parent / "modules").glob("*.py"))))
"""Everything that is compiled into a course, but for modules that somebody else brings."""

kernel, inlined = MODEL.kernel, MODEL.inlined
