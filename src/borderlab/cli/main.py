"""The ``borderlab`` command."""

from __future__ import annotations

import errno
import io
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from borderlab import __version__
from borderlab.base.printing import ReaderGone, clean_output, lead_nowhere
from borderlab.base.problems import InputError, Problem
from borderlab.base.progress import Terminal, watched
from borderlab.cli import groups
from borderlab.cli.repeated import refuse_repeated

MOST_TOLD = 100
"""So many faults are told; a file with thousands has one cause."""
FAILED = 1
BAD_INPUT = 2
INTERRUPTED = 130
READER_GONE = 141
ENDED = 143

app = typer.Typer(
    name="borderlab",
    help="A policy laboratory for U.S.–Mexico border security cooperation.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
groups.add_to(app)


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"borderlab {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: bool = typer.Option(False, "--version", callback=_print_version, is_eager=True, help="Print the version."),
) -> None:
    pass


def run(arguments: list[str] | None = None) -> None:
    """Run the command line and leave with its status.

    0 done, 1 failed, 2 bad input, 130 interrupted, 141 the reader of the output is gone, 143 told to end.
    """
    with clean_output(), _ended_by_signal():
        status = _status(arguments)
    sys.exit(status)


def _status(arguments: list[str] | None) -> int | None:
    try:
        words = _readable(arguments)
        command = typer.main.get_command(app)
        refuse_repeated(command, words)
        with Terminal() as terminal, watched(terminal):
            status: int | None = command(args=words, standalone_mode=False)
        sys.stdout.flush()
        return status
    except ReaderGone:  # `borderlab … | head` ends quietly
        # The signal itself stays ignored: a worker process that dies must not take the command with it.
        lead_nowhere(sys.stdout)
        return READER_GONE
    except InputError as error:
        for problem in error.problems[:MOST_TOLD]:
            _say(f"error: {problem}")
        if len(error.problems) > MOST_TOLD:
            _say(f"error: and {len(error.problems) - MOST_TOLD:,} more like these.")
        return BAD_INPUT
    except KeyboardInterrupt:
        _say("interrupted")
        return INTERRUPTED
    except _Ended:
        _say("ended by a signal")
        return ENDED
    except MemoryError:
        _say("error: memory ran out. Ask for less at a time (fewer futures, a smaller file), or close other programs.")
        return FAILED
    except OSError as error:
        _say(f"error: {_system_words(error)}")
        lead_nowhere(sys.stdout)
        return FAILED
    except Exception as error:
        return _usage_status(error)


def _say(text: str) -> None:
    """Print to standard error; of a very long text (somebody's word of a megabyte) the beginning and the end."""
    print(text if len(text) <= 4000 else f"{text[:3000]} … {text[-900:]}", file=sys.stderr)


def _readable(arguments: list[str] | None) -> list[str]:
    """The words of the command line.

    Raises:
        InputError: bytes that are no text in this system's encoding.
    """
    words = sys.argv[1:] if arguments is None else arguments
    for word in words:
        try:
            word.encode()
        except UnicodeEncodeError:
            raise InputError(
                Problem(f"'{word[:200]}' holds bytes that are no text.", cure="Write names in UTF-8.")
            ) from None
        if "\0" in word:
            raise InputError(Problem(f"'{word[:200]}' holds a zero byte."))
    return words


def _system_words(error: OSError) -> str:
    """What the system said, of which file."""
    place = f"{error.filename}: " if isinstance(error.filename, str) else ""
    said = error.strerror or str(error) or type(error).__name__
    cure = " Make room and try again." if error.errno in (errno.ENOSPC, errno.EDQUOT) else ""
    return f"{place}{said}.{cure}"


class _Ended(BaseException):
    """The system asks the process to end."""


@contextmanager
def _ended_by_signal() -> Iterator[None]:
    """Let SIGTERM unwind what is going on, so that nothing half-written is left."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def end(*_: object) -> None:
        raise _Ended

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _usage_status(error: Exception) -> int:
    """Say what click found wrong with the words of the command; anything else is our own defect and is raised."""
    show, code = getattr(error, "show", None), getattr(error, "exit_code", None)
    if code is None:
        raise error
    if type(error).__name__ == "Abort" or code == INTERRUPTED:  # click turns Ctrl-C into either
        _say("interrupted")
        return INTERRUPTED
    if callable(show):
        text = io.StringIO()
        show(file=text)
        _say(text.getvalue().rstrip("\n"))
    return int(code)
