"""Small makers of problems, so that every refusal is quoted, worded and coded alike."""

from __future__ import annotations

from dataclasses import replace

from forms.schema import Field
from parsers.records import Problem

_QUOTED_LENGTH = 60


def wrong(message: str, hint: str) -> Problem:
    """Say that a value cannot be understood; the field is named later by `about`."""
    return Problem(field=None, code="invalid_value", message=message, hint=hint)


def about(field: Field, problem: Problem) -> Problem:
    """Say the same problem of a field, by the label its reader knows."""
    return replace(problem, field=field.name, message=f"Kolom “{field.label}”: {problem.message}")


def quoted(text: str) -> str:
    """Quote the text as the person wrote it, on one line, shortened, in Indonesian quotation marks."""
    plain = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    shown = plain if len(plain) <= _QUOTED_LENGTH else f"{plain[: _QUOTED_LENGTH - 1]}\N{HORIZONTAL ELLIPSIS}"
    return f"“{shown}”"
