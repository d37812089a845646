"""The production server (waitress) around the application; one process, many threads, readers in children."""

from __future__ import annotations

import logging
import secrets
import sys
from contextlib import ExitStack
from typing import Any

from service.config import Settings
from service.opening import store_of, utc_now


def serve(settings: Settings, *, host: str, port: int, threads: int = 16) -> None:
    """Serve until stopped. MissingResource when the installation is not prepared."""
    import waitress
    from argon2 import PasswordHasher

    from service.signin import Gate
    from service.web.app import create_app
    from service.web.desk import open_desk

    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    with ExitStack() as opened:
        store = opened.enter_context(store_of(settings))
        gate = Gate(store=store, hasher=PasswordHasher(), clock=utc_now, randomness=secrets.token_bytes)
        desk = opened.enter_context(open_desk(settings, store=store, gate=gate))
        app = create_app(desk, secure=settings.check_url.startswith("https://"))
        waitress.serve(app, host=host, port=port, threads=threads, **listening(settings))


def listening(settings: Settings) -> dict[str, Any]:
    """How waitress listens. Behind a proxy the visitor's address is the one it tells: rates are counted by it.

    Without a trusted proxy those headers are taken away, so that nobody chooses an address for himself.
    """
    told: dict[str, Any] = {"ident": "", "clear_untrusted_proxy_headers": True}
    if settings.trusted_proxy:
        headers = {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"}
        told |= {"trusted_proxy": settings.trusted_proxy, "trusted_proxy_headers": headers}
    return told
