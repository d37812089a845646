"""One HTTP exchange with the gateway: sent once, never again, and it is known whether anything was sent at all."""

from __future__ import annotations

import base64
import http.client
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from signing.signers.bsre.secret import Secret

_LARGEST = 96 * 2**20
_PORTION = 2**16


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """The gateway as this installation reaches it. `version`: `auto`, `v2` or `v1`; times are in seconds.

    `patience` bounds a whole exchange: signing was seen to take long (eight signatures verified in 40 s).
    """

    url: str
    user: str
    password: Secret
    version: str = "auto"
    connecting: float = 10.0
    patience: float = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked. Path and body may hold secrets and are never shown."""

    method: str
    path: str = field(repr=False)
    body: bytes | None = field(default=None, repr=False)
    media_type: str = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back. `document_id` is the header of the same purpose (v1)."""

    status: int
    content: bytes
    document_id: str | None = None


class NotSent(Exception):
    """Nothing left this machine."""


class Lost(Exception):
    """Something was sent, and the answer did not come back whole. `document_id` where its header did."""

    def __init__(self, why: str, document_id: str | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.document_id = document_id


def exchange(installation: Installation, question: Question) -> Reply:
    """Ask once. Redirects are not followed, proxies not used, and nothing is ever sent a second time."""
    end = time.monotonic() + installation.patience
    parts = urlsplit(installation.url)
    connection = _connection(parts.scheme, parts.hostname or "", parts.port, installation.connecting)
    try:
        try:
            connection.connect()
        except (OSError, http.client.HTTPException, ValueError):
            raise NotSent from None
        connection.timeout = installation.patience
        if connection.sock is not None:
            connection.sock.settimeout(installation.patience)
        return _ask(connection, parts.path.rstrip("/"), installation, question, end)
    finally:
        connection.close()


def _connection(scheme: str, host: str, port: int | None, timeout: float) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=timeout, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=timeout)


def _ask(
    connection: http.client.HTTPConnection, folder: str, installation: Installation, question: Question, end: float
) -> Reply:
    document_id: str | None = None
    try:
        connection.request(question.method, folder + question.path, question.body, _headers(installation, question))
        answer = connection.getresponse()
        document_id = answer.headers.get("id_dokumen")
        content = bytearray()
        while portion := answer.read1(_PORTION):
            content += portion
            left = end - time.monotonic()
            if left <= 0 or len(content) > _LARGEST:
                raise Lost("jawabannya terlalu lama atau terlalu besar", document_id)
            if connection.sock is not None:
                connection.sock.settimeout(left)
    except http.client.InvalidURL:
        raise NotSent from None
    except TimeoutError:
        raise Lost("layanan BSrE tidak menjawab tepat waktu", document_id) from None
    except (OSError, http.client.HTTPException, ValueError):
        raise Lost("sambungan ke layanan BSrE terputus", document_id) from None
    if answer.length:
        raise Lost("jawaban layanan BSrE terpotong", document_id)
    return Reply(status=answer.status, content=bytes(content), document_id=document_id)


def _headers(installation: Installation, question: Question) -> Mapping[str, str]:
    told = f"{installation.user}:{installation.password.reveal()}".encode()
    headers = {"Authorization": f"Basic {base64.b64encode(told).decode('ascii')}", "Connection": "close"}
    headers["Accept"] = "application/json, application/pdf, */*"
    return headers | ({"Content-Type": question.media_type} if question.body is not None else {})
