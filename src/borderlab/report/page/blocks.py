"""What stands on a page: paragraphs, tables, charts, templates, sections, headline numbers. Nothing is drawn here."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from borderlab.report.page.vega import whole_spec

Cell = Any  # text, a number, None, or (text, sort value)


@dataclass(frozen=True)
class Stat:
    """One headline number: ``value`` as shown, ``label`` in plain words, ``tone`` worse, better or plain."""

    value: str
    label: str
    note: str | None = None
    tone: Literal["worse", "better", "plain"] = "plain"


@dataclass(frozen=True)
class Column:
    """A column of a table: heading, side, and a unit shown below the heading. Figures do not break unless ``wrap``."""

    label: str
    align: Literal["left", "right"] = "left"
    unit: str | None = None
    wrap: bool = False


@dataclass(frozen=True)
class Foot:
    """What stands below a page: the hash, the command that makes it, source ids, remarks."""

    hash: str | None = None
    command: str | None = None
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Link:
    """A sister page: name, file, and whether it is this one."""

    name: str
    href: str
    here: bool


@dataclass
class Blocks:
    """A run of things on a page, in order. Everything given is text, never HTML; it is escaped when drawn."""

    blocks: list[dict[str, Any]] = field(default_factory=list)

    def text(self, words: str) -> None:
        """A paragraph."""
        self.blocks.append({"kind": "text", "words": words})

    def bullets(self, items: Sequence[str | tuple[str, str]]) -> None:
        """A list; items that are pairs are terms with their explanation."""
        paired = bool(items) and not isinstance(items[0], str)
        self.blocks.append({"kind": "terms" if paired else "bullets", "items": list(items)})

    def note(self, words: str) -> None:
        """A small grey remark."""
        self.blocks.append({"kind": "note", "words": words})

    def callout(self, words: str, tone: Literal["plain", "caution"] = "plain") -> None:
        """A boxed sentence that must not be overlooked."""
        self.blocks.append({"kind": "callout", "words": words, "tone": tone})

    def template(self, name: str, **values: Any) -> None:
        """A part that a template of its own draws; ``name`` is a file of the folder of assets."""
        self.blocks.append({"kind": "template", "template": name, "values": values})

    def pre(self, words: str) -> None:
        """Text kept as typed: a command, a log."""
        self.blocks.append({"kind": "pre", "words": words})

    def group(self, summary: str, open: bool = False, paper: bool = True) -> Blocks:
        """A block that a reader opens; gives the place to put things in it. On paper it is open if ``paper``."""
        inner = Blocks()
        self.blocks.append({"kind": "group", "summary": summary, "open": open, "paper": paper, "inner": inner})
        return inner

    def table(
        self,
        columns: Sequence[Column | str],
        rows: Sequence[Sequence[Cell]],
        *,
        caption: str | None = None,
        note: str | None = None,
        sortable: bool = False,
    ) -> None:
        """A table. The first cell of a row names the row. A cell ``(text, number)`` sorts by its number.

        What stands after a line break in a cell is shown smaller below it.
        """
        heads = [column if isinstance(column, Column) else Column(column) for column in columns]
        for row in rows:
            if len(row) != len(heads):
                raise ValueError(f"a row has {len(row)} cells, the table {len(heads)} columns")
        cells = [[_cell(cell) for cell in row] for row in rows]
        self.blocks.append(
            {
                "kind": "table",
                "columns": heads,
                "rows": cells,
                "caption": caption,
                "label": caption,
                "note": note,
                "sortable": sortable,
            }
        )

    def chart(
        self,
        spec: Mapping[str, Any],
        *,
        title: str,
        alt: str,
        subtitle: str | None = None,
        source: str | None = None,
        narrow: Mapping[str, Any] | None = None,
        table: tuple[Sequence[Column | str], Sequence[Sequence[Cell]]] | None = None,
    ) -> None:
        """A Vega-Lite chart. ``title`` says what it shows, ``alt`` says it to someone who cannot see it.

        Args:
            spec: a Vega-Lite specification without ``$schema`` and ``config``; a missing width means as wide as
                the page.
            narrow: another specification for phones.
            table: columns and rows of the figures drawn, shown below on demand.
        """
        inner = None
        if table is not None:
            inner = Blocks()
            inner.table(*table)
            inner.blocks[0]["label"] = title
        self.blocks.append(
            {
                "kind": "chart",
                "spec": {"wide": whole_spec(spec), "narrow": whole_spec(narrow) if narrow else None},
                "title": title,
                "alt": alt,
                "subtitle": subtitle,
                "source": source,
                "inner": inner,
            }
        )


@dataclass
class Section(Blocks):
    """A titled part of a page; ``id`` is its anchor."""

    title: str = ""
    intro: str | None = None
    id: str = ""


@dataclass
class Content:
    """All that is drawn as one page.

    Attributes:
        lang: of the page's own words.
        links: sister pages, shown below the head; ``links_label`` says what they are.
        styles: further style sheets by file name, after the common one.
    """

    lang: str
    title: str
    kicker: str
    lede: str
    description: str | None = None
    headline: list[Stat] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    foot: Foot = field(default_factory=Foot)
    links: list[Link] = field(default_factory=list)
    links_label: str = ""
    styles: tuple[str, ...] = ()


def slug(title: str) -> str:
    """An anchor from a title.

    >>> slug("Adónde fueron los desviados")
    'adonde-fueron-los-desviados'
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "section"


def _cell(cell: Cell) -> tuple[str, str | None]:
    if isinstance(cell, tuple):
        return str(cell[0]), None if cell[1] is None else repr(float(cell[1]))
    if cell is None:
        return "–", None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return f"{cell:,}".replace("-", "−"), repr(float(cell))
    return str(cell), None
