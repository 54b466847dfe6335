"""Folders of the user that borderlab keeps things in."""

from __future__ import annotations

import os
from pathlib import Path


def cache_home() -> Path:
    """The user's cache directory of borderlab, by the environment variables BORDERLAB_CACHE and XDG_CACHE_HOME."""
    named = os.environ.get("BORDERLAB_CACHE")
    if named:
        return Path(named)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "borderlab"
