"""For the operations team: does the service live, is it ready, and what does it do. For the inner network only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, abort, current_app, request
from werkzeug.wrappers import Response

from service.store.errors import StoreError
from service.web.context import Services, current_services
from service.web.metrics import CONTENT_TYPE

blueprint = Blueprint("health", __name__)
# A worker says every few seconds that it lives.
YOUNG = dt.timedelta(seconds=60)


@blueprint.before_request
def _from_the_inner_network() -> None:
    """Answer only who asks us directly: a proxy that serves the public says whom it asks for."""
    if request.headers.get("X-Forwarded-For") or request.headers.get("Forwarded"):
        abort(404)


@blueprint.get("/healthz")
def alive() -> Response:
    """Say that the process answers; nothing else is touched."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
def ready() -> tuple[dict[str, Any], int]:
    """Say whether everything that a request needs is there: 200, or 503 with what is not."""
    services = current_services()
    checks = {name: _tried(check, services) for name, check in READY_CHECKS.items()}
    works = set(checks.values()) == {"ok"}
    return {"ready": works, "checks": checks}, 200 if works else 503


@blueprint.get("/metrics")
def metrics() -> Response:
    """Give the figures in the format of Prometheus."""
    return Response(current_services().metrics.written(), content_type=CONTENT_TYPE)


# --- Ready


def _database(services: Services) -> str:
    services.store.require_current()
    return "ok"


def _storage(services: Services) -> str:
    content = b"Pemeriksaan kesiapan CMB\n"  # the same few bytes always, so asking often adds nothing
    return "ok" if services.store.document(services.store.keep_document(content)) == content else "damaged"


def _worker(services: Services) -> str:
    with services.store.reading() as tx:
        seen = tx.operations.worker_seen()
    if seen is None:
        return "never_seen"
    return "ok" if services.clock() - seen <= YOUNG else "silent"


READY_CHECKS: Mapping[str, Callable[[Services], str]] = {
    "database": _database,
    "storage": _storage,
    "worker": _worker,
}


def _tried(check: Callable[[Services], str], services: Services) -> str:
    try:
        return check(services)
    except StoreError as error:
        return error.code
    except Exception as error:
        current_app.logger.exception("not ready")
        return type(error).__name__
