"""The commands as a user types them: interrupted and resumed, believe, sensitivity, improve, bad words."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time

import pytest

from borderlab.cli.main import run

RUN = [sys.executable, "-c", "from borderlab.cli.main import run; run()"]


def command(capsys, *words):
    with pytest.raises(SystemExit) as left:
        run([str(word) for word in words])
    return left.value.code, *capsys.readouterr()


def test_ctrl_c_leaves_a_run_that_goes_on(tmp_path, capsys):
    folder = tmp_path / "run"
    words = ["compare", "institutional-dialogue", "--futures", "1000", "--years", "2", "--chunk", "100"]
    # A shell that starts the tests in the background has them ignore Ctrl-C, and children inherit that.
    process = subprocess.Popen(
        [*RUN, *words, "--workers", "1", "--out", str(folder)],
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    while not list(folder.glob("chunks/*.npz")) and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert f"borderlab compare --resume {folder}" in err
    assert not list(folder.rglob("*.part"))
    status, out, err = command(capsys, "compare", "--resume", folder, "--json")
    assert status in (None, 0)
    assert json.loads(out)["futures"] == 1000
    assert (folder / "report.html").exists()


@pytest.fixture(scope="module")
def small():
    return ["--futures", "300", "--years", "1", "--seed", "2", "--workers", "1"]


def test_believe_in_words_and_json(tmp_path, capsys, small):
    words = [
        "believe",
        "treaty-alliance",
        "--over",
        "status-quo",
        "--on",
        "institutions",
        "--out",
        tmp_path / "run",
        *small,
    ]
    _, text, _ = command(capsys, *words, "--lang", "es", "--tree")
    assert "Alianza por tratado" in text
    assert "Árbol" in text
    assert "no cuenta como mejor" in " ".join(text.split())
    assert "Esto no es un pronóstico" in text
    _, out, _ = command(capsys, *words, "--json")
    found = json.loads(out)
    assert found["beliefs"][0]["over"] == "status-quo"
    assert 0 <= found["beliefs"][0]["share"] <= 1


def test_sensitivity_marks_judged_unknowns(tmp_path, capsys, small):
    _, out, _ = command(capsys, "sensitivity", "arrivals", "--out", tmp_path / "run", *small)
    assert "Irregular arrivals" in out
    assert "†" in out


def test_sobol_indices_of_the_model_sum_to_no_more_than_chance_allows(tmp_path, capsys, small):
    pytest.importorskip("SALib")
    words = ["sensitivity", "arrivals", "--out", tmp_path / "run", *small, "--sobol", "--base", "32", "--json"]
    _, out, _ = command(capsys, *words)
    indices = json.loads(out)["sobol"]
    assert indices[-1]["parameter"] == "all other unknowns" or any(
        one["parameter"] == "all other unknowns" for one in indices
    )
    assert all(-1 < one["S1"] < 1.5 for one in indices)


def test_improve_writes_strategies_that_can_be_compared(tmp_path, capsys):
    pytest.importorskip("pymoo")
    from borderlab.strategy.file.parse import load_strategy

    words = ["improve", "institutional-dialogue", "--on", "institutions,budget-us", "--futures", "300", "--years", "1"]
    _, out, _ = command(capsys, *words, "--rounds", "1", "--size", "4", "--out", tmp_path / "front", "--json")
    found = json.loads(out)
    assert found["front"]
    for one in found["front"]:
        assert load_strategy(tmp_path / "front" / f"{one['id']}.yaml").id == one["id"]
        assert set(one["unseen"]) == {"institution_level", "budget.us"}
    assert json.loads((tmp_path / "front" / "front.json").read_text()) == found


def test_improve_does_not_write_among_a_users_own_files(tmp_path, capsys):
    (tmp_path / "institutional-dialogue-1.yaml").write_text("mine")
    status, _, err = command(capsys, "improve", "institutional-dialogue", "--out", tmp_path)
    assert status == 2
    assert "the folder holds other files" in err
    assert [path.name for path in tmp_path.iterdir()] == ["institutional-dialogue-1.yaml"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["compare", "status-qou"], "Did you mean 'status-quo'"),
        (["compare", "status-quo"], "nothing to compare"),
        (["compare", "--futures", "3"], "--futures is 3"),
        (["compare", "--years", "40"], "--years is 40. Give 1 to 30"),
        (["compare", "--thresholds", "arrivals=nan"], "arrivals is nan. Give a finite number"),
        (["compare", "--weights", "arrivals=inf"], "arrivals is inf. Give a finite number"),
        (["compare", "--weights", "arrivals=0"], "A weight must be above 0"),
        (["believe", "border-leverage", "--over", "status-quo", "--on", ""], "no measure is named"),
        (["compare", "--weights", "arrivals"], "is not measure=number"),
        (["compare", "--resume", "nowhere"], "there is no such folder"),
        (["report", "nowhere"], "there is no such folder"),
        (["believe", "border-leverage", "--over", "border-leverage"], "cannot be compared with itself"),
        (["sensitivity", "arivals"], "Did you mean 'arrivals'"),
        (["improve", "border-leverage", "--on", "fentanil"], "Did you mean 'fentanyl'"),
    ],
)
def test_bad_words_are_answered_with_a_cure_and_status_two(tmp_path, monkeypatch, capsys, words, said):
    monkeypatch.chdir(tmp_path)
    status, out, err = command(capsys, *words)
    assert (status, out) == (2, "")
    assert said in err
    assert not list(tmp_path.iterdir())


def test_few_plausible_futures_are_said_to_be_few_and_json_stands_alone(tmp_path, capsys):
    words = ["compare", "institutional-dialogue", "--futures", "60", "--years", "1", "--out", tmp_path / "run"]
    _, text, _ = command(capsys, *words)
    assert "futures are plausible: every figure is rough" in text
    assert "every figure is rough" in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    _, out, _ = command(capsys, *words, "--json")

    def refuse(word):
        raise AssertionError(word)

    assert set(json.loads(out, parse_constant=refuse)) == {
        "hash",
        "identity",
        "set",
        "futures",
        "plausible_share",
        "measures",
        "beliefs",
    }
    full = json.loads((tmp_path / "run" / "results.json").read_text(encoding="utf-8"), parse_constant=refuse)
    assert full["run"]["few"] is True
    for one in full["questions"]:
        assert one["share"] + one["neither"] + one["worse"] == pytest.approx(1)
