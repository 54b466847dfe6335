"""Files and folders that appear whole or not at all: the one place that makes, locks and replaces what a user is given.

What is made has the rights that the user's umask gives. What a killed process had half written is swept away by the
next one that writes to the same folder; a part that a living process holds is left alone.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from borderlab.base.inputfile import kind_of, read_json, shown, system_problem
from borderlab.base.problems import InputError, Problem

MANIFEST = ".borderlab.json"
"""Beside what is written into a folder of a user: which files are ours, so that no other is ever touched."""

_PART = re.compile(r"(tmp_)?\..*\.[0-9a-f]{12}\.part")
_WRITE = "cannot be written"
_NEW = "Name an empty or new folder with --out."
_STALE_S = 3600.0
_swept: set[str] = set()


@contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """Give a temporary path beside ``path``; move it into place if the block ends well, else remove it.

    Raises:
        InputError: the folder cannot be written, the disk is full, or ``path`` is a folder.
    """
    path = Path(path)
    part, handle = None, -1
    kind = kind_of(path)
    if kind in ("folder", "other"):
        what = "a folder" if kind == "folder" else "a device, a pipe or a socket"
        raise InputError(Problem(f"{_WRITE}: it is {what}.", shown(path), cure="Name a file."))
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _sweep(path.parent)
        part = _part_of(path.parent, path.name)
        handle = os.open(part, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o666)
        _hold(handle)
        yield part
        os.replace(part, path)
    except (OSError, ValueError) as error:
        if isinstance(error, ValueError) and handle != -1:
            raise  # a fault of what was to be written, not of where
        raise InputError(system_problem(path, error, _WRITE)) from error
    finally:
        if handle != -1:
            os.close(handle)
        if part is not None:
            with contextlib.suppress(OSError, ValueError):
                part.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: str | Path, *, marker: str) -> Iterator[Path]:
    """Give a temporary folder; its files come to stand in ``path`` only if the block ends well.

    A folder that is there already is taken only if it is empty or was written by us: it holds ``marker`` (a file that
    every folder of this kind has). Its files are then replaced one by one, the marker last, so that a folder without it
    is not whole; files of an earlier run that this one has not made go; a user's own files beside them stay.

    Raises:
        InputError: ``path`` is a file, holds other things, is written by another process, or cannot be written.
    """
    path = Path(path)
    made, handle, part = False, -1, None
    done = False
    try:
        check_folder(path, marker=marker, try_it=False)
        made = kind_of(path) == "nothing"
        path.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDONLY) if hasattr(os, "O_DIRECTORY") else -1
        if handle != -1 and not _hold(handle):
            raise InputError(Problem("another borderlab is writing to this folder.", shown(path), cure=_NEW))
        _sweep(path, again=True)
        part = _part_of(path, marker)
        part.mkdir()
        yield part
        _settle(part, path, marker)
        done = True
    except (OSError, ValueError) as error:
        if isinstance(error, ValueError) and part is not None:
            raise
        raise InputError(system_problem(path, error, _WRITE)) from error
    finally:
        if part is not None:
            shutil.rmtree(part, ignore_errors=True)
        if made and not done:  # what gave no result keeps no folder
            with contextlib.suppress(OSError):
                path.rmdir()
        if handle != -1:
            os.close(handle)


def check_folder(path: str | Path, *, marker: str, try_it: bool = True) -> None:
    """Refuse a folder that cannot take the output of a run, before the work is done.

    Args:
        marker: a file that every folder of this kind has. try_it: also see whether something can be made there.

    Raises:
        InputError: it is a file, cannot be made, or holds things that are not from such a run.
    """
    path = Path(path)
    kind = kind_of(path)
    if kind not in ("folder", "nothing"):
        raise InputError(Problem("is a file; a folder is needed.", shown(path)))
    if try_it:
        home = next(parent for parent in (path, *path.absolute().parents) if kind_of(parent) == "folder")
        try:
            trial = home / f".borderlab.{secrets.token_hex(6)}.part"
            trial.mkdir()
            trial.rmdir()
            with contextlib.suppress(FileNotFoundError):
                os.lstat(path)  # a name that no system takes is told now
        except (OSError, ValueError) as error:
            raise InputError(system_problem(path, error, _WRITE)) from None
    names = names_in(path)
    if names and marker not in names and _manifest(path).get("marker") != marker:
        raise InputError(Problem("the folder holds other files.", shown(path), cure=_NEW))


def names_in(path: str | Path) -> list[str]:
    """What a folder holds, parts left by killed processes not counted; nothing if there is no such folder.

    Raises:
        InputError: it is a file, or may not be looked into.
    """
    kind = kind_of(path)
    if kind == "nothing":
        return []
    if kind != "folder":
        raise InputError(Problem("is a file; a folder is needed.", shown(path)))
    try:
        return sorted(name for name in os.listdir(path) if not _PART.fullmatch(name))
    except OSError as error:
        raise InputError(system_problem(path, error)) from None


def folder_in(home: str | Path, name: str) -> Path:
    """A folder inside one of ours, made if need be.

    Raises:
        InputError: a link stands there, which could lead what is written anywhere, or it cannot be made.
    """
    path = Path(home) / name
    try:
        with contextlib.suppress(FileNotFoundError):
            if not stat.S_ISDIR(os.lstat(path).st_mode):
                raise InputError(
                    Problem(
                        "is a link or a file where a folder of our own should stand.", shown(path), cure="Remove it."
                    )
                )
        path.mkdir(exist_ok=True)
    except (OSError, ValueError) as error:
        raise InputError(system_problem(path, error, _WRITE)) from None
    return path


def _settle(part: Path, path: Path, marker: str) -> None:
    """Move the files of ``part`` into ``path``. A kill at any point leaves a folder that the next run takes up."""
    new = sorted(one.relative_to(part).as_posix() for one in part.rglob("*") if not one.is_dir())
    old = sorted({marker, *_own_files(path, new)})
    _check_no_strangers(path, new, old)
    _list(path, marker, sorted({*new, *old}))
    (path / marker).unlink(missing_ok=True)
    for name in sorted(new, key=lambda name: name == marker):
        target = path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if name == marker:
            for stale in set(old) - set(new):
                (path / stale).unlink(missing_ok=True)
        os.replace(part / name, target)
    _list(path, marker, new)


def _list(path: Path, marker: str, files: list[str]) -> None:
    with whole_file(path / MANIFEST) as manifest:
        manifest.write_text(json.dumps({"marker": marker, "files": files}) + "\n", encoding="utf-8")


def _manifest(path: Path) -> dict[str, Any]:
    """What the manifest of a folder says: the marker of what was written there, and its files. Nothing if it cannot."""
    if kind_of(path / MANIFEST) != "file":
        return {}
    try:
        found = read_json(path / MANIFEST, most=10_000_000)
    except InputError:
        return {}
    return found if isinstance(found, dict) else {}


def _own_files(path: Path, new: list[str]) -> list[str]:
    """The files in ``path`` that an earlier run made; without a manifest, those that have the names of the new ones."""
    files = _manifest(path).get("files")
    if not isinstance(files, list):
        return [name for name in new if kind_of(path / name) == "file"]
    return [name for name in files if isinstance(name, str) and _plain(name)]


def _plain(name: str) -> bool:
    """A name below the folder: a manifest that somebody wrote must not have us delete elsewhere."""
    pieces = name.split("/")
    return all(piece not in ("", ".", "..") and "\\" not in piece and "\0" not in piece for piece in pieces)


def _check_no_strangers(path: Path, new: list[str], old: list[str]) -> None:
    mine = [name for name in new if name not in old and os.path.lexists(path / name)]
    if mine:
        raise InputError(
            Problem(f"holds a file of yours named {mine[0]}, which would be overwritten.", shown(path), cure=_NEW)
        )
    for name in {*new, *old}:
        above = Path(name).parent
        if above != Path() and (path / above).is_symlink():
            raise InputError(Problem("is a link where a folder of our own should stand.", shown(path / above)))


def _part_of(folder: Path, name: str) -> Path:
    return folder / f".{name[:40]}.{secrets.token_hex(6)}.part"


def _hold(handle: int) -> bool:
    """Mark an open file or folder as held by this process for as long as it lives; False if another holds it."""
    try:
        import fcntl
    except ModuleNotFoundError:  # Windows will not delete what is open, which serves the same end
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True


def _sweep(folder: Path, *, again: bool = False) -> None:
    """Remove parts that nobody holds any more; each folder is looked through once by a process."""
    key = os.path.abspath(folder)
    if key in _swept and not again:
        return
    _swept.add(key)
    with os.scandir(folder) as entries:
        parts = [entry for entry in entries if _PART.fullmatch(entry.name)]
    for entry in parts:
        with contextlib.suppress(OSError):
            if entry.is_dir(follow_symlinks=False):
                if again:  # they are made under the lock on the folder, which the caller holds
                    shutil.rmtree(entry.path, ignore_errors=True)
                continue
            if entry.name.startswith("tmp_") and time.time() - entry.stat().st_mtime < _STALE_S:
                continue  # DuckDB's own, which nobody holds
            handle = os.open(entry.path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
            try:
                if _hold(handle):
                    os.unlink(entry.path)
            finally:
                os.close(handle)
