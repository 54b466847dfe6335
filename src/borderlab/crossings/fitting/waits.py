"""Posted waits and open lanes as CBP publishes them: read, checked, mapped to crossings, cleaned."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from borderlab.base.problems import nearest
from borderlab.crossings.border.places import LANE_CLASSES, cbp_numbers, crossings
from borderlab.crossings.fitting.csv_file import Faults, columns, read_header, read_text, records

REQUIRED = ("port_number", "lane", "obs_local", "delay_minutes", "lanes_open")
MAX_WAIT_MIN = 360
"""Posted waits above this are faults of the feed (it has shown 750)."""
MAX_BOOTHS = 30
MAX_BOOTHS_PEDESTRIAN_READY = 12
"""More open lanes than this are faults (the feed has shown 90 to 105, with minutes in the place of lanes)."""
STALE_HOURS = 6.0
"""The feed gives the hour of a reading without its date, so an old reading may belong to another day."""
_LANE_WORDS = {lane.replace("-", "_"): lane for lane in LANE_CLASSES}


@dataclass(frozen=True)
class Waits:
    """Cleaned readings. Arrays of one length N; ``lane`` indexes ``lanes``.

    Attributes:
        lanes: (crossing, lane class) pairs, sorted.
        lane: [N] int32.
        time: [N] datetime64[s], local wall-clock time of the reading.
        wait_min: [N] float64, posted wait.
        booths: [N] float64, open lanes; NaN where missing or faulty.
        dropped: rows left out, by reason.
        unknown: rows of crossings that no table knows, by number and name.
        file: where they come from; rows: rows in it.
    """

    lanes: tuple[tuple[str, str], ...]
    lane: NDArray[np.int32]
    time: NDArray[np.datetime64]
    wait_min: NDArray[np.float64]
    booths: NDArray[np.float64]
    dropped: dict[str, int] = field(default_factory=dict)
    unknown: dict[str, int] = field(default_factory=dict)
    file: str = ""
    rows: int = 0

    @property
    def hour(self) -> NDArray[np.int64]:
        """[N] hour of the day."""
        return ((self.time - self.time.astype("datetime64[D]")) // np.timedelta64(3600, "s")).astype(np.int64)

    @property
    def weekday(self) -> NDArray[np.int64]:
        """[N] day of the week, Monday 0."""
        return ((self.time.astype("datetime64[D]").astype(np.int64) + 3) % 7).astype(np.int64)

    @property
    def first(self) -> date:
        """Day of the first reading."""
        return self.time.min().astype("datetime64[D]").item()  # type: ignore[no-any-return]

    @property
    def last(self) -> date:
        """Day of the last reading."""
        return self.time.max().astype("datetime64[D]").item()  # type: ignore[no-any-return]

    def between(self, first: date | None, last: date | None) -> Waits:
        """The readings of the days from ``first`` to ``last``, both included; None leaves an end open."""
        day = self.time.astype("datetime64[D]")
        keep = np.ones(len(day), dtype=bool)
        if first is not None:
            keep &= day >= np.datetime64(first)
        if last is not None:
            keep &= day <= np.datetime64(last)
        return self.where(keep)

    def where(self, keep: NDArray[np.bool_]) -> Waits:
        """The readings that ``keep`` marks."""
        return Waits(
            self.lanes, self.lane[keep], self.time[keep], self.wait_min[keep], self.booths[keep],
            self.dropped, self.unknown, self.file, self.rows,
        )  # fmt: skip


def fold(text: str) -> str:
    """A name without accents, case, marks and common words, for comparing spellings.

    >>> fold("Laredo - World Trade Bridge") == fold("laredo world-trade")
    True
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().casefold()
    words = "".join(letter if letter.isalnum() else " " for letter in plain).split()
    skip = {"bridge", "international", "port", "of", "entry", "the", "puente", "internacional", "tx", "texas", "poe"}
    return " ".join(word for word in words if word not in skip)


