"""The exceptions of this package; each carries a message and a hint for the person."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from signing.report import Report


class SigningError(Exception):
    """Base of everything this package raises on purpose; `str()` is the Indonesian message, `hint` says what to do."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message, hint)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return self.message


class BadCertificate(SigningError):
    """The bytes are not one X.509 certificate."""

    def __init__(self) -> None:
        super().__init__(
            "Berkas ini bukan sertifikat elektronik (X.509) yang dapat dibaca.",
            "Pilih berkas sertifikat berakhiran .pem, .crt, atau .cer yang berisi satu sertifikat.",
        )

    def __reduce__(self) -> tuple[type[BadCertificate], tuple[()]]:
        return BadCertificate, ()


class WrongPassphrase(SigningError):
    """The passphrase does not open the key file."""

    def __init__(self) -> None:
        super().__init__(
            "Kata sandi kunci salah: berkas kunci tidak terbuka.",
            "Ketik ulang kata sandi berkas kunci Anda; perhatikan huruf besar dan kecil.",
        )

    def __reduce__(self) -> tuple[type[WrongPassphrase], tuple[()]]:
        return WrongPassphrase, ()


class BadKeyFile(SigningError):
    """The file is no PKCS#12 container, or holds no key with its certificate, or a key of a kind we do not use."""


class CannotSign(SigningError):
    """The document cannot be signed with this key now; `code` is stable."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message, hint)
        self.code = code

    def __reduce__(self) -> tuple[type[CannotSign], tuple[str, str, str]]:
        return CannotSign, (self.code, self.message, self.hint)


class TimestampUnavailable(SigningError):
    """The time-stamp authority gave no usable token; nothing was signed."""


class NotSound(SigningError):
    """A document whose signatures had to be accepted is not; `report` holds the facts, `faults` the reason codes."""

    def __init__(self, report: Report, faults: tuple[str, ...]) -> None:
        super().__init__(
            f"Tanda tangan elektronik pada berkas ini tidak dapat diterima ({', '.join(faults)}).",
            "Jangan pakai berkas ini; minta berkas asli dari penanda tangannya.",
        )
        self.report = report
        self.faults = faults

    def __reduce__(self) -> tuple[type[NotSound], tuple[Report, tuple[str, ...]]]:
        return NotSound, (self.report, self.faults)
