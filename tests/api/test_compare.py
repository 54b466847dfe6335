"""Comparisons and the questions asked of them: the same in memory, in a folder, and on the command line."""

from __future__ import annotations

import json

import numpy as np
import pandas as pd
import pytest

import borderlab as bl
from borderlab.explore.running.store import Store
from tests.api.test_run import printed

SMALL = {"futures": 240, "years": 1, "seed": 3}


def test_robustness_is_a_row_a_strategy_by_hand(cmp):
    found = cmp.robustness("arrivals")
    assert list(found.index) == ["status-quo", "mine"]
    assert found.attrs["units"]["median"] == "people/month"
    values = cmp.measures["arrivals"].unstack("strategy")[["status-quo", "mine"]]
    lacks = values.sub(values.min(axis=1), axis=0)  # fewer arrivals are better
    assert found["median"].to_numpy() == pytest.approx(values.median().to_numpy())
    assert found["regret_max"].to_numpy() == pytest.approx(lacks.max().to_numpy())
    assert found["regret_p90"].to_numpy() == pytest.approx(lacks.quantile(0.9).to_numpy())
    assert found.loc["mine", "rank_median"] == 1 + int(values.median()["mine"] > values.median()["status-quo"])


def test_a_short_word_is_a_measure_and_a_wrong_one_is_refused(cmp):
    assert cmp.robustness("cost-us").equals(cmp.robustness("trade.cost_us"))
    with pytest.raises(bl.InputError, match="Did you mean 'arrivals'"):
        cmp.robustness("arivals")


def test_in_memory_in_a_folder_and_read_again_are_the_same_numbers_and_hash(tmp_path):
    memory = bl.compare(["treaty-alliance"], **SMALL)
    kept = bl.compare(["treaty-alliance"], **SMALL, out=tmp_path / "run", workers=1)
    again = bl.open_comparison(tmp_path / "run")
    assert memory.hash == kept.hash == again.hash
    for other in (kept, again):
        assert memory.measures.equals(other.measures)
        assert memory.series.equals(other.series)
    assert Store.open(tmp_path / "run").finished


def test_the_commands_print_what_to_json_gives(capsys, tmp_path):
    words = ["--futures", 240, "--years", 1, "--seed", 3]
    mine = bl.compare(["treaty-alliance"], **SMALL)
    told = printed(capsys, "compare", "treaty-alliance", *words, "--out", tmp_path / "run", "--json")
    assert told == json.loads(json.dumps(mine.to_json()))
    told = printed(
        capsys, "believe", "treaty-alliance", "--over", "status-quo", "--on", "institutions", *words, "--json"
    )
    ask = bl.believe(mine, "treaty-alliance", over="status-quo", on=["institutions"])
    assert told == json.loads(json.dumps(ask.to_json()))
    told = printed(capsys, "sensitivity", "arrivals", *words, "--json")
    assert told == json.loads(json.dumps(bl.sensitivity("arrivals", **SMALL).to_json()))


def test_an_answer_tells_its_box_in_both_languages(cmp, tmp_path):
    answer = bl.believe(cmp, "mine", over="status-quo", on=["arrivals", "cost-us"])
    assert [belief.measure for belief in answer.beliefs][-1] == "arrivals + trade.cost_us"
    assert answer.box.index.names == ["measure", "parameter"]
    for (_, name), row in answer.box.iterrows():
        assert row["unit"] == cmp_unit(name)
    assert "Esto no es un pronóstico" in answer.explain(lang="es")
    assert "qué habría que creer" in answer.report(tmp_path / "a.html", lang="es").read_text(encoding="utf-8")
    with pytest.raises(bl.InputError, match="is not in the comparison"):
        bl.believe(cmp, "mine", over="treaty-alliance")
    with pytest.raises(bl.InputError, match="cannot be compared with itself"):
        bl.believe(cmp, "mine", over="mine")


def cmp_unit(name):
    from borderlab.evidence.tables.parameter import model_parameters

    return model_parameters()[name].unit


def test_other_weights_and_thresholds_run_nothing_again(cmp):
    other = cmp.read_with(weights={"arrivals": 2.0, "cost-us": 1.0}, thresholds={"arrivals": 1.0})
    assert other.hash == cmp.hash
    assert other.measures.equals(cmp.measures)
    assert other.robustness("arrivals")["satisficing"].eq(0.0).all()


def test_a_comparison_writes_its_report_and_tables(cmp, tmp_path):
    assert "</html>" in cmp.report(tmp_path / "report.html").read_text(encoding="utf-8")
    folder = cmp.save(tmp_path / "kept")
    full = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    assert full["hash"] == cmp.hash
    import duckdb

    rows = duckdb.sql(f"SELECT count(*) FROM '{folder / 'tables' / 'runs.parquet'}'").fetchall()
    assert rows == [(len(cmp.measures),)]


def test_what_says_how_a_folder_is_made_needs_a_folder():
    with pytest.raises(bl.InputError) as error:
        bl.compare(["treaty-alliance"], **SMALL, workers=2, chunk=100)
    assert len(error.value.problems) == 2


def test_discovery_takes_a_table_and_finds_a_box_that_was_put_there():
    draw = np.random.default_rng(5)
    runs = pd.DataFrame({"a": draw.random(400), "b": draw.random(400), "kind": draw.choice(["x", "y"], 400)})
    runs["hit"] = ((runs["a"] > 0.6) & (runs["kind"] == "x")).astype(int)
    found = bl.discover(runs, "hit", ["a", "b", "kind"], check=False)
    box = found.frame.reset_index().set_index("column")
    assert box.loc["a", "low"] == pytest.approx(0.6, abs=0.05)
    assert box.loc["kind", "one_of"] == ["x"]
    assert "b" not in box.index
    with pytest.raises(bl.InputError, match="threshold is 2"):
        bl.discover(runs, "hit", ["a"], threshold=2)
    with pytest.raises(bl.InputError, match="Did you mean 'hit'"):
        bl.discover(runs, "hits", ["a"])
