"""The ``borderlab`` command."""

from __future__ import annotations

import os
import sys

import typer

from borderlab import __version__
from borderlab.base.problems import InputError
from borderlab.cli import groups

INTERRUPTED = 130
READER_GONE = 141

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
    """Run the command line and leave with its status: 0 done, 1 failed, 2 bad input, 130 interrupted."""
    try:
        status = app(args=arguments, standalone_mode=False)
        sys.stdout.flush()
    except BrokenPipeError:  # `borderlab … | head` ends quietly
        # The signal itself stays ignored: a worker process that dies must not take the command with it.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = READER_GONE
    except InputError as error:
        for problem in error.problems:
            print(f"error: {problem}", file=sys.stderr)
        status = 2
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        status = INTERRUPTED
    except Exception as error:
        status = _usage_status(error)
    sys.exit(status)


def _usage_status(error: Exception) -> int:
    """Say what click found wrong with the words of the command; anything else is our own defect and is raised."""
    show, code = getattr(error, "show", None), getattr(error, "exit_code", None)
    if code is None:
        raise error
    if type(error).__name__ == "Abort" or code == INTERRUPTED:  # click turns Ctrl-C into either
        print("interrupted", file=sys.stderr)
        return INTERRUPTED
    if callable(show):
        show()
    return int(code)
