"""A user's own table of runs, read from CSV for scenario discovery."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from borderlab.base.inputfile import read_text
from borderlab.base.problems import InputError, Problem, ProblemList, nearest
from borderlab.explore.discovery.variables import Variables

_WHOLE = re.compile(r"[+-]?\d{1,15}")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+([eE][+-]?\d+)?")
_TRUE, _FALSE = {"1", "1.0", "true", "yes"}, {"0", "0.0", "false", "no"}
_MOST_PROBLEMS = 20
_MOST_BYTES = 400_000_000
_MOST_COLUMNS = 20_000
_MOST_CATEGORIES = 50


@dataclass(frozen=True)
class RunsTable:
    """Runs with the columns to search over and the outcome.

    Attributes:
        variables: the columns that may be restricted. hits: [rows] bool, the runs of interest.
        constant: columns that were named but hold one value only, so that no box can restrict them.
    """

    variables: Variables
    hits: np.ndarray
    constant: tuple[str, ...]


def read_runs(path: str | Path, outcome: str, over: Sequence[str]) -> RunsTable:
    """Read a CSV file of runs.

    Columns of whole numbers, of numbers, and of words (categories) are told apart by what they hold. The outcome
    holds 0 and 1, or true and false.

    Raises:
        InputError: with every fault found: no such file or column, an empty or mixed cell, an outcome that is not
            yes or no, no hits or nothing but hits.
    """
    path = Path(path)
    header, records = _read(path)
    problems = ProblemList(path)
    wanted = _columns(header, outcome, over, problems)
    problems.raise_if_any()
    cells = {name: [record[1][header.index(name)].strip() for record in records] for name in wanted}
    lines = [record[0] for record in records]
    for name in wanted:
        for line, cell in zip(lines, cells[name], strict=True):
            if not cell:
                problems.add(f"column '{name}' is empty.", line=line, cure="Give a value or leave the run out.")
            if len(problems.problems) >= _MOST_PROBLEMS:
                problems.raise_if_any()
    problems.raise_if_any()
    return _table(outcome, cells, lines, problems, str(path))


def _table(
    outcome: str, cells: Mapping[str, list[str]], lines: list[int], problems: ProblemList, place: str
) -> RunsTable:
    hits = _outcome(outcome, cells[outcome], lines, problems)
    columns = {name: _column(name, cells[name], lines, problems) for name in cells if name != outcome}
    problems.raise_if_any()
    variables = Variables.of(columns)
    if not variables.names:
        raise InputError(
            Problem("every column after --over holds a single value; no box can tell the runs apart.", place)
        )
    return RunsTable(variables, hits, tuple(name for name in columns if name not in variables.names))


def runs_of(columns: Mapping[str, np.ndarray], outcome: str, over: Sequence[str]) -> RunsTable:
    """Runs from columns that are in memory already: numbers, whole numbers or words.

    Raises:
        InputError: with every fault found, as :func:`read_runs` has them.
    """
    problems = ProblemList("the table of runs")
    wanted = _columns([*columns], outcome, over, problems)
    problems.raise_if_any()
    cells = {name: ["" if one is None or one != one else str(one) for one in columns[name]] for name in wanted}
    lines = [*range(1, len(next(iter(cells.values()))) + 1)]
    for name in wanted:
        gone = [line for line, cell in zip(lines, cells[name], strict=True) if not cell]
        for line in gone[:_MOST_PROBLEMS]:
            problems.add(f"column '{name}' is empty.", line=line, cure="Give a value or leave the run out.")
    problems.raise_if_any()
    return _table(outcome, cells, lines, problems, "the table of runs")


def column_names(text: str) -> list[str]:
    """The columns of a list split by commas; a name that holds a comma stands in double quotes.

    >>> column_names('cost, "tax, net"')
    ['cost', 'tax, net']
    """
    rows = list(csv.reader([text], skipinitialspace=True))
    return [name for name in (cell.strip() for row in rows for cell in row) if name]


def _read(path: Path) -> tuple[list[str], list[tuple[int, list[str]]]]:
    text = read_text(path, most=_MOST_BYTES)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=text.partition("\n")[0].count))
    try:
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise InputError(Problem(f"cannot be read: {error}.", str(path), reader.line_num)) from None
    if len(rows) < 2:
        raise InputError(Problem("holds no runs; a header line and at least one run are needed.", str(path)))
    header = [cell.strip() for cell in rows[0][1]]
    if len(header) > _MOST_COLUMNS:
        cause = f"the header has {len(header):,} columns; at most {_MOST_COLUMNS:,} are read."
        raise InputError(Problem(cause, str(path), rows[0][0]))
    problems = ProblemList(path)
    for line, row in rows[1:]:
        if len(row) != len(header):
            problems.add(f"the row has {len(row)} cells; the header has {len(header)}.", line=line)
        if len(problems.problems) >= _MOST_PROBLEMS:
            break
    for name in sorted(name for name, times in Counter(header).items() if name and times > 1):
        problems.add(f"column '{name}' stands twice in the header.", line=rows[0][0])
    problems.raise_if_any()
    return header, rows[1:]


def _columns(header: list[str], outcome: str, over: Sequence[str], problems: ProblemList) -> list[str]:
    wanted = [outcome, *over]
    for name in dict.fromkeys(wanted):
        if name not in header:
            known = ", ".join(header[:12]) + (" …" if len(header) > 12 else "")
            problems.add(
                f"there is no column '{name}'.", line=1, did_you_mean=nearest(name, header), cure=f"Columns: {known}."
            )
    if outcome in over:
        problems.add(f"'{outcome}' is the outcome and cannot also be a column to search over.", line=1)
    if not over:
        problems.add("no columns to search over.", line=1, cure="Name them after --over, split by commas.")
    for name in sorted(name for name, times in Counter(over).items() if times > 1):
        problems.add(f"column '{name}' is named twice after --over.", line=1)
    return wanted


def _outcome(name: str, cells: list[str], lines: list[int], problems: ProblemList) -> np.ndarray:
    hits = np.zeros(len(cells), dtype=bool)
    for row, (line, cell) in enumerate(zip(lines, cells, strict=True)):
        word = cell.casefold()
        if word not in _TRUE | _FALSE:
            problems.add(
                f"the outcome '{name}' is '{cell}'.",
                line=line,
                cure="It must be 0 or 1 (or true or false): 1 marks a run of interest.",
            )
            if len(problems.problems) >= 3:
                break
        hits[row] = word in _TRUE
    if not problems.problems and hits.all():
        problems.add(f"the outcome '{name}' is 1 in every run, so nothing needs explaining.")
    if not problems.problems and not hits.any():
        problems.add(f"the outcome '{name}' is 0 in every run: there are no runs of interest to find.")
    return hits


def _column(name: str, cells: list[str], lines: list[int], problems: ProblemList) -> np.ndarray:
    if all(_WHOLE.fullmatch(cell) for cell in cells):
        return np.array([int(cell) for cell in cells], dtype=np.int64)
    numbers = [_number(cell) for cell in cells]
    bad = [row for row, value in enumerate(numbers) if value is None]
    if not bad:
        array = np.array(numbers, dtype=float)
        for row in np.flatnonzero(~np.isfinite(array))[:3]:
            problems.add(f"column '{name}' is {cells[row]}.", line=lines[row], cure="Only finite numbers can be used.")
        return array
    if all(_DECIMAL_COMMA.fullmatch(cells[row]) for row in bad):
        problems.add(
            f"column '{name}' writes numbers with a comma, like '{cells[bad[0]]}'.",
            line=lines[bad[0]],
            cure="Write them with a decimal point.",
        )
    elif len(bad) * 2 < len(cells):
        for row in bad[:3]:
            problems.add(f"column '{name}' holds numbers, but here '{cells[row]}'.", line=lines[row])
    elif len(set(cells)) > _MOST_CATEGORIES:
        problems.add(
            f"column '{name}' holds {len(set(cells))} different words.",
            cure=f"A column of categories may have at most {_MOST_CATEGORIES}.",
        )
    return np.array(cells)


def _number(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None
