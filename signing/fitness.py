"""Whether a certificate may make a signature at a moment; said before anything is signed."""

from __future__ import annotations

import datetime as dt

from cryptography import x509

from signing.errors import CannotSign

_SIGNING_USES = ("digital_signature", "content_commitment")


def require_fit(certificate: bytes, at: dt.datetime) -> None:
    """Raise CannotSign when the certificate (DER) has ended, has not begun, or is not meant for signing."""
    read = x509.load_der_x509_certificate(certificate)
    if at > read.not_valid_after_utc:
        raise CannotSign(
            "expired",
            f"Sertifikat elektronik Anda berakhir pada {read.not_valid_after_utc:%d-%m-%Y}.",
            "Perpanjang sertifikat pada penerbitnya, lalu tanda tangani lagi.",
        )
    if at < read.not_valid_before_utc:
        raise CannotSign(
            "not_yet_valid",
            f"Sertifikat elektronik Anda baru berlaku mulai {read.not_valid_before_utc:%d-%m-%Y}.",
            "Periksa jam komputer, atau tunggu sampai sertifikat berlaku.",
        )
    if not may_sign(read):
        raise CannotSign(
            "key_usage",
            "Sertifikat ini tidak diterbitkan untuk menandatangani dokumen.",
            "Pakai sertifikat tanda tangan elektronik (bukan sertifikat enkripsi atau server).",
        )


def may_sign(certificate: x509.Certificate) -> bool:
    """Key usage allows digitalSignature or nonRepudiation, or is absent (RFC 5280 4.2.1.3)."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return any(getattr(usage, word) for word in _SIGNING_USES)
