"""What all pages of the evidence book share: their style, and what stands below them."""

from __future__ import annotations

from collections.abc import Sequence

from borderlab.base.identity import bundle_hash, folder_content
from borderlab.report.page.page import Page


def new_page(*, lang: str, title: str, kicker: str, lede: str) -> Page:
    """An empty page of the book."""
    return Page(lang=lang, title=title, kicker=kicker, lede=lede, styles=("book.css",))


def book_hash(lang: str) -> str:
    """The hash of the book in a language: of the code and the tables."""
    told = {name: folder_content(name) for name in ("claims", "sources", "strategies")}
    return bundle_hash({"lang": lang, **told}, "evidence book")


def finish(page: Page, lang: str, sources: Sequence[str], notes: Sequence[str] = ()) -> Page:
    """Set what stands below a page of the book."""
    option = " --lang es" if lang == "es" else ""
    page.footer(
        hash=book_hash(lang),
        command=f"borderlab evidence book --out DIR{option}",
        sources=sorted(set(sources)),
        notes=notes,
    )
    return page
