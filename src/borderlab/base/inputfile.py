"""The one door through which every file of a user is opened: a regular file, opened once, read within a limit.

A name that a user types may lead to a device that never ends, a pipe that nobody writes to, ten gigabytes of nothing, a
folder, or nowhere at all. Whatever it is, the answer here is the file's bytes or one :class:`InputError` in words, at
once and within the memory that the reader asked for. Nothing else opens what a user names; a test holds it.
"""

from __future__ import annotations

import errno
import json
import os
import re
import stat
from pathlib import Path
from typing import IO, Any, Literal

from borderlab.base.problems import InputError, Problem

Kind = Literal["nothing", "file", "folder", "other"]

_OTHER = (
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
    (stat.S_ISSOCK, "a socket"),
)
_CURES = {
    errno.EACCES: "Ask for the right to it, or name another.",
    errno.EPERM: "Ask for the right to it, or name another.",
    errno.ENAMETOOLONG: "Names may have 255 bytes.",
    errno.ENOSPC: "Make room, or name a place on another disk.",
    errno.EDQUOT: "Make room, or name a place on another disk.",
    errno.EROFS: "Name a place that can be written.",
    errno.ELOOP: "The links lead to each other.",
}
_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def system_problem(path: str | Path, error: OSError | ValueError, what: str = "cannot be read") -> Problem:
    """What the system said of a path, as a problem in words.

    A ValueError is what Python says of names that no system takes: those with a zero byte, or with letters that cannot
    be written in the system's encoding.
    """
    if isinstance(error, OSError):
        said = error.strerror or str(error) or type(error).__name__
        return Problem(f"{what}: {said}.", shown(path), cure=_CURES.get(error.errno or 0))
    return Problem(f"{what}: that is no name of a file.", shown(path))


def shown(path: str | Path) -> str:
    """A path as a message names it: a very long one is cut.

    >>> len(shown("a" * 5000))
    200
    """
    text = str(path)
    return text if len(text) <= 200 else f"{text[:150]}…{text[-49:]}"


def kind_of(path: str | Path) -> Kind:
    """What stands at a path, links followed.

    Raises:
        InputError: the system will not say: no right to look, a name too long, or no name at all.
    """
    try:
        mode = os.stat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return "nothing"
    except (OSError, ValueError) as error:
        raise InputError(system_problem(path, error)) from None
    return "file" if stat.S_ISREG(mode) else "folder" if stat.S_ISDIR(mode) else "other"


def open_file(path: str | Path, *, most: int) -> IO[bytes]:
    """Open a user's file to read its bytes.

    Args:
        most: bytes; a larger file is refused before anything is read. A file that grows while it is read is the
            caller's to bound (:func:`read_bytes` does).

    Raises:
        InputError: no such file, no right to it, no name, a folder, a device, a pipe, or too large.
    """
    # Not blocking: to open a pipe that nobody writes to would wait for ever. One open, then its own facts: between a
    # look at a name and the opening of it the name may come to mean something else.
    flags = os.O_RDONLY
    for name in ("O_NONBLOCK", "O_NOCTTY", "O_CLOEXEC", "O_BINARY"):
        flags |= getattr(os, name, 0)
    try:
        handle = os.open(path, flags)
    except IsADirectoryError:
        raise InputError(Problem("is a folder; a file is needed.", shown(path))) from None
    except OSError as error:
        other = error.errno == errno.ENXIO  # what opening a socket answers
        raise InputError(_not_regular(path, "a socket") if other else system_problem(path, error)) from None
    except ValueError as error:
        raise InputError(system_problem(path, error)) from None
    try:
        facts = os.fstat(handle)
        _check_regular(path, facts.st_mode)
        if facts.st_size > most:
            raise InputError(_too_large(path, facts.st_size, most))
        return os.fdopen(handle, "rb")
    except BaseException:
        os.close(handle)
        raise


def _check_regular(path: str | Path, mode: int) -> None:
    if stat.S_ISREG(mode):
        return
    if stat.S_ISDIR(mode):
        raise InputError(Problem("is a folder; a file is needed.", shown(path)))
    raise InputError(_not_regular(path, next((word for test, word in _OTHER if test(mode)), "something else")))


def _not_regular(path: str | Path, word: str) -> Problem:
    return Problem(f"is {word}; a file is needed.", shown(path), cure="Save the data in a file.")


def _too_large(path: str | Path, size: int, most: int) -> Problem:
    cure = "Is it the right file?"
    return Problem(f"the file is {_size(size)}; at most {_size(most)} are read.", shown(path), cure=cure)


def _size(count: int) -> str:
    """A number of bytes in words.

    >>> _size(250_000), _size(3_000_000), _size(10**10)
    ('250 kB', '3.0 MB', '10,000 MB')
    """
    if count < 1_000_000:
        return f"{count / 1e3:,.0f} kB"
    return f"{count / 1e6:,.1f} MB" if count < 100_000_000 else f"{count / 1e6:,.0f} MB"


def read_bytes(path: str | Path, *, most: int) -> bytes:
    """The bytes of a user's file.

    Raises:
        InputError: as :func:`open_file`, the disk fails, or the file grew over ``most`` while it was read.
    """
    with open_file(path, most=most) as stream:
        try:
            raw = stream.read(most + 1)
        except OSError as error:
            raise InputError(system_problem(path, error)) from None
    if len(raw) > most:
        raise InputError(_too_large(path, len(raw), most))
    return raw


def read_text(path: str | Path, *, most: int) -> str:
    """The text of a user's file: UTF-8, with or without its mark at the beginning.

    Raises:
        InputError: as :func:`read_bytes`, or it is not UTF-8 (the line is told).
    """
    return decoded(read_bytes(path, most=most), path)


def decoded(raw: bytes, path: str | Path) -> str:
    """Bytes of a file as text.

    Raises:
        InputError: they are not UTF-8.
    """
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise InputError(Problem("the file is not UTF-8 text.", shown(path), line, "Save it as UTF-8.")) from None


def read_json(path: str | Path, *, most: int, cure: str | None = None) -> Any:
    """What a user's JSON file holds: finite numbers, texts that can be written, not too deep.

    Raises:
        InputError: as :func:`read_text`, or it is not JSON.
    """
    text = read_text(path, most=most)
    try:
        return parse_json(text)
    except ValueError as error:
        line = getattr(error, "lineno", None)
        said = f" ({error.msg})" if isinstance(error, json.JSONDecodeError) else f": {error}"
        raise InputError(Problem(f"is not JSON that can be read{said}.", shown(path), line, cure)) from None


def parse_json(text: str) -> Any:
    """What a JSON text holds.

    >>> parse_json('{"a": [1, 2.5]}')
    {'a': [1, 2.5]}

    Raises:
        ValueError: not JSON, nested too deeply, a number that is not finite or has thousands of digits, or a text with
            half a letter (a lone surrogate), which no file could hold.
    """
    try:
        value = json.loads(text, parse_float=_finite, parse_int=_whole, parse_constant=_refused)
        if _SURROGATE.search(text):
            json.dumps(value, ensure_ascii=False).encode()
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except UnicodeEncodeError:
        raise ValueError("a text holds half a letter (a lone surrogate)") from None
    return value


def _finite(text: str) -> float:
    value = float(text)
    if value - value != 0:
        raise ValueError(f"the number {text[:20]} is too large")
    return value


def _whole(text: str) -> int:
    if len(text) > 40:
        raise ValueError(f"a number has {len(text)} digits")
    return int(text)


def _refused(word: str) -> None:
    raise ValueError(f"{word} is no number")
