"""What reaches a terminal: text with no command for it in it, in letters it can show, and no fault if it is gone.

Titles, names and a server's answers are other people's words. Escape sequences in them could rewrite what stands on a
screen, and letters that a console's code page lacks would end a finished run in an error. Everything that the command
line prints goes through the streams made here.
"""

from __future__ import annotations

import codecs
import contextlib
import json
import os
import re
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# Control characters but for the line end and the tab; marks that turn the direction of writing; half letters.
_COMMANDS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_LIKE = {
    "−": "-", "–": "-", "—": "-", "‑": "-", "‐": "-", "’": "'", "‘": "'", "“": "'", "”": "'", "„": "'", "«": "<<",
    "»": ">>", "…": "...", "→": "->", "←": "<-", "×": "x", "·": ".", "•": "*", "≥": ">=", "≤": "<=", "≈": "~",
    "†": "+", "‡": "++", "\u202f": " ", "\u2009": " ", "\xa0": " ", "€": "EUR", "½": "1/2", "█": "#", "░": ".",
    "▏": "|", "│": "|", "─": "-", "¿": "?", "¡": "!", "º": "o", "ª": "a", "√": "sqrt", "∞": "inf", "ß": "ss",
}  # fmt: skip
_LIKENESS = "borderlab-likeness"


def cleaned(text: str) -> str:
    r"""Text with every command for a terminal shown instead of obeyed. The form is JSON's own, so JSON stays JSON.

    >>> print(cleaned("a\x1b[2Jb"))
    a\u001b[2Jb
    """
    return _COMMANDS.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def _likeness(error: UnicodeError) -> tuple[str, int]:
    """What stands for letters that an encoding lacks: the nearest in ASCII, else a question mark."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    letters = error.object[error.start : error.end]
    return "".join(_LIKE.get(letter) or _bare(letter) for letter in letters), error.end


def _bare(letter: str) -> str:
    plain = unicodedata.normalize("NFKD", letter).encode("ascii", "ignore").decode()
    return plain if plain.isprintable() and plain and '"' not in plain and "\\" not in plain else "?"


codecs.register_error(_LIKENESS, _likeness)


class ReaderGone(Exception):
    """Nobody reads what is printed any more. No OSError: click answers a broken pipe with a status of its own."""


class CleanStream:
    """A text stream that shows commands for terminals instead of passing them on.

    Attributes:
        below: the stream itself, for what draws on the screen by our own will (the progress bar).
        needed: False where a lost line must not stop the work: nobody may be reading what standard error says.
    """

    def __init__(self, below: Any, *, needed: bool) -> None:
        self.below = below
        self.needed = needed
        if hasattr(below, "reconfigure"):
            with contextlib.suppress(OSError, ValueError):
                below.reconfigure(errors=_LIKENESS)

    def write(self, text: str) -> int:
        """Write text, cleaned."""
        if not isinstance(text, str):
            raise TypeError("text is needed")
        try:
            self.below.write(cleaned(text))
        except BrokenPipeError:
            if self.needed:
                raise ReaderGone from None
        except (OSError, ValueError):
            if self.needed:
                raise
        return len(text)

    def writelines(self, lines: Any) -> None:
        """Write lines, cleaned."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Hand on what is kept."""
        try:
            self.below.flush()
        except BrokenPipeError:
            if self.needed:
                raise ReaderGone from None
        except (OSError, ValueError):
            if self.needed:
                raise

    def __getattr__(self, name: str) -> Any:
        return getattr(self.below, name)


@contextmanager
def clean_output() -> Iterator[None]:
    """Let standard output and error be clean streams while the block runs; closed ones lead nowhere."""
    _fill_closed()
    out, err = sys.stdout, sys.stderr
    sys.stdout = CleanStream(out, needed=True)  # type: ignore[assignment]
    sys.stderr = CleanStream(err, needed=False)  # type: ignore[assignment]
    try:
        yield
    finally:
        sys.stdout, sys.stderr = out, err


def _fill_closed() -> None:
    """Put the null device where a standard stream is closed, before a file of ours is opened under its number."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            with contextlib.suppress(OSError):
                # The lowest free number is taken, which is this one: those below it are open.
                os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
    if sys.stdout is None:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115 (kept to the end of the process)
    if sys.stderr is None:
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115


def lead_nowhere(stream: Any) -> None:
    """Let what is still kept for a broken stream go to the null device, so that the interpreter's end is quiet."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def json_text(value: Any, indent: int | None = None) -> str:
    """One JSON object as standard output can take it: letters as they are where it writes UTF-8, else escaped."""
    plain = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "") != "utf8"
    return json.dumps(value, ensure_ascii=plain, allow_nan=False, indent=indent)
