"""The API for programs, `/api/v1`: tokens instead of cookies, problem+json instead of pages, the same jobs."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, jsonify

from service.web.api import batches, certificates, submissions, webhooks
from service.web.api.calls import view_of
from service.web.api.document import document
from service.web.api.operation import Operation

OPERATIONS: tuple[Operation, ...] = (
    *submissions.OPERATIONS,
    *certificates.OPERATIONS,
    *batches.OPERATIONS,
    *webhooks.OPERATIONS,
)
blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
# Endpoint to rate (Flask-Limiter's notation), counted for each token.
RATES = {f"api.{operation.id}": operation.rate for operation in OPERATIONS} | {"api.openapi": "120 per minute"}


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """What there is, for programs and their authors; without a token."""
    return jsonify(document(OPERATIONS))


def _exempt(state: Any) -> None:
    """No cookie opens anything here, so no other site can make a browser use one: CSRF tokens have nothing to guard."""
    state.app.extensions["csrf"].exempt(blueprint)


for _each in OPERATIONS:
    blueprint.add_url_rule(re.sub(r"\{(\w+)\}", r"<\1>", _each.path), _each.id, view_of(_each), methods=[_each.method])
blueprint.record_once(_exempt)
