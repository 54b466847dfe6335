"""What every command shares: the options of language and of JSON, and how an object is printed."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from borderlab.base.printing import json_text

Lang = Annotated[str, typer.Option("--lang", help="Language of the words: en or es.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON object and nothing else.")]
Changes = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="NAME=VALUE",
        help="Set a parameter for all futures: kc='0.01 GDP-month', a range kc='0.005..0.01 GDP-month', or an option "
        "of a switch. May be repeated.",
    ),
]


def print_json(value: Any) -> None:
    """Print one JSON object on standard output."""
    print(json_text(value, indent=1))


def language(lang: str) -> str:
    """The language of an option.

    Raises:
        InputError: there is no such language.
    """
    from borderlab.api.plain import language_of

    return language_of(lang)


def split(text: str | None) -> list[str]:
    """Words split by commas."""
    return [part.strip() for part in (text or "").split(",") if part.strip()]
