"""That a document was sent to this session's browser: a word of ours for each, in a cookie of its own.

Several documents of one page are loaded at once; in one cookie together each answer would overwrite the others' word.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import hmac

from flask import Response, current_app, request, session

from service.own_key import own_key
from service.web.desk import desk
from service.web.visitor import TOKEN

_PLACE = "/tanda-tangan"
_LASTS = dt.timedelta(hours=2)  # who signs many a day sends the word of few of them along
_ENOUGH = 16  # bytes of the digest


def note_shown(mark: str, answer: Response) -> None:
    """The document of that mark (serial:revision) goes out with this answer; only then may it be signed there."""
    answer.set_cookie(
        _name(mark),
        _word(mark),
        max_age=_LASTS,
        path=_PLACE,
        secure=current_app.config["SESSION_COOKIE_SECURE"],
        httponly=True,
        samesite="Lax",
    )


def was_shown(mark: str) -> bool:
    """Whether that document, as it is now, went out to this session."""
    return hmac.compare_digest(request.cookies.get(_name(mark), "").encode(), _word(mark).encode())


def _name(mark: str) -> str:
    return f"cmb-{mark.partition(':')[0]}"


def _word(mark: str) -> str:
    told = f"{session.get(TOKEN, '')}\n{mark}".encode()
    digest = hmac.new(own_key(desk().settings, "documents shown"), told, hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest[:_ENOUGH]).decode().rstrip("=")
