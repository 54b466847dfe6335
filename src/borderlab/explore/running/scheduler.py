"""Where a Dask scheduler is, how far it is trusted, and whether one is there at all.

Dask speaks pickle both ways: whoever can answer in the scheduler's place, or joins as a worker, can run commands here.
A scheduler on another machine is therefore spoken to over TLS with certificates, or not at all unless the user says so.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path

from borderlab.base.inputfile import read_bytes
from borderlab.base.problems import InputError, Problem

CONNECT_SECONDS = 5.0
"""A scheduler on a network answers within milliseconds."""
_EXAMPLE = "Give an address like tcp://127.0.0.1:8786, or tls://HOST:8786 with certificates."
_ADDRESS = re.compile(r"(?:(?P<scheme>[a-z]+)://)?(?P<host>\[[0-9A-Fa-f:.%a-z]+\]|[A-Za-z0-9._-]+):(?P<port>\d{1,5})")
_MOST_BYTES = 1_000_000
_MOST_FRAMES = 1000


@dataclass(frozen=True)
class Scheduler:
    """A scheduler's address with what is needed to speak to it. Make one with :meth:`at`.

    Attributes:
        scheme: tcp or tls. host, port: where. files: certificate authority, certificate and key of TLS.
    """

    scheme: str
    host: str
    port: int
    files: tuple[Path, Path, Path] | None = None

    @classmethod
    def at(
        cls,
        address: str,
        *,
        tls_ca: Path | None = None,
        tls_cert: Path | None = None,
        tls_key: Path | None = None,
        insecure: bool = False,
    ) -> Scheduler:
        """Check an address and the files that go with it.

        Args:
            insecure: allow plain TCP to another machine: the whole network between is trusted.

        Raises:
            InputError: no address, plain TCP to another machine, or certificates that are missing or none.
        """
        match = _ADDRESS.fullmatch(address)
        scheme = (match["scheme"] or "tcp") if match else ""
        if match is None or scheme not in ("tcp", "tls") or not 0 < int(match["port"]) < 65536:
            raise InputError(Problem(f"'{address[:200]}' is no address of a Dask scheduler.", cure=_EXAMPLE))
        named = {"--tls-ca": tls_ca, "--tls-cert": tls_cert, "--tls-key": tls_key}
        given = [path for path in named.values() if path is not None]
        if scheme == "tls" and len(given) < 3:
            lacking = ", ".join(name for name, path in named.items() if path is None)
            raise InputError(Problem(f"a tls:// scheduler needs certificates; {lacking} is missing.", cure=_EXAMPLE))
        if scheme == "tcp" and given:
            raise InputError(Problem("certificates go with a tls:// address.", cure=f"Write tls://{address[:200]}."))
        found = cls(scheme, match["host"], int(match["port"]), tuple(given) if given else None)  # type: ignore[arg-type]
        if scheme == "tcp" and not insecure and not found.here:
            raise InputError(
                Problem(
                    f"{found.address} is on another machine, and plain TCP lets anybody between run commands here.",
                    cure="Use tls:// with --tls-ca, --tls-cert and --tls-key, or add --insecure on a network that you "
                    "trust wholly.",
                )
            )
        found.context()
        return found

    @property
    def address(self) -> str:
        """As Dask wants it."""
        return f"{self.scheme}://{self.host}:{self.port}"

    @property
    def here(self) -> bool:
        """Is it on this very machine? A name counts only if it is ``localhost``: others may lead anywhere."""
        if self.host == "localhost":
            return True
        try:
            return ipaddress.ip_address(self.host.strip("[]")).is_loopback
        except ValueError:
            return False

    def context(self) -> ssl.SSLContext | None:
        """What TLS is spoken with; None for plain TCP.

        Raises:
            InputError: a file that cannot be read or is no certificate or key.
        """
        if self.files is None:
            return None
        for path in self.files:
            read_bytes(path, most=_MOST_BYTES)
        authority, certificate, key = self.files
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # it knows no authority but the one named
        context.check_hostname = False  # as Dask does: the authority alone vouches
        for path, take in (
            (authority, lambda: context.load_verify_locations(cafile=authority)),
            (certificate, lambda: context.load_cert_chain(certificate, key, password=lambda: b"")),
        ):
            try:
                take()
            except (ssl.SSLError, OSError, ValueError) as error:
                said = getattr(error, "reason", None) or getattr(error, "strerror", None) or type(error).__name__
                raise InputError(
                    Problem(
                        f"is not what TLS needs ({said}).", str(path), cure="PEM files are needed, without password."
                    )
                ) from None
        return context

    def check_there(self) -> None:
        """See whether a Dask scheduler answers: it speaks first, which nothing that only looks like one does.

        Raises:
            InputError: nothing answers, it is silent, or it speaks something else.
        """
        context = self.context()
        try:
            with socket.create_connection((self.host.strip("[]"), self.port), CONNECT_SECONDS) as plain:
                plain.settimeout(CONNECT_SECONDS)
                stream = plain if context is None else context.wrap_socket(plain)
                with stream:
                    start = _first(stream, 8)
        except ssl.SSLError as error:
            raise self.problem(f"TLS failed ({error.reason or error.__class__.__name__})") from None
        except TimeoutError:
            raise self.problem("what is there says nothing") from None
        except (OSError, UnicodeError, ValueError) as error:
            raise self.problem(str(getattr(error, "strerror", None) or error)[:100] or type(error).__name__) from None
        if len(start) < 8 or not 0 < int.from_bytes(start, "little") <= _MOST_FRAMES:
            raise self.problem("what is there speaks something else")

    def problem(self, why: str) -> InputError:
        """The scheduler cannot be used."""
        return InputError(
            Problem(
                f"no Dask scheduler answers at '{self.address}' ({why}).",
                cure="Give an address like tcp://127.0.0.1:8786, and see that the scheduler runs.",
            )
        )


def _first(stream: socket.socket, count: int) -> bytes:
    found = b""
    while len(found) < count:
        more = stream.recv(count - len(found))
        if not more:
            break
        found += more
    return found
