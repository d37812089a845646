"""Failures under /api as problem+json (RFC 9457), in the language asked for, with a hint of what to do."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException

from service.language import Message
from service.language.bridge import SENTENCE, sentence
from service.language.message import public_code, public_params
from service.sandbox.problems import problem_of, problem_of_status, title_of
from service.web.i18n import translate

MEDIA_TYPE = "application/problem+json"
_WAIT = "60"  # seconds; our shortest rates count by the minute


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong with a request: where, a code, and its parameters; `place` is empty for the whole.

    Its words are in the catalogues under `fault.` and the code.
    """

    place: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def said(self) -> Message:
        """What is wrong, without its place."""
        params = dict(self.params)
        if "type" in params:
            params["type"] = Message(f"json_type.{params['type']}")
        return Message(f"fault.{self.code}", **params)


class ApiError(Exception):
    """An error answer of the API: a status, and texts where those of the status do not say enough."""

    def __init__(
        self,
        status: int,
        message: str = "",
        hint: str = "",
        *,
        faults: tuple[Fault, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.hint, self.faults = status, message, hint, faults
        self.headers = dict(headers or {})


def problem_response(error: Exception) -> Response | HTTPException:
    """Return the answer to any exception. A defect is logged under a number, and the answer says only that number."""
    if isinstance(error, HTTPException) and (error.code or 500) < 400:  # noqa: PLR2004 - redirections start here
        return error
    if isinstance(error, ApiError):
        plain = problem_of_status(error.status).said
        said = sentence(error.message) if error.message else plain
        hint = sentence(error.hint) if error.hint else plain.hint
        errors = [
            {"place": fault.place, "message": translate(fault.said), "code": fault.code, "params": dict(fault.params)}
            for fault in error.faults
        ]
        return _problem_json(error.status, said, hint, errors, error.headers)
    if isinstance(error, HTTPException):
        plain = problem_of_status(error.code or 500).said
        headers = {"Retry-After": _WAIT} if error.code == 429 else {}  # noqa: PLR2004 - too many requests
        allowed = getattr(error, "valid_methods", None)
        headers |= {"Allow": ", ".join(allowed)} if allowed else {}
        return _problem_json(error.code or 500, plain, plain.hint, [], headers)
    problem = problem_of(error)
    if problem is not None:
        errors = [{"place": "", "message": translate(detail)} for detail in problem.details]
        return _problem_json(problem.status, problem.said, problem.said.hint, errors, {})
    number = secrets.token_hex(4)
    current_app.logger.error("defect %s at %s", number, request.url_rule, exc_info=error)
    defect = Message("defect", number=number)
    return _problem_json(500, defect, defect.hint, [], {})


def _problem_json(
    status: int,
    said: Message,
    hint: Message,
    errors: list[dict[str, Any]],
    headers: Mapping[str, str],
) -> Response:
    name, title = title_of(status)
    body: dict[str, object] = {
        "type": f"urn:cmb:problem:{name}",
        "title": translate(title),
        "status": status,
        "detail": translate(said),
        "hint": translate(hint),
    }
    if said.code != SENTENCE:
        code = public_code(said.code)
        body |= {"code": name if code == "status" else code, "params": public_params(said.params)}
    if errors:
        body["errors"] = errors
    answer = Response(json.dumps(body, ensure_ascii=False), status=status, mimetype=MEDIA_TYPE)
    answer.headers.update(headers)
    return answer
