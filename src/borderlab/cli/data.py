"""Commands on the real series: import, fetch, list, show, gaps; effects of episodes; backtest and today."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from borderlab.base.printing import json_text

if TYPE_CHECKING:
    from datetime import date

    from borderlab.base.problems import InputError
    from borderlab.observe.reading.report import ImportReport

app = typer.Typer(help="Real data: import, download, list and show the official series.", no_args_is_help=True)

Json = Annotated[bool, typer.Option("--json", help="Print JSON.")]
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
    as_json: Json = False,
) -> None:
    """Import public files; they are known by their content. All are imported or none."""
    from borderlab.observe.store.store import Store

    reports = Store().import_files(files, vintage)
    if as_json:
        _print_json({"files": [report.json_ready() for report in reports]})
        return
    for report in reports:
        _print_report(report)


@app.command("fetch")
def fetch_(
    name: Annotated[str, typer.Argument(help="bts, cbp-waits, cbp-encounters, cbp-drugs, bts-transborder, sesnsp.")],
    url: Annotated[str | None, typer.Option(help="Address on the publisher's site, where it changes.")] = None,
    from_url: Annotated[str | None, typer.Option(help="A copy on this machine: http://127.0.0.1:….")] = None,
    as_json: Json = False,
) -> None:
    """Download a file from its official address and import it."""
    from borderlab.observe.store.fetch import fetch

    reports = fetch(name, url=url, from_url=from_url)
    if as_json:
        _print_json({"files": [report.json_ready() for report in reports]})
        return
    for report in reports:
        _print_report(report)


@app.command("list")
def list_(as_json: Json = False) -> None:
    """List the imported data sets with their vintages, and the series."""
    from borderlab.observe.series.inventory import inventory, inventory_lines

    if as_json:
        _print_json(inventory())
        return
    print("\n".join(inventory_lines()))


@app.command()
def show(
    series: Annotated[str, typer.Argument(help="A series, an indicator, or a data set.")],
    first: From = None,
    last: To = None,
    parts: Annotated[bool, typer.Option("--parts", help="One value per port, sector, … .")] = False,
    where: Where = None,
    as_json: Json = False,
) -> None:
    """Show a series: period, value, unit, source and vintage."""
    from borderlab.observe.series.inventory import shown, shown_lines

    found = shown(series, _month(first), _month(last), parts, _pairs(where))
    if as_json:
        _print_json(found)
        return
    print("\n".join(shown_lines(found)))


@app.command()
def gaps(
    series: Annotated[str, typer.Argument(help="A series.")],
    parts: Annotated[bool, typer.Option("--parts", help="Gaps of each port, sector, … .")] = False,
    where: Where = None,
    as_json: Json = False,
) -> None:
    """Show the months for which a series has no value, and why."""
    from borderlab.observe.series.gaps import gaps as find

    found = find(series, parts=parts, where=_pairs(where))
    if as_json:
        _print_json({"series": series, "gaps": [gap.json_ready() for gap in found]})
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
    as_json: Json = False,
) -> None:
    """Show the official series of an indicator."""
    from borderlab.observe.series.inventory import indicator_shown, shown_lines

    found = indicator_shown(indicator, _month(first), _month(last))
    if as_json:
        _print_json(found)
        return
    print("\n".join(shown_lines(found)))


def crossings_watch(
    once: Annotated[bool, typer.Option("--once", help="Ask once and end.")] = False,
    every: Annotated[float, typer.Option(min=1, help="Minutes between two polls.")] = 15,
    polls: Annotated[int | None, typer.Option(min=1, help="End after so many polls.")] = None,
    from_url: Annotated[str | None, typer.Option(help="A copy on this machine: http://127.0.0.1:….")] = None,
    as_json: Json = False,
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
        _print_json({"files": [report.json_ready() for report in gathered]})


def effect(
    episode: Annotated[str, typer.Argument(help="An episode's id, like texas-inspections-2022.")],
    on: Annotated[str, typer.Option("--on", help="An indicator or series, like encounters or entries.trucks.")],
    part: Annotated[list[str] | None, typer.Option(help="A struck part (port code, sector); may be repeated.")] = None,
    lang: Annotated[str, typer.Option(help="en or es.")] = "en",
    as_json: Json = False,
) -> None:
    """What a series did around an episode: interrupted time series, synthetic control, placebo tests, controls."""
    from borderlab.observe.effects.effect import estimate
    from borderlab.report.story.effect import lines

    _check_lang(lang)
    found = estimate(episode, on, parts=frozenset(part or ()))
    if as_json:
        _print_json(found.json_ready())
        return
    print("\n".join(lines(found, lang)))


def backtest(
    strategy: Annotated[str, typer.Argument(help="A shipped strategy's id or a file.")],
    first: From = None,
    last: To = None,
    lang: Annotated[str, typer.Option(help="en or es.")] = "en",
    as_json: Json = False,
) -> None:
    """When the rules of a strategy would have fired on the official series, and why."""
    from borderlab.report.story.backtest import backtest_lines
    from borderlab.strategy.runtime import backtest as room

    _check_lang(lang)
    found = room.backtest(strategy, _month(first), _month(last))
    if as_json:
        _print_json(found.json_ready())
        return
    print("\n".join(backtest_lines(found, lang)))


def today(
    strategy: Annotated[str, typer.Argument(help="A shipped strategy's id or a file.")],
    lang: Annotated[str, typer.Option(help="en or es.")] = "en",
    as_json: Json = False,
) -> None:
    """What a strategy would order now, rule by rule, from the newest official data."""
    from borderlab.report.story.backtest import today_lines
    from borderlab.strategy.runtime import backtest as room

    _check_lang(lang)
    found = room.today(strategy)
    if as_json:
        _print_json(found.json_ready())
        return
    print("\n".join(today_lines(found, lang)))


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


def _print_json(value: Any) -> None:
    print(json_text(value, indent=1))


def _month(text: str | None) -> date | None:
    from borderlab.base.problems import InputError
    from borderlab.observe.reading.dates import parse_month

    if text is None:
        return None
    found = parse_month(text if len(text) > 4 else f"{text}-01")
    if found is None:
        raise InputError(f"'{text}' is no month; write it like 2024-03.")
    return found


def _pairs(where: list[str] | None) -> dict[str, str]:
    from borderlab.base.problems import InputError

    pairs: dict[str, str] = {}
    for text in where or ():
        column, equals, value = text.partition("=")
        if not equals or not column or not value:
            raise InputError(f"'{text}' is not of the form column=value.")
        words = dict.fromkeys([*pairs.get(column.strip(), "").split("|"), *map(str.strip, value.split("|"))])
        pairs[column.strip()] = "|".join(word for word in words if word)
    return pairs


def _check_lang(lang: str) -> None:
    from borderlab.base.problems import InputError

    if lang not in ("en", "es"):
        raise InputError(f"there is no language '{lang}'; there are en and es.")
