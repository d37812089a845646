"""Reports on the edges: of a signature nobody can follow, and of whose key it was."""

from __future__ import annotations

from asn1crypto import x509

from signing.certificates import read_certificate
from signing.errors import BadCertificate
from signing.found import FoundSignature
from signing.history import raw
from signing.report import Changes, Indication, SignatureReport, Signer, TimeSource

TIMESTAMP = "/ETSI.RFC3161"


def illegible(signature: FoundSignature) -> SignatureReport:
    """A signature we cannot follow: it proves nothing, and what came after it cannot be told."""
    timestamp = raw(signature.dictionary, "/SubFilter") == TIMESTAMP
    return SignatureReport(
        field=signature.name,
        kind="timestamp" if timestamp else "signature",
        indication=Indication.TOTAL_FAILED,
        sub_indication="FORMAT_FAILURE",
        intact=False,
        valid=False,
        trusted=False,
        covers_whole_file=False,
        changes_after=Changes.OTHER,
        permitted=False,
        signer=None,
        signed_at=None,
        time_source=TimeSource.NONE,
        profile="RFC3161" if timestamp else "PKCS7",
        covered=0,
    )


def signer_of(certificate: x509.Certificate) -> Signer | None:
    try:
        read = read_certificate(certificate.dump())
    except BadCertificate:
        return None
    return Signer(name=read.name, subject=read.subject, fingerprint=read.fingerprint, serial=read.serial)
