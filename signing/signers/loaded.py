"""A key held in this process's memory: loaded once, used many times, never written out."""

from __future__ import annotations

from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedKey:
    """A `signing.signers.KeyHolder` over a private key in memory. The key is left out of `repr` and comparison."""

    key: PrivateKey = field(repr=False, compare=False)
    certificate: bytes
    chain: tuple[bytes, ...] = ()
    pss: bool = False

    @property
    def algorithm(self) -> str:
        if isinstance(self.key, ec.EllipticCurvePrivateKey):
            return "ec"
        return "rsa_pss" if self.pss else "rsa"

    @property
    def bits(self) -> int:
        return self.key.key_size

    def sign(self, message: bytes, digest: str) -> bytes:
        algorithm: hashes.HashAlgorithm = {
            "sha256": hashes.SHA256(),
            "sha384": hashes.SHA384(),
            "sha512": hashes.SHA512(),
        }[digest]
        if isinstance(self.key, ec.EllipticCurvePrivateKey):
            return self.key.sign(message, ec.ECDSA(algorithm))
        if self.pss:
            scheme = padding.PSS(mgf=padding.MGF1(algorithm), salt_length=algorithm.digest_size)
            return self.key.sign(message, scheme, algorithm)
        return self.key.sign(message, padding.PKCS1v15(), algorithm)
