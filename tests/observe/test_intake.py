"""Files that are no data: one clear message each, and nothing is changed."""

from __future__ import annotations

import gzip
import os
import zipfile
from pathlib import Path

import pytest

from borderlab.base.problems import InputError
from borderlab.observe.reading import rawfile as intake
from borderlab.observe.reading.rawfile import count_lines, read_head, unpack
from borderlab.observe.reading.recognise import recognise
from borderlab.observe.store.store import Store

HEADER = "Port Name,State,Port Code,Border,Date,Measure,Value,Latitude,Longitude,Point\n"
ROW = "Laredo,Texas,2304,US-Mexico Border,Jan 2024,Trucks,250000,27.5,-99.5,POINT (-99.5 27.5)\n"


def bad_files(folder: Path) -> dict[str, tuple[Path, str]]:
    """Name -> (file, words of the message)."""
    made: dict[str, tuple[Path, str]] = {}

    def put(name: str, data: bytes, words: str) -> None:
        path = folder / name
        path.write_bytes(data)
        made[name] = (path, words)

    packed = gzip.compress((HEADER + ROW * 3000).encode())
    put("empty.csv", b"", "empty")
    put("blank.csv", b"\n \n", "empty")
    put("page.csv", b"<!DOCTYPE html><html><body>404</body></html>", "web page")
    put("cut.csv.gz", packed[: len(packed) // 2], "ends in the middle")
    put("wrong.csv", b"a,b,c,d\n1,2,3,4\n", "none of the known public files")
    put("no-measure.csv", HEADER.replace("Measure", "Kind").encode() + ROW.encode(), "no column 'measure'")
    mixed = (
        HEADER.encode() + ROW.replace("Laredo", "Juárez").encode() + ROW.replace("Laredo", "Juárez").encode("latin-1")
    )
    put("mixed.csv", mixed, "mixes encodings")
    put("binary.csv", os.urandom(4096) + b"\0", "no text")
    put("junk.txt", b"lorem ipsum " * 400_000, "none of the known public files")
    put("open-quote.csv", (HEADER + ROW + '"Laredo,Texas,2304\n' + ROW * 5).encode(), "quotation mark")
    put("heads-only.csv", HEADER.encode(), "no rows")
    put("nothing-kept.csv", (HEADER + ROW.replace("Jan 2024", "someday")).encode(), "could be kept")
    put("utf16.csv", (HEADER + ROW).encode("utf-16"), "UTF-16")
    put("other.json", b'{"a": [1, 2]}', "not CBP's feed")
    put("cut-feed.json", b'[{"port_number": "250401", "passenger_vehicle_lanes": {', "cut off")
    put("twice.csv", HEADER.replace("State", "Measure").encode() + ROW.encode(), "twice")
    bomb = folder / "bomb.csv.gz"
    with gzip.open(bomb, "wb", compresslevel=9) as out:
        out.write(HEADER.encode())
        for _ in range(40):
            out.write(b"0" * 1_000_000)
    made["bomb.csv.gz"] = (bomb, "fill the disk")
    slip = folder / "slip.zip"
    with zipfile.ZipFile(slip, "w") as archive:
        archive.writestr("../../evil.csv", HEADER + ROW)
    made["slip.zip"] = (slip, "outside itself")
    made["folder"] = (folder, "not a file")
    made["absent"] = (folder / "no-such.csv", "no such file")
    return made


@pytest.fixture
def bad(tmp_path: Path) -> dict[str, tuple[Path, str]]:
    folder = tmp_path / "bad"
    folder.mkdir()
    return bad_files(folder)


def snapshot(home: Path) -> dict[str, bytes]:
    return {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()}


def test_each_bad_file_gets_one_message_and_changes_nothing(
    bad: dict[str, tuple[Path, str]], store: Store, home: Path, tmp_path: Path
) -> None:
    good = tmp_path / "good.csv"
    good.write_text(HEADER + ROW)
    store.import_files([good])
    before = snapshot(home)
    for name, (path, words) in bad.items():
        with pytest.raises(InputError) as caught:
            store.import_files([path])
        assert len(caught.value.problems) == 1, name
        assert words in str(caught.value), (name, str(caught.value))
        assert str(path) in str(caught.value), name
        assert snapshot(home) == before, name


def test_a_bad_file_among_good_ones_stops_all(bad: dict[str, tuple[Path, str]], store: Store, tmp_path: Path) -> None:
    good = tmp_path / "good.csv"
    good.write_text(HEADER + ROW)
    with pytest.raises(InputError):
        store.import_files([good, bad["cut.csv.gz"][0]])
    assert store.all_parts() == {}


def test_packed_and_plain_content_are_the_same(store: Store, tmp_path: Path) -> None:
    plain, packed, archive = tmp_path / "a.csv", tmp_path / "b", tmp_path / "c.zip"
    plain.write_text(HEADER + ROW)
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as out:
        out.write(plain, "inside.csv")
    reports = store.import_files([plain, packed, archive])
    assert [report.already for report in reports] == [False, True, True]
    assert len({report.content_sha256 for report in reports}) == 1


def test_latin1_and_utf8_give_the_same_rows(tmp_path: Path) -> None:
    text = HEADER + ROW.replace("Laredo", "Ciudad Juárez")
    for encoding in ("utf-8", "latin-1", "utf-8-sig"):
        path = tmp_path / encoding
        path.write_bytes(text.encode(encoding))
        found = unpack(path, tmp_path / "out")
        assert found.text.read_text(encoding="utf-8") == text
        assert recognise(read_head(path)).dataset == "bts-crossings"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_line_ends_of_every_machine(store: Store, tmp_path: Path, ending: str) -> None:
    path = tmp_path / "lines.csv"
    path.write_bytes((HEADER + ROW + "\n" + ROW.replace("Trucks", "Buses")).replace("\n", ending).encode())
    report = store.import_files([path])[0]
    assert (report.rows_read, report.rows_kept) == (2, 2)


def test_line_end_split_between_two_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "CHUNK", 7)
    text = "ábc,d\r\n\r\n" * 5 + "é\r\nlast"
    path = tmp_path / "t"
    path.write_bytes(text.encode())
    found = unpack(path, tmp_path / "out")
    assert found.text.read_text(encoding="utf-8") == text.replace("\r\n", "\n")
    assert found.encoding == "utf-8"
    assert found.lines == count_lines(found.text) == 7


def test_the_kind_is_told_by_content_not_by_name(tmp_path: Path) -> None:
    path = tmp_path / "holiday.jpeg"
    path.write_text(HEADER + ROW)
    assert recognise(read_head(path)).dataset == "bts-crossings"


def test_a_store_file_that_leads_outside_is_refused(store: Store, home: Path, tmp_path: Path) -> None:
    good = tmp_path / "good.csv"
    good.write_text(HEADER + ROW)
    store.import_files([good])
    outside = tmp_path / "outside.parquet"
    outside.write_bytes(b"x")
    (home / "bts-crossings" / "evil.parquet").symlink_to(outside)
    with pytest.raises(InputError, match="outside the data directory"):
        store.parts("bts-crossings")
    with pytest.raises(InputError, match="outside the data directory"):
        store.parts("../elsewhere")
