"""The OpenAPI 3.1 document, made from the same operations and models as routes, checks and answers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from service.language import Reader, words
from service.sandbox.problems import title_of
from service.web.api.calls import KEY_HEADER, KEY_PATTERN
from service.web.api.errors import MEDIA_TYPE
from service.web.api.models import Nothing, Problem
from service.web.api.operation import JSON, PDF, Operation, ResponseSpec
from service.web.api.validation import adapter
from service.web.filters import SCOPE_LABELS

Json = dict[str, Any]
Schemas = Mapping[type[Any], Json]
VERSION = "1.0.0"
_ABOUT = (
    "Formulir, kiriman, JP, dan sertifikat CMB bagi program. Token dibuat pemilik akun pada halaman Data saya, "
    "dikirim sebagai `Authorization: Bearer`, dan tidak memberi lebih daripada wewenang akunnya. "
    "Galat berbentuk RFC 9457 dengan `hint`. Permintaan POST boleh membawa Idempotency-Key."
)


class _Schemas(GenerateJsonSchema):
    """Schemas of the models, without what is said for readers of the code only."""

    def field_title_should_be_set(self, _schema: Any) -> bool:
        return False

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Return the schema without null as default: it stands for "left out"."""
        found = super().default_schema(schema)
        return {key: value for key, value in found.items() if (key, value) != ("default", None)}

    def dataclass_schema(self, schema: core_schema.DataclassSchema) -> JsonSchemaValue:
        """Return the schema without its docstring; what programs should know is in the model's settings."""
        said: Json = schema["cls"].__pydantic_config__.get("json_schema_extra", {})
        return _without_names(super().dataclass_schema(schema)) | said


def _without_names(schema: JsonSchemaValue) -> JsonSchemaValue:
    return {key: value for key, value in schema.items() if key not in {"title", "description"}}


def document(operations: Iterable[Operation[Any, Any]]) -> Json:
    """Return the OpenAPI document of the operations."""
    operations = tuple(operations)
    schemas, components = _schemas(operations)
    paths: dict[str, Json] = {}
    for operation in operations:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation, schemas)
    return {
        "openapi": "3.1.0",
        "info": {"title": "API CMB", "version": VERSION, "description": _ABOUT, "license": {"name": "Apache-2.0"}},
        "servers": [{"url": "/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "Cakupan: " + "; ".join(f"`{name}` {label}" for name, label in SCOPE_LABELS.items()),
                }
            },
        },
    }


def _schemas(operations: Iterable[Operation[Any, Any]]) -> tuple[Schemas, Json]:
    """Return the schema of each body and answer of the operations, and the components that these refer to."""
    bodies: set[Any] = {operation.body for operation in operations}
    answers: set[Any] = {
        answer.model for operation in operations for answer in operation.answers.values() if answer.model
    }
    models = sorted(bodies | answers | {Problem}, key=lambda model: str(model.__name__))
    found, definitions = TypeAdapter.json_schemas(
        [(model, "validation" if model in bodies else "serialization", adapter(model)) for model in models],
        ref_template="#/components/schemas/{model}",
        schema_generator=_Schemas,
    )
    components = {
        name: _without_names(schema) if "enum" in schema else schema
        for name, schema in definitions["$defs"].items()
        if name != Nothing.__name__
    }
    return {model: schema for (model, _), schema in found.items()}, components


def _operation(operation: Operation[Any, Any], schemas: Schemas) -> Json:
    payload: Json = {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": f"Cakupan token: `{operation.scope}`. Batas: {operation.rate}.",
        "parameters": _params(operation),
        "responses": {str(status): _response(response, schemas) for status, response in operation.answers.items()}
        | {str(status): _problem(status, schemas) for status in operation.problems},
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
    if operation.largest:
        schema: Json = {} if operation.body is Nothing else {"schema": schemas[operation.body]}
        payload["requestBody"] = {
            "required": True,
            "description": f"Paling besar {operation.largest} bita.",
            "content": {operation.media_type: schema},
        }
    return payload


def _params(operation: Operation[Any, Any]) -> list[Json]:
    schema = adapter(operation.params).json_schema(schema_generator=_Schemas)
    return [
        {
            "name": name,
            "in": "path" if name in operation.path_names else "query",
            "required": name in schema.get("required", ()),
            "description": value.pop("description"),
            "schema": value,
        }
        for name, value in schema["properties"].items()
    ]


def _response(response: ResponseSpec, schemas: Schemas) -> Json:
    payload: Json = {"description": response.description}
    content: Json = {}
    if response.model is not None:
        content[JSON] = {"schema": schemas[response.model]}
    if response.pdf:
        content[PDF] = {}
    if content:
        payload["content"] = content
    if response.location:
        payload["headers"] = {"Location": {"schema": {"type": "string"}, "description": "Di mana itu ada."}}
    return payload


def _problem(status: int, schemas: Schemas) -> Json:
    title = words(title_of(status)[1], Reader())
    payload: Json = {"description": title, "content": {MEDIA_TYPE: {"schema": schemas[Problem]}}}
    headers = {401: "WWW-Authenticate", 429: "Retry-After"}
    if status in headers:
        payload["headers"] = {headers[status]: {"schema": {"type": "string"}}}
    return payload