@cache
def _spellings() -> dict[str, str]:
    """Folded names of crossings that have one meaning only; port and crossing name together as the feed writes them."""
    found: dict[str, set[str]] = {}
    for row in crossings():
        names = [row.name_en, row.name_es, row.id, f"{row.port_name} {row.name_en}", f"{row.port_name} {row.id}"]
        if len([other for other in crossings() if other.port == row.port]) == 1:
            names.append(row.port_name)
        for name in names:
            found.setdefault(fold(name), set()).add(row.id)
    extra = {
        "laredo i": "gateway-to-the-americas", "laredo ii": "juarez-lincoln", "laredo colombia solidarity": "colombia",
        "hidalgo pharr pharr": "pharr", "hidalgo pharr hidalgo": "hidalgo", "hidalgo pharr anzalduas": "anzalduas",
        "el paso stanton dcl": "stanton", "stanton dcl": "stanton", "pdn": "paso-del-norte", "bota": "bota",
        "el paso paso del norte pdn": "paso-del-norte", "el paso americas bota": "bota", "americas bota": "bota",
        "bota cargo facility": "bota", "el paso ysleta": "ysleta", "ysleta": "ysleta", "b m": "brownsville-bm",
        "brownsville b m": "brownsville-bm", "eagle pass i": "eagle-pass-1", "eagle pass ii": "eagle-pass-2",
        "san ysidro cross border express": "cross-border-xpress", "otay mesa passenger": "otay-mesa",
        "otay mesa commercial": "otay-mesa-commercial", "marcelino serna tornillo": "tornillo",
        "brownsville veterans": "veterans", "brownsville los indios": "los-indios", "roma": "roma",
        "brownsville gateway": "brownsville-gateway", "progreso progreso": "progreso", "progreso donna": "donna",
    }  # fmt: skip
    for name, place in extra.items():
        found[name] = {place}
    return {name: next(iter(ids)) for name, ids in found.items() if len(ids) == 1}


@cache
def crossing_of(number: str, name: str, lane: str) -> str | None:
    """The crossing of a feed row by its number, else by its name; None if neither is known.

    Otay Mesa's cargo and passenger gates stand under one name: the lane class tells them apart.
    """
    found = cbp_numbers().get(number.strip().lower()) or _spellings().get(fold(name))
    if found is None and fold(name):
        near = nearest(fold(name), _spellings())
        same_port = near is not None and any(
            row.port == number.strip()[:4] for row in crossings() if row.id == _spellings()[near]
        )
        found = _spellings()[near] if near is not None and same_port else None
    if found in ("otay-mesa", "otay-mesa-commercial"):
        return "otay-mesa-commercial" if lane.startswith("commercial") else "otay-mesa"
    return found


def read_waits(path: str | Path) -> Waits:
    """Read a wait-time file: columns ``port_number, lane, obs_local, delay_minutes, lanes_open`` and, if there,
    ``name`` and ``lag_h``; other columns are ignored. Blank waits are no reading, never 0.

    Raises:
        InputError: every fault of the file by line: columns, text in number fields, times, lane classes, repeated rows.
    """
    text = read_text(path)
    faults = Faults(path)
    header = read_header(text)
    place = columns(header, REQUIRED, faults)
    faults.raise_if_any()
    gather = _Gather(faults, place)
    for line, row in records(text, header, faults):
        gather.take(line, row)
    if not gather.rows and not faults.problems:
        faults.add("the file has a header but no rows.", line=1)
    faults.raise_if_any()
    return gather.done(str(path))


