"""What a file contains: an archive's members and a workbook's sheets are imported one by one.

Nothing is unpacked to a name of the archive's own: members become numbered files in the work folder.
"""

from __future__ import annotations

import csv
import re
import shutil
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from borderlab.base.inputfile import open_file
from borderlab.observe.reading.rawfile import CHUNK, MAX_BYTES, MAX_RATIO, RATIO_FROM, _guarded, fault

MOST_MEMBERS = 500
MOST_NESTED = 2  # an archive of the year that holds archives of months
MOST_CELLS = 20_000_000
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # spreadsheets before 2007, and other files of their office
_RUBBISH = re.compile(r"(^|/)(__MACOSX/|\.|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
_BOOKS = ("xl/workbook.xml", "xl/workbook.bin")


@dataclass(frozen=True)
class Member:
    """One thing to import: where it lies, what it is called, and the file as given whose hash it goes by."""

    path: Path
    name: str
    given: Path


def members(path: Path, name: str, room: Path) -> list[Member]:
    """The files and sheets that a file contains; a file that is no container contains itself.

    Raises:
        InputError: damaged, locked, leading outside itself, too dense or too large, or empty.
    """
    magic = _magic(path, name)
    if magic.startswith(_OLE):
        return _sheets(_copied(path, room), name, room, path)
    if not magic.startswith(_ZIP):
        return [Member(path, name, path)]
    found = list(_unzipped(path, name, room, 0, path.stat().st_size))
    if not found:
        raise fault(name, "the archive holds no file.", "Fetch it again.")
    return [Member(found[0].path, found[0].name, path)] if len(found) == 1 else found


def _magic(path: Path, name: str) -> bytes:
    with open_file(path, most=MAX_BYTES) as handle:
        return _guarded(name, lambda: handle.read(8))


def _unzipped(path: Path, name: str, room: Path, depth: int, packed: int) -> Iterator[Member]:
    try:
        archive = zipfile.ZipFile(open_file(path, most=MAX_BYTES))
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise fault(name, f"the packed file is damaged ({str(error)[:80]}).", "Fetch it again.") from None
    with archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        for entry in entries:
            if entry.filename.startswith(("/", "\\")) or ".." in re.split(r"[\\/]", entry.filename):
                cause = f"the archive holds a path outside itself ('{_shown(entry.filename)}')."
                raise fault(name, cause, "Do not unpack it.")
        if any(entry.filename in _BOOKS for entry in entries):
            yield from _sheets(_repacked(archive, entries, name, room, packed), name, room, path)
            return
        if any(entry.filename in ("word/document.xml", "ppt/presentation.xml") for entry in entries):
            raise fault(name, "is a document, no table.", "Save its table as CSV with the published columns.")
        if any(entry.filename == "content.xml" for entry in entries):
            yield from _sheets(_repacked(archive, entries, name, room, packed), name, room, path)
            return
        data = [entry for entry in entries if not _RUBBISH.search(entry.filename) and entry.file_size]
        if len(data) > MOST_MEMBERS:
            raise fault(name, f"the archive holds {len(data)} files.", f"At most {MOST_MEMBERS} are taken at once.")
        for entry in data:
            yield from _member(archive, entry, name, room, depth, packed)


def _member(
    archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, room: Path, depth: int, packed: int
) -> Iterator[Member]:
    called = f"{name}/{_shown(entry.filename)}"
    target = _fresh(room)
    with target.open("wb") as out:
        for chunk in _streamed(archive, entry, called, room, packed):
            out.write(chunk)
    if _magic(target, called).startswith(_ZIP):
        if depth + 1 > MOST_NESTED:
            raise fault(called, "is an archive in an archive in an archive.", "Unpack it and name the files.")
        yield from _unzipped(target, called, room, depth + 1, packed)
    elif _magic(target, called).startswith(_OLE):
        yield from _sheets(target, called, room, target)
    else:
        yield Member(target, called, target)


def _streamed(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, room: Path, packed: int) -> Iterator[bytes]:
    """The bytes of a member, within the limits on all that was unpacked so far."""
    if entry.flag_bits & 1:
        raise fault(name, "the archive is locked with a password.", "Unpack it first.")
    total = sum(file.stat().st_size for file in room.iterdir() if file.is_file())
    try:
        stream = archive.open(entry)
    except (zipfile.BadZipFile, NotImplementedError, OSError, RuntimeError) as error:
        raise fault(name, f"the packed file is damaged ({str(error)[:80]}).", "Fetch it again.") from None
    with stream:
        while chunk := _guarded(name, lambda: stream.read(CHUNK)):
            total += len(chunk)
            if total > MAX_BYTES:
                raise fault(name, f"unpacks to more than {MAX_BYTES / 1e9:.0f} GB.", "Nothing was changed.")
            if total > RATIO_FROM and total / max(packed, 1) > MAX_RATIO:
                cause = (
                    f"unpacks to more than {MAX_RATIO} times its size; it looks like an archive made to fill the disk."
                )
                raise fault(name, cause, "Nothing was changed.")
            yield chunk


def _repacked(archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], name: str, room: Path, packed: int) -> Path:
    """The workbook written anew within the limits, so that the reader meets no sizes that lie."""
    target = _fresh(room)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as out:
        for entry in entries:
            if entry.filename.endswith((".xml", ".rels", ".bin")) or entry.filename == "mimetype":
                with out.open(entry.filename, "w", force_zip64=True) as member:
                    for chunk in _streamed(archive, entry, name, room, packed):
                        member.write(chunk)
    return target


def _sheets(book: Path, name: str, room: Path, given: Path) -> list[Member]:
    """The sheets of a workbook that hold anything, each written as CSV."""
    import python_calamine

    found = []
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(str(book))
        for title in workbook.sheet_names:
            sheet = workbook.get_sheet_by_name(title)
            if sheet.total_height * sheet.total_width > MOST_CELLS:
                raise fault(name, f"sheet '{_shown(title)}' has more than {MOST_CELLS:,} cells.", "Save it as CSV.")
            rows = sheet.to_python(skip_empty_area=False)
            if rows:
                found.append(Member(_as_csv(rows, room), f"{name}/{_shown(title)}", given))
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise fault(name, f"is no workbook that can be read ({str(error)[:80]}).", "Save its table as CSV.") from None
    if not found:
        raise fault(name, "the workbook is empty.", "Fetch it again.")
    # Sheets of one workbook are different files to the store, which tells files apart by their hash.
    return found if len(found) == 1 else [Member(one.path, one.name, one.path) for one in found]


def _copied(path: Path, room: Path) -> Path:
    """A copy in the work folder, so that the reader opens a plain file of ours."""
    target = _fresh(room)
    with open_file(path, most=MAX_BYTES) as source, target.open("wb") as out:
        shutil.copyfileobj(source, out)
    return target


def _as_csv(rows: list[list[Any]], room: Path) -> Path:
    target = _fresh(room)
    with target.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerows([_cell(value) for value in row] for row in rows)
    return target


def _cell(value: Any) -> str:
    """A cell as text: a whole number without point, a date as ISO.

    >>> _cell(2304.0), _cell(1.5), _cell(None), _cell(date(2019, 1, 1))
    ('2304', '1.5', '', '2019-01-01')
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ") if value.time() != time(0) else value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _fresh(room: Path) -> Path:
    return room / f"member-{len(list(room.iterdir()))}"


def _shown(text: str) -> str:
    return "".join(letter if letter.isprintable() else "·" for letter in text[-80:])
