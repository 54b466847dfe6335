"""Empty answers say why; options given twice combine or are refused; vintages, revisions, and the cases kept beside."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from borderlab.base.problems import InputError
from borderlab.cli.main import run
from borderlab.observe.series.series import load_series
from borderlab.observe.store.store import Store

from . import files
from .files import bts_row, put


@pytest.fixture
def command(home: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    def call(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            run(list(words))
        out, err = capsys.readouterr()
        return int(left.value.code or 0), out, err

    return call


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("entries.trucks", "--from", "2023-03", "--to", "2023-05"), "a gap: nothing that is here covers these months; "
         "there are values to 2022-12 and from 2024-07"),
        (("entries.trucks", "--from", "2030-01"), "the series ends in 2025-12"),
        (("entries.trucks", "--to", "1980-01"), "the series begins in 2000-07"),
        (("bridges.trucks",), "nothing that is here holds figures of it"),
        (("encounters", "--to", "1990-01"), "the series begins in 1999-10"),
    ],
)  # fmt: skip
def test_an_empty_answer_says_why(command: Any, words: tuple[str, ...], said: str) -> None:
    status, out, _ = command("data", "show", *words)
    assert status == 0
    assert f"no values: {said}" in out
    found = json.loads(command("data", "show", *words, "--json")[1])
    assert found["rows"] == []
    assert found["why_empty"].startswith(said[:20])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("data", "show", "entries.trucks", "--where", "port_code=9999"), "no port_code '9999'. It has: 2301, 2302"),
        (("data", "show", "entries.trucks", "--where", "port_code=2304|99"), "has no port_code '99'"),
        (("data", "show", "usbp.encounters", "--where", "sector=tuscon"), "Did you mean 'tucson'?"),
        (("data", "show", "mx.homicide-files", "--where", "state=Sonora"), "no figures of mx.homicide-files by state"),
        (("data", "gaps", "entries.trucks", "--where", "port_code=9999"), "has no port_code '9999'"),
        (("data", "show", "entries.trucks", "--from", "2019-03", "--to", "2019-01"), "is after the last, 2019-01"),
        (("data", "show", "encounters", "--from", "2019-03", "--to", "2019-01"), "is after the last"),
        (("indicators", "value", "encounters", "--from", "2019-03", "--to", "2019-01"), "is after the last"),
        (("effect", "close-border-2019", "--on", "entries.trucks", "--part", "9999"), "no port_code '9999'"),
        (("data", "show", "entries.trucks", "--from", "2019-01", "--from", "2020"), "--from is given more than once"),
        (("compare", "--years", "2", "--years=3"), "--years is given more than once"),
        (("backtest", "border-leverage", "--from", "2019-01", "--from", "2018-01"), "--from is given more than once"),
    ],
)  # fmt: skip
def test_a_question_that_has_no_answer_is_refused(command: Any, words: tuple[str, ...], said: str) -> None:
    status, out, err = command(*words)
    assert (status, out) == (2, "")
    assert said in err


def test_two_wheres_combine(command: Any, tmp_path: Path) -> None:
    path = put(tmp_path, "p.csv", files.BTS + bts_row("2304", "Mar 2019", 205913) + bts_row("2305", "Mar 2019", 58226))
    command("data", "import", str(path))
    month = ("--from", "2019-03", "--to", "2019-03", "--json")
    for where in (["port_code=2304", "port_code=2305"], ["port_code=2304|2305"], ["port_code=2305", "port_code=2304"]):
        words = [word for one in where for word in ("--where", one)]
        rows = json.loads(command("data", "show", "entries.trucks", *month, *words)[1])["rows"]
        assert [row["value"] for row in rows] == [264139]
        rows = json.loads(command("data", "show", "bts-crossings", *month, *words)[1])["rows"]
        assert sorted(row["value"] for row in rows) == [58226, 205913]
    words = ("--where", "port_code=2304", "--where", "measure=Trucks", "--json")
    assert len(json.loads(command("data", "show", "bts-crossings", *words)[1])["rows"]) == 1


def test_options_of_many_values_may_stand_twice(command: Any) -> None:
    words = ("effect", "close-border-2019", "--on", "entries.trucks", "--part", "2304", "--part", "2402", "--json")
    assert json.loads(command(*words)[1])["treated"] == ["2304", "2402"]


def test_a_data_set_names_the_values_of_a_column(command: Any, tmp_path: Path) -> None:
    command("data", "import", str(put(tmp_path, "p.csv", files.BTS + bts_row("2304", "Mar 2019", 7))))
    status, _, err = command("data", "show", "bts-crossings", "--where", "port_code=2340")
    assert status == 2
    assert "bts-crossings has no port_code '2340'. Did you mean '2304'? It has: 2304." in err
    out = command("data", "show", "bts-crossings", "--from", "2020-01")[1]
    assert "no values: no imported row is of these months" in out


def test_yearly_series_are_called_yearly(command: Any) -> None:
    assert "published once a year" in command("data", "show", "gotaways.known")[1]
    assert "once a year" not in command("data", "show", "usbp.encounters", "--from", "2025-01")[1]
    assert "monthly" not in command("indicators", "value", "backlash")[2]


@pytest.mark.parametrize("vintage", ["9999-12-31", "2099-01-01"])
def test_a_vintage_in_the_future_is_refused(store: Store, tmp_path: Path, vintage: str) -> None:
    with pytest.raises(InputError, match="lies in the future"):
        store.import_files([put(tmp_path, "p.csv", files.BTS + bts_row("2304", "Mar 2019", 7))], vintage=vintage)
    assert store.all_parts() == {}


def test_today_is_no_future_and_a_clock_ahead_counts_as_today(store: Store, tmp_path: Path) -> None:
    import os

    path = put(tmp_path, "p.csv", files.BTS + bts_row("2304", "Mar 2019", 7))
    ahead = (datetime.now(UTC) + timedelta(days=900)).timestamp()
    os.utime(path, (ahead, ahead))
    assert store.import_files([path])[0].vintage == datetime.now(UTC).date().isoformat()
    other = put(tmp_path, "q.csv", files.BTS + bts_row("2304", "Apr 2019", 7))
    store.import_files([other], vintage=date.today().isoformat())


def test_a_vintage_of_the_year_9999_in_the_store_does_not_outrank_what_comes_after(
    store: Store, home: Path, tmp_path: Path
) -> None:
    """An earlier release took such a vintage; its part is still read, as of the day of its import."""
    store.import_files([put(tmp_path, "a.csv", files.BTS + bts_row("2304", "Mar 2019", 7))], vintage="2020-01-01")
    part = next(home.rglob("*.parquet"))
    con = duckdb.connect()
    meta = con.execute("SELECT value FROM parquet_kv_metadata(?) WHERE key = 'borderlab'::BLOB", [str(part)]).fetchone()
    told = json.loads(meta[0])  # type: ignore[index]
    told["report"]["vintage"], told["imported_at"] = "9999-12-31", "2024-01-01T00:00:00+00:00"
    stamped = "'9999-12-31' AS vintage, '2024-01-01T00:00:00+00:00' AS imported_at"
    con.execute(f"CREATE TABLE r AS SELECT * REPLACE ({stamped}) FROM read_parquet('{part}')")
    con.execute(f"COPY r TO '{part}' (FORMAT parquet, KV_METADATA {{borderlab: '{json.dumps(told)}'}})")
    con.close()
    store.import_files([put(tmp_path, "b.csv", files.BTS + bts_row("2304", "Mar 2019", 9))], vintage="2025-01-01")
    point = next(
        p for p in load_series("entries.trucks", where={"port_code": "2304"}, store=store).points
        if f"{p.period:%Y-%m}" == "2019-03"
    )  # fmt: skip
    assert (point.value, point.vintage) == (9, "2025-01-01")
    assert [one.report.vintage for one in store.parts("bts-crossings")] == ["9999-12-31", "2025-01-01"]


@pytest.mark.parametrize(
    ("old", "new", "revised"),
    [
        ("147.04832875399998", "147.048328754", False),
        ("147.04832875399998", "147.0483", False),
        ("147.04832875399998", "147.05", True),
        ("0.1", "0.10000000000000001", False),
        ("72485328253", "72485328254", True),
        ("5", "5.0", False),
        ("5", "6", True),
    ],
)
def test_digits_of_a_float_are_no_revision(store: Store, tmp_path: Path, old: str, new: str, revised: bool) -> None:
    row = files.DOT1 + "2,TX,2304,5,,,2010,{},10,1,,X,01,2020\n"
    store.import_files([put(tmp_path, "a.csv", row.format(old))], vintage="2020-01-01")
    report = store.import_files([put(tmp_path, "b.csv", row.format(new))], vintage="2021-01-01")[0]
    assert [a.kind for a in report.anomalies if a.kind == "revision"] == ["revision"] * revised
