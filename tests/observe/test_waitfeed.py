"""CBP's live feed, with all its quirks, from a local server."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from borderlab.base.problems import InputError
from borderlab.observe.reading.feed import feed_rows
from borderlab.observe.store.store import Store
from borderlab.observe.store.watch import watch


def lane(update: str, status: str, delay: str, lanes: str) -> dict[str, str]:
    return {"update_time": update, "operational_status": status, "delay_minutes": delay, "lanes_open": lanes}


PENDING = lane("", "Update Pending", "", "")
ABSENT = lane("", "N/A", "", "")


def port(number: str = "250401", **lanes: Any) -> dict[str, Any]:
    return {
        "port_number": number,
        "border": "Mexican Border",
        "port_name": "San Ysidro",
        "crossing_name": "",
        "hours": "24 hrs/day",
        "date": "4/8/2026",
        "time": "14:20:31",
        "port_status": "Open",
        "construction_notice": "",
        "commercial_vehicle_lanes": {"maximum_lanes": "N/A", "cv_automation_type": "Manual"},
        "passenger_vehicle_lanes": {"maximum_lanes": "34", "pv_automation_type": "Manual"} | lanes,
        "pedestrian_lanes": {"maximum_lanes": "22", "ped_automation_type": "Manual", "standard_lanes": PENDING},
    }


FEED = [
    port(
        standard_lanes=lane("At 2:00 pm PDT", "delay", "45", "12"),
        ready_lanes=lane("En 2:00 pm PDT", "delay", "30", "10"),
        NEXUS_SENTRI_lanes=lane("At Noon PDT", "no delay", "0", "5"),
    ),
    port("250609", standard_lanes=lane("At 11:00 pm PDT", "delay", "750", "99"), ready_lanes=ABSENT,
         NEXUS_SENTRI_lanes=lane("At 1:00 pm PDT", "Lanes Closed", "", "0")),
]  # fmt: skip


def stored(store: Store) -> dict[tuple[str, str], tuple[Any, ...]]:
    rows = store.newest("cbp-waits")
    found = duckdb.connect().execute(
        f"SELECT port_number, lane, strftime(period, '%m-%d %H:%M'), value, lanes_open, flag FROM ({rows})"
    )
    return {(row[0], row[1]): row[2:] for row in found.fetchall()}


def test_every_quirk_of_the_feed(store: Store, tmp_path: Path) -> None:
    path = tmp_path / "answer"
    path.write_text(json.dumps(FEED))
    report = store.import_files([path])[0]
    assert (report.dataset, report.rows_read, report.rows_kept, report.rows_refused) == ("cbp-waits", 8, 4, 4)
    assert stored(store) == {
        ("250401", "passenger-standard"): ("04-08 14:00", 45.0, 12.0, None),
        ("250401", "passenger-ready"): ("04-08 14:00", 30.0, 10.0, None),
        ("250401", "passenger-sentri"): ("04-08 12:00", 0.0, 5.0, None),
        ("250609", "passenger-standard"): ("04-07 23:00", 750.0, None, "suspect"),
    }
    assert [a.rows for a in report.anomalies if "no reading" in a.what] == [4]  # never taken for 0


@pytest.mark.parametrize(
    ("date", "time", "observed"),
    [
        ("4/8/2026", "14:20:31", "2026-04-08 14:00:00"),
        ("4/8/2026", "2:20 pm", "2026-04-08 14:00:00"),
        ("04/08/2026", "", "2026-04-08 14:00:00"),
        ("2026-04-08", "13:20:00", "2026-04-07 14:00:00"),  # the reading was of the day before
        ("someday", "14:20:31", None),
    ],
)
def test_when_a_reading_was_taken(date: str, time: str, observed: str | None) -> None:
    one = port(standard_lanes=lane("At 2:00 pm PDT", "delay", "45", "12")) | {"date": date, "time": time}
    assert feed_rows(json.dumps([one]), Path("feed"))[0]["observed"] == observed


@pytest.mark.parametrize(
    "status", ["Update Pending", "N/A", "Lanes Closed", "Carriles cerrados", "Actualización pendiente"]
)
def test_what_is_no_reading_in_either_language(status: str) -> None:
    one = port(standard_lanes=lane("At 2:00 pm PDT", status, "0", "0"))
    assert feed_rows(json.dumps({"port": [one]}), Path("feed"))[0]["value"] is None


def test_archived_table_and_feed_share_their_keys(store: Store, tmp_path: Path) -> None:
    feed, archive = tmp_path / "feed", tmp_path / "archive"
    feed.write_text(json.dumps(FEED))
    archive.write_text(
        "port_number,name,state,lane,obs_local,delay_minutes,lanes_open,status,fetched_at,lag_h\n"
        "250401,San Ysidro,CA,passenger_standard,2026-04-08 14:00:00,50,12,delay,2026-04-08 21:20:31+00:00,0.3\n"
        "250401,San Ysidro,CA,passenger_ready,2026-04-08 15:00:00,,,Update Pending,2026-04-08 22:20:31+00:00,\n"
    )
    store.import_files([feed], vintage="2026-04-08")
    report = store.import_files([archive], vintage="2026-05-01")[0]
    assert (report.rows_kept, report.rows_refused) == (1, 1)
    assert stored(store)[("250401", "passenger-standard")][1] == 50.0
    assert [a.rows for a in report.anomalies if a.kind == "revision"] == [1]


anything = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 10**6) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(st.lists(anything | anything.map(lambda junk: port(standard_lanes=junk)), min_size=1, max_size=4))
def test_no_entry_of_a_feed_is_lost_or_fatal(ports: list[Any]) -> None:
    rows = feed_rows(json.dumps(ports), Path("feed"))
    assert len(rows) >= len(ports)


def test_watch_appends_and_goes_on_after_a_failure(store: Store, serve: Callable[..., str]) -> None:
    later = json.loads(json.dumps(FEED))
    later[0]["time"] = "15:20:31"
    later[0]["passenger_vehicle_lanes"]["standard_lanes"] = lane("At 3:00 pm PDT", "delay", "60", "12")
    json_type = {"Content-Type": "application/json"}
    answers = {"/wait": (200, json_type, json.dumps(FEED).encode())}
    root = serve(answers)
    news: list[Any] = []
    turns = iter([(503, {}, b"busy"), (200, json_type, json.dumps(later).encode())])
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        answers["/wait"] = next(turns)

    assert watch(news.append, every_min=15, polls=3, from_url=f"{root}/wait", store=store, sleep=sleep) == 2
    assert slept == [900, 900]
    assert [isinstance(one, InputError) for one in news] == [False, True, False]
    assert "503" in str(news[1])
    rows = store.newest("cbp-waits")
    waits = duckdb.connect().execute(
        f"SELECT value FROM ({rows}) WHERE lane = 'passenger-standard' AND port_number = '250401' ORDER BY period"
    )
    assert waits.fetchall() == [(45.0,), (60.0,)]


def test_watch_once_raises_what_went_wrong(store: Store, serve: Callable[..., str]) -> None:
    root = serve({})
    with pytest.raises(InputError, match="404"):
        watch(lambda _: None, polls=1, from_url=f"{root}/wait", store=store)
    assert store.all_parts() == {}
    with pytest.raises(InputError, match="more than once a minute"):
        watch(lambda _: None, every_min=0.1, polls=1, store=store)
