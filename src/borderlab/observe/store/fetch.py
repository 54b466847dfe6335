"""Downloads from the publishers' own addresses, checked at every step."""

from __future__ import annotations

import ipaddress
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache
from http.client import HTTPException
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from borderlab import __version__
from borderlab.base.problems import InputError, Problem, nearest
from borderlab.evidence.tables.table import SourcedRow, table
from borderlab.observe.reading.report import ImportReport
from borderlab.observe.store.store import Store

TIMEOUT_S = 60
ANSWER_S = 90.0
PATIENCE_S = 30.0
SLOWEST = 1000
"""Bytes a second: after so much patience a server that sends fewer is given up."""
CHUNK = 1 << 16
MOST_HOPS = 5
# What data may call themselves. Publishers' servers are careless here, so that only what is surely no data is refused.
_NO_DATA = ("text/html", "application/xhtml+xml", "image/", "video/", "audio/", "application/pdf")


class Address(SourcedRow):
    """A row of ``reference/observe/addresses.csv``."""

    id: str
    dataset: str
    title_en: str
    title_es: str
    address: str | None = None
    page: str
    fixed: Literal["yes", "no"]
    hosts: str
    most_mb: float

    @property
    def allowed(self) -> frozenset[str]:
        """Host names that a download may touch."""
        return frozenset(host.strip() for host in self.hosts.split(";"))


@cache
def addresses() -> dict[str, Address]:
    """Every address by id."""
    return {row.id: row for row in table("observe/addresses", Address)}


def address(name: str) -> Address:
    """The address of a name or data set.

    Raises:
        InputError: there is none.
    """
    found = addresses().get(name) or next((row for row in addresses().values() if row.dataset == name), None)
    if found is None:
        raise InputError(
            Problem(
                f"there is no address '{name}'.",
                did_you_mean=nearest(name, addresses()),
                cure=f"There are: {', '.join(addresses())}.",
            )
        )
    return found


def fetch(
    name: str, *, url: str | None = None, from_url: str | None = None, store: Store | None = None
) -> list[ImportReport]:
    """Download one file and import it, or each file of an archive; nothing is changed if any check fails.

    ``url`` is an address on the publisher's own site (for files whose address changes); ``from_url`` is a copy on
    this very machine (``http://127.0.0.1:…``), for tests and mirrors, and nothing else.

    Raises:
        InputError: no address, a host that is not allowed, a web page instead of data, too large, or no answer.
    """
    place = address(name)
    target = from_url or url or place.address
    if target is None:
        raise InputError(
            Problem(
                f"the address of {place.title_en} changes with every release.",
                cure=f"Find the newest CSV on {place.page} and give its address with --url, or download it "
                "and use 'borderlab data import'.",
            )
        )
    check = _loopback_only if from_url else _allowed(place.allowed)
    store = store or Store()
    with tempfile.TemporaryDirectory(prefix="borderlab-") as folder:
        file = Path(folder) / "download"
        download(target, file, check, int(place.most_mb * 1e6))
        return store.import_files([file], datetime.now(UTC).date().isoformat(), called=[target], expected=place.dataset)


def download(url: str, target: Path, check: Callable[[str], None], most_bytes: int) -> None:
    """Write what ``url`` gives to ``target``; ``check`` must allow the address and each one it is sent on to.

    Raises:
        InputError: refused, too large, no data, or no answer.
    """
    check(url)
    opener = urllib.request.build_opener(_CheckedRedirects(check), *_proxies(url))
    request = urllib.request.Request(url, headers={"User-Agent": f"borderlab/{__version__}", "Accept": "*/*"})
    try:
        with _answer(url, lambda: opener.open(request, timeout=TIMEOUT_S)) as answer:
            _check_answer(url, answer, most_bytes)
            _save(url, answer, target, most_bytes)
    except InputError:
        raise
    except urllib.error.HTTPError as error:
        raise _failed(url, f"answered {error.code} {error.reason}.") from None
    except urllib.error.URLError as error:
        raise _failed(url, f"cannot be reached ({str(error.reason)[:100]}).") from None
    except (OSError, HTTPException, ValueError) as error:
        raise _failed(url, f"broke off ({str(error)[:100] or type(error).__name__}).") from None


def _answer(url: str, ask: Callable[[], Any]) -> Any:
    """The server's answer, its headers read. The system's time limit is for each byte; this one is for all of them."""
    found: list[Any] = []

    def call() -> None:
        try:
            found.append(ask())
        except BaseException as error:
            found.append(error)

    thread = threading.Thread(target=call, daemon=True)
    thread.start()
    thread.join(ANSWER_S)
    if not found:
        raise _failed(url, f"has not answered in {ANSWER_S:.0f} s.")
    if isinstance(found[0], BaseException):
        raise found[0]
    return found[0]


def _save(url: str, answer: Any, target: Path, most_bytes: int) -> None:
    stated = getattr(answer, "headers", {}).get("Content-Length")
    size = 0
    begun = time.monotonic()
    with target.open("wb") as out:
        while chunk := answer.read1(CHUNK):
            size += len(chunk)
            spent = time.monotonic() - begun
            if spent > PATIENCE_S and size < spent * SLOWEST:
                cause = f"sends {size / spent:.0f} bytes a second; that would never end."
                raise _failed(url, cause, "Try again later.")
            if size > most_bytes:
                raise _failed(url, f"sends more than {most_bytes / 1e6:.0f} MB; that is not the file.")
            out.write(chunk)
    if stated and stated.isdecimal() and size != int(stated):
        raise _failed(url, f"broke off after {size} of {stated} bytes.")


def _check_answer(url: str, answer: Any, most_bytes: int) -> None:
    kind = (answer.headers.get("Content-Type") or "").split(";")[0].strip().lower()
    if kind.startswith(_NO_DATA):
        raise _failed(url, f"sends {kind}, not data.", "Open it in a browser: it may be an error page.")
    stated = answer.headers.get("Content-Length") or ""
    if stated.isdecimal() and int(stated) > most_bytes:
        raise _failed(url, f"announces {int(stated) / 1e6:.0f} MB; at most {most_bytes / 1e6:.0f} MB are taken.")


def _allowed(hosts: frozenset[str]) -> Callable[[str], None]:
    def check(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme != "https":
            raise _failed(url, "is not an https address.")
        if parts.hostname not in hosts or parts.username or parts.port not in (None, 443):
            raise _failed(url, f"is not an address of the publisher ({', '.join(sorted(hosts))}).")

    return check


def _loopback_only(url: str) -> None:
    parts = urlsplit(url)
    try:
        here = parts.hostname == "localhost" or ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        here = False
    if parts.scheme not in ("http", "https") or not here:
        raise _failed(url, "is not on this machine; --from-url takes http://127.0.0.1 addresses only.")


def _proxies(url: str) -> list[urllib.request.BaseHandler]:
    """A proxy must not stand between this machine and itself."""
    return [urllib.request.ProxyHandler({})] if urlsplit(url).scheme == "http" else []


class _CheckedRedirects(urllib.request.HTTPRedirectHandler):
    """Follows a redirect only to an address that is allowed itself."""

    max_redirections = MOST_HOPS

    def __init__(self, check: Callable[[str], None]) -> None:
        self._check = check

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        self._check(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _failed(url: str, cause: str, cure: str = "Nothing was changed.") -> InputError:
    return InputError(Problem(cause, url, cure=cure))
