"""Compiling of kernels, with a cache on disk that knows when any kernel's source has changed.

numba's own cache looks only at the file of the outermost function, so a change in a function that was inlined from
another file would go unseen. Here the cache folder's name is a hash of all kernel sources.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numba as nb

from borderlab.base.places import cache_home

SOURCES = (
    "compiled", "draws", "state", "booths", "choice", "docks", "inbox", "leavers", "stage", "histogram", "kernel",
)  # fmt: skip


@cache
def kernel_hash() -> str:
    """A hash of the kernel sources."""
    digest = hashlib.sha256()
    for name in SOURCES:
        path = Path(__file__).with_name(f"{name}.py")
        digest.update(path.read_bytes() if path.exists() else b"")
    return digest.hexdigest()[:12]


@cache
def _folder() -> str:
    wanted = cache_home() / f"kernels-{kernel_hash()}"
    try:
        wanted.mkdir(parents=True, exist_ok=True)
        if os.access(wanted, os.W_OK):
            return str(wanted)
    except OSError:
        pass
    return tempfile.mkdtemp(prefix="borderlab-kernels-")


def entry(function: Callable[..., Any]) -> Any:
    """Compile a pure function of numbers and arrays that Python calls; it is cached on disk and frees the lock."""
    before = nb.config.CACHE_DIR
    nb.config.CACHE_DIR = _folder()
    try:
        return _compile(function, cache=True)
    finally:
        nb.config.CACHE_DIR = before


def kernel(function: Callable[..., Any]) -> Any:
    """Compile a function that only other kernels call (``.py_func`` is the plain one)."""
    return _compile(function, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def inlined(function: Callable[..., Any]) -> Any:
    """As :func:`kernel`, but always made part of its callers: for what runs once per entity or interval."""
    return _compile(function, no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True)


def woven(function: Callable[..., Any]) -> Any:
    """As :func:`inlined`, but before types are known: for what has one caller, so that it is compiled once only."""
    return _compile(function, no_cpython_wrapper=True, no_cfunc_wrapper=True, inline="always")


def _compile(function: Callable[..., Any], **options: Any) -> Any:
    # Without numba's reference counts: a kernel allocates nothing, and counting a hundred arrays of state up and down
    # in every interval took ten times as long as the simulation.
    return nb.njit(nogil=True, error_model="numpy", _nrt=False, **options)(function)
