"""A throwaway certification authority for tests and the sample office; NEVER for production.

Nothing is audited, only its maker can revoke, and its private keys live in memory.
"""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from signing.keys.pkcs12 import LoadedKey, PrivateKey

_DESCRIPTION = x509.ObjectIdentifier("2.5.4.13")
_AGENCY = "Instansi Contoh (bukan untuk produksi)"
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedKey:
    """A private key with its certificate; `above` is the chain, issuer first."""

    key: PrivateKey = field(repr=False, compare=False)
    certificate: x509.Certificate
    above: tuple[x509.Certificate, ...]

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    def holder(self, *, pss: bool = False) -> LoadedKey:
        """Return the key ready to sign."""
        chain = tuple(certificate.public_bytes(Encoding.DER) for certificate in self.above)
        return LoadedKey(key=self.key, certificate=self.der, chain=chain, pss=pss)

    def pkcs12(self, passphrase: bytes) -> bytes:
        """Return a PKCS#12 file with key, certificate and chain."""
        encryption = BestAvailableEncryption(passphrase)
        return serialize_key_and_certificates(None, self.key, self.certificate, list(self.above), encryption)


@dataclass(frozen=True, slots=True, kw_only=True)
class CertificateRequest:
    """The contents of a certificate to issue; the defaults are those of a person at BSrE."""

    names: Sequence[tuple[x509.ObjectIdentifier, str]]
    begins: dt.datetime
    ends: dt.datetime
    key_usage: frozenset[str] = frozenset({"digital_signature", "content_commitment"})
    purposes: tuple[x509.ObjectIdentifier, ...] = ()
    crl_url: str | None = None
    ca: bool = False
    curve: ec.EllipticCurve | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """A root, or an issuing authority under another. Its certificates begin the day before `now`."""

    issued: IssuedKey
    now: dt.datetime
    randomness: Callable[[int], bytes]

    @property
    def pem(self) -> bytes:
        return self.issued.pem

    @property
    def der(self) -> bytes:
        return self.issued.der

    def person(self, name: str, **changes: object) -> IssuedKey:
        """Issue for a natural person as BSrE does: C, O, CN without titles, a description code, no NIP."""
        code = self.randomness(8).hex().upper()
        names = [*_subject(name), (_DESCRIPTION, f"{code}_Tanda Tangan Elektronik")]
        return self.issue(self._request(names, changes))

    def seal(self, name: str, **changes: object) -> IssuedKey:
        """Issue for an organisation's seal."""
        return self.issue(self._request(_subject(name), changes))

    def tsa(self, name: str, **changes: object) -> IssuedKey:
        """Issue for a time-stamp authority: the one purpose timeStamping, critical (RFC 3161 2.3)."""
        defaults: dict[str, object] = {
            "purposes": (ExtendedKeyUsageOID.TIME_STAMPING,),
            "key_usage": frozenset({"digital_signature"}),
        }
        return self.issue(self._request(_subject(name), defaults | changes))

    def authority(self, name: str, **changes: object) -> Authority:
        """Return an issuing authority under this one."""
        defaults: dict[str, object] = {"ca": True, "key_usage": frozenset({"key_cert_sign", "crl_sign"})}
        issued = self.issue(self._request(_subject(name), defaults | changes))
        return Authority(issued=issued, now=self.now, randomness=self.randomness)

    def issue(self, request: CertificateRequest) -> IssuedKey:
        """Issue any certificate at all, also a faulty one for a test."""
        key = _new_key(request.curve)
        certificate = _certify(request, key, issuer=self.issued, randomness=self.randomness)
        above = self.issued.above or ()
        return IssuedKey(key=key, certificate=certificate, above=(self.issued.certificate, *above))

    def revocation_list(
        self, revoked: Sequence[tuple[IssuedKey, dt.datetime]], *, at: dt.datetime, days: int = 7
    ) -> bytes:
        """Return a CRL (DER) of this authority, in force for `days` days from `at`."""
        builder = x509.CertificateRevocationListBuilder(
            issuer_name=self.issued.certificate.subject, last_update=at, next_update=at + days * _DAY
        )
        number = int.from_bytes(self.randomness(8), "big")
        builder = builder.add_extension(x509.CRLNumber(number), critical=False).add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(self.issued.key.public_key()), critical=False
        )
        for issued, when in revoked:
            entry = x509.RevokedCertificateBuilder(serial_number=issued.certificate.serial_number, revocation_date=when)
            builder = builder.add_revoked_certificate(entry.build())
        return builder.sign(self.issued.key, hashes.SHA256()).public_bytes(Encoding.DER)

    def _request(
        self, names: Sequence[tuple[x509.ObjectIdentifier, str]], changes: dict[str, object]
    ) -> CertificateRequest:
        span: dict[str, object] = {"begins": self.now - _DAY, "ends": self.now + 730 * _DAY}
        return CertificateRequest(names=names, **(span | changes))  # type: ignore[arg-type] # the callers' keywords are the fields


