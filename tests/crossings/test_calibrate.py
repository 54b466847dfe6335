import json
from datetime import date

import numpy as np
import pytest

from borderlab.base.problems import InputError
from borderlab.crossings.border.baseline import build_network
from borderlab.crossings.border.fitted import read_table, shipped
from borderlab.crossings.border.places import LANE_CLASSES, crossing, open_mask
from borderlab.crossings.fitting.calibrate import calibrate
from borderlab.crossings.fitting.score import as_posted, kind_medians, score, spans
from borderlab.crossings.fitting.waits import read_waits
from borderlab.crossings.queues.engine import run
from tests.crossings.shared_data import WAITS, data_file

HEADER = "port_number,name,state,lane,obs_local,delay_minutes,lanes_open,status,fetched_at,lag_h"
PLACES = ("world-trade", "pharr", "calexico-west", "hidalgo", "brownsville-gateway", "san-luis")
FIRST, DAYS = date(2026, 5, 4), 28


def posted_lines(seed=11):
    """A wait-time file made by the simulator itself: what it finds is known."""
    network = build_network(FIRST, DAYS, crossings=PLACES)
    posted = run(network, seed).posted[:, ::4]
    rng = np.random.default_rng(seed)
    lines = []
    for lane, (name, kind) in enumerate(zip(network.crossing, network.lane_class, strict=True)):
        place, is_open = crossing(name), open_mask(name, network.mode[lane])
        for hour in range(DAYS * 24):
            if is_open[hour % 168] and rng.random() < 0.35:
                when = np.datetime64(FIRST) + np.timedelta64(hour, "h")
                cells = [
                    place.cbp[0], place.name_en, "XX", kind.replace("-", "_"), str(when).replace("T", " ") + ":00:00",
                    str(int(as_posted(posted[lane, hour : hour + 1])[0])), str(network.booths[lane, hour * 4]),
                    "delay", "", "0.4",
                ]  # fmt: skip
                lines.append(",".join(cells))
    return lines


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A made file of readings and a table fitted on all but its last week."""
    folder = tmp_path_factory.mktemp("made")
    path = folder / "waits.csv"
    path.write_text("\n".join((HEADER, *posted_lines())) + "\n", encoding="utf-8")
    result = calibrate(None, path, folder / "table.json", until=date(2026, 5, 24), rounds=6, weeks=3)
    return path, folder / "table.json", result


def test_a_known_border_is_found_again(made):
    _, _, result = made
    truth = shipped()
    errors = []
    for name in PLACES:
        for fit in result.table.lanes.values():
            if fit.crossing == name and fit.status == "fitted":
                known = truth.lanes[name, fit.lane]
                errors.append(abs(np.log(fit.service_min / known.service_min)))
    assert len(errors) >= 14
    assert np.median(errors) < 0.12


def test_the_account_of_a_fit(made):
    path, table, result = made
    report = json.loads(json.dumps(result.report()))
    assert report["waits_file"] == path.name
    assert report["last"] == "2026-05-24"
    assert report["kept_back"] > 500
    assert report["statuses"]["borrowed"] > 100
    assert report["count_error"] < 0.08
    assert any("borrows from" in line for line in result.lines())
    again = read_table(table)
    assert again.made == json.loads(json.dumps(result.table.made))


def test_score_of_the_week_kept_back(made):
    path, table, _ = made
    found = score(path, table=table, since=date(2026, 5, 25), seeds=2)
    json.dumps(found)
    overall = found["overall"]
    assert overall["n"] == sum(row["n"] for row in found["by_lane"])
    assert {row["lane"] for row in found["by_lane"]} <= set(LANE_CLASSES)
    assert overall["ratio"] == pytest.approx(overall["mae_min"] / overall["mae_climatology_min"], abs=0.01)
    assert overall["ratio"] < 1.35  # six short rounds; the shipped table has 24


def test_score_with_the_true_table_leaves_only_chance(made):
    path, _, _ = made
    own = score(path, seeds=2)
    assert own["overall"]["mae_min"] < 8


def test_score_counts_what_it_does_not_know(made, tmp_path):
    path, table, _ = made
    lines = path.read_text().splitlines()[:400]
    extra = lines[1].split(",")
    extra[0], extra[1] = "888888", "Imaginary Bridge"
    later = tmp_path / "later.csv"
    later.write_text("\n".join([*lines, ",".join(extra)]) + "\n")
    found = score(later, table=table, seeds=1)
    assert found["unknown_crossings"] == {"888888 Imaginary Bridge": 1}
    assert found["dropped"]["unknown crossing"] == 1


def test_faults_of_both_files_come_together_and_nothing_is_written(tmp_path):
    waits, counts, out = tmp_path / "w.csv", tmp_path / "c.csv", tmp_path / "t.json"
    waits.write_text("port,lane\n1,2\n")
    counts.write_text("")
    with pytest.raises(InputError) as caught:
        calibrate([counts], waits, out)
    assert {problem.file for problem in caught.value.problems} == {str(waits), str(counts)}
    assert not out.exists()
    assert not list(tmp_path.glob(".*"))


def test_too_few_readings_are_refused(tmp_path):
    path = tmp_path / "w.csv"
    path.write_text(f"{HEADER}\n230404,x,TX,commercial_standard,2026-05-05 14:00:00,35,12,delay,,0.5\n")
    with pytest.raises(InputError, match="at least 2000 are needed"):
        calibrate(None, path, tmp_path / "t.json")


def test_score_refuses_dates_outside_the_tables(tmp_path):
    path = tmp_path / "w.csv"
    path.write_text(f"{HEADER}\n230404,x,TX,commercial_standard,2041-05-06 14:00:00,35,12,delay,,0.5\n")
    with pytest.raises(InputError, match="2015-01-01 to 2030-12-31"):
        score(path)


def test_as_posted_rounds_as_the_agency_does():
    assert as_posted(np.array([0.4, 1.6, 2.4, 3.0, 12.4, 12.6, 63.0])).tolist() == [0, 2, 2, 5, 10, 15, 65]


def test_kind_medians_pool_like_days_of_a_month():
    posted = np.zeros((2, 1, 21 * 24), dtype=np.float32)
    posted[:, 0, :] = np.repeat(np.arange(21), 24)
    found = kind_medians(posted, date(2026, 6, 1))  # a Monday
    (weeks,) = found.values()
    # after three days of warm-up, the Saturdays are days 5, 12, 19
    assert (weeks[0, 2] == 12).all()


def test_spans_split_at_long_gaps(tmp_path):
    row = "230404,x,TX,commercial_standard,{} 14:00:00,35,12,delay,,0.5"
    path = tmp_path / "w.csv"
    days = ("2026-05-05", "2026-05-10", "2026-07-01")
    path.write_text("\n".join([HEADER, *(row.format(day) for day in days)]))
    assert spans(read_waits(path)) == [(date(2026, 5, 5), date(2026, 5, 10)), (date(2026, 7, 1), date(2026, 7, 1))]


def test_the_shipped_table_on_the_published_readings():
    found = score(data_file(WAITS), since=date(2026, 7, 6), seeds=1)
    assert found["overall"]["n"] > 5000
    assert found["overall"]["ratio"] <= 1.05
