"""The folder of a run: one file per finished chunk, and a journal that says which chunks are whole.

A chunk file is written whole, then the journal, whole; a kill between the two loses that one chunk. The journal holds
the hash of every chunk file, so that a damaged one is found and made again rather than used.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import numpy as np

from borderlab import __version__
from borderlab.base.identity import code_hash
from borderlab.base.inputfile import kind_of
from borderlab.base.lock import writing
from borderlab.base.problems import InputError, Problem
from borderlab.base.safefile import folder_in, names_in, whole_file
from borderlab.explore.running.arrays import file_hash, read_arrays, write_arrays
from borderlab.explore.running.journal import FORMAT, JOURNAL, changed_since, other_version, plan_in, read_journal
from borderlab.explore.running.plan import Plan
from borderlab.explore.running.workers import worker_of

_MOST_TOLD = 4
"""How many differences between two runs are named."""
_OWN = {JOURNAL, "chunks", "tables", "results.json", "report.html", "results.nc", ".lock"}


@dataclass
class Store:
    """A run's folder. Make one with :meth:`create` or :meth:`open`.

    ``other_version`` names the version that made it, where that is not this one: it can be read, not gone on with.
    ``begun`` says that this object began the run, and whether it made the folder too.
    """

    folder: Path
    plan: Plan
    done: dict[int, str] = field(default_factory=dict)
    damaged: list[int] = field(default_factory=list)
    other_version: str | None = None
    begun: Literal["here", "in a new folder"] | None = None

    @classmethod
    def create(cls, folder: str | Path, plan: Plan) -> Store:
        """Start a run in an empty or new folder; one that holds the same run is opened instead.

        Raises:
            InputError: the folder holds other files or another run, or cannot be written.
        """
        folder = Path(folder)
        if kind_of(folder) == "folder" and kind_of(folder / JOURNAL) != "nothing":
            store = cls.open(folder)
            if store.plan.hash != plan.hash:
                differs = "; ".join(plan.identity.differences(store.plan.identity)[:_MOST_TOLD])
                raise InputError(
                    Problem(
                        f"holds another run ({store.plan.hash}); this one is {plan.hash}. What differs: {differs}.",
                        str(folder),
                        cure="Name another folder with --out, or go on with that run: borderlab compare --resume "
                        f"{folder}",
                    )
                )
            store.plan = plan  # the same numbers, perhaps with other weights, thresholds or titles
            store._write_journal()
            return store
        _check_free(folder)
        store = cls(folder, plan, begun="in a new folder" if kind_of(folder) == "nothing" else "here")
        store._write_journal()
        return store

    @classmethod
    def open(cls, folder: str | Path, *, to_read: bool = False) -> Store:
        """Open a run, finished or not, and check every chunk it says it has.

        Args:
            to_read: a finished run by another version will do: nothing is run any more.

        Raises:
            InputError: no such folder, no journal, a journal that cannot be read, that names a worker which is none of
                ours or inputs that no comparison has, or a run by another version.
        """
        folder = Path(folder)
        journal = read_journal(folder)
        other = other_version(journal)
        if other and not (to_read and _whole(journal)):
            raise InputError(
                Problem(
                    f"was begun by another version of borderlab ({journal['borderlab'][:20]}, code "
                    f"{journal['code'][:12]}); this is {__version__}, code {code_hash()[:12]}"
                    f"{_told(changed_since(journal))}. Mixing the two would mix two models.",
                    str(folder),
                    cure="Finish it with that version, or begin anew in another folder.",
                )
            )
        plan = plan_in(journal, folder, to_run=other is None)
        store = cls(folder, plan, other_version=other)
        for key, digest in journal["done"].items():
            number = int(key)
            if number >= plan.chunks:
                continue
            if store._holds(number, digest):
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

    def _holds(self, number: int, digest: str) -> bool:
        try:
            return file_hash(self.chunk_path(number)) == digest
        except InputError:  # not there, or no file at all
            return False

    def chunk_path(self, number: int) -> Path:
        """Where the file of a chunk is."""
        return self.folder / "chunks" / f"{number:05d}.npz"

    @property
    def identity(self) -> Mapping[str, Any]:
        """What made the run, as plain values with its hash, as the version that made it wrote them down."""
        if not self.other_version:
            return self.plan.identity.as_json()
        journal = read_journal(self.folder)
        return {**journal.get("identity", {}), "hash": str(journal["hash"])}

    @property
    def hash(self) -> str:
        """The hash of the identity."""
        return str(self.identity["hash"])

    @property
    def missing(self) -> list[int]:
        """The chunks still to do."""
        return [number for number in range(self.plan.chunks) if number not in self.done]

    @property
    def finished(self) -> bool:
        """Are all chunks there?"""
        return not self.missing

    def put(self, number: int, arrays: Mapping[str, np.ndarray]) -> None:
        """Keep a chunk. If this returns, a kill cannot lose it.

        Raises:
            InputError: the arrays cannot be those of that chunk (nothing is kept then), or cannot be written.
        """
        try:
            worker_of(self.plan.worker).check(*self.plan.work(number)[1:], arrays)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(
                Problem(
                    f"the result of chunk {number} cannot be right: {error}. It was not kept.",
                    cure="See that every worker runs this version of borderlab on a sound machine.",
                )
            ) from None
        folder_in(self.folder, "chunks")
        self.done[number] = write_arrays(self.chunk_path(number), arrays)
        self._write_journal()

    def chunks(self) -> Iterator[dict[str, np.ndarray]]:
        """The chunks in order, one at a time, each checked before its arrays are used.

        Raises:
            InputError: a chunk is not what the journal makes it.
        """
        worker = worker_of(self.plan.worker)
        for number in range(self.plan.chunks):
            path, work = self.chunk_path(number), self.plan.work(number)[1:]
            try:
                arrays = read_arrays(path, partial(worker.headers, *work))
                worker.check(*work, arrays)
            except (ValueError, KeyError, TypeError) as error:
                raise InputError(
                    Problem(f"the chunk cannot be used: {error}.", str(path), cure="Run the comparison anew.")
                ) from None
            yield arrays

    def spans(self) -> Iterator[list[dict[str, np.ndarray]]]:
        """The chunks that cover the same futures, together, in order of futures."""
        chunks = self.chunks()
        while together := list(islice(chunks, self.plan.pieces)):
            yield together

    def discard(self) -> None:
        """Remove what this object has begun and what gave no result; a run that was there before is left alone."""
        if self.begun is None:
            return
        for number in range(self.plan.chunks):
            self.chunk_path(number).unlink(missing_ok=True)
        for name in (JOURNAL, ".lock"):
            (self.folder / name).unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # what is not empty holds something else
            (self.folder / "chunks").rmdir()
        if self.begun == "in a new folder":
            with contextlib.suppress(OSError):
                self.folder.rmdir()

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep other processes from writing to the folder; the lock goes when the process does."""
        cure = "Wait for it to end, or name another folder with --out."
        with writing(self.folder, Problem("another borderlab is writing to this folder.", str(self.folder), cure=cure)):
            self._sweep()
            yield

    def _sweep(self) -> None:
        """Remove what a killed process had half written."""
        for part in [*self.folder.glob(f".{JOURNAL}.*.part"), *self.folder.glob("chunks/.*.npz.*.part")]:
            part.unlink(missing_ok=True)

    def _write_journal(self) -> None:
        journal = {
            "format": FORMAT,
            "borderlab": __version__,
            "code": code_hash(),
            "hash": self.plan.hash,
            "identity": self.plan.identity.as_json(),
            "worker": self.plan.worker,
            "inputs": self.plan.inputs,
            "futures": self.plan.futures,
            "chunk": self.plan.chunk,
            "apart": self.plan.apart,
            "done": {str(number): self.done[number] for number in sorted(self.done)},
        }
        with whole_file(self.folder / JOURNAL) as part:
            part.write_text(json.dumps(journal, ensure_ascii=False, indent=1), encoding="utf-8")


def _told(differences: list[str]) -> str:
    return f" ({'; '.join(differences[:_MOST_TOLD])})" if differences else ""


def _whole(journal: Mapping[str, Any]) -> bool:
    plan = Plan("", journal["inputs"], journal["futures"], journal["chunk"], journal.get("apart"))
    return len(journal["done"]) == plan.chunks


def _check_free(folder: Path) -> None:
    if any(name not in _OWN for name in names_in(folder)):
        raise InputError(
            Problem("the folder holds other files.", str(folder), cure="Name an empty or new folder with --out.")
        )
