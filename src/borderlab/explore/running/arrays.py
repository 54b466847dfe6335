"""Named arrays in one file whose bytes depend on nothing but the arrays."""

from __future__ import annotations

import hashlib
import math
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from borderlab.base.inputfile import open_file
from borderlab.base.safefile import whole_file

Header = tuple[np.dtype[Any], tuple[int, ...]]

_MOST_BYTES = 8_000_000_000
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


def read_arrays(path: Path, check: Callable[[Mapping[str, Header]], None]) -> dict[str, np.ndarray]:
    """Read what :func:`write_arrays` wrote.

    The file may have come from anybody. ``check`` is shown what each array says of its type and shape before a number
    is read, so that a file of a few bytes cannot ask for all memory; nothing in it is ever unpickled.

    Raises:
        InputError: no regular file, or too large.
        ValueError: no such file of arrays, or ``check`` refused it.
    """
    with open_file(path, most=_MOST_BYTES) as stream:
        try:
            with zipfile.ZipFile(stream) as bundle:
                members = {one.filename: one for one in bundle.infolist()}
                if len(members) != len(bundle.infolist()) or not all(name.endswith(".npy") for name in members):
                    raise ValueError("it is no file of arrays")
                headers = {name.removesuffix(".npy"): _header(bundle, one) for name, one in members.items()}
                check(headers)
                return {name: _array(bundle, members[f"{name}.npy"], header) for name, header in headers.items()}
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as error:
            raise ValueError(f"it is damaged ({str(error)[:80]})") from None


def _header(bundle: zipfile.ZipFile, member: zipfile.ZipInfo) -> Header:
    with bundle.open(member) as entry:
        if np.lib.format.read_magic(entry) != (1, 0):
            raise ValueError(f"'{member.filename[:40]}' is an array of another kind")
        shape, fortran, dtype = np.lib.format.read_array_header_1_0(entry)
        begins = entry.tell()
    if dtype.hasobject or fortran:
        raise ValueError(f"'{member.filename[:40]}' holds something else than plain numbers")
    if member.file_size != begins + math.prod(shape) * dtype.itemsize:
        raise ValueError(f"'{member.filename[:40]}' is longer or shorter than it says")
    return dtype, shape


def _array(bundle: zipfile.ZipFile, member: zipfile.ZipInfo, header: Header) -> np.ndarray:
    dtype, shape = header
    with bundle.open(member) as entry:
        array = np.lib.format.read_array(entry, allow_pickle=False)
        entry.read(1)  # the checksum is looked at where the member ends
    if array.dtype != dtype or array.shape != shape:
        raise ValueError(f"'{member.filename[:40]}' is not what it says")
    return array


def file_hash(path: Path) -> str:
    """SHA-256 of a file.

    Raises:
        InputError: it cannot be read.
    """
    with open_file(path, most=_MOST_BYTES) as handle:
        digest = hashlib.sha256()
        while block := handle.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()
