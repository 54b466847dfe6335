"""Commands on the real series: import, fetch, list, show, gaps; effects of episodes; backtest and today."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from borderlab.cli.shared import AsJson, Lang, language, print_json

if TYPE_CHECKING:
    from borderlab.base.problems import InputError
    from borderlab.observe.reading.report import ImportReport

app = typer.Typer(help="Real data: import, download, list and show the official series.", no_args_is_help=True)

From = Annotated[str | None, typer.Option("--from", metavar="YYYY-MM", help="First month.")]
To = Annotated[str | None, typer.Option("--to", metavar="YYYY-MM", help="Last month.")]
Where = Annotated[
    list[str] | None,
    typer.Option(metavar="COLUMN=VALUE", help="Narrow to a part, or with 'a|b' or a second --where to several."),
]


def add_to(root: typer.Typer) -> None:
    """Add the group and the commands of this room to the root."""
    root.add_typer(app, name="data")
    root.command()(effect)
    root.command()(backtest)
    root.command()(today)


@app.command("import")
def import_(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE...", help="Public files: CSV, Excel, JSON or XML; plain, gzip or zip.")
    ],
    vintage: Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="When the files were got.")] = None,
    as_json: AsJson = False,
) -> None:
    """Import public files; they are known by their content. All are imported or none."""
    from borderlab.api.data import import_files, imports_json

    reports = import_files(*files, vintage=vintage)
    if as_json:
        print_json(imports_json(reports))
        return
    for report in reports:
        _print_report(report)


@app.command("fetch")
def fetch_(
    name: Annotated[str, typer.Argument(help="bts, cbp-waits, cbp-encounters, cbp-drugs, bts-transborder, sesnsp.")],
    url: Annotated[str | None, typer.Option(help="Address on the publisher's site, where it changes.")] = None,
    from_url: Annotated[str | None, typer.Option(help="A copy on this machine: http://127.0.0.1:….")] = None,
    as_json: AsJson = False,
) -> None:
    """Download a file from its official address and import it."""
    from borderlab.api.data import fetch, imports_json

    reports = fetch(name, url=url, from_url=from_url)
    if as_json:
        print_json(imports_json(reports))
        return
    for report in reports:
        _print_report(report)


@app.command("list")
def list_(as_json: AsJson = False) -> None:
    """List the imported data sets with their vintages, and the series."""
    from borderlab.api.data import inventory

    if as_json:
        print_json(inventory())
        return
    from borderlab.observe.series.inventory import inventory_lines

    print("\n".join(inventory_lines()))


@app.command()
def show(
    series: Annotated[str, typer.Argument(help="A series, an indicator, or a data set.")],
    first: From = None,
    last: To = None,
    parts: Annotated[bool, typer.Option("--parts", help="One value per port, sector, … .")] = False,
    where: Where = None,
    as_json: AsJson = False,
) -> None:
    """Show a series: period, value, unit, source and vintage."""
    from borderlab.api.data import pairs, shown
    from borderlab.observe.series.inventory import shown_lines

    found = shown(series, first=first, last=last, parts=parts, where=pairs(where))
    if as_json:
        print_json(found)
        return
    print("\n".join(shown_lines(found)))


@app.command()
def gaps(
    series: Annotated[str, typer.Argument(help="A series.")],
    parts: Annotated[bool, typer.Option("--parts", help="Gaps of each port, sector, … .")] = False,
    where: Where = None,
    as_json: AsJson = False,
) -> None:
    """Show the months for which a series has no value, and why."""
    from borderlab.api.data import found_gaps, gaps_json, pairs

    found = found_gaps(series, parts=parts, where=pairs(where))
    if as_json:
        print_json(gaps_json(series, found))
        return
    for gap in found:
        place = " ".join(gap.dimensions.values())
        print(f"{gap.first} to {gap.last}  {gap.months:>3} months  {gap.kind:<8} {place}".rstrip())
    if not found:
        print("no gaps between the first and the last value")


def indicators_value(
    indicator: Annotated[str, typer.Argument(help="An indicator's id, like encounters.")],
    first: From = None,
    last: To = None,
    as_json: AsJson = False,
) -> None:
    """Show the official series of an indicator."""
    from borderlab.api.data import indicator_shown
    from borderlab.observe.series.inventory import shown_lines

    found = indicator_shown(indicator, first=first, last=last)
    if as_json:
        print_json(found)
        return
    print("\n".join(shown_lines(found)))


def crossings_watch(
    once: Annotated[bool, typer.Option("--once", help="Ask once and end.")] = False,
    every: Annotated[float, typer.Option(min=1, help="Minutes between two polls.")] = 15,
    polls: Annotated[int | None, typer.Option(min=1, help="End after so many polls.")] = None,
    from_url: Annotated[str | None, typer.Option(help="A copy on this machine: http://127.0.0.1:….")] = None,
    as_json: AsJson = False,
) -> None:
    """Append CBP's live wait times to the store, poll by poll, until stopped."""
    from borderlab.observe.store.watch import watch

    gathered: list[ImportReport] = []

    def tell(news: ImportReport | InputError) -> None:
        if isinstance(news, Exception):
            print(f"poll failed: {news}", file=sys.stderr, flush=True)
            return
        gathered.append(news)
        if not as_json:
            print(f"{news.last_period}  {news.rows_kept} readings, {news.rows_refused} lanes without one", flush=True)

    watch(tell, every_min=every, polls=1 if once else polls, from_url=from_url)
    if as_json:
        from borderlab.api.data import imports_json

        print_json(imports_json(gathered))


