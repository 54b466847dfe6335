"""Known changes of what is counted: shown where they are, and no estimate made across one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from borderlab.evidence.tables.source import sources
from borderlab.observe.effects.effect import estimate, percent
from borderlab.observe.effects.interrupted import from_index, month_index
from borderlab.observe.effects.segment import Segment, Torn, choose, publications
from borderlab.observe.series.as_of import AsOf
from borderlab.observe.series.breaks import Break, known_breaks
from borderlab.observe.series.definition import definitions, feeds
from borderlab.observe.series.inventory import shown, shown_lines
from borderlab.observe.series.series import load_series
from borderlab.observe.store.store import Store
from borderlab.report.story.effect import lines
from borderlab.strategy.runtime.backtest import backtest

from . import files
from .files import bts_row, put

SPLIT = date(2020, 3, 1)


def bts(folder: Path, first: date, last: date, split: bool = True) -> Path:
    """Trucks at every port: El Paso 70,000 with Ysleta until the split, then 15,000 and 55,000; a swing of a year."""
    draw = np.random.Generator(np.random.Philox(3))
    rows = []
    for number in range(month_index(first), month_index(last) + 1):
        when = from_index(number)
        swing = np.exp(0.1 * np.sin(2 * np.pi * number / 12) + 0.01 * draw.standard_normal())
        for port in files.ports():
            level = 20_000
            if port == "2402":
                level = 15_000 if split and when >= SPLIT else 70_000
            if port == "2401":
                level = 55_000
                if not split or when < SPLIT:
                    continue
            rows.append(bts_row(port, f"{when:%Y-%m}", round(level * swing)))
    return put(folder, "bts.csv", files.BTS + "".join(rows))


def test_the_table_hangs_together() -> None:
    targets = set(definitions()) | {feed.table for each in feeds().values() for feed in each if feed.imported}
    for series in definitions():
        for feed in feeds()[series]:
            for one in known_breaks(series, feed.place):
                assert set(one.source.split(";")) <= set(sources())
                assert one.what_en != one.what_es
    assert {"mx.homicide-files", "entries.trucks", "usbp.encounters"} <= targets


def test_a_split_inside_a_sum_does_not_touch_it() -> None:
    one = Break("x", SPLIT, frozenset({"2401", "2402"}), True, "", "", "")
    assert one.touches(frozenset({"2402"}))
    assert one.touches(frozenset({"2402", "2304"}))
    assert not one.touches(frozenset({"2401", "2402", "2304"}))
    assert not one.touches(frozenset({"2304"}))
    assert not one.touches(frozenset())  # the whole border counts both


def test_an_effect_across_the_split_is_not_estimated_from_the_file_that_has_it(store: Store, tmp_path: Path) -> None:
    store.import_files([bts(tmp_path, date(2014, 1, 1), date(2022, 12, 1))])
    found = estimate("covid-2020", "entries.trucks", parts=frozenset({"2402"}), store=store)
    assert found.place == "shipped:ports"  # that table counts Ysleta apart throughout
    assert found.interrupted is not None
    assert all(value < 30_000 for value in found.interrupted.actual)
    both = estimate("covid-2020", "entries.trucks", parts=frozenset({"2402", "2401"}), store=store)
    assert both.place is not None
    whole = estimate("covid-2020", "entries.trucks", store=store)
    assert whole.place == "store:bts-crossings"
    assert whole.interrupted is not None
    assert abs(percent(whole.interrupted.effect)) < 5  # nothing happens in the made file


def test_where_only_the_split_series_has_the_months_nothing_can_be_told(store: Store, tmp_path: Path) -> None:
    read = publications("entries.trucks", _imported_alone(store, tmp_path))
    imported = tuple(one for one in read if one.place.startswith("store"))
    torn = choose("entries.trucks", imported, frozenset({"2402"}), date(2020, 6, 1), 3)
    assert isinstance(torn, Torn)
    assert torn.breaks[0].id == "el-paso-ysleta"
    assert isinstance(choose("entries.trucks", imported, frozenset({"2304"}), date(2020, 6, 1), 3), Segment)
    before = choose("entries.trucks", imported, frozenset({"2402"}), date(2019, 4, 1), 1)
    assert isinstance(before, Segment)
    assert max(before.values) == date(
        2020, 2, 1
    )  # months of the other meaning serve for nothing, not as placebos either
    late = choose("entries.trucks", imported, frozenset({"2402"}), date(2022, 6, 1), 3)
    assert isinstance(late, Segment)
    assert (min(late.values), late.cut) == (SPLIT, True)


def _imported_alone(store: Store, folder: Path) -> Store:
    store.import_files([bts(folder, date(2014, 1, 1), date(2022, 12, 1))])
    return store


def test_a_donor_that_splits_is_no_donor(store: Store, tmp_path: Path) -> None:
    _imported_alone(store, tmp_path)
    found = estimate("covid-2020", "entries.trucks", parts=frozenset({"2304"}), store=store)
    assert found.synthetic is None or "2402" not in found.synthetic.placebos
    own = next(one for one in publications("entries.trucks", store) if one.place.startswith("store"))
    segment = choose("entries.trucks", (own,), frozenset({"2304"}), date(2020, 6, 1), 3)
    assert isinstance(segment, Segment)
    assert min(segment.panel["2402"]) == SPLIT


def test_two_publications_are_never_one_window(store: Store, tmp_path: Path) -> None:
    """The file ends in the month before the start; the shipped table goes on with another El Paso."""
    store.import_files([bts(tmp_path, date(2014, 1, 1), date(2019, 3, 1), split=False)])
    alone = estimate("close-border-2019", "entries.trucks", parts=frozenset({"2402"}), store=Store(tmp_path / "none"))
    found = estimate("close-border-2019", "entries.trucks", parts=frozenset({"2402"}), store=store)
    assert found.interrupted is not None
    assert alone.interrupted is not None
    assert found.interrupted.effect == alone.interrupted.effect
    assert found.place == "shipped:ports"
    everywhere = estimate("close-border-2019", "entries.trucks", store=store)
    assert (everywhere.place, everywhere.change) == ("shipped:ports", "no clear change")


def test_two_publications_that_only_together_have_the_months(store: Store, tmp_path: Path) -> None:
    """Encounters by state, all four, for the months that do not ship: the break is the change of publication."""
    head = (
        "Fiscal Year,Month Grouping,Month (abbv),Land Border Region,State,Demographic,Citizenship,Title of Authority,"
        "Encounter Count\n"
    )
    rows = []
    for number in range(month_index(date(2018, 1, 1)), month_index(date(2021, 10, 1))):
        when = from_index(number)
        year = when.year + (when.month >= 10)
        for state in ("AZ", "CA", "NM", "TX"):
            for group in ("Single Adults", "FMUA", "UAC"):
                for country in ("MEXICO", "GUATEMALA", "HONDURAS"):
                    title = "Title 8,10" if country != "HONDURAS" or when < date(2020, 4, 1) else "Title 42,10"
                    rows.append(f"{year},FYTD,{when:%b},Southwest Land Border,{state},{group},{country},{title}\n")
    store.import_files([put(tmp_path, "e.csv", head + "".join(rows))])
    read = publications("cbp.encounters", store)
    assert [one.place for one in read] == ["store:cbp-encounters", "shipped:national"]
    torn = choose("cbp.encounters", read, frozenset(), date(2022, 4, 1), 6)
    assert isinstance(torn, Torn)
    assert (torn.breaks[0].id, torn.breaks[0].first) == ("publication", date(2021, 10, 1))


@pytest.mark.parametrize("lang", ["en", "es"])
def test_cannot_tell_names_the_break(store: Store, tmp_path: Path, lang: str) -> None:
    rows = "".join(
        files.crime_rows(n, state, [100 + n + m % 5 for m in range(12)], year)
        for year in (2021, 2022, 2023, 2024, 2025, 2026)
        for n, state in enumerate(files.states(), 1)
    )
    store.import_files([put(tmp_path, "c.csv", files.CRIMES + rows)])
    torn = choose("mx.homicide-files", publications("mx.homicide-files", store), frozenset(), date(2026, 2, 1), 3)
    assert isinstance(torn, Torn)
    assert torn.breaks[0].id == "sesnsp-2026"
    found = estimate("ieepa-2025", "mx.homicide-files", store=store)
    assert found.interrupted is not None  # 2025 itself lies before the new method
    across = estimate("covid-2020", "encounters", store=store)
    assert (across.verdict, across.interrupted) == ("cannot tell", None)
    assert across.breaks[0].id == "expulsions-usbp"
    assert across.json_ready()["breaks"][0]["first_period"] == "2020-03"
    said = " ".join(lines(across, lang))
    assert "2020-03" in said
    assert ("expulsions" if lang == "en" else "expulsiones") in said


def test_show_marks_known_breaks_and_changes_of_publication(store: Store, tmp_path: Path) -> None:
    rows = [bts_row("2402", f"2019-{month:02d}", 70_000) for month in (1, 2, 3)]
    store.import_files([put(tmp_path, "p.csv", files.BTS + "".join(rows))])
    found = shown("entries.trucks", date(2018, 12, 1), date(2019, 5, 1), False, {"port_code": "2402"}, store)
    marked = {row["period"]: [one["id"] for one in row.get("breaks", ())] for row in found["rows"]}
    assert marked == {
        "2018-12": [], "2019-01": ["publication"], "2019-02": [], "2019-03": [], "2019-04": ["publication"],
        "2019-05": [],
    }  # fmt: skip
    said = "\n".join(shown_lines(found))
    assert "from here on: another publication: the figures that ship; before it imported" in said
    ysleta = shown("entries.trucks", date(2019, 1, 1), date(2019, 4, 1), False, {"port_code": "2401"}, store)
    # In the months that the file counts Ysleta within El Paso, the shipped figure of Ysleta is not set beside it.
    assert [row["period"] for row in ysleta["rows"]] == ["2019-04"]


def test_show_of_a_data_set_lists_its_breaks(store: Store, tmp_path: Path) -> None:
    store.import_files([put(tmp_path, "p.csv", files.BTS + bts_row("2402", "2019-01", 70_000))])
    found = shown("bts-crossings", None, None, False, {}, store)
    assert {"el-paso-ysleta", "el-paso-ysleta-on-foot", "containers-double"} <= {one["id"] for one in found["breaks"]}
    assert "break in 2020-03 (2401, 2402)" in "\n".join(shown_lines(found))


def test_rules_do_not_compare_across_a_break() -> None:
    """Homicides go from deaths of a year to victims of a month in 2025: −27 % that nobody saw."""
    known = AsOf("mx.homicides")
    before, after = known.on(date(2025, 1, 20)), known.on(date(2025, 3, 20))
    assert before is not None
    assert after is not None
    assert (before.meaning, after.meaning) == (0, 1)


def test_a_fall_across_a_break_fires_no_rule(tmp_path: Path) -> None:
    path = put(
        tmp_path,
        "fall.yaml",
        "schema: borderlab/strategy/1\nid: fall\ntitle: {en: Fall, es: Baja}\n"
        "gist: {en: Acts on a fall., es: Actúa ante una baja.}\nrules:\n- id: on-a-fall\n"
        "  when: {indicator: mx.homicides, falls: 15 %, over: 12 weeks}\n  until: never\n"
        "  do:\n  - {lever: us.intelligence_sharing, to: 80 %}\n  at_least: 4 weeks\n",
    )
    found = backtest(path, date(2024, 6, 1), date(2025, 5, 1))
    assert [firing.begin for firing in found.rules[0].firings] == []


def test_every_estimate_that_ships_is_made_of_one_publication(store: Store) -> None:
    for episode, series in (("tariff-2019", "encounters"), ("texas-inspections-2022", "entries.trucks")):
        found = estimate(episode, series, store=store)
        assert found.place is not None
        assert load_series("usbp.encounters", store=store).points
