"""Named arrays in one file whose bytes depend on nothing but the arrays."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from borderlab.base.safefile import whole_file

_EPOCH = (1980, 1, 1, 0, 0, 0)  # numpy.savez writes the clock into the file, so that equal arrays differ


def write_arrays(path: Path, arrays: Mapping[str, np.ndarray]) -> str:
    """Write arrays as an ``.npz`` file, whole or not at all, and give the SHA-256 of the file.

    Raises:
        InputError: the file cannot be written, for example because the disk is full.
    """
    with whole_file(path) as part:
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as bundle:
            for name in sorted(arrays):
                with bundle.open(zipfile.ZipInfo(f"{name}.npy", _EPOCH), "w", force_zip64=True) as entry:
                    np.lib.format.write_array(entry, np.ascontiguousarray(arrays[name]), allow_pickle=False)
        digest = file_hash(part)
    return digest


def read_arrays(path: Path) -> dict[str, np.ndarray]:
    """Read what :func:`write_arrays` wrote."""
    with np.load(path, allow_pickle=False) as bundle:
        return {name: bundle[name] for name in bundle.files}


def file_hash(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()
