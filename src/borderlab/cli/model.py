"""``borderlab run``, ``borderlab hindcast``, ``borderlab indicators``: the model and what it reports."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from borderlab.cli.shared import AsJson, Changes, Lang, language, print_json


def add_to(app: typer.Typer) -> None:
    """Add the commands of the model."""
    app.command("run")(run_command)
    app.command("hindcast")(hindcast_command)
    group = typer.Typer(help="What is measured: id, unit, definition, direction, source.", invoke_without_command=True)
    group.callback()(indicators_command)
    from borderlab.cli.data import indicators_value

    group.command("value")(indicators_value)
    app.add_typer(group, name="indicators")


def run_command(
    strategy: str = typer.Argument(help="A shipped strategy's id, or a file."),
    years: float = typer.Option(10.0, "--years", help="How long, in years."),
    futures: int = typer.Option(1000, "--futures", help="How many futures to draw."),
    seed: int = typer.Option(1, "--seed", help="Seed of the draw; 0 is a seed."),
    start: str = typer.Option(None, "--start", help="First day, like 2027-01-04."),
    changes: Changes = None,
    out: Path = typer.Option(None, "--out", help="Folder for the result."),
    every: bool = typer.Option(False, "--all", help="Show every measure, not the main ones."),
    fit: bool = typer.Option(
        False, "--fit-surfaces", help="First make the response surfaces that are missing (minutes each)."
    ),
    explain: int = typer.Option(None, "--explain", help="Tell this future (from 0) week by week."),
    as_json: AsJson = False,
    lang: Lang = "en",
) -> None:
    """Run a strategy in many futures and set it beside the status quo."""
    language(lang)
    from borderlab.api.run import check_folder, explain_future, fit_surfaces, run

    if fit:
        fit_surfaces(strategy)
    if explain is not None:
        print(
            explain_future(
                strategy, explain, futures=futures, seed=seed, start=start, years=years, set=changes or (), lang=lang
            )
        )
        return
    if out is not None:
        check_folder(out)  # a wrong folder is refused before the work, not after
    found = run(strategy, futures=futures, seed=seed, start=start, years=years, set=changes or ())
    if out is not None:
        found.save(out)
        print(f"written: {out}", file=sys.stderr)
    if as_json:
        print_json(found.to_json())
    else:
        print(found.text(lang, every=every))


def hindcast_command(
    episode: str = typer.Argument(None, help="2018, 2019, 2022, 2025 or control; all without it."),
    draws: int = typer.Option(4096, "--draws", help="How many futures to draw."),
    seed: int = typer.Option(1, "--seed", help="Seed of the draw; 0 is a seed."),
    us_measures: bool = typer.Option(
        True, "--us-measures/--without-us-measures", help="With what Washington did in 2019 apart from pressure."
    ),
    as_json: AsJson = False,
    lang: Lang = "en",
) -> None:
    """Set the model beside coded history: which facts it reproduces, in which share of futures."""
    language(lang)
    from borderlab.api.hindcast import hindcast

    found = hindcast(episode, draws=draws, seed=seed, us_measures=us_measures)
    if as_json:
        print_json(found.to_json())
    else:
        print(found.text(lang))


def indicators_command(
    context: typer.Context,
    observable: bool = typer.Option(False, "--observable", help="Only those that a rule may read."),
    as_json: AsJson = False,
    lang: Lang = "en",
) -> None:
    """List the indicators: id, unit, what is counted, which way is better, source."""
    if context.invoked_subcommand is not None:
        return
    language(lang)
    from borderlab.evidence.tables.indicator import indicators

    rows = [row for row in indicators().values() if row.observable or not observable]
    if as_json:
        print_json({"indicators": [row.model_dump() for row in rows]})
        return
    from borderlab.language.translate import translator
    from borderlab.report.page.text_table import wrapped

    tr = translator("model", lang)
    for row in rows:
        notes = [
            tr({"up": "more is better", "down": "less is better", "context": "neither way is better"}[row.direction])
        ]
        notes += [row.statute_id] if row.statute_id else []
        notes += [] if row.in_model else [tr("tracked, not modelled")]
        notes += [tr("rules may read it")] if row.observable else []
        print(f"{row.id}  [{tr(row.unit).strip('()')}]  {row.name(lang)}")
        print("\n".join(wrapped(row.definition(lang), "    ")))
        print("\n".join(wrapped(f"{'; '.join(notes)}; {tr('source')}: {row.source}", "    ")))
