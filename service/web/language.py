"""Indonesian first, English by a switch: the account remembers it, else the session does."""

from __future__ import annotations

from flask import Flask, session
from flask_babel import Babel, get_locale

from service.web.visitor import visitor

LANGUAGES = ("id", "en")


def install(app: Flask) -> None:
    Babel(app, locale_selector=chosen)
    app.context_processor(lambda: {"locale": str(get_locale() or "id")})


def chosen() -> str:
    """The language of this answer."""
    who = visitor()
    wanted = session.get("language") or (who.account.language if who else None)
    return wanted if wanted in LANGUAGES else "id"
