"""Keys that stay in a token (PKCS#11 2.40 and later: security modules, smart cards, SoftHSM); only digests go in."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.serialization import Encoding

from signing.errors import BadToken, CannotSign
from signing.keys import KeyHolder
from signing.keys.pkcs12 import chain_above, is_strong

_PROBE = b"cmb: whose certificate is this?"
_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)
# DigestInfo of PKCS#1 (RFC 8017 9.2): tokens that know no digests sign this with the plain mechanism.
_PREFIX = {
    "sha256": bytes.fromhex("3031300d060960864801650304020105000420"),
    "sha384": bytes.fromhex("3041300d060960864801650304020205000430"),
    "sha512": bytes.fromhex("3051300d060960864801650304020305000440"),
}


def open_pkcs11(*, module: str, token: str, label: str, pin: str, certificates: bytes | None = None) -> KeyHolder:
    """Open the private key `label` in the token `token`. Raises BadToken.

    `certificates` are PEM, the key's own among them; None: those in the token. A certificate belongs to the key when
    it has its public key, whatever its label.
    """
    pkcs11 = _library()
    try:
        session = _session(pkcs11.lib(module).get_token(token_label=token), pin, pkcs11)
    except pkcs11.exceptions.NoSuchToken as error:
        raise BadToken("bad_token.unknown", token=token) from error
    except (pkcs11.exceptions.PinIncorrect, pkcs11.exceptions.PinLocked, pkcs11.exceptions.PinInvalid) as error:
        raise BadToken("bad_token.pin", token=token) from error
    except (pkcs11.exceptions.PKCS11Error, RuntimeError, OSError) as error:
        raise BadToken("bad_token.module", module=module, cause=type(error).__name__) from error
    try:
        wanted = {pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY, pkcs11.Attribute.LABEL: label}
        (key,) = session.get_objects(wanted)
    except ValueError as error:
        raise BadToken("bad_token.no_key", token=token, label=label) from error
    known = _certificates(certificates) if certificates is not None else _stored(session, pkcs11)
    found = next((holder for holder in _candidates(key, session, known) if _signs(holder)), None)
    if found is None:
        raise BadToken("bad_token.no_certificate", token=token, label=label)
    return found


def _session(token: Any, pin: str, pkcs11: Any) -> Any:
    """Return an open session. It is never closed: closing would log out every other session of this process."""
    try:
        return token.open(user_pin=pin)
    except pkcs11.exceptions.UserAlreadyLoggedIn:
        return token.open()


def _candidates(key: Any, session: Any, known: Sequence[x509.Certificate]) -> Iterator[TokenKey]:
    kind = str(key.key_type.name).lower()
    for own in known:
        public = own.public_key()
        if not isinstance(public, rsa.RSAPublicKey | ec.EllipticCurvePublicKey) or not is_strong(public):
            continue
        algorithm = "rsa" if isinstance(public, rsa.RSAPublicKey) else "ec"
        if algorithm != kind:
            continue
        chain = chain_above(own, [certificate for certificate in known if certificate != own])
        yield TokenKey(
            key=key,
            session=session,
            certificate=own.public_bytes(Encoding.DER),
            chain=tuple(certificate.public_bytes(Encoding.DER) for certificate in chain),
            algorithm=algorithm,
            bits=public.key_size,
        )


def _signs(holder: TokenKey) -> bool:
    """Tell whether the certificate is that of the key: labels and identifiers in a token may say anything."""
    public = x509.load_der_x509_certificate(holder.certificate).public_key()
    try:
        signature = holder.sign(_PROBE, "sha256")
        if isinstance(public, rsa.RSAPublicKey):
            public.verify(signature, _PROBE, padding.PKCS1v15(), hashes.SHA256())
        elif isinstance(public, ec.EllipticCurvePublicKey):
            public.verify(signature, _PROBE, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, CannotSign):
        return False
    return True


def _library() -> Any:
    try:
        import pkcs11
    except ImportError as error:
        raise BadToken("bad_token.library") from error
    return pkcs11


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenKey:
    """A `signing.keys.KeyHolder` over a key in a token, with the session that keeps it open."""

    key: Any = field(repr=False, compare=False)
    session: Any = field(repr=False, compare=False)
    certificate: bytes
    chain: tuple[bytes, ...]
    algorithm: str
    bits: int

    def sign(self, message: bytes, digest: str) -> bytes:
        """Return the raw signature. Raises CannotSign when the token does not give one."""
        from pkcs11 import Mechanism
        from pkcs11.exceptions import PKCS11Error

        value = hashlib.new(digest, message).digest()
        try:
            if self.algorithm == "rsa":
                return bytes(self.key.sign(_PREFIX[digest] + value, mechanism=Mechanism.RSA_PKCS))
            signature = bytes(self.key.sign(value, mechanism=Mechanism.ECDSA))
        except PKCS11Error as error:
            raise CannotSign("cannot_sign.token", cause=type(error).__name__) from error
        # Two numbers side by side; CMS wants them as a DER sequence (RFC 5480).
        half = len(signature) // 2
        return encode_dss_signature(int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big"))


def _certificates(content: bytes) -> list[x509.Certificate]:
    try:
        return [x509.load_pem_x509_certificate(part) for part in _PEM.findall(content)]
    except ValueError as error:
        raise BadToken("bad_token.certificates") from error


def _stored(session: Any, pkcs11: Any) -> list[x509.Certificate]:
    found = []
    for stored in session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.CERTIFICATE}):
        try:
            found.append(x509.load_der_x509_certificate(bytes(stored[pkcs11.Attribute.VALUE])))
        except (ValueError, pkcs11.exceptions.PKCS11Error):
            continue
    return found
