"""A file as it comes: unpacked within limits, decoded, and refused with one clear message when it is not data."""

from __future__ import annotations

import gzip
import hashlib
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from borderlab.base.problems import InputError, Problem

CHUNK = 1 << 20
HEAD_BYTES = 1 << 16
MAX_BYTES = 2_000_000_000  # of the unpacked text; the largest public file of these kinds is below 500 MB
MAX_RATIO = 200  # unpacked to packed; the public files lie below 40
RATIO_FROM = 20_000_000  # small files may be as dense as they like


@dataclass(frozen=True)
class Head:
    """The beginning of a file: ``text`` (up to 64 KB, decoded loosely) and whether it is a table or JSON."""

    path: Path
    kind: str
    text: str


@dataclass(frozen=True)
class Unpacked:
    """A file's text, written as UTF-8 to ``text``.

    Attributes:
        text: the working copy.
        file_sha256: of the file as given.
        content_sha256: of the unpacked bytes, the same for the plain and the packed file.
        encoding: what it was ("utf-8" or "cp1252").
        lines: lines that are not blank.
        decoded_lines: lines that were decoded from another encoding than UTF-8.
    """

    text: Path
    file_sha256: str
    content_sha256: str
    encoding: str
    lines: int
    decoded_lines: int


def fault(path: Path, cause: str, cure: str | None = None, line: int | None = None) -> InputError:
    """An error about a file that was not imported."""
    return InputError(Problem(cause, str(path), line, cure))


def read_head(path: str | Path) -> Head:
    """Read the first part of a file and say what sort of thing it is.

    Raises:
        InputError: missing, not a file, empty, a web page, binary, or a damaged archive.
    """
    path = Path(path)
    try:
        if not path.exists():
            raise fault(path, "there is no such file.")
        if not path.is_file():
            raise fault(path, "is not a file.", "Name the files one by one.")
        if path.stat().st_size == 0:
            raise fault(path, "the file is empty.", "Fetch it again.")
    except OSError as error:
        raise fault(path, f"cannot be read: {error.strerror or error}.") from None
    with _opened(path) as stream:
        raw = _guarded(path, lambda: stream.read(HEAD_BYTES))
    if not raw.strip():
        raise fault(path, "the file is empty.", "Fetch it again.")
    _refuse_other_things(path, raw)
    text = _loosely(raw)
    return Head(path, "json" if text.lstrip()[:1] in "[{" else "table", text)


def unpack(path: str | Path, target: Path) -> Unpacked:
    """Write the text of a file to ``target`` as UTF-8.

    Raises:
        InputError: damaged, cut short, too large, too dense, binary, or in two encodings at once.
    """
    path = Path(path)
    content = hashlib.sha256()
    strict = True
    decoder_tail = held = b""
    total = 0
    packed = max(path.stat().st_size, 1)
    with target.open("wb") as out, _opened(path) as stream:
        first = True
        for chunk in _chunks(path, stream):
            total += len(chunk)
            if total > MAX_BYTES:
                raise fault(
                    path, f"unpacks to more than {MAX_BYTES / 1e9:.0f} GB.", "It is not one of the known files."
                )
            if total > RATIO_FROM and total / packed > MAX_RATIO:
                raise fault(
                    path,
                    f"unpacks to more than {MAX_RATIO} times its size; it looks like an archive made to fill the disk.",
                    "Nothing was changed.",
                )
            content.update(chunk)
            if b"\0" in chunk:
                raise fault(path, "holds bytes that are no text.", "A CSV or JSON file is needed.")
            if first:
                chunk, first = chunk.removeprefix(b"\xef\xbb\xbf"), False
            if strict:
                strict, decoder_tail = _still_utf8(decoder_tail + chunk)
            held = _write_lines(out, held + chunk)
        out.write(held.replace(b"\r", b"\n"))
    if decoder_tail:
        strict = False
    decoded = 0 if strict else _to_utf8(path, target)
    return Unpacked(
        target, file_sha256(path), content.hexdigest(), "utf-8" if strict else "cp1252", count_lines(target), decoded
    )


def file_sha256(path: str | Path) -> str:
    """SHA-256 of a file's bytes as given."""
    with Path(path).open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def count_lines(path: Path) -> int:
    """Lines of a text file that hold anything but white space."""
    breaks = blank = total = 0
    with path.open("rb") as handle:
        tail = b"\n"
        while chunk := handle.read(CHUNK):
            total += len(chunk)
            breaks += chunk.count(b"\n")
            blank += len(re.findall(rb"\n(?=[ \t\r]*\n)", tail + chunk))
            tail = chunk[-1:]
        if total and tail != b"\n":
            breaks += 1
    return breaks - blank


def _write_lines(out: IO[bytes], data: bytes) -> bytes:
    """Write text with every line end made one ``\\n``; returns a last ``\\r`` whose partner may come next."""
    held = b"\r" if data.endswith(b"\r") else b""
    data = data[:-1] if held else data
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    out.write(data)
    return held


