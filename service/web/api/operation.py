"""Descriptions of API operations, from which routes, checks of input and the OpenAPI document are made."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
Schema = Mapping[str, Any]
PDF, JSON = "application/pdf", "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Param:
    """A parameter; `place` is `path` or `query`."""

    name: str
    place: str
    schema: Schema
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The body of a request: JSON of a schema, or the bytes of a PDF; at most `largest` bytes."""

    largest: int
    schema: Schema | None = None

    @property
    def media_type(self) -> str:
        return PDF if self.schema is None else JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseSpec:
    """A successful response: JSON of a schema, a PDF, one of both by the Accept header, or no body."""

    description: str
    schema: Schema | None = None
    pdf: bool = False
    location: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiRequest:
    """A request whose input was checked: parameters by name (absent ones are None), and the body."""

    params: Mapping[str, Any]
    body: Json = field(default_factory=dict)
    content: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiResponse:
    """What a view answers: `body` as JSON, or `content`, a PDF called `name`.

    `secret_of`: the webhook whose secret is added to the body when it is sent. The secret itself is not stored, not
    even for a repeated request under the same idempotency key.
    """

    status: int = 200
    body: Json | None = None
    content: bytes | None = None
    name: str = ""
    location: str = ""
    secret_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation. `rate` is in Flask-Limiter's notation and counted for each token."""

    method: str
    path: str
    id: str
    tag: str
    summary: str
    scope: str
    view: Callable[[ApiRequest], ApiResponse]
    answers: Mapping[int, ResponseSpec]
    params: tuple[Param, ...] = ()
    body: Body | None = None
    rate: str = "600 per minute"
    conflicts: bool = False

    @property
    def problems(self) -> tuple[int, ...]:
        """Every error status it may answer."""
        statuses = {401, 403, 429, 500, 503}
        if any(param.place == "path" for param in self.params):
            statuses |= {404}
        if self.params or self.body:
            statuses |= {422}
        if self.body:
            statuses |= {413, 415}
        if self.conflicts or self.method == "POST":
            statuses |= {409, 422}
        return tuple(sorted(statuses))
