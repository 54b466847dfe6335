import gzip
from datetime import date

import numpy as np
import pytest

from borderlab.base.problems import InputError
from borderlab.crossings.fitting.waits import crossing_of, fold, read_waits
from tests.crossings.shared_data import WAITS, data_file

HEADER = "port_number,name,state,lane,obs_local,delay_minutes,lanes_open,status,fetched_at,lag_h"
GOOD = "230404,Laredo - World Trade Bridge,TX,commercial_standard,2026-05-05 14:00:00,35,12,delay,,0.5"


def written(tmp_path, *lines, name="waits.csv"):
    path = tmp_path / name
    path.write_text("\n".join((HEADER, *lines)) + "\n", encoding="utf-8")
    return path


def problems(path):
    with pytest.raises(InputError) as caught:
        read_waits(path)
    return caught.value.problems


def test_a_reading_is_read(tmp_path):
    found = read_waits(written(tmp_path, GOOD))
    assert found.lanes == (("world-trade", "commercial-standard"),)
    assert found.wait_min.tolist() == [35]
    assert found.booths.tolist() == [12]
    assert found.hour.tolist() == [14]
    assert found.weekday.tolist() == [1]  # 5 May 2026 is a Tuesday
    assert found.first == date(2026, 5, 5)


def test_a_blank_is_no_reading_and_faults_are_dropped_and_counted(tmp_path):
    found = read_waits(
        written(
            tmp_path,
            GOOD,
            GOOD.replace("14:00", "15:00").replace(",35,", ",,"),
            GOOD.replace("14:00", "16:00").replace(",35,", ",750,"),
            GOOD.replace("14:00", "17:00").replace(",0.5", ",23.2"),
            GOOD.replace("14:00", "18:00").replace(",12,", ",95,"),
            GOOD.replace("14:00", "19:00").replace("230404,Laredo - World Trade Bridge", "999999,Nowhere"),
        )
    )
    assert found.wait_min.tolist() == [35, 35]
    assert found.rows == 6
    assert sum(found.dropped.values()) == 4
    assert found.unknown == {"999999 Nowhere": 1}
    assert np.isnan(found.booths[1])


def test_both_feeds_give_one_reading_the_fresher(tmp_path):
    other = (
        GOOD.replace("230404", "B4")
        .replace("Laredo - World Trade Bridge", "WORLD TRADE BRIDGE")
        .replace(",35,", ",50,")
    )
    found = read_waits(written(tmp_path, GOOD, other.replace(",0.5", ",0.1")))
    assert found.wait_min.tolist() == [50]
    assert found.dropped == {"same crossing and hour in the other feed": 1}


@pytest.mark.parametrize(
    ("number", "name", "lane", "expected"),
    [
        ("240104", "El Paso - Ysleta", "passenger_ready", "ysleta"),
        ("240215", "", "commercial_standard", "bota"),
        ("250601", "Passenger", "passenger_ready", "otay-mesa"),
        ("250601", "Otay Mesa", "commercial_fast", "otay-mesa-commercial"),
        ("777777", "Puente Internacional Zaragoza", "passenger_ready", "ysleta"),
        ("230499", "World Trade Brdg", "commercial_fast", "world-trade"),
        ("535509", "Brownsville - Veterans International Bridge", "passenger_ready", "veterans"),
        ("999999", "Windsor Tunnel", "passenger_ready", None),
        ("999999", "", "passenger_ready", None),
    ],
)
def test_numbers_and_spellings(number, name, lane, expected):
    assert crossing_of(number, name, lane) == expected


def test_fold_drops_accents_and_common_words():
    assert fold("Puente Internacional Anzaldúas") == fold("ANZALDUAS International Bridge")


def test_all_faults_of_a_file_are_told_at_once_with_lines(tmp_path):
    found = problems(
        written(
            tmp_path,
            GOOD,
            GOOD,
            GOOD.replace(",35,", ",many,"),
            GOOD.replace("commercial_standard", "comercial_standard"),
            GOOD.replace("2026-05-05 14:00:00", "yesterday"),
            GOOD + ",extra",
            GOOD.replace(",35,", ",-5,"),
        )
    )
    assert [problem.line for problem in found] == sorted(problem.line for problem in found)
    text = "\n".join(str(problem) for problem in found)
    assert "repeats line 2" in text
    assert "delay_minutes is 'many'" in text
    assert "Did you mean 'commercial_standard'?" in text
    assert "obs_local is 'yesterday'" in text
    assert "11 cells" in text
    assert "'-5'" in text


def test_other_columns_name_the_nearest(tmp_path):
    path = tmp_path / "w.csv"
    path.write_text("port_number,lane,obs_local,delay_mins,lanes_open\n1,x,y,2,3\n")
    (only,) = problems(path)
    assert "no column 'delay_minutes'" in only.cause
    assert "'delay_mins'" in only.cause
    assert only.line == 1


def test_many_faults_are_counted_not_printed(tmp_path):
    lines = [GOOD.replace("14:00", f"{n // 60:02d}:{n % 60:02d}").replace(",35,", ",x,") for n in range(200)]
    found = problems(written(tmp_path, *lines))
    assert len(found) == 26
    assert "175 more faults" in str(found[-1])


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "empty"),
        (b"   \n", "empty"),
        (HEADER.encode() + b"\n", "no rows"),
        (HEADER.encode() + b"\n1,Anzald\xfaas\n", "not UTF-8"),
        (gzip.compress(HEADER.encode() + b"\n" + GOOD.encode() * 500, mtime=0)[:60], "gzip"),
        (b"\x1f\x8bnot gzip at all", "gzip"),
        (HEADER.encode() + b"\n" + b"\x00" * 20, "zero bytes"),
        (b"PAR1" + bytes(range(128, 200)), "not UTF-8"),
    ],
)
def test_files_that_are_no_csv(tmp_path, raw, words):
    path = tmp_path / "w.csv"
    path.write_bytes(raw)
    assert words in problems(path)[0].cause


def test_a_missing_file(tmp_path):
    (only,) = problems(tmp_path / "nothing.csv")
    assert "cannot be read" in only.cause


def test_the_published_readings():
    found = read_waits(data_file(WAITS))
    assert found.rows == 78_215
    assert len(found.time) + sum(found.dropped.values()) == found.rows
    assert found.unknown == {}
    assert found.wait_min.max() <= 360
    assert len({crossing for crossing, _ in found.lanes}) >= 42
    assert (found.first, found.last) == (date(2026, 3, 26), date(2026, 7, 15))
