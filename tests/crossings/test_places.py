from datetime import date

import numpy as np
import pytest

from borderlab.base.problems import InputError
from borderlab.crossings.border import places
from borderlab.evidence.tables.source import sources


def test_about_fifty_crossings_in_28_ports_from_west_to_east():
    rows = places.crossings()
    assert 45 <= len(rows) <= 55
    assert len(places.ports()) == 28
    assert len({row.id for row in rows}) == len(rows)
    assert rows[0].id == "san-ysidro"
    assert rows[-1].us_city == "Brownsville"
    lon = [row.lon for row in rows]
    assert np.corrcoef(lon, np.arange(len(lon)))[0, 1] > 0.97


def test_every_row_of_every_table_names_a_known_source():
    known = sources()
    for rows in (places.crossings(), places.lanes(), places.hours(), places.neighbours(), places.trade()):
        for row in rows:
            assert row.sources
            assert set(row.sources) <= set(known), row


def test_lanes_hours_and_neighbours_belong_to_crossings_and_modes():
    modes = {row.id: row.modes for row in places.crossings()}
    for lane in places.lanes():
        assert places.MODE_OF[lane.lane] in modes[lane.crossing]
        assert 1 <= lane.usual <= lane.booths + 1
    for row in places.hours():
        assert row.mode in modes[row.crossing]
        assert 0 <= row.opens <= row.closes <= 24
    for crossing, each in modes.items():
        for mode in each:
            assert any(places.MODE_OF[lane.lane] == mode for lane in places.lanes_of(crossing)), (crossing, mode)
    for near in places.neighbours():
        assert near.mode in modes[near.crossing]
        assert near.mode in modes[near.to]
        assert near.detour_min > 0


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("world-trade", {"world-trade"}),
        ("2304", {"world-trade", "colombia", "gateway-to-the-americas", "juarez-lincoln"}),
        ("laredo", {"world-trade", "colombia", "gateway-to-the-americas", "juarez-lincoln"}),
        ("240104", {"ysleta"}),
        ("L24501", {"fort-hancock"}),
        ("Puente del Comercio Mundial", {"world-trade"}),
        ("2506", {"otay-mesa", "otay-mesa-commercial"}),
    ],
)
def test_resolve(word, expected):
    assert set(places.resolve(word)) == expected


def test_resolve_all_and_a_region():
    assert len(places.resolve("all")) == len(places.crossings())
    assert "pharr" in places.resolve("rio-grande-valley")


def test_an_unknown_place_names_the_nearest_word():
    with pytest.raises(InputError) as caught:
        places.resolve("wrld-trade")
    assert caught.value.problems[0].did_you_mean == "world-trade"


def test_hours_from_the_published_facts():
    # Bridge of the Americas cargo: 6:00-14:00 on weekdays; World Trade Bridge shuts at 16:00 on Sundays.
    bota = places.open_mask("bota", "truck").reshape(7, 24)
    assert bota[0].sum() == 8
    assert not bota[5:].any()
    assert places.open_mask("world-trade", "truck").reshape(7, 24)[6].nonzero()[0].tolist() == list(range(8, 16))
    assert places.open_mask("san-ysidro", "vehicle").all()


def test_a_date_outside_the_tables_names_the_range():
    places.check_period(date(2015, 1, 1), date(2030, 12, 31))
    with pytest.raises(InputError, match="2015-01-01 to 2030-12-31"):
        places.check_period(date(2014, 12, 31), date(2015, 1, 2))
    with pytest.raises(InputError, match="before it begins"):
        places.check_period(date(2020, 1, 2), date(2020, 1, 1))
