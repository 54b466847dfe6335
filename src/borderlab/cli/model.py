"""``borderlab run``, ``borderlab hindcast``, ``borderlab indicators``: the model and what it reports."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from borderlab.base.printing import json_text

_LANG = typer.Option("en", "--lang", help="Language of the text: en or es.")
_JSON = typer.Option(False, "--json", help="Print one JSON object and nothing else.")


def add_to(app: typer.Typer) -> None:
    """Add the commands of the model."""
    app.command("run")(run_command)
    app.command("hindcast")(hindcast_command)
    group = typer.Typer(help="What is measured: id, unit, definition, direction, source.", invoke_without_command=True)
    group.callback()(indicators_command)
    try:
        from borderlab.cli.data import indicators_value

        group.command("value")(indicators_value)
    except ImportError:
        pass
    app.add_typer(group, name="indicators")


def run_command(
    strategy: str = typer.Argument(help="A shipped strategy's id, or a file."),
    years: float = typer.Option(10.0, "--years", help="How long, in years."),
    futures: int = typer.Option(1000, "--futures", help="How many futures to draw."),
    seed: int = typer.Option(1, "--seed", help="Seed of the draw; 0 is a seed."),
    start: str = typer.Option(None, "--start", help="First day, like 2027-01-04."),
    out: Path = typer.Option(None, "--out", help="Folder for the result."),
    every: bool = typer.Option(False, "--all", help="Show every measure, not the main ones."),
    fit: bool = typer.Option(
        False, "--fit-surfaces", help="First make the response surfaces that are missing (minutes each)."
    ),
    explain: int = typer.Option(None, "--explain", help="Tell this future (from 0) week by week."),
    as_json: bool = _JSON,
    lang: str = _LANG,
) -> None:
    """Run a strategy in many futures and set it beside the status quo."""
    _language(lang)
    first = _day(start)
    from borderlab.strategy.file.parse import load_strategy

    chosen = load_strategy(strategy)
    if fit:
        from borderlab.model.border.patterns import fit_missing

        fit_missing(chosen)
    if explain is not None:
        _explain(chosen, futures, seed, explain, first, years, lang)
        return
    from borderlab.base.safefile import whole_folder
    from borderlab.report.story.run import BASELINE, MARKER, summarise

    baseline = chosen if chosen.id == BASELINE else load_strategy(BASELINE)
    if out is None:
        summary = summarise(chosen, baseline, futures, seed, years, first)
    else:
        with whole_folder(out, marker=MARKER) as part:  # refuses a wrong folder before the work, not after
            summary = summarise(chosen, baseline, futures, seed, years, first)
            summary.write_into(part)
        print(f"written: {out}", file=sys.stderr)
    if as_json:
        print(json_text(_finite(summary.contract())))
    else:
        print("\n".join(summary.lines(lang, every=every)))


def _explain(chosen, futures: int, seed: int, number: int, first, years: float, lang: str) -> None:  # type: ignore[no-untyped-def]
    from borderlab.base.problems import InputError
    from borderlab.language.translate import translator
    from borderlab.model.futures.futures import draw_futures
    from borderlab.model.history.history_match import plausible
    from borderlab.report.story.future import story

    if not 0 <= number < futures:
        raise InputError(f"there is no future {number} among {futures}; they are counted from 0.")
    one = draw_futures(1, seed, first=number)
    tr = translator("model", lang)
    print(chosen.title.get(lang) or chosen.id)
    fits = bool(plausible(one).mask[0])
    print(tr("Future {number} of seed {seed}.", number=number, seed=seed), end=" ")
    print(tr("It reproduces coded history.") if fits else tr("It does not reproduce coded history: an example only."))
    print(tr("This is not a forecast: it says what follows from these assumptions, and how far they leave it open."))
    print()
    for line in story(chosen, one, start=first, years=years, lang=lang):
        print(line)


def hindcast_command(
    episode: str = typer.Argument(None, help="2018, 2019, 2022, 2025 or control; all without it."),
    draws: int = typer.Option(4096, "--draws", help="How many futures to draw."),
    seed: int = typer.Option(1, "--seed", help="Seed of the draw; 0 is a seed."),
    us_measures: bool = typer.Option(
        True, "--us-measures/--without-us-measures", help="With what Washington did in 2019 apart from pressure."
    ),
    as_json: bool = _JSON,
    lang: str = _LANG,
) -> None:
    """Set the model beside coded history: which facts it reproduces, in which share of futures."""
    _language(lang)
    from borderlab.model.history.episodes import episode as known_episode
    from borderlab.model.history.hindcast import hindcast
    from borderlab.report.story.hindcast import hindcast_lines

    if episode is not None:
        known_episode(episode)
    found = hindcast(draws, seed, us_measures=us_measures)
    if as_json:
        print(json_text(_finite(found.contract(episode))))
    else:
        print("\n".join(hindcast_lines(found, episode, lang)))


def indicators_command(
    context: typer.Context,
    observable: bool = typer.Option(False, "--observable", help="Only those that a rule may read."),
    as_json: bool = _JSON,
    lang: str = _LANG,
) -> None:
    """List the indicators: id, unit, what is counted, which way is better, source."""
    if context.invoked_subcommand is not None:
        return
    _language(lang)
    from borderlab.evidence.tables.indicator import indicators

    rows = [row for row in indicators().values() if row.observable or not observable]
    if as_json:
        print(json_text({"indicators": [row.model_dump() for row in rows]}))
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


def _language(lang: str) -> None:
    from borderlab.base.problems import InputError
    from borderlab.language.translate import LANGUAGES

    if lang not in LANGUAGES:
        raise InputError(f"no language '{lang}'; there are {', '.join(LANGUAGES)}.")


def _day(text: str | None):  # type: ignore[no-untyped-def]
    from datetime import date

    from borderlab.base.problems import InputError
    from borderlab.model.run.run import DEFAULT_START

    if text is None:
        return DEFAULT_START
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InputError(f"'{text}' is not a date; write it like 2027-01-04.") from None


def _finite(value):  # type: ignore[no-untyped-def]
    """The same object with what JSON cannot hold (NaN, infinities) as null."""
    if isinstance(value, dict):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, list):
        return [_finite(one) for one in value]
    if isinstance(value, float) and value - value != 0:
        return None
    return value
