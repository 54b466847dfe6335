"""The user's data: one Parquet file per import, read through DuckDB.

A file ``<data set>/<content hash>.parquet`` is written beside its place and then moved there, so that an import is
in the store whole or not at all; its metadata hold the import's report. Importing the same content again changes
nothing. Where two files have the same key, the newer vintage counts; the older stays on disk.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from borderlab.base.lock import writing
from borderlab.base.places import data_home, inside
from borderlab.base.problems import InputError, Problem
from borderlab.base.progress import Advance, progress
from borderlab.observe.importers import importer
from borderlab.observe.reading.containers import Member, members
from borderlab.observe.reading.layout import Dataset, columns_of, datasets
from borderlab.observe.reading.rawfile import (
    Head,
    check_file,
    cut_top,
    fault,
    file_sha256,
    read_head,
    unpack,
    whole_text,
)
from borderlab.observe.reading.report import Anomaly, ImportReport

PATIENCE_S = 120.0
"""How long an import waits for another one to end."""
REFUSED = "refused"  # flag of a row whose value stood in the file and could not be read: a gap, never a zero
_META = "borderlab"
# A vintage later than the day of its import would outrank all that comes after; it counts as of that day.
_VINTAGE = "least(vintage, left(imported_at, 10))"
# Two figures are the same if they differ only in digits that a spreadsheet or a float drops.
_DIFFER = (
    "a.value IS DISTINCT FROM b.value AND NOT coalesce(abs(a.value - b.value) <= 1e-6 * greatest(abs(a.value),"
    " abs(b.value)) AND (a.value <> floor(a.value) OR b.value <> floor(b.value)), false)"
)


@dataclass(frozen=True)
class Part:
    """One imported file in the store, or several made one; ``contents`` holds the content hash of each."""

    path: Path
    report: ImportReport
    imported_at: str
    contents: tuple[str, ...]


@dataclass(frozen=True)
class _Waiting:
    """A sorted file that is not in the store yet."""

    part: Path
    target: Path
    report: ImportReport


class Store:
    """A data directory."""

    def __init__(self, home: Path | None = None) -> None:
        self.home = home or data_home()

    def import_files(
        self,
        paths: Sequence[str | Path],
        vintage: str | None = None,
        *,
        called: Sequence[str] | None = None,
        expected: str | None = None,
    ) -> list[ImportReport]:
        """Import files, all or none; returns the account of each.

        ``vintage`` (``2025-03-14``) is the date the files were got; by default the day of each file's last change.
        ``called`` names them in messages and reports (a download's address); ``expected`` is the data set they must be.

        Raises:
            InputError: a file is bad; the store is as it was.
        """
        stated = _checked_vintage(vintage)
        names = list(called or [str(path) for path in paths])
        for path in paths:
            check_file(path)  # a file that is not there needs no data directory made for it
        with self._workroom() as room, progress("import", 5 * len(names)) as advance:
            waiting = [
                one
                for path, name in zip(paths, names, strict=True)
                for one in self._sort_all(Path(path), name, room, stated, expected, advance)
            ]
            with self._alone():
                return [self._settle_in(one) for one in waiting]

    def _alone(self) -> AbstractContextManager[None]:
        """Wait until no other process writes into the directory, and keep others out."""
        cure = "Wait until it ends and try again."
        taken = Problem("another process is writing here.", str(self.home), cure=cure)
        return writing(self.home, taken, PATIENCE_S)

    def parts(self, dataset: str) -> list[Part]:
        """The imports of a data set, oldest vintage first.

        Raises:
            InputError: a file of the store leads outside it, or is damaged.
        """
        folder = inside(self.home, dataset)
        paths = sorted(folder.glob("*.parquet")) if folder.is_dir() else []
        for path in paths:
            inside(self.home, dataset, path.name)
        return sorted(_read_parts(paths), key=lambda part: (_sound_vintage(part), part.imported_at))

    def compact(self, dataset: str) -> None:
        """Make one file of all imports of a data set; every row keeps its vintage and the hash of its own file."""
        import duckdb

        with self._workroom() as room, self._alone():
            parts = self.parts(dataset)
            if len(parts) < 2:
                return
            hashes = sorted({digest for part in parts for digest in part.contents})
            whole = _merged(parts)
            target = inside(self.home, dataset, f"{hashlib.sha256(''.join(hashes).encode()).hexdigest()[:32]}.parquet")
            new = room / "merged.parquet"
            con = duckdb.connect()
            rows = _all(parts)
            _copy(con, rows, _meta(whole, max(part.imported_at for part in parts), hashes), new)
            con.close()
            os.chmod(new, 0o644)
            os.replace(new, target)
            for part in parts:  # if this is cut short, rows stand twice under one key, and reading takes one of them
                if part.path != target:
                    part.path.unlink(missing_ok=True)

    def all_parts(self) -> dict[str, list[Part]]:
        """Every import by data set; data sets without one are left out."""
        found = {dataset: self.parts(dataset) for dataset in datasets()}
        return {dataset: parts for dataset, parts in found.items() if parts}

    def newest(self, dataset: str) -> str | None:
        """SQL of the rows of a data set, the newest vintage of each key; None if nothing was imported."""
        parts = self.parts(dataset)
        if not parts:
            return None
        spelled = {row.column for row in columns_of(dataset) if row.values == "open"}
        # Words that differ in capitals and accents alone are the same words.
        key = ", ".join(
            ["period"]
            + [f"lower(strip_accents({name}))" if name in spelled else name for name in datasets()[dataset].dimensions]
        )
        # A value that could be read stands before a newer one that could not.
        order = f"coalesce(flag = '{REFUSED}', false), vintage DESC, imported_at DESC"
        return f"{_all(parts)} QUALIFY row_number() OVER (PARTITION BY {key} ORDER BY {order}) = 1"

    def every_row(self, dataset: str) -> str | None:
        """SQL of all rows of a data set, older vintages too; None if nothing was imported."""
        parts = self.parts(dataset)
        return _all(parts) if parts else None

    @contextmanager
    def _workroom(self) -> Iterator[Path]:
        """A folder in the data directory for half-made files; what a killed import left there is cleared."""
        work = self.home / ".work"
        try:
            work.mkdir(parents=True, exist_ok=True)
            _clear_dead(work)
            room = Path(tempfile.mkdtemp(dir=work, prefix=f"{os.getpid()}-"))
        except OSError as error:
            raise InputError(Problem(f"cannot be written: {error.strerror or error}.", str(self.home))) from None
        try:
            yield room
        finally:
            shutil.rmtree(room, ignore_errors=True)

    def _sort_all(
        self, path: Path, name: str, room: Path, vintage: str | None, expected: str | None, advance: Advance
    ) -> list[_Waiting]:
        """Sort a file, or each member of an archive and sheet of a workbook that is one of the known files."""
        unpacked = room / f"in-{len(list(room.iterdir()))}"
        unpacked.mkdir()
        inside_it = members(path, name, unpacked)
        taken = vintage or _vintage_of(path)
        if len(inside_it) == 1:
            return [self._sort(inside_it[0], room, taken, expected, advance)]
        found, passed = [], []
        for member in inside_it:
            try:
                known = self._recognised(member)
            except InputError as error:
                passed.append(error)
            else:
                found.append((member, known))
        if not found:
            raise passed[0]
        waiting = [self._sort(member, room, taken, expected, advance, known) for member, known in found]
        if passed:
            notes = [Anomaly(kind="note", what=f"not read: {error.problems[0]}") for error in passed]
            first = waiting[0].report
            report = first.model_copy(update={"anomalies": (*first.anomalies, *notes)})
            waiting[0] = _Waiting(waiting[0].part, waiting[0].target, report)
        return waiting

    @staticmethod
    def _recognised(member: Member) -> tuple[Head, Any]:
        from borderlab.observe.reading.recognise import recognise

        head = read_head(member.path, member.name)
        return head, recognise(head)

    def _sort(
        self,
        member: Member,
        room: Path,
        vintage: str,
        expected: str | None,
        advance: Advance,
        known: tuple[Head, Any] | None = None,
    ) -> _Waiting:
        head, found = known or self._recognised(member)
        if expected and found.dataset != expected:
            raise InputError(Problem(f"is {found.dataset}, not {expected}.", member.name, cure="Nothing was changed."))
        unpacked = unpack(member.path, room / "text", member.name)
        unpacked = replace(cut_top(unpacked, found.above), file_sha256=file_sha256(member.given))
        advance(1)
        target = inside(self.home, found.dataset, f"{unpacked.content_sha256[:32]}.parquet")
        part = room / f"{len(list(room.iterdir()))}-{target.name}"
        report = _sorted_report(head, found, unpacked, vintage, part, room, member.name, advance)
        return _Waiting(part, target, report)

    def _settle_in(self, one: _Waiting) -> ImportReport:
        """Move a sorted file to its place, unless its content is there already."""
        for part in self.parts(one.report.dataset):
            if one.report.content_sha256 in part.contents:
                known = part.report if len(part.contents) == 1 else one.report
                return known.model_copy(update={"file": one.report.file, "already": True})
        revised = self._revised(one)
        report = one.report
        if revised:
            report = report.model_copy(update={"anomalies": (*report.anomalies, revised)})
        try:
            one.target.parent.mkdir(parents=True, exist_ok=True)
            os.chmod(one.part, 0o644)
            os.replace(one.part, one.target)
        except OSError as error:
            raise InputError(Problem(f"cannot be written: {error.strerror or error}.", str(one.target))) from None
        return report

    def _revised(self, one: _Waiting) -> Anomaly | None:
        """How many values of a file differ from those the store has under the same key."""
        import duckdb

        dataset = datasets()[one.report.dataset]
        there = self.newest(dataset.id)
        if there is None:
            return None
        same = " AND ".join(f"a.{name} IS NOT DISTINCT FROM b.{name}" for name in ("period", *dataset.dimensions))
        con = duckdb.connect()
        rows, first, last = con.execute(
            f"SELECT count(*), strftime(min(a.period), '%Y-%m'), strftime(max(a.period), '%Y-%m')"
            f" FROM read_parquet(?) a JOIN ({there}) b ON {same} WHERE {_DIFFER}"
            f" AND a.flag IS DISTINCT FROM '{REFUSED}' AND b.flag IS DISTINCT FROM '{REFUSED}'",
            [str(one.part)],
        ).fetchone()
        con.close()
        if not rows:
            return None
        what = f"values differ from those already stored; the newer vintage ({dataset.unit}) counts, both are kept."
        return Anomaly(kind="revision", what=what, rows=rows, first_period=first, last_period=last)


def _sorted_report(
    head: Any, found: Any, unpacked: Any, vintage: str, part: Path, room: Path, name: str, advance: Advance
) -> ImportReport:
    """Sort one file on a fresh desk and write its kept rows to ``part``."""
    import duckdb

    from borderlab.observe.importers import bts, sectors, seizures, sesnsp, transborder, waits
    from borderlab.observe.reading.held import note_coverage
    from borderlab.observe.reading.sorting import note_known_faults, note_periods, settle
    from borderlab.observe.reading.staging import lay

    con = duckdb.connect(config={"temp_directory": str(room)})
    try:
        if found.form in ("json", "xml"):
            from borderlab.observe.reading.feed import COLUMNS, feed_rows, lay_feed, xml_rows

            read = feed_rows if found.form == "json" else xml_rows
            desk = lay_feed(con, read(whole_text(unpacked, name), name), COLUMNS)
        else:
            desk = lay(con, head, found, unpacked)
        advance(1)
        importer(found.dataset)(desk)
        counts = settle(desk)
        advance(1)
        spread = {"cbp-drugs": seizures.spread, "sesnsp-crimes": sesnsp.spread}.get(found.dataset)
        if spread:
            spread(desk)
            con.execute("CREATE OR REPLACE TEMP VIEW kept AS SELECT * FROM spread_kept")
            con.execute("CREATE OR REPLACE TEMP TABLE holes AS SELECT * FROM spread_holes")
        if not counts["rows_kept"]:
            raise fault(
                head.path,
                f"no row of {counts['rows_read']} could be kept: {desk.anomalies[0].what}",
                "Nothing was changed.",
            )
        first, last = note_periods(desk)
        look = {
            "bts-crossings": bts.look,
            "bts-transborder": transborder.look,
            "usbp-sectors": sectors.look,
            "cbp-waits": waits.look,
        }.get(found.dataset)
        if look:
            look(desk)
        note_known_faults(desk)
        note_coverage(desk)
        report = ImportReport(
            file=name,
            dataset=found.dataset,
            rows_read=counts["rows_read"],
            rows_kept=counts["rows_kept"],
            rows_corrected=counts["rows_corrected"],
            rows_refused=counts["rows_refused"],
            first_period=first,
            last_period=last,
            anomalies=tuple(desk.anomalies),
            vintage=vintage,
            file_sha256=unpacked.file_sha256,
            content_sha256=unpacked.content_sha256,
        )
        advance(1)
        _write(con, desk.dataset, report, part)
        advance(1)
    except duckdb.Error as error:
        first = str(error).strip().splitlines()[0][:160]
        raise fault(Path(name), f"cannot be read as a table ({first}).", "Nothing was changed.") from error
    finally:
        con.close()
    return report


def _write(con: Any, dataset: Dataset, report: ImportReport, part: Path) -> None:
    imported_at = datetime.now(UTC).isoformat()
    more = (
        f"'{dataset.source}' AS source, '{report.vintage}' AS vintage, '{report.file_sha256}' AS file_sha256,"
        f" '{imported_at}' AS imported_at"
    )
    columns = {name for name, *_ in con.execute("DESCRIBE kept").fetchall()}
    flag = "" if "flag" in columns else ", NULL::VARCHAR AS flag"
    gone = ", ".join(name for name in ("flag",) if "flag" in columns)
    rows = (
        f"SELECT * EXCLUDE (fixes){flag}, {more} FROM kept UNION ALL BY NAME"
        f" SELECT *{f' EXCLUDE ({gone})' if gone else ''}, '{REFUSED}' AS flag, {more} FROM holes"
    )
    _copy(con, rows, _meta(report, imported_at, [report.content_sha256]), part)


def _copy(con: Any, rows: str, meta: str, target: Path) -> None:
    con.execute(f"COPY ({rows}) TO {_quoted(target)} (FORMAT parquet, KV_METADATA {{{_META}: {_quoted(meta)}}})")


def _meta(report: ImportReport, imported_at: str, contents: list[str]) -> str:
    return json.dumps({"report": report.model_dump(mode="json"), "imported_at": imported_at, "contents": contents})


def _merged(parts: list[Part]) -> ImportReport:
    """One account for several imports: the newest, with sums and the whole span."""
    reports = [part.report for part in parts]
    firsts = [one.first_period for one in reports if one.first_period]
    lasts = [one.last_period for one in reports if one.last_period]
    names = ("rows_read", "rows_kept", "rows_corrected", "rows_refused")
    sums = {name: sum(getattr(one, name) for one in reports) for name in names}
    span = {"first_period": min(firsts, default=None), "last_period": max(lasts, default=None)}
    return reports[-1].model_copy(update={**sums, **span, "anomalies": ()})


def _quoted(text: str | Path) -> str:
    return "'" + str(text).replace("'", "''") + "'"


def _listed(parts: list[Part]) -> str:
    return "[" + ", ".join(_quoted(part.path) for part in parts) + "]"


_seen: dict[tuple[str, int, int], Part] = {}


def _read_parts(paths: list[Path]) -> list[Part]:
    """The reports in the metadata of files of the store; a file is read again only if it changed."""
    keys = [(str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in paths]
    fresh = [path for path, key in zip(paths, keys, strict=True) if key not in _seen]
    if fresh:
        try:
            found = _read_meta(fresh)
        except InputError:
            for path in fresh:  # one by one, so that the message names the damaged file
                _read_meta([path])
            raise
        for path, key in zip(paths, keys, strict=True):
            if str(path) in found:
                _seen[key] = found[str(path)]
    return [_seen[key] for key in keys]


def _read_meta(paths: list[Path]) -> dict[str, Part]:
    import duckdb

    con = duckdb.connect()
    try:
        rows = con.execute(
            "SELECT file_name, value FROM parquet_kv_metadata(?) WHERE key = ?",
            [[str(p) for p in paths], _META.encode()],
        ).fetchall()
        if len(rows) != len(paths):
            raise ValueError
        out = {}
        for name, value in rows:
            meta = json.loads(value)
            report = ImportReport.model_validate(meta["report"])
            out[name] = Part(Path(name), report, meta["imported_at"], tuple(meta["contents"]))
        return out
    except (duckdb.Error, TypeError, ValueError, KeyError):
        raise InputError(
            Problem("is damaged or is not of borderlab.", str(paths[0]), cure="Remove it and import its file again.")
        ) from None
    finally:
        con.close()


def _all(parts: list[Part]) -> str:
    """SQL of all rows of some parts, with a flag on each and no vintage later than its import."""
    rows = f"SELECT * REPLACE ({_VINTAGE} AS vintage) FROM read_parquet({_listed(parts)}, union_by_name=true)"
    return f"SELECT * FROM ({rows} UNION ALL BY NAME SELECT NULL::VARCHAR AS flag WHERE false)"


def _sound_vintage(part: Part) -> str:
    return min(part.report.vintage, part.imported_at[:10])


def _vintage_of(path: Path) -> str:
    """The day of a file's last change; today where its clock is ahead."""
    return min(datetime.fromtimestamp(path.stat().st_mtime, UTC).date(), datetime.now(UTC).date()).isoformat()


def _checked_vintage(vintage: str | None) -> str | None:
    if vintage is None:
        return None
    try:
        stated = date.fromisoformat(vintage)
    except ValueError:
        raise InputError(f"'{vintage}' is no date; write the vintage like 2025-03-14.") from None
    if stated > max(date.today(), datetime.now(UTC).date()):
        raise InputError(f"the vintage {stated} lies in the future; it is the day on which the files were got.")
    return stated.isoformat()


def _clear_dead(work: Path) -> None:
    """Remove the work rooms of processes that are gone."""
    for room in work.iterdir():
        owner = room.name.split("-", 1)[0]
        if owner.isdecimal() and not _alive(int(owner)):
            shutil.rmtree(room, ignore_errors=True)


def _alive(pid: int) -> bool:
    if os.name == "nt":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