def open_authority(
    name: str,
    *,
    now: dt.datetime,
    years: int = 20,
    randomness: Callable[[int], bytes] = secrets.token_bytes,
    curve: ec.EllipticCurve | None = None,
) -> Authority:
    """Return a new self-signed root that certifies from the day before `now`; RSA 2048 unless a curve is named."""
    request = CertificateRequest(
        names=_subject(name),
        begins=now - _DAY,
        ends=now + years * 365 * _DAY,
        key_usage=frozenset({"key_cert_sign", "crl_sign"}),
        ca=True,
        curve=curve,
    )
    key = _new_key(curve)
    certificate = _certify(request, key, issuer=None, randomness=randomness)
    return Authority(issued=IssuedKey(key=key, certificate=certificate, above=()), now=now, randomness=randomness)


def _subject(name: str) -> list[tuple[x509.ObjectIdentifier, str]]:
    return [(NameOID.COUNTRY_NAME, "ID"), (NameOID.ORGANIZATION_NAME, _AGENCY), (NameOID.COMMON_NAME, name)]


def _new_key(curve: ec.EllipticCurve | None) -> PrivateKey:
    return ec.generate_private_key(curve) if curve else rsa.generate_private_key(65537, 2048)


def _certify(
    request: CertificateRequest, key: PrivateKey, *, issuer: IssuedKey | None, randomness: Callable[[int], bytes]
) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(oid, value) for oid, value in request.names])
    signing_key = issuer.key if issuer else key
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer.certificate.subject if issuer else subject)
        .public_key(key.public_key())
        # RFC 5280 4.1.2.2: positive, at most 20 octets.
        .serial_number(int.from_bytes(b"\x01" + randomness(15), "big"))
        .not_valid_before(request.begins)
        .not_valid_after(request.ends)
        .add_extension(x509.BasicConstraints(ca=request.ca, path_length=None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(signing_key.public_key()), critical=False)
        .add_extension(_key_usage(request.key_usage), critical=True)
    )
    if request.purposes:
        builder = builder.add_extension(x509.ExtendedKeyUsage(request.purposes), critical=True)
    if request.crl_url:
        point = x509.DistributionPoint([x509.UniformResourceIdentifier(request.crl_url)], None, None, None)
        builder = builder.add_extension(x509.CRLDistributionPoints([point]), critical=False)
    return builder.sign(signing_key, hashes.SHA256())


def _key_usage(usages: frozenset[str]) -> x509.KeyUsage:
    names = (
        "digital_signature",
        "content_commitment",
        "key_encipherment",
        "data_encipherment",
        "key_agreement",
        "key_cert_sign",
        "crl_sign",
        "encipher_only",
        "decipher_only",
    )
    return x509.KeyUsage(**{name: name in usages for name in names})
