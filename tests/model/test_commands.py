"""The commands: contracts of the JSON, text in both languages, one future told, bad input."""

import ast
import json
import re
from pathlib import Path

import polib
import pytest

import borderlab
from borderlab.cli.main import run as command
from borderlab.evidence.tables.indicator import indicators
from borderlab.evidence.tables.lever import levers
from borderlab.language.translate import translator
from borderlab.report.story.future import _FALLS, _RISES

PACKAGE = Path(borderlab.__file__).parent
TELLING = [PACKAGE / "report" / "story" / f"{name}.py" for name in ("run", "future", "rules", "hindcast", "wording")]


def call(capsys, *words: str, status: int = 0) -> tuple[str, str]:
    with pytest.raises(SystemExit) as end:
        command(list(words))
    captured = capsys.readouterr()
    assert (end.value.code or 0) == status, captured.err
    return captured.out, captured.err


def test_run_json_keeps_its_contract(capsys, tmp_path):
    words = ("run", "institutional-dialogue", "--years", "1", "--futures", "60", "--seed", "3", "--json")
    out, _ = call(capsys, *words, "--out", str(tmp_path / "result"))
    found = json.loads(out)
    assert {"hash", "futures", "plausible_share", "measures", "firings"} <= set(found)
    assert any("not a forecast" in note for note in found["notes"])
    assert "kc" in found["judged"]
    assert found["futures"] == 60
    assert 0 < found["plausible_share"] < 1
    for id_, row in found["measures"].items():
        assert set(row) == {"unit", "median", "p05", "p95", "baseline_median"}
        assert row["unit"] == indicators()[id_].unit
        assert row["p05"] <= row["median"] <= row["p95"]
    for row in found["firings"]:
        assert set(row) == {"rule", "share_of_futures", "median_first_date", "median_weeks_in_force"}
    again, _ = call(capsys, *words)
    assert json.loads(again) == found
    assert json.loads((tmp_path / "result" / "run.json").read_text()) == found
    notes = (tmp_path / "result" / "notes.txt").read_text()
    for word in ("plausible", "judged", "not a forecast", found["hash"]):
        assert word in notes
    assert (tmp_path / "result" / "measures.csv").read_text().startswith("id,name_en,name_es,unit,")


def test_the_status_quo_is_its_own_baseline(capsys):
    out, _ = call(capsys, "run", "status-quo", "--years", "0.5", "--futures", "60", "--json")
    for row in json.loads(out)["measures"].values():
        assert row["median"] == row["baseline_median"]


@pytest.mark.parametrize(("lang", "word"), [("en", "This is not a forecast"), ("es", "Esto no es un pronóstico")])
def test_run_says_what_it_rests_on(capsys, lang, word):
    out, _ = call(capsys, "run", "treaty-alliance", "--years", "0.5", "--futures", "60", "--all", "--lang", lang)
    assert word in out
    assert re.search(r"60 (drawn|sorteados)", out)


def test_a_future_is_told_with_dates(capsys):
    words = ("run", "institutional-dialogue", "--years", "3", "--futures", "30", "--explain", "17")
    out, _ = call(capsys, *words)
    assert "4 January 2027" in out
    assert "applies" in out
    assert "This is not a forecast" in out
    spanish, _ = call(capsys, *words, "--lang", "es")
    assert "4 de enero de 2027" in spanish


def test_hindcast_json_keeps_its_contract(capsys):
    out, _ = call(capsys, "hindcast", "--draws", "256", "--json")
    found = json.loads(out)
    assert set(found) == {"draws", "accepted_share", "facts"}
    assert found["draws"] == 256
    assert len(found["facts"]) == 8
    for fact in found["facts"]:
        assert set(fact) == {"id", "pass_share", "observed", "model"}
        assert set(fact["model"]) == {"p05", "median", "p95"}
    one, _ = call(capsys, "hindcast", "2022", "--draws", "256", "--json")
    assert [fact["id"] for fact in json.loads(one)["facts"]] == ["cost"]


