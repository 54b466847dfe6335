"""YAML text read strictly, with the line of every key and item kept."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from borderlab.base.problems import InputError, Problem

MAX_BYTES = 2_000_000


def read_yaml(path: str | Path, *, max_bytes: int = MAX_BYTES) -> Any:
    """Read one YAML document from a file.

    Mappings come back as ruamel ``CommentedMap`` and lists as ``CommentedSeq``; :func:`line_of` tells lines.

    Raises:
        InputError: the file is missing, empty, larger than ``max_bytes``, not UTF-8, not YAML, holds
            a key twice, or is not a mapping at the top.
    """
    path = Path(path)
    name = str(path)
    try:
        size = path.stat().st_size
        if size > max_bytes:
            raise InputError(
                Problem(
                    f"the file is {size / 1e6:.1f} MB; at most {max_bytes / 1e6:.0f} MB are read.",
                    name,
                    cure="Is it the right file?",
                )
            )
        text = path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise InputError(Problem("the file is not UTF-8 text.", name, line, "Save it as UTF-8.")) from None
    except OSError as error:
        raise InputError(Problem(f"cannot be read: {error.strerror or error}.", name)) from None
    return parse_yaml(text, name)


def parse_yaml(text: str, name: str = "<text>") -> Any:
    """Parse YAML text as :func:`read_yaml` does; ``name`` stands for the file in messages."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    if not text.strip():
        raise InputError(Problem("the file is empty.", name))
    reader = YAML(typ="rt")
    try:
        document = reader.load(text)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = " ".join((error.problem or "not valid YAML").split())
        if "duplicate key" in reason:
            reason = reason.split(" with value")[0]
        raise InputError(Problem(f"not valid YAML: {reason}.", name, mark.line + 1 if mark else None)) from None
    except (YAMLError, ValueError, RecursionError) as error:
        reason = " ".join(str(error).split())[:200] or "nested too deeply"
        raise InputError(Problem(f"not valid YAML: {reason}.", name)) from None
    if not isinstance(document, Mapping):
        raise InputError(
            Problem("the file is not a mapping of keys to values.", name, 1, "Begin with lines like 'title: …'.")
        )
    return document


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
