"""What the options of a comparison may not do: be ignored, contradict each other, or leave folders behind."""

from __future__ import annotations

import json
import tempfile

import pytest

from borderlab.base.problems import InputError
from borderlab.cli.main import run
from borderlab.explore.answers import compare as room
from borderlab.explore.results.focus import read_pairs
from borderlab.explore.running.chosen import chosen_strategies
from borderlab.explore.running.store import JOURNAL, Store

SMALL = ["--futures", "300", "--years", "1", "--seed", "2", "--workers", "1"]
FEW = ["--futures", "20", "--years", "1", "--seed", "2", "--workers", "1"]


def command(capsys, *words):
    with pytest.raises(SystemExit) as left:
        run([str(word) for word in words])
    return left.value.code, *capsys.readouterr()


@pytest.fixture(scope="module")
def begun(tmp_path_factory):
    folder = tmp_path_factory.mktemp("options") / "run"
    plan = room.plan_of(chosen_strategies(["treaty-alliance"]), futures=300, years=1, seed=2)
    room.finish(room.run(plan, folder, workers=1))
    return folder


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--futures", "5000"], ["--futures is 5000; the run was begun with 300."]),
        (["--years", "30"], ["--years is 30; the run was begun with 1."]),
        (["--seed", "0"], ["--seed is 0; the run was begun with 2."]),
        (["--all"], ["the run was begun without --all."]),
        (["--chunk", "100"], ["--chunk is 100; the run was begun with 300."]),
        (["--futures", "2000", "--years", "10", "--seed", "1"], ["--futures is 2000", "--years is 10", "--seed is 1"]),
    ],
)
def test_resume_refuses_options_of_another_run_and_names_each(begun, capsys, words, said):
    """Values that are the defaults too: who types them means them."""
    before = (begun / JOURNAL).read_bytes()
    status, out, err = command(capsys, "compare", "--resume", begun, *words)
    assert (status, out) == (2, "")
    assert [one for one in said if one not in err] == []
    assert err.count("the run was begun") == len(said)
    assert "Leave it out to go on with that run" in err
    assert (begun / JOURNAL).read_bytes() == before


def test_resume_takes_the_same_options_and_those_that_only_read(begun, capsys):
    words = ["--futures", "300", "--years", "1.0", "--seed", "2", "--chunk", "300", "--thresholds", "arrivals=1"]
    status, out, _ = command(capsys, "compare", "--resume", begun, *words, "--json")
    assert status in (None, 0)
    assert json.loads(out)["futures"] == 300


@pytest.mark.parametrize(
    ("texts", "found"),
    [
        (["arrivals=2", "cost-us=1"], {"arrivals": 2.0, "trade.cost_us": 1.0}),
        (["arrivals=2,cost-us=1", " arrivals = 2.0 "], {"arrivals": 2.0, "trade.cost_us": 1.0}),
        (["cost-us=3", "trade.cost_us=3"], {"trade.cost_us": 3.0}),
        (["arrivals=1.5e4"], {"arrivals": 15_000.0}),
        ("arrivals=20 000", {"arrivals": 20_000.0}),
        ([], {}),
        (None, {}),
    ],
)
def test_repeated_options_are_taken_together(texts, found):
    assert read_pairs(texts, "--thresholds") == found


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        (["arrivals=2", "arrivals=3"], "arrivals is given twice, as 2 and 3. Give it once."),
        (["cost-us=1,trade.cost_us=2"], "trade.cost_us is given twice, as 1 and 2"),
        (["arrivals=20.000"], "the number of 'arrivals=20.000' can be read as 20 or as 20000. Write 20 or 20000."),
        (["arrivals=20,000"], "'000' is not measure=number. A comma parts measures"),
        (["arrivals=2,5"], "'5' is not measure=number. A comma parts measures"),
        (["arrivals=1e999"], "is too large a number"),
        (["arrivals=2 people"], "is not measure=number"),
        (["arrivals="], "is not measure=number"),
    ],
)
def test_what_contradicts_itself_or_reads_in_two_ways_is_refused(texts, said):
    with pytest.raises(InputError) as caught:
        read_pairs(texts, "--thresholds")
    assert said in str(caught.value)


def test_two_weights_on_the_command_line(begun, capsys):
    words = ["report", begun, "--weights", "arrivals=2", "--weights"]
    status, _, err = command(capsys, *words, "arrivals=3")
    assert status == 2
    assert "arrivals is given twice, as 2 and 3" in err
    assert command(capsys, *words, "cost-us=1")[0] in (None, 0)
    score = json.loads((begun / "results.json").read_text())
    assert score["weights"] == {"arrivals": 2.0, "trade.cost_us": 1.0}


def test_the_line_to_make_it_again_holds_every_digit(begun, capsys):
    from borderlab.api.commands import compare_command

    thresholds = {"trade.cost_us": 123456789.0, "arrivals": 1.125}
    words = compare_command(room.read(Store.open(begun), thresholds=thresholds), "en").split()
    text = words[words.index("--thresholds") + 1]
    assert read_pairs(text, "--thresholds") == {"trade.cost_us": 123456789.0, "arrivals": 1.125}


def test_a_run_that_gives_no_result_keeps_no_folder_and_more_futures_go_there(tmp_path, capsys):
    folder = tmp_path / "new"
    status, _, err = command(capsys, "compare", "treaty-alliance", *FEW, "--out", folder)
    assert status == 2
    assert "too few to say anything. Draw more with --futures" in err
    assert list(tmp_path.iterdir()) == []
    status, _, err = command(capsys, "compare", "treaty-alliance", *SMALL, "--out", folder)
    assert status in (None, 0), err
    assert (folder / "report.html").exists()


def test_a_folder_that_was_there_stays_and_a_run_in_it_too(tmp_path, capsys, begun):
    (tmp_path / "mine").mkdir()
    assert command(capsys, "compare", "treaty-alliance", *FEW, "--out", tmp_path / "mine")[0] == 2
    assert list((tmp_path / "mine").iterdir()) == []

    def held():
        return {path: path.read_bytes() for path in begun.rglob("*") if path.is_file() and path.name != ".lock"}

    before = held()
    status, _, err = command(capsys, "compare", "treaty-alliance", *FEW, "--out", begun)
    assert status == 2
    assert "holds another run" in err
    assert held() == before


def test_a_run_that_keeps_no_chunk_keeps_no_folder(tmp_path, monkeypatch):
    def dies(*_, **__):
        raise InputError("no worker")

    monkeypatch.setattr(room, "run_missing", dies)
    plan = room.plan_of(chosen_strategies(["treaty-alliance"]), futures=300, years=1, seed=2)
    with pytest.raises(InputError, match="no worker"):
        room.run(plan, tmp_path / "new", workers=1)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words", [["believe", "treaty-alliance", "--over", "status-quo", "--on", "arrivals"], ["sensitivity", "arrivals"]]
)
def test_a_question_leaves_nothing_behind_unless_asked(tmp_path, capsys, monkeypatch, words):
    (tmp_path / "here").mkdir()
    (tmp_path / "temporary").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    status, out, err = command(capsys, *words, *SMALL)
    assert status in (None, 0), err
    assert out
    assert list((tmp_path / "here").iterdir()) == []
    assert list((tmp_path / "temporary").iterdir()) == []
    assert command(capsys, *words, *SMALL, "--out", "kept")[1] == out
    assert (tmp_path / "here" / "kept" / JOURNAL).exists()
