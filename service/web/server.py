"""The production server (waitress): one process with many threads; readers run in sandboxed processes."""

from __future__ import annotations

import errno
import secrets
import socket
import sys
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any

from service.bootstrap import store_of, utc_now
from service.config import Settings
from service.errors import MissingResource


def serve(settings: Settings, *, host: str, port: int, threads: int = 16, begun: Callable[[], None]) -> None:
    """Serve until stopped; `begun` is called once the server listens.

    MissingResource when the installation is not prepared or the address cannot be used.
    """
    import waitress
    from argon2 import PasswordHasher

    from service.accounts.login import AccountContext
    from service.logs import write_logs
    from service.web.app import create_app
    from service.web.context import open_services

    write_logs(sys.stderr, clock=utc_now)
    with ExitStack() as opened:
        store = opened.enter_context(store_of(settings))
        account_context = AccountContext(
            store=store, hasher=PasswordHasher(), clock=utc_now, randomness=secrets.token_bytes
        )
        services = opened.enter_context(open_services(settings, store=store, account_context=account_context))
        app = create_app(services, secure=settings.check_url.startswith("https://"))
        listener = opened.enter_context(_listening_at(host, port))
        server = waitress.create_server(app, sockets=[listener], threads=threads, **waitress_options(settings))
        begun()
        server.run()


def _listening_at(host: str, port: int) -> socket.socket:
    try:
        return socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET)
    except OSError as error:
        raise _address_unusable(error, host, port) from error


def _address_unusable(error: OSError, host: str, port: int) -> MissingResource:
    why = "sudah dipakai program lain" if error.errno == errno.EADDRINUSE else "tidak dapat dipakai di mesin ini"
    return MissingResource(
        f"Alamat {host}:{port} {why}.",
        "Hentikan program itu bila memang layanan ini, atau pilih --host atau --port lain.",
    )


def waitress_options(settings: Settings) -> dict[str, Any]:
    """Return the options waitress listens with. Behind a trusted proxy, the visitor's address is the one it names.

    Without a trusted proxy the address is the caller's own: rates are counted by it, and nobody may choose theirs. What
    such headers say is read nowhere; that they are there tells `web.health` that somebody asks for somebody else.
    """
    options: dict[str, Any] = {"ident": "", "clear_untrusted_proxy_headers": False}
    if settings.trusted_proxy:
        headers = {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"}
        options |= {"trusted_proxy": settings.trusted_proxy, "trusted_proxy_headers": headers}
    return options
