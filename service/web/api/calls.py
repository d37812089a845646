"""One call from the request to its answer: who, how large, of what type, in what shape; only then the view."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from flask import Response, request

from service.web.api.bearer import require
from service.web.api.once import once
from service.web.api.operation import Asked, Operation, Told
from service.web.api.refusals import Refused
from service.web.api.strict import Fault, NotJson, faults, read_json, typed
from service.web.desk import desk
from service.web.papers import pdf_answer
from service.webhooks import secret_of


def view_of(operation: Operation) -> Callable[..., Response]:
    """The view of an operation, for Flask."""

    def view(**path: str) -> Response:
        token = require(operation.scope)
        params = _params(operation, path)
        content = _content(operation)
        asked = Asked(params=params, body=_json(operation, content), content=content)
        if operation.method != "POST":
            return _answer(operation.view(asked), repeated=False)
        told, repeated = once(token, content, lambda: operation.view(asked))
        return _answer(told, repeated=repeated)

    view.__name__ = view.__qualname__ = operation.id  # by which rates are counted apart
    return view


def _params(operation: Operation, path: dict[str, str]) -> dict[str, Any]:
    """Those of the path fit or there is no such address; those of the query are known and fit, each once."""
    known = {each.name: each for each in operation.params if each.place == "query"}
    found: dict[str, Any] = dict.fromkeys(known)
    wrong: list[Fault] = []
    for each in operation.params:
        if each.place == "path":
            found[each.name] = typed(path[each.name], each.schema)
            if list(faults(found[each.name], each.schema)):
                raise Refused(404)
    for name, texts in request.args.lists():
        if name not in known or len(texts) != 1:
            wrong.append((name[:60], "tidak dikenal" if name not in known else "hanya boleh sekali"))
            continue
        found[name] = typed(texts[0], known[name].schema)
        wrong += faults(found[name], known[name].schema, name)
    if wrong:
        raise Refused(422, faults=tuple(wrong))
    return found


def _content(operation: Operation) -> bytes:
    """The body, of the right type and not larger than it may be; told before it is read."""
    body = operation.body
    if body is None:
        return b""
    request.max_content_length = body.largest
    if (request.content_length or 0) > body.largest:
        raise Refused(413)
    if request.mimetype != body.media_type:
        raise Refused(415, f"Isi permintaan ini harus {body.media_type}.")
    return request.get_data(cache=True)


def _json(operation: Operation, content: bytes) -> dict[str, Any]:
    schema = operation.body.schema if operation.body else None
    if schema is None:
        return {}
    try:
        told = read_json(content)
    except NotJson as error:
        raise Refused(422, "Isi permintaan bukan JSON yang dapat dibaca.", faults=(("", str(error)),)) from error
    wrong = tuple(faults(told, schema))
    if wrong:
        raise Refused(422, faults=wrong[:50])
    read: dict[str, Any] = told
    return read


def _answer(told: Told, *, repeated: bool) -> Response:
    if told.content is not None:
        answer = pdf_answer(told.content, name=told.name)
        answer.status_code = told.status
    elif told.body is None:
        answer = Response(status=told.status)
        answer.headers.pop("Content-Type", None)
    else:
        secret = {"secret": secret_of(desk().settings, told.secret_of)} if told.secret_of else {}
        text = json.dumps(told.body | secret, ensure_ascii=False)
        answer = Response(text, status=told.status, mimetype="application/json")
    if told.location:
        answer.headers["Location"] = told.location
    if repeated:
        answer.headers["Idempotent-Replayed"] = "true"
    return answer
