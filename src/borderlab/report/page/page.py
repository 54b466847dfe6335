"""One offline HTML page: title, headline numbers, sections, charts, tables, footer. In English or Spanish."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Literal

from borderlab.report.page import style

ASSETS = Path(__file__).parent / "assets"
_END = "\n// whole, sha256 "
_MOST_BUNDLE = 20_000_000
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
                "spec": {"wide": _whole_spec(spec), "narrow": _whole_spec(narrow) if narrow else None},
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
class Page:
    """A page under construction. Make sections, fill them, set the footer, write.

    >>> page = Page(lang="es", title="Prueba", kicker="borderlab", lede="Una línea.")
    >>> page.section("Números").table(["Cruce", Column("Espera", "right", "min")], [["Pharr", 12]])
    >>> "<th scope=\\"row\\">Pharr</th>" in page.html()
    True
    """

    lang: str
    title: str
    kicker: str
    lede: str
    description: str | None = None
    headline: list[Stat] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    foot: Foot = field(default_factory=Foot)

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
        from borderlab.report.page.html import draw

        return draw(self)

    def write(self, path: str | Path) -> Path:
        """Write the page, whole or not at all, and give its path."""
        from borderlab.base.safefile import whole_file

        text = self.html()
        with whole_file(path) as part:
            part.write_text(text, encoding="utf-8")
        return Path(path)


def slug(title: str) -> str:
    """An anchor from a title.

    >>> slug("Adónde fueron los desviados")
    'adonde-fueron-los-desviados'
    """
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "section"


@cache
def vega_bundle() -> str:
    """Vega, Vega-Lite and Vega-Embed as one script, from the installed vl-convert; 0.9 MB.

    Bundling takes two seconds, so the script is kept in the user's cache, one for each version of vl-convert.
    """
    from importlib.metadata import version

    from borderlab.base.inputfile import read_text
    from borderlab.base.places import cache_home
    from borderlab.base.problems import InputError
    from borderlab.base.safefile import whole_file

    kept = cache_home() / f"vega-{version('vl-convert-python')}.js"
    with contextlib.suppress(InputError):
        text, mark, digest = read_text(kept, most=_MOST_BUNDLE).rpartition(_END)
        if mark and hashlib.sha256(text.encode()).hexdigest() == digest.strip():
            return text
    import vl_convert

    text = str(vl_convert.javascript_bundle()).replace("</script", "<\\/script")
    digest = hashlib.sha256(text.encode()).hexdigest()
    with contextlib.suppress(InputError), whole_file(kept) as part:  # not kept costs two seconds and nothing else
        part.write_text(f"{text}{_END}{digest}\n", encoding="utf-8")
    return text


def _cell(cell: Cell) -> tuple[str, str | None]:
    if isinstance(cell, tuple):
        return str(cell[0]), None if cell[1] is None else repr(float(cell[1]))
    if cell is None:
        return "–", None
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return f"{cell:,}".replace("-", "−"), repr(float(cell))
    return str(cell), None


def _whole_spec(spec: Mapping[str, Any]) -> dict[str, Any]:
    whole = {"$schema": "https://vega.github.io/schema/vega-lite/v6.json", **spec}
    composed = any(key in whole for key in ("facet", "repeat", "concat", "hconcat", "vconcat"))
    if "width" not in whole and not composed:
        whole["width"] = "container"
    whole.setdefault("autosize", {"type": "fit-x" if not composed else "pad", "contains": "padding"})
    return whole


def json_text(value: Any) -> str:
    """JSON that can stand inside a script element."""
    return (
        json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        .replace("<", "\\u003c")
        .replace("\u2028", "\\u2028")
        .replace("\u2029", "\\u2029")
    )


def chart_settings(lang: str, failed: str) -> dict[str, Any]:
    """What every chart of a page shares: colours and fonts, and how numbers and dates are written."""
    from borderlab.language.dates import MONTHS

    days = {
        "en": ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
        "es": ["domingo", "lunes", "martes", "miércoles", "jueves", "viernes", "sábado"],
    }[lang]
    return {
        "config": style.vega_config(),
        "failed": failed,
        "formatLocale": {"decimal": ".", "thousands": ",", "grouping": [3], "currency": ["$", ""]},
        "timeFormatLocale": {
            "dateTime": "%A %e %B %Y, %H:%M",
            "date": "%d/%m/%Y",
            "time": "%H:%M",
            "periods": ["AM", "PM"],
            "days": days,
            "shortDays": [day[:3] for day in days],
            "months": MONTHS[lang][0],
            "shortMonths": MONTHS[lang][1],
        },
    }
