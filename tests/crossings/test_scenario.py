"""Scenario files: what is read, and what is said of broken ones."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from borderlab.base.problems import InputError
from borderlab.crossings.border.places import LANE_CLASSES, crossings
from borderlab.crossings.scenarios.library import load_scenario, scenario_ids
from borderlab.crossings.scenarios.restriction import KINDS, RestrictionKind
from borderlab.crossings.scenarios.schema import scenario_schema
from borderlab.evidence.tables.source import sources
from borderlab.language.translate import LANGUAGES
from borderlab.language.units import parse_quantity

HEAD = "title: A case\nperiod: {from: 2022-04-01, to: 2022-04-30}\nrestrictions:\n"


def read(tmp_path: Path, text: str) -> object:
    path = tmp_path / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return load_scenario(path)


# name: (text, what must be said). Each message begins with its line; "" means a message of the whole file.
BROKEN: dict[str, tuple[str, list[str]]] = {
    "unknown top key": (
        "titel: x\nperiod: {from: 2022-04-01, to: 2022-04-30}\nrestrictions:\n  - {kind: close, at: pharr}\n",
        ["1: unknown key 'titel' in a scenario. Did you mean 'title'?"],
    ),
    "no title": (
        "period: {from: 2022-04-01, to: 2022-04-30}\nrestrictions:\n  - {kind: close, at: pharr}\n",
        ["1: 'title' is missing. Add a line 'title: …'."],
    ),
    "no sum in an upper bound": (
        HEAD + "  - {kind: close, at: pharr}\nupper_bounds:\n  - {en: A total, es: Un total, source: perryman-2022}\n",
        ["6: an item of 'upper_bounds' has no 'usd'. For example: 'usd: 470 million USD'."],
    ),
    "no period": ("title: x\nrestrictions:\n  - {kind: close, at: pharr}\n", ["1: 'period' is missing."]),
    "no restrictions": (
        "title: x\nperiod: {from: 2022-04-01, to: 2022-04-30}\n",
        ["1: 'restrictions' is missing or empty. For an ordinary week use"],
    ),
    "empty restrictions": (HEAD.replace("restrictions:\n", "restrictions: []\n"), ["3: 'restrictions' is missing"]),
    "restrictions not a list": (HEAD + "  kind: close\n", ["3: 'restrictions' is not a list."]),
    "restriction not a mapping": (HEAD + "  - close\n", ["4: a restriction is not a mapping."]),
    "unknown crossing": (
        HEAD + "  - {kind: close, at: world-trad}\n",
        ["4: 'world-trad' is no crossing, port, region or CBP number. Did you mean 'world-trade'?"],
    ),
    "unknown crossing in a list": (
        HEAD + "  - kind: close\n    at:\n      - pharr\n      - collombia\n",
        ["7: 'collombia' is no crossing, port, region or CBP number. Did you mean 'colombia'?"],
    ),
    "unknown mode": (
        HEAD + "  - {kind: close, at: pharr, mode: trucks}\n",
        ["4: there is no mode 'trucks'. Did you mean 'truck'?"],
    ),
    "a mode by another name": (
        HEAD + "  - {kind: close, at: pharr, mode: freight}\n",
        ["4: there is no mode 'freight'. Did you mean 'truck'?"],
    ),
    "unknown lane class": (
        HEAD + "  - {kind: close, at: san-ysidro, lane: passenger-sentry}\n",
        ["4: there is no lane class 'passenger-sentry'. Did you mean 'passenger-sentri'?"],
    ),
    "FAST misspelt": (
        HEAD + "  - {kind: close, at: pharr, lane: fasst}\n",
        ["4: there is no lane class 'fasst'. Did you mean 'commercial-fast'?"],
    ),
    "FAST at a port without it": (
        HEAD + "  - {kind: fast-share, at: roma, add: 10 points}\n",
        ["4: 'roma' has no lane of commercial-fast."],
    ),
    "too few places": (
        HEAD + "  - {kind: add-stage, at: pharr, share: 50 %, places: -3 places, time: 50 min}\n",
        ["4: 'places' is -3 places; it must lie between 1 and 500 places."],
    ),
    "infinite": (
        HEAD + "  - {kind: demand, at: pharr, change: inf}\n",
        ["4: 'change': 'inf' is not a quantity. Write for example -40 %."],
    ),
    "lane of another mode": (
        HEAD + "  - {kind: close, at: pharr, mode: truck, lane: passenger-ready}\n",
        ["4: the lane class 'passenger-ready' is not of mode truck."],
    ),
    "no such lanes there": (
        HEAD + "  - {kind: close, at: world-trade, mode: pedestrian}\n",
        ["4: no crossing chosen here has lanes of pedestrian-standard, pedestrian-ready."],
    ),
    "unknown kind": (
        HEAD + "  - {kind: clos, at: pharr}\n",
        ["4: there is no restriction of kind 'clos'. Did you mean 'close'?"],
    ),
    "a kind by another name": (
        HEAD + "  - {kind: cap, at: pharr}\n",
        ["4: there is no restriction of kind 'cap'. Did you mean 'cap-booths'?"],
    ),
    "no kind": (HEAD + "  - {at: pharr}\n", ["4: the restriction has no 'kind'. One of: close, cap-booths"]),
    "a key by another name": (
        HEAD + "  - {kind: close, where: pharr}\n",
        ["4: unknown key 'where' in 'close'. Did you mean 'at'?"],
    ),
    "no place": (HEAD + "  - {kind: close, mode: truck}\n", ["4: 'at' is missing. Name crossings, ports, regions"]),
    "key of another kind": (
        HEAD + "  - {kind: close, at: pharr, share: 50 %}\n",
        ["4: unknown key 'share' in 'close'."],
    ),
    "no unit": (
        HEAD + "  - {kind: cap-booths, at: pharr, booths: 2}\n",
        ["4: 'booths': '2' has no unit. Write for example 2 booths."],
    ),
    "a point before three digits": (
        HEAD + "  - {kind: secondary, at: pharr, time: 1.250 min}\n",
        ["4: 'time': '1.250 min' can be read as 1.25 or as 1250. Write for example 20 min."],
    ),
    "a comma that ends the value": (
        HEAD + "  - {kind: secondary, at: pharr, share: 2,5 %}\n",
        ["4: unknown key '5 %' in 'secondary'. If it belongs to the value before it", "4: 'share': '2' has no unit"],
    ),
    "unknown unit": (
        HEAD + "  - {kind: secondary, at: pharr, time: 20 minuts}\n",
        ["4: 'time': 'minuts' in '20 minuts' is not a known unit. Did you mean 'minutes'?"],
    ),
    "unit of another kind": (
        HEAD + "  - {kind: secondary, at: pharr, time: 20 trucks}\n",
        ["4: 'time': '20 trucks' cannot be read in minute."],
    ),
    "share over 100 %": (
        HEAD + "  - {kind: secondary, at: pharr, share: 120 %}\n",
        ["4: 'share' is 120 %; it must lie between 0 % and 100 %."],
    ),
    "negative share": (
        HEAD + "  - {kind: secondary, at: pharr, share: -5 %}\n",
        ["4: 'share' is -5 %; it must lie between 0 % and 100 %."],
    ),
    "demand below nothing": (
        HEAD + "  - {kind: demand, at: pharr, change: -140 %}\n",
        ["4: 'change' is -140 %; it must lie between -100 % and 500 %."],
    ),
    "a needed field is missing": (
        HEAD + "  - {kind: add-stage, at: pharr, share: 100 %, time: 50 min}\n",
        ["4: 'add-stage' needs 'places'. For example: 'places: 6 places'."],
    ),
    "two of one": (
        HEAD + "  - {kind: cap-booths, at: pharr, booths: 2 booths, share: 50 %}\n",
        ["4: 'cap-booths' needs one of 'booths: 2 booths' or 'share: 30 %'."],
    ),
    "none of one": (
        HEAD + "  - {kind: service-time, at: pharr}\n",
        ["4: 'service-time' needs one of 'factor: 150 %' or 'time: 3 min' or 'add: 2 min'."],
    ),
    "FAST for cars": (
        HEAD + "  - {kind: fast-share, at: pharr, mode: vehicle, add: 10 points}\n",
        ["4: 'fast-share' is for trucks only."],
    ),
    "SENTRI where there is none": (
        HEAD + "  - {kind: sentri-share, at: world-trade, add: 10 points}\n",
        ["4: 'world-trade' has no lane of passenger-sentri."],
    ),
    "date before the tables": (
        "title: x\nperiod: {from: 2009-04-01, to: 2009-04-30}\nrestrictions:\n  - {kind: close, at: pharr}\n",
        [f"2: 2009-04-{day} lies outside the tables, which serve 2015-01-01 to 2030-12-31." for day in ("01", "30")],
    ),
    "period backwards": (
        "title: x\nperiod: {from: 2022-04-15, to: 2022-04-08}\nrestrictions:\n  - {kind: close, at: pharr}\n",
        ["2: the period ends (2022-04-08) before it begins (2022-04-15)."],
    ),
    "period too long": (
        "title: x\nperiod: {from: 2016-01-01, to: 2022-04-08}\nrestrictions:\n  - {kind: close, at: pharr}\n",
        ["2: the period has 2290 days; at most 1100 are simulated."],
    ),
    "no such day": (
        "title: x\nperiod: {from: 2022-04-31, to: 2022-05-08}\nrestrictions:\n  - {kind: close, at: pharr}\n",
        ["2: there is no day 2022-04-31."],
    ),
    "not a date": (
        "title: x\nperiod: {from: soon, to: 2022-05-08}\nrestrictions:\n  - {kind: close, at: pharr}\n",
        ["2: 'soon' is not a date. Write year-month-day, like 2022-04-08."],
    ),
    "a time of day": (
        HEAD + "  - {kind: close, at: pharr, from: 2022-04-08T11:30:00}\n",
        ["4: 'from' holds a time of day; whole days are needed. Use 'hours' for hours."],
    ),
    "outside the period": (
        HEAD + "  - {kind: close, at: pharr, to: 2022-05-08}\n",
        ["4: 2022-04-01 to 2022-05-08 is not inside the period 2022-04-01 to 2022-04-30."],
    ),
    "restriction backwards": (
        HEAD + "  - {kind: close, at: pharr, from: 2022-04-20, to: 2022-04-10}\n",
        ["4: it ends (2022-04-10) before it begins (2022-04-20)."],
    ),
    "half hours": (
        HEAD + "  - {kind: close, at: pharr, hours: '11:30-17:00'}\n",
        ["4: '11:30-17:00': hours are written like '7-19' or '07:00-19:00', whole hours only."],
    ),
    "hour 25": (HEAD + "  - {kind: close, at: pharr, hours: 7-25}\n", ["4: '7-25': hours run from 0 to 24"]),
    "unknown day": (
        HEAD + "  - {kind: close, at: pharr, days: [sunday]}\n",
        ["4: there is no day 'sunday'. Did you mean 'sun'?"],
    ),
    "caps that contradict": (
        HEAD
        + "  - {kind: cap-booths, at: laredo, mode: truck, booths: 2 booths}\n"
        + "  - {kind: cap-booths, at: [world-trade, pharr], booths: 5 booths, from: 2022-04-20}\n",
        ["5: contradicts the restriction of line 4: both set how many booths may open, at world-trade."],
    ),
    "closed and staffed": (
        HEAD
        + "  - {kind: close, at: pharr, mode: truck}\n  - {kind: booths, at: pharr, mode: truck, booths: 9 booths}\n",
        ["5: contradicts the restriction of line 4: one closes what the other gives booths, at pharr."],
    ),
    "closed and inspected": (
        HEAD
        + "  - {kind: add-stage, at: pharr, share: 50 %, places: 3 places, time: 9 min, hours: 9-12}\n"
        + "  - {kind: close, at: pharr, hours: 8-12}\n",
        ["5: contradicts the restriction of line 4: the lanes are closed all the time that the other"],
    ),
    "more booths than the cap": (
        HEAD + "  - {kind: cap-booths, at: pharr, booths: 3 booths}\n  - {kind: booths, at: pharr, booths: 9 booths}\n",
        ["5: contradicts the restriction of line 4: one opens more booths than the other allows, at pharr."],
    ),
    "the same twice": (
        HEAD + "  - {kind: close, at: pharr}\n  - {kind: close, at: hidalgo}\n  - {kind: close, at: '2305'}\n",
        [
            "6: contradicts the restriction of line 4: whether the lanes are open is set twice, the same way",
            "6: contradicts the restriction of line 5: whether the lanes are open is set twice, the same way",
        ],
    ),
    "volume without a source": (
        HEAD.replace("restrictions", "volumes:\n  - {at: pharr, mode: truck, entries: 900 trucks/day}\nrestrictions")
        + "  - {kind: close, at: pharr}\n",
        ["4: the volume has no 'source'."],
    ),
    "volume of a port": (
        HEAD.replace(
            "restrictions", "volumes:\n  - {at: laredo, mode: truck, entries: 900 trucks/day, source: x}\nrestrictions"
        )
        + "  - {kind: close, at: pharr}\n",
        ["4: a volume is for one crossing; this place has several."],
    ),
    "volume in the wrong unit": (
        HEAD.replace(
            "restrictions", "volumes:\n  - {at: pharr, mode: truck, entries: 900 cars/day, source: x}\nrestrictions"
        )
        + "  - {kind: close, at: pharr}\n",
        ["4: 'entries': '900 cars/day' cannot be read in truck/day."],
    ),
    "a counted port misspelt": (
        HEAD
        + "  - {kind: close, at: pharr}\ncounted:\n"
        + "  - {at: Hidalgoo, mode: truck, month: 2022-4, change: -20 %, source: x}\n",
        ["6: 'Hidalgoo' is no port. Did you mean 'Hidalgo'?", "6: '2022-4' is not a month. Write year-month"],
    ),
    "unknown schema": (
        "schema: borderlab/scenario/9\n" + HEAD + "  - {kind: close, at: pharr}\n",
        ["1: the schema 'bor"],
    ),
    "a word for a title": (
        "title: 7\n" + HEAD.partition("\n")[2] + "  - {kind: close, at: pharr}\n",
        ["1: 'title' is not"],
    ),
    "a key twice": (HEAD + "  - {kind: close, kind: close, at: pharr}\n", ["4: not valid YAML: found duplicate key"]),
    "not YAML": ("title: [x\nperiod: {from\n", ["2: not valid YAML"]),
    "a list at the top": ("- title: x\n", ["1: the file is not a mapping"]),
    "empty": ("   \n", ["the file is empty."]),
}


@pytest.mark.parametrize("name", BROKEN)
def test_broken_files_say_line_cause_and_cure(tmp_path: Path, name: str) -> None:
    text, wanted = BROKEN[name]
    with pytest.raises(InputError) as caught:
        read(tmp_path, text)
    said = [str(problem).removeprefix(f"{tmp_path / 'case.yaml'}").lstrip(": ") for problem in caught.value.problems]
    assert len(said) == len(wanted), said
    for message, start in zip(said, wanted, strict=True):
        assert message.startswith(start), said


def test_all_faults_of_a_file_are_told_at_once(tmp_path: Path) -> None:
    lines = [BROKEN[name][0].splitlines()[-1] for name in ("unknown crossing", "unknown mode", "share over 100 %")]
    with pytest.raises(InputError) as caught:
        read(tmp_path, HEAD + "\n".join(lines) + "\n")
    assert [problem.line for problem in caught.value.problems] == [4, 5, 6]


def test_a_file_of_50_mb_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    with path.open("wb") as handle:
        handle.truncate(50_000_000)
    with pytest.raises(InputError, match=r"50\.0 MB; at most 250 kB"):
        load_scenario(path)


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes(b"title: caf\xe9\n")
    with pytest.raises(InputError, match=r":1: the file is not UTF-8"):
        load_scenario(path)


def test_an_unknown_name_gets_the_nearest_one() -> None:
    with pytest.raises(InputError, match="Did you mean 'texas-2022'"):
        load_scenario("texas-2023")


def test_a_missing_file_is_named() -> None:
    with pytest.raises(InputError, match=r"nowhere\.yaml: cannot be read"):
        load_scenario("nowhere.yaml")


@pytest.mark.parametrize("name", scenario_ids())
def test_shipped_scenarios_are_whole(name: str) -> None:
    scenario = load_scenario(name)
    assert scenario.title_en != scenario.title_es
    assert scenario.gist_en
    assert scenario.gist_es
    named = [*scenario.sources, *(source for one in scenario.restrictions for source in one.source)]
    named += [source for volume in scenario.volumes for source in volume.source]
    named += [source for _, _, source in scenario.observed] + [source for *_, source in scenario.upper_bounds]
    assert all(restriction.source for restriction in scenario.restrictions)
    assert set(named) <= set(sources())
    assert scenario.assumptions


def test_the_cases_of_the_brief_ship() -> None:
    assert {
        "texas-2022", "lane-withdrawal-2019", "san-ysidro-1985", "travel-limits-2020", "world-trade-closed",
        "passenger-closed-one-day", "commercial-slowed", "world-trade-fast", "joint-preclearance",
    } <= set(scenario_ids())  # fmt: skip


def test_lane_withdrawal_holds_the_published_lanes() -> None:
    caps = {
        one.crossings[0]: one.values["share"]
        for one in load_scenario("lane-withdrawal-2019").restrictions
        if one.kind == "cap-booths" and one.source == ("nam-2019",)
    }
    # NAM bulletin of April 2019: lanes left open, of how many.
    published = {
        "bota": 2 / 6, "ysleta": 2 / 8, "los-indios": 1 / 4, "world-trade": 10 / 12, "colombia": 2 / 4,
        "otay-mesa-commercial": 8 / 10, "nogales-mariposa": 5 / 8,
    }  # fmt: skip
    assert caps == pytest.approx(published, abs=0.001)


def test_units_and_places_are_resolved(tmp_path: Path) -> None:
    scenario = read(
        tmp_path,
        HEAD
        + "  - {kind: add-stage, at: Laredo, mode: truck, share: 50 %, places: 3 places, time: 0.5 h, hours: 22-6, "
        + "days: weekend, from: 2022-04-02, to: 2022-04-03}\n",
    )
    one = scenario.restrictions[0]  # type: ignore[attr-defined]
    assert set(one.crossings) >= {"world-trade", "colombia"}
    assert one.values == {"share": 0.5, "places": 3.0, "time": 30.0}
    assert one.lane_classes == ("commercial-standard", "commercial-fast")
    on = [hour for hour, there in enumerate(one.week()) if there]
    # Saturday 22-24, Sunday 0-6 and 22-24, and the first hours of Monday, which belong to Sunday's night.
    assert on == [*range(6), *range(5 * 24 + 22, 6 * 24 + 6), *range(6 * 24 + 22, 7 * 24)]


def test_whole_months_are_simulated() -> None:
    assert load_scenario("texas-2022").span() == (date(2022, 4, 1), date(2022, 4, 30))
    assert load_scenario("lane-withdrawal-2019").span() == (date(2019, 3, 1), date(2019, 5, 31))


def test_restrictions_that_only_touch_do_not_contradict(tmp_path: Path) -> None:
    read(
        tmp_path,
        HEAD
        + "  - {kind: cap-booths, at: pharr, mode: truck, booths: 2 booths, to: 2022-04-10}\n"
        + "  - {kind: cap-booths, at: pharr, mode: truck, booths: 4 booths, from: 2022-04-11}\n"
        + "  - {kind: cap-booths, at: pharr, mode: vehicle, booths: 4 booths}\n"
        + "  - {kind: secondary, at: pharr, share: 20 %}\n  - {kind: secondary, at: pharr, time: 30 min}\n"
        + "  - {kind: service-time, at: colombia, factor: 150 %}\n"
        + "  - {kind: close, at: colombia, hours: 8-12}\n  - {kind: close, at: colombia, hours: 12-14}\n",
    )


def test_decimal_commas_and_groups_mean_what_they_say(tmp_path: Path) -> None:
    """'37,5 %' was 375 % (refused), '2,5 min' 25 minutes (run), '12.000 trucks/day' 12."""
    text = HEAD + "  - {kind: secondary, at: pharr, share: '37,5 %', time: '2,5 minutos'}\nvolumes:\n"
    one = read(tmp_path, text + "  - {at: pharr, mode: truck, entries: 12 000 camiones al día, source: x}\n")
    (restriction,) = one.restrictions
    assert restriction.values == pytest.approx({"share": 0.375, "time": 2.5})
    assert one.volumes[0].per_day == 12_000
    with pytest.raises(InputError, match="can be read as 12 or as 12000"):
        read(tmp_path, text + "  - {at: pharr, mode: truck, entries: 12.000 trucks/day, source: x}\n")


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_the_schema_refuses_quantities_that_the_reader_refuses(kind: RestrictionKind) -> None:
    """Bare numbers, other units, two readings; and takes the examples of the table."""
    for field in kind.fields:
        pattern = next(
            one["properties"][field.name]["pattern"]
            for one in scenario_schema()["properties"]["restrictions"]["items"]["oneOf"]
            if one["title"] == kind.name
        )
        assert re.search(pattern, field.example), field
        for text in ("25", "2.5e3", "", "12 groups", "1.250 min", "2,500 %", "5 % %", "x", "3 min, 4 s"):
            if re.search(pattern, text):
                parse_quantity(text, field.unit)


def test_the_schema_knows_every_kind_place_and_lane() -> None:
    text = json.dumps(scenario_schema())
    for word in [*KINDS, *LANE_CLASSES, *(row.id for row in crossings())]:
        assert f'"{word}"' in text
    assert len(LANGUAGES) == 2
