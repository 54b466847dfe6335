"""Compiling of kernels, with a store on disk that knows when the source of any of them has changed.

numba's own cache looks only at the file of the outermost function, so that a change in a function that was inlined
from another file goes unseen. Here kernels come in groups; a group names every source file that its kernels are made
from, and the folder of its compiled code is named by a hash of them::

    QUEUES = Kernels("queues", (Path(__file__).with_name("draws.py"), ...))

    @QUEUES.entry
    def run(...): ...          # Python calls it: kept on disk

    @QUEUES.inlined
    def draw(...): ...         # other kernels call it

A file of the store that is damaged, or that this machine cannot use, is made anew; a store that cannot be written, or
that belongs to somebody else, is not used.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import tempfile
from collections.abc import Callable, Sequence
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numba as nb
from numba.core.caching import _Cache
from numba.core.compiler import CompileResult
from numba.core.registry import CPUDispatcher
from numba.core.serialize import dumps

from borderlab.base.places import cache_home

_COMPILERS = ("numba", "llvmlite", "numpy")
_DIGEST_BYTES = 32


class Kernels:
    """A group of kernels that are compiled into each other.

    Compiled functions divide as NumPy does (no exception for 0), free the interpreter's lock, check no bounds, and
    know no reference counts: a kernel allocates nothing. Counting arrays up and down took ten times as long as what
    was done with them.

    Args:
        name: of the group, as part of a folder's name.
        sources: every file that a kernel of the group is made from.
        using: groups whose kernels are called in this one.
    """

    def __init__(self, name: str, sources: Sequence[Path], using: Sequence[Kernels] = ()) -> None:
        self.name, self.sources, self.using = name, tuple(sources), tuple(using)

    @cached_property
    def source_hash(self) -> str:
        """Of the source files of the group and of those that it uses: twelve hexadecimal digits."""
        digest = hashlib.sha256()
        for path in self.sources:
            digest.update(path.read_bytes() if path.exists() else b"")
        for group in self.using:
            digest.update(group.source_hash.encode())
        return digest.hexdigest()[:12]

    @cached_property
    def folder(self) -> Path | None:
        """Where compiled code is kept; None where nothing can be kept."""
        digest = hashlib.sha256(self.source_hash.encode())
        digest.update(Path(__file__).read_bytes())
        digest.update(" ".join(version(name) for name in _COMPILERS).encode())
        wanted = cache_home() / f"kernels-{self.name}-{digest.hexdigest()[:12]}"
        try:
            wanted.mkdir(parents=True, exist_ok=True)
            # Compiled code is run: none that another user could have put there.
            facts = wanted.stat()
            own = not hasattr(os, "getuid") or (facts.st_uid == os.getuid() and not facts.st_mode & 0o002)
        except OSError:
            return None
        return wanted if own and os.access(wanted, os.W_OK) else None

    def entry(self, function: Callable[..., Any], text: str = "", *, keep: bool = True) -> Any:
        """Compile a pure function of numbers and arrays that Python calls; it is kept on disk.

        Args:
            function: as written; ``.py_func`` of the result is it again.
            text: source that is in no file of the group, for functions that are put together by a program.
            keep: False where not all of its source can be watched, so that nothing is kept.
        """
        made = _compile(function)
        if keep and isinstance(made, CPUDispatcher):
            made._cache = _Store(self, function, text)
        return made

    def kernel(self, function: Callable[..., Any]) -> Any:
        """Compile a function that only other kernels call."""
        return _compile(function, no_cpython_wrapper=True, no_cfunc_wrapper=True)

    def inlined(self, function: Callable[..., Any]) -> Any:
        """As :meth:`kernel`, but always made part of its callers: for what runs once per entity, interval or week."""
        return _compile(function, no_cpython_wrapper=True, no_cfunc_wrapper=True, forceinline=True)

    def woven(self, function: Callable[..., Any]) -> Any:
        """As :meth:`inlined`, but before types are known: for what has one caller, so that it is compiled once only."""
        return _compile(function, no_cpython_wrapper=True, no_cfunc_wrapper=True, inline="always")


def _compile(function: Callable[..., Any], **options: Any) -> Any:
    return nb.njit(nogil=True, error_model="numpy", _nrt=False, **options)(function)


class _Store(_Cache):  # type: ignore[misc]
    """Compiled forms of one function: one file for each signature and processor, headed by a digest of the rest."""

    def __init__(self, group: Kernels, function: Callable[..., Any], text: str) -> None:
        if function.__closure__:
            raise TypeError(f"{function.__qualname__} closes over variables; a kernel takes what it needs as arguments")
        self._group, self._name = group, function.__name__
        code = function.__code__
        own = Path(code.co_filename)
        parts = (
            text.encode(),
            own.read_bytes() if own.exists() else b"",
            code.co_code,
            str(code.co_firstlineno).encode(),
        )
        self._key = hashlib.sha256()
        for part in parts:
            self._key.update(hashlib.sha256(part).digest())
        self._enabled = True

    @property
    def cache_path(self) -> str | None:
        return str(self._group.folder) if self._group.folder else None

    def enable(self) -> None:
        self._enabled = True

    def disable(self) -> None:
        self._enabled = False

    def flush(self) -> None:
        if self._group.folder:
            for path in self._group.folder.glob(f"{self._name}-*.kernel"):
                path.unlink(missing_ok=True)

    def _file(self, signature: Any, codegen: Any) -> Path | None:
        if not self._enabled or self._group.folder is None:
            return None
        key = self._key.copy()
        key.update(repr((signature, codegen.magic_tuple())).encode())
        return self._group.folder / f"{self._name}-{key.hexdigest()[:20]}.kernel"

    def load_overload(self, sig: Any, target_context: Any) -> CompileResult | None:
        """The compiled form, or None where there is none that can be used."""
        target_context.refresh()
        path = self._file(sig, target_context.codegen())
        if path is None:
            return None
        try:
            content = path.read_bytes()
            body = content[_DIGEST_BYTES:]
            if hashlib.sha256(body).digest() != content[:_DIGEST_BYTES]:
                return None
            return CompileResult._rebuild(target_context, *pickle.loads(body))
        except Exception:  # whatever is wrong with a kept file, compiling anew cures it
            return None

    def save_overload(self, sig: Any, cres: CompileResult) -> None:
        """Keep a compiled form, whole or not at all; where that fails, it is compiled again next time."""
        path = self._file(sig, cres.codegen)
        if path is None or cres.library.has_dynamic_globals:
            return
        body = dumps(cres._reduce())
        try:
            descriptor, part = tempfile.mkstemp(dir=path.parent, prefix=".part-")
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(hashlib.sha256(body).digest() + body)
                os.replace(part, path)
            except BaseException:
                os.unlink(part)
                raise
        except OSError:
            return
