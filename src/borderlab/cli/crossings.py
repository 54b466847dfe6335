"""``borderlab crossings``: list, simulate, calibrate, score, scenarios, schema."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import Optional

import typer

from borderlab.cli.shared import AsJson, Lang, language, print_json

app = typer.Typer(
    help="Every land crossing: traffic, lines, closures, diversion, cost.", no_args_is_help=True, rich_markup_mode=None
)
REPORT = "report.html"


@contextmanager
def _patience(label: str) -> Iterator[None]:
    """Say on standard error what is going on, if it takes more than two seconds."""
    from borderlab.base.progress import QUIET_SECONDS

    timer = threading.Timer(QUIET_SECONDS, lambda: print(f"{label} …", file=sys.stderr, flush=True))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


@app.command("list")
def list_(as_json: AsJson = False, lang: Lang = "en") -> None:
    """Every crossing: port, modes, lane classes, booths, hours, yearly entries, typical wait."""
    from borderlab.crossings.border.listing import list_crossings

    rows = list_crossings()
    if as_json:
        print_json(rows)
        return
    from borderlab.report.crossings.listing import listing_lines

    print("\n".join(listing_lines(rows, language(lang))))


@app.command()
def scenarios(as_json: AsJson = False, lang: Lang = "en") -> None:
    """The shipped scenarios, a line each."""
    from borderlab.api.scenarios import scenarios as shipped
    from borderlab.api.scenarios import scenarios_json

    if as_json:
        print_json(scenarios_json())
        return
    language(lang)
    wide = max(len(name) for name in shipped)
    for name, one in shipped.items():
        print(f"{name:<{wide}}  {one.first} to {one.last}  {one.title(lang)}")


@app.command()
def schema() -> None:
    """The JSON Schema of scenario files, for editors."""
    from borderlab.crossings.scenarios.schema import scenario_schema

    print_json(scenario_schema())


@app.command()
def simulate(
    scenario: Optional[str] = typer.Argument(None, help="A shipped scenario or a .yaml file."),  # noqa: UP045
    start: Optional[datetime] = typer.Option(  # noqa: UP045
        None, "--from", formats=["%Y-%m-%d"], help="First day of an ordinary period."
    ),
    days: Optional[int] = typer.Option(None, "--days", help="How many days from --from (7 if not given)."),  # noqa: UP045
    seed: int = typer.Option(1, "--seed", help="Seed of the random numbers; any whole number."),
    out: Optional[Path] = typer.Option(None, "--out", help="Folder for the report and the tables."),  # noqa: UP045
    as_json: AsJson = False,
    lang: Lang = "en",
    threads: Optional[int] = typer.Option(None, "--threads", min=1, help="Threads; the result is the same."),  # noqa: UP045
) -> None:
    """Simulate a scenario beside its baseline, or an ordinary stretch of days."""
    language(lang)
    from borderlab.api.simulate import check_folder, simulate

    if out is not None:
        check_folder(out, scenario, start=_day(start), days=days, seed=seed)
    found = simulate(scenario, start=_day(start), days=days, seed=seed, threads=threads)
    written = found.save(out, lang) if out is not None else []
    if as_json:
        print_json(found.to_json())
    else:
        print(found.text(lang))
    for path in written:
        if path.name == REPORT:
            print(path, file=sys.stderr if as_json else sys.stdout)


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.date()


@app.command()
def calibrate(
    counts: list[Path] = typer.Option(
        ..., "--counts", help="Monthly border-crossing counts of BTS; may be given several times."
    ),
    waits: Path = typer.Option(..., "--waits", help="Posted waits and open lanes of CBP."),
    out: Optional[Path] = typer.Option(None, "--out", help="Where the fitted table goes."),  # noqa: UP045
    until: Optional[datetime] = typer.Option(  # noqa: UP045
        None, "--until", formats=["%Y-%m-%d"], help="Last day of waits to fit on; later ones are kept back."
    ),
    as_json: AsJson = False,
) -> None:
    """Re-make the fitted table from public files; says how well it fits, crossing by crossing."""
    from borderlab.base.progress import progress
    from borderlab.crossings.fitting.calibrate import ROUNDS
    from borderlab.crossings.fitting.calibrate import calibrate as fit

    with progress("fitting", ROUNDS + 1) as advance:
        last = None if until is None else until.date()
        result = fit(counts, waits, out, until=last, tell=lambda _: advance(1))
    if as_json:
        print_json(result.report())
    else:
        print("\n".join(result.lines()))


@app.command()
def score(
    waits: Path = typer.Option(..., "--waits", help="Posted waits of CBP that were not fitted on."),
    table: Optional[Path] = typer.Option(None, "--table", help="A fitted table; the shipped one if not given."),  # noqa: UP045
    as_json: AsJson = False,
) -> None:
    """How far simulated waits are from posted ones, beside the hour-of-day median of the fitting data."""
    from borderlab.crossings.fitting.score import score as measure

    with _patience(f"simulating the days of {waits.name} several times"):
        found = measure(waits, table=table)
    if as_json:
        print_json(found)
        return
    rows = [{"lane": "all", **found["overall"]}, *found["by_lane"]]
    print(f"{'lane class':<22}{'n':>9}{'MAE, min':>11}{'median, min':>13}{'ratio':>8}")
    for row in rows:
        shown = [row["mae_min"], row["mae_climatology_min"], row["ratio"]]
        cells = ["–" if value is None else f"{value:.2f}" for value in shown]
        print(f"{row['lane']:<22}{row['n']:>9,}{cells[0]:>11}{cells[1]:>13}{cells[2]:>8}")


def add_to(root: typer.Typer) -> None:
    """Add the group to the root."""
    from borderlab.cli.data import crossings_watch

    app.command("watch")(crossings_watch)
    root.add_typer(app, name="crossings")
