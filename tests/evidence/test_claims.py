"""The claims of the essays, held against the essays themselves and against official data read here anew."""

import csv
import gzip
import re
from collections import Counter

import pytest

from borderlab.evidence.tables.claim import ESSAYS, Claim, claims, claims_of

NUMBER_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "fourteen": 14, "twenty": 20,
}  # fmt: skip
# Page numbers in brackets, days of a month, centuries, and the two attacks of 11 September.
NO_FIGURE = re.compile(
    r"\(\[[^\]]*\]\(#\)\)|\[[^\]]*\]\(#\)|\(Ratt[^)]*\)|9/11|21\s?st|\b(?:January|February|March|April|May|June|July|August|"
    r"September|October|November|December) \d{1,2}(?:-\d{1,2})?\b|\b\d{4}-\d{2}\b"
)


def _fiscal(encounters, year):
    months = [f"{year - 1}-{m:02d}" for m in (10, 11, 12)] + [f"{year}-{m:02d}" for m in range(1, 10)]
    return sum(encounters[month] for month in months)


def _period_value(encounters, period):
    if match := re.fullmatch(r"FY(\d{4})", period):
        return _fiscal(encounters, int(match[1]))
    return encounters[period] if re.fullmatch(r"\d{4}-\d{2}", period) else None


def test_all_five_essays_are_coded():
    assert {claim.source for claim in claims().values()} == set(ESSAYS)
    figures = [claim for claim in claims().values() if claim.kind == "quantitative"]
    assert len(figures) >= 150
    assert all(claims_of(essay) for essay in ESSAYS)


def test_every_number_of_the_essays_is_in_a_claim(essay_texts):
    missed = []
    for essay, text in essay_texts.items():
        covered = set()
        for claim in claims_of(essay):
            covered |= {abs(figure) for figure in (claim.value, claim.low, claim.high) if figure is not None}
            words = re.findall(r"\d[\d,]*\.?\d*", f"{claim.counts_en} {claim.paraphrase_en}")
            covered |= {float(word.replace(",", "").rstrip(".")) for word in words}
        plain = NO_FIGURE.sub(" ", text.split("ABOUT THE AUTHOR")[0].split("Mexico Institute\n\nThe Mexico")[0])
        plain = plain.split("Table of Contents")[-1].split("References.....")[-1]
        for match in re.finditer(r"(\$?)(\d[\d,]*(?:\.\d+)?)\s*(percent|%|million|billion)?", plain):
            value = float(match[2].rstrip(",").replace(",", ""))
            value *= {"million": 1e6, "billion": 1e9}.get(match[3] or "", 1)
            if not match[1] and 1900 <= value <= 2030:
                continue
            if value not in covered:
                missed.append((essay, match[0], plain[max(0, match.start() - 40) : match.end() + 30]))
    # Years of a term and dates of the talk, the visit and the two groups are no figures.
    left = [one for one in missed if not re.search(r"2015\s*-?18|of\s+-|Consul General|in Nuevo", one[2])]
    assert left == [], left


@pytest.mark.parametrize("essay", ESSAYS)
def test_no_sentence_is_taken_from_an_essay(essay, essay_texts):
    run = 8

    def grams(text):
        words = re.findall(r"[a-z0-9]+", text.lower())
        return {tuple(words[i : i + run]) for i in range(len(words) - run + 1)}

    theirs = grams(essay_texts[essay])
    taken = [claim.id for claim in claims_of(essay) if grams(f"{claim.counts_en} . {claim.paraphrase_en}") & theirs]
    assert taken == []


def test_border_patrol_figures_agree_with_the_sector_file(encounters):
    """Every claim that rests on the Border Patrol series, read from that series again."""
    checked = 0
    for claim in claims().values():
        if "usbp-sector-monthly" not in claim.official_sources or claim.official is None:
            continue
        period = claim.official_period
        if claim.official_unit == "%" and "–" in period:
            first, last = (_period_value(encounters, part) for part in period.split("–"))
            assert 100 * (last / first - 1) == pytest.approx(claim.official, abs=0.06), claim.id
            checked += 1
        elif claim.official_unit in ("apprehensions", "people", "encounters") and "–" not in period:
            assert _period_value(encounters, period) == claim.official, claim.id
            checked += 1
    assert checked >= 15
    total = sum(_fiscal(encounters, year) for year in range(2021, 2025))
    assert claims()["linderman-2024.millions-of-migrants"].official == total


def test_apprehensions_fell_every_year_and_every_month_as_said(encounters):
    years = [_fiscal(encounters, year) for year in range(2005, 2012)]
    assert years == sorted(years, reverse=True)
    months = [encounters[f"2019-{month:02d}"] for month in range(5, 13)]
    assert months == sorted(months, reverse=True)
    assert claims()["davidson-2020.december-pre-crisis"].verdict == "holds"
    assert min(_fiscal(encounters, year) for year in range(2000, 2025)) == _fiscal(encounters, 2017)
    assert claims()["davidson-2020.record-low-2017"].verdict == "holds"


def test_a_label_that_names_another_count_does_not_hold(encounters):
    march = claims()["davidson-2020.march-2019"]
    assert encounters["2019-03"] < march.low == 100000
    assert march.verdict == "does-not-hold"
    for name in ("davidson-2020.apprehensions-2018", "davidson-2020.apprehensions-2019"):
        assert claims()[name].verdict == "does-not-hold"
        assert claims()[name].official < 0.9 * claims()[name].value


