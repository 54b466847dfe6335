"""Shipped figures, indicators, gaps, and what was known when."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from borderlab.base.problems import InputError
from borderlab.evidence.tables.indicator import indicators
from borderlab.evidence.tables.source import sources
from borderlab.observe.reading.layout import columns_of, datasets, labels_of
from borderlab.observe.series.as_of import AsOf
from borderlab.observe.series.gaps import gaps
from borderlab.observe.series.indicator import official, officials
from borderlab.observe.series.series import definitions, feeds, load_series
from borderlab.observe.store.store import Store


def total(series: str, year: int, fiscal: bool = False) -> float:
    shift = 1 if fiscal else 0
    values = load_series(series).values().items()
    return sum(value for when, value in values if when.year + (shift if when.month >= 10 else 0) == year)


def test_shipped_figures_add_up_to_published_totals(home: Path) -> None:
    assert total("cbp.encounters", 2022, fiscal=True) == 2_378_944
    assert total("cbp.encounters", 2024, fiscal=True) == 2_135_005
    assert total("usbp.encounters", 2019, fiscal=True) == pytest.approx(851_510, abs=10)
    assert total("usbp.encounters", 2007, fiscal=True) == pytest.approx(858_750, rel=0.03)  # ports of record differ
    assert total("entries.trucks", 2001) == 4_304_959
    assert total("entries.vehicles", 2019) == pytest.approx(72_856_569, rel=3e-3)
    assert total("seizures.fentanyl", 2023, fiscal=True) == pytest.approx(26_718, abs=3)
    assert total("mx.homicide-victims", 2025) == pytest.approx(20_674, abs=5)


def test_a_total_is_never_made_of_some_ports_only(home: Path) -> None:
    values = load_series("entries.trucks").values()
    assert date(2021, 11, 1) not in values  # Otay Mesa is missing
    assert max(values) == date(2025, 2, 1)  # later only Texas has figures
    assert load_series("entries.trucks", where={"port_code": "2304"}).values()[date(2025, 12, 1)] > 100_000


def test_parts_add_up(home: Path) -> None:
    parts = load_series("usbp.encounters", parts=True).points
    may = sum(p.value or 0 for p in parts if p.period == date(2019, 5, 1))
    assert may == load_series("usbp.encounters").values()[date(2019, 5, 1)] == 132_856
    two = load_series("usbp.encounters", where={"sector": "yuma|tucson"}).values()[date(2019, 5, 1)]
    assert two == sum(
        p.value or 0 for p in parts if p.period == date(2019, 5, 1) and p.dimensions["sector"] in ("yuma", "tucson")
    )


def test_gaps(home: Path) -> None:
    assert [(g.first, g.last, g.kind) for g in gaps("entries.trucks")][-2:] == [
        ("2021-11", "2021-11", "incomplete"),  # Otay Mesa is missing
        ("2023-01", "2024-06", "no-data"),
    ]
    assert gaps("usbp.encounters") == []


def test_indicators_have_the_unit_of_their_definition(home: Path) -> None:
    for name in officials():
        assert name in indicators(), name
        series = official(name)
        assert series.unit == indicators()[name].unit
        base = definitions()[officials()[name].series].unit
        assert base.split("/")[0].replace("min", "minutes") == series.unit.split("/")[0], name


def test_an_indicator_without_a_series_says_so(home: Path) -> None:
    with pytest.raises(InputError, match="no official series"):
        official("backlash")
    with pytest.raises(InputError, match="Did you mean 'encounters'"):
        official("encounter")


def test_what_was_known_when(home: Path) -> None:
    known = AsOf("encounters")
    before, after = known.on(date(2019, 6, 19)), known.on(date(2019, 6, 21))
    assert before is not None
    assert after is not None
    assert (before.period, after.period) == (date(2019, 4, 1), date(2019, 5, 1))
    assert after.value == 132_856
    assert known.on(date(1999, 1, 1)) is None
    assert known.on(date(2030, 1, 1)) is None  # too old to be called the newest
    forces = AsOf("mx.forces_at_north_border")
    assert forces.on(date(2019, 5, 31)) is None
    level = forces.on(date(2019, 6, 2))
    assert level is not None
    assert level.value == 15_000


def test_the_tables_hang_together() -> None:
    for name, row in definitions().items():
        assert feeds()[name], name
        for feed in feeds()[name]:
            kind, place = feed.place.split(":")
            if kind == "store":
                columns = {c.column for c in columns_of(place)} | set(datasets()[place].dimensions)
                assert set(feed.filter) <= columns, feed
                assert row.by is None or row.by in columns, feed
                for column, words in feed.filter.items():
                    ours = {label.ours for label in labels_of(place, column).values()}
                    assert not ours or words <= ours, (feed, column)
    for dataset in datasets().values():
        assert set(dataset.sources) <= set(sources())


def test_every_point_names_its_source(home: Path, store: Store) -> None:
    for name in definitions():
        for point in load_series(name, store=store).points:
            assert set(point.source.split(";")) <= set(sources()), (name, point)
