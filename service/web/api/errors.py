"""Failures under /api as problem+json (RFC 9457), in Indonesian, with a hint of what to do."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping

from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException

from service.sandbox.problems import PublicProblem, problem_of, problem_of_status, title_of

MEDIA_TYPE = "application/problem+json"
_WAIT = "60"  # seconds; our shortest rates count by the minute


class ApiError(Exception):
    """An error answer of the API: a status, and texts where those of the status do not say enough."""

    def __init__(
        self,
        status: int,
        message: str = "",
        hint: str = "",
        *,
        faults: tuple[tuple[str, str], ...] = (),
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
        plain = problem_of_status(error.status)
        return _problem_json(
            plain, error.message or plain.message, error.hint or plain.hint, error.faults, error.headers
        )
    if isinstance(error, HTTPException):
        plain = problem_of_status(error.code or 500)
        headers = {"Retry-After": _WAIT} if error.code == 429 else {}  # noqa: PLR2004 - too many requests
        allowed = getattr(error, "valid_methods", None)
        return _problem_json(
            plain, plain.message, plain.hint, (), headers | ({"Allow": ", ".join(allowed)} if allowed else {})
        )
    problem = problem_of(error)
    if problem is not None:
        return _problem_json(
            problem, problem.message, problem.hint, tuple(("", detail) for detail in problem.details), {}
        )
    number = secrets.token_hex(4)
    current_app.logger.error("defect %s at %s", number, request.path, exc_info=error)
    plain = problem_of_status(500)
    return _problem_json(
        plain, plain.message, f"{plain.hint} Sebutkan nomor {number} kepada pengelola layanan.", (), {}
    )


def _problem_json(
    problem: PublicProblem,
    message: str,
    hint: str,
    faults: tuple[tuple[str, str], ...],
    headers: Mapping[str, str],
) -> Response:
    name, title = title_of(problem.status)
    body: dict[str, object] = {
        "type": f"urn:cmb:problem:{name}",
        "title": title,
        "status": problem.status,
        "detail": message,
        "hint": hint,
    }
    if faults:
        body["errors"] = [{"place": place, "message": text} for place, text in faults]
    answer = Response(json.dumps(body, ensure_ascii=False), status=problem.status, mimetype=MEDIA_TYPE)
    answer.headers.update(headers)
    return answer
