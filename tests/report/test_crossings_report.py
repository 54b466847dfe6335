"""The report of a simulation in a real browser: offline, at two widths, in two languages."""

import ast
import re
from datetime import date
from pathlib import Path

import pytest

import borderlab.report
from borderlab.crossings.outcomes import simulate as module
from borderlab.crossings.outcomes.contract import simulation_object
from borderlab.crossings.outcomes.outcome import Outcome
from borderlab.crossings.outcomes.simulate import ordinary_days, simulate
from borderlab.crossings.scenarios.restriction import KINDS, Restriction
from borderlab.crossings.scenarios.scenario import Scenario
from borderlab.evidence.tables.source import sources
from borderlab.language.translate import _catalogue, translator
from borderlab.report.crossings.page import build_page, write_all
from borderlab.report.crossings.phrases import restriction_words
from borderlab.report.crossings.summary_text import brief_lines
from borderlab.report.page.map import Spot, _placed
from tests.crossings.small_border import small_border
from tests.report.browser import DESKTOP, PHONE, open_page

FIRST, LAST = date(2022, 4, 4), date(2022, 4, 8)
OWN = (
    "page",
    "hours",
    "counts",
    "diverted",
    "map",
    "cost",
    "headline",
    "phrases",
    "assumptions",
    "summary_text",
    "listing",
)


def restriction(kind: str, **more: object) -> Restriction:
    fields = {
        "kind": kind,
        "crossings": ("pharr",),
        "lane_classes": ("commercial-standard", "commercial-fast"),
        "first": FIRST,
        "last": LAST,
        "source": ("press-texas-2022",),
        **more,
    }
    return Restriction.model_validate(fields)


@pytest.fixture(scope="module")
def outcome() -> Outcome:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "build_network", small_border)
        return simulate(
            Scenario(
                id="case",
                title_en="A case",
                title_es="Un caso",
                gist_en="Trucks are stopped.",
                gist_es="Se detienen los camiones.",
                first=FIRST,
                last=LAST,
                restrictions=(
                    restriction("add-stage", values={"share": 1.0, "places": 8.0, "time": 50.0}),
                    restriction(
                        "close", crossings=("san-ysidro",), lane_classes=("passenger-standard",), hours=(10, 14)
                    ),
                ),
                observed=(("It was counted.", "Se contó.", "bts-border-crossings"),),
                upper_bounds=(("A total", "Un total", 8.97e9, "perryman-2022"),),
            ),
            5,
        )