class _Gather:
    """Collects the rows of one file."""

    def __init__(self, faults: Faults, place: dict[str, int]) -> None:
        self.faults = faults
        self.place = place
        self.rows = 0
        self.seen: dict[tuple[str, str, str, str], int] = {}
        self.kept: dict[tuple[str, str, datetime], tuple[float, float, float]] = {}
        self.dropped: dict[str, int] = {}
        self.unknown: dict[str, int] = {}
        self.times: dict[str, datetime | None] = {}

    def cell(self, row: list[str], name: str) -> str:
        index = self.place.get(name)
        return row[index].strip() if index is not None else ""

    def number(self, row: list[str], name: str, line: int) -> float | None:
        """A number, None for a blank; text is a fault."""
        text = self.cell(row, name)
        if not text or text.lower() in ("nan", "none", "null"):
            return None
        try:
            value = float(text)
            if not np.isfinite(value) or (value < 0 and name != "lag_h"):
                raise ValueError
        except ValueError:
            self.faults.add(
                f"{name} is '{text[:40]}', not a number of 0 or more.",
                line=line,
                cure="Leave the cell blank if there was no reading.",
            )
            return None
        return value

    def moment(self, text: str, line: int) -> datetime | None:
        """A local time; anything else is a fault."""
        if text not in self.times:
            try:
                self.times[text] = datetime.fromisoformat(text).replace(tzinfo=None)
            except ValueError:
                self.times[text] = None
        if self.times[text] is None:
            self.faults.add(
                f"obs_local is '{text[:40]}', not a time.", line=line, cure="Write it as 2026-05-05 14:00:00."
            )
        return self.times[text]

    def drop(self, why: str) -> None:
        self.dropped[why] = self.dropped.get(why, 0) + 1

    def take(self, line: int, row: list[str]) -> None:
        """Check one row and keep it if it is a reading."""
        self.rows += 1
        number, name, word = self.cell(row, "port_number"), self.cell(row, "name"), self.cell(row, "lane")
        moment = self.moment(self.cell(row, "obs_local"), line)
        wait, booths = self.number(row, "delay_minutes", line), self.number(row, "lanes_open", line)
        lag = self.number(row, "lag_h", line)
        lane = _LANE_WORDS.get(word.replace("-", "_"))
        if lane is None:
            self.faults.add(f"there is no lane class '{word}'.", line=line, did_you_mean=nearest(word, _LANE_WORDS))
            return
        key = (number, name, lane, self.cell(row, "obs_local"))
        if key in self.seen:
            self.faults.add(
                f"the row repeats line {self.seen[key]}: same crossing, lane and time.", line=line, cure="Remove one."
            )
            return
        self.seen[key] = line
        if moment is None:
            return
        crossing = crossing_of(number, name, lane)
        if crossing is None:
            label = f"{number} {name}".strip()
            self.unknown[label] = self.unknown.get(label, 0) + 1
            self.drop("unknown crossing")
        elif wait is None:
            self.drop("no reading (blank)")
        elif wait > MAX_WAIT_MIN:
            self.drop(f"wait over {MAX_WAIT_MIN} min")
        elif lag is not None and lag > STALE_HOURS:
            self.drop(f"reading older than {STALE_HOURS:.0f} h when it was read")
        else:
            self.keep(crossing, lane, moment, wait, booths, lag)

    def keep(
        self, crossing: str, lane: str, moment: datetime, wait: float, booths: float | None, lag: float | None
    ) -> None:
        """Keep a reading; of two feeds at the same hour, the fresher one."""
        most = MAX_BOOTHS_PEDESTRIAN_READY if lane == "pedestrian-ready" else MAX_BOOTHS
        usable = booths is not None and 1 <= booths <= most
        age = abs(lag) if lag is not None else 99.0
        key = (crossing, lane, moment)
        if key in self.kept:
            self.drop("same crossing and hour in the other feed")
            if self.kept[key][2] <= age:
                return
        self.kept[key] = (wait, booths if usable and booths is not None else float("nan"), age)

    def done(self, file: str) -> Waits:
        """The readings as arrays."""
        lanes = tuple(sorted({(crossing, lane) for crossing, lane, _ in self.kept}))
        index = {pair: number for number, pair in enumerate(lanes)}
        keys = sorted(self.kept)
        values = [self.kept[key] for key in keys]
        return Waits(
            lanes=lanes,
            lane=np.array([index[crossing, lane] for crossing, lane, _ in keys], dtype=np.int32),
            time=np.array([moment for _, _, moment in keys], dtype="datetime64[s]"),
            wait_min=np.array([value[0] for value in values], dtype=np.float64),
            booths=np.array([value[1] for value in values], dtype=np.float64),
            dropped=dict(sorted(self.dropped.items())),
            unknown=dict(sorted(self.unknown.items())),
            file=file,
            rows=self.rows,
        )
