"""Files and folders that appear whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from borderlab.base.problems import InputError, Problem


@contextmanager
def whole_file(path: str | Path) -> Iterator[Path]:
    """Give a temporary path beside ``path``; move it into place if the block ends well, else remove it.

    Raises:
        InputError: the folder cannot be written.
    """
    path = Path(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    except OSError as error:
        raise InputError(Problem(f"cannot be written: {error.strerror or error}.", str(path))) from None
    os.close(handle)
    part = Path(name)
    try:
        yield part
        os.chmod(part, 0o644)
        os.replace(part, path)
    except OSError as error:
        raise InputError(Problem(f"cannot be written: {error.strerror or error}.", str(path))) from error
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: str | Path, *, marker: str) -> Iterator[Path]:
    """Give a temporary folder; its files replace those in ``path`` only if the block ends well.

    A folder that is there already is replaced only if it is empty or holds ``marker`` (a file name that every
    folder of this kind has), so that a typing error cannot wipe a user's own folder.

    Raises:
        InputError: ``path`` is a file, holds other things, or cannot be written.
    """
    path = Path(path)
    if path.exists() and not path.is_dir():
        raise InputError(Problem("is a file; a folder is needed.", str(path)))
    if path.is_dir() and any(path.iterdir()) and not (path / marker).exists():
        raise InputError(
            Problem("the folder holds other files.", str(path), cure="Name an empty or new folder with --out.")
        )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part"))
    except OSError as error:
        raise InputError(Problem(f"cannot be written: {error.strerror or error}.", str(path))) from None
    try:
        yield part
        os.chmod(part, 0o755)
        old = None
        if path.exists():
            old = path.with_name(f".{path.name}.old")
            shutil.rmtree(old, ignore_errors=True)
            os.replace(path, old)
        os.replace(part, path)
        if old is not None:
            shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise InputError(Problem(f"cannot be written: {error.strerror or error}.", str(path))) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
