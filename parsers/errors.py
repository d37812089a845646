"""Errors of reading a file: codes and parameters, which the doors put into words."""

from __future__ import annotations

from typing import Any

from parsers.records import Problem, make_problem


class ParsersError(Exception):
    """Base class of the errors of this package: a code and its parameters."""

    def __init__(self, code: str, /, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = params

    def __str__(self) -> str:
        """Return the code with its parameters, for the log."""
        told = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code} ({told})" if told else self.code


class Unreadable(ParsersError):
    """The file cannot be read as a form; `problem` says why, and what to do."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.wording, **problem.params)
        self.problem = problem

    def __reduce__(self) -> tuple[type[Unreadable], tuple[Problem]]:
        """Keep the problem when pickled between processes."""
        return Unreadable, (self.problem,)


# --- One function per refusal; each returns the exception to raise

MIB = 2**20


def refusal(wording: str, /, *, field: str | None = None, **params: Any) -> Unreadable:
    """Return the exception of a refusal."""
    return Unreadable(make_problem(wording, field=field, **params))


def empty_file() -> Unreadable:
    return refusal("broken_pdf.empty")


def not_pdf() -> Unreadable:
    return refusal("broken_pdf.not_pdf")


def broken_file() -> Unreadable:
    return refusal("broken_pdf.damaged")


def no_pages() -> Unreadable:
    return refusal("broken_pdf.no_pages")


def too_large(size: int, limit: int) -> Unreadable:
    return refusal("too_large.form", megabytes=round(size / MIB), limit=limit // MIB)


def too_many_pages(limit: int) -> Unreadable:
    return refusal("too_large.pages", limit=limit)


def too_complex() -> Unreadable:
    return refusal("too_large.complex")


def encrypted() -> Unreadable:
    return refusal("encrypted.form")


def active_content(what: str) -> Unreadable:
    """Return the refusal of a file that can change itself; `what` is the wording after the dot."""
    return refusal(f"active_content.{what}")


def endless_structure() -> Unreadable:
    return refusal("broken_pdf.endless")


def duplicate_field(name: str) -> Unreadable:
    return refusal("altered_template.field_twice", field=name, name=name)


def not_text(name: str) -> Unreadable:
    return refusal("invalid_value.no_text", field=name, name=name)


def flattened() -> Unreadable:
    return refusal("flattened.printed")


def no_text() -> Unreadable:
    return refusal("no_text.picture")


def unknown_serial() -> Unreadable:
    return refusal("unknown_serial.none")


def unexpected_field(name: str) -> Unreadable:
    return refusal("altered_template.field_added", field=name, name=name)
