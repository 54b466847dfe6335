"""Archives with several members, workbooks, the wait feed as XML; and what is named for what it is."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from borderlab.base.problems import InputError
from borderlab.observe.series.series import load_series
from borderlab.observe.store.fetch import fetch
from borderlab.observe.store.store import Store

from . import files
from .files import put

DOT1 = files.DOT1 + "2,TX,2304,5,,,2010,5000,10,1,,X,01,2020\n"
DOT2 = DOT1.replace("DEPE", "COMMODITY2").replace("2304", "84")
DOT3 = "TRDTYPE,DEPE,COMMODITY2,DISAGMOT,COUNTRY,VALUE,SHIPWT,FREIGHT_CHARGES,DF,CONTCODE,MONTH,YEAR\n" + (
    "2,2304,84,5,2010,5000,10,1,,X,01,2020\n"
)


def zipped(path: Path, members: dict[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
        for name, content in members.items():
            out.writestr(name, content)
    return path


def trade(store: Store) -> float | None:
    return next(iter(load_series("trade.imports", store=store).points)).value


def test_a_month_of_transborder_is_three_files(store: Store, tmp_path: Path) -> None:
    path = zipped(tmp_path / "m.zip", {"dot1_0120.csv": DOT1, "dot2_0120.csv": DOT2, "dot3_0120.csv": DOT3})
    reports = store.import_files([path])
    assert [report.file for report in reports] == [f"{path}/dot{n}_0120.csv" for n in (1, 2, 3)]
    assert trade(store) == 5000  # each of the three holds the whole trade
    assert [report.already for report in store.import_files([path])] == [True] * 3


def test_rubbish_of_machines_and_documents_are_passed_over(store: Store, tmp_path: Path) -> None:
    rubbish = {
        "__MACOSX/._dot1_0120.csv": b"\0\5\x16\7" * 9, ".DS_Store": b"\0\0\0\1Bud1", "Thumbs.db": b"\xd0\xcf\x11\xe0",
        "folder/": b"", "folder/dot1_0120.csv": DOT1, "folder/readme.txt": b"TransBorder raw data, January 2020",
        "layout.pdf": b"%PDF-1.4 ...", "empty.csv": b"",
    }  # fmt: skip
    reports = store.import_files([zipped(tmp_path / "mac.zip", rubbish)])
    assert [report.file.rsplit("/", 1)[-1] for report in reports] == ["dot1_0120.csv"]
    said = " ".join(a.what for a in reports[0].anomalies if a.what.startswith("not read"))
    assert "readme.txt" in said
    assert "is a PDF" in said
    only = zipped(tmp_path / "one.zip", {"__MACOSX/._a.csv": b"\0\5", "a.csv": DOT3})
    assert Store(tmp_path / "other").import_files([only])[0].rows_kept == 1


def test_an_archive_of_archives_and_of_packed_files(store: Store, tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as out:
        out.writestr("dot1_0120.csv", DOT1)
        out.writestr("dot3_0120.csv.gz", gzip.compress(DOT3.encode()))
    path = zipped(tmp_path / "2020.zip", {"Jan 2020.zip": inner.getvalue()})
    assert [report.rows_kept for report in store.import_files([path])] == [1, 1]


def test_one_bad_member_stops_all(store: Store, tmp_path: Path) -> None:
    bad = DOT3.replace("2,2304", "9,2304")  # known, and nothing of it can be kept
    path = zipped(tmp_path / "m.zip", {"dot1_0120.csv": DOT1, "dot3_0120.csv": bad})
    with pytest.raises(InputError, match=r"m\.zip/dot3_0120\.csv"):
        store.import_files([path])
    assert store.all_parts() == {}


def test_an_archive_without_data_names_its_first_member(store: Store, tmp_path: Path) -> None:
    path = zipped(tmp_path / "x.zip", {"a.txt": "hello", "b.txt": "there"})
    with pytest.raises(InputError, match=r"x\.zip/a\.txt: is none of the known public files"):
        store.import_files([path])
    with pytest.raises(InputError, match="holds no file"):
        store.import_files([zipped(tmp_path / "none.zip", {"__MACOSX/x": "y"})])


def test_archives_made_to_fill_the_disk(store: Store, home: Path, tmp_path: Path) -> None:
    bomb = zipped(tmp_path / "bomb.zip", {f"{n}.csv": DOT1 + "0" * 9_000_000 for n in range(4)})
    with pytest.raises(InputError, match="fill the disk"):
        store.import_files([bomb])
    nested = DOT1.encode()
    for depth in range(4):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr("a.csv" if depth == 0 else "a.zip", nested)
        nested = out.getvalue()
    with pytest.raises(InputError, match="in an archive in an archive"):
        store.import_files([put(tmp_path, "deep.zip", nested)])
    assert not list((home / ".work").iterdir())


def test_a_fetched_month_is_imported_whole_and_messages_name_the_address(
    store: Store, tmp_path: Path, serve: Callable[..., str]
) -> None:
    path = zipped(tmp_path / "m.zip", {"dot1.csv": DOT1, "dot3.csv": DOT3})
    root = serve({
        "/m.zip": (200, {"Content-Type": "application/zip"}, path.read_bytes()),
        "/x.zip": (200, {"Content-Type": "application/zip"}, zipped(tmp_path / "x.zip", {"a": "b"}).read_bytes()),
    })  # fmt: skip
    assert len(fetch("bts-transborder", from_url=f"{root}/m.zip", store=store)) == 2
    with pytest.raises(InputError) as caught:
        fetch("bts-transborder", from_url=f"{root}/x.zip", store=store)
    assert f"{root}/x.zip" in str(caught.value)
    assert "/tmp" not in str(caught.value).replace(str(tmp_path), "")


def workbook(path: Path, sheets: dict[str, list[list[object]]]) -> Path:
    """A workbook as the format asks, written by hand: strings inline, numbers as they are, dates as serial days."""

    def cell(place: str, value: object) -> str:
        if isinstance(value, str):
            return f'<c r="{place}" t="inlineStr"><is><t>{value}</t></is></c>'
        return f'<c r="{place}"{" s=" + chr(34) + "1" + chr(34) if isinstance(value, bool) else ""}><v>{value}</v></c>'

    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    listed, related, members = "", "", {}
    for number, (name, rows) in enumerate(sheets.items(), 1):
        listed += f'<sheet name="{name}" sheetId="{number}" r:id="r{number}"/>'
        related += f'<Relationship Id="r{number}" Type="{office}/worksheet" Target="worksheets/s{number}.xml"/>'
        body = "".join(
            f'<row r="{r}">' + "".join(cell(f"{chr(64 + c)}{r}", v) for c, v in enumerate(row, 1)) + "</row>"
            for r, row in enumerate(rows, 1)
        )
        members[f"xl/worksheets/s{number}.xml"] = f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>'
    return zipped(path, {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{package}"><Relationship Id="a" Type="{office}/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}">{related}</Relationships>',
        **members,
    })  # fmt: skip


HEADINGS: list[object] = files.BTS.strip().split(",")  # type: ignore[assignment]


def test_a_workbook_is_read(store: Store, tmp_path: Path) -> None:
    rows = [
        ["Border crossings"], [], HEADINGS,
        ["Laredo", "Texas", 2304, "US-Mexico Border", 43466, "Trucks", 195640],
        ["Laredo", "Texas", 2304, "US-Mexico Border", "Feb 2019", "Trucks", 185210.0],
    ]  # fmt: skip
    path = workbook(tmp_path / "b.xlsx", {"Notes": [["Read me"]], "Data": rows})
    report = store.import_files([path])[0]
    assert report.file == f"{path}/Data"
    assert (report.rows_kept, report.first_period, report.last_period) == (2, "2019-01", "2019-02")
    found = load_series("entries.trucks", where={"port_code": "2304"}, store=store).points
    assert [p.value for p in found if p.vintage != "shipped"] == [195640, 185210]


def test_two_sheets_of_a_workbook_are_two_files(store: Store, tmp_path: Path) -> None:
    def sheet(month: str) -> list[list[object]]:
        return [HEADINGS, ["Laredo", "Texas", 2304, "US-Mexico Border", month, "Trucks", 7]]

    reports = store.import_files([workbook(tmp_path / "b.xlsx", {"A": sheet("Jan 2019"), "B": sheet("Feb 2019")})])
    assert [report.first_period for report in reports] == ["2019-01", "2019-02"]
    assert len({report.file_sha256 for report in reports}) == 2


def test_broken_and_other_workbooks_are_named(store: Store, tmp_path: Path) -> None:
    for name, content, words in (
        ("cut.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "no workbook that can be read"),
        ("doc.docx", zipped(tmp_path / "d", {"word/document.xml": "<a/>"}).read_bytes(), "is a document"),
        ("odd.xlsx", zipped(tmp_path / "o", {"xl/workbook.xml": "<nonsense"}).read_bytes(), "no workbook"),
        ("no.xlsx", workbook(tmp_path / "n", {"A": [["hello"]]}).read_bytes(), "none of the known public files"),
    ):
        with pytest.raises(InputError, match=words):
            store.import_files([put(tmp_path, name, content)])


XML = """<?xml version='1.0' encoding='ISO-8859-1'?>
<border_wait_time><last_updated_date>2026-7-8</last_updated_date><last_updated_time>16:05:57</last_updated_time>
<port><port_number>250401</port_number><border>Frontera mexicana</border><port_name>San Ysidro</port_name>
<date>7/8/2026</date><passenger_vehicle_lanes><maximum_lanes>34</maximum_lanes>
<standard_lanes><operational_status>delay</operational_status><update_time>At 1:00 pm PDT</update_time>
<delay_minutes>1 hr 30 min</delay_minutes><lanes_open>8</lanes_open></standard_lanes>
<NEXUS_SENTRI_lanes><operational_status>Lanes Closed</operational_status><update_time/><delay_minutes/><lanes_open/>
</NEXUS_SENTRI_lanes></passenger_vehicle_lanes></port></border_wait_time>"""


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8", "utf-8-sig"])
def test_the_feed_as_xml(store: Store, tmp_path: Path, encoding: str) -> None:
    text = XML.replace("San Ysidro", "San Ysidro – Tijuana" if encoding != "latin-1" else "San Ysidró")
    report = store.import_files([put(tmp_path, "f.xml", text.encode(encoding))])[0]
    assert (report.rows_read, report.rows_kept) == (2, 1)
    point = load_series("waits.vehicle", store=store).points[0]
    assert (f"{point.period:%Y-%m}", point.value) == ("2026-07", 90)


def test_the_feed_as_xml_and_as_json_are_the_same_readings(store: Store, tmp_path: Path) -> None:
    lane = {"operational_status": "delay", "update_time": "At 1:00 pm PDT", "delay_minutes": "90", "lanes_open": "8"}
    port = {"port_number": "250401", "date": "7/8/2026", "time": "16:05:57"}
    text = json.dumps([port | {"passenger_vehicle_lanes": {"standard_lanes": lane}}])
    store.import_files([put(tmp_path, "f.xml", XML)])
    report = store.import_files([put(tmp_path, "f.json", text)])[0]
    assert not [a for a in report.anomalies if a.kind == "revision"]


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    "<border_wait_time><port><port_number>&b;</port_number></port></border_wait_time>"
)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (BOMB, "document type or entities"),
        (BOMB.replace('"ha"', 'SYSTEM "file:///etc/passwd"'), "document type or entities"),
        (XML[:600], "cut off"),
        ("<border_wait_time></border_wait_time>", "no list of ports"),
        ("<border_wait_time>" + "<a>" * 50_000, "cut off"),
        ("<?xml version='1.0'?><rss><channel><title>Border Wait Times</title></channel></rss>", "feed as RSS"),
        ("<rss version='2.0'><channel><title>News</title></channel></rss>", "news feed"),
        ("<?xml version='1.0'?><iati-activities version='2.03'></iati-activities>", "is IATI"),
        ("<?xml version='1.0'?><kml><Document/></kml>", "is XML (<kml>)"),
        ("<!DOCTYPE html><html><body>404</body></html>", "web page"),
        ("<?xml version='1.0'?><!DOCTYPE html PUBLIC '-//W3C//DTD XHTML 1.0'><html/>", "web page"),
    ],
)
def test_xml_is_read_safely_or_called_what_it_is(store: Store, tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        store.import_files([put(tmp_path, "f.xml", text)])
    said = str(caught.value)
    assert words in said
    assert ("web page" in said) == (words == "web page")


def test_other_kinds_of_file_are_called_what_they_are(store: Store, tmp_path: Path) -> None:
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as out:
        out.addfile(tarfile.TarInfo("a.csv"))
    for name, content, words in (
        ("a.pdf", b"%PDF-1.7\n", "a PDF"), ("a.7z", b"7z\xbc\xaf\x27\x1c\0", "7-Zip"), ("a.rar", b"Rar!\x1a\7", "RAR"),
        ("a.bz2", b"BZh91AY&SY", "bzip2"), ("a.xz", b"\xfd7zXZ\0", "xz"), ("a.tar", tar.getvalue(), "tar archive"),
        ("a.parquet", b"PAR1\x15\4", "Parquet"), ("a.db", b"SQLite format 3\0", "database"),
        ("a.tgz", gzip.compress(tar.getvalue()), "tar archive"),
    ):  # fmt: skip
        with pytest.raises(InputError, match=words):
            store.import_files([put(tmp_path, name, content)])
