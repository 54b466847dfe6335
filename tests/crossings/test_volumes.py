import csv
import gzip
import itertools

import pytest

from borderlab.crossings.border import volumes
from borderlab.crossings.border.places import MODES, crossings, ports
from borderlab.evidence.tables.source import sources
from tests.crossings.shared_data import BRIDGES, COUNTS, data_file

# Yearly totals of all ports as BTS publishes them (trucks).
TRUCKS = {2015: 5_535_371, 2016: 5_802_781, 2018: 6_310_903, 2019: 6_440_255, 2022: 7_258_400, 2023: 7_356_659}


@pytest.mark.parametrize("year", TRUCKS)
def test_trucks_of_all_ports_add_up_to_the_published_total(year):
    total = sum(
        volumes.monthly(port, "truck", year, month, as_counted=True).entries
        for port in ports()
        for month in range(1, 13)
    )
    assert total == pytest.approx(TRUCKS[year], rel=0.005)


def test_el_paso_is_split_from_ysleta_before_march_2020():
    # BTS gives 792,441 trucks for El Paso in 2019, Ysleta included.
    both = sum(
        volumes.monthly(port, "truck", 2019, month, as_counted=True).entries
        for port in ("2401", "2402")
        for month in range(1, 13)
    )
    assert both == pytest.approx(792_441, rel=0.001)


def test_april_2022_against_its_ordinary_level_is_the_published_change():
    # Three published baselines each; the truth lies between their ends, give or take three points.
    expected = {
        "2305": (-20.9, -19.7),
        "2402": (-21.0, -13.3),
        "2401": (-16.4, -11.1),
        "2304": (-6.9, -6.2),
        "2408": (14.3, 17.1),
    }
    for port, (low, high) in expected.items():
        counted = volumes.observed(port, "truck", 2022, 4)
        ordinary = volumes.monthly(port, "truck", 2022, 4)
        assert ordinary.grade == "estimated"
        assert low - 3 <= 100 * (counted / ordinary.entries - 1) <= high + 3, port


def test_april_2020_has_an_ordinary_level_far_above_its_count():
    counted = volumes.observed("2504", "vehicle", 2020, 4)
    assert volumes.monthly("2504", "vehicle", 2020, 4).entries > 1.5 * counted
    assert volumes.monthly("2504", "vehicle", 2020, 4, as_counted=True).entries == counted


def test_every_month_from_2015_to_2030_is_served_and_graded():
    for port, mode in itertools.product(ports(), MODES):
        for year in (2015, 2017, 2020, 2023, 2024, 2026, 2030):
            for month in (1, 6, 12):
                found = volumes.monthly(port, mode, year, month)
                assert 0 <= found.entries < 3e6
                assert found.source
    assert volumes.monthly("2304", "truck", 2023, 9).grade == "estimated"
    assert volumes.monthly("2304", "truck", 2029, 9).grade == "judged"
    with pytest.raises(ValueError, match="2015"):
        volumes.monthly("2304", "truck", 2031, 1)


def test_growth_beyond_the_counts_is_small_and_steady():
    for port in ("2304", "2506", "2305"):
        years = [
            sum(volumes.monthly(port, "truck", y, m).entries for m in range(1, 13)) for y in (2024, 2026, 2028, 2030)
        ]
        for before, after in itertools.pairwise(years):
            assert 0.9 < after / before < 1.12


def test_shares_of_a_port_add_up():
    for port, mode, year in itertools.product(ports().values(), MODES, (2015, 2019, 2023, 2027)):
        shares = [volumes.crossing_share(name, mode, year) for name in port.crossings]
        assert sum(shares) == pytest.approx(1.0) or sum(shares) == 0


def test_every_volume_row_names_a_known_source_and_marks_what_is_missing():
    known = sources()
    rows = volumes.yearly()
    assert {row.port for row in rows} == set(ports())
    for row in rows:
        assert set(row.sources) <= set(known)
    marked = {row.port: row for row in rows if row.year == 2023 and row.mode == "truck"}
    assert marked["2304"].grade == "estimated"
    assert marked["2304"].missing.count(";") == 11


def test_season_has_mean_one():
    for port, mode in itertools.product(ports(), MODES):
        mean = sum(volumes.season(port, mode, month) for month in range(1, 13)) / 12
        assert mean == pytest.approx(1.0, abs=0.01)


def test_the_table_is_the_published_file_month_by_month():
    with gzip.open(data_file(COUNTS), "rt", encoding="utf-8") as handle:
        modes = {"Trucks": "truck", "Personal Vehicles": "vehicle", "Pedestrians": "pedestrian"}
        seen = 0
        for row in csv.DictReader(handle):
            year, month, mode = int(row["month"][:4]), int(row["month"][5:]), modes.get(row["measure"])
            port = row["port_code"].zfill(4)
            if mode and 2021 <= year <= 2022 and (port, mode, year, month) != ("2506", "truck", 2021, 11):
                assert volumes.observed(port, mode, year, month) == float(row["value"])
                seen += 1
        assert seen > 1500


def test_world_trade_and_colombia_split_laredo_as_the_bridge_counts_do():
    bridges = {"World Trade Bridge": 0.0, "Colombia Solidarity Bridge": 0.0}
    with gzip.open(data_file(BRIDGES), "rt", encoding="utf-8") as handle:
        for row in csv.DictReader(handle):
            if row["Year"] == "2022" and row["Modes"] == "Commercial Trucks" and row["Crossing"] in bridges:
                bridges[row["Crossing"]] += float(row["Northbound Crossing"])
    share = bridges["World Trade Bridge"] / sum(bridges.values())
    assert volumes.crossing_share("world-trade", "truck", 2022) == pytest.approx(share, abs=1e-3)


def test_every_crossing_with_a_mode_has_entries():
    empty = [
        (row.id, mode)
        for row in crossings()
        for mode in row.modes
        if sum(volumes.entries(row.id, mode, 2022, month).entries for month in range(1, 13)) <= 0
    ]
    assert set(empty) <= {("pedwest", "pedestrian"), ("tornillo", "truck"), ("sasabe", "pedestrian")}
