"""API requests up to their views: token, size, media type and schema are checked before a view runs."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flask import Response, g, request
from flask_limiter.util import get_remote_address

from service.accounts.accounts import token_of
from service.notifications.webhooks import secret_of
from service.store.accounts import Token
from service.web.api.errors import ApiError, Fault
from service.web.api.models import Nothing
from service.web.api.operation import ApiRequest, ApiResponse, Operation
from service.web.api.validation import Faulty, NotJson, adapter, read_body, read_params
from service.web.auth import for_programs, visitor_of
from service.web.context import current_services
from service.web.requests import pdf_answer


def view_of(operation: Operation[Any, Any]) -> Callable[..., Response]:
    """Return the operation's view for Flask."""

    def view(**path: str) -> Response:
        token = require_scope(operation.scope)
        params = _params(operation, path)
        content = _content(operation)
        call = ApiRequest(params=params, body=_body(operation, content), content=content)

        def respond() -> ApiResponse:
            response = operation.view(call)
            return replace(response, body=_as_json(response))

        if operation.method != "POST":
            return _answer(respond(), repeated=False)
        response, repeated = respond_once(token, content, respond)
        return _answer(response, repeated=repeated)

    view.__name__ = view.__qualname__ = operation.id  # rates are counted by this name
    return view


def _params(operation: Operation[Any, Any], path: dict[str, str]) -> Any:
    """Return the parameters: 404 for a wrong one in the path, 422 for unknown, repeated or wrong ones in the query."""
    try:
        return read_params(operation.params, path, request.args.lists())
    except Faulty as error:
        if any(fault.place in path and fault.code != "unknown" for fault in error.faults):
            raise ApiError(404) from error
        raise ApiError(422, faults=error.faults) from error


def _content(operation: Operation[Any, Any]) -> bytes:
    """Return the body; a wrong media type or size is refused before it is read."""
    if not operation.largest:
        return b""
    request.max_content_length = operation.largest
    if (request.content_length or 0) > operation.largest:
        raise ApiError(413)
    if request.mimetype != operation.media_type:
        raise ApiError(415, f"Isi permintaan ini harus {operation.media_type}.")
    return request.get_data(cache=True)


def _body(operation: Operation[Any, Any], content: bytes) -> Any:
    if operation.body is Nothing:
        return Nothing()
    try:
        return read_body(operation.body, content)
    except NotJson as error:
        raise ApiError(422, "Isi permintaan bukan JSON yang dapat dibaca.", faults=(error.fault,)) from error
    except Faulty as error:
        raise ApiError(422, faults=error.faults) from error


def _as_json(response: ApiResponse) -> Any:
    """Return the body as JSON; what a feature wrote as JSON stays as it is."""
    if response.body is None or isinstance(response.body, dict):
        return response.body
    return adapter(type(response.body)).dump_python(response.body, mode="json")


def _answer(response: ApiResponse, *, repeated: bool) -> Response:
    if response.content is not None:
        answer = pdf_answer(response.content, name=response.name)
        answer.status_code = response.status
    elif response.body is None:
        answer = Response(status=response.status)
        answer.headers.pop("Content-Type", None)
    else:
        secret = {"secret": secret_of(current_services().settings, response.secret_of)} if response.secret_of else {}
        text = json.dumps(response.body | secret, ensure_ascii=False)
        answer = Response(text, status=response.status, mimetype="application/json")
    if response.location:
        answer.headers["Location"] = response.location
    if repeated:
        answer.headers["Idempotent-Replayed"] = "true"
    return answer


# --- Idempotency keys

KEY_HEADER = "Idempotency-Key"
KEY_PATTERN = "^[A-Za-z0-9._~:-]{8,128}$"
_STORED_FOR = dt.timedelta(hours=24)
# Requests last seconds: one without an answer after this long belonged to a server that was stopped.
_ABANDONED = dt.timedelta(minutes=10)


