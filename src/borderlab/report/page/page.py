"""One offline HTML page: title, headline numbers, sections, charts, tables, footer. In English or Spanish."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from borderlab.base.safefile import whole_file
from borderlab.report.page.blocks import Content, Foot, Section, Stat, slug
from borderlab.report.page.html import draw


@dataclass
class Page(Content):
    """A page under construction. Make sections, fill them, set the footer, write.

    >>> from borderlab.report.page.blocks import Column
    >>> page = Page(lang="es", title="Prueba", kicker="borderlab", lede="Una línea.")
    >>> page.section("Números").table(["Cruce", Column("Espera", "right", "min")], [["Pharr", 12]])
    >>> "<th scope=\\"row\\">Pharr</th>" in page.html()
    True
    """

    def stats(self, stats: Sequence[Stat]) -> None:
        """The headline numbers, three to five."""
        self.headline = list(stats)

    def section(self, title: str, intro: str | None = None, id: str | None = None) -> Section:
        """Begin a section and give it."""
        anchor, taken = id or slug(title), {section.id for section in self.sections}
        while anchor in taken:
            anchor += "-2"
        self.sections.append(Section(title=title, intro=intro, id=anchor))
        return self.sections[-1]

    def footer(
        self,
        *,
        hash: str | None = None,
        command: str | None = None,
        sources: Sequence[str] = (),
        notes: Sequence[str] = (),
    ) -> None:
        """Set the footer. ``sources`` are ids of ``evidence.tables.source``; an unknown one is an error when drawn."""
        self.foot = Foot(hash, command, tuple(dict.fromkeys(sources)), tuple(notes))

    def html(self) -> str:
        """The page as one HTML text that asks the network for nothing."""
        return draw(self)

    def write(self, path: str | Path) -> Path:
        """Write the page, whole or not at all, and give its path."""
        text = self.html()
        with whole_file(path) as part:
            part.write_text(text, encoding="utf-8")
        return Path(path)
