"""One HTTP exchange with the gateway: never repeated, and it is known whether anything was sent at all."""

from __future__ import annotations

import base64
import http.client
import json
import re
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from signing.errors import Cause
from signing.keys.bsre.request import GatewayRefused, Secret

_LARGEST = 96 * 2**20
_PORTION = 2**16


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """How this installation reaches the gateway. `version`: `auto`, `v2` or `v1`; times are in seconds.

    `patience` bounds a whole exchange: signing can take long (eight signatures verified took 40 s).
    """

    url: str
    user: str
    password: Secret
    version: str = "auto"
    connecting: float = 10.0
    patience: float = 90.0


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayRequest:
    """One request. Path and body may hold secrets and are never shown."""

    method: str
    path: str = field(repr=False)
    body: bytes | None = field(default=None, repr=False)
    media_type: str = "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayReply:
    """The answer to a request. `document_id` is the header `id_dokumen` (v1)."""

    status: int
    content: bytes
    document_id: str | None = None


class NotSent(Exception):
    """Nothing left this machine."""


class AnswerLost(Exception):
    """Something was sent, and the answer did not come back whole. `document_id` if its header arrived."""

    def __init__(self, why: Cause, document_id: str | None = None) -> None:
        super().__init__(why.code)
        self.why = why
        self.document_id = document_id


def exchange(installation: Installation, request: GatewayRequest) -> GatewayReply:
    """Send the request once. Redirects are not followed, proxies not used, and nothing is sent a second time."""
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
        return _ask(connection, parts.path.rstrip("/"), installation, request, end)
    finally:
        connection.close()


def _connection(scheme: str, host: str, port: int | None, timeout: float) -> http.client.HTTPConnection:
    if scheme == "https":
        return http.client.HTTPSConnection(host, port, timeout=timeout, context=ssl.create_default_context())
    return http.client.HTTPConnection(host, port, timeout=timeout)


def _ask(
    connection: http.client.HTTPConnection,
    folder: str,
    installation: Installation,
    request: GatewayRequest,
    end: float,
) -> GatewayReply:
    document_id: str | None = None
    try:
        connection.request(request.method, folder + request.path, request.body, _headers(installation, request))
        answer = connection.getresponse()
        document_id = answer.headers.get("id_dokumen")
        content = bytearray()
        while portion := answer.read1(_PORTION):
            content += portion
            left = end - time.monotonic()
            if left <= 0 or len(content) > _LARGEST:
                raise AnswerLost(Cause("answer_lost.too_long"), document_id)
            if connection.sock is not None:
                connection.sock.settimeout(left)
    except http.client.InvalidURL:
        raise NotSent from None
    except TimeoutError:
        raise AnswerLost(Cause("answer_lost.late"), document_id) from None
    except (OSError, http.client.HTTPException, ValueError):
        raise AnswerLost(Cause("answer_lost.broken_off"), document_id) from None
    if answer.length:
        raise AnswerLost(Cause("answer_lost.cut"), document_id)
    return GatewayReply(status=answer.status, content=bytes(content), document_id=document_id)


def _headers(installation: Installation, request: GatewayRequest) -> Mapping[str, str]:
    credentials = f"{installation.user}:{installation.password.reveal()}".encode()
    headers = {"Authorization": f"Basic {base64.b64encode(credentials).decode('ascii')}", "Connection": "close"}
    headers["Accept"] = "application/json, application/pdf, */*"
    return headers | ({"Content-Type": request.media_type} if request.body is not None else {})


# --- Reading replies (errors come with any status, as JSON, as text, or as neither)

OK, UNAUTHORIZED, FORBIDDEN, NO_PATH, NO_METHOD = 200, 401, 403, 404, 405
_REDIRECT, _FAILED, _BUSY = 300, 500, 503
_PROXIES = {502, 504}
# `Proses signing gagal : User tidak terdaftar 2011`; a number alone could be a year.
_FAILURE_CODE = re.compile(r"\bgagal\b.*\b(\d{4})\W*$", re.IGNORECASE | re.DOTALL)
_LONGEST = 300


def object_in(reply: GatewayReply) -> Mapping[str, Any]:
    """Return the JSON object of a reply; empty when it is anything else."""
    try:
        payload = json.loads(reply.content)
    except (ValueError, RecursionError):
        return {}
    return payload if isinstance(payload, dict) else {}


def lacks_endpoint(reply: GatewayReply) -> bool:
    """Tell whether this version of the interface is missing: the web server answered, not the provider."""
    return reply.status in {NO_PATH, NO_METHOD} and "status_code" not in object_in(reply)


def refusal_of(reply: GatewayReply, secrets: tuple[Secret, ...]) -> GatewayRefused | None:
    """Return the provider's refusal, whatever the HTTP status says; None when this is no clear refusal.

    502 and 504 come from a proxy: the gateway behind it may have gone on to sign.
    """
    payload = object_in(reply)
    message = payload.get("error") or (payload.get("message") if "status_code" in payload else None)
    code = _number(payload.get("status_code"))
    if isinstance(message, str):
        clear = reply.status not in _PROXIES or code is not None
    else:
        message = None if payload else _plain_text(reply)
        failure = _FAILURE_CODE.search(message or "")
        code = int(failure[1]) if failure else code
        clear = code is not None or _REDIRECT <= reply.status <= _FAILED or reply.status == _BUSY
    if not clear:
        return None
    if reply.status in {UNAUTHORIZED, FORBIDDEN} and code is None:
        return GatewayRefused(_without_secrets(message, reply, secrets), None, "access")
    return GatewayRefused(_without_secrets(message, reply, secrets), code, str(code or ""))


def _without_secrets(message: str | None, reply: GatewayReply, secrets: tuple[Secret, ...]) -> str:
    text = message or ""
    for secret in secrets:
        text = secret.hidden_in(text)
    return (" ".join(text.split()) or f"HTTP {reply.status}")[:_LONGEST]


def _plain_text(reply: GatewayReply) -> str | None:
    """Return a reply that is plain text; None for JSON, a web page or a file, which are not shown."""
    try:
        text = reply.content.decode("utf-8").strip()
    except UnicodeDecodeError:
        return None
    return None if not text or text.startswith(("<", "%PDF", "{", "[")) else text


def _number(value: Any) -> int | None:
    return int(value) if isinstance(value, int | str) and str(value).isdecimal() else None