def test_trade_per_day_is_two_way_and_not_northbound(shared):
    north, both, laredo, truck, laredo_truck = 0.0, 0.0, 0.0, 0.0, 0.0
    with gzip.open(shared / "data" / "bts_transborder_mexico_port_mode_month.csv.gz", "rt") as handle:
        for row in csv.DictReader(handle):
            if row["YEAR"] != "2022":
                continue
            value = float(row["VALUE"])
            both += value
            if row["TRDTYPE"] == "2":
                north += value
                laredo += value * (row["DEPE"] == "2304")
                truck += value * (row["DISAGMOT"] == "5")
                laredo_truck += value * (row["DEPE"] == "2304" and row["DISAGMOT"] == "5")
    claim = claims()["linderman-2022.trade-per-day"]
    assert claim.value == 1_700_000_000
    assert claim.unit == "USD/day"
    assert claim.official == pytest.approx(north / 365, rel=1e-6)
    assert claim.verdict == "does-not-hold"
    assert north / 365 < 0.8 * claim.value < both / 365
    share = claims()["linderman-2022.laredo-share"]
    assert share.official == pytest.approx(100 * laredo_truck / truck, abs=0.05)
    assert 100 * laredo_truck / north < 100 * laredo / north < share.value < share.official
    assert f"{100 * laredo_truck / north:.1f} %" in share.official_note_en
    assert share.verdict == "holds-roughly"


def test_cars_fell_as_said(shared):
    cars = Counter()
    with gzip.open(shared / "data" / "bts_border_crossings_mexico.csv.gz", "rt") as handle:
        for row in csv.DictReader(handle):
            if row["measure"] == "Personal Vehicles" and row["month"][:4] in ("2000", "2011"):
                cars[row["month"][:4]] += float(row["value"])
    change = 100 * (cars["2011"] / cars["2000"] - 1)
    assert claims()["linderman-2022.americans-stopped-crossing"].official == pytest.approx(change, abs=0.05)


# INEGI, final unless it was not read: 2016 is preliminary. Bulletins of each year.
HOMICIDES = {
    2010: 25757, 2011: 27213, 2012: 25967, 2013: 23063, 2014: 20010, 2015: 20762, 2016: 23953, 2018: 36685,
    2019: 36661, 2020: 36773, 2021: 35700, 2022: 33287, 2023: 32252, 2024: 33550,
}  # fmt: skip


def test_homicide_figures_agree_with_inegi():
    checked = 0
    for claim in claims().values():
        one_year = re.fullmatch(r"\d{4}", claim.official_period or "")
        if "inegi-homicides" in claim.official_sources and one_year and claim.official_unit == "homicides":
            assert claim.official == HOMICIDES[int(claim.official_period)], claim.id
            checked += 1
    assert checked >= 8
    known = sum(HOMICIDES[year] for year in (2013, 2014, 2015, 2016, 2018))
    bound = (known + HOMICIDES[2018]) / 6
    average = claims()["davidson-2020.epn-average"]
    assert average.value == 30000
    assert average.official_high == pytest.approx(bound, abs=1)
    assert average.verdict == "does-not-hold"
    assert claims()["davidson-2020.homicides-calderon"].official == sum(HOMICIDES[y] for y in (2010, 2011, 2012))


def test_both_sides_get_the_same_verdict_for_the_same_fault():
    """Two essays call 2019 a record year; the same figures speak to both."""
    one, other = claims()["wayne-2020.homicide-record-2019"], claims()["davidson-2020.record-three-years"]
    assert one.verdict == other.verdict
    counts = claims()["wayne-2020.homicides-2019"], claims()["davidson-2020.homicides-2019"]
    assert [claim.verdict for claim in counts] == ["holds-roughly"] * 2
    assert [claim.official for claim in counts] == [36661] * 2


def test_plain_units():
    assert claims()["wayne-2020.city-unsafe"].value == 72.9
    assert claims()["davidson-2020.merida-total"].value == 3_000_000_000
    assert claims()["davidson-2020.bribe-monthly"].value == 1_000_000
    assert claims()["walser-zuckerman-2013.us-content"].high == 40
    assert claims()["wayne-2020.extradited-10-20"].low == 10


def test_extraditions_of_two_terms():
    yearly = {2000: 12, 2001: 17, 2002: 25, 2003: 31, 2004: 34, 2005: 41, 2006: 63}
    fox = claims()["davidson-2020.fox-extraditions"]
    assert fox.official == pytest.approx(sum(yearly[y] for y in range(2001, 2007)) / 6, abs=0.05)
    assert fox.verdict == "holds"
    assert claims()["davidson-2020.calderon-extraditions"].official == pytest.approx(473 / 6, abs=0.05)


def test_attribution_of_2019_is_never_settled():
    for name in (
        "wayne-2020.guard-lowered-arrivals",
        "davidson-2020.mpp-helped",
        "davidson-2020.three-causes-2019",
    ):
        assert claims()[name].verdict == "cannot-be-checked"
        assert "us_measures" in claims()[name].model_ids


def test_a_claim_without_its_source_is_refused():
    row = next(iter(claims().values())).model_dump()
    with pytest.raises(ValueError, match="needs the official source"):
        Claim.model_validate({**row, "verdict": "holds", "official_source": None})
    with pytest.raises(ValueError, match="unit"):
        Claim.model_validate({**row, "value": 3.0, "unit": None})
