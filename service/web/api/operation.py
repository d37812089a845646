"""Descriptions of API operations, from which routes, checks of input and the OpenAPI document are made."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from service.web.api.models import Nothing

PDF, JSON = "application/pdf", "application/json"
P = TypeVar("P")
B = TypeVar("B")


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseSpec:
    """A successful response: JSON of a model, a PDF, one of both by the Accept header, or no body."""

    description: str
    model: type[Any] | None = None
    pdf: bool = False
    location: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiRequest(Generic[P, B]):
    """A request whose input was checked: parameters of path and query, the body's object, and the body's bytes."""

    params: P
    body: B
    content: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiResponse:
    """What a view answers: `body`, a model or JSON in its shape, or `content`, a PDF called `name`.

    `secret_of`: the webhook whose secret is added to the body when it is sent. The secret itself is not stored, not
    even for a repeated request under the same idempotency key.
    """

    status: int = 200
    body: Any = None
    content: bytes | None = None
    name: str = ""
    location: str = ""
    secret_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation(Generic[P, B]):
    """One operation. `rate` is in Flask-Limiter's notation and counted for each token.

    `largest` is how many bytes its body may have, 0 for no body; a body without a model is a PDF.
    """

    method: str
    path: str
    id: str
    tag: str
    summary: str
    scope: str
    view: Callable[[ApiRequest[P, B]], ApiResponse]
    params: type[P]
    body: type[B]
    answers: Mapping[int, ResponseSpec]
    largest: int = 0
    rate: str = "600 per minute"

    @property
    def media_type(self) -> str:
        return PDF if self.body is Nothing else JSON

    @property
    def path_names(self) -> tuple[str, ...]:
        return tuple(re.findall(r"\{(\w+)\}", self.path))

    @property
    def problems(self) -> tuple[int, ...]:
        """Every error status it may answer."""
        statuses = {401, 403, 422, 429, 500, 503}
        if self.path_names:
            statuses |= {404}
        if self.largest:
            statuses |= {413, 415}
        if self.method == "POST":
            statuses |= {409}
        return tuple(sorted(statuses))
