"""Errors of the application; `service.sandbox.problems` turns them into statuses and exit codes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from service.language import Coded, Param
from service.language.bridge import SpeaksIndonesian, sentence_params


class ServiceError(SpeaksIndonesian, Exception):
    """Base of every error of the application: a code of the catalogues and its parameters.

    An error of a room that is not converted yet has an Indonesian sentence and a hint in their place.
    """

    def __init__(self, code: str, hint: str = "", /, **params: Param) -> None:
        self.code, self.params = sentence_params(code, hint, params)
        super().__init__(code)

    def __str__(self) -> str:
        """Return the sentence, or the code with its parameters, for the log."""
        told = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return str(self.args[0]) if self.code != self.args[0] or not told else f"{self.code} ({told})"


class BadInput(ServiceError):
    """The input cannot be used as it is."""


class BadRows(BadInput):
    """A table has wrong rows; `problems` lists all of them, one message each (a sentence where it has no code yet)."""

    def __init__(self, code: str, problems: Sequence[str | Coded], /, **params: Param) -> None:
        super().__init__(code, **params)
        if self.code != code:  # a sentence: the hint is the same for every table
            self.params: Mapping[str, Any] = {**self.params, "hint": _CORRECT_ROWS}
        self.problems = tuple(problems)

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep the problems when pickled between processes."""
        return type(self), (self.args[0], self.problems), self.__dict__


_CORRECT_ROWS = "Perbaiki baris-baris itu lalu impor lagi; tidak ada yang tersimpan dari berkas ini."


class Unconfirmed(BadRows):
    """A table would do something that people are asked about first; `problems` are the questions."""

    def __init__(self, problems: tuple[str | Coded, ...]) -> None:
        super().__init__("table_unconfirmed", problems, count=len(problems))

    def __reduce__(self) -> tuple[Any, ...]:
        """Keep the problems when pickled between processes."""
        return type(self), (self.problems,), self.__dict__


class NotGranted(ServiceError):
    """The request was understood and the answer is no."""


class MissingResource(ServiceError):
    """Something the application needs (a key, a setting, a service) is missing."""
