"""Programmes, presidents, episodes and the measures of the law."""

import statistics
from datetime import date
from itertools import pairwise

import pytest

from borderlab.evidence.catalogue.timeline import timeline
from borderlab.evidence.tables.conflict import conflicts
from borderlab.evidence.tables.dates import first_day, fraction
from borderlab.evidence.tables.episode import Episode, episodes
from borderlab.evidence.tables.indicator import indicators
from borderlab.evidence.tables.leader import changes, leaders
from borderlab.evidence.tables.programme import Programme, programmes
from borderlab.evidence.tables.statute import effectiveness_rate, statutory_measures


def test_lives_of_programmes_by_hand():
    found = programmes()
    assert len(found) >= 30
    assert found["merida-2007"].years == pytest.approx(14.0, abs=0.05)
    assert found["spp-2005"].years == pytest.approx(4.4, abs=0.05)
    assert found["smart-border-2002"].years == pytest.approx(3.0, abs=0.01)
    assert found["mpp-1-2019"].years == pytest.approx(2.0, abs=0.05)
    assert found["operation-cooperation"].ended is None
    assert found["operation-cooperation"].years is None


def test_declarations_die_young_and_laws_do_not():
    ended = [row.years for row in programmes().values() if row.form == "declaration" and row.ended]
    assert statistics.median(ended) == pytest.approx(3.1, abs=0.05)
    assert not [row.id for row in programmes().values() if row.form in ("treaty", "statute") and row.ended]


def test_presidents_follow_each_other_without_a_gap():
    for country in ("US", "MX"):
        row = [leader for leader in leaders() if leader.country == country]
        assert all(earlier.end == later.start for earlier, later in pairwise(row))
    assert changes("2017-01-21", "2021-01-20", "US") == 1
    assert changes("2017-01-21", "2021-01-20", "MX") == 1
    assert programmes()["merida-2007"].changes_of_president == 5  # 2009, 2012, 2017, 2018, 2021


def test_a_programme_that_ended_needs_its_end():
    row = programmes()["merida-2007"].model_dump()
    with pytest.raises(ValueError, match="needs its end"):
        Programme.model_validate({**row, "end": None})


@pytest.mark.parametrize("text", ["2019-13", "19", "2019-02-30", "June 2019", ""])
def test_a_date_that_is_none(text):
    with pytest.raises(ValueError, match=r"date|month|day"):
        first_day(text)


def test_dates_known_to_the_year_stand_in_its_middle():
    assert first_day("2019-06") == date(2019, 6, 1)
    assert fraction("2019") == 2019.5
    assert fraction("2019-01") < fraction("2019-01-31") < fraction("2019-02")


def test_controls_stand_beside_threats():
    controls = [row.id for row in episodes().values() if row.is_control]
    assert {"crackdown-2024", "frontera-sur-2014", "election-2016"} <= set(controls)
    assert all(row.outcome is None for row in episodes().values() if row.kind == "control")


def test_unknown_is_not_zero():
    row = episodes()["slowdown-1986"]
    assert row.outcome is None
    assert row.concession_nominal is None
    assert row.cost_mx_usd is None
    with pytest.raises(ValueError, match="a control has no outcome"):
        Episode.model_validate({**episodes()["crackdown-2024"].model_dump(), "outcome": "CD"})


def test_lags_of_threats_by_the_calendar():
    found = episodes()
    assert (date(2019, 6, 7) - first_day(found["tariff-2019"].first_threat)).days == found[
        "tariff-2019"
    ].days_to_concession
    assert (date(2025, 2, 3) - first_day(found["ieepa-2025"].first_threat)).days == found[
        "ieepa-2025"
    ].days_to_concession
    assert (date(2019, 8, 27) - date(2019, 8, 8)).days == found["decertification-2019"].days_to_concession
    assert (date(2022, 4, 13) - date(2022, 4, 6)).days == found["texas-inspections-2022"].days_to_concession
    lanes_open, lanes = 2 + 2 + 1 + 10 + 2 + 8 + 5, 6 + 8 + 4 + 12 + 4 + 10 + 8
    assert found["close-border-2019"].imposed_intensity == pytest.approx(100 * (1 - lanes_open / lanes), abs=0.05)
    assert found["ieepa-2025"].prior_action_share == 8700 / 10000


def test_what_was_left_of_an_effect_is_read_from_the_series(encounters):
    checked = 0
    for row in episodes().values():
        if row.residual_series is None:
            continue
        year, month = map(int, row.residual_base.split("-"))
        for months, value in ((6, row.residual_6), (12, row.residual_12), (24, row.residual_24)):
            if value is None:
                continue
            there = year * 12 + month - 1 + months
            later = encounters[f"{there // 12}-{there % 12 + 1:02d}"]
            assert later / encounters[row.residual_base] == pytest.approx(value, abs=0.0006), (row.id, months)
            checked += 1
    assert checked >= 20


def test_the_law_has_43_measures_in_four_parts():
    found = statutory_measures().values()
    parts = [sum(row.part == part for row in found) for part in ("between-ports", "at-ports", "maritime", "air-marine")]
    assert parts == [14, 15, 6, 8]
    assert all(row.limitation_en for row in found if row.computable in ("no", "model", "partly"))
    stated = {row.statute_id for row in indicators().values() if row.statute_id}
    assert stated == set(statutory_measures())
    assert all(row.indicator in indicators() for row in found if row.indicator)


def test_effectiveness_rate_by_hand():
    # (850 + 50) / (850 + 50 + 100 + undetected), undetected 0 to 200
    assert effectiveness_rate(850, 50, 100, (0, 200)) == (0.75, 0.9)
    assert effectiveness_rate(0, 0, 0, (10, 10)) == (0.0, 0.0)
    for bad in ((0, 0, 0, (0, 0)), (-1, 0, 1, (0, 0)), (1, 0, 1, (2, 1))):
        with pytest.raises(ValueError, match=r"negative|nobody"):
            effectiveness_rate(*bad)


def test_the_2019_homicides_stand_with_every_value():
    values = {row.value: row.counts_en for row in conflicts()["homicides-2019"]}
    assert {34500, 35500, 36661} <= set(values)
    assert len(set(values.values())) == len(values)
    assert [row.value for row in conflicts()["homicides-2019"] if row.used == "yes"] == [36661]


def test_two_official_vintages_of_one_year_differ(encounters):
    months = [m for m in encounters if "1999-10" <= m <= "2000-09"]
    used, other = conflicts()["apprehensions-fy2000"]
    assert used.value == sum(encounters[m] for m in months)
    assert other.value < used.value


def test_timeline_keeps_what_touches_the_window():
    ids = {span.id for span in timeline("2019", "2019")}
    assert {"tariff-2019", "ganseg-2019", "merida-2007", "us-trump-1", "mx-lopez-obrador"} <= ids
    assert not {"spp-2005", "ieepa-2025", "us-biden", "intercept-1969"} & ids
    starts = [fraction(span.start) for span in timeline()]
    assert starts == sorted(starts)
    assert {"intercept-1969", "crackdown-2024"} <= {span.id for span in timeline("1969")}


@pytest.mark.parametrize("window", [("2019-05-30", "2019-05-30"), ("2019-05", "2019-05"), ("2019-05-01", "2019-05-30")])
def test_both_ends_of_the_window_count(window):
    assert {"tariff-2019", "us-trump-1"} <= {span.id for span in timeline(*window)}
    assert "tariff-2019" not in {span.id for span in timeline("2018-01", "2019-05-29")}
    assert {span.id for span in timeline("9999-12-31", "9999-12-31")} == {
        span.id for span in timeline("2900") if span.open
    }
