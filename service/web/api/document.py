"""The OpenAPI 3.1 document, made from the operations themselves: what it says is what is checked and routed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from service.sandbox.problems import title_of
from service.web.api.calls import HEADER, PATTERN
from service.web.api.errors import MEDIA_TYPE
from service.web.api.operation import JSON, PDF, Answer, Body, Operation, Param
from service.web.api.schema import COMPONENTS, ref
from service.web.filters import SCOPE_WORDS

Json = dict[str, Any]
VERSION = "1.0.0"
_ABOUT = (
    "Formulir, kiriman, JP, dan sertifikat CMB bagi program. Token dibuat pemilik akun pada halaman Data saya, "
    "dikirim sebagai `Authorization: Bearer`, dan tidak memberi lebih daripada wewenang akunnya. "
    "Galat berbentuk RFC 9457 dengan `hint`. Permintaan POST boleh membawa Idempotency-Key."
)


def document(operations: Iterable[Operation]) -> Json:
    """The whole document."""
    paths: dict[str, Json] = {}
    for each in operations:
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each)
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
                    "description": "Cakupan: " + "; ".join(f"`{name}` {words}" for name, words in SCOPE_WORDS.items()),
                }
            },
        },
    }


def _operation(each: Operation) -> Json:
    told: Json = {
        "operationId": each.id,
        "tags": [each.tag],
        "summary": each.summary,
        "description": f"Cakupan token: `{each.scope}`. Batas: {each.rate}.",
        "parameters": [_param(param) for param in each.params],
        "responses": {str(status): _answer(answer) for status, answer in each.answers.items()}
        | {str(status): _problem(status) for status in each.problems},
    }
    if each.method == "POST":
        told["parameters"].append(
            {
                "name": HEADER,
                "in": "header",
                "required": False,
                "description": "Permintaan yang sama dengan kunci yang sama dijawab sama, dan dikerjakan satu kali.",
                "schema": {"type": "string", "pattern": PATTERN},
            }
        )
    if each.body:
        told["requestBody"] = _body(each.body)
    return told


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


def _answer(answer: Answer) -> Json:
    told: Json = {"description": answer.description}
    content: Json = {}
    if answer.schema is not None:
        content[JSON] = {"schema": dict(answer.schema)}
    if answer.pdf:
        content[PDF] = {}
    if content:
        told["content"] = content
    if answer.location:
        told["headers"] = {"Location": {"schema": {"type": "string"}, "description": "Di mana itu ada."}}
    return told


def _problem(status: int) -> Json:
    _, title = title_of(status)
    told: Json = {"description": title, "content": {MEDIA_TYPE: {"schema": ref("Problem")}}}
    headers = {401: "WWW-Authenticate", 429: "Retry-After"}
    if status in headers:
        told["headers"] = {headers[status]: {"schema": {"type": "string"}}}
    return told
