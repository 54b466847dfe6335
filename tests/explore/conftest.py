"""Puts the stand-in for the model on the list of workers, and lets worker processes import it beside the tests."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

HERE = str(Path(__file__).parent)


@pytest.fixture
def toy_path(monkeypatch):
    monkeypatch.syspath_prepend(HERE)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([HERE, *sys.path]))
    import explore_toy

    from borderlab.explore.running.workers import WORKERS

    monkeypatch.setitem(WORKERS, "toy", explore_toy.TOY)
    return HERE
