"""The folder of a run: one file per finished chunk, and a journal that says which chunks are whole.

A chunk file is written whole, then the journal, whole; a kill between the two loses that one chunk. The journal holds
the hash of every chunk file, so that a damaged one is found and made again rather than used.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from borderlab import __version__
from borderlab.base.identity import code_hash
from borderlab.base.problems import InputError, Problem
from borderlab.base.safefile import whole_file
from borderlab.explore.running.arrays import file_hash, read_arrays, write_arrays
from borderlab.explore.running.plan import Plan

JOURNAL = "journal.json"
_FORMAT = 1
_OWN = {JOURNAL, "chunks", "tables", "results.json", "report.html", "results.nc", ".lock"}


@dataclass
class Store:
    """A run's folder. Make one with :meth:`create` or :meth:`open`.

    ``other_version`` names the version that made it, where that is not this one: it can be read, not gone on with.
    """

    folder: Path
    plan: Plan
    done: dict[int, str] = field(default_factory=dict)
    damaged: list[int] = field(default_factory=list)
    other_version: str | None = None

    @classmethod
    def create(cls, folder: str | Path, plan: Plan) -> Store:
        """Start a run in an empty or new folder; one that holds the same run is opened instead.

        Raises:
            InputError: the folder holds other files or another run, or cannot be written.
        """
        folder = Path(folder)
        if (folder / JOURNAL).exists():
            store = cls.open(folder)
            if store.plan.hash != plan.hash:
                raise InputError(
                    Problem(
                        f"holds another run ({store.plan.hash}); this one is {plan.hash}.",
                        str(folder),
                        cure="Name another folder with --out, or go on with that run: borderlab compare --resume "
                        f"{folder}",
                    )
                )
            return store
        _check_free(folder)
        store = cls(folder, plan)
        store._write_journal()
        return store

    @classmethod
    def open(cls, folder: str | Path, *, to_read: bool = False) -> Store:
        """Open a run, finished or not, and check every chunk it says it has.

        Args:
            to_read: a finished run by another version will do: nothing is run any more.

        Raises:
            InputError: no such folder, no journal, a journal that cannot be read, or a run by another version.
        """
        folder = Path(folder)
        journal = _read_journal(folder)
        plan = Plan(journal["worker"], journal["inputs"], journal["futures"], journal["chunk"], journal.get("apart"))
        whole = len(journal["done"]) == plan.chunks
        other = None
        if journal["code"] != code_hash():
            other = f"{journal['borderlab']} ({journal['code'][:12]})"
        if other and not (to_read and whole):
            raise InputError(
                Problem(
                    f"was begun by another version of borderlab ({journal['borderlab']}, code {journal['code'][:12]}); "
                    f"this is {__version__}, code {code_hash()[:12]}. Mixing the two would mix two models.",
                    str(folder),
                    cure="Finish it with that version, or begin anew in another folder.",
                )
            )
        store = cls(folder, plan, other_version=other)
        for key, digest in journal["done"].items():
            number = int(key)
            if number >= plan.chunks:
                continue
            path = store.chunk_path(number)
            if path.exists() and file_hash(path) == digest:
                store.done[number] = digest
            else:
                store.damaged.append(number)
        if other and store.damaged:
            raise InputError(
                Problem(
                    "has damaged chunks that only the version that made it could make again.",
                    str(folder),
                    cure="Run the comparison anew.",
                )
            )
        return store

    def chunk_path(self, number: int) -> Path:
        """Where the file of a chunk is."""
        return self.folder / "chunks" / f"{number:05d}.npz"

    @property
    def hash(self) -> str:
        """The hash of the run, as the version that made it wrote it down."""
        return str(_read_journal(self.folder)["hash"]) if self.other_version else self.plan.hash

    @property
    def missing(self) -> list[int]:
        """The chunks still to do."""
        return [number for number in range(self.plan.chunks) if number not in self.done]

    @property
    def finished(self) -> bool:
        """Are all chunks there?"""
        return not self.missing

    def put(self, number: int, arrays: Mapping[str, np.ndarray]) -> None:
        """Keep a chunk. If this returns, a kill cannot lose it."""
        self.done[number] = write_arrays(self.chunk_path(number), arrays)
        self._write_journal()

    def chunks(self) -> Iterator[dict[str, np.ndarray]]:
        """The chunks in order, one at a time."""
        for number in range(self.plan.chunks):
            yield read_arrays(self.chunk_path(number))

    def spans(self) -> Iterator[list[dict[str, np.ndarray]]]:
        """The chunks that cover the same futures, together, in order of futures."""
        chunks = self.chunks()
        while together := list(islice(chunks, self.plan.pieces)):
            yield together

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes from writing to the folder; the lock goes when the process does."""
        try:
            import fcntl
        except ModuleNotFoundError:  # no such lock on Windows
            yield
            return
        try:
            handle = os.open(self.folder / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise InputError(Problem(f"cannot be written: {error.strerror or error}.", str(self.folder))) from None
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise InputError(
                    Problem(
                        "another borderlab is writing to this folder.",
                        str(self.folder),
                        cure="Wait for it to end, or name another folder with --out.",
                    )
                ) from None
            self._sweep()
            yield
        finally:
            os.close(handle)

    def _sweep(self) -> None:
        """Remove what a killed process had half written."""
        for part in [*self.folder.glob(f".{JOURNAL}.*.part"), *self.folder.glob("chunks/.*.npz.*.part")]:
            part.unlink(missing_ok=True)

    def _write_journal(self) -> None:
        journal = {
            "format": _FORMAT,
            "borderlab": __version__,
            "code": code_hash(),
            "hash": self.plan.hash,
            "worker": self.plan.worker,
            "inputs": self.plan.inputs,
            "futures": self.plan.futures,
            "chunk": self.plan.chunk,
            "apart": self.plan.apart,
            "done": {str(number): self.done[number] for number in sorted(self.done)},
        }
        with whole_file(self.folder / JOURNAL) as part:
            part.write_text(json.dumps(journal, ensure_ascii=False, indent=1), encoding="utf-8")


def _check_free(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise InputError(Problem("is a file; a folder is needed.", str(folder)))
    if folder.is_dir() and any(entry.name not in _OWN for entry in folder.iterdir()):
        raise InputError(
            Problem("the folder holds other files.", str(folder), cure="Name an empty or new folder with --out.")
        )


_KINDS = {"borderlab": str, "code": str, "worker": str, "hash": str, "inputs": dict, "futures": int, "chunk": int}


def _check_journal(journal: dict[str, Any]) -> None:
    """Raise ValueError or KeyError where a journal is not what :meth:`Store._write_journal` writes."""
    for key, kind in _KINDS.items():
        if not isinstance(journal[key], kind):
            raise ValueError(f"{key} is {journal[key]!r}")
    for key in ("futures", "chunk"):
        if journal[key] < 1:
            raise ValueError(f"{key} is {journal[key]}")
    if journal.get("apart") not in (None, *journal["inputs"]):
        raise ValueError(f"apart is {journal['apart']!r}")
    if not all(key.isdecimal() and isinstance(digest, str) for key, digest in journal["done"].items()):
        raise ValueError("done holds something else than chunks")


def _read_journal(folder: Path) -> dict[str, Any]:
    path = folder / JOURNAL
    if not folder.is_dir():
        raise InputError(Problem("there is no such folder.", str(folder)))
    if not path.exists():
        raise InputError(
            Problem(
                f"is not the folder of a run: it has no {JOURNAL}.",
                str(folder),
                cure="Name the folder that `borderlab compare` wrote.",
            )
        )
    try:
        journal = json.loads(path.read_text(encoding="utf-8"))
        known = journal["format"] == _FORMAT
        _check_journal(journal)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(
            Problem(f"the journal cannot be read ({error}).", str(path), cure="Begin anew in another folder.")
        ) from None
    if not known:
        raise InputError(
            Problem(
                f"the journal has format {journal['format']}; this version reads {_FORMAT}.",
                str(path),
                cure="Finish it with the version that began it, or begin anew.",
            )
        )
    return journal
