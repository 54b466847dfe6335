"""``borderlab strategies …`` and ``borderlab levers``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from borderlab.cli.shared import AsJson, Lang, language, print_json

if TYPE_CHECKING:
    from borderlab.evidence.tables.lever import Lever

app = typer.Typer(help="Strategies: list, read in plain words, check, begin a new one.", no_args_is_help=True)


def add_to(root: typer.Typer) -> None:
    """Add the group and the ``levers`` command to the root."""
    root.add_typer(app, name="strategies")
    root.command("levers")(show_levers)


@app.command("list")
def list_strategies(lang: Lang = "en", as_json: AsJson = False) -> None:
    """The shipped strategies, each with its essay."""
    from borderlab.api.strategies import strategies, strategies_json
    from borderlab.report.page.text_table import wrapped

    language(lang)
    if as_json:
        print_json(strategies_json())
        return
    for one in strategies.values():
        essays = ", ".join(dict.fromkeys(place.source for place in one.position_of))
        print(f"{one.id}: {one.title[lang]}" + (f" ({essays})" if essays else ""))
        print("\n".join(wrapped(one.gist[lang], "    ")))


@app.command("show")
def show(
    name: str = typer.Argument(..., help="A shipped id or a file."),
    lang: Lang = "en",
    as_json: AsJson = False,
    words_only: bool = typer.Option(False, "--words-only", help="Leave out the file itself."),
) -> None:
    """The file, and the same in plain words."""
    from borderlab.api.strategies import strategy_of

    language(lang)
    strategy = strategy_of(name)
    if as_json:
        print_json(strategy.to_json(lang))
        return
    if not words_only:
        print(strategy.text.rstrip())
        print("\n" + "-" * 72 + "\n")
    _print_wrapped(strategy.words(lang))


@app.command("check")
def check(file: str = typer.Argument(..., help="A strategy file."), as_json: AsJson = False) -> None:
    """All errors of a strategy file at once, with line and cure; or "ok"."""
    from borderlab.api.strategies import check_json, problems_of
    from borderlab.base.problems import InputError

    problems = problems_of(file)
    if as_json:
        print_json(check_json(problems))
        if problems:
            raise typer.Exit(2)
    elif problems:
        raise InputError(problems)
    else:
        print("ok")


@app.command("new")
def new(file: Path = typer.Argument(..., help="The file to write.")) -> None:
    """Write a commented starting file that checks ok."""
    from borderlab.strategy.file.starter import write_starting_file

    print(f"wrote {write_starting_file(file)}", file=sys.stderr)


@app.command("schema")
def schema() -> None:
    """Print the JSON Schema of strategy files, for editors."""
    from borderlab.strategy.file.schema import json_schema

    print_json(json_schema())


def show_levers(
    name: str = typer.Argument(None, help="One lever, to see all about it."), lang: Lang = "en", as_json: AsJson = False
) -> None:
    """What a government can set: id, unit, bounds, today's value, meaning, grade, source."""
    from borderlab.api.levers import levers_json, levers_named

    language(lang)
    found = levers_named(name)
    if as_json:
        print_json(levers_json(found, lang))
    elif name is not None:
        _print_lever(found[0], lang)
    else:
        _print_table(found, lang)


def _print_lever(lever: Lever, lang: str) -> None:
    from borderlab.api.levers import effect_json
    from borderlab.language.amounts import amount_words
    from borderlab.language.translate import translator

    tr, unit = translator("strategy", lang), translator("comparison", lang)
    low, high, today = (amount_words(one, lever.unit, lang) for one in (lever.low, lever.high, lever.default))
    print(f"{lever.id}: {lever.name(lang)}")
    print(f"  {lever.meaning(lang)}")
    print(f"  {tr('{low} to {high}; today {today}', low=low, high=high, today=today)}")
    print(f"  {tr(lever.grade)}; {lever.source}; {lever.date}" + (f"; {lever.note}" if lever.note else ""))
    for hook in lever.effects:
        row = effect_json(lever, hook)
        if row:
            figures = f"{row['default']:g} ({row['low']:g} … {row['high']:g})".replace("-", "−")
            print(f"  → {hook}: {figures} {unit(row['unit'])}, {tr(row['grade'])}")
        else:
            print(f"  → {hook}" + (f": {lever.surface_kind}" if lever.surface_kind else ""))


def _print_table(found: list[Lever], lang: str) -> None:
    from borderlab.language.amounts import amount_words
    from borderlab.language.translate import translator
    from borderlab.report.page.text_table import wrapped

    tr = translator("strategy", lang)
    group = None
    for lever in found:
        if (lever.actor, lever.group) != group:
            group = (lever.actor, lever.group)
            print(f"\n{_group_words(lever, lang)}")
        low, high, today = (amount_words(one, lever.unit, lang) for one in (lever.low, lever.high, lever.default))
        print(f"  {lever.id}  {low} … {high} [{today}]")
        print("\n".join(wrapped(f"{lever.meaning(lang)} ({tr(lever.grade)}; {lever.source})", "      ")))
    print()
    print("\n".join(wrapped(tr("In square brackets today's value; in round ones the grade and the sources."))))


def _group_words(lever: Lever, lang: str) -> str:
    from borderlab.language.translate import translator

    tr = translator("strategy", lang)
    actor = {"us": "United States", "mx": "Mexico", "both": "Both governments"}[lever.actor]
    return f"{tr(actor)}: {tr(lever.group)}"


def _print_wrapped(lines: list[str]) -> None:
    pass
