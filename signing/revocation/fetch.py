"""Fetch revocation data over guarded HTTP, with a cache folder shared between files and processes."""

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

# An address that failed, or gave something stale, is not asked again for that long: a batch must not wait per file.
_PAUSE = dt.timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """The permission to use the network; by default nobody has one.

    `hosts`: only these are asked, at any address; empty: any host at a public address. `folder` caches answers for
    other files and processes; None: no cache. `seconds` bounds each step of an exchange.
    """

    hosts: frozenset[str] = frozenset()
    folder: Path | None = None
    seconds: float = 4.0

    def ask(self, request: Request, *, fresh: Callable[[bytes], bool], now: dt.datetime) -> bytes | None:
        """Return the cached answer while it is fresh, else a new one, else the stale one; None when there is none."""
        if self.folder is None:
            return exchange(request, hosts=self.hosts, seconds=self.seconds)
        name = hashlib.sha256(request.address.encode() + b"\0" + (request.question or b"")).hexdigest()
        path, last_asked = self.folder / name, self.folder / f"{name}.asked"
        cached = _read(path)
        if cached is not None and fresh(cached):
            return cached
        if _asked_recently(last_asked, now):
            return cached
        _write(last_asked, now.isoformat().encode())
        content = exchange(request, hosts=self.hosts, seconds=self.seconds)
        if content is not None:
            _write(path, content)
        return content if content is not None else cached


def _asked_recently(last_asked: Path, now: dt.datetime) -> bool:
    try:
        return abs(now - dt.datetime.fromisoformat((_read(last_asked) or b"").decode())) < _PAUSE
    except (ValueError, TypeError):
        return False


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None


def _write(path: Path, content: bytes) -> None:
    """Write the whole file or nothing, also when several processes do. A full disk only costs the cache."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile(dir=path.parent, delete=False) as temporary:
            temporary.write(content)
        os.replace(temporary.name, path)  # noqa: PTH105 - the temporary file has a name, no path
    except OSError:
        return


# --- Guarded HTTP
#
# Against server-side request forgery, because anybody may write any address into a certificate: only http and https;
# only hosts that were named, or any with a public address; the address that was checked is the one connected to;
# redirects are followed a few times under the same rules; time and size are bounded. Proxies are not used: behind
# one, nobody could say where the request ends up.

_MOST_REDIRECTS = 3
_REDIRECTS = {301, 302, 303, 307, 308}
_OK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A GET, or the POST of an OCSP `question` (RFC 6960 A.1). At most `largest` bytes are accepted."""

    address: str
    largest: int
    question: bytes | None = None


def exchange(request: Request, *, hosts: frozenset[str], seconds: float) -> bytes | None:
    """Return the answer's bytes; None when the address may not be asked, does not answer, or sends too much.

    `hosts`: only these, at any address; empty: any host at a public address. Each step ends after `seconds`. The
    caller must check the signature over the bytes.
    """
    address = request.address
    for _ in range(_MOST_REDIRECTS + 1):
        try:
            answer = _fetch_once(address, request, hosts=hosts, seconds=seconds)
        except (OSError, http.client.HTTPException, ValueError):
            return None
        if not isinstance(answer, str):
            return answer
        address = urljoin(address, answer)
    return None


def _fetch_once(address: str, request: Request, *, hosts: frozenset[str], seconds: float) -> bytes | str | None:
    """Return the bytes, the address of a redirect, or None."""
    host = (urlsplit(address).hostname or "").lower()
    if hosts and host not in hosts:
        return None
    with guarded_connection(address, hosts=hosts, seconds=seconds) as guarded:
        if guarded is None:
            return None
        answer = _ask(guarded.connection, guarded.target, request)
        # To HTTP, a connection that was cut may look like one that ended.
        return None if guarded.late.is_set() else answer


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardedConnection:
    """An open connection, the request target for it, and an event that is set when it was cut for being late."""

    connection: http.client.HTTPConnection
    target: str
    late: threading.Event


