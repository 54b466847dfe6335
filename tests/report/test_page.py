"""The base of every page: what is escaped, what is refused, what stands where."""

from pathlib import Path

import pytest

from borderlab.base.problems import InputError
from borderlab.report.page.blocks import Column, Link, Stat, slug
from borderlab.report.page.page import Page
from tests.report.browser import PHONE, open_page

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


WIDE = [Column("Measure"), *[Column(f"Strategy number {n}", "right", "dollars a month") for n in range(6)]]


def test_what_stands_after_a_line_break_is_shown_below_and_escaped() -> None:
    made = page()
    made.section("s").table(["A", "B"], [["first\nunit", "▲ 5\n+2\n<b>"]])
    html = made.html()
    assert 'first <span class="sub">unit</span>' in html
    assert '▲ 5 <span class="sub">+2</span> <span class="sub">&lt;b&gt;</span>' in html


def test_a_wide_table_hides_nothing_to_the_side_of_a_phone(tmp_path: Path) -> None:
    made = page()
    made.section("s").table(WIDE, [["Cost", *["▼ $3.8 billion\n+$3.8 billion"] * 6]])
    with open_page(made.write(tmp_path / "page.html"), PHONE) as seen:
        hidden = "(box => box.scrollWidth - box.clientWidth)(document.querySelector('.scroll'))"
        assert seen.page.evaluate(hidden) <= 0
        assert seen.overflow() <= 0
        assert seen.page.get_by_role("cell").count() == 6
        assert seen.serious_faults() == []


def test_paper_shows_what_is_folded_on_the_screen_but_not_long_lists(tmp_path: Path) -> None:
    made = page()
    section = made.section("s", "intro")
    section.group("evidence").chart(CHART, title="Drawn before it opens", alt="a line")
    section.group("long list", paper=False).text("row after row")
    with open_page(made.write(tmp_path / "page.html")) as seen:
        boxes = "[...document.querySelectorAll('details.block')].map(box => box.open)"
        assert seen.page.evaluate("document.querySelector('.chart svg').getAttribute('width')") != "0"
        assert seen.page.evaluate(boxes) == [False, False]
        seen.page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        assert seen.page.evaluate(boxes) == [True, False]
        seen.page.evaluate("window.dispatchEvent(new Event('afterprint'))")
        assert seen.page.evaluate(boxes) == [False, False]


def test_a_template_is_drawn_at_its_place_and_its_values_are_escaped() -> None:
    page = Page(lang="en", title="T", kicker="k", lede="l", styles=("book.css",))
    section = page.section("Places")
    section.text("before")
    places = [{"anchor": "a", "id": "x", "title": "<b>bold</b>", "parts": [], "claims": []}]
    section.group("inside").template("book_places.html.j2", places=places, claims_word="claims")
    section.text("[[part 1]] </style></header>")
    html = page.html()
    assert html.count('<dl class="places">') == 1
    assert "&lt;b&gt;bold&lt;/b&gt; <code>x</code>" in html
    assert html.index("before") < html.index('<dl class="places">') < html.index("[[part 1]] &lt;/style&gt;")
    assert html.count("</style>") == 1
    assert ".places" in html[: html.index("</style>")]


def test_sister_pages_are_linked_below_the_head() -> None:
    page = Page(lang="en", title="T", kicker="k", lede="l", links_label="Pages")
    assert 'aria-label="Pages"' not in page.html()
    page.links = [Link("One", "one.html", True), Link("Two & more", "two.html", False)]
    head = page.html().partition("</header>")[0]
    assert '<span aria-current="page">One</span>' in head
    assert '<a href="two.html">Two &amp; more</a>' in head
