"""The evidence book: whole, offline, linked, in both languages, clean for a screen reader and a phone."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest

from borderlab.base.problems import InputError
from borderlab.evidence.tables.claim import ESSAYS, claims, claims_of
from borderlab.evidence.tables.conflict import conflicts
from borderlab.evidence.tables.statute import statutory_measures
from borderlab.report.book.pages import write_book

CHROMIUM = "/usr/bin/chromium"


@pytest.fixture(scope="module", params=["en", "es"])
def book(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("book") / request.param
    pages = write_book(folder, request.param)
    return request.param, {page.name: page.read_text(encoding="utf-8") for page in pages}, folder


class Anchors(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.ids, self.links, self.outside = set(), [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if "id" in found:
            assert found["id"] not in self.ids, f"id stands twice: {found['id']}"
            self.ids.add(found["id"])
        if tag == "a":
            self.links.append(found["href"])
        if tag in ("img", "script", "link", "iframe") and (found.get("src") or found.get("href", "")).startswith(
            "http"
        ):
            self.outside.append(found)


def words_of(text):
    body = re.sub(r"<(script|style)\b.*?</\1>", " ", text, flags=re.S)
    return unescape(re.sub(r"<[^>]+>", " ", body))


def test_every_page_is_there_and_every_link_leads_somewhere(book):
    _, pages, _ = book
    assert set(pages) == {
        "index.html", "timeline.html", "conflicts.html", "measures.html", *(f"{essay}.html" for essay in ESSAYS),
    }  # fmt: skip
    read = {name: Anchors(text) for name, text in pages.items()}
    for name, page in read.items():
        assert page.outside == [], name
        for href in page.links:
            if href.startswith("http"):
                continue
            file, _, anchor = href.partition("#")
            target = read[file or name]
            assert not anchor or anchor in target.ids, (name, href)


def test_every_claim_stands_on_its_essays_page(book):
    lang, pages, _ = book
    for essay in ESSAYS:
        shown = " ".join(words_of(pages[f"{essay}.html"]).split())
        for claim in claims_of(essay):
            assert " ".join(claim.to_json(lang)["paraphrase"].split()) in shown, claim.id
        tally = [claim.verdict for claim in claims_of(essay)]
        assert (
            f"{tally.count('does-not-hold')} {'do not hold as worded' if lang == 'en' else 'no se sostienen'}" in shown
        )


def test_conflicts_and_measures_are_whole(book):
    lang, pages, _ = book
    shown = " ".join(words_of(pages["conflicts.html"]).split())
    for values in conflicts().values():
        for value in values:
            assert (value.counts_es if lang == "es" else value.counts_en) in shown
    measures = words_of(pages["measures.html"])
    assert all(name in measures for name in statutory_measures())


def test_the_spanish_book_is_spanish(book):
    lang, pages, _ = book
    if lang == "en":
        pytest.skip("the English book")
    for name, text in pages.items():
        assert '<html lang="es">' in text
        for word in ("cannot be checked", "holds roughly", " judged", "Timeline", "people/month", "In the model"):
            assert word not in words_of(text), (name, word)


def test_nothing_of_an_unfinished_page_is_left(book):
    for name, text in book[1].items():
        assert "[[part" not in text, name
        assert not re.search(r"\bNone\b(?! of)", words_of(text)), name
        assert len(text) < 6_000_000


def test_the_same_tone_for_each_essay(book):
    """Every essay's page has the same parts in the same order; counts of verdicts are plain numbers without colour."""
    _, pages, _ = book
    parts = {essay: re.findall(r'<section id="([\w-]+)"', pages[f"{essay}.html"]) for essay in ESSAYS}
    assert set(map(tuple, parts.values())) == {("argument", "figures", "model")}
    for essay in ESSAYS:
        assert not re.search(r'<span class="value (worse|better)"', pages[f"{essay}.html"])


def test_a_folder_with_other_things_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="other files"):
        write_book(tmp_path, "en")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_book_can_be_made_again(tmp_path):
    first = write_book(tmp_path / "b", "en")
    texts = [path.read_bytes() for path in first]
    assert [path.read_bytes() for path in write_book(tmp_path / "b", "en")] == texts


@pytest.mark.browser
def test_pages_are_clean_for_axe_and_fit_a_phone(book):
    playwright = pytest.importorskip("playwright.sync_api")
    axe = pytest.importorskip("axe_playwright_python.sync_playwright").Axe()
    lang, _, folder = book
    with playwright.sync_playwright() as play:
        try:
            browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        except playwright.Error:
            pytest.skip("no Chromium here")
        for name in ("index.html", "wayne-2020.html", "timeline.html", "conflicts.html"):
            faults = []
            page = browser.new_page(viewport={"width": 390, "height": 800}, bypass_csp=True)
            page.on("pageerror", lambda error, faults=faults: faults.append(str(error)))
            page.on("requestfailed", lambda request, faults=faults: faults.append(request.url))
            page.goto((folder / name).as_uri())
            page.wait_for_load_state("networkidle")
            assert page.evaluate("document.documentElement.scrollWidth") <= 390, name
            serious = [
                (found["id"], [node["html"][:120] for node in found["nodes"][:3]])
                for found in axe.run(page).response["violations"]
                if found["impact"] in ("serious", "critical")
            ]
            assert serious == [], (lang, name)
            assert faults == [], (lang, name)
            page.close()
        browser.close()


def test_numbers_of_the_overview_add_up(book):
    lang, pages, _ = book
    shown = " ".join(words_of(pages["index.html"]).split())
    every = claims().values()
    checked = sum(claim.verdict != "cannot-be-checked" for claim in every)
    label = "held against official data" if lang == "en" else "comparadas con datos oficiales"
    assert f"{checked} {label}" in shown
