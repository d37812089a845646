"""Read one X.509 certificate into plain facts; nothing is judged here."""

from __future__ import annotations

import datetime as dt
import threading
from dataclasses import dataclass
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509.oid import NameOID

from signing.asn1 import x509 as asn1_x509
from signing.errors import BadCertificate

_PEM_MARK = b"-----BEGIN CERTIFICATE-----"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignerCertificate:
    """Facts of one certificate. `fingerprint` is SHA-256 of `der` in hex, `subject` RFC 4514 text, `serial` hex.

    `name` is the common name, or the whole subject when there is none. `key_identifier` is the subject key identifier
    in hex (RFC 5280 4.2.1.2), None when absent. `issuer` is RFC 4514 text. Times are UTC.
    """

    der: bytes
    fingerprint: str
    subject: str
    issuer: str
    name: str
    serial: str
    key_identifier: str | None
    not_before: dt.datetime
    not_after: dt.datetime
    is_ca: bool


def read_certificate(content: bytes) -> SignerCertificate:
    """Return the facts of the first certificate in PEM or DER bytes. Raises BadCertificate."""
    try:
        if _PEM_MARK in content:
            certificate = x509.load_pem_x509_certificate(content[content.index(_PEM_MARK) :])
        else:
            certificate = x509.load_der_x509_certificate(content)
        subject = certificate.subject.rfc4514_string()
        common = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return SignerCertificate(
            der=certificate.public_bytes(serialization.Encoding.DER),
            fingerprint=certificate.fingerprint(hashes.SHA256()).hex(),
            subject=subject,
            issuer=certificate.issuer.rfc4514_string(),
            name=str(common[0].value) if common else subject,
            serial=f"{certificate.serial_number:x}",
            key_identifier=_key_identifier(certificate),
            not_before=certificate.not_valid_before_utc,
            not_after=certificate.not_valid_after_utc,
            is_ca=_is_ca(certificate),
        )
    except (ValueError, TypeError, x509.DuplicateExtension, x509.InvalidVersion) as error:
        raise BadCertificate from error


def national_root_note(fingerprint: str) -> str | None:
    """Return an Indonesian sentence about the national root with this SHA-256 fingerprint (hex), or None."""
    notes = {
        "b5f36672fd7cfd401e01ef640b2fe61f816f32f447b280b76f536244cf42fcdf": (
            "Ini Root CA Indonesia DS G1, akar nasional di atas sertifikat BSrE (berlaku sampai 23 Agustus 2038)."
        ),
        "4a3ab062c4d24f60417fa28f6543ac7151c9f1fde5817bbe67f49c55ce5ffed5": (
            "Ini BSRE CA DS G1, penerbit sertifikat BSrE di bawah Root CA Indonesia DS G1."
        ),
        "2178095b3cc0f6facb9e6f07feecee6327a89c6681af43ba95126b68867d02b2": (
            "Ini OSD LU Kelas 2, akar lama BSrE untuk tanda tangan sampai 2024 (berakhir 18 Agustus 2026)."
        ),
    }
    return notes.get(fingerprint.lower().replace(":", ""))


def _key_identifier(certificate: x509.Certificate) -> str | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest.hex()
    except x509.ExtensionNotFound:
        return None


def _is_ca(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


# --- Cache of parsed certificates

_CACHED = 500  # the same few come back in every file of an agency; about 30 KB each once fully parsed
_LARGEST_CACHED = 16_384  # bytes; no real one has half of it, and a forger must not fill the memory with longer ones


def cached_certificate(der: bytes) -> asn1_x509.Certificate:
    """Return the certificate of these DER bytes, parsed once a thread while it is in use. Callers never change it."""
    return _CACHE.parse(der) if len(der) <= _LARGEST_CACHED else asn1_x509.Certificate.load(der)


class _CacheOfThread(threading.local):
    """Every thread's own parsed certificates: they are parsed bit by bit when read, which two threads must not do."""

    def __init__(self) -> None:
        self.parse = lru_cache(maxsize=_CACHED)(asn1_x509.Certificate.load)


_CACHE = _CacheOfThread()
