"""The OpenAPI 3.1 document, made from the same operations as routes and checks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from service.language import Reader, words
from service.sandbox.problems import title_of
from service.web.api.calls import KEY_HEADER, KEY_PATTERN
from service.web.api.errors import MEDIA_TYPE
from service.web.api.operation import JSON, PDF, Body, Operation, Param, ResponseSpec
from service.web.api.schema import COMPONENTS, ref
from service.web.filters import SCOPE_LABELS

Json = dict[str, Any]
VERSION = "1.0.0"
_ABOUT = (
    "Formulir, kiriman, JP, dan sertifikat CMB bagi program. Token dibuat pemilik akun pada halaman Data saya, "
    "dikirim sebagai `Authorization: Bearer`, dan tidak memberi lebih daripada wewenang akunnya. "
    "Galat berbentuk RFC 9457 dengan `hint`. Permintaan POST boleh membawa Idempotency-Key."
)


def document(operations: Iterable[Operation]) -> Json:
    """Return the OpenAPI document of the operations."""
    paths: dict[str, Json] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "API CMB", "version": VERSION, "description": _ABOUT, "license": {"name": "Apache-2.0"}},
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": COMPONENTS,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Cakupan: " + "; ".join(f"`{name}` {label}" for name, label in SCOPE_LABELS.items()),
                }
            },
        },
    }


def _operation(operation: Operation) -> Json:
    payload: Json = {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": f"Cakupan token: `{operation.scope}`. Batas: {operation.rate}.",
        "parameters": [_param(param) for param in operation.params],
        "responses": {str(status): _response(response) for status, response in operation.answers.items()}
        | {str(status): _problem(status) for status in operation.problems},
    }
    if operation.method == "POST":
        payload["parameters"].append(
            {
                "name": KEY_HEADER,
                "in": "header",
                "required": False,
                "description": "Permintaan yang sama dengan kunci yang sama dijawab sama, dan dikerjakan satu kali.",
                "schema": {"type": "string", "pattern": KEY_PATTERN},
            }
        )
    if operation.body:
        payload["requestBody"] = _body(operation.body)
    return payload


def _param(param: Param) -> Json:
    return {
        "name": param.name,
        "in": param.place,
        "required": param.place == "path",
        "description": param.description,
        "schema": dict(param.schema),
    }


def _body(body: Body) -> Json:
    schema: Json = {} if body.schema is None else {"schema": dict(body.schema)}
    return {
        "required": True,
        "description": f"Paling besar {body.largest} bita.",
        "content": {body.media_type: schema},
    }


def _response(response: ResponseSpec) -> Json:
    payload: Json = {"description": response.description}
    content: Json = {}
    if response.schema is not None:
        content[JSON] = {"schema": dict(response.schema)}
    if response.pdf:
        content[PDF] = {}
    if content:
        payload["content"] = content
    if response.location:
        payload["headers"] = {"Location": {"schema": {"type": "string"}, "description": "Di mana itu ada."}}
    return payload


def _problem(status: int) -> Json:
    title = words(title_of(status)[1], Reader())
    payload: Json = {"description": title, "content": {MEDIA_TYPE: {"schema": ref("Problem")}}}
    headers = {401: "WWW-Authenticate", 429: "Retry-After"}
    if status in headers:
        payload["headers"] = {headers[status]: {"schema": {"type": "string"}}}
    return payload
