"""Turns a page into HTML."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from borderlab import __version__
from borderlab.language.translate import translator
from borderlab.report.page.blocks import Blocks, Content
from borderlab.report.page.vega import chart_settings, json_text, vega_bundle

ASSETS = Path(__file__).parent / "assets"


@cache
def _templates() -> Any:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(
        loader=FileSystemLoader(ASSETS),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def draw(page: Content) -> str:
    """The whole page as HTML text."""
    from markupsafe import Markup

    from borderlab.evidence.tables.source import sources

    tr = translator("report", page.lang)
    charts: list[tuple[str, Any]] = []
    template = _templates().get_template("blocks.html.j2")

    def blocks(items: Blocks | list[dict[str, Any]]) -> Any:
        run = items.blocks if isinstance(items, Blocks) else items
        for block in run:
            if block["kind"] == "chart":
                block["name"] = f"chart-{len(charts) + 1}"
                charts.append((block["name"], Markup(json_text(block["spec"]))))
            elif block["kind"] == "template":
                block["drawn"] = Markup(_templates().get_template(block["template"]).render(**block["values"]))
        return Markup(template.render(blocks=run, tr=tr, draw=blocks))

    known = sources()
    unknown = [name for name in page.foot.sources if name not in known]
    if unknown:
        raise KeyError(f"no such source: {', '.join(unknown)}")
    # The body is drawn first, because drawing it collects the charts.
    drawn = {id(section): blocks(section) for section in page.sections}
    return str(
        _templates()
        .get_template("page.html.j2")
        .render(
            page=page,
            tr=tr,
            version=__version__,
            css=Markup("".join((ASSETS / name).read_text(encoding="utf-8") for name in ("page.css", *page.styles))),
            script=Markup((ASSETS / "page.js").read_text(encoding="utf-8")),
            vega=Markup(vega_bundle()) if charts else "",
            charts=charts,
            settings=Markup(json_text(chart_settings(page.lang, tr("This chart could not be drawn.")))),
            sources=[known[name] for name in page.foot.sources],
            body=lambda section: drawn[id(section)],
        )
    )
