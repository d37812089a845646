"""What one call of the API is, as a value: routes, checks of input and the OpenAPI document are all made from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]
Schema = Mapping[str, Any]
PDF, JSON = "application/pdf", "application/json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Param:
    """One value in the path or the query; `place` is `path` or `query`."""

    name: str
    place: str
    schema: Schema
    description: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What is sent: JSON of a schema, or the bytes of a PDF; never more than `largest` bytes."""

    largest: int
    schema: Schema | None = None

    @property
    def media_type(self) -> str:
        return PDF if self.schema is None else JSON


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One way it ends well: JSON of a schema, a PDF, both by what is accepted, or nothing at all."""

    description: str
    schema: Schema | None = None
    pdf: bool = False
    location: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A call whose input was checked: parameters by name (absent ones are None), and the body."""

    params: Mapping[str, Any]
    body: Json = field(default_factory=dict)
    content: bytes = b""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What is answered: `body` as JSON, or `content`, a PDF called `name`.

    `secret_of`: the webhook whose secret is added to the body when it leaves; it is kept nowhere, not even for whoever
    asks again under the same idempotency key.
    """

    status: int = 200
    body: Json | None = None
    content: bytes | None = None
    name: str = ""
    location: str = ""
    secret_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One call. `rate` is Flask-Limiter's notation, counted for each token; `problems` what it may answer besides."""

    method: str
    path: str
    id: str
    tag: str
    summary: str
    scope: str
    view: Callable[[Asked], Told]
    answers: Mapping[int, Answer]
    params: tuple[Param, ...] = ()
    body: Body | None = None
    rate: str = "600 per minute"
    conflicts: bool = False

    @property
    def problems(self) -> tuple[int, ...]:
        """Every status it may answer when it does not end well."""
        found = {401, 403, 429, 500, 503}
        if any(param.place == "path" for param in self.params):
            found |= {404}
        if self.params or self.body:
            found |= {422}
        if self.body:
            found |= {413, 415}
        if self.conflicts or self.method == "POST":
            found |= {409, 422}
        return tuple(sorted(found))
