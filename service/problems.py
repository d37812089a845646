"""Exceptions become public problems here and only here: HTTP status, exit code, sentence, hint."""

from __future__ import annotations

from dataclasses import dataclass

from service.errors import BadInput, BadRows, MissingResource, NotGranted, ServiceError

EXIT_NO, EXIT_BAD_INPUT, EXIT_MISSING = 1, 2, 3


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicProblem:
    """What a door tells: `status` for HTTP, `exit_code` for the command (contract), sentences for the person."""

    status: int
    exit_code: int
    message: str
    hint: str
    details: tuple[str, ...] = ()


def problem_of(error: Exception) -> PublicProblem | None:
    """The public face of an error of ours or of the system; None for a defect, which must not be dressed up."""
    if isinstance(error, BadRows):
        return PublicProblem(
            status=422, exit_code=EXIT_BAD_INPUT, message=error.message, hint=error.hint, details=error.problems
        )
    if isinstance(error, ServiceError):
        return _ours(error)
    if isinstance(error, OSError):
        name = f"{error.filename}: " if error.filename else ""
        message = f"{name}{error.strerror or error}."
        hint = "Periksa letak berkas, izin, dan sisa ruang penyimpanan, lalu ulangi."
        return PublicProblem(status=503, exit_code=EXIT_MISSING, message=message, hint=hint)
    return _of_rooms(error)


def _ours(error: ServiceError) -> PublicProblem:
    faces: tuple[tuple[type[ServiceError], int, int], ...] = (
        (BadInput, 422, EXIT_BAD_INPUT),
        (NotGranted, 409, EXIT_NO),
        (MissingResource, 503, EXIT_MISSING),
    )
    status, code = next(
        ((status, code) for kind, status, code in faces if isinstance(error, kind)), (500, EXIT_MISSING)
    )
    return PublicProblem(status=status, exit_code=code, message=error.message, hint=error.hint)


def _of_rooms(error: Exception) -> PublicProblem | None:
    """The leaf packages' errors; imported late, so that a command that fails early does not load every library."""
    from forms.errors import FormsError, Unfillable
    from parsers.errors import ParsersError
    from service.store.errors import DocumentMissing, RowEnded, RowExists, StoreError, UnknownRow
    from signing.errors import NotSound, SigningError, TimestampUnavailable
    from signing.signers.bsre.errors import GatewayRefused, GatewayUnreachable, OutcomeUnknown

    hint = str(getattr(error, "hint", ""))
    if isinstance(error, Unfillable):
        details = tuple(f"{each.message} {each.hint}".strip() for each in error.problems)
        message = "Formulir tidak dapat diisi seperti itu."
        return PublicProblem(status=422, exit_code=EXIT_BAD_INPUT, message=message, hint="", details=details)
    if isinstance(error, GatewayRefused):
        return PublicProblem(status=409, exit_code=EXIT_NO, message=str(error), hint=hint)
    if isinstance(error, (NotSound, TimestampUnavailable, GatewayUnreachable, OutcomeUnknown)):
        return PublicProblem(status=503, exit_code=EXIT_MISSING, message=str(error), hint=hint)
    if isinstance(error, UnknownRow):
        return PublicProblem(status=404, exit_code=EXIT_BAD_INPUT, message=str(error), hint=hint)
    if isinstance(error, (RowExists, RowEnded)):
        return PublicProblem(status=409, exit_code=EXIT_NO, message=str(error), hint=hint)
    if isinstance(error, DocumentMissing):
        return PublicProblem(status=404, exit_code=EXIT_MISSING, message=str(error), hint=hint)
    if isinstance(error, StoreError):
        return PublicProblem(status=503, exit_code=EXIT_MISSING, message=str(error), hint=hint)
    if isinstance(error, (FormsError, ParsersError, SigningError)):
        return PublicProblem(status=422, exit_code=EXIT_BAD_INPUT, message=str(error), hint=hint)
    return None
