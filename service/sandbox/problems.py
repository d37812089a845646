"""The one place where exceptions become public problems: HTTP status, exit code, message, hint."""

from __future__ import annotations

import errno
from dataclasses import dataclass

from service.errors import BadInput, BadRows, MissingResource, NotGranted, ServiceError

EXIT_NO, EXIT_BAD_INPUT, EXIT_MISSING = 1, 2, 3

# Errors of the operating system that people can do something about, in Indonesian.
_SYSTEM_ERRORS = {
    errno.ENOENT: "tidak ada",
    errno.EEXIST: "sudah ada",
    errno.EACCES: "tidak ada izin untuk membuka atau menulisnya",
    errno.EPERM: "tidak ada izin untuk mengubahnya",
    errno.EISDIR: "itu folder, bukan berkas",
    errno.ENOTDIR: "bagian dari letaknya bukan folder",
    errno.ENOSPC: "ruang penyimpanan habis",
    errno.EROFS: "tempat itu hanya dapat dibaca",
    errno.ENAMETOOLONG: "namanya terlalu panjang",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicProblem:
    """An error as people see it: `status` for HTTP, `exit_code` for the command (contract), Indonesian sentences."""

    status: int
    exit_code: int
    message: str
    hint: str
    details: tuple[str, ...] = ()


# Of each status: a stable word, a title, and the message and hint when nothing more is known.
_STATUSES = {
    400: ("bad_request", "Permintaan tidak dapat dibaca", "Permintaan itu rusak.", "Periksa bentuknya, lalu ulangi."),
    401: ("unauthorized", "Belum dikenal", "Token tidak ada, salah, atau tidak berlaku lagi.", "Kirim token yang sah."),
    403: ("forbidden", "Tidak berwenang", "Akun ini tidak berwenang melakukan itu.", "Hubungi pengelola layanan."),
    404: ("not_found", "Tidak ada", "Yang diminta tidak ada, atau bukan untuk akun ini.", "Periksa alamatnya."),
    405: ("not_allowed", "Cara itu tidak ada", "Alamat ini tidak melayani cara itu.", "Lihat dokumen OpenAPI."),
    409: ("conflict", "Belum dapat dilakukan", "Keadaannya tidak mengizinkan.", "Lihat keadaan sekarang, lalu ulangi."),
    413: ("too_large", "Terlalu besar", "Yang dikirim melebihi batas.", "Kirim yang lebih kecil."),
    415: ("wrong_type", "Jenis isi keliru", "Jenis isi itu tidak dilayani.", "Perbaiki tajuk Content-Type."),
    422: ("invalid", "Isi tidak dapat dipakai", "Ada isi yang tidak sesuai.", "Perbaiki yang disebutkan, lalu ulangi."),
    429: ("too_many", "Terlalu sering", "Permintaan terlalu banyak dalam waktu singkat.", "Tunggu satu menit."),
    500: ("defect", "Ada kesalahan pada layanan", "Yang sudah tersimpan tetap aman.", "Ulangi sekali lagi."),
    503: ("unavailable", "Layanan belum siap", "Sesuatu yang diperlukan belum ada.", "Ulangi beberapa saat lagi."),
}


def title_of(status: int) -> tuple[str, str]:
    """Return the stable word and the title of a status."""
    word, title, _, _ = _of_status(status)
    return word, title


def problem_of_status(status: int) -> PublicProblem:
    """Return the problem of a status when nothing more is known."""
    _, _, message, hint = _of_status(status)
    return PublicProblem(status=status, exit_code=EXIT_BAD_INPUT, message=message, hint=hint)


def _of_status(status: int) -> tuple[str, str, str, str]:
    return _STATUSES.get(status) or _STATUSES[500 if status >= 500 else 400]  # noqa: PLR2004 - server or client error


def problem_of(error: Exception) -> PublicProblem | None:
    """Return the problem of a known error of ours or of the system; None for a defect, which must show its trace."""
    if isinstance(error, BadRows):
        return PublicProblem(
            status=422, exit_code=EXIT_BAD_INPUT, message=error.message, hint=error.hint, details=error.problems
        )
    if isinstance(error, ServiceError):
        return _of_service_error(error)
    if isinstance(error, OSError):
        name = f"{error.filename}: " if error.filename else ""
        message = f"{name}{_SYSTEM_ERRORS.get(error.errno or 0, error.strerror or str(error))}."
        hint = "Periksa letak berkas, izin, dan sisa ruang penyimpanan, lalu ulangi."
        return PublicProblem(status=503, exit_code=EXIT_MISSING, message=message, hint=hint)
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
    return PublicProblem(status=status, exit_code=code, message=error.message, hint=error.hint)


def _of_library_error(error: Exception) -> PublicProblem | None:
    """Errors of forms, parsers, signing and store, imported late: a command that fails early loads no library."""
    from forms.errors import FormsError, Unfillable
    from parsers.errors import ParsersError
    from service.store.errors import DocumentMissing, RowEnded, RowExists, StoreError, UnknownRow
    from signing.errors import NotSound, SigningError, TimestampUnavailable
    from signing.keys.bsre.request import GatewayRefused, GatewayUnreachable, OutcomeUnknown

    hint = str(getattr(error, "hint", ""))
    if isinstance(error, Unfillable):
        details = tuple(f"{problem.message} {problem.hint}".strip() for problem in error.problems)
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
