"""API requests up to their views: token, size, media type and schema are checked before a view runs."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable
from typing import Any

from flask import Response, g, request
from flask_limiter.util import get_remote_address

from service.accounts.accounts import token_of
from service.notifications.webhooks import secret_of
from service.store.accounts import Token
from service.web.api.errors import ApiError
from service.web.api.operation import ApiRequest, ApiResponse, Operation
from service.web.api.schema import Fault, NotJson, faults, parse_value, read_json
from service.web.auth import for_programs, visitor_of
from service.web.context import current_services
from service.web.requests import pdf_answer


def view_of(operation: Operation) -> Callable[..., Response]:
    """Return the operation's view for Flask."""

    def view(**path: str) -> Response:
        token = require_scope(operation.scope)
        params = _params(operation, path)
        content = _content(operation)
        call = ApiRequest(params=params, body=_json(operation, content), content=content)
        if operation.method != "POST":
            return _answer(operation.view(call), repeated=False)
        response, repeated = respond_once(token, content, lambda: operation.view(call))
        return _answer(response, repeated=repeated)

    view.__name__ = view.__qualname__ = operation.id  # rates are counted by this name
    return view


def _params(operation: Operation, path: dict[str, str]) -> dict[str, Any]:
    """Return the parameters: 404 for a wrong one in the path, 422 for unknown, repeated or wrong ones in the query."""
    known = {param.name: param for param in operation.params if param.place == "query"}
    values: dict[str, Any] = dict.fromkeys(known)
    wrong: list[Fault] = []
    for param in operation.params:
        if param.place == "path":
            values[param.name] = parse_value(path[param.name], param.schema)
            if list(faults(values[param.name], param.schema)):
                raise ApiError(404)
    for name, texts in request.args.lists():
        if name not in known or len(texts) != 1:
            wrong.append((name[:60], "tidak dikenal" if name not in known else "hanya boleh sekali"))
            continue
        values[name] = parse_value(texts[0], known[name].schema)
        wrong += faults(values[name], known[name].schema, name)
    if wrong:
        raise ApiError(422, faults=tuple(wrong))
    return values


def _content(operation: Operation) -> bytes:
    """Return the body; a wrong media type or size is refused before it is read."""
    body = operation.body
    if body is None:
        return b""
    request.max_content_length = body.largest
    if (request.content_length or 0) > body.largest:
        raise ApiError(413)
    if request.mimetype != body.media_type:
        raise ApiError(415, f"Isi permintaan ini harus {body.media_type}.")
    return request.get_data(cache=True)


def _json(operation: Operation, content: bytes) -> dict[str, Any]:
    schema = operation.body.schema if operation.body else None
    if schema is None:
        return {}
    try:
        value = read_json(content)
    except NotJson as error:
        raise ApiError(422, "Isi permintaan bukan JSON yang dapat dibaca.", faults=(("", str(error)),)) from error
    wrong = tuple(faults(value, schema))
    if wrong:
        raise ApiError(422, faults=wrong[:50])
    body: dict[str, Any] = value
    return body


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
        raise ApiError(422, faults=((KEY_HEADER, "harus 8 sampai 128 huruf, angka, atau . _ ~ : -"),))
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
