from datetime import date

import numpy as np
import pytest

from borderlab.base.problems import InputError
from borderlab.crossings.border import volumes
from borderlab.crossings.border.baseline import build_network, secondary_share, weeks_in, with_overrun
from borderlab.crossings.border.fitted import shipped
from borderlab.crossings.border.places import crossing
from borderlab.crossings.queues.engine import run
from borderlab.crossings.queues.state import CLOSED, SHUT


def test_a_month_of_arrivals_is_the_ordinary_month():
    network = build_network(date(2022, 9, 1), 30)
    table = shipped()
    for name, mode in (("world-trade", "truck"), ("san-ysidro", "vehicle"), ("paso-del-norte", "pedestrian")):
        mine = [n for n, pair in enumerate(zip(network.crossing, network.mode, strict=True)) if pair == (name, mode)]
        share = sum(fit.share for fit in table.of(name, mode))
        wanted = volumes.entries(name, mode, 2022, 9).entries
        assert network.arrivals[mine].sum() == pytest.approx(wanted * share, rel=1e-4)


def test_observed_and_ordinary_part_in_an_episode():
    ordinary = build_network(date(2022, 4, 1), 30, crossings=["pharr"])
    counted = build_network(date(2022, 4, 1), 30, crossings=["pharr"], observed=True)
    trucks = [n for n, mode in enumerate(ordinary.mode) if mode == "truck"]
    cars = [n for n, mode in enumerate(ordinary.mode) if mode == "vehicle"]
    change = counted.arrivals[trucks].sum() / ordinary.arrivals[trucks].sum() - 1
    assert -0.25 < change < -0.15  # published: -20 %
    assert counted.arrivals[cars] == pytest.approx(ordinary.arrivals[cars])


def test_simulated_counts_of_a_large_port_are_met():
    names = ["world-trade", "colombia", "gateway-to-the-americas", "juarez-lincoln"]
    network = build_network(date(2019, 9, 1), 30, crossings=names)
    served = run(network, 3).served.sum(axis=1)
    for mode, counted in (("truck", 191_469), ("vehicle", 408_279)):
        total = served[[n for n, name in enumerate(network.mode) if name == mode]].sum()
        assert total == pytest.approx(counted, rel=0.015)


def test_a_period_of_its_own_takes_any_date():
    network = build_network(date(1985, 2, 16), 2, volumes={("san-ysidro", "vehicle"): 31_000})
    assert set(network.mode) == {"vehicle"}
    assert set(network.crossing) == {"san-ysidro"}
    # a Saturday and a Sunday are not an average day, but near it
    assert network.arrivals.sum() == pytest.approx(62_000, rel=0.12)
    with pytest.raises(InputError, match="2015-01-01"):
        build_network(date(1985, 2, 16), 2)


def test_every_year_of_the_range_can_be_built():
    for year in (2015, 2023, 2030):
        network = build_network(date(year, 12, 20), 12)
        assert np.isfinite(network.arrivals).all()
        assert network.arrivals.sum() > 1_000_000


def test_an_unknown_crossing():
    with pytest.raises(InputError, match="world-trade"):
        build_network(date(2022, 1, 1), 1, crossings=["world-trad"])


def test_capacity_follows_ordinary_volume():
    busy, quiet = (
        build_network(date(2024, 3, 4), 1, crossings=["world-trade"]),
        build_network(date(2015, 3, 2), 1, crossings=["world-trade"]),
    )
    ratio = busy.arrivals.sum() / quiet.arrivals.sum()
    assert ratio > 1.2
    assert quiet.service_factor[0, 0] / busy.service_factor[0, 0] == pytest.approx(ratio, rel=0.02)


def test_the_line_at_closing_is_served_and_early_comers_wait():
    fit = shipped().lanes["colombia", "commercial-standard"]  # 8:00-24:00, Sunday to 16:00
    out = with_overrun(fit).reshape(7, 24)
    assert (out[1, :6] > 0).all()  # Monday's line, after midnight
    assert (out[1, 6:8] == CLOSED).all()
    assert (out[6, 16:22] > 0).all()
    assert (out[6, 22:] == SHUT).all()
    assert (with_overrun(fit)[fit.booths > 0] == fit.booths[fit.booths > 0]).all()


def test_where_traffic_can_turn_to():
    network = build_network(date(2022, 4, 4), 1)
    lane = network.lane("pharr", "commercial-standard")
    edges = slice(network.alt_ptr[lane], network.alt_ptr[lane + 1])
    others = {network.crossing[n] for n in network.alt_lane[edges]}
    assert {"progreso", "los-indios", "rio-grande-city"} <= others
    assert all(network.mode[n] == "truck" for n in network.alt_lane[edges])
    assert (network.alt_size[edges] < 0.5).all()  # each of them is far smaller
    sentri = network.lane("stanton", "passenger-sentri")
    targets = network.alt_lane[network.alt_ptr[sentri] : network.alt_ptr[sentri + 1]]
    assert {network.crossing[n] for n in targets} >= {"paso-del-norte", "ysleta"}
    ready = network.lane("hidalgo", "passenger-ready")
    classes = {network.lane_class[n] for n in network.alt_lane[network.alt_ptr[ready] : network.alt_ptr[ready + 1]]}
    assert classes <= {"passenger-ready", "passenger-standard"}


def test_secondary_docks_and_shares():
    assert secondary_share("commercial-standard") == pytest.approx(0.27)  # FY2024 scanning rate
    assert secondary_share("commercial-fast") < secondary_share("commercial-standard")
    network = build_network(date(2024, 5, 6), 7, crossings=["pharr"])
    assert network.pool_docks.min() >= 1
    tally = run(network, 1)
    assert (
        0.2 < tally.referred.sum() / tally.served[[n for n, m in enumerate(network.mode) if m == "truck"]].sum() < 0.5
    )


def test_weeks_in_a_month():
    even = np.full(168, 1 / 168)
    assert weeks_in(even, 2026, 2) == pytest.approx(4.0)
    mondays = np.zeros(168)
    mondays[9] = 1.0
    assert weeks_in(mondays, 2026, 6) == 5  # 1, 8, 15, 22, 29 June
    assert crossing("pharr").port == "2305"
