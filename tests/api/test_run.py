"""Futures and runs: labelled tables, what a future is worth alone, what is the user's own in the identity."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError

import numpy as np
import pytest

import borderlab as bl
from borderlab.cli.main import run as command
from borderlab.evidence.tables.indicator import indicators
from borderlab.evidence.tables.parameter import model_parameters


def printed(capsys, *words):
    with pytest.raises(SystemExit) as left:
        command([str(word) for word in words])
    out, err = capsys.readouterr()
    assert not left.value.code, err
    return json.loads(out)


def test_futures_have_a_column_for_each_unknown_in_the_unit_of_the_register(few):
    frame = few.frame
    assert frame.shape == (len(few), len(frame.columns))
    assert frame.index.name == "future"
    assert frame.attrs["units"]["kc"] == model_parameters()["kc"].unit
    assert frame["kc"].between(model_parameters()["kc"].low, model_parameters()["kc"].high).all()
    assert set(frame["institutions"]) <= set(model_parameters()["institutions"].options())
    assert few.drawn == 240
    assert few.share == pytest.approx(len(few) / 240)
    assert few.history.loc[few.index, "plausible"].all()


def test_futures_are_a_prefix_of_more_futures():
    assert bl.futures(8, seed=5).frame.equals(bl.futures(16, seed=5).frame.iloc[:8])


def test_a_run_is_a_table_of_futures_by_measures_with_units(one, few):
    assert list(one.measures.index) == list(few.index)
    assert one.measures.attrs["units"]["encounters"] == indicators()["encounters"].unit
    bands = one.series.encounters.quantile([0.05, 0.5, 0.95], "future")
    assert bands.sizes == {"quantile": 3, "day": 52}
    assert one.series.encounters.attrs["unit"] == "people/month"
    # an indicator that is a mean over the weeks is the mean of its course
    assert one.series.encounters.mean("day").values == pytest.approx(one.measures["encounters"].values, rel=1e-5)


def test_a_future_gives_the_same_alone(one, few, own):
    alone = bl.run(own, futures=few.take([4]), years=1, baseline=None)
    assert alone.measures.iloc[0].equals(one.measures.iloc[4])
    assert alone.futures.index[0] == few.index[4]


def test_the_command_prints_what_to_json_gives(capsys):
    words = ["run", "treaty-alliance", "--futures", "60", "--years", "1", "--seed", "3", "--set", "kc=0.01 GDP-month"]
    mine = bl.run("treaty-alliance", futures=60, years=1, seed=3, set={"kc": 0.01}).to_json()
    assert printed(capsys, *words, "--json") == json.loads(json.dumps(mine))
    assert mine["set"] == {"kc": {"value": 0.01, "unit": "GDP-month"}}
    assert mine["identity"]["hash"] == mine["hash"]


def test_all_futures_or_the_plausible_ones_the_summary_is_the_same():
    every = bl.run("treaty-alliance", futures=bl.futures(60, seed=3), years=1)
    kept = bl.run("treaty-alliance", futures=60, seed=3, years=1)
    assert len(every.measures) == 60
    assert every.to_json()["measures"] == kept.to_json()["measures"]
    assert every.to_json()["firings"] == kept.to_json()["firings"]


def test_a_result_is_frozen_shows_itself_and_writes_a_page_in_both_languages(one, tmp_path):
    with pytest.raises(FrozenInstanceError):
        one.years = 3
    html = one._repr_html_()
    assert "<table" in html
    assert one.hash in html
    english = one.report(tmp_path / "run.html").read_text(encoding="utf-8")
    spanish = one.report(tmp_path / "corrida.html", lang="es").read_text(encoding="utf-8")
    assert "What this rests on" in english
    assert "En qué se apoya" in spanish


def test_a_repr_escapes_what_a_strategy_is_called():
    text = bl.strategies["status-quo"].text
    title = next(line for line in text.splitlines() if line.startswith("title:"))
    mine = bl.Strategy.from_text(text.replace(title, 'title: {en: "<script>x", es: "<script>x"}'), "mine.yaml")
    assert "<script>" not in mine._repr_html_()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"strategy": "border-leverag"}, "Did you mean 'border-leverage'"),
        ({"strategy": "status-quo", "years": 99}, "99 years cannot be run"),
        ({"strategy": "status-quo", "start": "2027-13-01"}, "is not a date"),
        ({"strategy": "status-quo", "record": ["encunters"]}, "Did you mean 'encounters'"),
        ({"strategy": "status-quo", "set": {"kc": "0.01"}}, "has no unit"),
        ({"strategy": "status-quo", "set": {"kd": 1.0}}, "no parameter is called 'kd'"),
        ({"strategy": "status-quo", "modules": [int]}, "is no module of the model"),
    ],
)
def test_bad_input_is_one_error_with_its_cure(words, said, few):
    with pytest.raises(bl.InputError, match=said):
        bl.run(**{"years": 1, "futures": few, **words})


def test_all_faults_of_all_strategies_are_told_at_once():
    with pytest.raises(bl.InputError) as error:
        bl.compare(["border-leverag", "treaty-allianc"], futures=60)
    assert len(error.value.problems) == 2


@pytest.mark.parametrize(
    ("given", "low", "high"),
    [
        (("uniform", 0.005, 0.01), 0.005, 0.01),
        (("loguniform", 0.005, 0.01), 0.005, 0.01),
        (("triangular", 0.005, 0.006, 0.01), 0.005, 0.01),
        (0.007, 0.007, 0.007),
    ],
)
def test_an_own_distribution_moves_its_unknown_and_no_other(given, low, high):
    mine, shipped = bl.futures(64, seed=2, distributions={"kc": given}), bl.futures(64, seed=2)
    assert mine.frame["kc"].between(low, high).all()
    assert mine.frame.drop(columns="kc").equals(shipped.frame.drop(columns="kc"))
    assert mine.hash != shipped.hash
    assert "kc" in mine.identity.inputs["own"]["distributions"]
    assert mine.identity.inputs["set"]["kc"]["unit"] == "GDP-month"


def test_a_frozen_distribution_of_scipy_is_drawn_at_the_same_ranks():
    from scipy import stats

    beta = stats.beta(2, 5, loc=0.004, scale=0.01)
    mine = bl.futures(256, seed=2, distributions={"kc": beta})
    assert stats.kstest(mine.frame["kc"], beta.cdf).pvalue > 0.5  # a Sobol' sequence fits better than chance
    order = bl.futures(256, seed=2).frame["kc"]
    assert np.array_equal(np.argsort(mine.frame["kc"]), np.argsort(order))
    other = bl.futures(256, seed=2, distributions={"kc": stats.beta(2, 6, loc=0.004, scale=0.01)})
    assert other.hash != mine.hash


def test_weights_of_a_switch_are_kept():
    mine = bl.futures(400, seed=2, distributions={"institutions": {"fragile": 3, "durable": 1}})
    assert (mine.frame["institutions"] == "fragile").mean() == pytest.approx(0.75, abs=0.01)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"kd": ("uniform", 0, 1)}, "there is no unknown 'kd'"),
        ({"kc": ("uniform", 2, 1)}, "must rise"),
        ({"kc": ("unifrom", 1, 2)}, "there is no kind 'unifrom'"),
        ({"kc": ("uniform", 1)}, "takes 2 numbers"),
        ({"kc": ("loguniform", -1, 1)}, "above 0"),
        ({"kc": ("uniform", 0, float("inf"))}, "finite"),
        ({"institutions": "brittle"}, "it has no option 'brittle'"),
        ({"kc": "much"}, "give a tuple"),
    ],
)
def test_a_distribution_that_cannot_be_is_refused(given, said):
    with pytest.raises(bl.InputError, match=said):
        bl.futures(8, distributions=given)
