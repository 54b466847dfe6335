"""Monthly entries as BTS publishes them, read from a file in any of its vintages."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from borderlab.base.problems import InputError, Problem, nearest
from borderlab.crossings.border.places import ports
from borderlab.crossings.border.volumes import Key
from borderlab.crossings.fitting.csv_file import Faults, columns, read_header, read_text, records
from borderlab.language.number import NumberError, read_number, split_number

MEASURES = {"Trucks": "truck", "Personal Vehicles": "vehicle", "Pedestrians": "pedestrian"}
OTHER_MEASURES = (
    "Buses", "Bus Passengers", "Personal Vehicle Passengers", "Trains", "Train Passengers", "Rail Containers Empty",
    "Rail Containers Loaded", "Rail Containers Full", "Truck Containers Empty", "Truck Containers Loaded",
    "Truck Containers Full",
)  # fmt: skip
_NAMES = {
    "port_code": ("port_code", "Port Code"),
    "month": ("month", "Date"),
    "measure": ("measure", "Measure"),
    "value": ("value", "Value"),
}
_FORMATS = ("%Y-%m", "%b %Y", "%Y-%m-%d", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%y %H:%M", "%m/%d/%Y %H:%M", "%b-%y", "%y-%b",
            "%Y-%m-%dT%H:%M:%S.%f", "%m/%d/%Y")  # fmt: skip
# The published file itself repeats these rows; they are taken once and reported. Any other repeated row is a fault.
KNOWN_REPEATS = {("2302", (2019, 6)), ("2310", (2019, 6)), ("2408", (2019, 6)), ("2606", (2021, 2))}
# Measured faults of the published file: the month is there but cannot be right.
_FAULTY = {("2506", "truck", (2021, 11)), ("2303", "pedestrian", (2018, 10)), ("2303", "pedestrian", (2018, 12))}


@dataclass(frozen=True)
class Counts:
    """Entries by (port, mode) and (year, month), with what was left out."""

    months: dict[tuple[str, str], dict[Key, float]]
    dropped: dict[str, int] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    rows: int = 0

    def merged(self, other: Counts) -> Counts:
        """Both together; where both have a month, ``other`` wins."""
        months = {key: dict(values) for key, values in self.months.items()}
        for key, values in other.months.items():
            months.setdefault(key, {}).update(values)
        dropped = dict(self.dropped)
        for why, number in other.dropped.items():
            dropped[why] = dropped.get(why, 0) + number
        return Counts(months, dropped, self.files + other.files, self.rows + other.rows)


def read_month(text: str) -> Key | None:
    """Year and month of a date in any form that BTS has used; None if it is none of them.

    >>> read_month("Jan 2024"), read_month("03/01/2019 12:00:00 AM"), read_month("19-Mar")
    ((2024, 1), (2019, 3), (2019, 3))
    """
    for form in _FORMATS:
        try:
            moment = datetime.strptime(text.strip(), form)
        except ValueError:
            continue
        return moment.year, moment.month
    return None


def read_counts(paths: str | Path | list[str] | list[Path]) -> Counts:
    """Read one or more BTS border-crossing files; rows of other borders and measures are passed over.

    Raises:
        InputError: every fault of every file by line.
    """
    if isinstance(paths, str | Path):
        paths = [Path(paths)]
    problems: list[Problem] = []
    total = Counts({})
    for path in paths:
        try:
            total = total.merged(_read_one(Path(path)))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    return total


def _read_one(path: Path) -> Counts:
    text = read_text(path)
    faults = Faults(path)
    header = read_header(text)
    spelled = {name: next((word for word in words if word in header), words[0]) for name, words in _NAMES.items()}
    place = columns(header, tuple(spelled.values()), faults)
    faults.raise_if_any()
    at = {name: place[word] for name, word in spelled.items()}
    border = place.get("border", place.get("Border", -1))
    months: dict[tuple[str, str], dict[Key, float]] = {}
    dropped: dict[str, int] = {}
    seen: dict[tuple[str, str, Key], int] = {}
    forms: dict[str, Key | None] = {}
    rows = 0
    for line, row in records(text, header, faults):
        rows += 1
        if border >= 0 and "mexic" not in row[border].casefold():
            dropped["another border"] = dropped.get("another border", 0) + 1
            continue
        port = row[at["port_code"]].strip().zfill(4)
        measure = row[at["measure"]].strip()
        stamp = row[at["month"]].strip()
        if stamp not in forms:
            forms[stamp] = read_month(stamp)
        key = forms[stamp]
        value = _value(row[at["value"]], line, faults)
        if not re.fullmatch(r"\d{4}", port):
            faults.add(f"port_code is '{port[:20]}', not four digits.", line=line)
        if measure not in MEASURES and measure not in OTHER_MEASURES:
            faults.add(
                f"there is no measure '{measure[:40]}'.", line=line,
                did_you_mean=nearest(measure, (*MEASURES, *OTHER_MEASURES)),
            )  # fmt: skip
        if key is None:
            faults.add(f"'{stamp[:40]}' is not a month.", line=line, cure="Write it as 2024-07 or Jul 2024.")
        if key is None or value is None:
            continue
        if (port, measure, key) in seen:
            if (port, key) in KNOWN_REPEATS:
                dropped["repeated in the published file"] = dropped.get("repeated in the published file", 0) + 1
                continue
            faults.add(
                f"the row repeats line {seen[port, measure, key]}: same port, measure and month.",
                line=line, cure="Remove one.",
            )  # fmt: skip
            continue
        seen[port, measure, key] = line
        mode = MEASURES.get(measure)
        if mode is None:
            continue
        if port not in ports():
            dropped["a port that no table knows"] = dropped.get("a port that no table knows", 0) + 1
        elif (port, mode, key) in _FAULTY:
            dropped["known fault of the published file"] = dropped.get("known fault of the published file", 0) + 1
        else:
            months.setdefault((port, mode), {})[key] = value
    if not rows and not faults.problems:
        faults.add("the file has a header but no rows.", line=1)
    faults.raise_if_any()
    if not months:
        raise InputError(Problem("the file has no entries of the Mexican border.", str(path)))
    return Counts(months, dict(sorted(dropped.items())), (str(path),), rows)


def _value(text: str, line: int, faults: Faults) -> float | None:
    text = text.strip()
    found = (text, "") if text.isdecimal() else split_number(text)
    try:
        value = read_number(found[0], counted=True) if found and not found[1] else -1.0
    except NumberError as error:
        faults.add(f"value '{text[:40]}' {error}.", line=line, cure="Write it without marks between digits.")
        return None
    if not 0 <= value < 1e9:
        faults.add(f"value is '{text[:40]}', not a number of 0 or more.", line=line)
        return None
    return value
