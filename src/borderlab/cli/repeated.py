"""Options that take one value are given once: of two, the first would be lost without a word."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from borderlab.base.problems import InputError, Problem


def refuse_repeated(command: Any, words: Sequence[str]) -> None:
    """Refuse an option of one value that stands twice among the words of a command line.

    Args:
        command: the root group, as click has it.
        words: what was typed after the program's name.

    Raises:
        InputError: with every such option.
    """
    rest = list(words)
    while rest and hasattr(command, "commands") and (found := command.commands.get(rest[0])):
        command, rest = found, rest[1:]
    if hasattr(command, "commands"):
        return
    by_name = {name: option for option in command.params for name in option.opts if name.startswith("-")}
    times: Counter[str] = Counter()
    value_next = False
    for word in rest:
        if value_next:
            value_next = False
            continue
        if word == "--":
            break
        name, equals, _ = word.partition("=")
        option = by_name.get(name)
        if option is None or getattr(option, "is_flag", False) or getattr(option, "count", False):
            continue
        value_next = not equals
        if not option.multiple:
            times[max(option.opts, key=len)] += 1
    twice = [name for name, number in times.items() if number > 1]
    if twice:
        raise InputError([Problem(f"{name} is given more than once.", cure="Give it once.") for name in twice])
