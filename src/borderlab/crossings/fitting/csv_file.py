"""Public CSV files read strictly: packed or not, UTF-8, known columns, every fault with its line."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from borderlab.base.inputfile import decoded, read_bytes
from borderlab.base.problems import InputError, Problem, ProblemList, nearest

MAX_BYTES = 400_000_000
MAX_COLUMNS = 5_000
MAX_PROBLEMS = 25


class Faults(ProblemList):
    """Problems of one file; after :data:`MAX_PROBLEMS` the rest are only counted."""

    def __init__(self, file: str | Path) -> None:
        super().__init__(file)
        self.more = 0

    def add(
        self, cause: str, *, line: int | None = None, cure: str | None = None, did_you_mean: str | None = None
    ) -> None:
        """Note one problem."""
        if len(self.problems) < MAX_PROBLEMS:
            super().add(cause, line=line, cure=cure, did_you_mean=did_you_mean)
        else:
            self.more += 1

    def raise_if_any(self) -> None:
        """Raise everything found so far as one error."""
        if self.more:
            self.problems.append(Problem(f"and {self.more} more faults like these.", self.file, 1_000_000_000))
            ordered = sorted(self.problems, key=lambda problem: problem.line or 0)
            raise InputError([*ordered[:-1], Problem(ordered[-1].cause, self.file)])
        super().raise_if_any()


def read_text(path: str | Path) -> str:
    """The text of a CSV file, unpacked if it is gzip.

    Raises:
        InputError: missing, too large, a broken or cut-off gzip file, not UTF-8, or empty.
    """
    path = Path(path)
    name = str(path)
    raw = read_bytes(path, most=MAX_BYTES)
    if raw[:2] == b"\x1f\x8b":
        try:
            with gzip.GzipFile(fileobj=io.BytesIO(raw)) as packed:
                raw = packed.read(MAX_BYTES + 1)
        except (OSError, EOFError, zlib.error) as error:
            reason = "it is cut off" if isinstance(error, EOFError) else str(error)
            raise InputError(Problem(f"the gzip file is broken: {reason}.", name, cure="Fetch it again.")) from None
        if len(raw) > MAX_BYTES:
            raise InputError(Problem("the unpacked file is larger than 400 MB.", name))
    text = decoded(raw, path)
    if "\x00" in text:
        raise InputError(Problem("the file holds zero bytes; it is not a CSV text.", name))
    if not text.strip():
        raise InputError(Problem("the file is empty.", name))
    if "\r" in text:  # line ends of other systems, the old Macintosh's too
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    _check_columns(text, name)
    return text


def _check_columns(text: str, name: str) -> None:
    wide = text[: text.find("\n") if "\n" in text else None].count(",") + 1
    if wide > MAX_COLUMNS:
        cause = f"the header has {wide:,} columns; at most {MAX_COLUMNS:,} are read."
        raise InputError(Problem(cause, name, 1, "Is it the right file?"))


def read_header(text: str) -> list[str]:
    """The column names of a CSV text; none where its first line cannot be read, which :func:`records` tells."""
    try:
        return [cell.strip() for cell in next(csv.reader(io.StringIO(text)), [])]
    except csv.Error:
        return []


def records(text: str, header: Sequence[str], faults: Faults) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line each begins at; a row with another number of cells is noted as a fault and left out."""
    reader = csv.reader(io.StringIO(text), strict=True)
    line = 0
    try:
        for row in reader:
            begins, line = line + 1, reader.line_num
            if begins == 1 or not row:
                continue
            if len(row) != len(header):
                faults.add(f"the row has {len(row)} cells; the header has {len(header)}.", line=begins)
                continue
            yield begins, row
    except csv.Error as error:
        faults.add(f"not readable as CSV: {error}.", line=line + 1)


def columns(header: Sequence[str], required: Sequence[str], faults: Faults) -> dict[str, int]:
    """Where each required column stands; a missing one is a fault that names the nearest column of the file."""
    place = {name: index for index, name in enumerate(header)}
    for name in required:
        if name not in place:
            near = nearest(name, [other for other in header if other and other not in required])
            found = f" The nearest in the file is '{near}'." if near else ""
            faults.add(
                f"there is no column '{name}'.{found}",
                line=1,
                cure=f"The columns needed are {', '.join(required)}.",
            )
    for name in header:
        if header.count(name) > 1 and name in required:
            faults.add(f"the column '{name}' stands twice.", line=1)
    return place
