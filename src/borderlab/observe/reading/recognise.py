"""Which public file is this? Told by its headings, never by its name."""

from __future__ import annotations

import csv
import re
from collections import Counter
from dataclasses import dataclass

from borderlab.base.problems import Problem
from borderlab.observe.reading.layout import columns_of, datasets, fold
from borderlab.observe.reading.rawfile import Head, InputError, fault

FEED = "cbp-waits"
FEED_AS_JSON = "The feed as JSON is at https://bwt.cbp.gov/api/waittimes; 'borderlab data fetch cbp-waits' gets it."
MOST_COLUMNS = 120
MOST_ABOVE = 60  # lines with a title, a date or notes above the headings
_DELIMITERS = ",;\t|"
_ROOT = re.compile(r"<(?![?!])([A-Za-z_][\w.:-]*)")


@dataclass(frozen=True)
class Recognised:
    """A file's kind.

    Attributes:
        dataset: id of the data set.
        form: ``table``, or ``json`` or ``xml`` (the live feed of the wait times).
        delimiter: between cells of a table.
        headings: as they stand in the file.
        columns: our name for each heading, None for one that is read past.
        above: lines of the file above the headings.
    """

    dataset: str
    form: str
    delimiter: str = ","
    headings: tuple[str, ...] = ()
    columns: tuple[str | None, ...] = ()
    above: int = 0


def recognise(head: Head) -> Recognised:
    """Say which data set a file belongs to.

    Raises:
        InputError: no data set has such columns; the message names the nearest one and what is missing.
    """
    if head.kind == "json":
        return _feed(head)
    if head.kind == "xml":
        return _xml(head)
    lines = head.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    best: tuple[int, int, str] | None = None  # headings that fit, minus the line, the data set
    for number, line in enumerate(lines[:MOST_ABOVE]):
        delimiter, headings = _split(line)
        named = [heading for heading in headings if heading.strip()]
        if not 3 <= len(named) <= MOST_COLUMNS:
            continue
        folded = [fold(heading) for heading in headings]
        dataset, fits = _nearest(folded)
        if dataset is None:
            continue
        if not _lacking(dataset, folded):
            # R writes row names without a heading over them: rows then have a cell more.
            following = next((row for row in lines[number + 1 :] if row.strip()), "")
            if len(_cells(following, delimiter)) == len(headings) + 1:
                headings, folded = ("", *headings), ["", *folded]
            return Recognised(dataset, "table", delimiter, headings, _assign(head, dataset, folded, number), number)
        if best is None or (fits, -number) > best[:2]:
            best = (fits, -number, dataset)
    raise _unknown(head, lines, best)


def _unknown(head: Head, lines: list[str], best: tuple[int, int, str] | None) -> InputError:
    first = next((line for line in lines if line.strip()), "")
    if best is None:
        return fault(
            head.path,
            f"is none of the known public files (first line: '{_short(first)}').",
            f"Known: {', '.join(datasets())}. Above the rows must stand the published headings.",
        )
    fits, place, dataset = best
    _, headings = _split(lines[-place])
    folded = [fold(heading) for heading in headings]
    lacking = _lacking(dataset, folded)
    yearly = {"date", "month"} & {name for name, _ in lacking} and any(
        "year" in name or name == "fy" for name in folded
    )
    names = ", ".join(repr(published) for _, published in lacking)
    if yearly:
        return fault(
            head.path,
            f"looks like {dataset}, but by year: it has no column {names}.",
            "Monthly figures are needed; a year's total is not spread over its months.",
            1 - place,
        )
    return fault(
        head.path,
        f"looks like {dataset} ({fits} headings fit) but has no column {names}.",
        "Use the file as published, with all its columns.",
        1 - place,
    )


def _split(line: str) -> tuple[str, tuple[str, ...]]:
    counts = Counter(letter for letter in line if letter in _DELIMITERS)
    delimiter = counts.most_common(1)[0][0] if counts else ","
    return delimiter, _cells(line, delimiter)


def _cells(line: str, delimiter: str) -> tuple[str, ...]:
    try:
        return tuple(next(csv.reader([line], delimiter=delimiter), []))
    except csv.Error:
        return ()


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


def _lacking(dataset: str, folded: list[str]) -> list[tuple[str, str]]:
    """The needed columns that are not there: our name and the published one."""
    there = set(folded)
    return [
        (column.column, column.names.split("|")[0])
        for column in columns_of(dataset)
        if column.need == "yes" and not column.headings & there
    ]


def _assign(head: Head, dataset: str, folded: list[str], above: int) -> tuple[str | None, ...]:
    """Our name for each heading; of several headings for one column the one that the table names first."""
    twice = [heading for heading, times in Counter(folded).items() if times > 1 and heading]
    taken: list[str | None] = [None] * len(folded)
    for column in columns_of(dataset):
        if column.need == "note":
            continue
        for heading in column.ordered_headings:
            if heading in folded:
                if heading in twice:
                    raise fault(
                        head.path, f"has the column '{heading}' twice.", "Use the file as published.", above + 1
                    )
                place = folded.index(heading)
                if taken[place] is None:
                    taken[place] = column.column
                    break
    return tuple(taken)


def _feed(head: Head) -> Recognised:
    if '"port_number"' not in head.text or "_lanes" not in head.text:
        raise InputError(
            Problem(
                "is JSON, but not CBP's feed of border wait times.",
                head.path,
                cure="The feed is a list of ports with 'port_number' and lanes; other data sets are taken as CSV.",
            )
        )
    return Recognised(FEED, "json")


def _xml(head: Head) -> Recognised:
    """The feed as XML, which is how most archives keep it; other XML is named."""
    root = (match[1] if (match := _ROOT.search(head.text)) else "?").casefold()
    if root == "border_wait_time" or ("<port_number>" in head.text and "_lanes>" in head.text):
        return Recognised(FEED, "xml")
    if root in ("rss", "feed", "rdf:rdf"):
        waits = re.search(r"border wait|wait time|tiempos? de espera", head.text, re.IGNORECASE)
        what = "the wait-time feed as RSS" if waits else "a news feed (RSS)"
        raise fault(head.path, f"is {what}: sentences for people, no table.", FEED_AS_JSON if waits else None)
    if root.startswith("iati-"):
        raise fault(
            head.path,
            "is IATI, records of aid activities, which no series is read from.",
            f"Known: {', '.join(datasets())}.",
        )
    raise fault(head.path, f"is XML (<{_short(root)}>), none of the known files.", f"Known: {', '.join(datasets())}.")


def _short(line: str) -> str:
    text = "".join(letter if letter.isprintable() else "·" for letter in line[:60])
    return text + ("…" if len(line) > 60 else "")
