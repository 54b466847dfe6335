"""YAML text read strictly, with the line of every key and item kept."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from borderlab.base.inputfile import read_text
from borderlab.base.problems import InputError, Problem, ProblemList

MAX_BYTES = 250_000
"""Reading with lines takes about a second for 20 kB; the largest file that ships has 12 kB."""

_DEEPEST = 60
_MOST_PROBLEMS = 20
_MOST_BRACKETS = 200
_LARGEST = 10**18


def read_yaml(path: str | Path, *, max_bytes: int = MAX_BYTES) -> Any:
    """Read one YAML document from a file.

    Mappings come back as ruamel ``CommentedMap`` and lists as ``CommentedSeq``; :func:`line_of` tells lines.

    Raises:
        InputError: as :func:`read_yaml_text`.
    """
    return read_yaml_text(path, max_bytes=max_bytes)[0]


def read_yaml_text(path: str | Path, *, max_bytes: int = MAX_BYTES) -> tuple[Any, str]:
    """One YAML document from a file, and the text that it was read from: the file is opened once.

    Raises:
        InputError: the file cannot be opened as a regular file, is larger than ``max_bytes``, is not UTF-8, or
            :func:`parse_yaml` refuses it.
    """
    text = read_text(path, most=max_bytes)
    return parse_yaml(text, str(path)), text


def parse_yaml(text: str, name: str = "<text>") -> Any:
    """Parse YAML text into plain mappings, lists and values; ``name`` stands for the file in messages.

    Raises:
        InputError: empty, not YAML, not a mapping at the top, a key that stands twice or is no word, a reference of a
            thing to itself, a tag, a number that is not finite, half a letter, or too much in it.
    """
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    if not text.strip():
        raise InputError(Problem("the file is empty.", name))
    if _brackets(text) > _MOST_BRACKETS:  # ruamel takes seconds to find that out
        raise InputError(Problem("not valid YAML: nested too deeply.", name))
    reader = YAML(typ="rt")
    try:
        document = reader.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = " ".join((error.problem or "not valid YAML").split())
        if "duplicate key" in reason:
            reason = reason.split(" with value")[0]
        raise InputError(Problem(f"not valid YAML: {reason}.", name, mark.line + 1 if mark else None)) from None
    except RecursionError:
        raise InputError(Problem("not valid YAML: nested too deeply.", name)) from None
    except (YAMLError, ValueError, OverflowError) as error:
        reason = " ".join(str(error).split())[:200] or "nested too deeply"
        raise InputError(Problem(f"not valid YAML: {reason.rstrip('.')}.", name)) from None
    except (AttributeError, TypeError, KeyError, IndexError, AssertionError):  # ruamel on '<<: *self' and the like
        raise InputError(Problem("not valid YAML: a part refers to itself or to a part that is none.", name)) from None
    if not isinstance(document, Mapping):
        raise InputError(
            Problem("the file is not a mapping of keys to values.", name, 1, "Begin with lines like 'title: …'.")
        )
    problems = ProblemList(name)
    _check(document, problems)
    problems.raise_if_any()
    return document


def _brackets(text: str) -> int:
    """How deep brackets and braces stand in each other at most; those in texts are counted, too."""
    depth = most = 0
    for sign in re.findall(r"[\[\]{}]", text):
        depth = depth + 1 if sign in "[{" else max(depth - 1, 0)
        most = max(most, depth)
    return most


def _check(document: Any, problems: ProblemList) -> None:
    """Note what no reader of a tree of plain values is built to meet. A part that is referred to is looked at once."""
    depth = {id(document): 0}
    walk: list[tuple[Any, int | None]] = [(document, 1)]
    while walk:
        node, line = walk.pop()
        fault = _fault(node)
        if fault:
            problems.add(fault, line=line)
        elif isinstance(node, Mapping | list):
            below = depth[id(node)] + 1
            if below > _DEEPEST:
                problems.add(f"nested more than {_DEEPEST} deep.", line=line)
                return
            for part, at in _parts(node, problems):
                if isinstance(part, Mapping | list) and depth.get(id(part), -1) >= below:
                    continue
                depth[id(part)] = below
                walk.append((part, at or line))
        if len(problems.problems) >= _MOST_PROBLEMS:
            return


def _parts(node: Any, problems: ProblemList) -> Iterator[tuple[Any, int | None]]:
    if isinstance(node, list):
        for place, part in enumerate(node):
            yield part, line_of(node, place)
        return
    for key, part in node.items():
        line = line_of(node, key)
        if not isinstance(key, str | int | float | bool | date) and key is not None:
            problems.add("a key is a list or a mapping.", line=line, cure="A key is one word.")
            continue
        yield key, line
        yield part, line


def _fault(node: Any) -> str | None:
    if node is None or isinstance(node, bool | date):
        return None
    if isinstance(node, str):
        try:
            node.encode()
        except UnicodeEncodeError:
            return "the text holds half a letter (a lone surrogate)."
        return None
    if isinstance(node, int):
        return None if abs(node) <= _LARGEST else f"the number has {len(f'{node:d}'):,} digits."
    if isinstance(node, float):
        return None if math.isfinite(node) else f"'{node}' is no finite number."
    if type(node).__name__ in ("CommentedMap", "CommentedSeq"):
        tag = getattr(getattr(node, "tag", None), "value", None)
        if tag is None or str(tag).endswith((":map", ":seq")):
            return None
    return "a value with a tag ('!…') is not read."


def line_of(node: Any, key: Any = None) -> int | None:
    """The line (from 1) of a key of a mapping, of an item of a list, or of the node itself."""
    marks = getattr(node, "lc", None)
    if marks is None:
        return None
    try:
        if key is None:
            return int(marks.line) + 1
        place = marks.key(key) if isinstance(node, Mapping) else marks.item(key)
        return int(place[0]) + 1
    except (KeyError, TypeError, AttributeError, IndexError):
        return int(marks.line) + 1 if marks.line is not None else None
