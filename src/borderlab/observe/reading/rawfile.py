"""A file as it comes: unpacked within limits, decoded, and refused with one clear message when it is not data."""

from __future__ import annotations

import gzip
import hashlib
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, Literal, cast

from borderlab.base.inputfile import kind_of, open_file, shown
from borderlab.base.problems import InputError, Problem

CHUNK = 1 << 20
HEAD_BYTES = 1 << 16
MAX_BYTES = 2_000_000_000  # of the unpacked text; the largest public file of these kinds is below 500 MB
MAX_RATIO = 200  # unpacked to packed; the public files lie below 40
RATIO_FROM = 20_000_000  # small files may be as dense as they like


@dataclass(frozen=True)
class Head:
    """The beginning of a file: ``text`` (up to 64 KB, decoded loosely) and whether it is a table, JSON or XML.

    ``path`` is what the file is called in messages.
    """

    path: str
    kind: Literal["table", "json", "xml"]
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


def fault(path: str | Path, cause: str, cure: str | None = None, line: int | None = None) -> InputError:
    """An error about a file that was not imported."""
    return InputError(Problem(cause, str(path), line, cure))


def check_file(path: str | Path) -> Path:
    """The path, if a file with anything in it stands there.

    Raises:
        InputError: missing, not a file, or empty.
    """
    path = Path(path)
    kind = kind_of(path)
    if kind == "nothing":
        raise fault(shown(path), "there is no such file.")
    if kind == "folder":
        raise fault(shown(path), "is not a file.", "Name the files one by one.")
    with open_file(path, most=MAX_BYTES) as stream:
        if not stream.read(1):
            raise fault(shown(path), "the file is empty.", "Fetch it again.")
    return path


def read_head(path: str | Path, called: str | None = None) -> Head:
    """Read the first part of a file and say what sort of thing it is; ``called`` names it in messages.

    Raises:
        InputError: missing, not a file, empty, a web page, binary, or a damaged archive.
    """
    path = check_file(path)
    name = called or str(path)
    with _opened(path, name) as stream:
        raw = _guarded(name, lambda: stream.read(HEAD_BYTES))
    if not raw.strip():
        raise fault(name, "the file is empty.", "Fetch it again.")
    refuse_other_things(name, raw)
    text = _loosely(raw)
    start = text.lstrip()
    kind: Literal["table", "json", "xml"] = "json" if start[:1] in "[{" else "xml" if _XML.match(start) else "table"
    return Head(name, kind, text)


def unpack(path: str | Path, target: Path, called: str | None = None) -> Unpacked:
    """Write the text of a file to ``target`` as UTF-8; ``called`` names it in messages.

    Raises:
        InputError: damaged, cut short, too large, too dense, binary, or in two encodings at once.
    """
    path = Path(path)
    name = called or str(path)
    content = hashlib.sha256()
    strict = True
    decoder_tail = held = b""
    total = 0
    packed = max(path.stat().st_size, 1)
    with target.open("wb") as out, _opened(path, name) as stream:
        first = True
        for chunk in _chunks(name, stream):
            total += len(chunk)
            if total > MAX_BYTES:
                raise fault(
                    name, f"unpacks to more than {MAX_BYTES / 1e9:.0f} GB.", "It is not one of the known files."
                )
            if total > RATIO_FROM and total / packed > MAX_RATIO:
                raise fault(
                    name,
                    f"unpacks to more than {MAX_RATIO} times its size; it looks like an archive made to fill the disk.",
                    "Nothing was changed.",
                )
            content.update(chunk)
            if b"\0" in chunk:
                raise fault(name, "holds bytes that are no text.", "A CSV or JSON file is needed.")
            if first:
                chunk, first = chunk.removeprefix(b"\xef\xbb\xbf"), False
            if strict:
                strict, decoder_tail = _still_utf8(decoder_tail + chunk)
            held = _write_lines(out, held + chunk)
        out.write(held.replace(b"\r", b"\n"))
    if decoder_tail:
        strict = False
    decoded = 0 if strict else _to_utf8(name, target)
    return Unpacked(
        target, file_sha256(path), content.hexdigest(), "utf-8" if strict else "cp1252", count_lines(target), decoded
    )


def file_sha256(path: str | Path) -> str:
    """SHA-256 of a file's bytes as given."""
    with open_file(path, most=MAX_BYTES) as handle:
        digest = hashlib.sha256()
        while chunk := handle.read(CHUNK):
            digest.update(chunk)
        return digest.hexdigest()


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


def _chunks(name: str, stream: IO[bytes]) -> Iterator[bytes]:
    while chunk := _guarded(name, lambda: stream.read(CHUNK)):
        yield chunk


