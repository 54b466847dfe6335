"""``borderlab crossings``: list, simulate, calibrate, score, scenarios, schema."""

from __future__ import annotations

import shlex
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Optional

import typer

from borderlab.base.printing import json_text
from borderlab.base.problems import InputError, Problem

app = typer.Typer(
    help="Every land crossing: traffic, lines, closures, diversion, cost.", no_args_is_help=True, rich_markup_mode=None
)
_JSON = typer.Option(False, "--json", help="Print one JSON object and nothing else.")
_LANG = typer.Option("en", "--lang", help="Language of words: en or es.")
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


def _print_json(value: Any) -> None:
    print(json_text(value))


def _language(lang: str) -> str:
    if lang not in ("en", "es"):
        raise InputError(Problem(f"there is no language '{lang}'.", cure="Known: en, es."))
    return lang


@app.command("list")
def list_(as_json: bool = _JSON, lang: str = _LANG) -> None:
    """Every crossing: port, modes, lane classes, booths, hours, yearly entries, typical wait."""
    from borderlab.crossings.border.listing import list_crossings

    rows = list_crossings()
    if as_json:
        _print_json(rows)
        return
    from borderlab.report.crossings.listing import listing_lines

    print("\n".join(listing_lines(rows, _language(lang))))


@app.command()
def scenarios(as_json: bool = _JSON, lang: str = _LANG) -> None:
    """The shipped scenarios, a line each."""
    from borderlab.crossings.scenarios.library import load_scenario, scenario_ids

    found = [load_scenario(name) for name in scenario_ids()]
    if as_json:
        _print_json(
            [
                {
                    "id": one.id,
                    "title": {"en": one.title_en, "es": one.title_es},
                    "gist": {"en": one.gist_en, "es": one.gist_es},
                    "from": str(one.first),
                    "to": str(one.last),
                    "sources": list(one.sources),
                }
                for one in found
            ]
        )
        return
    _language(lang)
    wide = max(len(one.id) for one in found)
    for one in found:
        print(f"{one.id:<{wide}}  {one.first} to {one.last}  {one.title(lang)}")


@app.command()
def schema() -> None:
    """The JSON Schema of scenario files, for editors."""
    from borderlab.crossings.scenarios.schema import scenario_schema

    print(json_text(scenario_schema(), indent=2))


@app.command()
def simulate(
    scenario: Optional[str] = typer.Argument(None, help="A shipped scenario or a .yaml file."),  # noqa: UP045
    start: Optional[datetime] = typer.Option(  # noqa: UP045
        None, "--from", formats=["%Y-%m-%d"], help="First day of an ordinary period."
    ),
    days: Optional[int] = typer.Option(None, "--days", help="How many days from --from (7 if not given)."),  # noqa: UP045
    seed: int = typer.Option(1, "--seed", help="Seed of the random numbers; any whole number."),
    out: Optional[Path] = typer.Option(None, "--out", help="Folder for the report and the tables."),  # noqa: UP045
    as_json: bool = _JSON,
    lang: str = _LANG,
    threads: Optional[int] = typer.Option(None, "--threads", min=1, help="Threads; the result is the same."),  # noqa: UP045
) -> None:
    """Simulate a scenario beside its baseline, or an ordinary stretch of days."""
    lang = _language(lang)
    if (scenario is None) == (start is None):
        raise InputError(
            Problem(
                "give either a scenario or --from.",
                cure="For example: borderlab crossings simulate texas-2022, or … simulate --from 2026-12-07 --days 7.",
            )
        )
    if days is not None and start is None:
        raise InputError(Problem("--days goes with --from; a scenario has its own period."))
    if not -(2**63) <= seed < 2**63:
        raise InputError(Problem(f"--seed is {seed}; it must fit in 64 bits."))
    from borderlab.base.progress import progress
    from borderlab.crossings.scenarios.library import load_scenario

    if scenario is not None:
        case = load_scenario(scenario)
    else:
        from borderlab.crossings.outcomes.simulate import ordinary_days

        assert start is not None
        case = ordinary_days(start.date(), 7 if days is None else days)
    if out is not None:
        from borderlab.base.safefile import check_folder
        from borderlab.crossings.outcomes.export import MARKER

        check_folder(out, marker=MARKER)
    from borderlab.crossings.outcomes.simulate import simulate as run

    with progress("simulating", 1.0) as advance:
        outcome = run(case, seed, threads=threads, advance=advance)
    words = _command(scenario, start, days, seed, lang)
    written: list[Path] = []
    if out is not None:
        from borderlab.report.crossings.page import write_all

        with progress("writing", 1.0) as advance:
            written = write_all(outcome, out, lang, words, advance)
    if as_json:
        from borderlab.crossings.outcomes.contract import simulation_object

        _print_json(simulation_object(outcome))
    else:
        from borderlab.report.crossings.summary_text import brief_lines

        print("\n".join(brief_lines(outcome, lang)))
    for path in written:
        if path.name == REPORT:
            print(path, file=sys.stderr if as_json else sys.stdout)


def _command(scenario: str | None, start: datetime | None, days: int | None, seed: int, lang: str) -> str:
    """The command that makes the same report again; of a file of the user's its name alone, not where it lies."""
    words = ["borderlab", "crossings", "simulate"]
    if scenario is not None:
        words.append(Path(scenario).name)
    else:
        words += ["--from", f"{start:%Y-%m-%d}", "--days", str(7 if days is None else days)]
    words += ["--seed", str(seed), *(["--lang", "es"] if lang == "es" else []), "--out", "DIR"]
    return shlex.join(words)


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
    as_json: bool = _JSON,
) -> None:
    """Re-make the fitted table from public files; says how well it fits, crossing by crossing."""
    from borderlab.base.progress import progress
    from borderlab.crossings.fitting.calibrate import ROUNDS
    from borderlab.crossings.fitting.calibrate import calibrate as fit

    with progress("fitting", ROUNDS + 1) as advance:
        last = None if until is None else until.date()
        result = fit(counts, waits, out, until=last, tell=lambda _: advance(1))
    if as_json:
        _print_json(result.report())
    else:
        print("\n".join(result.lines()))


@app.command()
def score(
    waits: Path = typer.Option(..., "--waits", help="Posted waits of CBP that were not fitted on."),
    table: Optional[Path] = typer.Option(None, "--table", help="A fitted table; the shipped one if not given."),  # noqa: UP045
    as_json: bool = _JSON,
) -> None:
    """How far simulated waits are from posted ones, beside the hour-of-day median of the fitting data."""
    from borderlab.crossings.fitting.score import score as measure

    with _patience(f"simulating the days of {waits.name} several times"):
        found = measure(waits, table=table)
    if as_json:
        _print_json(found)
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
