"""Errors of the application; `service.sandbox.problems` turns them into statuses and exit codes."""

from __future__ import annotations


class ServiceError(Exception):
    """Base of every error of the application. `message` and `hint` are Indonesian sentences for the user."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class BadInput(ServiceError):
    """The input cannot be used as it is."""


class BadRows(BadInput):
    """A table has wrong rows; `problems` lists all of them, one sentence each."""

    def __init__(self, message: str, problems: tuple[str, ...]) -> None:
        super().__init__(message, "Perbaiki baris-baris itu lalu impor lagi; tidak ada yang tersimpan dari berkas ini.")
        self.problems = problems


class Unconfirmed(BadRows):
    """A table would do something that people are asked about first; `problems` are the questions."""

    def __init__(self, message: str, problems: tuple[str, ...]) -> None:
        super().__init__(message, problems)
        self.hint = (
            "Tulis seperti yang sudah ada, atau nyatakan bahwa itu memang yang lain: "
            "centang pernyataannya pada halaman, atau ulangi perintahnya dengan --new-units."
        )


class NotGranted(ServiceError):
    """The request was understood and the answer is no."""


class MissingResource(ServiceError):
    """Something the application needs (a key, a setting, a service) is missing."""
