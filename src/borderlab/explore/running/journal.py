"""The journal of a run's folder: read as data from anybody, checked in full before anything of it is used."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from borderlab import __version__
from borderlab.base.identity import Identity, code_hash
from borderlab.base.inputfile import kind_of, read_json
from borderlab.base.problems import InputError, Problem
from borderlab.explore.running.plan import Plan
from borderlab.explore.running.workers import worker_of

JOURNAL = "journal.json"
FORMAT = 1
_MOST_BYTES = 100_000_000
_MOST_FUTURES = 1_000_000
_ANEW = "Begin anew in another folder."
_KINDS = {"borderlab": str, "code": str, "worker": str, "hash": str, "inputs": dict, "futures": int, "chunk": int}


def read_journal(folder: Path) -> dict[str, Any]:
    """The journal of a folder: every key there and of its kind. What the inputs hold is not looked at.

    Raises:
        InputError: no such folder, no journal, or one that cannot be read.
    """
    kind = kind_of(folder)
    if kind != "folder":
        cause = "there is no such folder." if kind == "nothing" else "is a file; the folder of a run is needed."
        raise InputError(Problem(cause, str(folder)))
    path = folder / JOURNAL
    if kind_of(path) == "nothing":
        raise InputError(
            Problem(
                f"is not the folder of a run: it has no {JOURNAL}.",
                str(folder),
                cure="Name the folder that `borderlab compare` wrote.",
            )
        )
    try:
        journal = read_json(path, most=_MOST_BYTES)
        known = journal["format"] == FORMAT
        if known:
            _check(journal)
    except InputError as error:
        one = error.problems[0]
        raise InputError(Problem(f"the journal cannot be read: {one.cause}", one.file, one.line, _ANEW)) from None
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(Problem(f"the journal cannot be read ({error}).", str(path), cure=_ANEW)) from None
    if not known:
        raise InputError(
            Problem(
                f"the journal has format {str(journal['format'])[:20]}; this version reads {FORMAT}.",
                str(path),
                cure="Finish it with the version that began it, or begin anew.",
            )
        )
    return dict(journal)


def _check(journal: Mapping[str, Any]) -> None:
    """Raise ValueError or KeyError where a journal is not what a store writes."""
    for key, kind in _KINDS.items():
        if not isinstance(journal[key], kind) or isinstance(journal[key], bool):
            raise ValueError(f"{key} is {str(journal[key])[:60]!r}")
    for key in ("futures", "chunk"):
        if not 1 <= journal[key] <= _MOST_FUTURES:
            raise ValueError(f"{key} is {journal[key]}")
    apart = journal.get("apart")
    if apart is not None and not (isinstance(apart, str) and isinstance(journal["inputs"].get(apart), list)):
        raise ValueError(f"apart is {str(apart)[:60]!r}")
    if apart is not None and not journal["inputs"][apart]:
        raise ValueError(f"{apart} is empty")
    if not all(
        key.isdecimal() and len(key) < 10 and isinstance(digest, str) for key, digest in journal["done"].items()
    ):
        raise ValueError("done holds something else than chunks")


def plan_in(journal: Mapping[str, Any], folder: Path, *, to_run: bool) -> Plan:
    """The plan of a journal, checked.

    Args:
        to_run: it is to be gone on with, so that it must be this version's own. A finished run of another version may
            be read: nothing of it is run.

    Raises:
        InputError: a worker that is none of ours, or inputs that this version could not have written.
    """
    plan = Plan(journal["worker"], journal["inputs"], journal["futures"], journal["chunk"], journal.get("apart"))
    path = str(folder / JOURNAL)
    try:
        worker = worker_of(plan.worker)
    except InputError as error:
        one = error.problems[0]
        raise InputError(Problem(one.cause, path, None, one.cure, one.did_you_mean)) from None
    try:
        worker.check_inputs(plan.inputs)
    except (ValueError, KeyError, TypeError, OverflowError) as error:
        said = f"it lacks {error}" if isinstance(error, KeyError) else str(error)
        if not to_run:
            said += f"; it was made by version {journal['borderlab'][:20]}, this is {__version__}"
        raise InputError(Problem(f"the journal cannot be used: {said}.", path, cure=_ANEW)) from None
    if to_run and journal["hash"] != plan.hash:
        raise InputError(
            Problem("the journal was changed after the run was begun: its hash is another.", path, cure=_ANEW)
        )
    return plan


def other_version(journal: Mapping[str, Any]) -> str | None:
    """Which version made it, if not this one."""
    if journal["code"] == code_hash() and not changed_since(journal):
        return None
    return f"{journal['borderlab'][:20]} ({journal['code'][:12]})"


def changed_since(journal: Mapping[str, Any]) -> list[str]:
    """What of code, tables and libraries is not as it was when a run was begun, in words."""
    now = Identity("", {})
    try:
        then = replace(Identity.from_json(journal["identity"]), kind="", inputs={})
    except (KeyError, TypeError, ValueError):
        return []  # older journals have the code alone
    return now.differences(then)
