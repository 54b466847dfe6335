"""The comparison from end to end on the real model, small: contract, sameness, resuming, reading, the page."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from borderlab.base.problems import InputError
from borderlab.explore.answers import compare as room
from borderlab.explore.answers import contract as results
from borderlab.explore.answers.findings import questions_between
from borderlab.explore.answers.sensitivity import what_moves
from borderlab.explore.answers.stories import Event, stories
from borderlab.explore.results.focus import measure_id, read_pairs
from borderlab.explore.running.arrays import read_arrays
from borderlab.explore.running.chosen import chosen_strategies, rebuild
from borderlab.explore.running.execute import run_missing
from borderlab.explore.running.store import Store
from borderlab.explore.running.workers import worker_of
from borderlab.report.comparison.over_time import ENDINGS, _event
from borderlab.report.comparison.page import build, years_on
from borderlab.report.comparison.wording import Words
from borderlab.strategy.file.library import shipped
from borderlab.strategy.file.parse import load_strategy
from borderlab.strategy.runtime.firings import Ending

IDS = ["border-leverage", "institutional-dialogue"]
SMALL = {"futures": 400, "years": 2, "seed": 3}


@pytest.fixture(scope="module")
def done(tmp_path_factory):
    folder = tmp_path_factory.mktemp("compare") / "run"
    store = room.run(room.plan_of(chosen_strategies(IDS), chunk=200, **SMALL), folder, workers=1)
    return room.finish(store)


@pytest.mark.parametrize("name", shipped())
def test_strategies_come_back_from_plain_values(name):
    strategy = load_strategy(name)
    assert rebuild(json.loads(json.dumps(strategy.as_dict()))) == strategy


def test_the_status_quo_is_always_there_and_first(done):
    assert done.comparison.ids == ["status-quo", *IDS]


def test_the_json_contract(done):
    found = results.contract(done.comparison, done.findings)
    assert set(found) == {"hash", "identity", "set", "futures", "plausible_share", "measures", "beliefs"}
    assert found["futures"] == 400
    assert 0 < found["plausible_share"] < 1
    for measure in found["measures"]:
        assert set(measure) == {"measure", "unit", "better", "strategies"}
        assert measure["better"] in ("up", "down")
        assert list(measure["strategies"]) == ["status-quo", *IDS]
        for figures in measure["strategies"].values():
            assert set(figures) == {"median", "p05", "p95", "regret_p90", "regret_max", "satisficing"}
            assert figures["p05"] <= figures["median"] <= figures["p95"]
            assert 0 <= figures["regret_p90"] <= figures["regret_max"]
        assert min(figures["regret_max"] for figures in measure["strategies"].values()) >= 0
    for belief in found["beliefs"]:
        keys = {"strategy", "over", "measure", "box", "coverage", "density", "mass", "out_of_sample"}
        assert set(belief) == keys | {"shares", "shares_in_box"}
        for shares in (belief["shares"], belief["shares_in_box"]):
            assert sum(shares.values()) == pytest.approx(1)
        for entry in belief["box"]:
            assert {"parameter", "low", "high", "unit", "grade"} <= set(entry)


def test_figures_are_those_of_the_model_run_directly(done):
    from borderlab.model.futures.futures import draw_futures
    from borderlab.model.history.history_match import plausible
    from borderlab.model.run.run import run

    futures = draw_futures(400, 3)
    kept = futures.take(plausible(futures).mask)
    arrivals = run(load_strategy("border-leverage"), kept, years=2).measures["arrivals"]
    assert done.comparison.values["arrivals"][1].tolist() == arrivals.tolist()
    assert done.comparison.standing["arrivals"][1].median == pytest.approx(float(np.median(arrivals)))


@pytest.fixture(scope="module")
def six(tmp_path_factory):
    """All shipped strategies, in two chunks: some found programmes by rule, some never do."""
    folder = tmp_path_factory.mktemp("six") / "run"
    return room.read(room.run(room.plan_of(chosen_strategies([]), chunk=200, **SMALL), folder, workers=1))


COMPANIES = {
    "alone and in pairs": [
        ["treaty-alliance"],
        ["unilateral-first", "institutional-dialogue"],
        ["shared-security", "border-leverage"],
    ],
    "the other way round": [list(reversed(shipped()))],
}


@pytest.mark.parametrize("company", COMPANIES)
def test_company_order_chunks_and_workers_change_nothing(six, tmp_path, company):
    for number, words in enumerate(COMPANIES[company]):
        plan = room.plan_of(chosen_strategies(words), chunk=(400, 133, 77)[number % 3], **SMALL)
        other = room.read(room.run(plan, tmp_path / str(number), workers=1 + number % 2))
        assert other.index.tolist() == six.index.tolist()
        assert other.drawn_values.tobytes() == six.drawn_values.tobytes()
        for place, id_ in enumerate(other.ids):
            there = six.ids.index(id_)
            for name, values in other.values.items():
                assert values[place].tobytes() == six.values[name][there].tobytes(), (id_, name)
            for name, course in other.course.items():
                assert course[place].tobytes() == six.course[name][there].tobytes(), (id_, name)
            for kind in ("in_force", "first", "weeks", "firings"):
                ours, theirs = getattr(other, kind)[place], getattr(six, kind)[there]
                assert sorted(ours.T.tolist()) == sorted(theirs.T.tolist()), (id_, kind)


def test_the_list_of_strategies_holds_some_that_found_programmes_by_rule(six):
    founders = [
        place for place, strategy in enumerate(six.strategies) if any(rule.programme_steps for rule in strategy.rules)
    ]
    assert {"treaty-alliance", "institutional-dialogue"} <= {six.ids[place] for place in founders}
    assert all((six.first[place] >= 0).any() for place in founders)


def test_strategies_run_together_or_apart_give_the_same_comparison(six, tmp_path):
    plan = replace(room.plan_of(chosen_strategies([]), chunk=400, **SMALL), apart=None)
    together = room.read(room.run(plan, tmp_path / "together", workers=1))
    assert together.hash == six.hash
    for name, values in together.values.items():
        assert values.tobytes() == six.values[name].tobytes()
    assert [one.tolist() for one in together.in_force] == [one.tolist() for one in six.in_force]


def test_workers_give_identical_files(done, tmp_path):
    plan = done.store.plan
    store = room.run(plan, tmp_path / "two", workers=2)
    room.finish(store)
    for path in sorted(done.store.folder.rglob("*")):
        if path.is_file():
            assert path.read_bytes() == (tmp_path / "two" / path.relative_to(done.store.folder)).read_bytes(), path.name


def test_a_finished_run_is_found_again_and_a_lost_chunk_is_made_again(done, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(done.store.folder, folder)
    path = folder / "chunks" / "00001.npz"
    before = path.read_bytes()
    path.unlink()
    store = Store.open(folder)
    with pytest.raises(InputError, match="not finished"):
        room.read(store)
    run_missing(store, workers=1)
    assert path.read_bytes() == before


def test_tables_hold_what_results_hold(done):
    import duckdb

    folder = done.store.folder / "tables"
    count = len(done.comparison.index)
    runs = duckdb.sql(f"select strategy, median(arrivals), count(*) from '{folder}/runs.parquet' group by 1").fetchall()
    for id_, median, rows in runs:
        standing = done.comparison.standing["arrivals"][done.comparison.ids.index(id_)]
        assert (rows, median) == (count, pytest.approx(standing.median))
    ((drawn,),) = duckdb.sql(f"select count(*) from '{folder}/futures.parquet'").fetchall()
    assert drawn == count


def test_netcdf_has_names_and_units(done, tmp_path):
    xarray = pytest.importorskip("xarray")
    from borderlab.explore.results.frames import write_netcdf

    write_netcdf(done.comparison, tmp_path / "results.nc")
    with xarray.open_dataset(tmp_path / "results.nc", engine="scipy") as data:
        assert data["arrivals"].attrs["unit"] == "people/month"
        assert data["arrivals"].dims == ("strategy", "future")
        assert data.attrs["hash"] == done.comparison.hash


def test_users_thresholds_and_weights(done):
    own = room.read(done.store, weights={"arrivals": 2.0, "trade.cost_us": 1.0}, thresholds={"arrivals": 1e9})
    assert [one.satisficing for one in own.standing["arrivals"]] == [1.0, 1.0, 1.0]
    assert own.scores.shape == (3, len(own.index))
    assert own.scores.min() >= 0
    assert own.scores.max() <= 1
    assert done.comparison.scores is None


def test_words_of_the_command_line_are_checked():
    assert measure_id("cost-us") == "trade.cost_us"
    with pytest.raises(InputError, match="Did you mean 'arrivals'"):
        measure_id("arrival")
    with pytest.raises(InputError) as error:
        read_pairs("arrivals=x, cost-us=-1, nothing=2", "--weights")
    assert len(error.value.problems) == 3
    with pytest.raises(InputError, match="futures"):
        room.plan_of(chosen_strategies(IDS), futures=3)


def test_believe_asks_each_measure_and_then_all_at_once(done):
    found = questions_between(done.comparison, *IDS, ["arrivals", "trade.cost_us"], seed=3)
    assert [one.measure for one in found] == ["arrivals", "trade.cost_us", "arrivals + trade.cost_us"]
    assert found[2].base <= min(found[0].base, found[1].base)
    assert found[2].worse <= min(found[0].worse, found[1].worse)
    turned = questions_between(done.comparison, *reversed(IDS), ["arrivals"], seed=3)[0]
    assert (turned.base, turned.worse) == (found[0].worse, found[0].base)
    assert turned.neither == pytest.approx(found[0].neither)
    with pytest.raises(InputError, match="with itself"):
        questions_between(done.comparison, IDS[0], IDS[0], ["arrivals"], seed=3)


def test_a_tie_is_measured_on_the_two_strategies_whoever_else_is_compared(done):
    from borderlab.explore.answers.beliefs import margin_of
    from borderlab.explore.answers.change import change
    from borderlab.explore.answers.findings import ask

    comparison = done.comparison
    for measure in ("trade.cost_us", "mx.effort_security"):
        values = comparison.values[measure]
        gain = (values[2] - values[0]) * (1 if comparison.better(measure) == "up" else -1)
        tie = margin_of(values[[0, 2]])
        wanted = float((gain > tie).mean())
        assert ask(comparison, 2, [0], measure, seed=3).base == pytest.approx(wanted)
        found = change(comparison, measure, 2)
        assert found.share == pytest.approx(wanted)
        middle = float(np.median(gain))
        assert found.sign == ("▲" if middle > tie else "▼" if middle < -tie else "≈")
    # Border leverage spreads the cost over billions: that must not make a tie of what the third strategy does.
    cost = comparison.values["trade.cost_us"]
    assert margin_of(cost) > 10 * margin_of(cost[[0, 2]])


def test_a_rule_is_in_force_at_least_as_often_as_each_and_at_most_as_all_together(done):
    from borderlab.explore.results.force import any_in_force

    for place, strategy in enumerate(done.comparison.strategies):
        share = any_in_force(done.comparison, place)
        acting = [n for n, rule in enumerate(strategy.rules) if rule.lever_actions]
        if not acting:
            assert not share.any()
            continue
        each = done.comparison.in_force[place][acting]
        kept = len(done.comparison.index)
        assert (share >= each.max(axis=0) - 1 / kept).all()
        assert (share <= np.minimum(each.sum(axis=0), 1) + 0.35).all()  # a block of weeks counts if any of them does
        assert share.max() > 0


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("width", [80, 100])
def test_the_printed_comparison_fits_the_terminal_and_says_what_it_stands_on(done, lang, width, monkeypatch):
    from borderlab.report.comparison.text import lines

    monkeypatch.setenv("COLUMNS", str(width))
    printed = lines(done, lang)
    assert max(map(len, printed)) <= width
    text = " ".join(" ".join(printed).split())
    for words in {
        "en": ("This is not a forecast", "are judged, not measured", "400 drawn (seed 3)", "are plausible"),
        "es": ("Esto no es un pronóstico", "son a juicio, no medidas", "400 sorteados (semilla 3)", "son plausibles"),
    }[lang]:
        assert words in text
    assert done.comparison.hash in text


def test_stories_are_ordered_by_gain_and_their_events_by_time(done):
    told = {one.kind: one for one in stories(done.comparison, 1)}
    assert told["backfires"].gain <= told["typical"].gain <= told["works"].gain
    for one in told.values():
        days = [event.begin for event in one.events]
        assert days == sorted(days)
        fired = (done.comparison.first[1][:, one.place] >= 0).sum()
        assert len({event.rule for event in one.events}) == fired


def test_sensitivity_names_the_drift_of_arrivals_for_arrivals(done):
    found = what_moves(done.comparison, load_strategy("status-quo"), "arrivals", sobol=False, base=16, seed=1)
    assert found.screened.index.max() <= 1
    assert all(name in found.screened.names for name, _, _ in found.strongest())


@pytest.fixture(scope="module")
def pages(done, tmp_path_factory):
    from borderlab.report.comparison.page import write_report

    folder = tmp_path_factory.mktemp("pages")
    paths = {lang: write_report(done, folder / f"{lang}.html", lang, "borderlab compare") for lang in ("en", "es")}
    return {lang: path.read_text(encoding="utf-8") for lang, path in paths.items()}


def test_eight_sections_in_order(pages):
    wanted = ["who-wins", "trade-offs", "robustness", "believe", "over-time", "at-the-border", "what-matters",
              "what-this-stands-on"]  # fmt: skip
    for text in pages.values():
        assert re.findall(r'<section[^>]* id="([a-z-]+)"', text) == wanted


def test_small_offline_and_with_its_hash(pages, done):
    for text in pages.values():
        assert len(text.encode()) < 6e6
        assert not re.search(r'(src|href)="https?://', re.sub(r'<a [^>]*href="[^"]*"', "", text))
        assert done.comparison.hash in text


def test_no_single_score_unless_weights_are_given(pages):
    assert "Weighted score" not in pages["en"]


def test_ties_are_explained_and_figures_feign_no_precision(pages):
    results_, ground = pages["en"].split('id="what-this-stands-on"')
    text = re.sub(r"<script.*?</script>|<style.*?</style>|<[^>]+>", " ", results_, flags=re.S)
    assert "counts as not better" in text
    assert "A tie does not count as better" in text
    assert "`" not in text + ground.split("<script")[0]
    figures = set(re.findall(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])", text))
    assert figures
    assert not [one for one in figures if len(one.replace(",", "").rstrip("0")) > 3]


def test_never_a_forecast(pages):
    assert "This is not a forecast" in pages["en"]
    assert "Esto no es un pronóstico" in pages["es"]


def test_spanish_down_to_the_last_label(pages):
    text = pages["es"]
    english = ["Median", "Strategy", "Status quo", "judged", "plausible futures", "status quo", "Irregular arrivals",
               "people/month", "per cent", "Border leverage", "Mexico's", "in force", "United States"]  # fmt: skip
    text = re.sub(r"<footer.*?</footer>", "", text, flags=re.S)  # titles of sources stay as they were published
    charts = "".join(re.findall(r'<script type="application/json".*?</script>', text, flags=re.S))
    shown = re.sub(r"<script.*?</script>|<style.*?</style>|<[^>]+>", " ", text, flags=re.S)
    assert len(charts) > 10_000
    for word in english:
        assert not re.search(rf"\b{word}\b", charts), word
        found = re.search(rf".{{40}}\b{word}\b.{{40}}", shown)
        assert not found, found and found[0]


def test_every_ending_of_a_rule_has_words_of_its_own(done):
    """A step of a programme was told as 'ended', as if a measure had been lifted."""
    assert set(ENDINGS) == set(Ending)
    assert len(set(ENDINGS.values())) == len(Ending)
    rule = done.comparison.strategies[1].rules[0]
    day = date(2027, 3, 1)
    for lang, end in (("en", "orders is done."), ("es", "se hace lo que ordena")):
        told = _event(Words(done.comparison, lang), rule, Event(rule.id, day, day, day, Ending.DONE))
        assert end in told


def test_a_chunk_with_an_ending_that_there_is_not_is_refused(done):
    worker = worker_of(done.store.plan.worker)
    work = done.store.plan.work(1)[1:]
    arrays = read_arrays(done.store.chunk_path(1), lambda found: None)
    worker.check(*work, arrays)
    assert arrays["firings.0"].shape[1]
    arrays["firings.0"][5, 0] = len(Ending)
    with pytest.raises(ValueError, match="the firings of strategy 1"):
        worker.check(*work, arrays)


def test_a_comparison_from_29_february_has_its_page(done):
    """Ten years on there is no 29 February."""
    inputs = {**done.comparison.inputs, "start": "2028-02-29", "years": 10}
    page = build(replace(done, comparison=replace(done.comparison, inputs=inputs)), "en", "borderlab compare")
    assert "29 February 2028 to 28 February 2038" in page.html()
    assert years_on(date(2028, 2, 29), 4) == date(2032, 2, 29)
