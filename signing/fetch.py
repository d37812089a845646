"""One HTTP exchange with an address a certificate names, guarded: that address is whatever somebody wrote there.

Only http and https; only hosts that were named, or any with a public address; the address that was checked is the one
connected to; redirects are followed a few times under the same rules; time and size end. Proxies are not used: behind
one, nobody could say where the request ends up.
"""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from signing.places import is_public

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
    with reached(address, hosts=hosts, seconds=seconds) as there:
        if there is None:
            return None
        answered = _ask(there.connection, there.target, request)
        # To HTTP, a connection that was cut may look like one that ended.
        return None if there.late.is_set() else answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A connection that stands, what to ask for on it, and whether (afterwards) it was cut for being late."""

    connection: http.client.HTTPConnection
    target: str
    late: threading.Event


@contextmanager
def reached(address: str, *, hosts: frozenset[str], seconds: float) -> Iterator[Reached | None]:
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
        yield Reached(connection=connection, target=target, late=late)
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