def respond_once(token: Token, content: bytes, respond: Callable[[], ApiResponse]) -> tuple[ApiResponse, bool]:
    """Carry out a request once per idempotency key; return its response, and whether that is a stored one.

    Only successes are stored: after an error the same key may be used again. ApiError 422 for another request under
    the same key, 409 while the first is still being carried out.
    """
    key = request.headers.get(KEY_HEADER)
    if key is None:
        return respond(), False
    if not re.fullmatch(KEY_PATTERN[1:-1], key):
        raise ApiError(422, faults=(Fault(place=KEY_HEADER, code="wrong_key"),))
    services, now, account = current_services(), current_services().clock(), token.account_id
    digest = _digest(content)
    with services.store.transaction() as tx:
        tx.tokens.sweep_answers(now - _STORED_FOR, now - _ABANDONED)
        is_first = tx.tokens.claim(account, key, digest, now)
        stored = None if is_first else tx.tokens.idempotency_record(account, key)
    if not is_first:
        if stored is not None and stored.request_digest != digest:
            raise ApiError(422, f"{KEY_HEADER} ini sudah dipakai untuk permintaan lain.", "Pakai kunci baru.")
        if stored is None or stored.status is None or stored.answer is None:
            raise ApiError(409, "Permintaan dengan kunci ini masih dikerjakan.", "Tunggu sebentar, lalu ulangi.")
        return _replay(stored.status, stored.answer), True
    try:
        response = respond()
    except BaseException:
        with services.store.transaction() as tx:
            tx.tokens.release(account, key)
        raise
    with services.store.transaction() as tx:
        tx.tokens.keep_answer(account, key, response.status, _storable(response))
    return response, False


def _digest(content: bytes) -> str:
    parts = (request.method, request.full_path, request.content_type or "", request.headers.get("Accept", ""))
    return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogateescape") + b"\n" + content).hexdigest()


def _storable(response: ApiResponse) -> dict[str, Any]:
    content = base64.b64encode(response.content).decode() if response.content is not None else None
    return {
        "body": response.body,
        "content": content,
        "name": response.name,
        "location": response.location,
        "secret_of": response.secret_of,
    }


def _replay(status: int, stored: Any) -> ApiResponse:
    content = base64.b64decode(stored["content"]) if stored["content"] is not None else None
    return ApiResponse(status=status, **{**stored, "content": content})


# --- Tokens. Cookies are ignored, so that no other site can act through a browser

_LONGEST_TOKEN = 200


def identify_program() -> None:
    """Make the account behind the token, before every request, the visitor of this request."""
    if not for_programs():
        return
    g.token = None
    scheme, _, secret = request.headers.get("Authorization", "").strip().partition(" ")
    if scheme.lower() != "bearer" or not secret or len(secret) > _LONGEST_TOKEN:
        return
    known = token_of(secret.strip(), account_context=current_services().account_context)
    if known is not None:
        token, account = known
        g.token, g.visitor = token, visitor_of(account)


def require_scope(scope: str) -> Token:
    """Return the token of this request if it has the scope; ApiError otherwise."""
    token: Token | None = g.get("token")
    if token is None:
        wrong = ', error="invalid_token"' if "Authorization" in request.headers else ""
        raise ApiError(401, headers={"WWW-Authenticate": f'Bearer realm="cmb"{wrong}'})
    if scope not in token.scopes:
        lacks = f'Bearer realm="cmb", error="insufficient_scope", scope="{scope}"'
        raise ApiError(
            403,
            f"Token ini tidak mencakup {scope}.",
            "Buat token lain dengan cakupan itu pada halaman Data saya.",
            headers={"WWW-Authenticate": lacks},
        )
    return token


def rate_key() -> str:
    """Return what rates are counted by: the token, or the address when there is none."""
    token: Token | None = g.get("token")
    return f"token {token.id}" if token else f"address {get_remote_address()}"