@contextmanager
def guarded_connection(address: str, *, hosts: frozenset[str], seconds: float) -> Iterator[GuardedConnection | None]:
    """Connect to an untrusted address; yield None when that is forbidden: not http or https, no public address.

    `hosts` may have any address. The whole block ends after `seconds`. Raises OSError and ValueError.
    """
    parts = urlsplit(address)
    host, secure = (parts.hostname or "").lower(), parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    allowed = parts.scheme in {"http", "https"} and host and "@" not in parts.netloc
    resolved = _resolve(host, port, anywhere=host in hosts) if allowed else None
    if resolved is None:
        yield None
        return
    wire = socket.create_connection(resolved, seconds)
    # A server that sends a byte now and then never runs into a socket's own time limit.
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


def _resolve(host: str, port: int, *, anywhere: bool) -> tuple[str, int] | None:
    """Return the host's first acceptable IP address; None when none is public (`anywhere`: any is acceptable)."""
    for *_, endpoint in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM):
        if anywhere or is_public(str(endpoint[0])):
            return str(endpoint[0]), port
    return None


def _hang_up(wire: socket.socket, late: threading.Event) -> None:
    late.set()
    with suppress(OSError):
        wire.shutdown(socket.SHUT_RDWR)


# --- Public IP addresses

# Only this block is given out to networks of the internet (RFC 4291 2.4). What lies outside it is local, reserved, or
# carries an IPv4 address that could be a private one (::/96, 64:ff9b::/96 and its neighbours, RFC 6052 and 8215).
_GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")
# Inside it: protocol assignments with Teredo (RFC 4380), 6to4 (RFC 3056), and addresses of books (RFC 3849, 9637).
_NOT_GIVEN_OUT = tuple(map(ipaddress.ip_network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")))
# IPv4: relays of 6to4 (RFC 7526) and protocol assignments, some of which Python counts as global.
_NOT_GIVEN_OUT_4 = tuple(map(ipaddress.ip_network, ("192.88.99.0/24", "192.0.0.0/24")))
_ISATAP = (0x0000_5EFE, 0x0200_5EFE)  # the upper half of an interface that carries an IPv4 address (RFC 5214 6.1)


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the public internet, and carries no other address in it."""
    parsed = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is not None:
        parsed = parsed.ipv4_mapped
    if not parsed.is_global or parsed.is_multicast:
        return False
    if isinstance(parsed, ipaddress.IPv4Address):
        return not any(parsed in network for network in _NOT_GIVEN_OUT_4)
    return (
        parsed in _GLOBAL_UNICAST
        and not any(parsed in network for network in _NOT_GIVEN_OUT)
        and int(parsed) >> 32 & 0xFFFF_FFFF not in _ISATAP
    )


# --- Addresses a certificate names (RFC 5280 4.2.1.13 and 4.2.2.1)

_MOST = 4  # of one certificate


def names_revocation_source(certificate: x509.Certificate) -> bool:
    """Tell whether the certificate names any source of lists or answers, of whatever kind."""
    for extension in certificate.extensions:
        if isinstance(extension.value, x509.CRLDistributionPoints):
            return True
        if isinstance(extension.value, x509.AuthorityInformationAccess) and any(
            description.access_method == AuthorityInformationAccessOID.OCSP for description in extension.value
        ):
            return True
    return False


def crl_addresses(certificate: x509.Certificate) -> list[str]:
    """Return the HTTP addresses of the CRLs a certificate names."""
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return []
    return _http(name for point in points for name in point.full_name or ())


def ocsp_addresses(certificate: x509.Certificate) -> list[str]:
    """Return the HTTP addresses of the OCSP responders a certificate names."""
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
    addresses = (name.value for name in names if isinstance(name, x509.UniformResourceIdentifier))
    return [address for address in dict.fromkeys(addresses) if address.startswith(("http://", "https://"))][:_MOST]
