"""The one place where exceptions become public problems: HTTP status, exit code, what is said."""

from __future__ import annotations

import errno
from dataclasses import dataclass

from service.errors import BadInput, BadRows, MissingResource, NotGranted, ServiceError
from service.language import Message
from service.language.bridge import IndonesianWords, message_of_error, sentence

EXIT_NO, EXIT_BAD_INPUT, EXIT_MISSING = 1, 2, 3

# Errors of the operating system that people can do something about.
_SYSTEM_ERRORS = {
    errno.ENOENT: Message("system.missing"),
    errno.EEXIST: Message("system.exists"),
    errno.EACCES: Message("system.no_access"),
    errno.EPERM: Message("system.not_permitted"),
    errno.EISDIR: Message("system.is_folder"),
    errno.ENOTDIR: Message("system.not_folder"),
    errno.ENOSPC: Message("system.no_space"),
    errno.EROFS: Message("system.read_only"),
    errno.ENAMETOOLONG: Message("system.name_too_long"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicProblem:
    """An error as people see it: `status` for HTTP, `exit_code` for the command (contract), and what is said."""

    status: int
    exit_code: int
    said: Message
    details: tuple[Message, ...] = ()

    @property
    def message(self) -> str:
        return IndonesianWords(self.said)

    @property
    def hint(self) -> str:
        return IndonesianWords(self.said.hint)


# Of each status: a stable word, and what is said when nothing more is known; its part `title` is the title.
_STATUSES = {
    400: ("bad_request", Message("status.bad_request")),
    401: ("unauthorized", Message("status.unauthorized")),
    403: ("forbidden", Message("status.forbidden")),
    404: ("not_found", Message("status.not_found")),
    405: ("not_allowed", Message("status.not_allowed")),
    409: ("conflict", Message("status.conflict")),
    413: ("too_large", Message("status.too_large")),
    415: ("wrong_type", Message("status.wrong_type")),
    422: ("invalid", Message("status.invalid")),
    429: ("too_many", Message("status.too_many")),
    500: ("defect", Message("status.defect")),
    503: ("unavailable", Message("status.unavailable")),
}


def title_of(status: int) -> tuple[str, Message]:
    """Return the stable word and the title of a status."""
    word, said = _of_status(status)
    return word, said.title


def problem_of_status(status: int) -> PublicProblem:
    """Return the problem of a status when nothing more is known."""
    _, said = _of_status(status)
    return PublicProblem(status=status, exit_code=EXIT_BAD_INPUT, said=said)


def _of_status(status: int) -> tuple[str, Message]:
    return _STATUSES.get(status) or _STATUSES[500 if status >= 500 else 400]  # noqa: PLR2004 - server or client error


def problem_of(error: Exception) -> PublicProblem | None:
    """Return the problem of a known error of ours or of the system; None for a defect, which must show its trace."""
    if isinstance(error, BadRows):
        details = tuple(sentence(row) if isinstance(row, str) else Message.of(row) for row in error.problems)
        return PublicProblem(status=422, exit_code=EXIT_BAD_INPUT, said=Message.of(error), details=details)
    if isinstance(error, ServiceError):
        return _of_service_error(error)
    if isinstance(error, OSError):
        cause = _SYSTEM_ERRORS.get(error.errno or 0, error.strerror or str(error))
        named = Message("system_error", file=str(error.filename), cause=cause)
        said = named if error.filename else Message("system_error.unnamed", cause=cause)
        return PublicProblem(status=503, exit_code=EXIT_MISSING, said=said)
    return _of_library_error(error)


def _of_service_error(error: ServiceError) -> PublicProblem:
    codes: tuple[tuple[type[ServiceError], int, int], ...] = (
        (BadInput, 422, EXIT_BAD_INPUT),
        (NotGranted, 409, EXIT_NO),
        (MissingResource, 503, EXIT_MISSING),
    )
    status, code = next(
        ((status, code) for kind, status, code in codes if isinstance(error, kind)), (500, EXIT_MISSING)
    )
    return PublicProblem(status=status, exit_code=code, said=Message.of(error))


def _of_library_error(error: Exception) -> PublicProblem | None:
    """Errors of forms, parsers, signing and store, imported late: a command that fails early loads no library."""
    from forms.errors import FormsError, Unfillable
    from parsers.errors import ParsersError
    from service.store.errors import DocumentMissing, RowEnded, RowExists, StoreError, UnknownRow
    from signing.errors import NotSound, SigningError, TimestampUnavailable
    from signing.keys.bsre.request import GatewayRefused, GatewayUnreachable, OutcomeUnknown

    if isinstance(error, Unfillable):
        details = tuple(sentence(f"{problem.message} {problem.hint}".strip()) for problem in error.problems)
        return PublicProblem(status=422, exit_code=EXIT_BAD_INPUT, said=Message("unfillable"), details=details)
    codes: tuple[tuple[type[Exception], int, int], ...] = (
        (GatewayRefused, 409, EXIT_NO),
        (NotSound, 503, EXIT_MISSING),
        (TimestampUnavailable, 503, EXIT_MISSING),
        (GatewayUnreachable, 503, EXIT_MISSING),
        (OutcomeUnknown, 503, EXIT_MISSING),
        (UnknownRow, 404, EXIT_BAD_INPUT),
        (RowExists, 409, EXIT_NO),
        (RowEnded, 409, EXIT_NO),
        (DocumentMissing, 404, EXIT_MISSING),
        (StoreError, 503, EXIT_MISSING),
        (FormsError, 422, EXIT_BAD_INPUT),
        (ParsersError, 422, EXIT_BAD_INPUT),
        (SigningError, 422, EXIT_BAD_INPUT),
    )
    for kind, status, code in codes:
        if isinstance(error, kind):
            return PublicProblem(status=status, exit_code=code, said=message_of_error(error))
    return None
