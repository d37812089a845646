"""Failures under /api as problem+json (RFC 9457), in Indonesian, with a hint of what to do."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import Response, current_app, request
from werkzeug.exceptions import HTTPException

from service.sandbox.problems import PublicProblem, problem_of, problem_of_status, title_of

MEDIA_TYPE = "application/problem+json"
_WAIT = "60"  # seconds; our shortest rates count by the minute


# Of each code: what is wrong, with the parameters in it.
SENTENCES = {
    "missing": "wajib ada",
    "unknown": "tidak dikenal",
    "repeated": "hanya boleh sekali",
    "wrong_type": "harus {type}",
    "too_small": "paling kecil {least}",
    "too_big": "paling besar {most}",
    "text_too_short": "paling sedikit {least} huruf",
    "text_too_long": "paling banyak {most} huruf",
    "too_few": "paling sedikit {least} butir",
    "too_many": "paling banyak {most} butir",
    "wrong_shape": "bentuknya harus {pattern}",
    "not_one_of": "pilih dari: {words}",
    "not_a_date": "harus tanggal seperti 2026-04-07",
    "wrong_key": "harus 8 sampai 128 huruf, angka, atau . _ ~ : -",
    "not_json": "baris {line}, kolom {column} bukan JSON",
    "not_unicode": "bukan teks Unicode yang utuh",
    "too_deep": "terlalu banyak tingkat di dalamnya",
    "name_twice": "nama {name} ada dua kali",
    "no_number": "{number} bukan bilangan yang dapat dipakai",
    "invalid": "tidak dapat dipakai",
}
_TYPES = {
    "string": "teks",
    "integer": "bilangan bulat",
    "boolean": "true atau false",
    "array": "daftar",
    "object": "objek",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing wrong with a request: where, a code, and its parameters; `place` is empty for the whole."""

    place: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """Return what is wrong, in a sentence."""
        words = {name: ", ".join(value) if isinstance(value, list) else value for name, value in self.params.items()}
        return SENTENCES[self.code].format(**words | {"type": _TYPES.get(str(words.get("type")), "")})


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
        plain = problem_of_status(error.status)
        errors = [
            {"place": fault.place, "message": fault.message, "code": fault.code, "params": dict(fault.params)}
            for fault in error.faults
        ]
        return _problem_json(plain, error.message or plain.message, error.hint or plain.hint, errors, error.headers)
    if isinstance(error, HTTPException):
        plain = problem_of_status(error.code or 500)
        headers = {"Retry-After": _WAIT} if error.code == 429 else {}  # noqa: PLR2004 - too many requests
        allowed = getattr(error, "valid_methods", None)
        return _problem_json(
            plain, plain.message, plain.hint, [], headers | ({"Allow": ", ".join(allowed)} if allowed else {})
        )
    problem = problem_of(error)
    if problem is not None:
        errors = [{"place": "", "message": detail} for detail in problem.details]
        return _problem_json(problem, problem.message, problem.hint, errors, {})
    number = secrets.token_hex(4)
    current_app.logger.error("defect %s at %s", number, request.path, exc_info=error)
    plain = problem_of_status(500)
    return _problem_json(
        plain, plain.message, f"{plain.hint} Sebutkan nomor {number} kepada pengelola layanan.", [], {}
    )


def _problem_json(
    problem: PublicProblem,
    message: str,
    hint: str,
    errors: list[dict[str, Any]],
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
    if errors:
        body["errors"] = errors
    answer = Response(json.dumps(body, ensure_ascii=False), status=problem.status, mimetype=MEDIA_TYPE)
    answer.headers.update(headers)
    return answer