def _chunks(path: Path, stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := _guarded(path, lambda: stream.read(CHUNK)):
        yield chunk


def _guarded(path: Path, read: Callable[[], bytes]) -> bytes:
    try:
        return read()
    except EOFError:
        raise fault(path, "the packed file ends in the middle.", "The download was cut off: fetch it again.") from None
    except (gzip.BadGzipFile, zlib.error, zipfile.BadZipFile, lzma.LZMAError, NotImplementedError) as error:
        raise fault(path, f"the packed file is damaged ({str(error)[:80]}).", "Fetch it again.") from None
    except (OSError, RuntimeError) as error:
        raise fault(path, f"cannot be read: {str(error)[:120]}.") from None


def _opened(path: Path) -> IO[bytes]:
    """The unpacked bytes of a plain file, a gzip file, or a zip archive that holds one file."""
    try:
        with path.open("rb") as handle:
            magic = handle.read(4)
        if magic[:2] == b"\x1f\x8b":
            return cast(IO[bytes], gzip.open(path, "rb"))
        if magic == b"PK\x03\x04" or magic == b"PK\x05\x06":
            return _zip_member(path)
        return path.open("rb")
    except OSError as error:
        raise fault(path, f"cannot be read: {error.strerror or error}.") from None


def _zip_member(path: Path) -> IO[bytes]:
    try:
        archive = zipfile.ZipFile(path)
        members = [member for member in archive.infolist() if not member.is_dir()]
    except (zipfile.BadZipFile, OSError) as error:
        raise fault(path, f"the packed file is damaged ({str(error)[:80]}).", "Fetch it again.") from None
    for member in members:
        if member.filename.startswith(("/", "\\")) or ".." in re.split(r"[\\/]", member.filename):
            raise fault(
                path, f"the archive holds a path outside itself ('{member.filename[:80]}').", "Do not unpack it."
            )
    if len(members) != 1:
        raise fault(path, f"the archive holds {len(members)} files.", "Unpack it and name the files one by one.")
    if members[0].flag_bits & 1:
        raise fault(path, "the archive is locked with a password.", "Unpack it first.")
    return archive.open(members[0])


def _refuse_other_things(path: Path, raw: bytes) -> None:
    start = raw.removeprefix(b"\xef\xbb\xbf").lstrip()[:2000].lower()
    if start.startswith((b"<!doctype", b"<html", b"<?xml", b"<head", b"<body")) or b"<html" in start:
        raise fault(
            path,
            "is a web page, not data: the site answered with a page, perhaps an error page.",
            "Open the address in a browser and download the file itself.",
        )
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise fault(path, "is UTF-16 text.", "Save it as UTF-8 CSV.")
    if b"\0" in raw or start.startswith((b"%pdf", b"\x89png")):
        raise fault(path, "holds bytes that are no text.", "A CSV or JSON file is needed; spreadsheets: save as CSV.")


def _loosely(raw: bytes) -> str:
    """Text of a file's head, in whichever encoding; the last letter may be cut."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if len(raw) - error.start < 4:
            return raw[: error.start].decode("utf-8-sig")
        return raw.decode("cp1252", errors="replace")


def _still_utf8(data: bytes) -> tuple[bool, bytes]:
    """Whether ``data`` is UTF-8 so far, and the bytes of a letter that is not yet whole."""
    try:
        data.decode("utf-8")
        return True, b""
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and len(data) - error.start < 4:
            return True, data[error.start :]
        return False, b""


def _to_utf8(path: Path, target: Path) -> int:
    """Rewrite the working copy from Windows-1252 (which Latin-1 text is) to UTF-8; returns how many lines changed.

    Raises:
        InputError: some lines are UTF-8 and some are not.
    """
    whole, broken, first_broken = 0, 0, 0
    with target.open("rb") as handle:
        for number, line in enumerate(handle, 1):
            if line.isascii():
                continue
            try:
                line.decode("utf-8")
                whole += 1
            except UnicodeDecodeError:
                broken += 1
                first_broken = first_broken or number
    if whole:
        raise fault(
            path,
            f"mixes encodings: {whole} lines are UTF-8 and {broken} are not.",
            "Save the whole file in one encoding, best UTF-8.",
            first_broken,
        )
    part = target.with_suffix(".utf8")
    with target.open("rb") as source, part.open("w", encoding="utf-8", newline="") as out:
        for line in source:
            try:
                out.write(line.decode("cp1252"))
            except UnicodeDecodeError:
                out.write(line.decode("latin-1"))
    part.replace(target)
    return broken


def json_text(unpacked: Unpacked, limit: int = 50_000_000) -> str:
    """The text of a JSON file.

    Raises:
        InputError: larger than ``limit`` bytes.
    """
    if unpacked.text.stat().st_size > limit:
        raise fault(unpacked.text, f"the JSON is larger than {limit / 1e6:.0f} MB.")
    return unpacked.text.read_text(encoding="utf-8")
