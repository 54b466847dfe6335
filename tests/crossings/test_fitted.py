import json

import numpy as np
import pytest

from borderlab.base.problems import InputError
from borderlab.crossings.border.fitted import SHIPPED, read_table, shipped
from borderlab.crossings.border.listing import hours_text, list_crossings
from borderlab.crossings.border.places import MODE_OF, crossings, lanes, open_mask


def test_every_lane_has_a_week():
    table = shipped()
    assert set(table.lanes) == {(row.crossing, row.lane) for row in lanes()}
    for fit in table.ordered():
        is_open = open_mask(fit.crossing, MODE_OF[fit.lane])
        assert ((fit.booths > 0) == is_open).all(), (fit.crossing, fit.lane)
        assert fit.arrivals.sum() == pytest.approx(1)
        # nobody sets out for a shut gate but in the hour before it opens
        far = ~is_open & ~np.roll(is_open, -1)
        assert fit.arrivals[far].sum() == pytest.approx(0, abs=1e-6)
        assert 0.1 < fit.service_min < 12


def test_shares_of_a_mode_add_up_to_the_counts_plus_those_who_turn_away():
    table = shipped()
    for row in crossings():
        for mode in row.modes:
            total = sum(fit.share for fit in table.of(row.id, mode))
            assert 0.9 < total < 1.25, (row.id, mode, total)


def test_lanes_with_few_readings_say_whom_they_borrow_from():
    table = shipped()
    status = {fit.status for fit in table.lanes.values()}
    assert status == {"fitted", "thin", "borrowed"}
    for fit in table.lanes.values():
        assert (fit.borrowed_from is None) == (fit.status == "fitted")
        assert fit.status != "fitted" or fit.readings >= 120
        if fit.borrowed_from:
            lender = table.lanes[tuple(fit.borrowed_from.split("/"))]
            assert lender.status == "fitted"
    assert table.lanes["otay-mesa-commercial", "commercial-standard"].status == "borrowed"


def test_a_table_survives_writing_and_reading(tmp_path):
    table = shipped()
    table.write(tmp_path / "again.json")
    again = read_table(tmp_path / "again.json")
    assert again.made == table.made
    assert again.levels == pytest.approx(table.levels)
    for pair, fit in table.lanes.items():
        other = again.lanes[pair]
        assert other.arrivals == pytest.approx(fit.arrivals, abs=2e-6)
        assert (other.booths == fit.booths).all()
        assert other.service_min == pytest.approx(fit.service_min, abs=1e-4)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{not json", "not JSON"),
        ("[1, 2]", "schema"),
        ('{"schema": "borderlab/crossings-fitted/9"}', "schema"),
        ('{"schema": "borderlab/crossings-fitted/1", "lanes": []}', "damaged"),
    ],
)
def test_other_files_are_refused(tmp_path, text, words):
    path = tmp_path / "t.json"
    path.write_text(text)
    with pytest.raises(InputError, match=words):
        read_table(path)


def test_a_damaged_lane_is_named(tmp_path):
    data = json.loads(SHIPPED.read_text())
    data["lanes"][3]["booths"] = [1, 2]
    path = tmp_path / "t.json"
    path.write_text(json.dumps(data))
    with pytest.raises(InputError, match="booths of san-ysidro"):
        read_table(path)


def test_the_list_keeps_its_contract():
    rows = list_crossings()
    assert len(rows) == len(crossings())
    for row in rows:
        assert {"id", "name", "port", "modes", "lanes"} <= set(row)
        json.dumps(row)
    trade = next(row for row in rows if row["id"] == "world-trade")
    # CBP counted 2,221,226 trucks there in 2025; 2024 is near.
    assert trade["yearly_entries"]["truck"] == pytest.approx(2_250_000, rel=0.1)
    assert trade["modes"] == ["truck"]
    assert trade["typical_wait_min"]["commercial-standard"] > 5


def test_hours_read_well():
    assert hours_text("world-trade", "truck") == "mon-fri 7-24, sat 7-24, sun 8-16"
    assert hours_text("pedwest", "pedestrian") == "6-14"
