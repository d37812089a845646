"""Add one PAdES signature as an appended revision: the bytes of the input are the beginning of the output."""

from __future__ import annotations

import datetime as dt
import io

from cryptography import x509
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from signing.certificates import SignerCertificate, read_certificate
from signing.cms import digest_for, sign_detached
from signing.errors import CannotSign
from signing.fields import SlotPlace, open_for_signing, target_of
from signing.keys import KeyHolder
from signing.stamp import Stamp, paint
from signing.timestamps import Timestamper

# Room for attributes and signature value beside the certificates, and for one time-stamp token with its own chain.
_CMS_ROOM = 2048
TOKEN_ROOM = 12288


def sign(
    pdf: bytes,
    *,
    holder: KeyHolder,
    at: dt.datetime,
    field: str | None,
    place: SlotPlace | None = None,
    stamp: Stamp | None = None,
    timestamper: Timestamper | None = None,
    reason: str | None = None,
    certify: bool = False,
) -> bytes:
    """Add one ETSI.CAdES.detached signature: PAdES B-T with a timestamper, else B-B (ETSI EN 319 142-1).

    Fills the empty signature field named `field`, or, when that is None, adds a field of its own at `place`
    (invisible without one). The field's lock becomes a FieldMDP reference; `certify` makes it a certification
    signature that forbids every change (DocMDP P 1, ISO 32000-1 12.8.2.2). Raises CannotSign, TimestampUnavailable.
    """
    certificate = read_certificate(holder.certificate)
    require_usable_certificate(holder.certificate, at)
    writer = open_for_signing(pdf)
    target = target_of(writer, field, place, at)
    if stamp is not None and target.visible:
        paint(writer, target.widget, stamp)
    dictionary = _dictionary(certificate, holder, at, reason, timestamped=timestamper is not None)
    target.fill(dictionary, certify=certify)
    return _write_signature(writer, dictionary, holder, timestamper)


def _dictionary(
    certificate: SignerCertificate, holder: KeyHolder, at: dt.datetime, reason: str | None, *, timestamped: bool
) -> SignatureObject:
    room = _CMS_ROOM + len(holder.certificate) + sum(len(above) for above in holder.chain)
    room += TOKEN_ROOM if timestamped else 0
    return SignatureObject(
        timestamp=at,
        subfilter=SigSeedSubFilter.PADES,
        name=certificate.name,
        reason=reason,
        bytes_reserved=2 * room,
    )


def _write_signature(
    writer: IncrementalPdfFileWriter,
    dictionary: SignatureObject,
    holder: KeyHolder,
    timestamper: Timestamper | None,
) -> bytes:
    algorithm = digest_for(holder)
    filling = dictionary.fill(writer, algorithm, output=io.BytesIO())
    prepared, output = next(filling)
    stamp = None if timestamper is None else lambda value: timestamper.stamp(value, algorithm)
    value = sign_detached(prepared.document_digest, holder=holder, algorithm=algorithm, stamp=stamp)
    try:
        filling.send(value)
    except SigningError as error:
        raise CannotSign("cannot_sign.no_room") from error
    return bytes(output.getvalue())


# --- Sealing

FIELD = "segel"


def seal(
    pdf: bytes,
    *,
    holder: KeyHolder,
    at: dt.datetime,
    timestamper: Timestamper | None,
    stamp: Stamp | None,
    box: tuple[float, float, float, float],
    reason: str | None,
    page: int = 0,
) -> bytes:
    """Add the certification signature that closes a document we issue: no change is permitted (DocMDP P 1).

    PAdES B-T with a timestamper, else B-B.

    `box` is (left, bottom, right, top) in points on `page`, which counts from 0. Raises CannotSign or
    TimestampUnavailable; then nothing was sealed.
    """
    place = SlotPlace(name=FIELD, page=page, box=box, locks=(), label="Segel elektronik")
    return sign(
        pdf,
        holder=holder,
        at=at,
        field=None,
        place=place,
        stamp=stamp,
        timestamper=timestamper,
        reason=reason,
        certify=True,
    )


# --- Certificate checks before signing

_SIGNING_USES = ("digital_signature", "content_commitment")


def require_usable_certificate(certificate: bytes, at: dt.datetime) -> None:
    """Raise CannotSign when the certificate (DER) has ended, has not begun, or is not meant for signing."""
    parsed = x509.load_der_x509_certificate(certificate)
    if at > parsed.not_valid_after_utc:
        raise CannotSign("cannot_sign.expired", day=parsed.not_valid_after_utc.date())
    if at < parsed.not_valid_before_utc:
        raise CannotSign("cannot_sign.not_yet_valid", day=parsed.not_valid_before_utc.date())
    if not may_sign(parsed):
        raise CannotSign("cannot_sign.key_usage")


def may_sign(certificate: x509.Certificate) -> bool:
    """Tell whether key usage allows digitalSignature or nonRepudiation, or is absent (RFC 5280 4.2.1.3)."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return any(getattr(usage, name) for name in _SIGNING_USES)
