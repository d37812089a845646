"""Permission to ask the network for revocation data, and a folder in which answers are kept between files."""

from __future__ import annotations

import datetime as dt
import hashlib
import http.client
import ipaddress
import os
import socket
import ssl
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from urllib.parse import urljoin, urlsplit

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID

# An address that failed, or gave something stale, is left in peace for that long: a batch must not wait per file.
_PAUSE = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """Having one is the permission; there is none by default.

    `hosts`: only these are asked, wherever they are; empty: any host at a public address. `folder` keeps answers for
    other files and processes; None: nothing is kept. `seconds` bounds each step of an exchange.
    """

    hosts: frozenset[str] = frozenset()
    folder: Path | None = None
    seconds: float = 4.0

    def ask(self, request: Request, *, fresh: Callable[[bytes], bool], now: dt.datetime) -> bytes | None:
        """The kept answer while it is fresh, else a new one, else whatever is kept; None when there is nothing."""
        if self.folder is None:
            return exchange(request, hosts=self.hosts, seconds=self.seconds)
        name = hashlib.sha256(request.address.encode() + b"\0" + (request.question or b"")).hexdigest()
        place, asked = self.folder / name, self.folder / f"{name}.asked"
        kept = _read(place)
        if kept is not None and fresh(kept):
            return kept
        if _recent(asked, now):
            return kept
        _write(asked, now.isoformat().encode())
        content = exchange(request, hosts=self.hosts, seconds=self.seconds)
        if content is not None:
            _write(place, content)
        return content if content is not None else kept


def _recent(asked: Path, now: dt.datetime) -> bool:
    try:
        return abs(now - dt.datetime.fromisoformat((_read(asked) or b"").decode())) < _PAUSE
    except (ValueError, TypeError):
        return False


def _read(place: Path) -> bytes | None:
    try:
        return place.read_bytes()
    except OSError:
        return None


def _write(place: Path, content: bytes) -> None:
    """The whole file or none, also when several processes write it at once. A folder that is full costs only time."""
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=place.parent, delete=False) as beside:
            beside.write(content)
        os.replace(beside.name, place)  # noqa: PTH105 - the temporary file has a name, no path
    except OSError:
        return


# --- One HTTP exchange with an address a certificate names, guarded: that address is whatever somebody wrote there
#
# Only http and https; only hosts that were named, or any with a public address; the address that was checked is the
# one connected to; redirects are followed a few times under the same rules; time and size end. Proxies are not used:
# behind one, nobody could say where the request ends up.

