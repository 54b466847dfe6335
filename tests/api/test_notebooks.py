"""The notebooks of the documentation run from the first cell to the last, as they stand."""

from __future__ import annotations

import json
import linecache
from pathlib import Path
from types import ModuleType

import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))


def cells(path):
    return [cell for cell in json.loads(path.read_text(encoding="utf-8"))["cells"] if cell["cell_type"] == "code"]


def test_there_are_five_and_none_holds_outputs():
    assert len(NOTEBOOKS) == 5
    assert not [path.name for path in NOTEBOOKS for cell in cells(path) if cell["outputs"] or cell["execution_count"]]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs(path, tmp_path, monkeypatch):
    """As a notebook does it: cell by cell in one name space, whose text only the line cache knows."""
    monkeypatch.chdir(tmp_path)
    space = ModuleType("notebook").__dict__
    for number, cell in enumerate(cells(path)):
        text, name = "".join(cell["source"]), f"<{path.stem}, cell {number}>"
        linecache.cache[name] = (len(text), None, text.splitlines(keepends=True), name)
        exec(compile(text, name, "exec"), space)
