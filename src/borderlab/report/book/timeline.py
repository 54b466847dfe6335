"""The timeline of the evidence book: presidents, programmes, episodes and controls, as a chart and as a page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from borderlab.base.problems import InputError, Problem
from borderlab.base.safefile import whole_file
from borderlab.evidence.catalogue.timeline import Span
from borderlab.evidence.tables.dates import first_day
from borderlab.language.translate import translator
from borderlab.report.book.cards import span_places
from borderlab.report.book.foot import finish, new_page
from borderlab.report.book.text import term
from borderlab.report.page import style
from borderlab.report.page.page import Page

LANES = ("leader-us", "leader-mx", "programme", "episode", "control")
_COLOURS = {
    "leader-us": "#c9d3dc",
    "leader-mx": "#d9d5c3",
    "programme": style.CATEGORY[0],
    "episode": style.CATEGORY[1],
    "control": style.CATEGORY[2],
}
_SHORT = timedelta(days=150)
_FORMATS = (".svg", ".png", ".html")


def _day_after(text: str) -> date:
    """The end of the year, month or day that a date names."""
    day = first_day(text)
    if len(text) == 4:
        return date(day.year + 1, 1, 1)
    if len(text) == 7:
        return date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return day


def _rows(spans: Sequence[Span], lang: str, first: str, last: str) -> list[dict[str, Any]]:
    tr = translator("evidence", lang)
    low, high = first_day(first), _day_after(last)
    rows = []
    for span in spans:
        start = first_day(span.start)
        end = _day_after(span.end) if span.end else (high if span.open else start)
        leader = span.lane.startswith("leader")
        rows.append(
            {
                "row": term("lane", span.lane, lang) if leader else span.title(lang),
                "title": span.title(lang),
                "lane": term("lane", span.lane, lang),
                "start": max(start, low).isoformat(),
                "end": min(max(end, start), high).isoformat(),
                "point": not leader and end - start < _SHORT,
                "named": span.short if leader and end - max(start, low) > timedelta(days=900) else "",
                "dates": f"{span.start} – {span.end or ('…' if span.open else tr('not known'))}",
                "form": term("form", span.form, lang),
            }
        )
    return rows


def timeline_spec(spans: Sequence[Span], lang: str, first: str, last: str, *, narrow: bool = False) -> dict[str, Any]:
    """The timeline as a Vega-Lite specification: presidents above, then a row for each programme and episode."""
    rows = _rows(spans, lang, first, last)
    lanes = [lane for lane in LANES if any(span.lane == lane for span in spans)]
    order = list(dict.fromkeys(row["row"] for lane in lanes for row in rows if row["lane"] == term("lane", lane, lang)))
    colour = {
        "field": "lane",
        "type": "nominal",
        "scale": {"domain": [term("lane", lane, lang) for lane in lanes], "range": [_COLOURS[lane] for lane in lanes]},
        "legend": {"orient": "top", "title": None, "columns": 1 if narrow else 5, "labelLimit": 240},
    }
    y = {
        "field": "row",
        "type": "nominal",
        "sort": order,
        "title": None,
        "axis": {"labelLimit": 128 if narrow else 330, "labelFontSize": 10 if narrow else 12, "grid": True},
    }
    tooltip = [{"field": name, "title": None} for name in ("title", "dates", "form")]
    x = {"field": "start", "type": "temporal", "title": None, "axis": {"orient": "top", "format": "%Y", "grid": True}}
    bar = {"type": "bar", "aria": False, "height": {"band": 0.62}, "stroke": style.PAPER, "strokeWidth": 1}
    name = {"type": "text", "aria": False, "align": "left", "dx": 3, "color": style.INK, "clip": True}
    return {
        "data": {"values": rows},
        "height": {"step": 15 if narrow else 18},
        "encoding": {"y": y},
        "layer": [
            {
                "transform": [{"filter": "!datum.point"}],
                "mark": bar,
                "encoding": {"x": x, "x2": {"field": "end"}, "color": colour, "tooltip": tooltip},
            },
            {
                "transform": [{"filter": "datum.point"}],
                "mark": {"type": "point", "aria": False, "filled": True, "size": 55, "shape": "diamond", "opacity": 1},
                "encoding": {"x": x, "color": colour, "tooltip": tooltip},
            },
            {
                "transform": [{"filter": "datum.named != ''"}],
                "mark": {**name, "fontSize": 9 if narrow else 10},
                "encoding": {"x": x, "text": {"field": "named"}, "opacity": {"value": 0 if narrow else 1}},
            },
        ],
    }


def timeline_page(spans: Sequence[Span], lang: str, first: str, last: str) -> Page:
    """Programmes, episodes and presidents as a chart and as lists."""
    tr = translator("evidence", lang)
    page = new_page(
        lang=lang,
        title=tr("Half a century of threats, programmes and presidents"),
        kicker=tr("borderlab evidence book"),
        lede=tr(
            "When pressure was used, when nothing was threatened, and how long each mechanism of cooperation lived."
        ),
    )
    section = page.section(tr("On one line of time"), id="chart")
    section.chart(
        timeline_spec(spans, lang, first, last),
        narrow=timeline_spec(spans, lang, first, last, narrow=True),
        title=tr("Presidents, programmes, episodes and controls"),
        subtitle=tr("a diamond is shorter than five months; a bar ends where the programme ended or was last seen"),
        alt=tr("A bar or point for each president, programme and episode; the lists below give the same dates."),
    )
    parts = {
        "programme": (tr("Programmes"), tr("Agreements and mechanisms, by their start.")),
        "episode": (
            tr("Threats and impositions"),
            tr("Uses of pressure, coded field by field; what is unknown is left out."),
        ),
        "control": (
            tr("Controls: no threat"),
            tr("What happened with no pressure. Without them the record would only hold threats."),
        ),
    }
    for lane, (title, intro) in parts.items():
        part = page.section(title, intro, id=f"{lane}s")
        span_places(part, [span for span in spans if span.lane == lane], lang)
    return finish(page, lang, [name for span in spans for name in span.sources])


def write_timeline(spans: Sequence[Span], path: Path, lang: str, first: str, last: str | None) -> None:
    """Draw the timeline into a ``.svg``, ``.png`` or ``.html`` file, whole or not at all.

    Raises:
        InputError: another ending, or the file cannot be written.
    """
    if path.suffix not in _FORMATS:
        raise InputError(
            Problem("a chart is written as .svg, .png or .html.", str(path), cure="Give the file one of these endings.")
        )
    until = last or str(max(int((span.end or span.start)[:4]) for span in spans) if spans else date.today().year)
    if path.suffix == ".html":
        timeline_page(spans, lang, first, until).write(path)
        return
    import vl_convert

    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "config": style.vega_config() | {"background": style.PAPER},
        "width": 900,
        **timeline_spec(spans, lang, first, until),
    }
    text = json.dumps(spec, ensure_ascii=False)
    with whole_file(path) as part:
        if path.suffix == ".svg":
            part.write_text(vl_convert.vegalite_to_svg(text), encoding="utf-8")
        else:
            part.write_bytes(vl_convert.vegalite_to_png(text, scale=2))
