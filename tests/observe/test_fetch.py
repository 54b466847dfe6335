"""Downloads: size, type, address and redirects are checked; tested against a server on this machine."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from borderlab.base.problems import InputError
from borderlab.observe.store import fetch as room
from borderlab.observe.store.fetch import address, addresses, download, fetch
from borderlab.observe.store.store import Store

CSV = (
    b"Port Name,State,Port Code,Border,Date,Measure,Value,Latitude,Longitude,Point\n"
    b"Laredo,Texas,2304,US-Mexico Border,Jan 1997,Trucks,5,1,2,P\n"
)
CSV_TYPE = {"Content-Type": "text/csv"}


def test_a_good_answer_is_imported_with_its_address(store: Store, serve: Callable[..., str]) -> None:
    root = serve({"/a": (200, CSV_TYPE, CSV), "/b": (200, {"Content-Type": "application/gzip"}, gzip.compress(CSV))})
    (report,) = fetch("bts", from_url=f"{root}/a", store=store)
    assert (report.file, report.dataset, report.rows_kept) == (f"{root}/a", "bts-crossings", 1)
    assert fetch("bts", from_url=f"{root}/b", store=store)[0].already


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ((200, {"Content-Type": "text/html; charset=utf-8"}, b"<html>sorry</html>"), "text/html, not data"),
        ((200, {"Content-Type": "text/csv"}, b"<!DOCTYPE html><html>sorry</html>"), "web page"),
        ((200, {**CSV_TYPE, "Content-Length": "900000000"}, b"x"), "announces 900 MB"),
        ((200, {**CSV_TYPE, "Content-Length": "5000"}, CSV), "broke off"),
        ((404, CSV_TYPE, b"no"), "404"),
        ((500, CSV_TYPE, b"no"), "500"),
        ((200, CSV_TYPE, b"a,b,c\n1,2,3\n"), "none of the known public files"),
        ((200, CSV_TYPE, b"month,sector,encounters,source\n2020-01,Yuma,5,x\n"), "is usbp-sectors, not bts-crossings"),
        ((302, {"Location": "https://example.org/evil.csv"}, b""), "not on this machine"),
        ((302, {"Location": "file:///etc/passwd"}, b""), "not allowed"),
        ((302, {"Location": "/a"}, b""), "redirect"),
    ],
)
def test_bad_answers_change_nothing(store: Store, serve: Callable[..., str], answer: room.Any, words: str) -> None:
    root = serve({"/a": answer})
    with pytest.raises(InputError, match=r"(?s).*") as caught:
        fetch("bts", from_url=f"{root}/a", store=store)
    assert words in str(caught.value)
    assert len(caught.value.problems) == 1
    assert store.all_parts() == {}


def test_more_bytes_than_allowed_are_not_read(serve: Callable[..., str], tmp_path: Path) -> None:
    root = serve({"/a": (200, CSV_TYPE, b"x" * 3_000_000)})
    with pytest.raises(InputError, match="MB"):
        download(f"{root}/a", tmp_path / "f", lambda url: None, 1_000_000)


def test_a_redirect_on_this_machine_is_followed(store: Store, serve: Callable[..., str]) -> None:
    root = serve({"/a": (302, {"Location": "/b"}, b""), "/b": (200, CSV_TYPE, CSV)})
    assert fetch("bts", from_url=f"{root}/a", store=store)[0].rows_kept == 1


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://data.bts.gov/x.csv", "not an https address"),
        ("https://data.bts.gov.evil.org/x.csv", "not an address of the publisher"),
        ("https://evil.org/data.bts.gov", "not an address of the publisher"),
        ("https://user:pw@data.bts.gov/x.csv", "not an address of the publisher"),
        ("https://data.bts.gov:8443/x.csv", "not an address of the publisher"),
        ("file:///etc/passwd", "not an https address"),
        ("https://127.0.0.1/x.csv", "not an address of the publisher"),
    ],
)
def test_only_the_publishers_own_https_addresses(store: Store, url: str, words: str) -> None:
    with pytest.raises(InputError, match=words):
        fetch("bts", url=url, store=store)


@pytest.mark.parametrize(
    "url", ["http://10.0.0.1/x", "https://example.org/x", "http://127.0.0.1.evil.org/x", "file:///x"]
)
def test_a_copy_must_be_on_this_machine(store: Store, url: str) -> None:
    with pytest.raises(InputError, match="not on this machine"):
        fetch("bts", from_url=url, store=store)


def test_no_server(store: Store) -> None:
    with pytest.raises(InputError, match="cannot be reached"):
        fetch("bts", from_url="http://127.0.0.1:9/x", store=store)


def test_the_table_of_addresses() -> None:
    for row in addresses().values():
        room._allowed(row.allowed)(row.address or f"https://{sorted(row.allowed)[0]}/x")
        assert row.page.startswith("https://")
        assert (row.fixed == "yes") == (row.address is not None)
    assert address("bts-crossings").id == "bts"
    with pytest.raises(InputError, match="Did you mean 'bts'"):
        address("btss")
    with pytest.raises(InputError, match="changes with every release"):
        fetch("cbp-encounters")
