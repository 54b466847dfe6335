"""The base of every page: what is escaped, what is refused, what stands where."""

from pathlib import Path

import pytest

from borderlab.base.problems import InputError
from borderlab.report.page import Column, Page, Stat, slug

CHART = {
    "data": {"values": [{"a": 1, "b": 2}, {"a": 2, "b": 3}]},
    "mark": "line",
    "encoding": {"x": {"field": "a", "type": "quantitative"}, "y": {"field": "b", "type": "quantitative"}},
}


def page(lang: str = "en") -> Page:
    return Page(lang=lang, title="A <title> & more", kicker="kicker", lede="A lede.")


def test_text_is_escaped_everywhere() -> None:
    made = page()
    evil = "<script>alert(1)</script>"
    made.stats([Stat(evil, evil, evil)])
    section = made.section(evil, evil)
    section.text(evil)
    section.bullets([evil])
    section.callout(evil)
    section.pre(evil)
    section.table([evil, Column(evil, unit=evil)], [[evil, evil]], caption=evil, note=evil)
    section.chart({**CHART, "description": evil}, title=evil, alt=evil, subtitle=evil, source=evil)
    section.group(evil).note(evil)
    made.footer(hash=evil, command=evil, notes=[evil])
    html = made.html()
    assert evil not in html
    assert "alert(1)" in html


def test_an_unknown_source_is_refused() -> None:
    made = page()
    made.footer(sources=["nobody-2020"])
    with pytest.raises(KeyError, match="nobody-2020"):
        made.html()


def test_rows_must_fit_the_columns() -> None:
    with pytest.raises(ValueError, match="3 cells, the table 2"):
        page().section("x").table(["a", "b"], [[1, 2, 3]])


def test_sections_get_their_own_anchor() -> None:
    made = page()
    assert [made.section("Qué cuesta").id, made.section("Qué cuesta").id] == ["que-cuesta", "que-cuesta-2"]
    assert slug("¿?") == "section"


def test_a_page_without_charts_carries_no_script_library() -> None:
    made = page("es")
    made.section("Uno").text("texto")
    html = made.html()
    assert len(html) < 30_000
    assert '<html lang="es">' in html


def test_numbers_in_cells_sort_by_value_and_show_minus() -> None:
    made = page()
    made.section("x").table(["a", "b"], [["p", -1234], ["q", ("a few", 3)], ["r", None]], sortable=True)
    html = made.html()
    assert 'data-sort="-1234.0">−1,234<' in html
    assert 'data-sort="3.0">a few<' in html
    assert ">–<" in html


def test_nothing_is_written_where_it_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(InputError):
        page().write(tmp_path / "file" / "page.html")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
