"""The user's folders: where imported data live, and what is made once and kept."""

from __future__ import annotations

import os
import re
from pathlib import Path

from borderlab.base.inputfile import kind_of
from borderlab.base.problems import InputError, Problem

VARIABLE = "BORDERLAB_DATA"
_SAFE = re.compile(r"[a-z0-9][a-z0-9._-]*")


def data_home() -> Path:
    """The user's data directory: ``BORDERLAB_DATA`` if set, else the platform's place for application data.

    Raises:
        InputError: the place is a file.
    """
    stated = os.environ.get(VARIABLE)
    try:
        home = Path(stated).expanduser() if stated else _application_data()
    except RuntimeError as error:  # no home, or none of that user
        raise InputError(Problem(f"there is no place for data: {error}", cure=f"Set {VARIABLE} to a folder.")) from None
    if kind_of(home) not in ("folder", "nothing"):
        raise InputError(Problem("the data directory is a file.", str(home), cure=f"Set {VARIABLE} to a folder."))
    return home.absolute()


def _application_data() -> Path:
    """The platform's place."""
    from platformdirs import user_data_path

    return user_data_path("borderlab", appauthor=False)


def cache_home() -> Path:
    """The user's cache directory: ``BORDERLAB_CACHE`` if set, else the platform's place for what can be made again."""
    named = os.environ.get("BORDERLAB_CACHE")
    if named:
        return Path(named)
    from platformdirs import user_cache_path

    try:
        return user_cache_path("borderlab", appauthor=False)
    except RuntimeError:  # a user without a home: nothing can be kept, which costs time and nothing else
        return Path(os.devnull) / "borderlab"


def inside(home: Path, *parts: str) -> Path:
    """A path below ``home``; refused if a part is not a plain name or leads out of the directory by a link.

    Raises:
        InputError: the path would lie outside the data directory.
    """
    path = home.joinpath(*parts)
    plain = all(_SAFE.fullmatch(part) for part in parts)
    if not plain or not path.resolve().is_relative_to(home.resolve()):
        raise InputError(
            Problem(f"'{'/'.join(parts)}' leads outside the data directory.", str(home), cure="Nothing was changed.")
        )
    return path
