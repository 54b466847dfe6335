"""``borderlab strategies …`` and ``borderlab levers``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from borderlab.base.printing import json_text

if TYPE_CHECKING:
    from borderlab.evidence.tables.lever import Lever
    from borderlab.strategy.tree.tree import Strategy

app = typer.Typer(help="Strategies: list, read in plain words, check, begin a new one.", no_args_is_help=True)

_LANG = typer.Option("en", "--lang", help="Language of the words: en or es.")
_JSON = typer.Option(False, "--json", help="Print one JSON object.")


def add_to(root: typer.Typer) -> None:
    """Add the group and the ``levers`` command to the root."""
    root.add_typer(app, name="strategies")
    root.command("levers")(show_levers)


@app.command("list")
def list_strategies(lang: str = _LANG, as_json: bool = _JSON) -> None:
    """The shipped strategies, each with its essay."""
    from borderlab.report.page.text_table import wrapped
    from borderlab.strategy.file.library import shipped
    from borderlab.strategy.file.parse import load_strategy

    _language(lang)
    found = [load_strategy(name) for name in shipped()]
    if as_json:
        _print_json({"strategies": [_brief(one) for one in found]})
        return
    for one in found:
        essays = ", ".join(dict.fromkeys(place.source for place in one.position_of))
        print(f"{one.id}: {one.title[lang]}" + (f" ({essays})" if essays else ""))
        print("\n".join(wrapped(one.gist[lang], "    ")))


@app.command("show")
def show(
    name: str = typer.Argument(..., help="A shipped id or a file."),
    lang: str = _LANG,
    as_json: bool = _JSON,
    words_only: bool = typer.Option(False, "--words-only", help="Leave out the file itself."),
) -> None:
    """The file, and the same in plain words."""
    from borderlab.strategy.file.parse import load_strategy
    from borderlab.strategy.tree.plain_words import plain_words

    _language(lang)
    strategy = load_strategy(name)
    words = plain_words(strategy, lang)
    if as_json:
        tree = strategy.as_dict()
        _print_json({"id": strategy.id, "hash": strategy.hash, "text": strategy.text, "words": words, "tree": tree})
        return
    if not words_only:
        print(strategy.text.rstrip())
        print("\n" + "-" * 72 + "\n")
    _print_wrapped(words)


@app.command("check")
def check(file: str = typer.Argument(..., help="A strategy file."), as_json: bool = _JSON) -> None:
    """All errors of a strategy file at once, with line and cure; or "ok"."""
    from borderlab.base.problems import InputError
    from borderlab.strategy.file.parse import check_file

    problems = check_file(file)
    if as_json:
        errors = [
            {
                "line": one.line,
                "message": " ".join(part for part in (one.cause, one.cure) if part),
                "did_you_mean": one.did_you_mean,
                "file": one.file,
            }
            for one in problems
        ]
        _print_json({"ok": not problems, "errors": errors})
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

    _print_json(json_schema())


def show_levers(
    name: str = typer.Argument(None, help="One lever, to see all about it."), lang: str = _LANG, as_json: bool = _JSON
) -> None:
    """What a government can set: id, unit, bounds, today's value, meaning, grade, source."""
    from borderlab.base.problems import InputError, Problem, nearest
    from borderlab.evidence.tables.lever import levers

    _language(lang)
    known = levers()
    if name is not None and name not in known:
        raise InputError(
            Problem(
                f"there is no lever '{name}'.",
                did_you_mean=nearest(name, known),
                cure="'borderlab levers' lists them.",
            )
        )
    found = list(known.values()) if name is None else [known[name]]
    if as_json:
        _print_json({"levers": [_lever_row(one, lang) for one in found]})
    elif name is not None:
        _print_lever(found[0], lang)
    else:
        _print_table(found, lang)


def _lever_row(lever: Lever, lang: str) -> dict[str, Any]:
    row = lever.model_dump()
    row["effects"] = [{"hook": hook, **_effect(lever, hook)} for hook in lever.effects]
    row["sources"] = list(lever.sources)
    row["name"], row["meaning"] = lever.name(lang), lever.meaning(lang)
    return row


def _effect(lever: Lever, hook: str) -> dict[str, Any]:
    from borderlab.evidence.tables.lever import DIRECT_HOOKS
    from borderlab.evidence.tables.parameter import parameters

    if hook in DIRECT_HOOKS:
        return {}
    row = parameters()[f"{lever.id}.{hook}"]
    return {
        "parameter": row.id,
        "default": row.default,
        "low": row.low,
        "high": row.high,
        "unit": row.unit,
        "grade": row.grade,
    }


def _print_lever(lever: Lever, lang: str) -> None:
    from borderlab.language.amounts import amount_words
    from borderlab.language.translate import translator

    tr, unit = translator("strategy", lang), translator("comparison", lang)
    low, high, today = (amount_words(one, lever.unit, lang) for one in (lever.low, lever.high, lever.default))
    print(f"{lever.id}: {lever.name(lang)}")
    print(f"  {lever.meaning(lang)}")
    print(f"  {tr('{low} to {high}; today {today}', low=low, high=high, today=today)}")
    print(f"  {tr(lever.grade)}; {lever.source}; {lever.date}" + (f"; {lever.note}" if lever.note else ""))
    for hook in lever.effects:
        row = _effect(lever, hook)
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


def _brief(strategy: Strategy) -> dict[str, Any]:
    return {
        "id": strategy.id,
        "title": dict(strategy.title),
        "gist": dict(strategy.gist),
        "position_of": [place.source for place in strategy.position_of],
        "rules": [rule.id for rule in strategy.rules],
        "settings": len(strategy.constants),
        "hash": strategy.hash,
    }


def _language(lang: str) -> None:
    from borderlab.base.problems import InputError
    from borderlab.language.translate import LANGUAGES

    if lang not in LANGUAGES:
        raise InputError(f"there is no language '{lang}'; choose {' or '.join(LANGUAGES)}.")


def _print_json(value: Any) -> None:
    print(json_text(value, indent=2))


def _print_wrapped(lines: list[str]) -> None:
    from borderlab.report.page.text_table import wrapped

    for line in lines:
        print("\n".join(wrapped(line, "", "  " if line.startswith("– ") else "")))
