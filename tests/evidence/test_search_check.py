"""Search and the check of the tables."""

import pytest

from borderlab.evidence.catalogue import catalogue, check
from borderlab.evidence.catalogue.search import search
from borderlab.evidence.catalogue.show import show
from borderlab.evidence.catalogue.stems import edits, fold, stem


def ids(query, **options):
    return [hit.entry.id for hit in search(query, **options)]


def test_both_languages_and_accents_find_the_same():
    english, spanish = ids("extradition", limit=30), ids("extradición", limit=30)
    assert english == spanish == ids("EXTRADICION", limit=30)
    assert "mx.extraditions" in english
    assert any(name.startswith("davidson-2020.") for name in english)


def test_typing_errors_are_forgiven():
    assert len(set(ids("extradtion", limit=5)) & set(ids("extradition", limit=5))) >= 4
    assert any("merida" in name for name in ids("merdia", limit=3))
    assert "camarena-1985" in ids("camarina", limit=5)


def test_a_name_comes_first_and_nothing_gives_nothing():
    assert ids("kc")[0] == "kc"
    assert ids("tariff-2019")[0] == "tariff-2019"
    assert ids("xqzwv") == []
    assert ids("the of and") == []


def test_more_words_narrow_the_search():
    top = ids("fentanyl deaths", limit=3)
    assert {"linderman-2024.fentanyl-deaths", "fentanyl-deaths.1"} <= set(top)
    top = search("operation intercept 1969", limit=1)[0].entry
    assert (top.kind, top.id) in {("episode", "intercept-1969"), ("source", "intercept-press-1969")}


def test_one_essay_does_not_fill_the_list():
    kinds = {hit.entry.kind for hit in search("extradition", limit=9)}
    assert {"claim", "source", "parameter", "indicator"} <= kinds


def test_kinds_and_limit():
    hits = search("border", limit=4, kinds=frozenset({"claim"}))
    assert len(hits) == 4
    assert {hit.entry.kind for hit in hits} == {"claim"}
    scores = [hit.score for hit in search("border")]
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize(
    ("one", "other", "count"), [("kitten", "sitting", 3), ("abc", "abc", 0), ("ab", "ba", 1), ("", "ab", 2)]
)
def test_edits_against_the_book(one, other, count):
    assert edits(one, other, 5) == count
    assert edits(other, one, 5) == count


def test_folding():
    assert fold("Ñandú, México") == "nandu, mexico"
    assert stem(fold("decomisos")) == stem("decomiso")


def test_show_what_fits():
    assert len(show("davidson-2020").claims) > 100
    assert {claim.source for claim in show("tariff-2019").claims} >= {"wayne-2020", "davidson-2020", "linderman-2022"}
    assert all("merida-2007" in claim.programme_ids for claim in show("merida-2007").claims)
    assert show("merida-2007").claims
    assert [claim.id for claim in show("wayne-2020.eight-groups").claims] == ["wayne-2020.eight-groups"]
    assert len(show("homicides-2019").values) == 4


def _with(monkeypatch, table, **cells):
    """The tables with one row changed."""
    rows = catalogue.tables()
    (line, first), *rest = rows[table]
    changed = {**rows, table: ((line, {**first, **cells}), *rest)}
    monkeypatch.setattr(check, "tables", lambda: changed)
    return f"{table}.csv:{line}"


@pytest.mark.parametrize(
    ("table", "cells", "cause"),
    [
        ("claims/wayne-2020", {"place": ""}, "no place in the essay"),
        ("claims/wayne-2020", {"model": "kc;nonesuch"}, "'nonesuch' is no parameter, lever or indicator"),
        ("claims/wayne-2020", {"episodes": "nonesuch"}, "'nonesuch' is no episode"),
        ("claims/wayne-2020", {"official_source": "nonesuch"}, "unknown source 'nonesuch'"),
        ("programmes", {"source": ""}, "no source"),
        ("programmes", {"source": "nonesuch"}, "unknown source 'nonesuch'"),
        ("sources/evidence", {"reliability": ""}, "a source needs a publisher, a date and a reliability"),
    ],
)
def test_a_planted_fault_is_found(monkeypatch, table, cells, cause):
    before = {str(fault) for fault in check.faults()}
    place = _with(monkeypatch, table, **cells)
    new = [fault for fault in check.faults() if str(fault) not in before]
    assert (place, cause) in {(fault.place, fault.cause) for fault in new}


def test_the_tables_of_this_room_have_no_fault():
    own = ("claims/", "programmes", "episodes", "conflicts", "measures_6usc223", "leaders", "essays", "results")
    assert [str(fault) for fault in check.faults() if fault.place.startswith((*own, "sources/evidence"))] == []
    assert check.counted()["claim"] > 200
