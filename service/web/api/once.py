"""A request under an idempotency key is carried out once; whoever asks again gets what was answered then."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from collections.abc import Callable
from typing import Any

from flask import request

from service.store.tokens import Token
from service.web.api.operation import Told
from service.web.api.refusals import Refused
from service.web.desk import desk

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
        kept = None if ours else tx.tokens.kept_answer(account, key)
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
        tx.tokens.answered(account, key, told.status, _kept(told))
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
