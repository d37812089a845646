"""One PAdES signature, strictly appended: the bytes that came in are the beginning of the bytes that go out."""

from __future__ import annotations

import datetime as dt
import io

from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.pdf_byterange import SignatureObject

from signing.certificates import SignerCertificate, read_certificate
from signing.cms import digest_for, sign_detached
from signing.errors import CannotSign
from signing.fields import open_for_signing, target_of
from signing.fitness import require_fit
from signing.paint import paint
from signing.signers import KeyHolder
from signing.slots import SlotPlace
from signing.stamp import Stamp
from signing.timestamps import Timestamper

# Room for attributes and signature value beside the certificates, and for one time-stamp token with its own chain.
_CMS_ROOM = 2048
_TOKEN_ROOM = 12288


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
    require_fit(holder.certificate, at)
    writer = open_for_signing(pdf)
    target = target_of(writer, field, place, at)
    if stamp is not None and target.visible:
        paint(writer, target.widget, stamp)
    dictionary = _dictionary(certificate, holder, at, reason, timestamped=timestamper is not None)
    target.fill(dictionary, certify=certify)
    return _seal_bytes(writer, dictionary, holder, timestamper)


def _dictionary(
    certificate: SignerCertificate, holder: KeyHolder, at: dt.datetime, reason: str | None, *, timestamped: bool
) -> SignatureObject:
    room = _CMS_ROOM + len(holder.certificate) + sum(len(each) for each in holder.chain)
    room += _TOKEN_ROOM if timestamped else 0
    return SignatureObject(
        timestamp=at,
        subfilter=SigSeedSubFilter.PADES,
        name=certificate.name,
        reason=reason,
        bytes_reserved=2 * room,
    )


def _seal_bytes(
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
        raise CannotSign(
            "no_room",
            "Tanda tangan beserta tanda waktunya lebih besar daripada tempat yang disediakan.",
            "Pakai penanda waktu (TSA) yang lain, atau hubungi pengelola layanan.",
        ) from error
    return bytes(output.getvalue())
