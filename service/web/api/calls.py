"""One call from the request to its answer: who, how large, of what type, in what shape; only then the view."""

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
from service.store.accounts import Token
from service.web.api.errors import Refused
from service.web.api.operation import Asked, Operation, Told
from service.web.api.schema import Fault, NotJson, faults, read_json, typed
from service.web.auth import for_programs, visitor_of
from service.web.context import desk
from service.web.requests import pdf_answer
from service.webhooks import secret_of


def view_of(operation: Operation) -> Callable[..., Response]:
    """The view of an operation, for Flask."""

    def view(**path: str) -> Response:
        token = require(operation.scope)
        params = _params(operation, path)
        content = _content(operation)
        asked = Asked(params=params, body=_json(operation, content), content=content)
        if operation.method != "POST":
            return _answer(operation.view(asked), repeated=False)
        told, repeated = once(token, content, lambda: operation.view(asked))
        return _answer(told, repeated=repeated)

    view.__name__ = view.__qualname__ = operation.id  # by which rates are counted apart
    return view


def _params(operation: Operation, path: dict[str, str]) -> dict[str, Any]:
    """Those of the path fit or there is no such address; those of the query are known and fit, each once."""
    known = {each.name: each for each in operation.params if each.place == "query"}
    found: dict[str, Any] = dict.fromkeys(known)
    wrong: list[Fault] = []
    for each in operation.params:
        if each.place == "path":
            found[each.name] = typed(path[each.name], each.schema)
            if list(faults(found[each.name], each.schema)):
                raise Refused(404)
    for name, texts in request.args.lists():
        if name not in known or len(texts) != 1:
            wrong.append((name[:60], "tidak dikenal" if name not in known else "hanya boleh sekali"))
            continue
        found[name] = typed(texts[0], known[name].schema)
        wrong += faults(found[name], known[name].schema, name)
    if wrong:
        raise Refused(422, faults=tuple(wrong))
    return found


def _content(operation: Operation) -> bytes:
    """The body, of the right type and not larger than it may be; told before it is read."""
    body = operation.body
    if body is None:
        return b""
    request.max_content_length = body.largest
    if (request.content_length or 0) > body.largest:
        raise Refused(413)
    if request.mimetype != body.media_type:
        raise Refused(415, f"Isi permintaan ini harus {body.media_type}.")
    return request.get_data(cache=True)


def _json(operation: Operation, content: bytes) -> dict[str, Any]:
    schema = operation.body.schema if operation.body else None
    if schema is None:
        return {}
    try:
        told = read_json(content)
    except NotJson as error:
        raise Refused(422, "Isi permintaan bukan JSON yang dapat dibaca.", faults=(("", str(error)),)) from error
    wrong = tuple(faults(told, schema))
    if wrong:
        raise Refused(422, faults=wrong[:50])
    read: dict[str, Any] = told
    return read


def _answer(told: Told, *, repeated: bool) -> Response:
    if told.content is not None:
        answer = pdf_answer(told.content, name=told.name)
        answer.status_code = told.status
    elif told.body is None:
        answer = Response(status=told.status)
        answer.headers.pop("Content-Type", None)
    else:
        secret = {"secret": secret_of(desk().settings, told.secret_of)} if told.secret_of else {}
        text = json.dumps(told.body | secret, ensure_ascii=False)
        answer = Response(text, status=told.status, mimetype="application/json")
    if told.location:
        answer.headers["Location"] = told.location
    if repeated:
        answer.headers["Idempotent-Replayed"] = "true"
    return answer


# --- A request under an idempotency key is carried out once; whoever asks again gets what was answered then

HEADER = "Idempotency-Key"
PATTERN = "^[A-Za-z0-9._~:-]{8,128}$"
_KEPT = dt.timedelta(hours=24)
# A request lasts seconds: what is not answered after this long belonged to a server that was stopped.
_ABANDONED = dt.timedelta(minutes=10)


def once(token: Token, content: bytes, carry_out: Callable[[], Told]) -> tuple[Told, bool]:
    """What it came to, and whether that is an answer of before.

    Only what was done is kept: after a refusal the same key may be used again. Refused (422) for another request under
    the same key, Refused (409) while the first is still being carried out.
    """
    key = request.headers.get(HEADER)
    if key is None:
        return carry_out(), False
    if not re.fullmatch(PATTERN[1:-1], key):
        raise Refused(422, faults=((HEADER, "harus 8 sampai 128 huruf, angka, atau . _ ~ : -"),))
    at, now, account = desk(), desk().clock(), token.account_id
    digest = _digest(content)
    with at.store.transaction() as tx:
        tx.tokens.sweep_answers(now - _KEPT, now - _ABANDONED)
        ours = tx.tokens.claim(account, key, digest, now)
        kept = None if ours else tx.tokens.idempotency_record(account, key)
    if not ours:
        if kept is not None and kept.request_digest != digest:
            raise Refused(422, f"{HEADER} ini sudah dipakai untuk permintaan lain.", "Pakai kunci baru.")
        if kept is None or kept.status is None or kept.answer is None:
            raise Refused(409, "Permintaan dengan kunci ini masih dikerjakan.", "Tunggu sebentar, lalu ulangi.")
        return _again(kept.status, kept.answer), True
    try:
        told = carry_out()
    except BaseException:
        with at.store.transaction() as tx:
            tx.tokens.release(account, key)
        raise
    with at.store.transaction() as tx:
        tx.tokens.keep_answer(account, key, told.status, _kept(told))
    return told, False


def _digest(content: bytes) -> str:
    asked = (request.method, request.full_path, request.content_type or "", request.headers.get("Accept", ""))
    return hashlib.sha256("\n".join(asked).encode("utf-8", "surrogateescape") + b"\n" + content).hexdigest()


def _kept(told: Told) -> dict[str, Any]:
    content = base64.b64encode(told.content).decode() if told.content is not None else None
    return {
        "body": told.body,
        "content": content,
        "name": told.name,
        "location": told.location,
        "secret_of": told.secret_of,
    }


def _again(status: int, kept: Any) -> Told:
    content = base64.b64decode(kept["content"]) if kept["content"] is not None else None
    return Told(status=status, **{**kept, "content": content})


# --- Who calls the API: a program with a token of somebody's account. Cookies say nothing here: no site can use them

_LONGEST = 200


def introduce() -> None:
    """Before every request: the account behind the token becomes the visitor of this request."""
    if not for_programs():
        return
    g.token = None
    scheme, _, said = request.headers.get("Authorization", "").strip().partition(" ")
    if scheme.lower() != "bearer" or not said or len(said) > _LONGEST:
        return
    found = token_of(said.strip(), gate=desk().gate)
    if found is not None:
        token, account = found
        g.token, g.visitor = token, visitor_of(account)


def require(scope: str) -> Token:
    """The token of this request, when it is for that; Refused otherwise."""
    token: Token | None = g.get("token")
    if token is None:
        wrong = ', error="invalid_token"' if "Authorization" in request.headers else ""
        raise Refused(401, headers={"WWW-Authenticate": f'Bearer realm="cmb"{wrong}'})
    if scope not in token.scopes:
        lacks = f'Bearer realm="cmb", error="insufficient_scope", scope="{scope}"'
        raise Refused(
            403,
            f"Token ini tidak mencakup {scope}.",
            "Buat token lain dengan cakupan itu pada halaman Data saya.",
            headers={"WWW-Authenticate": lacks},
        )
    return token


def caller() -> str:
    """By what calls are counted: the token, or where they come from when there is none."""
    token: Token | None = g.get("token")
    return f"token {token.id}" if token else f"address {get_remote_address()}"
