"""Blueprint of the API for programs, `/api/v1`: tokens instead of cookies, problem+json instead of pages."""

from __future__ import annotations

import re
from typing import Any

from flask import Blueprint, Response, jsonify

from service.web.api import batches, certificates, submissions, webhooks
from service.web.api.calls import view_of
from service.web.api.document import document
from service.web.api.operation import Operation

OPERATIONS: tuple[Operation[Any, Any], ...] = (
    *submissions.OPERATIONS,
    *certificates.OPERATIONS,
    *batches.OPERATIONS,
    *webhooks.OPERATIONS,
)
blueprint = Blueprint("api", __name__, url_prefix="/api/v1")
# Endpoint to rate (Flask-Limiter's notation), counted per token.
RATES = {f"api.{operation.id}": operation.rate for operation in OPERATIONS} | {"api.openapi": "120 per minute"}


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """Send the OpenAPI document; no token is needed."""
    return jsonify(document(OPERATIONS))


def _exempt(state: Any) -> None:
    """Exempt the API from CSRF tokens: it ignores cookies, so no other site can act through a browser."""
    state.app.extensions["csrf"].exempt(blueprint)


for _operation in OPERATIONS:
    _rule = re.sub(r"\{(\w+)\}", r"<\1>", _operation.path)
    blueprint.add_url_rule(_rule, _operation.id, view_of(_operation), methods=[_operation.method])
blueprint.record_once(_exempt)
