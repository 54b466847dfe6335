"""``docs/model.md`` is what the modules declare, and every link and name in it leads somewhere."""

import re
from pathlib import Path
from typing import ClassVar

from scripts.model_document import PATH, rendered

from borderlab.evidence.tables.parameter import parameters
from borderlab.model.core.document import document
from borderlab.model.core.module import Measure, Module, Rows
from borderlab.model.core.world import World
from borderlab.model.run.measures import measure_ids
from borderlab.model.run.worlds import today

DOCS = Path(__file__).resolve().parents[2] / "docs"


class Tank(Module):
    """Fills and leaks; the share ``kc`` of it is lost."""

    name = "tank"
    parameters: ClassVar = {"leak": "kc"}
    state: ClassVar = {"level": "litre"}
    writes: ClassVar = {"lost": "litre"}
    arrays: ClassVar = {"cells": Rows(3, "litre")}
    measures = (Measure("lost_water", "lost", place=None),)

    @staticmethod
    def begin():
        return {"level": 1.0}

    @staticmethod
    def step(level, leak, cells):
        lost = level * leak
        return {"lost": lost, "level": level - lost}


def test_the_document_is_not_stale():
    assert PATH.read_text(encoding="utf-8") == rendered(), "stale: make documents"


def test_a_module_is_told_whole():
    lines = document(World((Tank,)), parameters()).splitlines()
    row = parameters()["kc"]
    assert "Fills and leaks; the share `kc` of it is lost." in lines
    assert f"| `leak` (`kc`) | {row.symbol} | {row.meaning_en} | {row.unit} | 0.008 | 0.003 … 0.03 | judged |" in lines
    assert lines.count("lost = level * leak") == 1
    assert lines.count("level = level - lost") == 1
    assert "| `level` | litre | state |" in lines
    assert "| `cells` | litre | result, 3 values |" in lines
    assert "| `lost_water` | `lost` |" in lines
    assert "| [tank](#tank) | – | `lost_water` |" in lines


def test_every_parameter_measure_and_link_of_today_is_there():
    text = rendered()
    for wired in today().wired:
        assert f"\n## {wired.name}\n" in text
        for local, reference in wired.module.parameters.items():
            named = f"`{local}`" if local == reference else f"`{local}` (`{reference}`)"
            assert named in text or reference not in parameters(), (wired.name, local)
    assert all(f"| `{id_}` | " in text for id_ in measure_ids())
    assert set(re.findall(r"\(#([\w-]+)\)", text)) <= set(re.findall(r"^## ([\w-]+)$", text, re.M))


def test_tables_have_as_many_cells_as_their_header():
    width = 0
    for line in rendered().splitlines():
        cells = len(re.findall(r"(?<!\\)\|", line)) if line.startswith("|") else 0
        assert not width or not cells or cells == width, line
        width = cells


def test_links_between_the_documents_lead_somewhere():
    pages = [*DOCS.rglob("*.md"), DOCS.parent / "README.md"]
    for page in pages:
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), (page.name, target)