_MOST_REDIRECTS = 3
_REDIRECTS = {301, 302, 303, 307, 308}
_OK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A GET, or the POST of an OCSP `question` (RFC 6960 A.1). At most `largest` bytes come back."""

    address: str
    largest: int
    question: bytes | None = None


def exchange(request: Request, *, hosts: frozenset[str], seconds: float) -> bytes | None:
    """The answer's bytes; None when it may not be asked for, cannot be had, or is too large.

    `hosts`: only these, wherever they are; empty: any host at a public address. Each step ends after `seconds`.
    Whoever uses the bytes must check their signature.
    """
    address = request.address
    for _ in range(_MOST_REDIRECTS + 1):
        try:
            answered = _once(address, request, hosts=hosts, seconds=seconds)
        except (OSError, http.client.HTTPException, ValueError):
            return None
        if not isinstance(answered, str):
            return answered
        address = urljoin(address, answered)
    return None


def _once(address: str, request: Request, *, hosts: frozenset[str], seconds: float) -> bytes | str | None:
    """The bytes, the address it sends us to, or None."""
    host = (urlsplit(address).hostname or "").lower()
    if hosts and host not in hosts:
        return None
    with guarded_connection(address, hosts=hosts, seconds=seconds) as there:
        if there is None:
            return None
        answered = _ask(there.connection, there.target, request)
        # To HTTP, a connection that was cut may look like one that ended.
        return None if there.late.is_set() else answered


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardedConnection:
    """A connection that stands, what to ask for on it, and whether (afterwards) it was cut for being late."""

    connection: http.client.HTTPConnection
    target: str
    late: threading.Event


@contextmanager
def guarded_connection(address: str, *, hosts: frozenset[str], seconds: float) -> Iterator[GuardedConnection | None]:
    """Connected to an address of somebody's making; None when it may not be: no http or https, no public place.

    `hosts` may be anywhere. All of the block ends after `seconds`. OSError and ValueError as they come.
    """
    parts = urlsplit(address)
    host, secure = (parts.hostname or "").lower(), parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    allowed = parts.scheme in {"http", "https"} and host and "@" not in parts.netloc
    place = _place(host, port, anywhere=host in hosts) if allowed else None
    if place is None:
        yield None
        return
    wire = socket.create_connection(place, seconds)
    # A server that drips a byte now and then never runs into a socket's own time limit.
    late, end = threading.Event(), wire.dup()
    alarm = threading.Timer(seconds, _hang_up, (end, late))
    alarm.daemon = True
    alarm.start()
    try:
        if secure:
            wire = ssl.create_default_context().wrap_socket(wire, server_hostname=host)
        connection = http.client.HTTPConnection(host, port)
        connection.sock = wire
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        yield GuardedConnection(connection=connection, target=target, late=late)
    finally:
        alarm.cancel()
        wire.close()
        end.close()


def _ask(connection: http.client.HTTPConnection, target: str, request: Request) -> bytes | str | None:
    headers = {"Connection": "close"}
    if request.question is not None:
        headers["Content-Type"] = "application/ocsp-request"
    connection.request("POST" if request.question else "GET", target, body=request.question, headers=headers)
    with connection.getresponse() as answer:
        if answer.status in _REDIRECTS:
            return answer.headers.get("Location")
        if answer.status != _OK:
            return None
        content = answer.read(request.largest + 1)
        whole = answer.length in {None, 0}
    return content if whole and len(content) <= request.largest else None


def _place(host: str, port: int, *, anywhere: bool) -> tuple[str, int] | None:
    """Where the host is, as numbers; None when that is no public place and it need not be."""
    for *_, found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        if anywhere or is_public(str(found[0])):
            return str(found[0]), port
    return None


def _hang_up(wire: socket.socket, late: threading.Event) -> None:
    late.set()
    with suppress(OSError):
        wire.shutdown(socket.SHUT_RDWR)


# --- Which IP addresses belong to the internet at large

# Ranges whose addresses carry an IPv4 address inside, which could be a private one (RFC 6052, 3056, 4380).
_CARRIERS = tuple(
    ipaddress.ip_network(network) for network in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32")
)


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the internet at large: no loopback, private, link-local or carrier range."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        elif any(found in carrier for carrier in _CARRIERS):
            return False
    return found.is_global and not found.is_multicast


# --- Where a certificate says that its revocation can be asked for (RFC 5280 4.2.1.13 and 4.2.2.1)

_MOST = 4  # of one certificate


def names_revocation_source(certificate: x509.Certificate) -> bool:
    """Whether the certificate names any place for lists or answers, of whatever kind."""
    for extension in certificate.extensions:
        if isinstance(extension.value, x509.CRLDistributionPoints):
            return True
        if isinstance(extension.value, x509.AuthorityInformationAccess) and any(
            description.access_method == AuthorityInformationAccessOID.OCSP for description in extension.value
        ):
            return True
    return False


def crl_addresses(certificate: x509.Certificate) -> list[str]:
    """The HTTP addresses at which a certificate says its CRLs are found."""
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return []
    return _http(name for point in points for name in point.full_name or ())


def ocsp_addresses(certificate: x509.Certificate) -> list[str]:
    """The HTTP addresses of the responders a certificate names."""
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        return []
    return _http(
        description.access_location
        for description in access
        if description.access_method == AuthorityInformationAccessOID.OCSP
    )


def _http(names: Iterable[x509.GeneralName]) -> list[str]:
    written = (name.value for name in names if isinstance(name, x509.UniformResourceIdentifier))
    return [address for address in dict.fromkeys(written) if address.startswith(("http://", "https://"))][:_MOST]
