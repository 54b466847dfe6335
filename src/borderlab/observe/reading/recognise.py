"""Which public file is this? Told by its headings, never by its name."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass

from borderlab.base.problems import Problem
from borderlab.observe.reading.layout import columns_of, datasets, fold
from borderlab.observe.reading.rawfile import Head, InputError, fault

FEED = "cbp-waits"
MOST_COLUMNS = 120
_DELIMITERS = ",;\t|"


@dataclass(frozen=True)
class Recognised:
    """A file's kind.

    Attributes:
        dataset: id of the data set.
        form: ``table`` or ``feed`` (the live JSON of the wait times).
        delimiter: between cells of a table.
        headings: as they stand in the file.
        columns: our name for each heading, None for one that is read past.
    """

    dataset: str
    form: str
    delimiter: str = ","
    headings: tuple[str, ...] = ()
    columns: tuple[str | None, ...] = ()


def recognise(head: Head) -> Recognised:
    """Say which data set a file belongs to.

    Raises:
        InputError: no data set has such columns; the message names the nearest one and what is missing.
    """
    if head.kind == "json":
        return _feed(head)
    line = (head.text.strip().splitlines() or [""])[0]
    counts = Counter(letter for letter in line if letter in _DELIMITERS)
    delimiter = counts.most_common(1)[0][0] if counts else ","
    try:
        headings = tuple(next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error:
        headings = ()
    folded = [fold(heading) for heading in headings[:MOST_COLUMNS]]
    best, matches = _nearest(folded) if len(headings) <= MOST_COLUMNS else (None, 0)
    if best is None or len(headings) < 3:
        raise fault(
            head.path,
            f"is none of the known public files (first line: '{_short(line)}').",
            f"Known: {', '.join(datasets())}. The first line must be the published headings.",
        )
    lacking = [
        column.names.split("|")[0]
        for column in columns_of(best)
        if column.need == "yes" and not column.headings & set(folded)
    ]
    if lacking:
        raise fault(
            head.path,
            f"looks like {best} ({matches} headings fit)"
            f" but has no column {', '.join(repr(name) for name in lacking)}.",
            "Use the file as published, with all its columns.",
            1,
        )
    return Recognised(best, "table", delimiter, headings, _assign(head, best, folded))


def _nearest(folded: list[str]) -> tuple[str | None, int]:
    """The data set whose needed columns are best covered, and how many headings fit."""
    scores: list[tuple[float, int, str]] = []
    for dataset in datasets():
        columns = columns_of(dataset)
        needed = [column for column in columns if column.need == "yes"]
        found = sum(bool(column.headings & set(folded)) for column in needed)
        fit = sum(any(heading in column.headings for column in columns) for heading in folded)
        scores.append((found / len(needed), fit, dataset))
    share, fit, dataset = max(scores)
    return (dataset, fit) if share >= 0.5 else (None, 0)


def _assign(head: Head, dataset: str, folded: list[str]) -> tuple[str | None, ...]:
    taken: list[str | None] = []
    for heading in folded:
        name = next((c.column for c in columns_of(dataset) if heading in c.headings and c.need != "note"), None)
        if name is not None and name in taken:
            if dataset != FEED or name != "name":
                raise fault(head.path, f"has the column '{heading}' twice.", "Use the file as published.", 1)
            name = None  # the archive has port name and crossing name; the first is taken
        taken.append(name)
    return tuple(taken)


def _feed(head: Head) -> Recognised:
    if '"port_number"' not in head.text or "_lanes" not in head.text:
        raise InputError(
            Problem(
                "is JSON, but not CBP's feed of border wait times.",
                str(head.path),
                cure="The feed is a list of ports with 'port_number' and lanes.",
            )
        )
    return Recognised(FEED, "feed")


def _short(line: str) -> str:
    text = "".join(letter if letter.isprintable() else "·" for letter in line[:60])
    return text + ("…" if len(line) > 60 else "")