@pytest.fixture(scope="module")
def pages(outcome: Outcome, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    return {
        lang: build_page(outcome, lang, "borderlab crossings simulate case.yaml --seed 5 --out DIR").write(
            folder / f"{lang}.html"
        )
        for lang in ("en", "es")
    }


@pytest.mark.browser
@pytest.mark.parametrize("size", [DESKTOP, PHONE], ids=["desktop", "phone"])
@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_page_works_offline_in_a_browser(pages: dict[str, Path], lang: str, size: tuple[int, int]) -> None:
    with open_page(pages[lang], size) as seen:
        assert seen.errors == []
        assert all(url.startswith(("file:", "data:")) for url in seen.requests)
        assert seen.overflow() <= 0
        charts = seen.page.locator(".chart")
        assert charts.count() >= 4
        for index in range(charts.count()):
            box = charts.nth(index).locator("svg").bounding_box()
            assert box is not None
            assert box["width"] > 100
            assert box["height"] > 25
        assert seen.serious_faults() == []


@pytest.mark.browser
def test_the_page_can_be_read_with_the_keyboard_alone(pages: dict[str, Path]) -> None:
    with open_page(pages["en"]) as seen:
        page = seen.page
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        assert page.url.endswith("#content")
        page.locator("summary").last.focus()
        page.keyboard.press("Enter")
        assert page.locator("details").last.evaluate("block => block.open")
        button = page.locator("#lanes th[data-sortable] button").nth(2)
        button.focus()
        page.keyboard.press("Enter")
        shown = page.locator("#lanes tbody tr td:nth-child(3)").all_inner_texts()
        values = [int(text.replace(",", "")) for text in shown]
        assert values == sorted(values, reverse=True)
        assert page.locator("#lanes th[aria-sort=descending]").count() == 1


@pytest.mark.browser
def test_headlines_in_the_page_are_those_of_the_json(pages: dict[str, Path], outcome: Outcome) -> None:
    found = simulation_object(outcome)
    pharr = next(row for row in found["months"] if (row["port"], row["mode"]) == ("2305", "truck"))
    with open_page(pages["en"]) as seen:
        words = seen.page.inner_text(".stats")
        assert f"{abs(round(pharr['change_pct']))}" in words
        assert found["hash"] in seen.page.inner_text("footer")
        assert "case.yaml --seed 5" in seen.page.inner_text("footer")
        assert "$9.0 billion" in seen.page.inner_text("#cost")
        assert "upper bound" in seen.page.inner_text("#cost")


@pytest.mark.browser
def test_the_spanish_page_has_no_english_left(pages: dict[str, Path]) -> None:
    with open_page(pages["es"]) as seen:
        page = seen.page
        assert page.evaluate("document.documentElement.lang") == "es"
        page.evaluate("document.querySelectorAll('details').forEach(block => { block.open = true })")
        page.locator("footer ol").evaluate("list => list.remove()")  # titles of sources stay as published
        words = page.inner_text("body") + " ".join(page.locator("svg text").all_text_contents())
        for source in sources().values():  # and so do names of publishers
            words = words.replace(source.publisher, "")
        left = re.findall(r"\b(?:the|and|with|waits?|trucks?|cars?|lanes?|hours?|usual|of|which|closed)\b", words)
        assert left == []


def test_the_page_is_small_and_names_its_sources(pages: dict[str, Path]) -> None:
    for path in pages.values():
        text = path.read_text(encoding="utf-8")
        assert len(text.encode()) < 6_000_000
        assert not re.search(r"(?:src|href)=[\"']https?://[^\"']+\.(?:js|css|woff2?|png)", text)
        for name in ("atri-2025", "press-texas-2022", "perryman-2022", "natural-earth"):
            assert f'id="source-{name}"' in text


def test_a_folder_is_written_whole(outcome: Outcome, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    written = write_all(outcome, folder, "en", "borderlab …")
    assert all(path.exists() for path in written)
    assert {"report.html", "simulation.json", "lanes_by_hour.parquet", "ports_by_month.csv"} <= {
        path.name for path in folder.iterdir()
    }


def test_an_interrupted_run_leaves_nothing(outcome: Outcome, tmp_path: Path) -> None:
    def stop(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_all(outcome, tmp_path / "out", "en", "borderlab …", stop)
    assert list(tmp_path.iterdir()) == []


def test_an_ordinary_week_has_its_page(tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "build_network", small_border)
        found = simulate(ordinary_days(date(2026, 12, 7), 7), 1)
    for lang in ("en", "es"):
        html = build_page(found, lang, "borderlab …").html()
        assert translator("crossings", lang)("The border on ordinary days") in html
        assert brief_lines(found, lang)[-1].endswith(found.hash)


def test_the_brief_names_the_largest_changes(outcome: Outcome) -> None:
    text = "\n".join(brief_lines(outcome, "en"))
    assert "Hidalgo, trucks, 2022-04" in text
    assert "Pharr" in text
    assert "Not a forecast" in text


@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_kind_of_restriction_has_words(lang: str) -> None:
    tr = translator("crossings", lang)
    for kind in KINDS.values():
        names = kind.one_of or kind.any_of or (() if kind.needs else (None,))
        for name in names or (None,):
            values = {field.name: 0.5 for field in kind.fields if field.name == name or field.name in kind.needs}
            term, text = restriction_words(restriction(kind.name, values=values, days=(0,), hours=(7, 19)), lang, tr)
            assert "Pharr" in term
            assert "{" not in text


def test_every_text_of_the_report_is_in_the_catalogue() -> None:
    catalogue = {**_catalogue("crossings", "es"), **_catalogue("base", "es")}
    folder = Path(next(iter(borderlab.report.__path__))) / "crossings"
    for name in OWN:
        tree = ast.parse((folder / f"{name}.py").read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "tr":
                for part in ast.walk(node.args[0]):
                    if isinstance(part, ast.Constant) and isinstance(part.value, str):
                        assert part.value in catalogue, f"{name}.py: {part.value}"


def test_names_on_the_map_do_not_overlap() -> None:
    spots = [
        Spot(f"Crossing {i}", -106.4 + 0.08 * i, 31.75 - 0.03 * i, 500, "g", "", f"Crossing {i} +3 h") for i in range(6)
    ]
    labels, _ = _placed(spots, [], 944, 452, 500, 1700, False)
    boxes = []
    for align, values in labels.items():
        for value in values:
            wide = 6.9 * len(value["text"])
            left = {"left": 0.0, "right": -wide, "center": -wide / 2}[align]
            x, y = value["x"] * 47.7 + value["dx"] + left, -value["y"] * 47.7 + value["dy"]
            boxes.append((x, y - 7, x + wide, y + 7))
    assert len(boxes) >= 3
    for index, one in enumerate(boxes):
        for other in boxes[index + 1 :]:
            apart = one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
            assert apart
