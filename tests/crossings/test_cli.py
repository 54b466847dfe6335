"""The commands as a user types them: what they print, how they end, what they leave behind."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from borderlab.cli.main import run
from borderlab.crossings.border.fitted import SHIPPED
from borderlab.crossings.border.places import LANE_CLASSES, crossings
from borderlab.crossings.outcomes import simulate as module
from tests.crossings.small_border import small_border

CASE = """\
title: {en: A stage at Pharr, es: Una etapa en Pharr}
period: {from: 2022-04-04, to: 2022-04-05}
restrictions:
  - {kind: add-stage, at: pharr, mode: truck, share: 100 %, places: 8 places, time: 50 min, source: press-texas-2022}
"""
fitted = pytest.mark.skipif(not SHIPPED.exists(), reason="the fitted table is not there")


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(module, "build_network", small_border)
    path = tmp_path / "case.yaml"
    path.write_text(CASE, encoding="utf-8")
    return path


def call(capsys: pytest.CaptureFixture[str], *words: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        run([str(word) for word in words])
    out = capsys.readouterr()
    return int(ended.value.code or 0), out.out, out.err


def test_simulate_prints_one_object_and_nothing_else(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = call(capsys, "crossings", "simulate", case, "--seed", 7, "--json")
    found = json.loads(out)
    assert status == 0
    assert found["seed"] == 7
    pharr = next(row for row in found["months"] if row["port"] == "2305" and row["mode"] == "truck")
    assert -12 < pharr["change_pct"] < -3  # two days of thirty, most of the trucks of these days
    again = json.loads(call(capsys, "crossings", "simulate", case, "--seed", 7, "--json")[1])
    assert again == found


def test_simulate_writes_the_folder_and_names_the_report(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = case.parent / "out"
    status, out, _ = call(capsys, "crossings", "simulate", case, "--out", folder, "--lang", "es")
    assert status == 0
    assert out.splitlines()[-1] == str(folder / "report.html")
    assert "Una etapa en Pharr" in out
    assert '<html lang="es">' in (folder / "report.html").read_text(encoding="utf-8")
    held = json.loads((folder / "simulation.json").read_text(encoding="utf-8"))
    assert held["hash"] in out
    assert (folder / "scenario.yaml").read_text(encoding="utf-8") == CASE
    # The same folder can be written again, and holds nothing else then.
    before = sorted(path.name for path in folder.iterdir())
    assert call(capsys, "crossings", "simulate", case, "--out", folder)[0] == 0
    assert sorted(path.name for path in folder.iterdir()) == before
    assert sorted(path.name for path in case.parent.iterdir()) == ["case.yaml", "out"]


def test_an_ordinary_week(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, out, _ = call(capsys, "crossings", "simulate", "--from", "2026-12-07", "--days", "7", "--json")
    found = json.loads(out)
    assert status == 0
    assert all(row["baseline"] == row["scenario"] for row in found["months"])
    assert found["simulated"]["days"] == 7


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["simulate"], "give either a scenario or --from"),
        (["simulate", "texas-2022", "--from", "2026-12-07"], "give either a scenario or --from"),
        (["simulate", "texas-2022", "--days", "3"], "--days goes with --from"),
        (["simulate", "texas-2002"], "Did you mean 'texas-2022'?"),
        (["simulate", "--from", "2012-12-07"], "lies outside the tables"),
        (["simulate", "--from", "2026-13-07"], "Invalid value for '--from'"),
        (["simulate", "--from", "2026-12-07", "--days", "0"], "--days is 0; 1 to"),
        (["simulate", "texas-2022", "--lang", "fr"], "there is no language 'fr'"),
        (["simulate", "texas-2022", "--sed", "1"], "No such option"),
        (["simulate", "nowhere.yaml"], "nowhere.yaml: cannot be read"),
        (["score", "--waits", "nowhere.csv"], "nowhere.csv"),
        (["calibrate", "--counts", "nowhere.csv", "--waits", "nowhere.csv"], "nowhere.csv"),
    ],
)
def test_bad_words_end_with_status_2_and_one_message(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    status, out, err = call(capsys, "crossings", *words)
    assert status == 2
    assert said in err
    assert out == ""
    assert "Traceback" not in err


def test_a_bad_file_is_told_in_full_and_writes_nothing(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case.write_text(CASE.replace("at: pharr", "at: phar").replace("100 %", "130 %"), encoding="utf-8")
    folder = case.parent / "out"
    status, out, err = call(capsys, "crossings", "simulate", case, "--out", folder)
    assert status == 2
    assert out == ""
    assert len(err.strip().splitlines()) == 2
    assert f"{case}:4: 'phar' is no crossing" in err
    assert not folder.exists()


def test_a_folder_of_the_users_own_is_left_alone(case: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, err = call(capsys, "crossings", "simulate", case, "--out", case.parent)
    assert status == 2
    assert "holds other files" in err
    assert case.read_text(encoding="utf-8") == CASE


def test_scenarios_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = call(capsys, "crossings", "scenarios")
    assert any(line.startswith("texas-2022 ") and "April 2022" in line for line in out.splitlines())
    _, out, _ = call(capsys, "crossings", "scenarios", "--json")
    assert {"id", "title", "from", "to"} <= set(json.loads(out)[0])


def test_the_schema_accepts_the_shipped_scenarios_words(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = call(capsys, "crossings", "schema")
    kinds = [kind["title"] for kind in json.loads(out)["properties"]["restrictions"]["items"]["oneOf"]]
    assert kinds[0] == "close"
    assert "add-stage" in kinds


@fitted
def test_list_names_every_crossing(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = call(capsys, "crossings", "list", "--json")
    rows = json.loads(out)
    assert [row["id"] for row in rows] == [place.id for place in crossings()]
    for row in rows:
        assert {"id", "name", "port", "modes", "lanes"} <= set(row)
        assert set(row["lanes"]) <= set(LANE_CLASSES)
    for lang, word in (("en", "entries a year"), ("es", "entradas al año")):
        _, text, _ = call(capsys, "crossings", "list", "--lang", lang)
        assert word in text.splitlines()[0]
        assert "* " in text.splitlines()[-1]
        assert len(text.splitlines()) == 3 + sum(len(row["modes"]) for row in rows)


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom borderlab.cli.main import run\n"
        "try: run(['crossings', '--help'])\nexcept SystemExit: pass\n"
        "heavy = {'numpy', 'numba', 'scipy', 'duckdb', 'vl_convert', 'ruamel'} & set(sys.modules)\n"
        "sys.exit(f'loaded: {heavy}' if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("first", "days"), [("9999-12-31", 7), ("9999-12-31", 1), ("9000-01-01", 1100), ("0001-01-01", 7)]
)
def test_a_period_at_the_ends_of_the_calendar_is_refused_in_words(
    capsys: pytest.CaptureFixture[str], first: str, days: int
) -> None:
    status, _, err = call(capsys, "crossings", "simulate", "--from", first, "--days", days)
    assert status == 2
    assert f"{first} lies outside the tables, which serve 2015-01-01 to 2030-12-31." in err
