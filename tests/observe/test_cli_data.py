"""The commands: contracts of the JSON, exit status, one message for bad input."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from borderlab.cli.main import run

HEADER = "Port Name,State,Port Code,Border,Date,Measure,Value,Latitude,Longitude,Point\n"
CSV = HEADER + "Laredo,Texas,2304,US-Mexico Border,Jan 1997,Trucks,5,1,2,P\n" * 2


@pytest.fixture
def command(home: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def call(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            run(list(words))
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return call


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    path = tmp_path / "f.csv"
    path.write_text(CSV)
    return path


def test_import_contract(command: Any, csv: Path) -> None:
    status, out, err = command("data", "import", str(csv), "--json")
    assert (status, err) == (0, "")
    found = json.loads(out)
    assert set(found) == {"files"}
    row = found["files"][0]
    assert set(row) == {
        "file", "dataset", "rows_read", "rows_kept", "rows_corrected", "rows_refused", "first_period", "last_period",
        "anomalies",
    }  # fmt: skip
    assert (row["dataset"], row["rows_read"], row["rows_kept"], row["rows_refused"]) == ("bts-crossings", 2, 1, 1)
    assert (row["first_period"], row["last_period"]) == ("1997-01", "1997-01")
    assert row["anomalies"][0]["kind"] == "duplicate"
    assert command("data", "import", str(csv), "--json")[1] == out  # the second time says the same
    assert "already" in command("data", "import", str(csv))[1]


def test_show_contract(command: Any, csv: Path) -> None:
    command("data", "import", str(csv), "--vintage", "2020-02-03")
    for name in ("entries.trucks", "bts-crossings"):
        found = json.loads(command("data", "show", name, "--to", "1999", "--json")[1])
        assert len(found["rows"]) == 1
        row = found["rows"][0]
        assert {"period", "dimensions", "value", "unit", "source", "vintage"} <= set(row)
        assert (row["period"], row["value"], row["source"], row["vintage"]) == (
            "1997-01", 5.0, "bts-border-crossings", "2020-02-03",
        )  # fmt: skip
    part = json.loads(
        command("data", "show", "entries.trucks", "--where", "port_code=2304", "--to", "1999", "--json")[1]
    )
    assert part["rows"][0]["dimensions"] == {"port_code": "2304"}
    assert "1997-01" in command("data", "show", "entries.trucks")[1]


def test_list_gaps_and_values(command: Any, csv: Path) -> None:
    command("data", "import", str(csv))
    found = json.loads(command("data", "list", "--json")[1])
    bts = next(row for row in found["datasets"] if row["id"] == "bts-crossings")
    assert bts["imports"][0]["rows"] == 1
    assert {"encounters"} <= {name for row in found["series"] for name in row["indicators"]}
    words = ("data", "gaps", "entries.trucks", "--where", "port_code=2304", "--json")
    assert json.loads(command(*words)[1])["gaps"][0]["first"] == "1997-02"
    value = json.loads(
        command("indicators", "value", "encounters", "--from", "2019-05", "--to", "2019-05", "--json")[1]
    )
    assert [(row["period"], row["value"]) for row in value["rows"]] == [("2019-05", 132_856.0)]
    assert value["official_series"] == "usbp.encounters"
    for words in (["data", "list"], ["data", "gaps", "entries.trucks"], ["indicators", "value", "encounters"]):
        assert command(*words)[0] == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["data", "import", "absent.csv"], "no such file"),
        (["data", "show", "entries.truck"], "Did you mean 'entries.trucks'"),
        (["data", "show", "../../etc/passwd"], "no series"),
        (["data", "show", "entries.trucks", "--from", "soon"], "no month"),
        (["data", "show", "entries.trucks", "--where", "port_code"], "column=value"),
        (["data", "show", "entries.trucks", "--where", "colour=red"], "no 'colour'"),
        (["data", "show", "cbp-drugs"], "nothing of cbp-drugs was imported"),
        (["data", "gaps", "nothing"], "no series"),
        (["data", "fetch", "bts", "--from-url", "http://example.org/x"], "not on this machine"),
        (["data", "fetch", "moon"], "no address"),
        (["indicators", "value", "backlash"], "no official series"),
        (["effect", "nothing", "--on", "encounters"], "no episode"),
        (["effect", "tariff-2019", "--on", "encounters", "--lang", "fr"], "no language"),
        (["backtest", "no-such-strategy"], "no-such-strategy"),
        (["crossings", "watch", "--once", "--from-url", "http://127.0.0.1:9/x"], "cannot be reached"),
    ],
)
def test_bad_input_is_one_message_and_status_2(command: Any, home: Path, words: list[str], said: str) -> None:
    status, out, err = command(*words)
    assert (status, out) == (2, "")
    assert said in err
    assert err.count("error:") == 1
    assert "Traceback" not in err
    assert not list(home.rglob("*.parquet"))


def test_fetch_and_watch(command: Any, serve: Callable[..., str]) -> None:
    feed = [
        {
            "port_number": "250401", "date": "4/8/2026", "time": "14:20:31",
            "passenger_vehicle_lanes": {
                "standard_lanes": {
                    "update_time": "At 2:00 pm PDT", "operational_status": "delay", "delay_minutes": "45",
                    "lanes_open": "12",
                }
            },
        }
    ]  # fmt: skip
    root = serve(
        {
            "/bts": (200, {"Content-Type": "text/csv"}, CSV.encode()),
            "/wait": (200, {"Content-Type": "application/json"}, json.dumps(feed).encode()),
        }
    )
    found = json.loads(command("data", "fetch", "bts", "--from-url", f"{root}/bts", "--json")[1])
    assert found["files"][0]["rows_kept"] == 1
    status, out, _ = command("crossings", "watch", "--once", "--from-url", f"{root}/wait")
    assert (status, out) == (0, "2026-04-08T14:00  1 readings, 0 lanes without one\n")
    waits = json.loads(command("data", "show", "cbp-waits", "--json")[1])["rows"]
    assert [(row["period"], row["value"]) for row in waits] == [("2026-04-08T14:00", 45.0)]


def test_effect_backtest_and_today_in_json(command: Any) -> None:
    found = json.loads(command("effect", "tariff-2019", "--on", "encounters", "--json")[1])
    assert found["verdict"] == "cannot tell"
    assert found["interrupted"]["pre_trend"]
    assert len(found["controls"]) == 3
    found = json.loads(
        command("backtest", "institutional-dialogue", "--from", "2015-01", "--to", "2020-01", "--json")[1]
    )
    assert {"rule", "firings", "missing", "weeks_unknown"} <= set(found["rules"][0])
    found = json.loads(command("today", "border-leverage", "--json")[1])
    assert {"rule", "state", "holds", "readings", "missing"} <= set(found["rules"][0])


def test_the_file_of_commands_imports_nothing_heavy() -> None:
    code = (
        "import sys; import borderlab.cli.data; "
        "print([m for m in ('numpy', 'duckdb', 'scipy', 'pydantic', 'numba') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