def _guarded(name: str, read: Callable[[], bytes]) -> bytes:
    try:
        return read()
    except EOFError:
        raise fault(name, "the packed file ends in the middle.", "The download was cut off: fetch it again.") from None
    except (gzip.BadGzipFile, zlib.error, zipfile.BadZipFile, lzma.LZMAError, NotImplementedError) as error:
        raise fault(name, f"the packed file is damaged ({str(error)[:80]}).", "Fetch it again.") from None
    except (OSError, RuntimeError) as error:
        raise fault(name, f"cannot be read: {str(error)[:120]}.") from None


def _opened(path: Path, name: str) -> IO[bytes]:
    """The bytes of a plain file, or the unpacked ones of a gzip file."""
    stream = open_file(path, most=MAX_BYTES)
    magic = _guarded(name, lambda: stream.read(4))
    stream.seek(0)
    return cast(IO[bytes], gzip.GzipFile(fileobj=stream, mode="rb")) if magic[:2] == b"\x1f\x8b" else stream


_XML = re.compile(r"(\ufeff)?\s*(<\?xml|<!--|<rss\b|<feed\b|<border_wait_time\b|<iati-)", re.IGNORECASE)
_PAGE = re.compile(rb"(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*(?:<!doctype\s+html|<html|<head\b|<body\b)", re.DOTALL)
# What files of other kinds begin with, and what to do about it.
_OTHER_KINDS = (
    (b"%PDF", "a PDF", "Look for the CSV that it was printed from."),
    (b"\x89PNG", "a picture", "A CSV or JSON file is needed."),
    (b"\xff\xd8\xff", "a picture", "A CSV or JSON file is needed."),
    (b"GIF8", "a picture", "A CSV or JSON file is needed."),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "Unpack it and name the files one by one."),
    (b"Rar!", "a RAR archive", "Unpack it and name the files one by one."),
    (b"BZh", "packed with bzip2", "Unpack it first (bunzip2)."),
    (b"\xfd7zXZ", "packed with xz", "Unpack it first (unxz)."),
    (b"\x28\xb5\x2f\xfd", "packed with zstd", "Unpack it first (unzstd)."),
    (b"PAR1", "a Parquet file", "Save it as CSV with the published columns."),
    (b"ARROW1", "an Arrow file", "Save it as CSV with the published columns."),
    (b"SQLite format 3", "a database", "Save its table as CSV with the published columns."),
    (b"RDX3", "an R data file", "Save it with write.csv."),
    (b"RDX2", "an R data file", "Save it with write.csv."),
)


def refuse_other_things(name: str, raw: bytes) -> None:
    """Refuse what begins like something that is no table, saying what it is.

    Raises:
        InputError: a web page, a picture, another archive, UTF-16 or binary data.
    """
    start = raw.removeprefix(b"\xef\xbb\xbf").lstrip()[:2000]
    if _PAGE.match(start.lower()) or (start[:1] == b"<" and b"<html" in start.lower()):
        raise fault(
            name,
            "is a web page, not data: the site answered with a page, perhaps an error page.",
            "Open the address in a browser and download the file itself.",
        )
    for magic, kind, cure in _OTHER_KINDS:
        if raw.startswith(magic):
            raise fault(name, f"is {kind}, no table.", cure)
    if raw[257:262] == b"ustar":
        raise fault(name, "is a tar archive.", "Unpack it and name the files one by one.")
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise fault(name, "is UTF-16 text.", "Save it as UTF-8 CSV.")
    if b"\0" in raw:
        raise fault(name, "holds bytes that are no text.", "A CSV, JSON or Excel file is needed.")


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


def _to_utf8(name: str, target: Path) -> int:
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
            name,
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


def cut_top(unpacked: Unpacked, lines: int) -> Unpacked:
    """The working copy without its first lines, which stand above the headings."""
    if not lines:
        return unpacked
    part = unpacked.text.with_suffix(".cut")
    with unpacked.text.open("rb") as source, part.open("wb") as out:
        for _ in range(lines):
            source.readline()
        while chunk := source.read(CHUNK):
            out.write(chunk)
    part.replace(unpacked.text)
    return replace(unpacked, lines=count_lines(unpacked.text))


def whole_text(unpacked: Unpacked, name: str, limit: int = 50_000_000) -> str:
    """The text of a JSON or XML file.

    Raises:
        InputError: larger than ``limit`` bytes.
    """
    if unpacked.text.stat().st_size > limit:
        raise fault(name, f"is larger than {limit / 1e6:.0f} MB, which no feed of wait times is.")
    return unpacked.text.read_text(encoding="utf-8")
