"""``borderlab evidence …`` and ``borderlab why``: where every number comes from."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from borderlab.cli.shared import AsJson, Lang, language, print_json, split

app = typer.Typer(
    help="Sources, claims, programmes and episodes: where every number comes from.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


def add_to(root: typer.Typer) -> None:
    """Add the group ``evidence`` and the command ``why`` to the root."""
    root.add_typer(app, name="evidence")
    root.command("why")(why)


def why(
    name: Annotated[str, typer.Argument(help="A parameter, lever, indicator, claim, crossing, figure or result.")],
    as_json: AsJson = False,
    lang: Lang = "en",
) -> None:
    """Say where a number comes from: value, range, grade, sources, and what leans on it."""
    from borderlab.api.evidence import why as ask

    found = ask(name)
    if as_json:
        print_json(found.to_json(language(lang)))
        return
    print(found.explain(language(lang)))


@app.command()
def search(
    query: Annotated[list[str], typer.Argument(help="Words, in English or Spanish.")],
    limit: Annotated[int, typer.Option(min=1, max=200, help="At most so many.")] = 20,
    kind: Annotated[
        str | None, typer.Option(help="Only these kinds, split by commas: claim, source, parameter …")
    ] = None,
    as_json: AsJson = False,
    lang: Lang = "en",
) -> None:
    """Find claims, sources, parameters, levers, indicators, episodes and programmes, best first."""
    from borderlab.api.evidence import hits, hits_json

    text = " ".join(query)
    found = hits(text, limit=limit, kinds=split(kind))
    if as_json:
        print_json(hits_json(text, found, language(lang)))
        return
    from borderlab.report.book.text import hit_lines

    if not found:
        print(f"nothing fits '{text}'", file=sys.stderr)
    for line in hit_lines(found, language(lang)):
        print(line)


@app.command()
def show(
    id_: Annotated[str, typer.Argument(metavar="ID", help="An essay, source, claim, programme, episode …")],
    as_json: AsJson = False,
    lang: Lang = "en",
) -> None:
    """Everything the tables say of one essay, source, claim, programme or episode."""
    from borderlab.api.evidence import show as find

    shown = find(id_)
    if as_json:
        print_json(shown.to_json(language(lang)))
        return
    from borderlab.report.book.text import show_lines

    print("\n".join(show_lines(shown, language(lang))))


@app.command()
def conflicts(as_json: AsJson = False, lang: Lang = "en") -> None:
    """Where sources differ: every value, with what it counts."""
    from borderlab.api.evidence import conflicts_json, conflicts_text

    if as_json:
        print_json(conflicts_json(language(lang)))
        return
    print(conflicts_text(language(lang)))


@app.command()
def timeline(
    first: Annotated[str, typer.Option("--from", help="First year, month or day.")] = "1969",
    last: Annotated[str | None, typer.Option("--to", help="Last year, month or day.")] = None,
    chart: Annotated[Path | None, typer.Option(help="Also draw it: a .svg, .png or .html file.")] = None,
    as_json: AsJson = False,
    lang: Lang = "en",
) -> None:
    """Programmes, episodes and presidents in order of time, as text and as a chart."""
    from borderlab.api.evidence import spans, spans_json

    found = spans(first, last)
    if chart is not None:
        from borderlab.report.book.timeline import write_timeline

        write_timeline(found, chart, language(lang), first, last)
        print(f"{chart}", file=sys.stderr)
    if as_json:
        print_json(spans_json(found, first, last, language(lang)))
        return
    from borderlab.report.book.text import timeline_lines

    print("\n".join(timeline_lines(found, language(lang))))


@app.command()
def check(as_json: AsJson = False) -> None:
    """Check that every shipped number has a source, a date and a grade, and every claim a place. Status 1 if not."""
    from borderlab.api.evidence import check_json, check_text

    found = check_json()
    if as_json:
        print_json(found)
    else:
        print(check_text())
    if not found["ok"]:
        raise typer.Exit(1)


@app.command()
def book(
    out: Annotated[Path, typer.Option(help="Folder for the pages.")],
    lang: Lang = "en",
    as_json: AsJson = False,
) -> None:
    """Write the evidence book: a page for each essay, the timeline, the conflicts. Offline HTML."""
    from borderlab.api.evidence import book as write

    pages = write(out, language(lang))
    if as_json:
        print_json({"out": str(out), "pages": [page.name for page in pages]})
    else:
        print(f"{pages[0]}")
