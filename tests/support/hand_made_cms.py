"""Build signature values and byte ranges by hand, so that single parts of them can be wrong."""

from __future__ import annotations

import hashlib
import re

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from pyhanko.sign.general import as_signing_certificate_v2, simple_cms_attribute  # before asn1crypto.cms, see signing

from asn1crypto import algos, cms, x509  # isort: skip

from signing.demo_authority import IssuedKey

RANGE = re.compile(rb"/ByteRange ?\[ ?(\d+) (\d+) (\d+) (\d+) ?\]( *)")


def byte_range(pdf: bytes) -> tuple[int, int, int, int]:
    """Return the byte range of the newest signature."""
    found = list(RANGE.finditer(pdf))[-1]
    return int(found[1]), int(found[2]), int(found[3]), int(found[4])


def with_byte_range(pdf: bytes, numbers: bytes) -> bytes:
    found = list(RANGE.finditer(pdf))[-1]
    room = len(found[0]) - len(b"/ByteRange []")
    return pdf[: found.start()] + b"/ByteRange [" + numbers.ljust(room) + b"]" + pdf[found.end() :]


def plain_cms(
    digest: bytes,
    signer: IssuedKey,
    *,
    algorithm: str,
    named: bytes | None = None,
    content: bytes | None = None,
) -> bytes:
    """Return a CMS signature over any digest, with or without the attribute that names the certificate."""
    certificate = x509.Certificate.load(signer.der)
    inner = digest if content is None else hashlib.new(algorithm, content).digest()
    attributes = [simple_cms_attribute("content_type", "data"), simple_cms_attribute("message_digest", inner)]
    if named is not None:
        attribute = as_signing_certificate_v2(x509.Certificate.load(named))
        attributes.append(simple_cms_attribute("signing_certificate_v2", attribute))
    signed = cms.CMSAttributes(attributes)
    kind = {"sha1": hashes.SHA1, "sha256": hashes.SHA256}[algorithm]()
    assert isinstance(signer.key, ec.EllipticCurvePrivateKey)
    signer_info = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            {
                "issuer_and_serial_number": cms.IssuerAndSerialNumber(
                    {"issuer": certificate.issuer, "serial_number": certificate.serial_number}
                )
            }
        ),
        "digest_algorithm": algos.DigestAlgorithm({"algorithm": algorithm}),
        "signature_algorithm": algos.SignedDigestAlgorithm({"algorithm": f"{algorithm}_ecdsa"}),
        "signed_attrs": signed,
        "signature": signer.key.sign(signed.dump(), ec.ECDSA(kind)),
    }
    carried = {"content_type": "data"} if content is None else {"content_type": "data", "content": content}
    body = {
        "version": "v1",
        "digest_algorithms": [algos.DigestAlgorithm({"algorithm": algorithm})],
        "encap_content_info": carried,
        "certificates": [certificate],
        "signer_infos": [signer_info],
    }
    return bytes(cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(body)}).dump())
