"""``borderlab evidence …`` and ``borderlab why``: where every number comes from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from borderlab.base.printing import json_text
from borderlab.base.problems import InputError, Problem

app = typer.Typer(
    help="Sources, claims, programmes and episodes: where every number comes from.",
    no_args_is_help=True,
    rich_markup_mode=None,
)
_JSON = typer.Option(False, "--json", help="Print one JSON object and nothing else.")
_LANG = typer.Option("en", "--lang", help="Language of words: en or es.")


def add_to(root: typer.Typer) -> None:
    """Add the group ``evidence`` and the command ``why`` to the root."""
    root.add_typer(app, name="evidence")
    root.command("why")(why)


def _print_json(value: Any) -> None:
    print(json_text(value, indent=1))


def _language(lang: str) -> str:
    if lang not in ("en", "es"):
        raise InputError(Problem(f"there is no language '{lang}'.", cure="Known: en, es."))
    return lang


def why(
    name: Annotated[str, typer.Argument(help="A parameter, lever, indicator, claim, crossing, figure or result.")],
    as_json: bool = _JSON,
    lang: str = _LANG,
) -> None:
    """Say where a number comes from: value, range, grade, sources, and what leans on it."""
    from borderlab.evidence.provenance.why import why as answer_why
    from borderlab.model.run.declared import declarations

    answer = answer_why(name, declarations())
    if as_json:
        _print_json(answer.to_json(_language(lang)))
        return
    from borderlab.report.book.text import answer_lines

    print("\n".join(answer_lines(answer, _language(lang))))


@app.command()
def search(
    query: Annotated[list[str], typer.Argument(help="Words, in English or Spanish.")],
    limit: Annotated[int, typer.Option(min=1, max=200, help="At most so many.")] = 20,
    kind: Annotated[
        str | None, typer.Option(help="Only these kinds, split by commas: claim, source, parameter …")
    ] = None,
    as_json: bool = _JSON,
    lang: str = _LANG,
) -> None:
    """Find claims, sources, parameters, levers, indicators, episodes and programmes, best first."""
    from borderlab.evidence.catalogue.catalogue import known_kinds
    from borderlab.evidence.catalogue.search import search as find

    kinds = frozenset(part.strip() for part in (kind or "").split(",") if part.strip())
    unknown = kinds - known_kinds()
    if unknown:
        raise InputError(
            [
                Problem(f"there is no kind '{one}'.", cure=f"Known: {', '.join(sorted(known_kinds()))}.")
                for one in unknown
            ]
        )
    text = " ".join(query)
    hits = find(text, limit=limit, kinds=kinds or None)
    if as_json:
        _print_json({"query": text, "results": [hit.to_json(_language(lang)) for hit in hits]})
        return
    from borderlab.report.book.text import hit_lines

    if not hits:
        print(f"nothing fits '{text}'", file=sys.stderr)
    for line in hit_lines(hits, _language(lang)):
        print(line)


@app.command()
def show(
    id_: Annotated[str, typer.Argument(metavar="ID", help="An essay, source, claim, programme, episode …")],
    as_json: bool = _JSON,
    lang: str = _LANG,
) -> None:
    """Everything the tables say of one essay, source, claim, programme or episode."""
    from borderlab.evidence.catalogue.show import show as find

    shown = find(id_)
    if as_json:
        _print_json(shown.to_json(_language(lang)))
        return
    from borderlab.report.book.text import show_lines

    print("\n".join(show_lines(shown, _language(lang))))


@app.command()
def conflicts(as_json: bool = _JSON, lang: str = _LANG) -> None:
    """Where sources differ: every value, with what it counts."""
    from borderlab.evidence.tables.conflict import conflicts as read

    topics = read()
    if as_json:
        _print_json({"conflicts": [_topic_json(topic, values, _language(lang)) for topic, values in topics.items()]})
        return
    from borderlab.report.book.text import conflict_lines

    print("\n".join(conflict_lines(topics, _language(lang))))


def _topic_json(topic: str, values: Any, lang: str) -> dict[str, Any]:
    def words(row: Any, column: str) -> Any:
        return getattr(row, f"{column}_{lang}")

    return {
        "topic": topic,
        "title": words(values[0], "topic"),
        "values": [
            {
                "id": row.id,
                "value": row.value,
                "low": row.low,
                "high": row.high,
                "unit": row.unit,
                "period": row.period,
                "counts": words(row, "counts"),
                "used": row.used == "yes",
                "note": words(row, "note"),
                "sources": list(row.sources),
                "date": row.date,
            }
            for row in values
        ],
    }


@app.command()
def timeline(
    first: Annotated[str, typer.Option("--from", help="First year, month or day.")] = "1969",
    last: Annotated[str | None, typer.Option("--to", help="Last year, month or day.")] = None,
    chart: Annotated[Path | None, typer.Option(help="Also draw it: a .svg, .png or .html file.")] = None,
    as_json: bool = _JSON,
    lang: str = _LANG,
) -> None:
    """Programmes, episodes and presidents in order of time, as text and as a chart."""
    from borderlab.evidence.catalogue.timeline import timeline as read

    spans = read(first, last)
    if chart is not None:
        from borderlab.report.book.timeline import write_timeline

        write_timeline(spans, chart, _language(lang), first, last)
        print(f"{chart}", file=sys.stderr)
    if as_json:
        _print_json({"from": first, "to": last, "spans": [span.to_json(_language(lang)) for span in spans]})
        return
    from borderlab.report.book.text import timeline_lines

    print("\n".join(timeline_lines(spans, _language(lang))))


@app.command()
def check(as_json: bool = _JSON) -> None:
    """Check that every shipped number has a source, a date and a grade, and every claim a place. Status 1 if not."""
    from borderlab.evidence.catalogue.check import counted, faults

    found = faults()
    if as_json:
        _print_json(
            {
                "ok": not found,
                "checked": counted(),
                "faults": [{"place": fault.place, "name": fault.name, "cause": fault.cause} for fault in found],
            }
        )
    else:
        for fault in found:
            print(fault)
        rows = ", ".join(f"{number} {kind}" for kind, number in counted().items())
        print(f"{'no faults' if not found else f'{len(found)} faults'}; checked: {rows}")
    if found:
        raise typer.Exit(1)


@app.command()
def book(
    out: Annotated[Path, typer.Option(help="Folder for the pages.")],
    lang: str = _LANG,
    as_json: bool = _JSON,
) -> None:
    """Write the evidence book: a page for each essay, the timeline, the conflicts. Offline HTML."""
    from borderlab.report.book.pages import write_book

    pages = write_book(out, _language(lang))
    if as_json:
        _print_json({"out": str(out), "pages": [page.name for page in pages]})
    else:
        print(f"{pages[0]}")
