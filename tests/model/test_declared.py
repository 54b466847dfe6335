"""What is declared of each name is kept, found again, and made anew when anything of the package changes."""

import json

import pytest

from borderlab.evidence.provenance.declared import Declarations
from borderlab.model.core.graph import reach
from borderlab.model.core.module import Measure, Module, names
from borderlab.model.run import declared
from borderlab.model.run.influence import influences
from borderlab.model.run.worlds import today


class Twice(Module):
    """A measure of one's own, from one parameter and one result of a shipped module."""

    name = "twice"
    parameters = names(share="org.guns")
    reads = names(arrivals="migration.arrivals")
    writes = names(doubled="people/month")
    measures = (Measure("twice.arrivals", "doubled"),)

    @staticmethod
    def step(arrivals, share):
        doubled = 2.0 * arrivals * share
        return {"doubled": doubled}


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """An empty cache; what is gathered is counted."""
    monkeypatch.setenv("BORDERLAB_CACHE", str(tmp_path))
    calls = []
    small = Declarations({"indicator": {"arrivals": declared.Declared(modules=("a.b",), moved_by=("kc",))}})
    monkeypatch.setattr(declared, "gathered", lambda world=None: calls.append(world) or small)
    declared.declarations.cache_clear()
    yield tmp_path, calls, small
    declared.declarations.cache_clear()


def test_it_is_gathered_once_and_read_afterwards(kept):
    folder, calls, small = kept
    assert declared.declarations() == small
    declared.declarations.cache_clear()
    assert declared.declarations() == small
    assert len(calls) == 1
    assert len(list(folder.glob("declared-*.json"))) == 1


@pytest.mark.parametrize("damage", ["", "{", "[1, 2]", '{"lever": {"x": {"no_such_part": ["a"]}}}', "\x00\x01"])
def test_a_damaged_file_is_made_again(kept, damage):
    folder, calls, small = kept
    declared.declarations()
    path = next(folder.glob("declared-*.json"))
    path.write_text(damage, encoding="utf-8")
    declared.declarations.cache_clear()
    assert declared.declarations() == small
    assert len(calls) == 2
    assert Declarations.from_json(json.loads(path.read_text(encoding="utf-8"))) == small


def test_a_cache_that_cannot_be_written_costs_time_alone(kept, monkeypatch):
    folder, calls, small = kept
    (folder / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("BORDERLAB_CACHE", str(folder / "file"))
    assert declared.declarations() == small
    assert len(calls) == 1


def test_another_table_or_module_is_another_key(tmp_path, monkeypatch):
    (tmp_path / "a.py").write_text("x = 1\n", encoding="utf-8")
    monkeypatch.setattr(declared, "_PACKAGE", tmp_path)
    keys = [declared._content()]
    (tmp_path / "a.py").write_text("x = 12\n", encoding="utf-8")
    keys.append(declared._content())
    (tmp_path / "b.csv").write_text("id\n", encoding="utf-8")
    keys.append(declared._content())
    (tmp_path / "note.txt").write_text("nothing that counts", encoding="utf-8")
    assert len(set(keys)) == 3
    assert declared._content() == keys[-1]


def test_a_module_of_ones_own_is_declared_like_a_shipped_one():
    found = declared.gathered(today().replaced(Twice))
    assert "twice.arrivals" in found.of("parameter", "org.guns").moves_directly
    assert "twice.arrivals" in found.of("parameter", "mig.noise").moves_directly
    row = found.of("indicator", "twice.arrivals")
    assert row.modules == (__name__,)
    assert row.moved_by[0] == "org.guns", "what its own module reads comes first"


def test_reach_follows_every_edge_and_nothing_else():
    edges = [{"a": frozenset({"b"}), "b": frozenset({"measure:x", "a"})}, {"c": frozenset({"measure:y", "b"})}]
    found = reach(edges, ["x", "y"])
    assert (found["a"], found["b"], found["c"]) == (1, 1, 3)
    assert "d" not in found


def test_a_lever_alone_moves_no_more_than_it_may():
    said = influences(today())
    assert said.moves("lever:us.pedestrian_capacity_cut") == said.directly("lever:us.pedestrian_capacity_cut")
    assert said.readers("lever:us.tariff") == ["model.modules.levers"]
    assert said.moves("parameter:no.such") == ()