def effect(
    episode: Annotated[str, typer.Argument(help="An episode's id, like texas-inspections-2022.")],
    on: Annotated[str, typer.Option("--on", help="An indicator or series, like encounters or entries.trucks.")],
    part: Annotated[list[str] | None, typer.Option(help="A struck part (port code, sector); may be repeated.")] = None,
    lang: Lang = "en",
    as_json: AsJson = False,
) -> None:
    """What a series did around an episode: interrupted time series, synthetic control, placebo tests, controls."""
    from borderlab.api.data import effect as estimate

    language(lang)
    found = estimate(episode, on, parts=part or ())
    if as_json:
        print_json(found.to_json())
        return
    print(found.explain(lang))


def backtest(
    strategy: Annotated[str, typer.Argument(help="A shipped strategy's id or a file.")],
    first: From = None,
    last: To = None,
    lang: Lang = "en",
    as_json: AsJson = False,
) -> None:
    """When the rules of a strategy would have fired on the official series, and why."""
    from borderlab.api.data import backtest as judge

    language(lang)
    found = judge(strategy, first=first, last=last)
    if as_json:
        print_json(found.to_json())
        return
    print(found.explain(lang))


def today(
    strategy: Annotated[str, typer.Argument(help="A shipped strategy's id or a file.")],
    lang: Lang = "en",
    as_json: AsJson = False,
) -> None:
    """What a strategy would order now, rule by rule, from the newest official data."""
    from borderlab.api.data import today as ask

    language(lang)
    found = ask(strategy)
    if as_json:
        print_json(found.to_json())
        return
    print(found.explain(lang))


def _print_report(report: ImportReport) -> None:
    print(f"{report.file}")
    print(f"  {report.dataset}, {report.first_period} to {report.last_period}, vintage {report.vintage}")
    print(
        f"  {report.rows_read:,} rows read, {report.rows_kept:,} kept ({report.rows_corrected:,} corrected), "
        f"{report.rows_refused:,} refused"
    )
    if report.already:
        print("  the store held the same content already; nothing was written")
    for found in report.anomalies:
        span = " to ".join(dict.fromkeys(word for word in (found.first_period, found.last_period) if word))
        facts = [f"{found.rows:,} rows" if found.rows else "", span]
        tail = ", ".join(fact for fact in facts if fact)
        print(f"  - {found.kind}: {found.what}{f' ({tail})' if tail else ''}")
