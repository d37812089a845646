"""Sign for the office's people with another program (pyHanko), with the habits of other applications."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from typing import Any

import asn1crypto.keys
import asn1crypto.x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.sign.signers.pdf_signer import PdfSigningSession
from pyhanko_certvalidator.registry import SimpleCertificateStore

from forms.catalog import LAMPIRAN_I_V1
from forms.schema import Role
from signing.demo_authority import IssuedKey
from support.added_evidence import Clock
from support.office import NOW, keys

PADES, DETACHED = SigSeedSubFilter.PADES, SigSeedSubFilter.ADOBE_PKCS7_DETACHED


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How an application signs: `own_field` names the field it adds (None: our slot), `shown` gives that one a box."""

    digest: str = "sha256"
    sub_filter: SigSeedSubFilter = PADES
    pss: bool = False
    own_field: str | None = None
    shown: bool = True
    stamped: bool = False
    reason: str | None = None
    location: str | None = None
    contact: str | None = None
    room: int | None = None
    without_chain: bool = False


class _Timed(PdfSigner):
    """pyHanko's signer with a clock that is handed in."""

    def __init__(self, *args: Any, at: dt.datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._at = at

    def init_signing_session(self, *args: Any, **kwargs: Any) -> PdfSigningSession:
        session = super().init_signing_session(*args, **kwargs)
        session.system_time = self._at
        return session


def sign_foreign(content: bytes, role: Role, issued: IssuedKey, habits: Habits, *, at: dt.datetime = NOW) -> bytes:
    """Append one signature by pyHanko."""
    slot = next(candidate for candidate in LAMPIRAN_I_V1.slots if candidate.role is role)
    name = habits.own_field and f"{habits.own_field}{role.value}"
    metadata = PdfSignatureMetadata(
        field_name=name or slot.name,
        md_algorithm=habits.digest,
        subfilter=habits.sub_filter,
        reason=habits.reason,
        location=habits.location,
        contact_info=habits.contact,
    )
    signer = _Timed(
        metadata,
        _signer(issued, habits),
        at=at,
        timestamper=Clock(keys().tsa, at) if habits.stamped else None,
        new_field_spec=SigFieldSpec(name, on_page=0, box=slot.box if habits.shown else (0, 0, 0, 0)) if name else None,
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(content), strict=False)
    return bytes(signer.sign_pdf(writer, existing_fields_only=name is None, bytes_reserved=habits.room).getvalue())


def _signer(issued: IssuedKey, habits: Habits) -> SimpleSigner:
    store = SimpleCertificateStore()
    above = () if habits.without_chain else issued.above
    store.register_multiple(
        [
            asn1crypto.x509.Certificate.load(certificate.public_bytes(Encoding.DER))
            for certificate in (issued.certificate, *above)
        ]
    )
    private_key = issued.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    return SimpleSigner(
        signing_cert=asn1crypto.x509.Certificate.load(issued.der),
        signing_key=asn1crypto.keys.PrivateKeyInfo.load(private_key),
        cert_registry=store,
        prefer_pss=habits.pss,
    )