@pytest.mark.parametrize("episode", ["2018", "2019", "2022", "2025", "control"])
def test_hindcast_sets_the_model_beside_the_record(capsys, episode):
    for lang, word in (("en", "record"), ("es", "registro")):
        out, _ = call(capsys, "hindcast", episode, "--draws", "128", "--lang", lang)
        assert word in out
        assert "%" in out


def test_indicators_are_listed(capsys):
    out, _ = call(capsys, "indicators", "--json")
    rows = json.loads(out)["indicators"]
    assert {row["id"] for row in rows} == set(indicators())
    text, _ = call(capsys, "indicators", "--observable", "--lang", "es")
    assert "Encuentros entre puertos" in text
    assert "smuggler_adaptation" not in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("run", "status-quo", "--futures", "0"), "cannot be drawn"),
        (("run", "status-quo", "--years", "99"), "cannot be run"),
        (("run", "status-quo", "--start", "soon"), "not a date"),
        (("run", "status-quo", "--lang", "fr"), "no language 'fr'"),
        (("run", "status-quo", "--explain", "2000"), "no future 2000"),
        (("run", "status-quo", "--futures", "1", "--seed", "3"), "none of 1 futures"),
        (("hindcast", "2109"), "no episode is called '2109'"),
    ],
)
def test_bad_input_is_one_message_and_status_2(capsys, words, message):
    out, err = call(capsys, *words, status=2)
    assert out == ""
    assert message in err
    assert "Traceback" not in err


def _literals() -> set[str]:
    """Every text given to ``tr`` where the model is told and in its commands."""
    found = set()
    for path in [*TELLING, PACKAGE / "cli" / "model.py"]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tr":
                found |= {part.value for part in ast.walk(node.args[0]) if isinstance(part, ast.Constant)}
    return {text for text in found if isinstance(text, str)}


def test_every_word_has_its_spanish():
    tr = translator("model", "es")
    known = {entry.msgid: entry.msgstr for entry in polib.pofile(str(PACKAGE / "language/locale/es/model.po"))}
    units = {row.unit for row in (*indicators().values(), *levers().values())} - {"share"}
    for text in sorted(_literals() | {*_RISES.values(), *_FALLS.values()} | units):
        if text in ("up", "down", "context"):
            continue
        assert tr(text, **dict.fromkeys(re.findall(r"{(\w+)}", text), "x")), text
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", known.get(text, text)))


@pytest.mark.parametrize("start", ["9999-06-01", "9999-12-31", "0001-01-01", "1899-12-31", "2201-01-01"])
@pytest.mark.parametrize("more", [[], ["--explain", "0"], ["--years", "0.02"]])
def test_a_start_at_the_ends_of_the_calendar_is_refused_in_words(capsys, start, more):
    out, err = call(capsys, "run", "status-quo", "--futures", "50", "--start", start, *more, status=2)
    assert f"a run cannot start on {start}; from 1900-01-01 to 2200-12-31 it can." in err
    assert "Traceback" not in out + err


def test_a_threat_of_a_century_in_the_last_run_of_all_has_its_date(capsys, tmp_path):
    path = tmp_path / "long.yaml"
    path.write_text(
        "schema: borderlab/strategy/1\nid: long\ntitle: {en: L, es: L}\ngist: {en: l, es: l}\nrules:\n"
        "  - id: r\n    when: {after: 0001-01-01}\n    threaten: {for: 100 years}\n"
        "    do: {lever: us.tariff, to: 5 %}\n    until: {before: 0001-01-01}\n"
    )
    words = ["run", path, "--futures", "1", "--start", "2200-12-31", "--years", "0.1", "--explain", "0"]
    out, _ = call(capsys, *map(str, words))
    assert "announces for 2 January 2301" in out


@pytest.mark.parametrize("start", ["2028-02-29", "2199-02-28"])
def test_a_run_from_the_end_of_february(capsys, start):
    out, _ = call(capsys, "run", "status-quo", "--futures", "50", "--start", start, "--years", "1", "--json")
    assert json.loads(out)["futures"] == 50
