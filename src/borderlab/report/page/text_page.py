"""A page of a result that is told in lines of text: the same lines that a terminal shows, offline and printable."""

from __future__ import annotations

from borderlab.language.translate import translator
from borderlab.report.page.page import Page


def text_page(title: str, text: str, lang: str, hash_: str, *, lede: str | None = None) -> Page:
    """The page, with the text as it stands."""
    tr = translator("report", lang)
    page = Page(
        lang=lang,
        title=title,
        kicker="borderlab",
        lede=lede or tr("What the model gives under stated assumptions. This is not a forecast."),
    )
    page.section(tr("Result")).pre(text)
    page.footer(hash=hash_)
    return page
