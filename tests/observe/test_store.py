"""The store: idempotent, newest vintage first, whole after a kill, safe with two writers."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from borderlab.base.lock import writing
from borderlab.base.problems import InputError, Problem
from borderlab.observe.series.series import load_series
from borderlab.observe.store.store import Store

HEADER = "Port Name,State,Port Code,Border,Date,Measure,Value,Latitude,Longitude,Point\n"


def bts(path: Path, value: int, month: str = "Jan 1997", port: str = "2304") -> Path:
    path.write_text(f"{HEADER}Laredo,Texas,{port},US-Mexico Border,{month},Trucks,{value},1,2,P\n")
    return path


def value_of(store: Store) -> float:
    return {f"{p.period:%Y-%m}": p for p in load_series("entries.trucks", store=store).points}["1997-01"].value


def test_the_same_content_twice_changes_nothing(store: Store, home: Path, tmp_path: Path) -> None:
    path = bts(tmp_path / "a.csv", 5)
    first = store.import_files([path])[0]
    before = {p: p.stat().st_mtime_ns for p in home.rglob("*.parquet")}
    second = store.import_files([path])[0]
    assert second.already
    assert not first.already
    assert second.json_ready() == first.json_ready()
    assert {p: p.stat().st_mtime_ns for p in home.rglob("*.parquet")} == before


def test_newest_vintage_counts_whatever_the_order_of_import(store: Store, tmp_path: Path) -> None:
    store.import_files([bts(tmp_path / "new.csv", 7)], vintage="2020-05-01")
    report = store.import_files([bts(tmp_path / "old.csv", 5)], vintage="2019-05-01")[0]
    assert value_of(store) == 7
    assert [a.rows for a in report.anomalies if a.kind == "revision"] == [1]
    assert len(store.parts("bts-crossings")) == 2  # the older is kept


def test_each_row_carries_vintage_hash_source_and_unit(store: Store, tmp_path: Path) -> None:
    path = bts(tmp_path / "a.csv", 5)
    store.import_files([path], vintage="2021-02-03")
    rows = store.newest("bts-crossings")
    row = duckdb.connect().execute(f"SELECT vintage, file_sha256, source, unit FROM ({rows})").fetchone()
    assert row == ("2021-02-03", hashlib.sha256(path.read_bytes()).hexdigest(), "bts-border-crossings", "entries")


def test_a_vintage_that_is_no_date_is_refused(store: Store, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no date"):
        store.import_files([bts(tmp_path / "a.csv", 5)], vintage="last week")


IMPORT = "import sys; from borderlab.observe.store.store import Store; Store().import_files(sys.argv[1:])"


def test_a_killed_import_leaves_the_store_as_it_was(store: Store, home: Path, tmp_path: Path) -> None:
    store.import_files([bts(tmp_path / "a.csv", 5)])
    big = tmp_path / "big.csv"
    with big.open("w") as out:
        out.write(HEADER)
        for number in range(150_000):
            month = f"{number % 12 + 1}/1/{1990 + number // 12 % 100}"
            out.write(f"P,Texas,{2000 + number % 900},US-Mexico Border,{month},Trucks,{number},1,2,P\n")
    for wait in (0.3, 0.6, 0.9):
        process = subprocess.Popen([sys.executable, "-c", IMPORT, str(big)])
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.wait()
        parts = store.parts("bts-crossings")
        assert len(parts) in (1, 2)  # the old one, and the new one only if it was whole
        assert value_of(store) >= 5
        if len(parts) == 2:
            break
    store.import_files([bts(tmp_path / "b.csv", 6, "Feb 1997")])
    assert list((home / ".work").iterdir()) == []  # what the dead left is cleared


def test_two_processes_at_once_do_not_corrupt_it(store: Store, tmp_path: Path) -> None:
    files = [bts(tmp_path / f"{number}.csv", number, f"{number % 12 + 1}/1/1997", "2305") for number in range(12)]
    same = str(bts(tmp_path / "same.csv", 99))
    runs = [subprocess.Popen([sys.executable, "-c", IMPORT, *map(str, half), same]) for half in (files[:6], files[6:])]
    assert [run.wait(60) for run in runs] == [0, 0]
    assert len(store.parts("bts-crossings")) == 13
    assert value_of(store) == 99 + 0  # Laredo's; Hidalgo's January is 0


def test_a_held_lock_is_waited_for_and_then_said(home: Path) -> None:
    taken = Problem("another process is writing here.")
    begun = time.monotonic()
    with writing(home, taken), pytest.raises(InputError, match="another process"), writing(home, taken, 0.2):
        pass
    assert time.monotonic() - begun >= 0.2
    with writing(home, taken):  # let go again
        pass


def test_a_directory_that_cannot_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stop = tmp_path / "file"
    stop.write_text("x")
    monkeypatch.setenv("BORDERLAB_DATA", str(stop))
    with pytest.raises(InputError, match="is a file"):
        Store()
    path = bts(tmp_path / "a.csv", 5)
    with pytest.raises(InputError, match="cannot be written"):
        Store(stop / "below").import_files([path])


def test_a_damaged_part_is_named(store: Store, home: Path, tmp_path: Path) -> None:
    store.import_files([bts(tmp_path / "a.csv", 5)])
    part = next(home.rglob("*.parquet"))
    os.truncate(part, 40)
    with pytest.raises(InputError, match="damaged"):
        store.parts("bts-crossings")


def test_many_imports_made_one_file_read_the_same(store: Store, tmp_path: Path) -> None:
    files = [bts(tmp_path / f"{number}.csv", 10 + number, f"{number % 3 + 1}/1/1997") for number in range(7)]
    for number, path in enumerate(files):
        store.import_files([path], vintage=f"2020-01-0{number + 1}")
    before = load_series("entries.trucks", store=store)
    store.compact("bts-crossings")
    assert len(store.parts("bts-crossings")) == 1
    assert load_series("entries.trucks", store=store) == before
    assert store.import_files([files[3]])[0].already
    assert store.parts("bts-crossings")[0].report.rows_kept == 7
    store.import_files([bts(tmp_path / "new.csv", 99, "1/1/1997")], vintage="2020-02-01")
    assert value_of(store) == 99
