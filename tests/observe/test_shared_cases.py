"""The files that once gave a wrong answer, where they are at hand."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from borderlab.observe.effects.effect import estimate, percent
from borderlab.observe.series.inventory import shown
from borderlab.observe.series.series import load_series
from borderlab.observe.store.store import Store


@pytest.fixture(scope="module")
def cases() -> Path:
    """The folder of cases, or skip."""
    stated = os.environ.get("BORDERLAB_SHARED")
    folder = (Path(stated) if stated else Path(__file__).resolve().parents[3] / "shared") / "cases"
    if not folder.is_dir():
        pytest.skip("the folder of cases is not here (BORDERLAB_SHARED)")
    return folder


Asked = tuple[str, str, dict[str, str], float | None, str | None]
GUANAJUATO = {"state": "Guanajuato"}
CASES: list[tuple[tuple[str, ...], list[Asked]]] = [
    (("part-for-whole/one-port.csv",), [
        ("entries.vehicles", "2021-12", {}, 5_894_830, None),
        ("entries.vehicles", "2021-12", {"port_code": "2504"}, 1_199_629, None),
    ]),
    (("part-for-whole/one-state.csv",), [
        ("mx.homicide-files", "2025-01", {}, 70, "incomplete"),
        ("mx.homicide-files", "2025-01", GUANAJUATO, 70, None),
    ]),
    (("refused-value/bts.csv",), [
        ("entries.trucks", "2019-01", {"port_code": "2402"}, 71_216, None),
        ("entries.trucks", "2019-02", {"port_code": "2402"}, None, "refused"),
        ("entries.trucks", "2019-03", {"port_code": "2402"}, 68_998, None),
        ("entries.trucks", "2019-02", {"port_code": "2402|2304"}, 185_000, "incomplete"),
    ]),
    (("two-levels/state.csv", "two-levels/municipal.csv"), [("mx.homicide-files", "2020-01", {}, 420, "incomplete")]),
    (("two-levels/municipal.csv", "two-levels/state.csv"), [("mx.homicide-files", "2020-02", {}, 380, "incomplete")]),
    (("waits/both-borders.json",), [("waits.vehicle", "2026-07", {}, 75, "incomplete")]),
    (("waits/words.json",), [("waits.vehicle", "2014-03", {}, 41, "incomplete")]),
    (("waits/feed.xml",), [("waits.vehicle", "2026-07", {}, 75, "incomplete")]),
    (("containers/January2020.zip",), [("trade.imports", "2020-01", {}, 5_000, "incomplete")]),
    (("cleaned-headings/encounters.csv",), [("cbp.encounters", "2020-04", {}, 4_292, "incomplete")]),
    (("dates/excel-dates.csv",), [("entries.trucks", "2019-02", {"port_code": "2304"}, 185_210, None)]),
    (("dates/year-and-month.csv",), [("entries.trucks", "2019-01", {"port_code": "2304"}, 195_640, None)]),
    (("answers/two-ports.csv",), [("entries.trucks", "2019-03", {"port_code": "2304|2305"}, 264_139, None)]),
]  # fmt: skip


@pytest.mark.parametrize(("names", "asked"), CASES, ids=["+".join(names) for names, _ in CASES])
def test_the_case_has_its_right_result(cases: Path, store: Store, names: tuple[str, ...], asked: list[Asked]) -> None:
    for name in names:
        store.import_files([cases / name])
    for series, month, where, value, flag in asked:
        points = load_series(series, where=where or None, store=store).points
        point = next(point for point in points if f"{point.period:%Y-%m}" == month)
        assert (point.value, point.flag) == (value, flag), (series, where)


def test_decimal_commas_beside_the_shipped_figure(cases: Path, store: Store) -> None:
    report = store.import_files([cases / "decimal-comma/drugs.csv"])[0]
    assert any("decimal comma" in a.what for a in report.anomalies)
    rows = shown("seizures.fentanyl", None, None, True, {}, store)["rows"]
    own = {row["dimensions"]["area"]: row["value"] for row in rows if row["period"] == "2023-01"}
    assert sum(own.values()) == 947.875
    whole = next(
        row for row in shown("seizures.fentanyl", None, None, False, {}, store)["rows"] if row["period"] == "2023-01"
    )
    assert whole["vintage"] == "shipped"  # three offices of thirteen are not the border
    assert whole["passed_over"]["value"] == 947.875


def test_two_publications_in_one_series(cases: Path, store: Store) -> None:
    store.import_files([cases / "break-between-sources/bts-trucks-2015-01_2019-03.csv.gz"])
    part = estimate("close-border-2019", "entries.trucks", parts=frozenset({"2402"}), store=store)
    every = estimate("close-border-2019", "entries.trucks", store=store)
    assert part.interrupted is not None
    assert every.interrupted is not None
    assert percent(part.interrupted.effect) == pytest.approx(-9.8, abs=0.05)
    assert percent(every.interrupted.effect) == pytest.approx(-7.9, abs=0.05)
    assert every.verdict == "no clear change"


@pytest.mark.data
def test_the_whole_file_of_bts(public: Path, store: Store) -> None:
    store.import_files([public / "bts_border_crossings_mexico.csv.gz"])
    for episode, parts, change in (
        ("close-border-2019", {"2402"}, -20.1),
        ("close-border-2019", set(), -9.9),
        ("texas-inspections-2022", {"2402"}, -10.5),
    ):  # fmt: skip
        found = estimate(episode, "entries.trucks", parts=frozenset(parts), store=store)
        assert found.interrupted is not None
        assert percent(found.interrupted.effect) == pytest.approx(change, abs=0.05)
